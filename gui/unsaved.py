"""Words typed about a span that could not be saved: kept, written as soon as it works, never dropped unasked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gui.dialogs.message import UnsavedDialog
from storage.errors import EnvironmentProblem, StaleEditError
from storage.records import FieldType

if TYPE_CHECKING:
    from gui.panels.inspector import Inspector
    from gui.panels.inspector_data import InspectorData
    from gui.session import Session


class UnsavedWords(QObject):
    """Writes the notes and fields that are typed, and keeps those that the file refuses.

    A decision that fails is made again by one key; words would have to be thought of again.
    """

    def __init__(self, window: QWidget, inspector: Inspector) -> None:
        super().__init__(window)
        self._window = window
        self._inspector = inspector
        self._session: Session | None = None
        #: By span and field (`None`: the note), in the order of typing.
        self._words: dict[tuple[int, int | None], str] = {}
        self._is_leaving = False
        self._dialog: UnsavedDialog | None = None

    def work_on(self, session: Session | None) -> None:
        """Write to another project from now on."""
        self._words.clear()
        self._session = session
        if session is not None:
            # Whatever is saved says that saving works again; later, for a signal is no place to write.
            session.changed.connect(lambda _changes: self._words and QTimer.singleShot(0, self, self._write_all))

    def set_note(self, span_id: int | None, note: str) -> None:
        """Write a note on a span."""
        if span_id is not None:
            self._take((span_id, None), note)

    def set_field(self, span_id: int | None, field_id: int, value: str) -> None:
        """Set a codebook field of a span; a choice that cannot be saved is only told."""
        if span_id is None or self._session is None:
            return
        from storage.operations.spans import set_field

        types = {field.id: field.type for field in self._session.codebook.fields}
        if types.get(field_id) is FieldType.CHOICE:
            self._session.do(set_field, span_id, field_id, value)
        else:
            self._take((span_id, field_id), value)

    def shown_in(self, data: InspectorData) -> InspectorData:
        """Return what the card is to tell, with the words that wait to be saved in place of those in the file."""
        waiting = {field_id: text for (span_id, field_id), text in self._words.items() if span_id == data.span_id}
        if not waiting:
            return data
        fields = tuple(replace(field, value=waiting.get(field.id, field.value)) for field in data.fields)
        return replace(data, note=waiting.get(None, data.note), is_note_unsaved=None in waiting, fields=fields)

    def may_leave(self, leave: Callable[[], object]) -> bool:
        """Save what is being typed; where that fails ask, and let the answer call `leave`.

        Asked while the question stands, it is answered by yes: whoever insists wants to go.
        """
        sentence = self._commit()
        if sentence and self._dialog is None:
            self._ask(sentence, leave)
            return False
        self._words.clear()
        return True

    def keep(self) -> bool:
        """Save what is being typed, and what waits; where that fails tell why. Whether all is saved."""
        sentence = self._commit()
        if sentence and self._session is not None:
            self._session.problem_met.emit(sentence)
        return not sentence

    def _commit(self) -> str:
        """Write what is being typed and what waits, telling nothing; return the sentence of the problem, if any."""
        if self._session is None:
            return ""
        self._is_leaving = True
        try:
            self._inspector.commit()
        finally:
            self._is_leaving = False
        return self._write_all()

    def _take(self, place: tuple[int, int | None], text: str) -> None:
        self._words.pop(place, None)
        self._words[place] = text
        if self._session is not None and not self._is_leaving:  # one dialog tells of the problem then: ours
            sentence = self._write(place)
            if sentence:
                self._session.problem_met.emit(sentence)

    def _write_all(self) -> str:
        """Write what waits; return the sentence of the problem that still stands, "" when all is saved."""
        return next((sentence for place in list(self._words) if (sentence := self._write(place))), "")

    def _write(self, place: tuple[int, int | None]) -> str:
        from storage.operations.spans import annotate, set_field

        text = self._words.pop(place, None)
        if self._session is None or text is None:
            return ""
        span_id, field_id = place
        try:
            if field_id is None:
                self._session.attempt(annotate, span_id, note=text)
            else:
                self._session.attempt(set_field, span_id, field_id, text)
        except StaleEditError as problem:  # the span is gone, and with it what the words were about
            self._session.problem_met.emit(str(problem))
        except EnvironmentProblem as problem:
            self._words[place] = text
            return str(problem)
        return ""

    def _ask(self, sentence: str, leave: Callable[[], object]) -> None:
        dialog = UnsavedDialog(self._window, sentence, "\n\n".join(text for text in self._words.values() if text))
        dialog.again_requested.connect(lambda: self._answered(leave))
        dialog.leave_requested.connect(lambda: self._answered(leave, is_without=True))
        dialog.rejected.connect(self._forget_dialog)
        self._dialog = dialog
        dialog.open()

    def _answered(self, leave: Callable[[], object], *, is_without: bool = False) -> None:
        self._dialog = None
        if is_without:
            self._words.clear()
        leave()

    def _forget_dialog(self) -> None:
        self._dialog = None
