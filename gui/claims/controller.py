"""Keeps the table of claims up to date with the project, and does what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter

from gui.latest import Latest
from gui.sweep import Sweep
from gui.timers import single_shot

if TYPE_CHECKING:
    from gui.bench import Bench
    from gui.claims.panel import ClaimsPanel
    from gui.session import Session
    from storage.records import Changes

#: Several changes in a row are read once; those that never pause, as while suggestions come in, are read at times.
_READ_AFTER_MS = 250
_SHARES = (560, 240)


class Claims(QObject):
    """The table below the bench: made when it is first shown, fed by a thread, silent while it is hidden.

    `claim_requested` asks for a document with a span in the focus, `told` carries a short sentence, `left` gives the
    keyboard to the text.
    """

    claim_requested = Signal(int, int)
    told = Signal(str)
    left = Signal()

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(bench)
        self.splitter.setStretchFactor(0, 1)
        self.panel: ClaimsPanel | None = None
        self._session: Session | None = None
        self._reads, self._sweep = Latest(self), Sweep(self)
        self._sweep.told.connect(self.told)
        self._soon = single_shot(self, _READ_AFTER_MS, self._read_when_free)

    @property
    def is_shown(self) -> bool:
        """Whether the table is on screen."""
        return self.panel is not None and not self.panel.isHidden()

    def work_on(self, session: Session | None) -> None:
        """Show the claims of another project; `None` lets go of this one, waiting for what still reads."""
        self._soon.stop()
        self._reads.finish()
        self._sweep.work_on(session)
        if self._session is not None:
            self._session.changed.disconnect(self._follow)
        self._session = session
        if self.panel is not None:
            self.panel.clear()
        if session is not None:
            session.changed.connect(self._follow)
            if self.panel is not None:
                self.panel.set_codebook(session.codebook)
            if self.is_shown:
                self._read()

    def toggle(self) -> None:
        """Show the table with the keyboard in it, or hide it where the keyboard is in it already."""
        panel = self.panel or self._build()
        if self.is_shown and panel.isAncestorOf(QApplication.focusWidget() or panel.window()):
            self._hide()
            return
        if not self.is_shown:
            panel.show()
            if self._session is not None:
                panel.set_codebook(self._session.codebook)
            self._read()
        panel.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        panel.words.selectAll()

    def _hide(self) -> None:
        if self.panel is not None:
            self._reads.forget()
            self.panel.hide()
            self.left.emit()

    def _build(self) -> ClaimsPanel:
        from gui.claims.panel import ClaimsPanel

        panel = self.panel = ClaimsPanel()
        panel.hide()
        self.splitter.addWidget(panel)
        self.splitter.setSizes(_SHARES)
        panel.query_changed.connect(self._read)
        panel.claim_requested.connect(self.claim_requested)
        panel.field_requested.connect(self._set_field)
        panel.left.connect(self.left)
        panel.close_requested.connect(self._hide)
        self._reads.failed.connect(panel.show_problem)
        return panel

    def _follow(self, changes: Changes) -> None:
        if self.panel is not None and self._session is not None and changes.is_codebook_changed:
            self.panel.set_codebook(self._session.codebook)
        if self.is_shown and not self._soon.isActive():
            self._soon.start()

    def _read_when_free(self) -> None:
        """Read what was changed, after what is being read: a slow reading comes to its end between two changes."""
        if self._reads.is_busy:
            self._soon.start()
        else:
            self._read()

    def _read(self) -> None:
        if self._session is None or self.panel is None:
            return
        from storage.claim_list import find_claims

        project, query = self._session.project, self.panel.query()
        self._reads.start(lambda proceed: find_claims(project, query, proceed), self.panel.show_found)

    def _set_field(self, span_ids: list[int], field_id: int, value: str) -> None:
        from storage.operations.spans import set_field_of

        if self._session is None:
            return
        if len(span_ids) == 1:
            self._session.do(set_field_of, span_ids, field_id, value)
            return
        self._sweep.do(
            lambda project: set_field_of(project, span_ids, field_id, value),
            lambda _changes: f"The field was set on {len(span_ids):,} claims. Ctrl+Z takes it back.",
        )
