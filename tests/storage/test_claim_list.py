"""The claims of a project as lines: found, filtered and sorted by who says what about whom."""

from __future__ import annotations

import pytest

from storage import queries
from storage.claim_list import ClaimQuery, find_claims
from storage.operations import actors, links, spans
from storage.records import State

FIRST = "Brandt said that Orsk must pay. Weik said that Taval lies."
SECOND = "Orsk denied everything. ÄRGER is near, Okonin said."


@pytest.fixture
def desk(bench):
    """Three claims, the last one suggested, with parties and a stance."""
    first, second = bench.add("Fees", FIRST), bench.add("Denial", SECOND)
    for words, label in (
        ("Brandt", "Person"),
        ("that Orsk must pay", "Claim"),
        ("Orsk", "State"),
        ("Weik", "Person"),
        ("that Taval lies", "Claim"),
    ):
        spans.draw(bench.project, first, bench.label(label), bench.at(words, FIRST))
    bench.suggest_at(second, ("person", bench.at("Okonin", SECOND)), ("claim", bench.at("ÄRGER is near", SECOND)))
    bench.fees, bench.denial = first, second
    bench.stance = next(item for item in queries.codebook(bench.project).fields if item.name == "Stance")
    ident = {span.quote: span.id for span in queries.document_content(bench.project, first).spans}
    links.connect(bench.project, "speaker", ident["that Orsk must pay"], ident["Brandt"])
    links.connect(bench.project, "target", ident["that Orsk must pay"], ident["Orsk"])
    links.connect(bench.project, "speaker", ident["that Taval lies"], ident["Weik"])
    bench.ident = ident
    return bench


def _claims(desk, **wanted) -> list[str]:
    return [line.quote for line in find_claims(desk.project, ClaimQuery(**wanted)).lines]


PAY, LIES, NEAR = "that Orsk must pay", "that Taval lies", "ÄRGER is near"


def test_a_line_tells_who_says_what_about_whom(desk):
    spans.set_field(desk.project, desk.ident[PAY], desk.stance.id, "against")
    actors.create_actor(desk.project, "Ilya Brandt", mention_ids=(desk.ident["Brandt"],))
    line = find_claims(desk.project, ClaimQuery(words="pay")).lines[0]
    assert (line.speaker, line.quote, line.target, line.title) == ("Ilya Brandt", PAY, "Orsk", "Fees")
    assert line.fields == {desk.stance.id: "against"}
    assert line.state == State.CONFIRMED


def test_all_claims_come_in_the_order_of_the_project(desk):
    found = find_claims(desk.project, ClaimQuery())
    assert [line.quote for line in found.lines] == [PAY, LIES, NEAR]
    assert found.total == 3


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("brandt", [PAY]), ("orsk", [PAY]), ("said", []), ("FEES", [PAY, LIES]), ("fees weik", [LIES]), ("ärger", [NEAR])],
)
def test_every_word_is_found_in_parties_claim_and_title(desk, words, wanted):
    assert _claims(desk, words=words) == wanted


def test_signs_of_patterns_are_words_like_others(desk):
    assert _claims(desk, words="%") == []
    assert _claims(desk, words="_") == []


def test_claims_are_filtered_by_state_flag_and_what_they_lack(desk):
    spans.annotate(desk.project, desk.ident[LIES], is_flagged=True)
    spans.set_field(desk.project, desk.ident[LIES], desk.stance.id, "for")
    assert _claims(desk, states=frozenset({State.SUGGESTED})) == [NEAR]
    assert _claims(desk, is_flagged=True) == [LIES]
    assert _claims(desk, lacks="speaker") == [NEAR]
    assert _claims(desk, lacks="target") == [LIES, NEAR]
    assert _claims(desk, lacks_field=desk.stance.id) == [PAY, NEAR]


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("speaker", [PAY, LIES, NEAR]),
        ("target", [PAY, LIES, NEAR]),
        ("claim", [PAY, LIES, NEAR]),
        ("state", [PAY, LIES, NEAR]),
        ("label", [PAY, LIES, NEAR]),
        ("date", [PAY, LIES, NEAR]),
        ("field", [LIES, PAY, NEAR]),
    ],
)
def test_claims_are_sorted_and_those_without_a_value_come_last(desk, order, wanted):
    spans.set_field(desk.project, desk.ident[LIES], desk.stance.id, "for")
    assert _claims(desk, order=order, order_field=desk.stance.id) == wanted


def test_the_other_way_round_leaves_those_without_a_value_last(desk):
    assert _claims(desk, order="speaker", is_descending=True) == [LIES, PAY, NEAR]


def test_a_rejected_speaker_does_not_speak(desk):
    spans.remove(desk.project, [desk.ident["Brandt"]])
    assert _claims(desk, lacks="speaker") == [PAY, NEAR]


def test_one_value_for_several_claims_is_one_undo(desk):
    from storage import history

    spans.set_field_of(desk.project, [desk.ident[PAY], desk.ident[LIES]], desk.stance.id, "neutral")
    assert _claims(desk, lacks_field=desk.stance.id) == [NEAR]
    history.undo(desk.project)
    assert _claims(desk, lacks_field=desk.stance.id) == [PAY, LIES, NEAR]


def test_a_pasted_passage_is_found_by_its_first_words(desk):
    assert _claims(desk, words="pay " * 5_000) == [PAY]
    assert _claims(desk, words="zahlt " * 5_000) == []
