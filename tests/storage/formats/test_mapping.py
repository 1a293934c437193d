"""Labels of other tools become the codebook's, and spans come in as what the analyst wants."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.codebooks import starter
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.losses import Losses
from storage.formats.mapping import Arrival, LabelMapping, Target, arriving, guess_kind, parse_target
from storage.records import Fragment, LabelKind, Origin, State

CODEBOOK = starter("actors-and-claims").codebook
SPEAKER = ExchangeSpan("1", LabelKind.ACTOR, "PER", (Fragment(0, 5),))
CONTENT = ExchangeSpan("2", LabelKind.CLAIM, "content", (Fragment(11, 20),), state=State.REJECTED)
DOCUMENT = ExchangeDocument(
    title="Note",
    text="Taval said it rained.",
    spans=(SPEAKER, CONTENT),
    links=(ExchangeLink("1", "speaker", "2", "1"),),
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("attribution-cue", LabelKind.CUE),
        ("Content", LabelKind.CLAIM),
        ("Direct_Quotation", LabelKind.CLAIM),
        ("B-claim", LabelKind.CLAIM),
        ("PER", LabelKind.ACTOR),
        ("whatever", LabelKind.ACTOR),
    ],
)
def test_kind_is_guessed_by_name(name: str, kind: LabelKind):
    assert guess_kind(name) == kind


def test_labels_find_their_like_in_the_codebook():
    labels = ("PER", "person", "ORG", "claim", "Weather")
    names = {name: LabelMapping().of(LabelKind.ACTOR, name, CODEBOOK) for name in labels}
    person = next(label.name for label in CODEBOOK.labels if label.code == "person")
    organisation = next(label.name for label in CODEBOOK.labels if label.code == "organisation")
    claim = next(label.name for label in CODEBOOK.labels if label.code == "claim")
    assert names == {
        "PER": Target(LabelKind.ACTOR, person),
        "person": Target(LabelKind.ACTOR, person),
        "ORG": Target(LabelKind.ACTOR, organisation),
        "claim": Target(LabelKind.CLAIM, claim),
        "Weather": Target(LabelKind.ACTOR, "Weather"),
    }


@pytest.mark.parametrize(
    ("word", "target"),
    [
        ("", None),
        ("Demand", Target(LabelKind.CLAIM, "Demand")),
        ("claim:Wish", Target(LabelKind.CLAIM, "Wish")),
        ("cue:", Target(LabelKind.CUE, "PER")),
    ],
)
def test_words_of_the_command_line_name_targets(word: str, target: Target | None):
    assert parse_target(word, "PER") == target


def test_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="none of actor, claim, cue"):
        parse_target("entity:Person", "PER")


def test_kinds_that_the_file_tells_stay():
    losses = Losses()
    odd = replace(DOCUMENT, spans=(replace(SPEAKER, label="Claim"),), links=())
    (kept,) = arriving([odd], Arrival(source="x"), CODEBOOK, losses, are_kinds_told=True)
    (guessed,) = arriving([odd], Arrival(source="x"), CODEBOOK, losses)
    assert (kept.spans[0].kind, guessed.spans[0].kind) == (LabelKind.ACTOR, LabelKind.CLAIM)


def test_claims_take_no_actor_along():
    document = replace(DOCUMENT, spans=(replace(SPEAKER, actor="Taval"),), links=())
    found, losses = arrive(Arrival(LabelMapping({(None, "PER"): Target(LabelKind.CLAIM, "Claim")})), document)
    assert found.spans[0].actor is None
    assert losses


def arrive(arrival: Arrival, document: ExchangeDocument = DOCUMENT) -> tuple[ExchangeDocument, Losses]:
    losses = Losses()
    (found,) = arriving([document], arrival, CODEBOOK, losses)
    return found, losses


def test_label_left_out_takes_its_links_along_and_is_counted():
    found, losses = arrive(Arrival(LabelMapping({(LabelKind.ACTOR, "PER"): None})))
    assert [span.id for span in found.spans] == ["2"]
    assert found.links == ()
    assert {loss.what: loss.count for loss in losses} == {"“PER” spans": 1, "“speaker” links": 1}


def test_link_between_the_wrong_kinds_is_left_out():
    mapping = LabelMapping({(LabelKind.CLAIM, "content"): Target(LabelKind.CUE, "Cue")})
    found, losses = arrive(Arrival(mapping))
    assert found.links == ()
    assert "from claim to actor, not from cue to actor" in losses.to_lines()[0]


def test_suggestions_by_choice_but_a_rejection_stays_one():
    found, _ = arrive(Arrival(state=State.SUGGESTED, source="brat"))
    assert [(span.state, span.origin, span.suggester) for span in found.spans] == [
        (State.SUGGESTED, Origin.SUGGESTER, "brat"),
        (State.REJECTED, Origin.IMPORT, None),
    ]
    assert found.links[0].state == State.SUGGESTED


def test_source_is_named_where_the_file_names_nobody():
    document = replace(DOCUMENT, spans=(replace(SPEAKER, analyst="Ines"), CONTENT))
    found, _ = arrive(Arrival(state=State.CONFIRMED, source="PolNeAR"), document)
    assert [span.analyst for span in found.spans] == ["Ines", "PolNeAR"]


def test_links_of_one_type_between_spans_of_any_kinds_get_types_of_their_own():
    state = ExchangeSpan("3", LabelKind.ACTOR, "State", (Fragment(6, 10),))
    links = (
        ExchangeLink("1", "Theme", "2", "1"),
        ExchangeLink("2", "Theme", "1", "3"),
        ExchangeLink("3", "Theme", "2", "3"),
        ExchangeLink("4", "speaker", "1", "3"),
    )
    found, losses = arrive(Arrival(), replace(DOCUMENT, spans=(SPEAKER, CONTENT, state), links=links))
    assert [link.type for link in found.links] == ["Theme", "Theme (actor to actor)", "Theme"]
    assert {loss.what for loss in losses} == {"“speaker” links"}
