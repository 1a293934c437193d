"""Asking for the passphrase of an encrypted project, and for a new one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.widgets.dialog_parts import dialog_buttons, dialog_column
from gui.widgets.text import plain_label


class PassphraseDialog(QDialog):
    """Asks for a passphrase; `given` carries it. Shown by `open()`; it keeps nothing when closed."""

    given = Signal(str)

    def __init__(self, parent: QWidget | None, name: str, *, say: str = "", warning: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle("Passphrase")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        self.line = secret_line("Passphrase")
        self.shown = QCheckBox("Show it")
        self.shown.toggled.connect(lambda is_shown: _show(self.line, is_shown=is_shown))
        self.warning = plain_label(warning, "warning", is_wrapped=True)
        self.warning.setVisible(bool(warning))
        self.unlock = QPushButton("Open")
        self.unlock.setDefault(True)
        self.unlock.setEnabled(False)
        self.line.textChanged.connect(lambda text: self.unlock.setEnabled(bool(text)))
        self.unlock.clicked.connect(self._finish)
        layout = dialog_column(self, f"{name} is encrypted")
        layout.addWidget(plain_label(say or "Type its passphrase. It is kept nowhere.", "muted", is_wrapped=True))
        layout.addWidget(self.line)
        layout.addWidget(self.shown)
        layout.addWidget(self.warning)
        layout.addLayout(dialog_buttons(self, self.unlock))
        self.line.setFocus()

    def _finish(self) -> None:
        passphrase = self.line.text()
        self.line.clear()
        self.accept()
        self.given.emit(passphrase)


class NewPassphrase(QWidget):
    """Two lines for a new passphrase. `changed` tells of each change; `problem` says what is not good enough."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = secret_line("Passphrase")
        self.again = secret_line("Passphrase, again")
        self.shown = QCheckBox("Show it")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.first)
        layout.addWidget(self.again)
        layout.addWidget(self.shown)
        say = "Without it nobody opens the project or its backups again. What is exported is not encrypted."
        layout.addWidget(plain_label(say, "small", is_wrapped=True))
        for line in (self.first, self.again):
            line.textChanged.connect(lambda _text: self.changed.emit())
            self.shown.toggled.connect(lambda is_shown, line=line: _show(line, is_shown=is_shown))

    @property
    def passphrase(self) -> str:
        """What was typed."""
        return self.first.text()

    def problem(self) -> str:
        """Return what is not good enough yet, "" if nothing."""
        from storage.keys import check_passphrase

        problem = check_passphrase(self.first.text())
        if problem or self.first.text() == self.again.text():
            return problem
        return "The two lines are not the same."


class ChangePassphraseDialog(QDialog):
    """Asks for the former passphrase, if there is one, for a new one, or none, and what becomes of the backups.

    `change_requested` carries both, `None` for none, and whether the backups made before go. Shown by `open()`.
    """

    change_requested = Signal(object, object, bool)

    def __init__(self, parent: QWidget | None, name: str, *, is_encrypted: bool, backups: int = 0) -> None:
        super().__init__(parent)
        self.setWindowTitle("Passphrase")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(500)
        self._is_encrypted = is_encrypted
        self.former = secret_line("Present passphrase")
        self.new = NewPassphrase()
        self.none = QCheckBox("Write it without encryption")
        self.drop = QCheckBox(f"Remove the backups made before ({backups:,}), after a new one")
        self.drop.setVisible(backups > 0)
        self.warning = plain_label("", "muted", is_wrapped=True)
        self.do = QPushButton("Change" if is_encrypted else "Encrypt")
        self.do.setDefault(True)
        self.former.setVisible(is_encrypted)
        self.none.setVisible(is_encrypted)
        layout = dialog_column(self)
        title = f"Passphrase of {name}" if is_encrypted else f"Encrypt {name}"
        layout.addWidget(plain_label(title, "title", is_wrapped=True))
        opens = "open with the present passphrase" if is_encrypted else "can be read without a passphrase"
        kept = f" Backups made before {opens} as long as they are kept." if backups else ""
        say = f"The project is closed for a moment and written anew.{kept}"
        layout.addWidget(plain_label(say, "muted", is_wrapped=True))
        for widget in (self.former, self.new, self.none, self.drop, self.warning):
            layout.addWidget(widget)
        layout.addLayout(dialog_buttons(self, self.do))
        self.former.textChanged.connect(lambda _text: self._check())
        self.new.changed.connect(self._check)
        self.none.toggled.connect(lambda _is_plain: self._check())
        self.do.clicked.connect(self._finish)
        self._check()
        (self.former if is_encrypted else self.new.first).setFocus()

    def _check(self) -> None:
        self.new.setEnabled(not self.none.isChecked())
        problem = "" if self.none.isChecked() else self.new.problem()
        if self._is_encrypted and not self.former.text():
            problem = "Type the present passphrase first."
        self.warning.setText(problem)
        self.do.setEnabled(not problem)

    def _finish(self) -> None:
        former = self.former.text() if self._is_encrypted else None
        new = None if self.none.isChecked() else self.new.passphrase
        for line in (self.former, self.new.first, self.new.again):
            line.clear()
        self.accept()
        self.change_requested.emit(former, new, self.drop.isChecked())


def secret_line(name: str) -> QLineEdit:
    """Return a line that shows dots for what is typed."""
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setPlaceholderText(name)
    line.setAccessibleName(name)
    return line


def _show(line: QLineEdit, *, is_shown: bool) -> None:
    line.setEchoMode(QLineEdit.EchoMode.Normal if is_shown else QLineEdit.EchoMode.Password)
