from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from gui.dialogs.message import MessageDialog
from gui.frame import Frame
from gui.main_window import MainWindow
from gui.settings import Settings
from nlp.suggestion import SUGGESTER, VERSION
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.project import Project
from storage.queries import document_content, document_items
from storage.records import DocumentContent, SpanRecord, State
from storage.suggesting import store_suggestions

#: Threads that Qt itself starts once and keeps.
_QT_THREADS = ("Thread (pooled)", "QDBusConnection", "gdbus", "gmain", "dconf", "QXcbEventQueue", "pool-")
_GRACE_S = 5.0


def _children() -> set[int]:
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(pid) for pid in children.read_text().split()} if children.exists() else set()


def _threads() -> dict[int, str]:
    """Return the native threads of this process, those of Qt included, by id."""
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        return {thread.ident or 0: thread.name for thread in threading.enumerate()}
    found = {}
    for task in tasks.iterdir():
        try:
            found[int(task.name)] = (task / "comm").read_text().strip()
        except OSError:
            continue
    return {ident: name for ident, name in found.items() if not name.startswith(_QT_THREADS)}


@pytest.fixture(autouse=True)
def no_leaks(qapp) -> Iterator[None]:
    """Fail a test that leaves a thread or a process behind."""
    children, threads = _children(), _threads()
    yield
    deadline = time.monotonic() + _GRACE_S
    while time.monotonic() < deadline:
        qapp.processEvents()
        left = [f"process {pid}" for pid in _children() - children]
        left += [f"thread {name}" for ident, name in _threads().items() if ident not in threads]
        if not left:
            return
        threading.Event().wait(0.01)
    pytest.fail(f"left behind: {', '.join(left)}")


# -- a project to work on ------------------------------------------------------------------------------------------

BRIEF = (
    "Velmar said on Monday that Orsk would pay for the harbour. Ren Taval denied it.\n\n"
    "“We pay for nothing,” she told reporters in Karsk. The talks go on."
)
ISLANDS = "Orsk is silent. Velmar waits for the islands."
PLAIN = "Nobody has read this note. It is about the harbour of Karsk."


def _at(text: str, words: str, after: str = "") -> tuple[int, int]:
    start_cp = text.index(words, text.index(after) + len(after) if after else 0)
    return start_cp, start_cp + len(words)


@dataclass
class Proposal:
    """What the suggesters found in one document, spans given by their words."""

    text: str
    spans: list[SimpleNamespace] = field(default_factory=list)
    links: list[SimpleNamespace] = field(default_factory=list)

    def span(self, code: str, words: str, after: str = "", score: float = 0.9) -> int:
        key = len(self.spans)
        fragments = (_at(self.text, words, after),)
        self.spans.append(
            SimpleNamespace(key=key, code=code, fragments=fragments, score=score, actor_id=None, reason="rule")
        )
        return key

    def link(self, code: str, from_key: int, to_key: int) -> None:
        self.links.append(SimpleNamespace(code=code, from_key=from_key, to_key=to_key, score=0.8))


def _proposals() -> list[Proposal]:
    brief = Proposal(BRIEF)
    velmar, cue = brief.span("state", "Velmar"), brief.span("cue", "said")
    claim = brief.span("claim", "that Orsk would pay for the harbour")
    brief.span("state", "Orsk")
    brief.span("person", "Ren Taval")
    brief.span("claim", "“We pay for nothing,”")
    brief.link("speaker", claim, velmar)
    brief.link("cue", claim, cue)
    islands = Proposal(ISLANDS)
    islands.span("state", "Orsk")
    islands.span("state", "Velmar")
    return [brief, islands, Proposal(PLAIN)]


MakeProject = Callable[..., Path]


def _make_project(path: Path, proposals: Sequence[Proposal]) -> None:
    titles = ["Harbour brief", "The islands wait", "A note", *(f"Note {n}" for n in range(4, 40))]
    with Project.create(path) as project:
        if proposals:
            with Importer(project) as importer:
                pairs = zip(titles, proposals, strict=False)
                importer.add_file("test", [ExchangeDocument(title=title, text=p.text) for title, p in pairs])
                importer.publish()
        for item, proposal in zip(document_items(project), proposals, strict=True):
            head = {"suggester": SUGGESTER, "version": VERSION, "model": "test"}
            found = {"spans": proposal.spans, "links": proposal.links, "document_id": item.document.id}
            store_suggestions(project, SimpleNamespace(**head, **found))


@pytest.fixture(scope="session")
def briefs(tmp_path_factory) -> Path:
    """The project of the briefs, made once and copied for each test."""
    path = tmp_path_factory.mktemp("briefs") / "briefs.sayso"
    _make_project(path, _proposals())
    return path


@pytest.fixture
def make_project(tmp_path, briefs) -> MakeProject:
    """Make a project of texts that the suggesters have read, by default the briefs, and return its path."""

    def make(name: str = "briefs", proposals: Sequence[Proposal] | None = None) -> Path:
        path = tmp_path / f"{name}.sayso"
        if proposals is None:
            shutil.copyfile(briefs, path)
        else:
            _make_project(path, proposals)
        return path

    return make


@pytest.fixture
def proposal() -> type[Proposal]:
    return Proposal


# -- an analyst at the window --------------------------------------------------------------------------------------


class Paths:
    """A file picker that answers what the test laid out."""

    def __init__(self) -> None:
        self.project: Path | None = None
        self.files: list[Path] = []
        self.folder: Path | None = None
        self.asked: list[str] = []
        self.began_in: list[Path] = []

    def new_project(self, parent, folder):
        self.asked.append("new_project")
        return self.project

    def open_project(self, parent, folder):
        self.asked.append("open_project")
        return self.project

    def import_files(self, parent, folder, extensions):
        self.asked.append("import_files")
        self.began_in.append(folder)
        return self.files

    def import_folder(self, parent, folder):
        self.asked.append("import_folder")
        self.began_in.append(folder)
        return self.folder

    def export_target(self, parent, suggested, *, is_folder):
        self.asked.append("export_target")
        return suggested


class Desk:
    """The real window with someone at the keyboard: presses real keys, reads screen and file."""

    def __init__(self, qtbot, app: QApplication, files: Paths, worker_command: Sequence[str]) -> None:
        self.qtbot, self.app, self.files = qtbot, app, files
        self.settings = Settings()
        self.frame = Frame(self.settings)
        self.window = MainWindow(app, self.settings, files=files, worker_command=worker_command)
        self.window.suggesting.memory.hold(is_held=True)  # what it finds would come at any moment: see `remember`
        for unasked in (self.window.keeper.first, self.window.care.look):
            unasked.setInterval(3_600_000)  # tests are about what they ask for, however slow the machine
        self.frame.setCentralWidget(self.window)
        self.frame.resize(1280, 800)
        self.frame.show()
        qtbot.waitExposed(self.frame)
        self.frame.activateWindow()
        qtbot.waitUntil(self.frame.isActiveWindow)

    # -- doing

    def open(self, path: Path) -> None:
        """Open a project and wait until it stands on screen."""
        assert self.window.flows.open_path(path), [dialog.sentence.text() for dialog in self.dialogs(MessageDialog)]
        self.settle()

    def press(self, *keys: str) -> None:
        """Press keys on whatever has the keyboard, "Ctrl+Z" or "Tab" each."""
        for key in keys:
            combined = QKeySequence(key)[0]
            QTest.keyClick(self.keyboard, combined.key(), combined.keyboardModifiers())
            self.settle()

    def remember(self) -> None:
        """Let memory follow what was decided, and wait until it has."""
        memory = self.window.suggesting.memory
        memory.hold(is_held=False)
        self.qtbot.waitUntil(lambda: not memory.is_busy)
        self.settle()
        memory.hold(is_held=True)

    def type(self, text: str) -> None:
        """Type words into whatever has the keyboard."""
        QTest.keyClicks(self.keyboard, text)
        self.settle()

    def settle(self) -> None:
        """Let what was posted happen: timers that run out at once, repaints, focus."""
        for _ in range(3):
            self.app.processEvents()
        if self.app.activeWindow() is None and self.frame.isVisible():
            # As window managers do when a dialog is closed; offscreen there is none.
            self.frame.activateWindow()
            self.app.processEvents()

    def place(self, words: str, after: str = "") -> None:
        """Put the word cursor before these words."""
        self.view.place_cursor(_at(self.text, words, after)[0])

    def select(self, words: str, after: str = "") -> None:
        """Select words by Shift and Right."""
        start_cp, end_cp = _at(self.text, words, after)
        self.view.focus_span(None)
        self.view.place_cursor(start_cp)
        while self.view.cursor_cp < end_cp:
            self.press("Shift+Right")

    def point(self, words: str, share: float = 0.5, after: str = "") -> QPoint:
        """Return where words stand on screen, `share` of the way through them."""
        start_cp, end_cp = _at(self.text, words, after)
        page = self.view.page
        pos_cp = start_cp + min(int((end_cp - start_cp) * share), end_cp - start_cp - 1)
        rect = page.to_view(page.flow.rects_of(pos_cp, pos_cp + 1, page.scroller.visible_blocks)[0])
        return rect.center().toPoint()

    def corners(self, words: str, after: str = "") -> tuple[QPointF, QPointF]:
        """Return the left and the right end of words on one row of the screen."""
        page = self.view.page
        rects = page.flow.rects_of(*_at(self.text, words, after), page.scroller.visible_blocks)
        rect = page.to_view(rects[0])
        return QPointF(rect.left() + 1, rect.center().y()), QPointF(rect.right(), rect.center().y())

    def click(self, words: str, after: str = "", button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        QTest.mouseClick(self.view.viewport(), button, pos=self.point(words, after=after))
        self.settle()

    def drag(self, start: QPoint | QPointF, end: QPoint | QPointF) -> None:
        """Drag with the left button in steps, as hands do."""
        viewport = self.view.viewport()
        start, end = QPointF(start), QPointF(end)
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start.toPoint())
        for step in range(1, 6):
            QTest.mouseMove(viewport, (start + (end - start) * step / 5).toPoint())
            self.settle()
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end.toPoint())
        self.settle()

    # -- seeing

    @property
    def keyboard(self) -> QWidget:
        return QApplication.focusWidget() or QApplication.activeWindow() or self.frame

    @property
    def view(self):
        return self.window.view

    @property
    def text(self) -> str:
        return self.view.page.positions.text

    @property
    def focused(self) -> str | None:
        """The words of the focused span."""
        span = self.view.focused_span
        return span.quote if span is not None else None

    @property
    def title(self) -> str:
        return self.view.page.document.title

    @property
    def saved(self) -> str:
        return self.window.status._saved.text()

    @property
    def message(self) -> str:
        return self.window.status._message.full_text

    @property
    def card(self):
        """The inspector, when it has caught up with the focus."""
        self.qtbot.waitUntil(lambda: not self.window.workspace._inspecting.isActive())
        return self.window.inspector

    def dialogs(self, kind: type[QDialog] = QDialog) -> list[QDialog]:
        self.settle()
        return [w for w in self.app.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]

    # -- what the file holds

    @property
    def project(self) -> Project:
        return self.window.flows.session.project

    def content(self, title: str = "") -> DocumentContent:
        """Return what the file holds of a document, by default of the one on screen."""
        if not title:
            return document_content(self.project, self.view.page.document.id)
        found = [item for item in document_items(self.project) if item.document.title == title]
        return document_content(self.project, found[0].document.id)

    def stored(self, words: str, title: str = "", label: str = "") -> SpanRecord | None:
        """Return the span on these words as the file holds it; where there are several, the one not rejected."""
        names = {record.id: record.name for record in self.window.flows.session.codebook.labels}
        found = [s for s in self.content(title).spans if s.quote == words and label in {"", names[s.label_id]}]
        found.sort(key=lambda span: span.state == State.REJECTED)
        return found[0] if found else None

    def state(self, words: str, title: str = "", label: str = "") -> str:
        """Return the state of a span in the file, "gone" if there is none; the view must say the same."""
        span = self.stored(words, title, label)
        if span is not None and self.content(title).document.id == self.view.page.document.id:
            assert self.view.page.index.spans[span.id] == span
        return span.state.value if span is not None else "gone"

    def label(self, words: str) -> str:
        span = self.stored(words)
        assert span is not None
        return self.window.flows.session.codebook.label(span.label_id).name

    def links(self, words: str) -> dict[str, tuple[str, str]]:
        """Return the links of a claim that are not rejected: type to words and state."""
        content, codes = self.content(), {t.id: t.code for t in self.window.flows.session.codebook.link_types}
        claim, quotes = self.stored(words), {span.id: span.quote for span in content.spans}
        return {
            codes[link.type_id]: (quotes[link.to_id], link.state.value)
            for link in content.links
            if claim is not None and link.from_id == claim.id and link.state != State.REJECTED
        }

    def close(self) -> None:
        self.frame.close()
        for dialog in self.dialogs():
            dialog.close()
        self.window.looks.themes.deleteLater()
        self.frame.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """An empty home: settings, data and samples of the program go there."""
    home = tmp_path / "home"
    for name, folder in (("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("HOME", "")):
        (home / folder).mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(home / folder))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home / "config"))
    return home


#: A worker that must not be needed: it ends at once.
NO_WORKER = [sys.executable, "-c", "raise SystemExit(1)"]


@pytest.fixture
def make_desk(qtbot, qapp, home) -> Iterator[Callable[..., Desk]]:
    """Open windows, one after the other, in the same home; those still open are closed at the end."""
    look = qapp.styleSheet(), qapp.palette(), qapp.font()
    desks: list[Desk] = []

    def make(worker_command: Sequence[str] = NO_WORKER) -> Desk:
        desks.append(Desk(qtbot, qapp, Paths(), worker_command))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()
    qapp.setStyleSheet(look[0])
    qapp.setPalette(look[1])
    qapp.setFont(look[2])


@pytest.fixture
def desk(make_desk, make_project) -> Desk:
    """The window with the briefs open."""
    desk = make_desk()
    desk.open(make_project())
    return desk


@pytest.fixture
def empty_desk(make_desk) -> Desk:
    """The window with its welcome page."""
    desk = make_desk()
    desk.window.open_first(None, is_sample=False)
    desk.settle()
    return desk


# -- faults --------------------------------------------------------------------------------------------------------


class FullDisk:
    """A disk that is full until `free` is called: writing fails in the middle of the transaction."""

    def __init__(self, monkeypatch):
        self.is_full = True
        transaction = Project._check_in_place

        def check(project):
            if self.is_full:
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            transaction(project)

        monkeypatch.setattr(Project, "_check_in_place", check)

    def free(self):
        self.is_full = False


@pytest.fixture
def fill_disk(monkeypatch) -> Callable[[], FullDisk]:
    """Fill the disk when it is called."""
    return lambda: FullDisk(monkeypatch)


@pytest.fixture
def full_disk(desk, fill_disk) -> FullDisk:
    """A disk that is full once the briefs are open."""
    return fill_disk()
