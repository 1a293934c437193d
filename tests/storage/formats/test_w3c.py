"""W3C Web Annotations: a JSON-LD processor finds the vocabulary, and pages of other programs are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from storage.errors import RefusedInputError
from storage.formats import w3c
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.interface import WriteContext
from storage.formats.registry import format_for
from storage.records import Fragment, LabelKind, State

TEXT = "🌊 Velmar will, Taval said, withdraw. Velmar denied it."
MENTION = ExchangeSpan("m", LabelKind.ACTOR, "Person", (Fragment(15, 20),), actor="Ida Taval", analyst="Ines")
CLAIM = ExchangeSpan("q", LabelKind.CLAIM, "Claim", (Fragment(2, 13), Fragment(27, 35)), state=State.REJECTED)
DOCUMENT = ExchangeDocument(
    title="Straits & more",
    text=TEXT,
    spans=(MENTION, CLAIM),
    links=(ExchangeLink("1", "speaker", "q", "m", decided_at="2031-04-02T10:00:00Z"),),
    reviewed=(Fragment(0, 20),),
)
OA = "http://www.w3.org/ns/oa#"
#: The terms of the recommendation's context that Sayso uses: the tests fetch nothing.
TERMS = {
    "oa": OA,
    "as": "http://www.w3.org/ns/activitystreams#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcterms": "http://purl.org/dc/terms/",
    "id": {"@type": "@id", "@id": "@id"},
    "type": {"@type": "@id", "@id": "@type"},
    "Annotation": "oa:Annotation",
    "TextualBody": "oa:TextualBody",
    "SpecificResource": "oa:SpecificResource",
    "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "Composite": "oa:Composite",
    "AnnotationPage": "as:OrderedCollectionPage",
    "linking": "oa:linking",
    "classifying": "oa:classifying",
    "body": {"@type": "@id", "@id": "oa:hasBody"},
    "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "source": {"@type": "@id", "@id": "oa:hasSource"},
    "selector": {"@type": "@id", "@id": "oa:hasSelector"},
    "motivation": {"@type": "@vocab", "@id": "oa:motivatedBy"},
    "items": {"@type": "@id", "@id": "as:items", "@container": "@list"},
    "created": {"@id": "dcterms:created"},
    "exact": "oa:exact",
    "value": "rdf:value",
}


def offline(url: str, options: object = None) -> dict[str, Any]:
    assert url == "http://www.w3.org/ns/anno.jsonld"
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": TERMS}}


def page_of(document: ExchangeDocument, tmp_path: Path) -> Path:
    w3c.write([document], tmp_path / "out", WriteContext())
    (page,) = (tmp_path / "out").glob("*.jsonld")
    return page


def test_json_ld_processor_finds_targets_selectors_and_motivations(tmp_path: Path):
    page = page_of(DOCUMENT, tmp_path)
    data = json.loads(page.read_text(encoding="utf-8"))

    expanded = jsonld.expand(data, {"documentLoader": offline, "base": "file:///out/page"})

    items = expanded[0]["http://www.w3.org/ns/activitystreams#items"][0]["@list"]
    assert [item["@type"] for item in items] == [[OA + "Annotation"]] * 3
    assert [item[OA + "motivatedBy"][0]["@id"] for item in items] == [OA + n for n in ["classifying"] * 2 + ["linking"]]
    target = items[0][OA + "hasTarget"][0]
    assert target[OA + "hasSource"][0]["@id"] == "file:///out/00001%20Straits%20%26%20more.txt"
    assert {selector["@type"][0] for selector in target[OA + "hasSelector"]} == {
        OA + "TextPositionSelector",
        OA + "TextQuoteSelector",
    }
    assert items[2][OA + "hasTarget"][0]["@id"] == items[1]["@id"]
    assert items[2][OA + "hasBody"][0][OA + "hasSource"][0]["@id"] == items[0]["@id"]
    assert expanded[0]["urn:x-sayso:data"][0]["@value"]["reviewed"] == [[0, 20]]
    assert page.with_name("00001 Straits & more.txt").read_text(encoding="utf-8") == TEXT


def test_words_in_the_page_are_those_of_the_text(tmp_path: Path):
    data = json.loads(page_of(DOCUMENT, tmp_path).read_text(encoding="utf-8"))
    composite = data["items"][1]["target"]
    assert composite["type"] == "Composite"
    assert [item["selector"] for item in composite["items"]] == [
        [
            {"type": "TextPositionSelector", "start": 2, "end": 13},
            {"type": "TextQuoteSelector", "exact": "Velmar will", "prefix": "🌊 ", "suffix": TEXT[13:45]},
        ],
        [
            {"type": "TextPositionSelector", "start": 27, "end": 35},
            {"type": "TextQuoteSelector", "exact": "withdraw", "prefix": TEXT[:27], "suffix": TEXT[35:67]},
        ],
    ]


def test_same_project_makes_the_same_files(tmp_path: Path):
    first = page_of(DOCUMENT, tmp_path / "a").read_bytes()
    assert page_of(DOCUMENT, tmp_path / "b").read_bytes() == first


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()


def annotation(*selectors: dict[str, Any], body: object = None, **more: object) -> dict[str, Any]:
    tag = {"type": "TextualBody", "purpose": "tagging", "value": "PER"}
    target = {"source": "https://example.org/news/note.txt", "selector": list(selectors)}
    return {"type": "Annotation", "body": body or [tag], "target": target, **more}


def position(start: object, end: object) -> dict[str, Any]:
    return {"type": "TextPositionSelector", "start": start, "end": end}


def words(exact: str, prefix: str = "") -> dict[str, Any]:
    return {"type": "oa:TextQuoteSelector", "exact": exact, "prefix": prefix}


def read(tmp_path: Path, data: object, text: str | None = TEXT) -> ExchangeDocument:
    page = tmp_path / "page.jsonld"
    page.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    if text is not None:
        (tmp_path / "note.txt").write_text(text, encoding="utf-8")
    (document,) = w3c.read(page)
    return document


def test_lists_and_pages_of_other_programs_are_read(tmp_path: Path):
    first = annotation(
        position(15, 20), words("Taval"), id="#a", creator={"name": "Ines"}, created="2031-04-02T10:00:00Z"
    )
    second = annotation(words("Velmar", prefix="withdraw. "), id="#b", body={"type": "TextualBody", "value": "who?"})
    second["motivation"] = "highlighting"
    several = annotation(position(2, 13), position(27, 35), id="#c", body="https://example.org/terms#Claim")
    several["motivation"] = ["classifying"]
    link = {"type": "Annotation", "motivation": "linking", "target": [{"id": "#c"}, {"id": "#a"}]}
    link["body"] = {"type": "TextualBody", "purpose": "tagging", "value": "speaker"}
    whole = {"type": "Annotation", "body": "x", "target": {"source": "https://example.org/news/note.txt"}}

    lost = {**link, "target": [{"id": "#x"}, {"id": "#a"}]}
    items = [first, second, several, link, lost, whole]
    found = read(tmp_path, {"type": "AnnotationCollection", "first": {"items": items}})

    assert [(span.label, span.kind, span.quote, span.note, span.analyst) for span in found.spans] == [
        ("PER", LabelKind.ACTOR, "Taval", "", "Ines"),
        ("highlighting", LabelKind.ACTOR, "Velmar", "who?", None),
        ("Claim", LabelKind.CLAIM, "Velmar will withdraw", "", None),
    ]
    assert found.spans[1].fragments == (Fragment(37, 43),)
    assert [(link.type, link.from_id, link.to_id) for link in found.links] == [("speaker", "s3", "s1")]
    assert found.meta["not imported"] == (
        "annotations of a whole text or by other selectors (1), links without two ends (1)"
    )
    assert found.title == "note"


def test_each_tag_of_an_annotation_is_a_span_of_the_same_analyst(tmp_path: Path):
    tags = [{"type": "TextualBody", "purpose": "tagging", "value": value} for value in ("PER", "speaker")]
    decided = {"creator": "Ines", "created": "2031-04-02T10:00:00Z"}
    found = read(tmp_path, [annotation(position(15, 20), body=tags, **decided)])
    assert [(span.label, span.analyst, span.decided_at) for span in found.spans] == [
        ("PER", "Ines", "2031-04-02T10:00:00Z"),
        ("speaker", "Ines", "2031-04-02T10:00:00Z"),
    ]


def test_positions_that_count_utf16_are_understood_by_their_words(tmp_path: Path):
    found = read(tmp_path, [annotation(position(16, 21), words("Taval")), annotation(position(3, 9), words("Velmar"))])
    assert [span.fragments for span in found.spans] == [(Fragment(15, 20),), (Fragment(2, 8),)]


def test_text_may_stand_in_the_page(tmp_path: Path):
    note = annotation(position(0, 4))
    note["target"]["source"] = {"id": "urn:x", "value": "Orsk said so."}
    found = read(tmp_path, {"@graph": [note]}, text=None)
    assert (found.text, found.spans[0].quote) == ("Orsk said so.", "Orsk")


def test_no_file_but_one_beside_the_page_is_read(tmp_path: Path):
    (tmp_path.parent / "secret.txt").write_text("a secret")
    for source in ("../secret.txt", "file:///etc/passwd", "..%2fsecret.txt", "/etc/passwd", "..\\secret.txt", ".."):
        note = annotation(position(0, 4))
        note["target"]["source"] = source
        with pytest.raises(RefusedInputError, match=r"^page\.jsonld speaks of the text .*, which is not there"):
            read(tmp_path, [note], text=None)


def nested_targets() -> object:
    target: object = annotation(position(0, 4))["target"]
    for _ in range(100):
        target = {"items": [target]}
    return [{"target": target}]


def deep() -> object:
    data: object = annotation(position(0, 4))
    for _ in range(100):
        data = {"items": data}
    return data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "lists within lists without end"),
        ([], "holds no annotation of a text"),
        ("1", "it is no annotation nor a page"),
        (nested_targets(), "has lists within lists without end"),
        (deep(), "pages lie within pages without end"),
        ([annotation(position(15, 20), words("Orsk"))], r"“\[0\]\.target”: the span 15-20 says “Orsk”"),
        ([annotation(position(50, 99))], r"“\[0\]\.target”: the span 50-99"),
        ([annotation(position("a", 99))], r"“\[0\]\.target” has a TextPositionSelector without"),
        ([annotation(words("Orsk"))], r"“\[0\]\.target”: the words “Orsk” are not in the text"),
        ([annotation(words("Velmar"))], r"the words “Velmar” stand 2 times in the text"),
        ([annotation(position(15, 20), created="soon")], "must be a date and time"),
        ([annotation(position(15, 20), sayso={"kind": "cat"})], r"“\[0\]\.sayso\.kind” must be one of"),
        ([annotation(position(15, 20), sayso=[])], r"sayso must be an object"),
        ({"sayso": {"reviewed": [[5, 500]]}, "items": [annotation(position(15, 20))]}, "“reviewed” has"),
    ],
)  # fmt: skip
def test_broken_pages_are_refused_with_the_place(tmp_path: Path, data: object, why: str):
    with pytest.raises(RefusedInputError, match=rf"(?s)^page\.jsonld.*{why}"):
        read(tmp_path, data)


def test_folder_of_pages_and_texts_is_one_but_other_files_are_not_passed_over(tmp_path: Path):
    page = page_of(DOCUMENT, tmp_path)
    found = format_for(page.parent)
    assert found is not None
    assert found.name == "w3c"
    (page.parent / "more.txt").write_text("Something else.")
    assert format_for(page.parent) is None
