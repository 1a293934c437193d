"""The report: right counts, no foreign markup, nothing loaded from anywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from storage.codebooks import starter
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.interface import WriteContext
from storage.formats.registry import format_named
from storage.formats.report.charts import months
from storage.formats.report.counting import EXAMPLES, summarise
from storage.records import ActorRecord, Codebook, Fragment, LabelKind, Origin, State

HOSTILE = "<img src=x onerror=alert(1)>\u202e"
CODEBOOK = starter("actors-and-claims").codebook
TEXT = "Velmar will withdraw at once, Taval said. Orsk denied it."
CLAIM = ExchangeSpan(
    "1",
    LabelKind.CLAIM,
    "Claim",
    (Fragment(0, 28),),
    quote=TEXT[:28],
    origin=Origin.SUGGESTER,
    suggester="rules",
    analyst="Ines",
    fields={"Stance": "against"},
)
SPEAKER = ExchangeSpan("2", LabelKind.ACTOR, "Person", (Fragment(30, 35),), quote="Taval", actor=HOSTILE)
TARGET = ExchangeSpan("3", LabelKind.ACTOR, "State", (Fragment(0, 6),), quote="Velmar")
WRONG = ExchangeSpan("4", LabelKind.ACTOR, "State", (Fragment(42, 46),), quote="Orsk", state=State.REJECTED)
GUESS = replace(WRONG, id="5", state=State.SUGGESTED, origin=Origin.SUGGESTER, suggester="rules")
DOCUMENT = ExchangeDocument(
    title=HOSTILE,
    text=TEXT,
    date="2031-04-02",
    spans=(CLAIM, SPEAKER, TARGET, replace(WRONG, origin=Origin.SUGGESTER, suggester="rules"), GUESS),
    links=(ExchangeLink("1", "speaker", "1", "2"), ExchangeLink("2", "target", "1", "3")),
    reviewed=(Fragment(0, len(TEXT)),),
)


class Page(HTMLParser):
    """What a page is made of."""

    VOID = frozenset({"meta", "rect"})
    IMPLIED = frozenset({"th", "td", "tr"})

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID and tag not in self.IMPLIED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID and tag not in self.IMPLIED:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def write(tmp_path: Path, *documents: ExchangeDocument, codebook: Codebook = CODEBOOK) -> Page:
    context = WriteContext(project_name=HOSTILE, codebook=codebook, actors=lambda: (ActorRecord(1, HOSTILE),))
    assert format_named("report").writer().write(documents, tmp_path / "r.html", context) == len(documents)
    page = Page(tmp_path / "r.html")
    assert page.open == []
    return page


def test_counts_are_those_of_the_documents():
    summary = summarise([DOCUMENT, replace(DOCUMENT, date=None, reviewed=())], CODEBOOK)
    assert (summary.documents, summary.reviewed, summary.started) == (2, 1, 2)
    assert summary.count(State.CONFIRMED, LabelKind.ACTOR) == 4
    assert summary.count(State.REJECTED) == summary.count(State.SUGGESTED) == 2
    assert summary.proposed["rules", "Claim", State.CONFIRMED] == 2
    assert {party.name: count for party, count in summary.speakers.items()} == {HOSTILE: 2}
    assert {party.name: count for party, count in summary.targets.items()} == {"Velmar": 2}
    ((pair, signs),) = summary.pairs.items()
    assert ([party.name for party in pair], signs) == ([HOSTILE, "Velmar"], {-1: 2})
    assert (summary.months, summary.undated) == ({"2031-04": 1}, 1)


def test_only_confirmed_spans_speak_and_are_examples():
    summary = summarise([replace(DOCUMENT, spans=(replace(CLAIM, state=State.REJECTED), SPEAKER, TARGET))], CODEBOOK)
    assert not summary.speakers
    assert (LabelKind.CLAIM, "Claim") not in summary.examples


def test_examples_are_few_and_different():
    documents = [replace(DOCUMENT, spans=(replace(TARGET, quote=f"Velmar {n // 2}"),), links=()) for n in range(20)]
    (found,) = summarise(documents, CODEBOOK).examples.values()
    assert [example.quote for example in found] == [f"Velmar {n}" for n in range(EXAMPLES)]


def test_words_of_documents_and_people_stay_words(tmp_path):
    page = write(tmp_path, DOCUMENT)
    assert not {"img", "script", "link", "iframe", "a"} & set(page.tags)
    assert page.text.count(HOSTILE) >= 4
    assert all(name not in {"src", "href", "onerror"} for name, _ in page.attributes)


def test_nothing_is_loaded_from_anywhere(tmp_path):
    write(tmp_path, DOCUMENT)
    source = (tmp_path / "r.html").read_text("utf-8")
    assert "default-src 'none'" in source
    assert not re.search(r"https?:|url\(|@import", source)


def test_an_empty_project_says_so(tmp_path):
    page = write(tmp_path)
    for words in ("Nothing is labelled yet.", "No suggestion has been decided on yet.", "No confirmed claim"):
        assert words in page.text


@pytest.mark.parametrize(("names", "columns"), [(["2031-04"], 1), (["2030-11", "2031-02"], 4)])
def test_months_without_claims_keep_their_place(names, columns):
    assert months(dict.fromkeys(names, 2)).count("<rect") == columns
