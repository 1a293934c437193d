from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

import pytest
from PySide6.QtWidgets import QApplication

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
    ReviewedRecord,
    SpanRecord,
    State,
)

STATE, PERSON, CLAIM, CUE = 1, 2, 3, 4
SPEAKER, TARGET = 1, 2

CODEBOOK = Codebook(
    labels=(
        LabelRecord(STATE, LabelKind.ACTOR, "State", colour="blue"),
        LabelRecord(PERSON, LabelKind.ACTOR, "Person", colour="teal"),
        LabelRecord(CLAIM, LabelKind.CLAIM, "Claim", colour="yellow"),
        LabelRecord(CUE, LabelKind.CUE, "Cue", colour="grey"),
    ),
    link_types=(
        LinkTypeRecord(SPEAKER, "speaker", "speaker", LabelKind.CLAIM, LabelKind.ACTOR),
        LinkTypeRecord(TARGET, "target", "target", LabelKind.CLAIM, LabelKind.ACTOR),
    ),
)


@dataclass
class Draft:
    """A document in the making: spans are given by their words."""

    text: str
    spans: list[SpanRecord] = field(default_factory=list)
    links: list[LinkRecord] = field(default_factory=list)
    reviewed: list[ReviewedRecord] = field(default_factory=list)
    title: str = "Harbour accord"

    STATE: ClassVar[int] = STATE
    PERSON: ClassVar[int] = PERSON
    CLAIM: ClassVar[int] = CLAIM
    CUE: ClassVar[int] = CUE
    SPEAKER: ClassVar[int] = SPEAKER
    TARGET: ClassVar[int] = TARGET

    def span(self, label: int, *quotes: str, state: State = State.CONFIRMED, after: str = "") -> SpanRecord:
        """Add a span with one fragment for each quote, looked for behind `after`."""
        start_cp = self.text.index(after) + len(after) if after else 0
        fragments = []
        for quote in quotes:
            found_cp = self.text.index(quote, start_cp)
            start_cp = found_cp + len(quote)
            fragments.append(Fragment(found_cp, start_cp))
        origin = Origin.HUMAN if state is State.CONFIRMED else Origin.SUGGESTER
        number = len(self.spans) + 1
        self.spans.append(SpanRecord(number, 1, label, state, origin, tuple(fragments), " ".join(quotes)))
        return self.spans[-1]

    def link(self, type_id: int, from_span: SpanRecord, to_span: SpanRecord) -> LinkRecord:
        number = len(self.links) + 1
        self.links.append(LinkRecord(number, 1, type_id, from_span.id, to_span.id, State.CONFIRMED, Origin.HUMAN))
        return self.links[-1]

    def review(self, start_cp: int, end_cp: int) -> None:
        self.reviewed.append(ReviewedRecord(len(self.reviewed) + 1, 1, start_cp, end_cp, 1, ""))

    @property
    def content(self) -> DocumentContent:
        record = DocumentRecord(1, self.title, len(self.text), "", language="en")
        return DocumentContent(record, self.text, tuple(self.spans), tuple(self.links), tuple(self.reviewed))


@pytest.fixture
def draft() -> type[Draft]:
    """Make a document in the making from its text."""
    return Draft


@pytest.fixture
def codebook() -> Codebook:
    return CODEBOOK


ShowDraft = Callable[[Draft], DocumentView]


@pytest.fixture
def view(qtbot) -> DocumentView:
    """A view on screen, 800 x 600, with the keyboard."""
    view = DocumentView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return view


@pytest.fixture
def show(view) -> ShowDraft:
    def show_draft(draft: Draft) -> DocumentView:
        view.show_document(draft.content, CODEBOOK)
        QApplication.processEvents()
        return view

    return show_draft
