from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QWidget

from gui.panels.actors import ActorsPanel
from gui.registry.controller import RegistryController
from gui.session import Session
from nlp.suggestion import DocumentSuggestions, Range, SuggestedSpan
from storage import queries
from storage.formats.exchange import ExchangeDocument
from storage.history import redo, undo
from storage.importing import Importer
from storage.operations import actors, spans
from storage.records import ActorRecord, Fragment, SpanRecord
from storage.suggesting import store_suggestions

TEXT = (
    "Sergey Taval met the press in Karsk. “We wait,” said Taval, and Taval left. Orsk waits; Orsk rests. "
    "Zhao spoke too. Then <b>friends</b> of Dara Okonin nodded at taval."
)
MENTIONS = ("Sergey Taval", "Taval", "Taval", "Orsk", "Orsk", "Zhao", "<b>friends</b>", "Dara Okonin", "taval")
TYPES = {"Orsk": "State", "<b>friends</b>": "Group"}


class Desk:
    """The panel beside a text, with someone at the keyboard, on a project of two documents full of mentions."""

    def __init__(self, qtbot, session: Session) -> None:
        self.qtbot, self.session = qtbot, session
        self.project = session.project
        self.labels = {label.name: label.id for label in session.codebook.labels}
        self.documents = [self._add(title) for title in ("Harbour brief", "The islands wait")]
        self.told: list[str] = []
        self.opened: list[tuple[int, int]] = []

    def show(self) -> None:
        """Put the panel on screen and wait until everything is counted."""
        self.window = QWidget()
        self.qtbot.addWidget(self.window)
        layout = QHBoxLayout(self.window)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.panel = ActorsPanel()
        self.panel.setFixedWidth(320)
        layout.addWidget(self.text)
        layout.addWidget(self.panel)
        self.registry = RegistryController(self.window, self.panel)
        self.registry.told.connect(self.told.append)
        self.registry.mention_requested.connect(lambda document, span: self.opened.append((document, span)))
        self.panel.left.connect(self.text.setFocus)
        self.window.resize(800, 760)
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        self.registry.work_on(self.session)
        self.panel.enter()
        self.settle()

    def settle(self) -> None:
        """Wait until counts and cards are those of what was committed last."""
        self.qtbot.waitUntil(lambda: self.registry.is_settled)

    def press(self, *keys: str) -> None:
        for key in keys:
            combined = QKeySequence(key)[0]
            QTest.keyClick(QApplication.focusWidget(), combined.key(), combined.keyboardModifiers())
        self.settle()

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)
        self.settle()

    def create(self, name: str, *aliases: str, label: str | None = "Person") -> int:
        label_id = self.labels[label] if label else None
        return max(actors.create_actor(self.project, name, label_id=label_id, aliases=aliases).actors)

    def actor(self, name: str) -> ActorRecord:
        return next(actor for actor in queries.actors(self.project) if actor.name == name)

    @property
    def names(self) -> list[str]:
        return [actor.name for actor in queries.actors(self.project)]

    def spans(self, words: str) -> list[SpanRecord]:
        found = [queries.document_content(self.project, document_id).spans for document_id in self.documents]
        return [span for spans_ in found for span in spans_ if span.quote == words]

    def linked(self, words: str) -> list[int | None]:
        return [span.actor_id for span in self.spans(words)]

    def undo(self) -> None:
        self.session.do(undo)
        self.settle()

    def redo(self) -> None:
        self.session.do(redo)
        self.settle()

    @property
    def actor_rows(self) -> list[str]:
        model = self.panel.actors_model
        return [model.face(row).title for row in range(model.rowCount())]

    @property
    def word_rows(self) -> list[tuple[str, str, str]]:
        model = self.panel.words_model
        return [(face.title, face.mentions, face.below) for face in map(model.face, range(model.rowCount()))]

    @property
    def mention_rows(self) -> list[tuple[str, bool]]:
        model = self.panel.mentions_model
        return [(model.line(row).words, model.is_waiting(row)) for row in range(model.rowCount())]

    def _add(self, title: str) -> int:
        with Importer(self.project) as importer:
            text = f"{title}. {TEXT}"
            importer.add_file(title, [ExchangeDocument(title=title, text=text)])
            importer.publish()
        document_id = queries.document_items(self.project)[-1].document.id
        at = 0
        for words in MENTIONS:
            at = text.index(words, at)
            label_id = self.labels[TYPES.get(words, "Person")]
            spans.draw(self.project, document_id, label_id, (Fragment(at, at + len(words)),))
            at += len(words)
        return document_id


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[Desk]:
    session = Session.create(tmp_path / "Straits desk.sayso")
    made = Desk(qtbot, session)
    yield made
    if hasattr(made, "registry"):
        made.registry.work_on(None)
    session.close()


@pytest.fixture
def suggest():
    """Let a suggester propose the first occurrence of some words in the first document."""

    def propose(desk: Desk, words: str, code: str) -> None:
        document_id = desk.documents[0]
        at = queries.document_text(desk.project, document_id).index(words)
        found = SuggestedSpan(0, code, (Range(at, at + len(words)),), 0.9)
        store_suggestions(desk.project, DocumentSuggestions(document_id, "rules", "1", "", (found,)))

    return propose
