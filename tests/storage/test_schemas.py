"""Projects of every schema that there was are brought up to date row by row, or stay as they are byte by byte."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from storage import history, queries
from storage.backup import backups_of
from storage.doctor import check
from storage.engine import SCHEMA_VERSION
from storage.errors import ProjectOpenError
from storage.project import Project
from storage.search import find
from storage.search_index import update_index
from storage.search_query import SearchQuery, needle_of
from storage.thinning import Reason

SCHEMAS = sorted((Path(__file__).parent / "schemas").glob("*.sql"))

#: Follows from the rest, or is written anew by an upgrade.
_DERIVED = {"alembic_version", "sqlite_sequence", "sqlite_stat1", "sqlite_stat4", "indexed_document"}


@pytest.fixture(params=SCHEMAS, ids=lambda path: path.stem)
def old(request, path):
    """A project as the program of that time left it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(request.param.read_bytes().decode())
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def _rows(path) -> dict[str, list[dict[str, object]]]:
    """Return every row of every table, by name of column."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        wanted = [name for name in names if not name.startswith("document_fts") and name not in _DERIVED]
        return {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2')] for name in wanted
        }


def _version(path) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_every_schema_is_kept_once_it_is_superseded() -> None:
    assert [int(schema.stem) for schema in SCHEMAS][: SCHEMA_VERSION - 1] == list(range(1, SCHEMA_VERSION))


def test_every_row_is_as_it_was_after_the_upgrade(old) -> None:
    before, version = _rows(old), _version(old)
    assert len(before["span"]) >= 3
    Project.open(old).close()
    after = _rows(old)
    assert _version(old) == SCHEMA_VERSION
    for table, rows in before.items():
        found = [{name: row[name] for name in rows[0]} for row in after[table]] if rows else after[table]
        assert found[: len(rows)] == rows, table
        assert len(found) == len(rows) or table == "analyst", table
    if version < SCHEMA_VERSION:
        (kept,) = backups_of(old)
        assert (kept.reason, _rows(kept.path)) == (Reason.UPGRADE, before)


def test_what_was_upgraded_is_sound_and_worked_on(old) -> None:
    with Project.open(old) as project:
        assert check(project) == []
        talks = queries.document_items(project)[0].document.id
        content = queries.document_content(project, talks)
        assert sorted(span.quote for span in content.spans) == ["Ilya Brandt", "Orsk and Velmar joint threat", "Velmar"]
        assert len(content.links) == 2
        for _ in range(3):
            assert history.redo(project).set_id is not None or history.undo(project).set_id is not None
        while history.undo(project).set_id is not None:
            pass
        assert queries.document_items(project) == []
        while history.redo(project).set_id is not None:
            pass
        assert update_index(project) == 3
        assert find(project, needle_of(SearchQuery("waits"))).hits
        assert check(project) == []


def test_an_upgrade_that_fails_leaves_file_and_backup_byte_by_byte(old, monkeypatch) -> None:
    if _version(old) == SCHEMA_VERSION:
        pytest.skip("nothing is to be upgraded")
    real = command.upgrade

    def fail(alembic, revision) -> None:
        real(alembic, revision)
        alembic.attributes["connection"].exec_driver_sql("DELETE FROM fragment")
        raise ProjectOpenError("something failed in the middle")

    monkeypatch.setattr(command, "upgrade", fail)
    before = old.read_bytes()
    for _ in range(2):
        with pytest.raises(ProjectOpenError, match="in the middle"):
            Project.open(old)
        assert old.read_bytes() == before
    (kept,) = backups_of(old)
    saved = kept.path.read_bytes()
    monkeypatch.undo()
    Project.open(old).close()
    assert [backup.path for backup in backups_of(old)] == [kept.path]
    assert kept.path.read_bytes() == saved
