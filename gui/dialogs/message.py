"""Messages: a problem in the analyst's world, a bug of ours, a project that is open elsewhere, about."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QWidget

from gui.widgets.dialog_parts import dialog_column
from gui.widgets.text import plain_label

WIDTH_PX = 480


class MessageDialog(QDialog):
    """One sentence in plain text, details that can be read and copied, and a button to go on.

    Meant to be shown by `open()`: it never blocks the program. It deletes itself when closed.
    """

    def __init__(self, parent: QWidget | None, title: str, sentence: str, details: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(WIDTH_PX)
        self.sentence = _selectable(plain_label(sentence, is_wrapped=True))
        self.details = details_box(details, "Details")
        self.copy = QPushButton("Copy details")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        self.buttons = QHBoxLayout()
        self.buttons.addWidget(self.copy)
        self.buttons.addStretch()
        self.main_button = self.add_button("OK")
        self.main_button.setDefault(True)
        self.main_button.clicked.connect(self.accept)
        layout = dialog_column(self, title, spacing=12)
        layout.addWidget(self.sentence)
        layout.addWidget(self.details, 100)
        layout.addStretch(1)
        layout.addLayout(self.buttons)
        for widget in (self.details, self.copy):
            widget.setVisible(bool(details))
        self.main_button.setFocus()

    def add_button(self, text: str) -> QPushButton:
        """Add a button at the right and return it."""
        button = QPushButton(text)
        button.setAutoDefault(False)
        self.buttons.addWidget(button)
        return button

    def copied_text(self) -> str:
        """Return what "Copy details" puts on the clipboard."""
        return f"{self.windowTitle()}\n{self.sentence.text()}\n\n{self.details.toPlainText()}"

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.copied_text())
        self.copy.setText("Copied")


def problem_dialog(parent: QWidget | None, sentence: str, details: str = "") -> MessageDialog:
    """Return a dialog that tells of a problem in the analyst's world, as `EnvironmentProblem` words it."""
    return MessageDialog(parent, "That did not work", sentence, details)


def bug_dialog(parent: QWidget | None, report: str) -> MessageDialog:
    """Return a dialog that owns up to a mistake of ours; the report must hold no text of documents."""
    sentence = (
        "This is a mistake in the program, not yours. Everything decided before is saved. "
        "The report below holds no text of your documents; it helps whoever mends this."
    )
    return MessageDialog(parent, "Something went wrong inside Sayso", sentence, report)


def about_dialog(parent: QWidget | None, version: str) -> MessageDialog:
    """Return a dialog that tells what the program is."""
    sentence = (
        "Label actors and claims in political texts: who says what, about whom. "
        "Free under the MIT licence. Works offline: nothing leaves this machine."
    )
    return MessageDialog(parent, f"Sayso {version}", sentence)


class OpenElsewhereDialog(MessageDialog):
    """Tells that another program has the project open, and offers to try again or to take another one."""

    retry_requested = Signal()
    other_requested = Signal()

    def __init__(self, parent: QWidget | None, sentence: str) -> None:
        super().__init__(parent, "This project is open elsewhere", sentence)
        self.main_button.setText("Try again")
        self.other = self.add_button("Open another …")
        self.close_button = self.add_button("Close")
        self.accepted.connect(self.retry_requested)
        self.other.clicked.connect(self._ask_for_another)
        self.close_button.clicked.connect(self.reject)

    def _ask_for_another(self) -> None:
        self.reject()
        self.other_requested.emit()


class UnsavedDialog(MessageDialog):
    """Tells that words could not be saved before leaving the project; nobody leaves them behind by accident."""

    again_requested = Signal()
    leave_requested = Signal()

    def __init__(self, parent: QWidget | None, sentence: str, words: str) -> None:
        say = f"{sentence} What you wrote stands below and would be lost with the project closed now."
        super().__init__(parent, "Your words are not saved", say, words)
        self.copy.setText("Copy the words")
        self.main_button.setText("Try again")
        self.leave = self.add_button("Close without them")
        self.stay = self.add_button("Stay")
        self.accepted.connect(self.again_requested)
        self.leave.clicked.connect(self._leave)
        self.stay.clicked.connect(self.reject)

    def copied_text(self) -> str:
        """Return the words alone, to be pasted elsewhere."""
        return self.details.toPlainText()

    def _leave(self) -> None:
        self.reject()
        self.leave_requested.emit()


def details_box(text: str, name: str) -> QPlainTextEdit:
    """Return a box of plain text to read and to copy from."""
    box = QPlainTextEdit(text)
    box.setReadOnly(True)
    box.setTabChangesFocus(True)
    box.setAccessibleName(name)
    box.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
    return box


def _selectable(label: QLabel) -> QLabel:
    flags = Qt.TextInteractionFlag
    label.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
    label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return label
