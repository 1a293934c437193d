"""The dialog for a new project: where its file goes, and which codebook it starts with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gui.dialogs.files import typed_path, with_project_suffix
from gui.dialogs.passphrase import NewPassphrase
from gui.widgets.dialog_parts import dialog_buttons, dialog_column, fit_height
from gui.widgets.text import plain_label, without_mnemonic
from storage.errors import RefusedInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.dialogs.files import FilePicker
    from storage.codebook_file import CodebookFile
    from storage.codebooks import Starter

_INDENT_PX = 27
_SAY = "One file that holds texts, decisions and codebook."


class CodebookChoice(QWidget):
    """The starter codebooks, one of them chosen, or a file of one's own.

    `changed` tells of another choice; `problem` why a file cannot be had.
    """

    changed = Signal()

    def __init__(self, starters: Sequence[Starter], picker: FilePicker, folder: Path) -> None:
        super().__init__()
        self._picker, self._folder = picker, folder
        self._names = [starter.name for starter in starters]
        self._path: Path | None = None
        self.problem = ""
        self.buttons = [QRadioButton(without_mnemonic(starter.title)) for starter in starters]
        self.own = QRadioButton("A codebook file of your own …")
        group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        for button, starter in zip(self.buttons, starters, strict=True):
            group.addButton(button)
            layout.addWidget(button)
            say = plain_label(starter.description, "small", is_wrapped=True)
            say.setContentsMargins(_INDENT_PX, 0, 0, 6)
            button.setAccessibleDescription(starter.description)
            layout.addWidget(say)
        group.addButton(self.own)
        self._file = plain_label("", "small", is_wrapped=True)
        self._file.setContentsMargins(_INDENT_PX, 0, 0, 0)
        layout.addWidget(self.own)
        layout.addWidget(self._file)
        self.buttons[0].setChecked(True)
        self.own.clicked.connect(self._ask)
        group.buttonToggled.connect(lambda _button, _is_checked: self.changed.emit())

    def codebook(self) -> CodebookFile | None:
        """Return the codebook chosen; `None` if it is a file that cannot be had, and `problem` tells why."""
        from storage.codebook_file import read_codebook
        from storage.codebooks import starter

        self.problem = ""
        chosen = next((n for n, button in enumerate(self.buttons) if button.isChecked()), None)
        if chosen is not None:
            return starter(self._names[chosen])
        if self._path is None:
            self.problem = "Choose the codebook file."
            return None
        try:
            return read_codebook(self._path)
        except RefusedInputError as refusal:
            self.problem = str(refusal)
            return None

    def _ask(self) -> None:
        paths = self._picker.import_files(self, self._folder, [".toml"])
        self._path = paths[0] if paths else self._path
        self._file.setText(str(self._path) if self._path else "")
        self.changed.emit()


class NewProjectDialog(QDialog):
    """`create_requested` carries the path of the project file, the `CodebookFile`, and a passphrase or `None`.

    Shown by `open()`.
    """

    create_requested = Signal(object, object, object)

    def __init__(self, parent: QWidget | None, starters: Sequence[Starter], picker: FilePicker, folder: Path) -> None:
        super().__init__(parent)
        self._picker, self._folder = picker, folder
        self._codebook: CodebookFile | None = None
        self.setWindowTitle("New project")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self.path = QLineEdit(str(_free_path(folder)))
        self.path.setAccessibleName("Project file")
        self.browse = QPushButton("Choose …")
        self.browse.setAutoDefault(False)
        self.place = plain_label(_SAY, "muted", is_wrapped=True)
        self.choice = CodebookChoice(starters, picker, folder)
        self.encrypt = QCheckBox("Encrypt the project with a passphrase")
        self.secret = NewPassphrase()
        self.secret.hide()
        self.warning = plain_label("", "warning", is_wrapped=True)
        self.create_button = QPushButton("Create")
        self.create_button.setDefault(True)
        self._lay_out()
        self.path.textChanged.connect(self._check)
        self.choice.changed.connect(self._check)
        self.encrypt.toggled.connect(self._ask_for_passphrase)
        self.secret.changed.connect(self._check)
        self.browse.clicked.connect(self._browse)
        self.create_button.clicked.connect(self._finish)
        self._check()
        self.path.setFocus()
        self._select_name()

    def _select_name(self) -> None:
        """Select the name between folder and ending, so that typing replaces it alone."""
        path = Path(self.path.text())
        self.path.end(False)  # counts in UTF-16, as `setSelection` does: a folder may be called anything
        self.path.setSelection(self.path.cursorPosition() - len(path.name), len(path.stem))

    def _project_path(self) -> Path:
        """Return the path that was typed; a mere name goes into the folder that was proposed."""
        return with_project_suffix(self._folder / typed_path(self.path.text()))

    def _check(self) -> None:
        self._codebook = self.choice.codebook()
        problem = self._path_problem() or self.choice.problem
        if not problem and self.encrypt.isChecked():
            problem = self.secret.problem()
        self.warning.setText(problem)
        self.warning.setVisible(bool(problem))
        is_name = not problem and not typed_path(self.path.text()).is_absolute()
        self.place.setText(f"The file will be {self._project_path()}" if is_name else _SAY)
        if self.isVisible():
            fit_height(self, can_shrink=False)
        self.create_button.setEnabled(not problem)

    def _path_problem(self) -> str:
        if not self.path.text().strip():
            return "Choose where the project goes: one file that holds everything."
        path = self._project_path()
        try:
            typed = typed_path(self.path.text())
            is_whole = typed.is_absolute() or typed.name in {"", ".."}
            if is_whole and (folder := self._folder / typed).is_dir():
                return f"{folder} is a folder. Give the project a name in it."
            if not path.parent.is_dir():
                return f"There is no folder {path.parent}."
            return "This file is there already. Choose another name, or open it." if path.exists() else ""
        except OSError as error:  # a name that is too long, a folder that may not be looked into
            return f"The project cannot be kept there: {error.strerror}."

    def _ask_for_passphrase(self, is_wanted: bool) -> None:  # noqa: FBT001  (Qt's own signal)
        self.secret.setVisible(is_wanted)
        if is_wanted:
            self.secret.first.setFocus()
        self._check()
        fit_height(self, can_shrink=False)

    def _browse(self) -> None:
        path = self._picker.new_project(self, self._folder)
        if path is not None:
            self.path.setText(str(path))

    def _finish(self) -> None:
        if self._codebook is not None and self.create_button.isEnabled():
            path, book = self._project_path(), self._codebook
            passphrase = self.secret.passphrase if self.encrypt.isChecked() else None
            self.accept()
            self.create_requested.emit(path, book, passphrase)

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.path, 1)
        where.addWidget(self.browse)
        layout = dialog_column(self, "New project", spacing=8)
        layout.addWidget(self.place)
        layout.addLayout(where)
        layout.addSpacing(6)
        layout.addWidget(plain_label("Codebook to start with; everything in it can be changed later", "muted"))
        layout.addWidget(self.choice)
        layout.addWidget(self.encrypt)
        layout.addWidget(self.secret)
        layout.addWidget(self.warning)
        layout.addStretch()
        layout.addLayout(dialog_buttons(self, self.create_button))


def _free_path(folder: Path) -> Path:
    """Return a name for a new project that is not taken in this folder."""
    names = (f"project{number if number > 1 else ''}.sayso" for number in range(1, 1000))
    return next((path for name in names if not (path := folder / name).exists()), folder / "project.sayso")
