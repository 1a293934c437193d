"""kill -9 in the middle of long work: it happened wholly or not at all, and the project is sound."""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from big_project import make_big
from deed_server import LONG_DEEDS, PASSPHRASE, suggested
from deeds import rows

from storage import backup, durable, history, keys, migrations
from storage.doctor import check
from storage.engine import APPLICATION_ID, write_engine
from storage.errors import WrongPassphraseError
from storage.formats.atomic import atomic_writer
from storage.operations import bulk
from storage.project import Project
from storage.restore import restore
from storage.thinning import Reason

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks processes to be killed")

SERVER = Path(__file__).parents[1] / "helpers" / "deed_server.py"
#: What works on files takes longer, and has fewer moments that matter.
FILE_ROUNDS = max(3, int(os.environ.get("SAYSO_KILL_ROUNDS", "50")) // 12)
ROUNDS = max(6, int(os.environ.get("SAYSO_KILL_ROUNDS", "50")) // 8)
#: What is different each time: moments, and ids that an attempt used up.
_FLEETING = {"setting", "change", "change_set", "import_batch"}


@pytest.fixture(autouse=True)
def no_replay(monkeypatch) -> None:
    """Check all but the log's beginning: these projects were filled at once, past the journal."""
    monkeypatch.setattr("storage.doctor.replay_findings", lambda _project, _progress: [])


@pytest.fixture(scope="module")
def server():
    process = subprocess.Popen(
        [sys.executable, SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=SERVER.parents[2], text=True
    )
    yield process
    process.communicate(timeout=60)


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A project of 60 documents for each deed: as it is before."""
    folder = tmp_path_factory.mktemp("ready")
    plain, decided = folder / "plain.sayso", folder / "decided.sayso"
    make_big(plain, 60)
    shutil.copyfile(plain, decided)
    with Project.open(decided) as project:
        bulk.take_away_many(project, suggested(project))
    undone = folder / "undone.sayso"
    shutil.copyfile(decided, undone)
    with Project.open(undone) as project:
        history.undo(project)
    return dict.fromkeys(LONG_DEEDS, plain) | {"undo": decided, "redo": undone, "upgrade": _old(folder)}


def _old(folder: Path) -> Path:
    """Make a project as the first version of the schema left it."""
    path = folder / "old.sayso"
    path.touch()
    engine = write_engine(path)
    with engine.begin() as connection:
        alembic = migrations.config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0001")
        run = connection.exec_driver_sql
        run("INSERT INTO analyst (name, created_at) VALUES ('Mira', 'then')")
        run(
            "INSERT INTO label (kind, name, colour, definition, examples, position) VALUES (?, ?, '', '', '', ?)",
            [("cue", f"Old {n}", n) for n in range(300)],
        )
        run(f"PRAGMA application_id = {APPLICATION_ID}")
        run("PRAGMA user_version = 1")
    engine.dispose()
    return path


def _do(server, deed: str, path: Path, after_s: float | None) -> float:
    """Do a deed, kill it so long after its beginning (`None`: when it is done), and return how long it was at it."""
    server.stdin.write(json.dumps([deed, str(path)]) + "\n")
    server.stdin.flush()
    child = int(server.stdout.readline())
    assert server.stdout.readline() == "begin\n"
    began = time.perf_counter()
    if after_s is None:
        assert server.stdout.readline() == "done\n"
    else:
        select.select([], [], [], after_s)
    os.kill(child, signal.SIGKILL)
    took = time.perf_counter() - began
    while "ended" not in server.stdout.readline():  # "done" may stand before it
        continue
    return took


def _content(path: Path, passphrase: str | None = None) -> dict[str, list[tuple[object, ...]]]:
    """Open a project as the next start would, and return what it holds without moments."""
    with Project.open(path, passphrase) as project:
        assert check(project) == []
        found = rows(project, has_log=False)
        taken = {name: [_timeless(row) for row in table] for name, table in found.items() if name not in _FLEETING}
        history.next_undo(project)
    return taken


def _timeless(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(value for value in row if not (isinstance(value, str) and value[4:5] == "-" and value[-1:] == "Z"))


@pytest.mark.timeout(60 + 5 * ROUNDS)
@pytest.mark.parametrize("deed", [*LONG_DEEDS, "upgrade"])
def test_work_that_was_killed_is_there_wholly_or_not_at_all(server, ready, tmp_path, deed) -> None:
    chance = random.Random(deed)

    def fresh(number: int) -> Path:
        folder = tmp_path / str(number)
        folder.mkdir()
        return Path(shutil.copyfile(ready[deed], folder / "p.sayso"))

    before = _content(fresh(0))
    whole = fresh(1)
    took = _do(server, deed, whole, None)
    after = _content(whole)
    for number in range(ROUNDS):
        path = fresh(number + 2)
        _do(server, deed, path, chance.random() * took * 1.1)
        now = _content(path)
        assert now in (before, after), f"{deed}, round {number}"
        for made in backup.backups_of(path):
            backup.verified(made.path)  # raises if a backup that has its name is not whole
        shutil.rmtree(path.parent)


def _killed(server, deed: str, model: Path, tmp_path: Path) -> Iterator[Path]:
    """Do a deed on copies of a folder with a project; yield the project once where it was done, then where killed."""
    chance = random.Random(deed)
    took = None
    for number in range(FILE_ROUNDS + 1):
        folder = shutil.copytree(model.parent, tmp_path / f"{deed} {number}")
        after_s = None if took is None else chance.random() * took * 1.1
        done = _do(server, deed, folder / model.name, after_s)
        took = done if took is None else took
        yield folder / model.name
        shutil.rmtree(folder)


@pytest.fixture
def model(ready, tmp_path):
    """A project alone in a folder, with a backup of an earlier state."""
    folder = tmp_path / "model"
    folder.mkdir()
    path = folder / "p.sayso"
    shutil.copyfile(ready["undo"], path)
    with Project.open(path) as project:
        backup.back_up(path, Reason.HAND)
        history.undo(project)
    return path


@pytest.mark.timeout(60 + 20 * FILE_ROUNDS)
def test_a_restore_that_was_killed_leaves_the_present_or_the_backup(server, model, tmp_path) -> None:
    before = _content(Path(shutil.copyfile(model, tmp_path / "before.sayso")))
    after = None
    for path in _killed(server, "restore", model, tmp_path):
        now = _content(path)
        after = now if after is None else after
        assert now in (before, after)
        kept = [_content(each.path) for each in backup.backups_of(path)]
        assert after in kept
        assert now == before or before in kept
        restore(path, backup.backups_of(path)[-1].path)
        assert not list(path.parent.glob(".sayso-*"))
    assert before != after


@pytest.mark.timeout(60 + 20 * FILE_ROUNDS)
def test_a_change_of_passphrase_that_was_killed_leaves_one_that_opens_everything(server, model, tmp_path) -> None:
    pytest.importorskip("sqlcipher3")
    before = _content(Path(shutil.copyfile(model, tmp_path / "before.sayso")))
    found = set()
    for path in _killed(server, "passphrase", model, tmp_path):
        is_encrypted = keys.is_encrypted(path)
        found.add(is_encrypted)
        assert _content(path, PASSPHRASE if is_encrypted else None) == before
        if is_encrypted:
            with pytest.raises(WrongPassphraseError):
                Project.open(path, "other words")
        durable.new_part(path)  # as whatever is written next begins
        assert not list(path.parent.glob(".sayso-*"))
    assert True in found


@pytest.mark.timeout(60 + 20 * FILE_ROUNDS)
def test_an_export_that_was_killed_is_there_wholly_or_not_at_all_and_the_next_one_tidies_up(
    server, model, tmp_path
) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    whole = None
    for path in _killed(server, "export", model, tmp_path):
        out = path.parent / "out"
        whole = files(out) if whole is None else whole
        assert not out.exists() or files(out) == whole
        with atomic_writer(path.parent / "another.txt") as stream:
            stream.write("Orsk")
        assert not list(path.parent.glob(".sayso-*"))
    assert whole
