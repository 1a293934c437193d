"""Projects of older versions are brought up to date, and a backup of what they were stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from alembic import command

from storage import migrations, queries
from storage.backup import backup_folder, backups_of
from storage.engine import APPLICATION_ID, SCHEMA_VERSION, write_engine
from storage.errors import ProjectOpenError
from storage.project import Project
from storage.thinning import Reason

pytestmark = pytest.mark.skipif(SCHEMA_VERSION == 1, reason="there is no older version")


@pytest.fixture
def old(path):
    """A project as the first version of the schema left it, with one label."""
    path.touch()
    engine = write_engine(path)
    with engine.begin() as connection:
        alembic = migrations.config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0001")
        run = connection.exec_driver_sql
        run(
            "INSERT INTO label (kind, name, colour, definition, examples, position) "
            "VALUES ('cue', 'Old', '', '', '', 0)"
        )
        run(f"PRAGMA application_id = {APPLICATION_ID}")
        run("PRAGMA user_version = 1")
    engine.dispose()
    return path


def _version(path) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_an_older_project_is_brought_up_to_date_and_kept_as_it_was(old) -> None:
    with Project.open(old) as project:
        assert [label.name for label in queries.codebook(project).labels] == ["Old"]
    (kept,) = backups_of(old)
    assert (_version(old), _version(kept.path), kept.reason) == (SCHEMA_VERSION, 1, Reason.UPGRADE)
    Project.open(old).close()
    assert backups_of(old) == [kept]


def test_without_a_place_for_the_backup_nothing_is_upgraded(old) -> None:
    backup_folder(old).write_text("no folder", encoding="utf-8")
    with pytest.raises(ProjectOpenError, match=r"backup of it is kept .* failed\. Nothing was changed"):
        Project.open(old)
    assert _version(old) == 1


def test_an_upgrade_that_would_break_the_data_leaves_the_file_as_it_was(old) -> None:
    other = sqlite3.connect(old)  # which does not enforce foreign keys unless told to
    other.execute("INSERT INTO actor (name, label_id, notes) VALUES ('Orsk', 9, '')")
    other.commit()
    other.close()
    with pytest.raises(ProjectOpenError, match="point to nothing"):
        Project.open(old)
    assert _version(old) == 1


def test_an_upgrade_that_loses_rows_is_taken_back(old, monkeypatch) -> None:
    real = command.upgrade

    def lossy(alembic, revision) -> None:
        real(alembic, revision)
        alembic.attributes["connection"].exec_driver_sql("DELETE FROM label")

    monkeypatch.setattr(command, "upgrade", lossy)
    with pytest.raises(ProjectOpenError, match="rows would have been lost"):
        Project.open(old)
    assert _version(old) == 1
