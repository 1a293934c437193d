"""Nothing leaves the machine and nothing of a document lies about, seen by an audit of every process.

What each process does with sockets, files and other programs is judged after every journey (see `conftest.py`).
"""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.journey

#: Words that stand in a document only.
MARK = "Zwylthram"


def test_commands_leave_nothing_of_a_document_but_in_the_project_and_what_was_asked_for(home):
    briefs = home.folder / "briefs"
    briefs.mkdir()
    text = f"{MARK} said on Monday that Orsk would pay for the harbour. Ren Taval denied it."
    (briefs / f"{MARK}.txt").write_text(text, encoding="utf-8")
    project = home.folder / "desk.sayso"
    steps = (
        ("new", project),
        ("import", project, briefs),
        ("suggest", project),
        ("export", project, "--format", "jsonl", home.folder / "out.jsonl"),
        ("check", project),
        ("info", project),
    )
    for step in steps:
        done = home.command(*step)
        assert done.returncode == 0, done.stderr
        if step[0] != "import":
            assert MARK not in done.stderr, step

    assert {event["event"] for event in home.events()} >= {"open"}
    holding = {path for path in home.folder.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()}
    rest = {path.name for path in holding if path.parent != briefs} - {"audit.jsonl"}
    assert {name for name in rest if not name.endswith("import.sayso")} == {"desk.sayso", "out.jsonl"}
    assert not [
        path for path in home.folder.rglob("*") if path.suffix in {".part", ".tmp"} or path.name.endswith("-wal")
    ]


def test_the_window_has_no_library_for_networks_at_hand(play):
    told = {entry["page"]: entry for entry in play("meet_a_bug").told}

    assert told["after"]["network"] == []


def test_the_audit_sees_what_it_is_to_see(home, tmp_path):
    code = (
        "import socket, tempfile\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9), timeout=1)\nexcept OSError:\n    print('refused')\n"
        f"open({str(tmp_path / 'elsewhere')!r}, 'w').close()\ntempfile.mkdtemp()\n"
    )
    subprocess.run([sys.executable, "-c", code], env=home.environment, check=True, capture_output=True)
    seen = [event["event"] for event in home.breaches()]
    home.audited.write_text("")

    assert {"socket.connect", "socket.getaddrinfo", "open", "tempfile.mkdtemp"} <= set(seen)
