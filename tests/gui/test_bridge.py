"""What storage holds reaches nlp whole: states, fragments, reviewed and excluded parts."""

from __future__ import annotations

from dataclasses import replace

from gui.bridge import for_new_project, gold_documents, training_documents
from nlp import calibration
from nlp.suggestion import Range
from storage.codebooks import DEFAULT, starter
from storage.formats.exchange import ExchangeDocument, ExchangeSpan, ExchangeStretch
from storage.records import Codebook, Fragment, LabelKind, LabelRecord, LabelSettings, State

DOCUMENT = ExchangeDocument(
    title="Brief",
    text="Orsk pays. Subscribe now! Taval waits.",
    id="7",
    spans=(
        ExchangeSpan("1", LabelKind.ACTOR, "State", (Fragment(0, 4),)),
        ExchangeSpan("2", LabelKind.ACTOR, "State", (Fragment(26, 31),), State.REJECTED),
    ),
    reviewed=(Fragment(0, 10),),
    stretches=(ExchangeStretch("page", 0, 38, "1"), ExchangeStretch("excluded", 11, 25, "advert")),
)


def test_training_data_know_what_is_reviewed_and_what_is_excluded() -> None:
    (made,) = training_documents([DOCUMENT], {State.CONFIRMED})
    assert (made.document_id, made.reviewed, made.excluded) == (7, [Range(0, 10)], (Range(11, 25),))
    assert [span.fragments for span in (*made.confirmed, *made.rejected)] == [((0, 4),), ((26, 31),)]


def test_gold_leaves_excluded_parts_out() -> None:
    codebook = Codebook((LabelRecord(1, LabelKind.ACTOR, "State", "state"),))
    (gold,) = gold_documents([DOCUMENT], codebook)
    assert (gold.stretches, gold.excluded, gold.is_complete) == ((Range(0, 10),), (Range(11, 25),), True)
    assert [span.code for span in gold.spans] == ["state"]


def test_a_new_project_hides_what_is_mostly_wrong_where_its_codebook_says_nothing(monkeypatch) -> None:
    monkeypatch.setattr(calibration, "default_least_score", lambda code: 0.7 if code == "claim" else 0.0)
    book = starter(DEFAULT)
    ids = {label.name: label.id for label in book.codebook.labels}
    made = for_new_project(book).codebook
    assert made.settings_of(ids["Claim"]).least_score == 0.7
    assert made.settings_of(ids["Cue"]) == made.settings_of(ids["Claim"])
    assert made.settings_of(ids["State"]) == LabelSettings()
    own = replace(book, codebook=replace(book.codebook, settings={ids["Claim"]: LabelSettings(0.3)}))
    assert for_new_project(own).codebook.settings_of(ids["Claim"]).least_score == 0.3
