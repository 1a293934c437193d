"""Whichever call to the file system fails: exports, backups and restores are done wholly or not at all, and so told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from deeds import at, prepare
from faulty_files import FaultyFiles, each_error

from storage import keys, queries
from storage.backup import back_up, backups_of, verified
from storage.codebook_file import CodebookFile, write_codebook
from storage.errors import EnvironmentProblem
from storage.exporting import written
from storage.formats.losses import Losses
from storage.formats.registry import format_named
from storage.operations import spans
from storage.passphrase import change_passphrase
from storage.project import Project
from storage.restore import restore
from storage.thinning import Reason

SECRET = "harbour lights at dusk"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A project with a decision that its backup lacks, alone in a folder."""
    path = tmp_path_factory.mktemp("prepared") / "p.sayso"
    prepare(path)
    back_up(path, Reason.HAND)
    with Project.open(path) as project:
        label = queries.codebook(project).labels[0].id
        spans.draw(project, 1, label, at("Velmar waits"))
    return path


def _export(path: Path, name: str, target: str) -> None:
    form = format_named(name)
    with Project.open(path) as project:
        documents, context = written(project, form, Losses())
        form.writer().write(documents, path.parent / target, context)


def _codebook(path: Path) -> None:
    write_codebook(path.parent / "book.toml", CodebookFile(queries.Codebook()))


#: What is done, and the name of what it makes.
_DEEDS = {
    "a file": (lambda path: _export(path, "jsonl", "out.jsonl"), "out.jsonl"),
    "bytes": (lambda path: _export(path, "refi", "out.qdpx"), "out.qdpx"),
    "a folder": (lambda path: _export(path, "brat", "out"), "out"),
    "a codebook": (_codebook, "book.toml"),
    "a backup": (lambda path: back_up(path, Reason.HAND), "p.sayso-backups"),
    "a restore": (lambda path: restore(path, backups_of(path)[-1].path), "p.sayso"),
    "a passphrase": (lambda path: change_passphrase(path, None, SECRET), "p.sayso"),
}


def _state(path: Path) -> object:
    """Return what a file or folder holds; of projects and backups what they hold, since no two have the same bytes."""
    if path.name.endswith("-backups"):
        return [verified(backup.path) for backup in backups_of(path.with_name("p.sayso"))]
    if path.suffix == ".sayso":
        is_encrypted = keys.is_encrypted(path)
        with Project.open(path, SECRET if is_encrypted else None) as project:
            return is_encrypted, queries.document_content(project, 1).spans
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir()}
    return path.read_bytes() if path.exists() else None


@pytest.mark.parametrize("name", _DEEDS)
def test_whichever_call_fails_it_is_done_wholly_or_not_at_all(prepared, tmp_path, monkeypatch, name) -> None:
    deed, made = _DEEDS[name]
    if name == "a passphrase":
        pytest.importorskip("sqlcipher3")
        monkeypatch.setattr(keys, "_ROUNDS", 10)
    folder = tmp_path / "work"

    def fresh() -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(prepared.parent, folder)) / prepared.name

    path = fresh()
    before = _state(path.with_name(made))
    deed(path)
    after = _state(path.with_name(made))
    assert after != before
    files = FaultyFiles(monkeypatch)
    refused = 0
    for number, error in each_error():
        path = fresh()
        told = ""
        with files.failing(number, error):
            try:
                deed(path)
            except EnvironmentProblem as problem:
                told = str(problem)
            has_failed, where = bool(files.failed), f"{number}: {files.failed}: {told}"
        now = _state(path.with_name(made))
        assert now == (before if told else after), where
        assert not list(folder.rglob(".*.part*")), where
        refused += bool(told)
        if not has_failed:
            break
    assert refused >= 2
