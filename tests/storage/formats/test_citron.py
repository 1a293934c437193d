"""Citron JSON: its own files are read, what it can hold comes back, what it cannot is counted."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from exchange_examples import assert_same, documents, gone_round
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import RefusedInputError
from storage.formats import citron
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.folder import read_file
from storage.formats.interface import WriteContext
from storage.formats.losses import Losses
from storage.formats.registry import format_for, format_named
from storage.records import Fragment, LabelKind, State

TEXT = "“It rains,” Ida Taval said 🌊, “and will.” She fears a flood."
CITRON = format_named("citron")


def part(words: str, **more: object) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words, **more}


QUOTE: dict[str, Any] = {
    "cue": part("said"),
    "sources": [part("Ida Taval")],
    "contents": [part("“It rains,”"), part("“and will.”")],
}
FEAR: dict[str, Any] = {
    "cue": part("fears"),
    "sources": [part("She")],
    "coreferences": [part("Ida Taval")],
    "contents": [part("a flood")],
    "confidence": "0.7500",
}


def read(tmp_path: Path, data: object) -> ExchangeDocument:
    path = tmp_path / "news.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    (document,) = citron.read(path)
    return document


def ends(document: ExchangeDocument) -> list[tuple[str, str | None, str | None]]:
    quotes = {span.id: span.quote for span in document.spans}
    return [(link.type, quotes[link.from_id], quotes[link.to_id]) for link in document.links]


def test_quotes_become_claims_with_cue_and_speaker(tmp_path: Path):
    found = read(tmp_path, {"text": TEXT, "quotes": [QUOTE]})

    assert {(span.kind, span.label, span.quote, len(span.fragments)) for span in found.spans} == {
        (LabelKind.CLAIM, "content", "“It rains,” “and will.”", 2),
        (LabelKind.CUE, "cue", "said", 1),
        (LabelKind.ACTOR, "source", "Ida Taval", 1),
    }
    assert set(ends(found)) == {
        ("cue", "“It rains,” “and will.”", "said"),
        ("speaker", "“It rains,” “and will.”", "Ida Taval"),
    }
    assert {span.state for span in found.spans} == {State.CONFIRMED}


def test_predictions_are_suggestions_and_coreference_names_the_actor(tmp_path: Path):
    found = read(tmp_path, {"text": TEXT, "quotes": [FEAR], "coreference_groups": None})

    assert {(span.state, span.suggester, span.score) for span in found.spans} == {(State.SUGGESTED, "Citron", 0.75)}
    assert {span.quote: span.actor for span in found.spans if span.kind == LabelKind.ACTOR} == {
        "She": "Ida Taval",
        "Ida Taval": "Ida Taval",
    }
    assert ("speaker", "a flood", "She") in ends(found)


def test_two_quotes_of_one_speaker_share_the_mention(tmp_path: Path):
    found = read(tmp_path, {"text": TEXT, "quotes": [QUOTE, {**FEAR, "sources": QUOTE["sources"]}]})
    assert [span.quote for span in found.spans].count("Ida Taval") == 1


def test_offsets_of_utf16_are_understood_where_the_words_tell(tmp_path: Path):
    shifted = {**part("fears"), "start": TEXT.index("fears") + 1, "end": TEXT.index("fears") + 6}
    content = {**part("a flood"), "start": TEXT.index("a flood") + 1, "end": TEXT.index("a flood") + 8}
    found = read(tmp_path, {"text": TEXT, "quotes": [{"cue": shifted, "sources": [], "contents": [content]}]})
    assert {span.quote for span in found.spans} == {"fears", "a flood"}


def with_content(**span: object) -> dict[str, Any]:
    return {"text": TEXT, "quotes": [{"contents": [span]}]}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "not JSON"),
        ('{"text": "a",\n "quotes": [', "not JSON at line 2, character 13"),
        ([QUOTE], "it must be an object"),
        ({"quotes": []}, "“text” must be the text"),
        ({"text": "", "quotes": []}, "is empty"),
        ({"text": TEXT, "quotes": [{"contents": []}]}, r"“quotes\[0\]\.contents” is empty"),
        (
            {"text": TEXT, "quotes": [{"contents": [{"start": 1}]}]},
            r"“quotes\[0\]\.contents\[0\]\.end” must be a whole",
        ),
        (with_content(start=1, end=999), "outside the text of 60 characters"),
        (
            {"text": TEXT, "quotes": [{"contents": [{"start": 1, "end": 3, "text": "no"}]}]},
            "says “no”, but the text has",
        ),
        ({"text": TEXT, "quotes": [{**QUOTE, "confidence": "much"}]}, "must be a number from 0 to 1"),
        ({"text": TEXT, "quotes": [], "coreference_groups": [1]}, "must be a list of spans"),
    ],
)
def test_broken_files_are_refused_with_the_place(tmp_path: Path, data: object, why: str):
    with pytest.raises(RefusedInputError, match=rf"(?s)^news\.json.*{why}"):
        read(tmp_path, data)


def test_what_belongs_to_no_quote_is_counted(tmp_path: Path):
    losses = Losses()
    spans = (
        ExchangeSpan("1", LabelKind.CLAIM, "Claim", (Fragment(52, 59),)),
        ExchangeSpan("2", LabelKind.ACTOR, "Person", (Fragment(12, 21),)),
        ExchangeSpan("3", LabelKind.CUE, "Cue", (Fragment(22, 26),)),
    )
    links = (ExchangeLink("1", "speaker", "1", "2"), ExchangeLink("2", "target", "1", "2"))
    document = ExchangeDocument("Note", TEXT, spans=spans, links=links)
    citron.write([document], tmp_path / "out", WriteContext(losses=losses))

    assert {loss.what: loss.count for loss in losses} == {
        "“target” links": 1,
        "claims without a cue": 1,
        "actor spans of no such claim": 1,
        "cue spans of no such claim": 1,
    }


def quotable(document: ExchangeDocument) -> ExchangeDocument:
    """Return what of a document Citron can hold: claims with a cue of one part, and who says them."""
    simple = {span.id for span in document.spans if span.kind != LabelKind.CUE or len(span.fragments) == 1}
    links = [x for x in document.links if x.type in {"cue", "speaker"} and {x.from_id, x.to_id} <= simple]
    quoted = {link.from_id for link in links if link.type == "cue"}
    links = [link for link in links if link.from_id in quoted]
    used = quoted | {link.to_id for link in links}
    return replace(document, spans=tuple(s for s in document.spans if s.id in used), links=tuple(links))


@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_quotes_come_back_the_same(tmp_path_factory, data):
    written = [quotable(document) for document in data.draw(documents(CITRON.holds))]
    read_again = gone_round(CITRON, written, tmp_path_factory.mktemp("round") / "out")
    assert_same(written, read_again, CITRON.holds, has_titles=False)


def test_file_is_known_by_its_keys(tmp_path: Path):
    path = tmp_path / "news.json"
    path.write_text(json.dumps({"text": TEXT * 3000, "quotes": [QUOTE]}), encoding="utf-8")
    found = format_for(path)
    assert found is not None
    assert found.name == "citron"
    path.write_text("[]")
    other = format_for(path)
    assert other is None or other.name != "citron"


def test_archive_of_quotes_is_read(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "news.zip", "w") as archive:
        archive.writestr("a/news.json", json.dumps({"text": TEXT, "quotes": [QUOTE]}))
    (document,) = read_file(tmp_path / "news.zip")
    assert isinstance(document, ExchangeDocument)
    assert len(document.links) == 2
