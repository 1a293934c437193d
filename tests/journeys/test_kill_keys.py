"""kill -9 while someone decides by keys: what the screen showed as saved is in the file, and nothing is half done."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from shown import digest

from nlp.suggestion import SUGGESTER, VERSION
from storage import history, queries
from storage.doctor import check
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations.settings import set_remembering
from storage.project import Project
from storage.suggesting import store_suggestions

pytestmark = [pytest.mark.journey, pytest.mark.skipif(not hasattr(os, "fork"), reason="forks the program")]

HERE = Path(__file__).parent
#: `SAYSO_KILL_ROUNDS=500` for the long run (see docs/benchmarks.md).
ROUNDS = int(os.environ.get("SAYSO_KILL_ROUNDS", "50"))
LANES = 2
_MOST_KEYS = 14

_SENTENCE = "Velmar said that Orsk would pay for the harbour of Karsk. "


@dataclass
class Told:
    """What the screen told last: the document, the digest of what it showed, and the key that was pressed since."""

    document_id: int
    shown: str
    key: str | None


def _make_project(path: Path) -> None:
    """Make three documents full of suggestions that this version of the suggesters has read."""
    with Project.create(path) as project:
        with Importer(project) as importer:
            text = _SENTENCE * 40
            importer.add_file("x", [ExchangeDocument(title=f"Note {n}", text=text) for n in range(3)])
            importer.publish()
        for item in queries.document_items(project):
            spans, links = [], []
            for at in range(0, len(text), len(_SENTENCE)):
                for code, words in (
                    ("state", "Velmar"),
                    ("cue", "said"),
                    ("claim", "that Orsk would pay"),
                    ("state", "Orsk"),
                ):
                    start = at + _SENTENCE.index(words)
                    places = ((start, start + len(words)),)
                    spans.append(
                        SimpleNamespace(
                            key=len(spans), code=code, fragments=places, score=0.9, actor_id=None, reason="rule"
                        )
                    )
                claim = len(spans) - 2
                links.append(SimpleNamespace(code="speaker", from_key=claim, to_key=claim - 2, score=0.8))
                links.append(SimpleNamespace(code="cue", from_key=claim, to_key=claim - 1, score=0.8))
            head = {"suggester": SUGGESTER, "version": VERSION, "model": "test", "document_id": item.document.id}
            store_suggestions(project, SimpleNamespace(spans=spans, links=links, **head))
        set_remembering(project, is_on=False)  # suggestions that come up by themselves are no decisions of the screen


class Lane:
    """One project that is worked on, killed and opened again, by a server of its own."""

    def __init__(self, folder: Path, environment: dict[str, str], seed: int) -> None:
        self.path = folder / f"lane {seed}.sayso"
        self.chance = random.Random(seed)
        _make_project(self.path)
        self.server = subprocess.Popen(
            [sys.executable, HERE / "fork_server.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment,
            text=True,
        )

    def rounds(self, count: int) -> int:
        """Work and die `count` times; return how many keys the screen acknowledged in all."""
        keys = 0
        for number in range(count):
            told, pressed = self._work_and_die(number)
            keys += pressed
            if told is not None:
                self._compare(told, f"round {number}")
        with Project.open(self.path) as project:
            assert check(project) == []
        return keys

    def close(self) -> str:
        """End the server; return what it and the programs wrote to standard error."""
        return self.server.communicate(timeout=60)[1]

    def _work_and_die(self, number: int) -> tuple[Told | None, int]:
        script, seed = HERE / "scripts" / "decide_until_killed.py", self.chance.randrange(1_000_000)
        arguments = [str(script), str(seed), str(self.path)]
        self.server.stdin.write(json.dumps(arguments) + "\n")
        self.server.stdin.flush()
        child = json.loads(self.server.stdout.readline())["pid"]
        wanted, told, pressed, key = self.chance.randint(1, _MOST_KEYS), None, 0, None
        for facts in self._lines():
            if "ended" in facts:
                assert os.WIFSIGNALED(facts["ended"]), self.close()
                return (None if told is None else Told(told["document"], told["shown"], key)), pressed
            if "pressing" in facts:
                key = facts["pressing"]
                if pressed == wanted:  # within the key press, early or late
                    _wait_a_moment(self.chance.random() * 0.02)
                    os.kill(child, signal.SIGKILL)
            else:
                assert facts["saved"] == "● saved"
                told, key, pressed = facts, None, pressed + 1
        raise AssertionError(self.close())

    def _lines(self) -> Iterator[dict[str, object]]:
        """Yield what is told, but for a line that the blow cut off."""
        for line in self.server.stdout:
            try:
                facts = json.loads(line)
            except json.JSONDecodeError:
                continue
            yield facts

    def _compare(self, told: Told, where: str) -> None:
        """The file holds what was on screen, or that and the whole of the one key that was being pressed."""
        with Project.open(self.path) as project:
            if _digest(project, told.document_id) != told.shown:
                assert told.key is not None, where
                (history.redo if told.key == "Ctrl+Z" else history.undo)(project)
                assert _digest(project, told.document_id) == told.shown, f"{where}, after {told.key}"
            with project.reading() as connection:
                assert connection.exec_driver_sql("PRAGMA quick_check").scalar() == "ok"


def _digest(project: Project, document_id: int) -> str:
    content = queries.document_content(project, document_id)
    return digest(content.spans, content.links, [(part.start_cp, part.end_cp) for part in content.reviewed])


def _wait_a_moment(seconds: float) -> None:
    """Let the program get on with the key: the moment of the blow is what is random here."""
    select.select([], [], [], seconds)


@pytest.mark.timeout(60 + 12 * ROUNDS)
def test_what_the_screen_showed_as_saved_survives_kill_9(home, tmp_path):
    lanes = []
    for seed in range(LANES):
        folder = tmp_path / f"home {seed}"
        folder.mkdir()
        lanes.append(Lane(folder, type(home)(folder).environment, seed))
    with ThreadPoolExecutor(LANES) as both:
        keys = list(both.map(lambda lane: lane.rounds(ROUNDS // LANES), lanes))
    errors = [lane.close() for lane in lanes]

    assert sum(keys) > ROUNDS
    assert not any("Traceback" in text for text in errors), errors
