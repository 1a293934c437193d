"""Words that no command can do anything with: one sentence, exit code 2."""

from __future__ import annotations

import pytest

from main import main

_TWO_NETWORKS = ("--set", "network=agreement", "--set", "network=actor-actor")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["imprt"], "“imprt” is neither a command nor a project"),
        (["new", ""], "is no name for a project"),
        (["new", "a.sayso", "--encrypt"], "a new passphrase: give it by --passphrase-file FILE"),
        (["import", "notes.sayso", "x.txt"], "“notes.sayso” is not a Sayso project"),
        (["export", "desk.sayso", "x", "--format", "gexf", *_TWO_NETWORKS], "network is agreement already"),
        (["import", "desk.sayso", "x", "--map", "A=B", "--map", "A=C"], "A is mapped already"),
        (["import", "desk.sayso", "x", "--column", "date=a", "--column", "date=b"], "date is a already"),
        (["passphrase", "desk.sayso"], "give it by --new-passphrase-file FILE"),
        (["evaluate", "desk.sayso", "--score", "high"], "“high” is no number from 0 to 1"),
        (["evaluate", "desk.sayso", "--examples", "-1"], "“-1” is no whole number from 0 on"),
    ],
)
def test_what_is_wrong_with_the_words_is_told(tmp_path, monkeypatch, capsys, arguments: list[str], words: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SAYSO_PASSPHRASE", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    (tmp_path / "desk.sayso").write_bytes(b"SQLite format 3\0")
    (tmp_path / "notes.sayso").write_text("hello")
    try:
        code = main(arguments)
    except SystemExit as end:  # as argparse ends
        code = end.code
    assert code == 2
    told = capsys.readouterr().err
    assert words in told
    assert "No backup" not in told
