"""How many key presses a gold span costs: an oracle analyst works the real window by real keys.

With suggestions the oracle goes from one to the next (Enter, Backspace, a digit, Alt with arrows) and draws what was
not suggested; by hand it draws everything. Gold spans are the actors and claims of ../shared/gold that are not borderline
and not nested; cues come along with their claims. Skipped where those documents are absent.
Run with: uv run pytest tests/benchmarks/test_keys_per_span.py -n0 --benchmark-enable -s
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.settings import Settings
from nlp.suggest import Suggester
from nlp.suggestion import SuggestRequest
from storage import queries
from storage.importing import import_paths
from storage.project import Project
from storage.records import LabelKind, SpanRecord, State
from storage.suggesting import store_suggestions

SHARED = Path(__file__).parents[3] / "shared"
CODES = {"STATE": "state", "PERSON": "person", "ORG": "organisation", "GROUP": "group"}
KEYS = {"state": Qt.Key.Key_1, "person": Qt.Key.Key_2, "organisation": Qt.Key.Key_3, "group": Qt.Key.Key_4}
CLAIM_KEY = Qt.Key.Key_5
_EDGE = "“”‘’\"'.,;:"

pytestmark = pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="needs the hand-marked documents")


@dataclass
class Gold:
    """A span that must be there in the end; a borderline one may be."""

    code: str
    start: int
    end: int
    is_core: bool
    is_done: bool = field(default=False)

    def overlap(self, start: int, end: int) -> float:
        shared = min(self.end, end) - max(self.start, start)
        return max(0, shared) / (max(self.end, end) - min(self.start, start))


def _gold(name: str) -> tuple[list[tuple[int, int]], list[Gold]]:
    data: dict[str, Any] = json.loads((SHARED / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    spans = [
        Gold(CODES[a["type"]], a["start"], a["end"], not a["borderline"] and not a["nested"]) for a in data["actors"]
    ]
    for claim in data["attributions"]:
        parts = claim["content"]
        if parts:
            core = not claim["borderline"] and not claim["nested"]
            spans.append(Gold("claim", parts[0][0], parts[-1][1], core))
    return [tuple(region) for region in data["regions"]], sorted(spans, key=lambda gold: (gold.start, -gold.end))


class Oracle:
    """Knows the gold, sees the window, and has nothing but keys. Counts its presses."""

    def __init__(self, window: MainWindow, gold: list[Gold]) -> None:
        self.window, self.view, self.gold = window, window.view, gold
        self.text = self.view.page.positions.text
        self.presses = 0
        self.kinds = {label.id: label for label in window.workspace.session.codebook.labels}

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifier)
        QApplication.processEvents()
        self.presses += 1

    def work_with_suggestions(self, start: int, end: int) -> None:
        """Decide on every suggestion of a region in text order, drawing what is missing on the way."""
        self.view.focus_span(None)
        self.view.place_cursor(start)
        self.press(Qt.Key.Key_Tab)
        while (span := self.view.focused_span) is not None and span.start_cp < end and span.state is State.SUGGESTED:
            before = self.view.focused_span_id
            self._decide(span)
            if self.view.focused_span_id == before:
                break
        for gold in self._missing(start, end):
            self._draw(gold)

    def draw_all(self, start: int, end: int) -> None:
        self.view.place_cursor(start)
        for gold in self._missing(start, end):
            self._draw(gold)

    def _missing(self, start: int, end: int) -> list[Gold]:
        return [gold for gold in self.gold if gold.is_core and not gold.is_done and start <= gold.start < end]

    def _decide(self, span: SpanRecord) -> None:
        label = self.kinds[span.label_id]
        if label.kind is LabelKind.CUE:
            self.press(Qt.Key.Key_Return)
            return
        is_claim = label.kind is LabelKind.CLAIM
        fits = [
            g for g in self.gold if (g.code == "claim") == is_claim and g.overlap(span.start_cp, span.end_cp) >= 0.5
        ]
        best = max(fits, key=lambda g: (not g.is_done, g.overlap(span.start_cp, span.end_cp)), default=None)
        if best is None or best.is_done:
            self.press(Qt.Key.Key_Backspace)
            return
        best.is_done = True
        was_moved = best.is_core and not is_claim and self._move_edges(span, best)
        if best.is_core and not is_claim and label.code != best.code:
            self.press(KEYS[best.code])
            if was_moved:
                self.press(Qt.Key.Key_Tab)
        else:
            self.press(Qt.Key.Key_Tab if was_moved else Qt.Key.Key_Return)

    def _move_edges(self, span: SpanRecord, gold: Gold) -> bool:
        """Move the ends of a mention by words to the gold's; small words and marks at its ends do not matter."""
        if self._bare(span.start_cp, span.end_cp) == self._bare(gold.start, gold.end):
            return False
        alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
        is_moved = False
        for modifier, wanted, at in (
            (alt | shift, gold.start, lambda: self.view.focused_span.start_cp),
            (alt, gold.end, lambda: self.view.focused_span.end_cp),
        ):
            for _ in range(12):
                here = at()
                if abs(here - wanted) <= 2:
                    break
                self.press(Qt.Key.Key_Right if here < wanted else Qt.Key.Key_Left, modifier)
                is_moved = True
                if abs(at() - wanted) >= abs(here - wanted):
                    break
        return is_moved

    def _bare(self, start: int, end: int) -> str:
        words = self.text[start:end].strip(_EDGE).removesuffix("’s").removesuffix("'s")
        return words.removeprefix("the ").removeprefix("The ").removeprefix("a ").strip(_EDGE)

    def _draw(self, gold: Gold) -> None:
        gold.is_done = True
        self._go_to(gold.start)
        for _ in range(400):
            here = self.view.selection()
            if here and here[-1].end_cp >= gold.end - 2:
                break
            row = self._row_end(here[-1].end_cp if here else self.view.cursor_cp)
            is_far = gold.end - row > 60
            key = Qt.Key.Key_Down if is_far else Qt.Key.Key_Right
            self.press(key, Qt.KeyboardModifier.ShiftModifier)
        self.press(CLAIM_KEY if gold.code == "claim" else KEYS[gold.code])

    def _go_to(self, wanted: int) -> None:
        for _ in range(300):
            here = self.view.cursor_cp
            if abs(here - wanted) <= 1:
                return
            if abs(wanted - here) > 90:
                self.press(Qt.Key.Key_Down if wanted > here else Qt.Key.Key_Up)
            else:
                self.press(Qt.Key.Key_Right if wanted > here else Qt.Key.Key_Left)
                if (self.view.cursor_cp > wanted) != (here > wanted):
                    return  # the gold begins inside a word or at a mark: as near as words go

    def _row_end(self, pos_cp: int) -> int:
        layout = self.view.page.flow.box(self.view.page.table.block_at(pos_cp)).layout
        return layout.row_range(layout.row_of(min(pos_cp, layout.end_cp)))[1]


@pytest.fixture
def desk(qtbot, tmp_path, monkeypatch) -> Callable[[str, bool], MainWindow]:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr("gui.suggesting.Suggesting.look_for_new", lambda _self: None)
    suggester = Suggester()

    def open_(name: str, is_suggested: bool) -> MainWindow:
        path = tmp_path / f"{name}{is_suggested}.sayso"
        text_file = next((SHARED / "corpus").glob(f"{name}_*.txt"))
        with Project.create(path) as project:
            import_paths(project, [text_file])
            document = queries.document_items(project)[0].document
            if is_suggested:
                request = SuggestRequest(document.id, queries.document_text(project, document.id))
                for found in suggester.suggest_many([request]):
                    store_suggestions(project, found)
        window = MainWindow(QApplication.instance(), Settings())
        qtbot.addWidget(window)
        window.resize(1440, 900)
        window.show()
        window.flows.open_path(path)
        window.view.setFocus()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is window.view)
        return window

    return open_


def test_a_gold_span_costs_at_most_two_presses(desk, capsys) -> None:
    totals = {"with suggestions": [0, 0], "by hand": [0, 0]}
    for name in ("000", "001", "002"):
        for way, total in totals.items():
            window = desk(name, way == "with suggestions")
            regions, gold = _gold(name)
            oracle = Oracle(window, gold)
            for start, end in regions:
                (oracle.work_with_suggestions if way == "with suggestions" else oracle.draw_all)(start, end)
            core = sum(g.is_core for g in gold)
            assert all(g.is_done for g in gold if g.is_core)
            total[0] += oracle.presses
            total[1] += core
            with capsys.disabled():
                print(f"\n{name} {way}: {oracle.presses} presses, {core} spans, {oracle.presses / core:.2f} a span")
            window.close()
    ratios = {way: presses / spans for way, (presses, spans) in totals.items()}
    with capsys.disabled():
        print(f"\nkeys per gold span: {ratios} (goal 2.0 with suggestions)")
    assert ratios["with suggestions"] <= 2.0
