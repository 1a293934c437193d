"""Memory in 2,000 documents: what a decision costs that teaches nothing, what one costs that teaches a common name, and
how long decisions wait meanwhile, against bare sqlite3 and the regular expression alone in the same run."""

from __future__ import annotations

import random
import re
import sqlite3
import statistics
import threading
import time

import pytest

from storage import queries
from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.importing import Importer
from storage.memory import recall
from storage.operations import spans
from storage.project import Project
from storage.records import Fragment, LabelKind, Origin
from storage.search_index import update_index

_DOCUMENTS, _WORDS_EACH, _NAMES = 2_000, 400, 400
_FILL = ("the", "harbour", "accord", "said", "talks", "went", "on", "for", "days")
_COMMON = "Velmar"

pytestmark = pytest.mark.slow


def _document(chance: random.Random, number: int) -> ExchangeDocument:
    words = chance.choices(_FILL, k=_WORDS_EACH)
    for place in range(5, _WORDS_EACH, 40):
        words[place] = f"Name{chance.randrange(_NAMES)}"
    words[10] = words[200] = _COMMON
    found, at = [], 0
    for n, word in enumerate(words):
        if word.startswith("Name"):
            place = (Fragment(at, at + len(word)),)
            found.append(ExchangeSpan(str(n), LabelKind.ACTOR, "State", place, origin=Origin.HUMAN))
        at += len(word) + 1
    return ExchangeDocument(title=f"Brief {number}", text=" ".join(words), spans=tuple(found))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with 20,000 confirmed mentions of 400 names, all of it remembered."""
    chance = random.Random(7)
    with Project.create(tmp_path_factory.mktemp("memory") / "speed.sayso") as made:
        with Importer(made) as importer:
            importer.add_file("briefs.jsonl", [_document(chance, number) for number in range(_DOCUMENTS)])
            importer.publish()
        update_index(made)
        recall(made)
        yield made


def _draw(project: Project, document_id: int, words: str):
    text = queries.document_text(project, document_id)
    start = text.index(words)
    label = queries.codebook(project).labels[0].id
    return spans.draw(project, document_id, label, (Fragment(start, start + len(words)),))


def _bare_s(project: Project, tmp_path) -> float:
    """Return how long it takes to find the word in every text and to insert that many rows, by the bare library."""
    target = sqlite3.connect(tmp_path / "bare.db", isolation_level=None)
    target.execute("PRAGMA journal_mode = wal")
    target.execute("CREATE TABLE span (id INTEGER PRIMARY KEY, document INT, a INT, b INT, quote TEXT, reason TEXT)")
    source = sqlite3.connect(project.path)
    pattern = re.compile(rf"\b{_COMMON}\b")
    began = time.perf_counter()
    for document_id, text in source.execute("SELECT document_id, text FROM document_text"):
        rows = [(document_id, *found.span(), _COMMON, "because") for found in pattern.finditer(text)]
        target.execute("BEGIN")
        target.executemany("INSERT INTO span (document, a, b, quote, reason) VALUES (?, ?, ?, ?, ?)", rows)
        target.execute("COMMIT")
    source.close()
    target.close()
    return time.perf_counter() - began


def test_a_common_name_is_brought_to_all_documents_while_others_decide(project, tmp_path) -> None:
    ids = [item.document.id for item in queries.document_items(project)]
    floor = _bare_s(project, tmp_path)
    drawn = _draw(project, ids[0], _COMMON)
    took: list[float] = []
    done: list[object] = []
    work = threading.Thread(target=lambda: done.append(recall(project, sets=[drawn.set_id])))
    began = time.perf_counter()
    work.start()
    note, span_id = 0, next(iter(drawn.spans))
    while work.is_alive():
        start = time.perf_counter()
        spans.annotate(project, span_id, note=str(note := note + 1))
        took.append(time.perf_counter() - start)
        time.sleep(0.05)
    work.join()
    total = time.perf_counter() - began
    (report,) = done
    assert report.added == {_COMMON: 2 * _DOCUMENTS - 1}
    waits = sorted(took)
    print(
        f"\na common name in {_DOCUMENTS:,} documents: {total:.1f} s, {total / floor:.1f}x bare; a decision meanwhile: "
        f"median {statistics.median(waits) * 1000:.1f} ms, p95 {waits[int(len(waits) * 0.95)] * 1000:.1f} ms"
    )
    assert total < 25 * floor


def test_a_decision_that_teaches_nothing_costs_no_look_at_all_of_them(project) -> None:
    document_id = queries.document_items(project)[1].document.id
    content = queries.document_content(project, document_id)
    known = next(span for span in content.spans if span.quote.startswith("Name"))
    changes = spans.annotate(project, known.id, note="seen")
    quick = statistics.median(_timed(lambda: recall(project, sets=[changes.set_id])) for _ in range(9))
    whole = statistics.median(_timed(lambda: recall(project)) for _ in range(3))
    print(
        f"\nnothing to learn: {quick * 1000:.1f} ms by the words of the decision, {whole * 1000:.1f} ms by all of them"
    )
    assert quick < whole


def _timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
