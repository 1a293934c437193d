"""Projects of any size, written straight into the tables: `python tests/helpers/big_project.py PATH DOCUMENTS`."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from nlp.suggestion import SUGGESTER, VERSION
from storage.engine import write_engine
from storage.project import Project

SPANS_PER_DOCUMENT = 20
_SENTENCE = "The envoy of Velmar said on Monday that Orsk would pay for the harbour of Karsk before the winter comes. "
_PARTS = (
    ("State", "Velmar"),
    ("Cue", "said"),
    ("Claim", "that Orsk would pay for the harbour of Karsk"),
    ("State", "Orsk"),
)
_ACTORS = 500
_LOT = 2_000


def make_big(path: Path, documents: int) -> None:
    """Make a project of so many documents of 2 KB with 20 suggested spans each, and a registry of 500 actors."""
    with Project.create(path) as project, project.reading() as connection:
        labels = dict(connection.exec_driver_sql("SELECT name, id FROM label").all())
    engine = write_engine(path)
    try:
        with engine.begin() as connection:
            run = connection.exec_driver_sql
            run("INSERT INTO import_batch (id, state, at, analyst_id) VALUES (1, 'present', ?, 1)", (_AT,))
            run(
                "INSERT INTO suggester_run (id, suggester, version, model, started_at) VALUES (1, ?, ?, '', ?)",
                (SUGGESTER, VERSION, _AT),
            )
            run(
                "INSERT INTO actor (id, name, label_id, notes) VALUES (?, ?, ?, '')",
                [(n, f"Actor {n:03}", labels["State"]) for n in range(1, _ACTORS + 1)],
            )
        for first in range(1, documents + 1, _LOT):
            with engine.begin() as connection:
                for statement, rows in _rows(first, min(first + _LOT, documents + 1), labels):
                    connection.exec_driver_sql(statement, rows)
    finally:
        engine.dispose()


_AT = "2026-03-01T10:00:00.000Z"


def _rows(first: int, last: int, labels: dict[str, int]) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    numbers = range(first, last)
    texts = {n: f"Brief {n:07}\n\n" + _SENTENCE * 20 for n in numbers}
    yield (
        "INSERT INTO document (id, batch_id, title, source, date, language, encoding, length_cp, sha256, meta, "
        "imported_at, position) VALUES (?, 1, ?, 'Straits Desk', ?, 'en', 'utf-8', ?, ?, ?, ?, ?)",
        [
            (
                n,
                f"Brief {n:07} on the harbour",
                f"20{n % 20:02}-0{1 + n % 9}-1{n % 10}",
                len(text),
                hashlib.sha256(text.encode()).hexdigest(),
                json.dumps({"file": f"{n}.txt"}),
                _AT,
                n,
            )
            for n, text in texts.items()
        ],
    )
    yield "INSERT INTO document_text (document_id, text) VALUES (?, ?)", list(texts.items())
    yield "INSERT INTO document_run (document_id, run_id, finished_at) VALUES (?, 1, ?)", [(n, _AT) for n in numbers]
    yield "INSERT INTO document_progress VALUES (?, ?, 0, 0)", [(n, SPANS_PER_DOCUMENT) for n in numbers]
    places = _places(len(f"Brief {1:07}\n\n"))
    spans = [
        (SPANS_PER_DOCUMENT * (n - 1) + k + 1, n, labels[name], start, start + len(words), words)
        for n in numbers
        for k, (name, words, start) in enumerate(places)
    ]
    yield (
        "INSERT INTO span (id, document_id, label_id, start_cp, end_cp, quote, state, origin, score, run_id, reason, "
        "note, is_flagged, created_at) VALUES (?, ?, ?, ?, ?, ?, 'suggested', 'suggester', 0.8, 1, '', '', 0, 'then')",
        spans,
    )
    yield "INSERT INTO fragment VALUES (?, 0, ?, ?)", [(row[0], row[3], row[4]) for row in spans]


def _places(offset: int) -> list[tuple[str, str, int]]:
    """Return label, words and start of each span of a document."""
    return [
        (name, words, offset + sentence * len(_SENTENCE) + _SENTENCE.index(words))
        for sentence in range(SPANS_PER_DOCUMENT // len(_PARTS))
        for name, words in _PARTS
    ]


if __name__ == "__main__":
    make_big(Path(sys.argv[1]), int(sys.argv[2]))
    found = sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM span").fetchone()
    print(f"{found[0]:,} spans")
