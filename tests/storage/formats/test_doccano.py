"""doccano's lines: both shapes, offsets as the browser counts, lines of one text together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storage.errors import RefusedInputError
from storage.formats import doccano
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.interface import WriteContext
from storage.formats.losses import Losses
from storage.formats.registry import format_for
from storage.records import Fragment, LabelKind

TEXT = "🌊 Taval said 👩🏽\u200d🚀 Orsk lied."


def u16(words: str) -> tuple[int, int]:
    start = len(TEXT[: TEXT.index(words)].encode("utf-16-le")) // 2
    return start, start + len(words.encode("utf-16-le")) // 2


def graphemes(words: str) -> tuple[int, int]:
    start = len(TEXT[: TEXT.index(words)].replace("👩🏽\u200d🚀", "x"))
    return start, start + len(words)


def points(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def file_with(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "all.jsonl"
    path.write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines), "utf-8")
    return path


@pytest.mark.parametrize("count", [u16, graphemes, points])
@pytest.mark.parametrize("key", ["label", "labels"])
def test_triples_find_their_words_whatever_is_counted(tmp_path, count, key: str):
    labels = [[*count(words), "PER"] for words in ("Taval", "Orsk")]
    (document,) = doccano.read(file_with(tmp_path, {"id": 7, "text": TEXT, key: labels, "title": "Sea"}))
    assert [(span.quote, span.label) for span in document.spans] == [("Taval", "PER"), ("Orsk", "PER")]
    assert (document.title, document.text) == ("Sea", TEXT)


def entity(number: int, words: str, label: str) -> dict[str, object]:
    start, end = u16(words)
    return {"id": number, "label": label, "start_offset": start, "end_offset": end}


def test_entities_and_relations_are_spans_and_links(tmp_path):
    line = {
        "id": 7,
        "text": TEXT,
        "entities": [entity(31, "Taval", "PER"), entity(32, "Orsk lied", "Claim"), entity(33, "Taval", "PER")],
        "relations": [{"id": 1, "from_id": 32, "to_id": 31, "type": "speaker"}],
        "Comments": ["odd"],
    }
    (document,) = doccano.read(file_with(tmp_path, line))
    quotes = {span.id: (span.quote, span.kind) for span in document.spans}
    assert list(quotes.values()) == [
        ("Taval", LabelKind.ACTOR),
        ("Orsk lied", LabelKind.CLAIM),
        ("Taval", LabelKind.ACTOR),
    ]
    (link,) = document.links
    assert (link.type, quotes[link.from_id][0], quotes[link.to_id][0]) == ("speaker", "Orsk lied", "Taval")
    assert dict(document.meta) == {"Comments": ["odd"]}


def test_lines_of_one_text_are_one_document(tmp_path):
    lines = [
        {"text": TEXT, "label": [[*u16("Taval"), "PER"]]},
        {"text": "Other.", "label": ["politics"]},
        {"text": TEXT, "label": [[*u16("Taval"), "PER"], [*u16("Orsk"), "PER"]]},
    ]
    first, second = doccano.read(file_with(tmp_path, *lines))
    assert [span.quote for span in first.spans] == ["Taval", "Orsk"]
    assert dict(second.meta) == {"categories": ["politics"]}


DOCUMENT = ExchangeDocument(
    title="Sea",
    text=TEXT,
    date="2031-04-02",
    spans=(
        ExchangeSpan("p", LabelKind.ACTOR, "Person", (Fragment(*points("Taval")),)),
        ExchangeSpan("q", LabelKind.CLAIM, "Claim", (Fragment(*points("Orsk lied")),)),
    ),
    links=(ExchangeLink("1", "speaker", "q", "p"),),
)


def test_written_lines_are_those_of_doccano(tmp_path):
    doccano.write([DOCUMENT, DOCUMENT], tmp_path / "o.jsonl", WriteContext())
    first, second = map(json.loads, (tmp_path / "o.jsonl").read_text("utf-8").splitlines())
    assert first == {
        "title": "Sea",
        "date": "2031-04-02",
        "id": 1,
        "text": TEXT,
        "entities": [entity(1, "Taval", "Person"), entity(2, "Orsk lied", "Claim")],
        "relations": [{"id": 3, "from_id": 2, "to_id": 1, "type": "speaker"}],
        "Comments": [],
    }
    assert [item["id"] for item in second["entities"]] == [4, 5]
    found = format_for(tmp_path / "o.jsonl")
    assert found is not None
    assert found.name == "doccano"


def test_without_relations_spans_are_triples_and_links_are_told_as_lost(tmp_path):
    losses = Losses()
    doccano.write([DOCUMENT], tmp_path / "o.jsonl", WriteContext(losses=losses, options={"shape": "labels"}))
    line = json.loads((tmp_path / "o.jsonl").read_text("utf-8"))
    assert line["label"] == [[*u16("Taval"), "Person"], [*u16("Orsk lied"), "Claim"]]
    assert [(loss.what, loss.count) for loss in losses] == [("“speaker” links", 1)]


def related(start: int, end: int) -> dict[str, object]:
    relation = {"from_id": start, "to_id": end, "type": "x"}
    return {"text": TEXT, "entities": [entity(1, "Orsk", "A")], "relations": [relation]}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"text": TEXT, "label": [[0, 99, "PER"]]}, r"label\[0\]: the span from 0 to 99 is empty or outside"),
        ({"text": TEXT, "label": [[5, 2, "PER"]]}, r"label\[0\]: the span from 5 to 2 is empty"),
        ({"text": TEXT, "label": [[0, 2]]}, r"“label\[0\]” must be \[start, end, label\], not \[0, 2\]"),
        ({"text": TEXT, "label": [[0, 2, " "]]}, r"must be \[start, end, label\]"),
        ({"text": TEXT, "label": [[True, 2, "PER"]]}, r"must be \[start, end, label\]"),
        ({"text": 3, "label": []}, "“text” must be the text of the document, not 3"),
        ({"text": "a", "entities": [{"id": 1, "start_offset": 0, "end_offset": 1}]}, r"“entities\[0\].label”"),
        ({"text": "a", "entities": [{"id": 1, "start_offset": 0.5, "end_offset": 1}]}, "must be a whole number"),
        ({"text": TEXT, "entities": [entity(1, "Orsk", "A")] * 2}, "has the id 1 twice"),
        (
            related(1, 9),
            r"“relations\[0\].to_id” is 9, which is not the id of an entity",
        ),
        (
            related(1, 1),
            "are the same span",
        ),
        ('{"text": "a\\ud83d", "label": []}', "half a character"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_line_and_place(tmp_path, bad: object, words: str):
    with pytest.raises(RefusedInputError, match=rf"all\.jsonl, line 2.*{words}"):
        list(doccano.read(file_with(tmp_path, {"text": "Sound.", "label": []}, bad)))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ({"text": "a", "label": []}, "doccano"),
        ({"text": "a", "entities": [], "relations": []}, "doccano"),
        ({"text": "a", "label": "politics"}, "jsonl"),
        ({"text": "a", "label": ["politics"]}, "jsonl"),
        ({"text": "a", "entities": [{"name": "Orsk"}]}, "jsonl"),
    ],
)
def test_files_are_known_by_their_first_line(tmp_path, line: object, name: str):
    found = format_for(file_with(tmp_path, line))
    assert found is not None
    assert found.name == name
