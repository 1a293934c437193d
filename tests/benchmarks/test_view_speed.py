"""How fast the document view opens, scrolls and shows a changed span, against a bare view in the same run.

Run by hand: `python -m pytest tests/benchmarks/test_view_speed.py -s`. Prints one table of ratios.

The floor is the least that a Qt view of a long text can be: one `QTextLayout` a paragraph, laid out when
it becomes visible, each span a background colour. It has no lanes, no links, no overview, no cursor.

The limits are checked on processor time, so that other programs do not decide; waiting time is printed.
"""

from __future__ import annotations

import bisect
import random
import re
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from gui.document.metrics import Metrics
from gui.document.view import DocumentView
from storage.records import (
    Codebook,
    DocumentContent,
    DocumentRecord,
    Fragment,
    LabelKind,
    LabelRecord,
    LinkRecord,
    LinkTypeRecord,
    Origin,
    SpanRecord,
    State,
)

SMALL, LARGE = (50_000, 1_000), (1_000_000, 10_000)
FRAME_MS = 16.0

CODEBOOK = Codebook(
    labels=(
        LabelRecord(1, LabelKind.ACTOR, "State", colour="blue"),
        LabelRecord(2, LabelKind.ACTOR, "Person", colour="teal"),
        LabelRecord(3, LabelKind.CLAIM, "Claim", colour="yellow"),
        LabelRecord(4, LabelKind.CUE, "Cue", colour="grey"),
    ),
    link_types=(LinkTypeRecord(1, "speaker", "speaker", LabelKind.CLAIM, LabelKind.ACTOR),),
)
WORDS = str.split(
    "the minister of Velmar said that Orsk and its fishing fleet would accept neither inspection nor delay before "
    "vote in straits while officials from Port Selin warned against drills near islands and Dara Okonin denied "
    "reports about a secret accord with League members who fear unrest"
)


def make_content(length: int, span_count: int, *, breaks: str = "\n\n") -> DocumentContent:
    """Return a document of about `length` characters with `span_count` spans, a third nested or crossing."""
    rng = random.Random(20310319)
    parts: list[str] = []
    size = 0
    while size < length:
        sentence = " ".join(rng.choices(WORDS, k=rng.randint(8, 30))).capitalize() + "."
        parts.append(sentence + (breaks if rng.random() < 0.25 else " "))
        size += len(parts[-1])
    text = "".join(parts)[:length].rstrip()
    words = [match.span() for match in re.finditer(r"\w+", text)]
    spans = []
    for i in range(span_count):
        first = int(i * (len(words) - 40) / span_count)
        is_claim = i % 5 == 0
        reach = rng.randint(6, 24) if is_claim else rng.randint(1, 3)
        start_cp, end_cp = words[first][0], words[first + reach - 1][1]
        label = 3 if is_claim else (4 if i % 5 == 1 else 1 + i % 2)
        state = State.SUGGESTED if i % 3 else State.CONFIRMED
        fragment = Fragment(start_cp, end_cp)
        spans.append(SpanRecord(i + 1, 1, label, state, Origin.SUGGESTER, (fragment,), text[start_cp:end_cp]))
    links = tuple(
        LinkRecord(i, 1, 1, span.id, span.id + 2, State.SUGGESTED, Origin.SUGGESTER)
        for i, span in enumerate(spans[:-2], 1)
        if span.label_id == 3
    )
    record = DocumentRecord(1, "A long report", len(text), "", language="en")
    return DocumentContent(record, text, tuple(spans), links, ())


class BareView(QAbstractScrollArea):
    """The floor: paragraphs laid out lazily, spans as background colours."""

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self.option = QTextOption()
        self.option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFont(font)
        self.colours = [QTextCharFormat() for _ in range(5)]
        for format_, name in zip(self.colours, ("white", "#cfe0fb", "#c9ece6", "#fdf3d3", "#e4e4e2"), strict=True):
            format_.setBackground(QColor(name))

    def show_document(self, content: DocumentContent) -> None:
        self.layouts: dict[int, QTextLayout] = {}
        self.paragraphs, self.starts = content.text.split("\n"), [0]
        for paragraph in self.paragraphs[:-1]:
            self.starts.append(self.starts[-1] + len(paragraph) + 1)
        self.spans: list[list[SpanRecord]] = [[] for _ in self.paragraphs]
        for span in content.spans:
            first = bisect.bisect_right(self.starts, span.start_cp) - 1
            last = bisect.bisect_right(self.starts, span.end_cp - 1) - 1
            for i in range(first, last + 1):
                self.spans[i].append(span)
        self.line = self.fontMetrics().lineSpacing()
        per_line = max(1, self.viewport().width() // self.fontMetrics().averageCharWidth())
        self.heights = [self.line * (1 + len(p) // per_line) for p in self.paragraphs]
        self.place()
        self.viewport().update()

    def place(self) -> None:
        self.tops = [0]
        for height in self.heights:
            self.tops.append(self.tops[-1] + height)
        self.verticalScrollBar().setRange(0, self.tops[-1] - self.viewport().height())
        self.verticalScrollBar().setPageStep(self.viewport().height())

    def lay_out(self, i: int) -> bool:
        layout = QTextLayout(self.paragraphs[i], self.font())
        layout.setTextOption(self.option)
        layout.setCacheEnabled(True)
        ranges = []
        for span in self.spans[i]:
            range_ = QTextLayout.FormatRange()
            range_.start = max(0, span.start_cp - self.starts[i])
            range_.length = min(span.end_cp - self.starts[i], len(self.paragraphs[i])) - range_.start
            range_.format = self.colours[span.label_id]
            ranges.append(range_)
        layout.setFormats(ranges)
        layout.beginLayout()
        y = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.viewport().width())
            line.setPosition(QPointF(0, y))
            y += self.line
        layout.endLayout()
        is_changed = self.heights[i] != max(y, self.line)
        self.layouts[i], self.heights[i] = layout, max(y, self.line)
        return is_changed

    def paintEvent(self, event) -> None:  # noqa: N802
        top = self.verticalScrollBar().value()
        first = i = max(0, bisect.bisect_right(self.tops, top) - 1)
        y, is_changed = self.tops[i] - top, False
        while i < len(self.paragraphs) and y < self.viewport().height():
            if i not in self.layouts:
                is_changed |= self.lay_out(i)
            y += self.heights[i]
            i += 1
        if is_changed:
            self.place()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor("white"))
        y = self.tops[first] - top
        for k in range(first, i):
            self.layouts[k].draw(painter, QPointF(0, y), [], QRectF(event.rect()))
            y += self.heights[k]
        painter.end()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        self.viewport().scroll(dx, dy)

    def replace(self, old: SpanRecord, new: SpanRecord) -> None:
        for i in range(
            bisect.bisect_right(self.starts, old.start_cp) - 1, bisect.bisect_right(self.starts, old.end_cp - 1)
        ):
            self.spans[i][self.spans[i].index(old)] = new
            self.lay_out(i)
        self.viewport().update()


class PaintCounter(QObject):
    """Counts the paint events that a widget has handled."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self.count = 0
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() is QEvent.Type.Paint
        return False

    def cost(self, action: Callable[[], object]) -> Cost:
        """Return what it takes from the call of `action` until the next paint event was handled and flushed."""
        QApplication.processEvents()
        before, started, cpu_started = self.count, time.perf_counter(), time.process_time()
        action()
        while self.count == before:
            QApplication.processEvents()
            assert time.perf_counter() - started < 60, "nothing was painted"
        return Cost((time.process_time() - cpu_started) * 1e3, (time.perf_counter() - started) * 1e3)


class Cost(NamedTuple):
    cpu_ms: float
    wall_ms: float


def line(name: str, costs: list[Cost], more: str = "") -> str:
    """Return a line of the report: median and 95th percentile in processor time, and waiting time."""
    cpu, wall = ([cost[i] for cost in costs] for i in (0, 1))
    return (
        f"  {name:16}{median(cpu):7.1f} ms  p95 {p95(cpu):5.1f} ms  (waited {median(wall):.1f}, p95 {p95(wall):.1f})"
        f"{more}"
    )


def shown(view: QAbstractScrollArea) -> PaintCounter:
    view.resize(1100, 800)
    counter = PaintCounter(view)
    view.show()
    QApplication.processEvents()
    return counter


def cpu_p95(costs: list[Cost]) -> float:
    return p95([cost.cpu_ms for cost in costs])


def p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1) + 0.5)]


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def decide(span: SpanRecord) -> SpanRecord:
    state = State.CONFIRMED if span.state is State.SUGGESTED else State.SUGGESTED
    return SpanRecord(span.id, 1, span.label_id, state, Origin.HUMAN, span.fragments, span.quote)


def update_times(view: DocumentView, counter: PaintCounter, count: int) -> list[Cost]:
    """Accept the next undecided span and go on, as the loop by keyboard does."""
    times = []
    for _ in range(count):
        assert view.focus_next_undecided()
        span = view.focused_span
        assert span is not None

        def accept_and_go_on(span: SpanRecord = span) -> None:
            view.apply(spans=[decide(span)])
            view.focus_next_undecided()

        times.append(counter.cost(accept_and_go_on))
    return times


@pytest.fixture
def report():
    lines: list[str] = []
    yield lines
    print("", *lines, sep="\n")


@pytest.mark.parametrize(
    ("name", "breaks"), [("paragraphs", "\n\n"), ("one paragraph", " ")], ids=["paragraphs", "one-paragraph"]
)
def test_long_document_is_as_fast_as_the_floor_allows(qtbot, report, name, breaks):
    small, large = make_content(*SMALL, breaks=breaks), make_content(*LARGE, breaks=breaks)
    floor_content = make_content(*LARGE)  # one paragraph of 1 MB is beyond a bare view
    view, bare = DocumentView(), BareView(Metrics.of("serif", 100).font)
    for widget in (view, bare):
        qtbot.addWidget(widget)
    bare.show_document(floor_content)
    counter, bare_counter = shown(view), shown(bare)

    opens, floors = [], []
    for _ in range(5):
        view.clear()
        opens.append(counter.cost(lambda: view.show_document(large, CODEBOOK)))
        floors.append(bare_counter.cost(lambda: bare.show_document(floor_content)))
    open_ratio = median([cost.cpu_ms for cost in opens]) / median([cost.cpu_ms for cost in floors])

    view.focus_next_undecided()
    bar = view.verticalScrollBar()
    steps = [counter.cost(lambda: bar.setValue(bar.value() + 60)) for _ in range(200)]
    pages = [counter.cost(lambda: bar.setValue(bar.value() + bar.pageStep())) for _ in range(60)]
    view.scroll_to_cp(large.document.length_cp // 2)
    view.place_cursor(view.first_visible_cp())
    updates = update_times(view, counter, 100)
    view.show_document(small, CODEBOOK)
    view.place_cursor(small.document.length_cp // 4)
    small_updates = update_times(view, counter, 100)

    growth = cpu_p95(updates) / cpu_p95(small_updates)
    report += [
        f"{name}: 1 MB, 10,000 spans",
        line("open", opens, f"  {open_ratio:.2f}x floor"),
        line("floor", floors),
        line("scroll step", steps),
        line("scroll page", pages),
        line("accept, go on", updates, f"  {growth:.2f}x 50 KB"),
        line("same, 50 KB", small_updates),
    ]
    assert open_ratio <= 2
    assert cpu_p95(steps) <= FRAME_MS
    assert cpu_p95(updates) <= FRAME_MS
    assert growth <= 1.5


def test_two_hundred_spans_in_a_paragraph_stay_within_a_frame(qtbot, report):
    content = make_content(60_000, 3_000, breaks="\n")
    view = DocumentView()
    qtbot.addWidget(view)
    counter = shown(view)
    opened = counter.cost(lambda: view.show_document(content, CODEBOOK))
    bar = view.verticalScrollBar()
    steps = [counter.cost(lambda: bar.setValue(bar.value() + 60)) for _ in range(100)]
    view.place_cursor(view.first_visible_cp())
    updates = update_times(view, counter, 100)
    resized = counter.cost(lambda: view.resize(700, 800))
    hidden = counter.cost(lambda: view.set_hidden_labels(frozenset({1})))
    report += [
        "one span each 20 characters",
        line("open", [opened]),
        line("scroll step", steps),
        line("accept, go on", updates),
        line("resize", [resized]),
        line("hide a label", [hidden]),
    ]
    assert cpu_p95(steps) <= FRAME_MS
    assert cpu_p95(updates) <= FRAME_MS
