from __future__ import annotations

import hashlib
import sqlite3

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from storage import queries
from storage.engine import APPLICATION_ID, SCHEMA_VERSION
from storage.errors import ProjectOpenError
from storage.migrations import config
from storage.operations import bulk
from storage.project import Project
from storage.search import find
from storage.search_index import update_index
from storage.search_query import SearchQuery, needle_of

TEXT = "Orsk and Velmar face a joint threat."

#: One document with one confirmed mention, as the first schema held it.
_ROWS = (
    "INSERT INTO analyst VALUES (1, 'Ada', '2026-01-01')",
    "INSERT INTO import_batch VALUES (1, 'present', '2026-01-01', 1)",
    "INSERT INTO label VALUES (1, 'actor', 'State', 'state', 'blue', '1', '', '', 0)",
    "INSERT INTO document (id, batch_id, title, source, language, encoding, length_cp, sha256, meta, imported_at, "
    f"position) VALUES (1, 1, 'Talks', '', 'en', '', {len(TEXT)}, '{hashlib.sha256(TEXT.encode()).hexdigest()}', "
    "'{}', '2026-01-01', 0)",
    f"INSERT INTO document_text VALUES (1, '{TEXT}')",
    "INSERT INTO document_progress VALUES (1, 0, 1, 0)",
    "INSERT INTO span (id, document_id, label_id, state, origin, start_cp, end_cp, quote, reason, analyst_id, note, "
    "is_flagged, created_at, decided_at) "
    "VALUES (1, 1, 1, 'confirmed', 'human', 0, 4, 'Orsk', '', 1, '', 0, '2026-01-01', '2026-01-01')",
    "INSERT INTO fragment VALUES (1, 0, 0, 4)",
)


def _make_project_of_the_first_schema(path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0001")
        for row in _ROWS:
            connection.execute(text(row))
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql("PRAGMA user_version = 1")
    engine.dispose()


def test_a_project_of_the_first_schema_is_upgraded_and_keeps_everything(path) -> None:
    _make_project_of_the_first_schema(path)
    with Project.open(path) as project:
        content = queries.document_content(project, 1)
        assert (content.text, [span.quote for span in content.spans]) == (TEXT, ["Orsk"])
        with project.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA user_version").scalar() == SCHEMA_VERSION
        assert update_index(project) == 1
        assert find(project, needle_of(SearchQuery("orsk"))).hits[0].mark.span_id == 1
        assert bulk.block_words(project, 1, "Taval").are_blocked_words_changed


def test_a_version_that_nobody_knows_is_refused(path) -> None:
    _make_project_of_the_first_schema(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'x'")
    connection.close()
    with pytest.raises(ProjectOpenError, match="of no version that Sayso knows"):
        Project.open(path)
