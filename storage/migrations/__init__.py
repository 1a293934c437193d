"""Migrations of the project file, by Alembic, from the first schema on."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from storage.engine import APPLICATION_ID, SCHEMA_VERSION
from storage.errors import ProjectOpenError
from storage.tables import METADATA


def config() -> Config:
    """Return Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return made


def upgrade(engine: Engine) -> None:
    """Bring a project to the present schema in one transaction, and mark it as ours.

    Foreign keys are off meanwhile: a batch rebuild would cascade into the children and delete them silently.
    They are checked before the commit.

    Raises:
        ProjectOpenError: the upgraded data would break a foreign key, or lack rows; the file is as it was.
    """
    with engine.connect() as connection:
        raw = connection.connection.cursor()
        raw.execute("PRAGMA foreign_keys = 0")
        try:
            with connection.begin():
                before = _row_counts(connection)
                alembic = config()
                alembic.attributes["connection"] = connection
                _migrate(alembic)
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise ProjectOpenError("The project could not be upgraded: links in it point to nothing.")
                after = _row_counts(connection)
                if any(after[table] < rows for table, rows in before.items() if table in after):
                    raise ProjectOpenError("The project could not be upgraded: rows would have been lost.")
                connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
        finally:
            raw.execute("PRAGMA foreign_keys = 1")
            raw.close()


def _migrate(alembic: Config) -> None:
    try:
        command.upgrade(alembic, "head")
    except CommandError as error:
        raise ProjectOpenError(
            f"The project could not be upgraded: it is of no version that Sayso knows ({error}). It was not changed; "
            "restore a backup."
        ) from error


def _row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each of our tables has."""
    run = connection.exec_driver_sql
    present = {name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")} - {"alembic_version"}
    known = present & METADATA.tables.keys()
    return {name: int(run(f'SELECT count(*) FROM "{name}"').scalar_one()) for name in known}  # noqa: S608
