"""How many key presses a gold span costs: an oracle analyst works the real window by real keys.

The oracle is skilled: it accepts by sentence, decides on recurring names at once (E, X), and finds the fewest keys to
go somewhere, to select and to resize. It decides by the gold and by what is on screen; a chord is one press. By hand it
draws everything in an unsuggested copy of the document, with the same skill. In the end every gold span must stand
there confirmed, and nothing else. Gold spans are the actors and claims of ../shared/gold that are neither borderline
nor nested; a borderline one may be there. Claims that differ only by "that", quotation marks or a stop count as right;
cues come along with their claims. Skipped where those documents are absent.
Run with: uv run pytest tests/benchmarks/test_keys_per_span.py -n0 -s
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.document.cursor import Cursor
from gui.document.phrases import name_at
from gui.document.positions import Positions
from gui.document.resize import resized
from gui.main_window import MainWindow
from gui.settings import Settings
from nlp.suggest import Suggester
from nlp.suggestion import SuggestRequest
from storage import queries
from storage.importing import import_paths
from storage.project import Project
from storage.records import LabelKind, SpanRecord, State
from storage.suggesting import store_suggestions

S = TypeVar("S")

SHARED = Path(__file__).parents[3] / "shared"
CODES = {"STATE": "state", "PERSON": "person", "ORG": "organisation", "GROUP": "group"}
KEYS = {"state": "1", "person": "2", "organisation": "3", "group": "4", "claim": "5"}
_EDGE = "“”‘’\"'.,;: \n\xa0"
#: From how many equal ones on it pays to press E: opening and deciding take two keys.
_MANY = 4
_MOST_KEYS = 40

_GOING: dict[str, Callable[[Cursor], None]] = {
    "Right": lambda c: c.move_word(1),
    "Left": lambda c: c.move_word(-1),
    "End": lambda c: c.move_phrase(1),
    "Home": lambda c: c.move_phrase(-1),
    "Ctrl+Down": lambda c: c.move_sentence(1),
    "Ctrl+Up": lambda c: c.move_sentence(-1),
    "Ctrl+Right": lambda c: c.move_char(1),
    "Ctrl+Left": lambda c: c.move_char(-1),
}
_SELECTING: dict[str, Callable[[Cursor], None]] = {
    "Shift+Right": lambda c: c.move_word(1, select=True),
    "Shift+Left": lambda c: c.move_word(-1, select=True),
    "Shift+End": lambda c: c.move_phrase(1, select=True),
    "Shift+Home": lambda c: c.move_phrase(-1, select=True),
    "Ctrl+Shift+Down": lambda c: c.move_sentence(1, select=True),
    "Ctrl+Shift+Right": lambda c: c.move_char(1, select=True),
    "Ctrl+Shift+Left": lambda c: c.move_char(-1, select=True),
}
_RESIZING: dict[str, tuple[Any, int, Any]] = {
    f"{held}{side}": (edge, step, unit)
    for edge, shift in (("end", ""), ("start", "Shift+"))
    for held, unit, sides in (
        (f"Alt+{shift}", "word", ("Left", "Right")),
        (f"Alt+{shift}", "phrase", ("Home", "End")),
        (f"Ctrl+Alt+{shift}", "char", ("Left", "Right")),
    )
    for side, step in zip(sides, (-1, 1), strict=True)
}

pytestmark = [
    pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="needs the hand-marked documents"),
    pytest.mark.slow,
    pytest.mark.timeout(900),
]


@dataclass(eq=False)
class Gold:
    """A span that must be there in the end; a borderline one may be."""

    code: str
    start: int
    end: int
    is_core: bool
    is_done: bool = False

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


def _fewest(start: S, steps: Callable[[S], Iterable[tuple[str, S]]], is_goal: Callable[[S], bool]) -> list[str] | None:
    """Return the fewest keys that lead from a state to a goal, `None` if there is no way of bearable length."""
    ways: dict[S, list[str]] = {start: []}
    edge = [start]
    for _ in range(_MOST_KEYS):
        following: list[S] = []
        for state in edge:
            if is_goal(state):
                return ways[state]
            for key, reached in steps(state):
                if reached not in ways:
                    ways[reached] = [*ways[state], key]
                    following.append(reached)
        edge = following
    return None


def _remembering(text: str) -> Positions:
    """Return positions that look up each word once: the oracle tries thousands of steps."""
    positions = Positions(text)
    for name in ("word_at", "next_word", "previous_word", "grapheme_start"):
        setattr(positions, name, cache(getattr(positions, name)))
    return positions


class Oracle:
    """Knows the gold, sees the window, and has nothing but keys. Counts its presses by what they are for."""

    def __init__(self, window: MainWindow, name: str, wait: Callable[[Callable[[], bool]], None]) -> None:
        self.window, self.view, self.wait = window, window.view, wait
        self.regions, self.gold = _gold(name)
        self.text = self.view.page.positions.text
        self.positions = _remembering(self.text)
        self.known_moves: dict[tuple[str, int, int], tuple[int, int]] = {}
        self.presses: Counter[str] = Counter()
        self.labels = {label.id: label for label in window.workspace.session.codebook.labels}
        self.fits: dict[int, Gold] = {}
        self.asked: set[tuple[str, int]] = set()
        self._match()

    def press(self, key: str, why: str) -> None:
        combined = QKeySequence(key)[0]
        QTest.keyClick(QApplication.focusWidget(), combined.key(), combined.keyboardModifiers())
        QApplication.processEvents()
        self.presses[why] += 1

    # -- what is seen -------------------------------------------------------------------------------------------------

    def spans(self, state: State) -> list[SpanRecord]:
        found = [span for span in self.view.page.index.spans.values() if span.state is state]
        return sorted(found, key=lambda span: (span.start_cp, -span.end_cp))

    def is_cue(self, span: SpanRecord) -> bool:
        return self.labels[span.label_id].kind is LabelKind.CUE

    def _match(self) -> None:
        """Tell which suggestion means which gold span, the best first, one each."""
        pairs = []
        for span in self.spans(State.SUGGESTED):
            is_claim = self.labels[span.label_id].kind is LabelKind.CLAIM
            for gold in self.gold if not self.is_cue(span) else ():
                share = gold.overlap(span.start_cp, span.end_cp)
                if (gold.code == "claim") == is_claim and share >= 0.5:
                    pairs.append((not self._is_same(span, gold), -share, span.id, gold))
        for _, _, span_id, gold in sorted(pairs, key=lambda pair: pair[:3]):
            if span_id not in self.fits and not (gold.is_core and gold.is_done):
                self.fits[span_id] = gold
                gold.is_done = True

    def _is_same(self, span: SpanRecord, gold: Gold) -> bool:
        return self._is_place(gold, span.start_cp, span.end_cp)

    def _is_place(self, gold: Gold, start: int, end: int) -> bool:
        """Return whether a place is the gold's but for what does not matter."""
        return self._bare(gold, start, end) == self._bare(gold, gold.start, gold.end)

    def _bare(self, gold: Gold, start: int, end: int) -> tuple[int, int]:
        words = ("that ",) if gold.code == "claim" else ("the ", "The ", "a ", "A ")
        while start < end and (self.text[start] in _EDGE or self.text.startswith(words, start)):
            start += 1 if self.text[start] in _EDGE else len(next(w for w in words if self.text.startswith(w, start)))
        while start < end:
            if gold.code != "claim" and self.text[start:end].endswith(("’s", "'s")):
                end -= 2
            elif self.text[end - 1] in _EDGE:
                end -= 1
            else:
                break
        return start, end

    def wrong(self, span: SpanRecord) -> str:
        """Return what is wrong with a span: nothing, its label, its place, or that it is there."""
        gold = self.fits.get(span.id)
        if self.is_cue(span) or (gold is not None and not gold.is_core):
            return ""
        if gold is None:
            return "span"
        if not self._is_same(span, gold):
            return "place"
        return "label" if self.labels[span.label_id].code != gold.code else ""

    # -- the work -----------------------------------------------------------------------------------------------------

    def work(self, start: int, end: int) -> None:
        """Bring a stretch of the text to the gold, in reading order."""
        self.view.setFocus()
        self.view.focus_span(None)
        self.view.place_cursor(start)
        self.view.page.origin = (start - 1, 0, 0)
        self.press("Tab", "go on")
        while (span := self._next_open()) is not None and span.start_cp < end:
            self._draw_missing(start, span.start_cp)
            if self.view.focused_span_id == span.id and not self._decide_all_equal(span):
                self._decide_sentence(span, start, end)
        self._draw_missing(start, end)
        for span in self.spans(State.CONFIRMED):
            if start <= span.start_cp < end and self.wrong(span):
                self._go_into(span)
                self._mend(span)

    def _next_open(self) -> SpanRecord | None:
        """Return the suggestion in the focus, after a step if a decided span is there."""
        span = self.view.focused_span
        if span is not None and span.state is State.CONFIRMED and self.view.page.next_undecided(backwards=False):
            self.press("Tab", "go on")
            span = self.view.focused_span
        return span if span is not None and span.state is State.SUGGESTED else None

    def _decide_sentence(self, span: SpanRecord, start: int, end: int) -> None:
        sentence = self.view.sentence_at(span.start_cp)
        undecided = [s for s in self.spans(State.SUGGESTED) if sentence.start_cp <= s.start_cp < sentence.end_cp]
        wrongs = [self.wrong(s) for s in undecided]
        is_judged = start <= sentence.start_cp and all(s.start_cp < end for s in undecided)
        if is_judged and not any(wrongs):
            self._draw_missing(start, min(end, sentence.end_cp))
            self.press("Ctrl+Return", "accept")
        elif is_judged and len(wrongs) > 1 and all(w == "span" for w in wrongs):
            self.press("Ctrl+Shift+Return", "reject")
        elif not self.wrong(span):
            self.press("Return", "accept")
        else:
            self._mend(span)
            if self.view.focused_span_id == span.id and not self._is_rest_right(undecided, span):
                self.press("Tab", "go on")
            elif self.view.focused_span_id == span.id:
                self.press("Ctrl+Return", "accept")

    def _is_rest_right(self, undecided: list[SpanRecord], span: SpanRecord) -> bool:
        rest = [s for s in undecided if s.id != span.id and self.view.page.index.spans[s.id].state is State.SUGGESTED]
        return bool(rest) and not any(self.wrong(s) for s in rest)

    def _mend(self, span: SpanRecord) -> None:
        what, gold = self.wrong(span), self.fits.get(span.id)
        if gold is None:
            self.press("Backspace", "reject")
            return
        if what == "place" and not self._resize(span, gold):
            self.press("Backspace", "reject")
            gold.is_done = False
            return
        if self.labels[span.label_id].code != gold.code:
            self.press(KEYS[gold.code], "relabel")

    def _resize(self, span: SpanRecord, gold: Gold) -> bool:
        """Move the start, then the end, in the fewest keys each; give up where a fragment is in the way."""
        fragments, pressed = span.fragments, []
        for edge in ("start", "end"):
            keys = _fewest(fragments, partial(self._resizings, gold, edge), partial(self._is_edge, gold, edge))
            if keys is None:
                return False
            for key in keys:
                fragments = resized(self.positions, fragments, *_RESIZING[key])
            pressed += keys
        for key in pressed:
            self.press(key, "resize")
        return True

    def _resizings(self, gold: Gold, edge: str, parts: Any) -> Iterator[tuple[str, Any]]:
        for key, (at, step, unit) in _RESIZING.items():
            moved = resized(self.positions, parts, at, step, unit) if at == edge else None
            if moved and moved[0].start_cp > gold.start - 80 and moved[-1].end_cp < gold.end + 80:
                yield key, moved

    def _is_edge(self, gold: Gold, edge: str, parts: Any) -> bool:
        at = int(edge == "end")
        bare = self._bare(gold, parts[0].start_cp, parts[-1].end_cp)
        return bare[at] == self._bare(gold, gold.start, gold.end)[at]

    def _decide_all_equal(self, span: SpanRecord) -> bool:
        """Decide at once on a name that recurs and is always right, always wrong, or always the same other label."""
        here = [s for s in self.spans(State.SUGGESTED) if s.quote == span.quote and s.label_id == span.label_id]
        known = [s for s in here if self._is_judged(s.start_cp)]
        what = {(self.wrong(s), self.fits[s.id].code if self.wrong(s) == "label" else "") for s in known}
        asked = (span.quote, span.label_id)
        if self.is_cue(span) or len(what) != 1 or asked in self.asked or len(known) < 2:
            return False
        wrong, code = what.pop()
        if wrong == "span":
            self.press("X", "reject")
            self._wait_for_equals()
            return True
        if wrong == "place" or len(known) < _MANY:
            return False
        self.asked.add(asked)
        self._open_equal()
        self.press(KEYS[code] if code else "Return", "relabel" if code else "accept")
        self._wait_for_equals()
        return True

    def _is_judged(self, pos: int) -> bool:
        return any(start <= pos < end for start, end in self.regions)

    def _open_equal(self) -> None:
        self.press("E", "accept")
        self._wait_for_equals()

    def _wait_for_equals(self) -> None:
        equals = self.window.side._search.equals
        self.wait(lambda: not equals._looking.is_busy and not equals._sweep.is_busy)

    def left(self) -> list[str]:
        """Return what the file's spans and the gold still differ in."""
        confirmed = [span for span in self.spans(State.CONFIRMED) if self._is_judged(span.start_cp)]
        right = [self.fits.get(span.id) for span in confirmed if not self.wrong(span)]
        return [f"wrong: {span.quote}" for span in confirmed if self.wrong(span)] + [
            f"missing: {self.text[gold.start : gold.end]}" for gold in self.gold if gold.is_core and gold not in right
        ]

    # -- drawing ------------------------------------------------------------------------------------------------------

    def _draw_missing(self, start: int, end: int) -> None:
        for gold in self.gold:
            if gold.is_core and not gold.is_done and start <= gold.start < end:
                self._draw(gold)

    def _draw(self, gold: Gold) -> None:
        gold.is_done = True
        going, selecting = self._plan(gold)
        for key in going:
            self.press(key, "go")
        for key in selecting:
            self.press(key, "select")
        self.press(KEYS[gold.code], "draw")
        drawn = self.view.focused_span
        assert drawn is not None
        assert self._is_same(drawn, gold), (drawn.quote, self.text[gold.start : gold.end])
        self.fits[drawn.id] = gold
        if gold.code != "claim":
            self._label_equal(drawn, gold)

    def _plan(self, gold: Gold) -> tuple[list[str], list[str]]:
        """Return the fewest keys to go to the gold's beginning, its end or into it, and to select it from there."""
        selections: dict[int, list[str] | None] = {}
        best: tuple[list[str], list[str]] | None = None
        ways: dict[int, list[str]] = {self.view.cursor_cp: []}
        edge = [self.view.cursor_cp]
        for depth in range(_MOST_KEYS):
            following: list[int] = []
            for pos in edge:
                if gold.start - 3 <= pos <= gold.end + 3:
                    selecting = self._selecting(gold, pos, bool(ways[pos]), selections)
                    if selecting is not None and (best is None or len(ways[pos] + selecting) < len(best[0] + best[1])):
                        best = ways[pos], selecting
                for key, reached in self._moves(pos, pos, _GOING):
                    if reached[0] not in ways:
                        ways[reached[0]] = [*ways[pos], key]
                        following.append(reached[0])
            if best is not None and depth >= len(best[0] + best[1]):
                break
            edge = following
        assert best is not None, self.text[gold.start : gold.end]
        return best

    def _selecting(self, gold: Gold, pos: int, is_shown: bool, known: dict[int, list[str] | None]) -> list[str] | None:
        span = self.view.focused_span
        is_away = is_shown and not (span is not None and span.start_cp <= pos <= span.end_cp)
        name = name_at(self.positions, pos) if is_away else None
        if name is not None and self._is_place(gold, *name):
            return []
        near = abs(pos - gold.start) <= 3 or abs(pos - gold.end) <= 3
        if pos not in known:
            steps = partial(self._selections, gold)
            known[pos] = _fewest((pos, pos), steps, partial(self._is_selected, gold)) if near else None
        return known[pos]

    def _selections(self, gold: Gold, state: tuple[int, int]) -> Iterator[tuple[str, tuple[int, int]]]:
        for key, (pos, anchor) in self._moves(*state, _SELECTING):
            if min(pos, anchor) >= gold.start - 60 and max(pos, anchor) <= gold.end + 60:
                yield key, (pos, anchor)

    def _is_selected(self, gold: Gold, state: tuple[int, int]) -> bool:
        cursor = Cursor(self.positions)
        cursor.pos_cp, cursor.anchor_cp = state
        return cursor.selection is not None and self._is_place(gold, *cursor.selection)

    def _moves(
        self, pos: int, anchor: int, by: dict[str, Callable[[Cursor], None]]
    ) -> Iterator[tuple[str, tuple[int, int]]]:
        for key, move in by.items():
            if (key, pos, anchor) not in self.known_moves:
                cursor = Cursor(self.positions)
                cursor.pos_cp, cursor.anchor_cp = pos, anchor
                move(cursor)
                self.known_moves[key, pos, anchor] = cursor.pos_cp, cursor.anchor_cp
            yield key, self.known_moves[key, pos, anchor]

    def _label_equal(self, drawn: SpanRecord, gold: Gold) -> None:
        """Label the other places with these words at once where all of them are gold and many are missing."""
        words, places = drawn.quote, []
        at = self.text.find(words)
        while at >= 0:
            if self._is_judged(at):
                places.append(at)
            at = self.text.find(words, at + 1)
        open_ = [g for g in self.gold if g.is_core and not g.is_done and self.text[g.start : g.end] == words]
        same = {g.start for g in self.gold if g.code == gold.code and self.text[g.start : g.end] == words}
        if len(open_) < _MANY or not set(places) <= same or any(g.code != gold.code for g in open_):
            return
        self._open_equal()
        self.press("P", "draw")
        self.press("Return", "draw")
        self._wait_for_equals()
        for span in self.spans(State.CONFIRMED):
            for other in self.gold:
                if span.id not in self.fits and (other.start, other.end) == (span.start_cp, span.end_cp):
                    other.is_done, self.fits[span.id] = True, other

    def _go_into(self, span: SpanRecord) -> None:
        self.view.setFocus()
        keys = _fewest(
            self.view.cursor_cp,
            lambda pos: ((key, reached[0]) for key, reached in self._moves(pos, pos, _GOING)),
            lambda pos: span.start_cp <= pos < span.end_cp,
        )
        for key in keys or ():
            self.press(key, "go")
        for _ in range(6):
            if self.view.focused_span_id == span.id:
                return
            self.press("O", "go")
        raise AssertionError(span.quote)


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


def _table(rows: dict[tuple[str, str], tuple[Counter[str], int]]) -> str:
    whys = ["accept", "reject", "relabel", "resize", "go on", "go", "select", "draw"]
    lines = [f"| way | document | gold spans | presses | a span | {' | '.join(whys)} |", "|---" * (5 + len(whys)) + "|"]
    for (way, name), (presses, spans) in rows.items():
        total = presses.total()
        each = " | ".join(str(presses[why]) for why in whys)
        lines.append(f"| {way} | {name} | {spans} | {total} | {total / spans:.2f} | {each} |")
    return "\n".join(lines)


def test_a_gold_span_costs_at_most_two_presses(desk, qtbot, capsys) -> None:
    rows: dict[tuple[str, str], tuple[Counter[str], int]] = {}
    for way in ("with suggestions", "by hand"):
        everything: Counter[str] = Counter()
        all_spans = 0
        for name in ("000", "001", "002"):
            window = desk(name, way == "with suggestions")
            oracle = Oracle(window, name, qtbot.waitUntil)
            for start, end in oracle.regions:
                oracle.work(start, end)
            assert oracle.left() == []
            spans = sum(gold.is_core for gold in oracle.gold)
            rows[way, name] = oracle.presses, spans
            everything += oracle.presses
            all_spans += spans
            window.close()
        rows[way, "all"] = everything, all_spans
    with capsys.disabled():
        print(f"\n{_table(rows)}")
    presses, spans = rows["with suggestions", "all"]
    assert presses.total() <= 2.0 * spans
