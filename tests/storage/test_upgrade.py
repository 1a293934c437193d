"""Projects of older versions are brought up to date, and a copy of what they were stays."""

from __future__ import annotations

import sqlite3
import stat

import pytest
from alembic import command

from storage import migrations, queries
from storage.doctor import check
from storage.engine import APPLICATION_ID, SCHEMA_VERSION, write_engine
from storage.errors import ProjectOpenError
from storage.project import Project

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


def _versions(folder) -> dict[str, int]:
    found = {}
    for entry in folder.iterdir():
        connection = sqlite3.connect(entry)
        found[entry.name] = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.close()
    return found


def test_an_older_project_is_brought_up_to_date_and_kept_as_it_was(old) -> None:
    with Project.open(old) as project:
        assert [label.name for label in queries.codebook(project).labels] == ["Old"]
        assert check(project) == []
    assert _versions(old.parent) == {"Straits desk.sayso": SCHEMA_VERSION, "Straits desk (format 1).sayso": 1}
    assert stat.S_IMODE((old.parent / "Straits desk (format 1).sayso").stat().st_mode) == 0o600
    Project.open(old).close()
    assert len(list(old.parent.iterdir())) == 2


def test_a_copy_that_stands_there_already_is_kept(old) -> None:
    (old.parent / "Straits desk (format 1).sayso").write_text("mine", encoding="utf-8")
    Project.open(old).close()
    assert (old.parent / "Straits desk (format 1).sayso").read_text(encoding="utf-8") == "mine"
    assert (old.parent / "Straits desk (format 1) 1.sayso").exists()


def test_without_a_place_for_the_copy_nothing_is_upgraded(old, monkeypatch) -> None:
    real = sqlite3.connect

    def refuse(database, *args, **more):
        if "(format 1)" in str(database):
            raise sqlite3.OperationalError("database or disk is full")
        return real(database, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", refuse)
        with pytest.raises(ProjectOpenError, match=r"could not be written .*Nothing was changed"):
            Project.open(old)
    assert _versions(old.parent) == {"Straits desk.sayso": 1}


def test_an_upgrade_that_would_break_the_data_leaves_the_file_as_it_was(old) -> None:
    other = sqlite3.connect(old)  # which does not enforce foreign keys unless told to
    other.execute("INSERT INTO actor (name, label_id, notes) VALUES ('Orsk', 9, '')")
    other.commit()
    other.close()
    with pytest.raises(ProjectOpenError, match="point to nothing"):
        Project.open(old)
    assert _versions(old.parent)["Straits desk.sayso"] == 1


def test_an_upgrade_that_loses_rows_is_taken_back(old, monkeypatch) -> None:
    real = command.upgrade

    def lossy(alembic, revision) -> None:
        real(alembic, revision)
        alembic.attributes["connection"].exec_driver_sql("DELETE FROM label")

    monkeypatch.setattr(command, "upgrade", lossy)
    with pytest.raises(ProjectOpenError, match="rows would have been lost"):
        Project.open(old)
    assert _versions(old.parent)["Straits desk.sayso"] == 1
