"""An encrypted project tells nothing without its passphrase, and a wrong one is told apart from a damaged file."""

from __future__ import annotations

import logging
import random
import sqlite3
import stat
from pathlib import Path

import pytest

from storage import backup as backups
from storage import keys, queries
from storage.backup import BackupError, back_up, backup_folder, backups_of
from storage.doctor import check
from storage.errors import PassphraseNeededError, ProjectDamagedError, ProjectOpenError, WrongPassphraseError
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.keys import Key
from storage.operations import spans
from storage.passphrase import change_passphrase, drop_former_backups
from storage.project import Project
from storage.records import Fragment
from storage.repairs import repair_all
from storage.restore import RestoreError, contents_of, difference, restore
from storage.search import find
from storage.search_index import update_index
from storage.search_query import SearchQuery, needle_of
from storage.thinning import Reason

pytest.importorskip("sqlcipher3")

SECRET, WORDS = "harbour lights at dusk", "Velmar waits for the islands"


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    """Derive keys in fewer rounds: the real number costs a third of a second each time, on purpose."""
    monkeypatch.setattr(keys, "_ROUNDS", 10)


@pytest.fixture
def secret(path):
    """An encrypted project with a document and a decision, closed."""
    with Project.create(path, passphrase=SECRET) as project:
        with Importer(project) as importer:
            importer.add_file("x", [ExchangeDocument(title="Islands", text=f"{WORDS}. " * 50)])
            importer.publish()
        label = queries.codebook(project).labels[0].id
        spans.draw(project, queries.document_items(project)[0].document.id, label, [Fragment(0, 6)])
        update_index(project)
    return path


def _quotes(path, passphrase=SECRET) -> list[str]:
    with Project.open(path, passphrase) as project:
        items = queries.document_items(project)
        return [span.quote for item in items for span in queries.document_content(project, item.document.id).spans]


def _work(path) -> None:
    with Project.open(path, SECRET) as project:
        queries.codebook(project)
        for problem in check(project):
            raise ProjectOpenError(problem)


def test_nothing_of_the_texts_stands_in_any_file(path, capfd, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    with Project.create(path, passphrase=SECRET) as project:
        with Importer(project) as importer:
            importer.add_file("x", [ExchangeDocument(title="Islands", text=f"{WORDS}. " * 50)])
            importer.publish()
        update_index(project)
        back_up(path, Reason.HAND, key=project.key)
        assert check(project) == []
        files = [file for file in path.parent.rglob("*") if file.is_file()]
        assert len(files) >= 4
        for file in files:
            data = file.read_bytes()
            assert b"Velmar" not in data, file.name
            assert not data.startswith(b"SQLite"), file.name
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        shown = repr(project.key) + caplog.text + "".join(capfd.readouterr())
        assert SECRET not in shown
        assert project.key.raw.hex() not in shown


def test_the_passphrase_opens_it_for_work(secret) -> None:
    with Project.open(secret, SECRET) as project:
        assert find(project, needle_of(SearchQuery("islands"))).hits
        spans.draw(project, 1, queries.codebook(project).labels[0].id, [Fragment(7, 12)])
        assert check(project) == []
    assert _quotes(secret) == ["Velmar", "waits"]


def test_without_or_with_another_passphrase_it_stays_closed_and_unchanged(secret) -> None:
    before = secret.read_bytes()
    with pytest.raises(PassphraseNeededError, match="is encrypted"):
        Project.open(secret)
    for wrong in ("", SECRET.upper(), SECRET + " "):
        with pytest.raises(WrongPassphraseError, match=r"not the passphrase .* Nothing was changed"):
            Project.open(secret, wrong)
    assert secret.read_bytes() == before
    assert [entry.name for entry in secret.parent.iterdir()] == [secret.name]


def test_a_damaged_file_is_told_apart_from_a_wrong_passphrase(secret, capfd) -> None:
    data = bytearray(secret.read_bytes())
    data[200] ^= 1
    secret.write_bytes(data)
    with pytest.raises(ProjectDamagedError, match="the passphrase is right"):
        Project.open(secret, SECRET)
    with pytest.raises(WrongPassphraseError):
        Project.open(secret, "another one")
    data[200] ^= 1
    data[4096 * 2 + 7] ^= 1
    secret.write_bytes(data)
    with pytest.raises(ProjectOpenError, match="is damaged"):
        _work(secret)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("missing", [100, 4096])
def test_an_encrypted_project_whose_end_is_missing_is_damaged(secret, missing) -> None:
    secret.write_bytes(secret.read_bytes()[:-missing])
    with pytest.raises(ProjectDamagedError, match="is damaged"):
        _work(secret)


def test_a_plain_project_asks_for_no_passphrase(path) -> None:
    Project.create(path).close()
    Project.open(path, "whatever").close()
    path.write_bytes(random.Random(1).randbytes(8192))
    with pytest.raises(PassphraseNeededError, match="encrypted, or no Sayso project"):
        Project.open(path)
    path.write_bytes(b"just a text " * 1024)
    with pytest.raises(ProjectOpenError, match="not a Sayso project"):
        Project.open(path)


def test_the_key_is_the_one_that_sqlcipher_itself_derives(path, monkeypatch) -> None:
    monkeypatch.undo()
    Project.create(path, passphrase=SECRET).close()
    import sqlcipher3.dbapi2 as cipher

    connection = cipher.connect(str(path))
    connection.execute(f"PRAGMA key = '{SECRET}'")
    assert connection.execute("SELECT count(*) FROM label").fetchone()[0] > 0
    connection.close()


def test_backups_have_the_same_key_and_are_restored(secret) -> None:
    with Project.open(secret, SECRET) as project:
        key = project.key
        made = back_up(secret, Reason.WORK, key=key).made
        assert back_up(secret, Reason.WORK, key=key) == backups.BackupReport()
        spans.draw(project, 1, queries.codebook(project).labels[0].id, [Fragment(7, 12)])
        assert difference(secret, made.path, key).decisions_added == 1
    assert contents_of(made.path, key).decisions == 1
    assert difference(secret, made.path) is None
    with pytest.raises(RestoreError):
        restore(secret, made.path, Key.derive("another one"))
    assert _quotes(secret) == ["Velmar", "waits"]
    done = restore(secret, made.path, key)
    assert _quotes(secret) == ["Velmar"]
    assert _quotes(done.present_kept_at) == ["Velmar", "waits"]


def test_what_was_damaged_within_is_mended(secret, monkeypatch) -> None:
    with Project.open(secret, SECRET) as project:
        back_up(secret, Reason.OPEN, key=project.key)
        with project._write_engine.connect() as connection, connection.begin():
            connection.exec_driver_sql("UPDATE document_text SET text = 'gone'")
            connection.exec_driver_sql("UPDATE span SET note = 'x'")
        monkeypatch.setattr("storage.replay.ImageStore.__init__.__defaults__", (None, 3))
        report = repair_all(project)
        assert (len(report.mended), report.left) == (2, ())
        assert not list(secret.parent.glob(".sayso*"))


def test_the_passphrase_is_changed_and_backups_before_keep_the_former(secret) -> None:
    new = "another harbour, other lights"
    change_passphrase(secret, SECRET, new)
    assert _quotes(secret, new) == ["Velmar"]
    with pytest.raises(WrongPassphraseError):
        Project.open(secret, SECRET)
    (kept,) = backups_of(secret)
    assert kept.reason is Reason.PASSPHRASE
    assert _quotes(kept.path, SECRET) == ["Velmar"]
    with pytest.raises(WrongPassphraseError):
        change_passphrase(secret, SECRET, "whatever else")


def test_a_plain_project_is_encrypted_and_an_encrypted_one_made_plain(bench, path) -> None:
    bench.draw("State", "Orsk")
    before = bench.state()
    bench.project.close()
    change_passphrase(path, None, SECRET)
    with Project.open(path, SECRET) as project:
        bench.project = project
        assert bench.state() == before
        assert check(project) == []
        assert update_index(project) == 1
    assert b"Orsk" not in path.read_bytes()
    change_passphrase(path, SECRET, None)
    with Project.open(path) as project:
        bench.project = project
        assert bench.state() == before
        assert check(project) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_change_that_fails_leaves_the_project_as_it_was(secret, monkeypatch) -> None:
    before = secret.read_bytes()
    monkeypatch.setattr("storage.passphrase.verified", lambda *_: (0,))
    with pytest.raises(ProjectOpenError, match="was not changed"):
        change_passphrase(secret, SECRET, "something else")
    assert secret.read_bytes() == before
    assert not list(secret.parent.glob(".sayso*"))
    assert len(list(backup_folder(secret).iterdir())) == 1


def test_without_the_driver_one_sentence_tells_what_to_install(secret, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sqlcipher3.dbapi2", None)
    monkeypatch.setitem(__import__("sys").modules, "sqlcipher3", None)
    with pytest.raises(ProjectOpenError, match=r"pip install 'sayso\[encryption\]'"):
        Project.open(secret, SECRET)
    with pytest.raises(ProjectOpenError, match="not installed"):
        Project.create(secret.with_name("other.sayso"), passphrase=SECRET)
    assert not secret.with_name("other.sayso").exists()


def test_backups_of_a_former_passphrase_that_cannot_be_removed_are_told(secret, monkeypatch) -> None:
    change_passphrase(secret, SECRET, "other words")
    assert backups_of(secret)

    def refuse(path, **_) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as refused:
        refused.setattr(Path, "unlink", refuse)
        refused.setattr("storage.passphrase.back_up", lambda *_args, **_more: None)
        with pytest.raises(BackupError, match="could be removed: Permission denied"):
            drop_former_backups(secret, "other words")
    assert drop_former_backups(secret, "other words") == 1
    (kept,) = backups_of(secret)
    assert contents_of(kept.path, keys.key_for(secret, "other words")).documents == 1
    assert drop_former_backups(secret, "other words") == 0


def test_backups_that_the_new_one_thins_out_are_no_problem(secret) -> None:
    back_up(secret, Reason.HAND, key=keys.key_for(secret, SECRET))
    (kept,) = backups_of(secret)
    for number in range(2, 12):  # of one hour long ago, of which only one is to stay
        place = kept.path.with_name(f"{number:04} 2020-01-01T09-{number:02}-00Z work.sayso")
        place.write_bytes(kept.path.read_bytes())
    change_passphrase(secret, SECRET, "other words")
    drop_former_backups(secret, "other words")
    (kept,) = backups_of(secret)
    assert contents_of(kept.path, keys.key_for(secret, "other words")).documents == 1
