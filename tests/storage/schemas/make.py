"""Keep a project as the present schema has it, as readable SQL: `python tests/storage/schemas/make.py`.

To be run once for each schema, before the next migration is written; a released schema's file is never made again. The
index of words is left out but for its definition: it follows from the texts.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from storage import history, queries
from storage.engine import APPLICATION_ID, SCHEMA_VERSION
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import actors, links, review, spans
from storage.project import Project
from storage.records import Fragment

TEXTS = {
    "Talks": "Talks in Port Selin\r\n\r\nIlya Brandt said that Orsk and Velmar face a joint threat. 🌊\r\n",
    "Islands": "“No country is safe,” he added, “and we know it.” Orsk waits.",
    "Removed": "Taval answers.",
}


def make(path: Path) -> None:
    """Work a little on a new project: everything that a schema can hold has a row."""
    with Project.create(path) as project:
        with Importer(project) as importer:
            documents = [ExchangeDocument(title=title, text=text, date="2026-03-01") for title, text in TEXTS.items()]
            importer.add_file("talks.jsonl", documents)
            importer.publish()
        talks, islands, removed = [item.document.id for item in queries.document_items(project)]
        book = queries.codebook(project)
        labels = {label.name: label.id for label in book.labels}

        def draw(document_id: int, label: str, *words: str) -> int:
            text = queries.document_text(project, document_id)
            places = [Fragment(text.index(part), text.index(part) + len(part)) for part in words]
            (span_id,) = spans.draw(project, document_id, labels[label], places).spans
            return span_id

        claim = draw(talks, "Claim", "Orsk and Velmar", "joint threat")
        speaker, target = draw(talks, "Person", "Ilya Brandt"), draw(talks, "State", "Velmar")
        links.connect(project, "speaker", claim, speaker)
        links.connect(project, "target", claim, target)
        spans.annotate(project, claim, note="why? 🌊", is_flagged=True)
        field = next(field for field in book.fields if field.kind == "claim")
        spans.set_field(project, claim, field.id, field.choices[0] if field.choices else "demand")
        actors.create_actor(project, "Velmar", aliases=("Republic of Velmar",), mention_ids=(target,))
        review.mark_reviewed(project, talks, Fragment(0, 30))
        gone = draw(islands, "State", "Orsk")
        spans.remove(project, [gone])
        draw(removed, "Person", "Taval")
        history.undo(project)
        history.undo(project)
        project.store_setting("place", {"document": islands})


def dumped(path: Path) -> str:
    """Return a project as SQL, without the shadow tables of the index of words."""
    with closing(sqlite3.connect(path)) as connection:
        index = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'document_fts'").fetchone()
        if index is not None:
            connection.execute("DROP TABLE document_fts")
            connection.execute("DELETE FROM indexed_document")
            connection.commit()
        lines = list(connection.iterdump())
    marks = [f"PRAGMA application_id = {APPLICATION_ID};", f"PRAGMA user_version = {SCHEMA_VERSION};"]
    return "\n".join([*lines, *([f"{index[0]};"] if index else []), *marks]) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "project.sayso"
        make(made)
        target = Path(__file__).parent / f"{SCHEMA_VERSION:04}.sql"
        if target.exists():
            sys.exit(f"{target.name} is kept already")
        target.write_text(dumped(made), encoding="utf-8", newline="\n")
