"""What can be read of a damaged encrypted project is saved too, with its passphrase, and stays encrypted."""

from __future__ import annotations

import random
import shutil

import pytest

from storage import keys, queries
from storage.backup import back_up, backup_folder
from storage.doctor import check
from storage.errors import PassphraseNeededError, ProjectDamagedError, WrongPassphraseError
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import spans
from storage.passphrase import change_passphrase
from storage.project import Project
from storage.records import Fragment
from storage.salvage import salvage
from storage.thinning import Reason

pytest.importorskip("sqlcipher3")

SECRET, PAGE = "harbour lights at dusk", keys.PAGE_BYTES


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    """Derive keys in fewer rounds: the real number costs a third of a second each time, on purpose."""
    monkeypatch.setattr(keys, "_ROUNDS", 10)


@pytest.fixture
def broken(tmp_path):
    """A project of twenty documents with a mention each, and a backup of it; to be damaged."""
    path = tmp_path / "broken.sayso"
    with Project.create(path, passphrase=SECRET) as project:
        texts = [f"Orsk waits, document {n}. " + f"Velmar answers in words {n}. " * 40 for n in range(20)]
        with Importer(project) as importer:
            importer.add_file("t", [ExchangeDocument(title=f"Brief {n}", text=text) for n, text in enumerate(texts)])
            importer.publish()
        label = queries.codebook(project).labels[0].id
        for item in queries.document_items(project):
            spans.draw(project, item.document.id, label, [Fragment(0, 4)])
        key = project.key
    back_up(path, Reason.OPEN, key=key)
    return path


def _everything(path):
    with Project.open(path, SECRET) as project:
        assert check(project) == []
        contents = [queries.document_content(project, item.document.id) for item in queries.document_items(project)]
        return [(c.document.title, c.text, c.spans) for c in contents]


def _tear(path, places, length=PAGE) -> None:
    data = bytearray(path.read_bytes())
    for place in places:
        data[place : place + length] = random.Random(place).randbytes(length)
    path.write_bytes(data)


@pytest.mark.parametrize("length", [16, PAGE], ids=["a block", "the page"])
def test_torn_pages_of_an_encrypted_project_are_read_around(broken, tmp_path, length) -> None:
    before = _everything(broken)
    count = broken.stat().st_size // PAGE
    _tear(broken, [n * PAGE + 512 for n in range(12, count, 9)], min(length, PAGE - 512))
    damaged = broken.read_bytes()
    report = salvage(broken, tmp_path / "new.sayso", passphrase=SECRET)
    saved = _everything(report.path)
    assert len(saved) == len(before)
    assert [text for _, text, _ in saved] == [text for _, text, _ in before]
    assert sum(len(found) for *_, found in saved) >= 18  # a row that noise fell into may break a rule
    assert broken.read_bytes() == damaged
    assert not list(tmp_path.glob(".sayso-*"))


def test_without_its_first_page_the_salt_and_the_page_come_from_a_backup(broken, tmp_path) -> None:
    before = _everything(broken)
    _tear(broken, [0])
    with pytest.raises(ProjectDamagedError, match="its beginning is lost"):
        Project.open(broken, SECRET)
    with pytest.raises(WrongPassphraseError):
        Project.open(broken, "other words")
    report = salvage(broken, tmp_path / "new.sayso", passphrase=SECRET)
    assert _everything(report.path) == before
    shutil.rmtree(backup_folder(broken))
    with pytest.raises(WrongPassphraseError, match="No page"):
        salvage(broken, tmp_path / "other.sayso", passphrase=SECRET)
    assert not (tmp_path / "other.sayso").exists()


def test_a_first_page_of_zeros_is_damage_where_the_backups_are_encrypted(broken, tmp_path) -> None:
    before = _everything(broken)
    broken.write_bytes(bytes(PAGE) + broken.read_bytes()[PAGE:])
    with pytest.raises(ProjectDamagedError, match="its beginning is lost"):
        Project.open(broken, SECRET)
    assert _everything(salvage(broken, tmp_path / "new.sayso", passphrase=SECRET).path) == before


def test_what_is_saved_of_an_encrypted_project_is_encrypted(broken, tmp_path) -> None:
    new = tmp_path / "new.sayso"
    with pytest.raises(PassphraseNeededError):
        salvage(broken, new)
    with pytest.raises(WrongPassphraseError):
        salvage(broken, new, passphrase="other words")
    assert not new.exists()
    salvage(broken, new, passphrase=SECRET)
    assert b"Velmar" not in new.read_bytes()
    with pytest.raises(WrongPassphraseError):
        Project.open(new, "other words")


def test_a_project_that_was_encrypted_once_needs_no_passphrase(broken) -> None:
    change_passphrase(broken, SECRET, None)
    _tear(broken, [5 * PAGE])
    assert salvage(broken, broken.with_name("new.sayso")).saved["label"]
