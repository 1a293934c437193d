"""What counts as a claim and whether confirmed words are remembered: the last section of the codebook panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from gui.widgets.text import heading, plain_label, set_plain_tooltip, without_mnemonic
from gui.widgets.tool_buttons import tool_button
from nlp.suggestion import CUE_KINDS

if TYPE_CHECKING:
    from storage.records import Codebook

#: The narrow notion of attribution: somebody says something.
_NARROW = ("speech",)


class OptionsSection(QWidget):
    """Check boxes for the kinds of cue, two presets of them, and one for memory. Each click is a wish.

    `cue_kinds_requested` carries codes of kinds, or `None` for all of them.
    """

    cue_kinds_requested = Signal(object)
    remembering_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        narrow = "The narrow notion: somebody says, writes, asks or denies something"
        wide = "The wide notion: also what somebody believes, wants, fears, backs or shows"
        self.narrow = tool_button("Speech only", narrow, is_checkable=True)
        self.wide = tool_button("All kinds", wide, is_checkable=True)
        self.kinds = {kind.code: QCheckBox(without_mnemonic(kind.title)) for kind in CUE_KINDS}
        for kind in CUE_KINDS:
            set_plain_tooltip(self.kinds[kind.code], kind.definition)
        self.remembering = QCheckBox("Suggest them wherever else they stand")
        set_plain_tooltip(
            self.remembering,
            "Names and groups that you confirm are found in all documents at once, and go again with the confirmation. "
            "Each label of actors has the same switch of its own.",
        )
        self.narrow.clicked.connect(lambda _is_on=False: self.cue_kinds_requested.emit(_NARROW))
        self.wide.clicked.connect(lambda _is_on=False: self.cue_kinds_requested.emit(None))
        for box in self.kinds.values():
            box.clicked.connect(self._tell_kinds)
        self.remembering.clicked.connect(self.remembering_requested)
        self._lay_out()

    def show_options(self, codebook: Codebook) -> None:
        """Show what holds in a project."""
        on = set(self.kinds) if codebook.cue_kinds is None else set(codebook.cue_kinds)
        for code, box in self.kinds.items():
            box.setChecked(code in on)
        self.narrow.setChecked(on == set(_NARROW))
        self.wide.setChecked(on >= self.kinds.keys())
        self.remembering.setChecked(codebook.is_remembering)

    def _tell_kinds(self) -> None:
        on = tuple(code for code, box in self.kinds.items() if box.isChecked())
        self.cue_kinds_requested.emit(None if len(on) == len(self.kinds) else on)

    def _lay_out(self) -> None:
        presets = QHBoxLayout()
        presets.setContentsMargins(6, 2, 8, 2)
        presets.setSpacing(6)
        presets.addWidget(self.narrow)
        presets.addWidget(self.wide)
        presets.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.setSpacing(2)
        layout.addWidget(_inset(heading("What counts as a claim")))
        say = "Contents of cues of these kinds are suggested. What was decided stays, whatever its kind."
        layout.addWidget(_inset(plain_label(say, "small", is_wrapped=True)))
        layout.addLayout(presets)
        for box in self.kinds.values():
            layout.addWidget(_inset(box))
        layout.addSpacing(10)
        layout.addWidget(_inset(heading("Words that you confirm")))
        layout.addWidget(_inset(self.remembering))


def _inset(widget: QWidget) -> QWidget:
    """Return a widget that begins where the names of the lines above do."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(8, 0, 8, 0)
    layout.addWidget(widget)
    return holder
