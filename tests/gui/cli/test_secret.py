"""Encrypted projects by commands: the passphrase comes from a file, the environment or is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from main import main
from storage import keys
from storage.errors import EnvironmentProblem

pytest.importorskip("sqlcipher3")

WORDS, OTHER_WORDS = "harbour lights at dusk", "other lights, other harbour"


@pytest.fixture(autouse=True)
def alone(monkeypatch) -> None:
    """Keys are derived in few rounds, nothing stands in the environment, and nobody is at a terminal."""
    monkeypatch.setattr(keys, "_ROUNDS", 10)
    monkeypatch.delenv("SAYSO_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)


@pytest.fixture
def run(capsys):
    """Run a command in this process; return what it told, parsed where it is JSON."""

    def do(*arguments: object, code: int = 0):
        assert main([str(word) for word in arguments]) == code, capsys.readouterr().err
        told = capsys.readouterr()
        return json.loads(told.out) if "--json" in arguments else told.err

    return do


def _kept(path: Path, words: str) -> Path:
    path.write_text(words + "\n", encoding="utf-8")
    return path


def test_every_command_works_on_an_encrypted_project(run, tmp_path) -> None:
    project, brief, out = tmp_path / "closed.sayso", tmp_path / "brief.txt", tmp_path / "out.jsonl"
    brief.write_text("Velmar waits.", encoding="utf-8")
    given = ("--passphrase-file", _kept(tmp_path / "secret", WORDS))
    run("new", project, "--encrypt", *given)
    assert run("import", project, brief, *given, "--json")["documents"] == 1
    assert "what was exported is not" in run("export", project, "--format", "jsonl", out, *given)
    assert run("backup", project, *given, "--json")["is_new"]
    assert run("info", project, *given, "--json")["documents"] == 1
    new = _kept(tmp_path / "new secret", OTHER_WORDS)
    assert run("passphrase", project, *given, "--new-passphrase-file", new, "--json")["is_encrypted"]
    assert run("check", project, "--passphrase-file", new, "--json")["problems"] == []
    assert "not the passphrase" in run("info", project, *given, code=2)
    listed = run("restore", project, *given, "--json")["backups"]
    assert [row["documents"] for row in listed] == [1, 0]
    run("restore", project, "--from", "1", *given)
    assert run("info", project, *given, "--json")["documents"] == 0
    end = len(project.read_bytes()) - 100
    (tmp_path / "broken.sayso").write_bytes(project.read_bytes()[:end])
    run("salvage", tmp_path / "broken.sayso", tmp_path / "saved.sayso", *given, "--json")
    assert run("info", tmp_path / "saved.sayso", *given, "--json")["documents"] == 0
    assert run("passphrase", project, "--remove", "--drop-backups", *given, "--json")["backups_dropped"] == 3
    assert run("info", project, "--json")["documents"] == 0
    assert [row["documents"] for row in run("restore", project, "--json")["backups"]] == [0]


def test_backups_that_cannot_be_dropped_do_not_hide_that_the_passphrase_is_new(run, tmp_path, monkeypatch) -> None:
    def refuse(*_) -> None:
        raise EnvironmentProblem("Not all backups could be removed.")

    project, given = tmp_path / "closed.sayso", ("--passphrase-file", _kept(tmp_path / "secret", WORDS))
    run("new", project)
    monkeypatch.setattr("storage.passphrase.drop_former_backups", refuse)
    new = ("--new-passphrase-file", _kept(tmp_path / "new secret", WORDS))
    said = run("passphrase", project, *new, "--drop-backups", code=2)
    assert "“closed.sayso” has a new passphrase. Not all backups could be removed." in said
    assert run("info", project, *given, "--json")["documents"] == 0


def test_the_passphrase_comes_from_the_environment_or_is_typed_twice(run, tmp_path, monkeypatch) -> None:
    project = tmp_path / "closed.sayso"
    assert "--passphrase-file FILE, or in the variable SAYSO_PASSPHRASE" in run("new", project, "--encrypt", code=2)
    typed = iter([WORDS, OTHER_WORDS, WORDS, WORDS, WORDS])
    with monkeypatch.context() as person:
        person.setattr("sys.stdin.isatty", lambda: True)
        person.setattr("getpass.getpass", lambda _question: next(typed))
        assert "not typed the same twice" in run("new", project, "--encrypt", code=1)
        run("new", project, "--encrypt")
        run("info", project)
    assert "is encrypted" in run("info", project, code=2)
    monkeypatch.setenv("SAYSO_PASSPHRASE", WORDS)
    assert run("info", project, "--json")["documents"] == 0


def test_a_passphrase_that_is_too_short_or_cannot_be_read_is_refused(run, tmp_path) -> None:
    project, short = tmp_path / "closed.sayso", _kept(tmp_path / "short", "short")
    assert "at least 8 characters" in run("new", project, "--encrypt", "--passphrase-file", short, code=1)
    assert "cannot be read" in run("new", project, "--encrypt", "--passphrase-file", tmp_path / "none", code=1)
    assert not project.exists()
