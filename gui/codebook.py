"""The codebook while labelling: changes wished in the panel are done, files come and go, the card tells meanings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.codebook_words import consequences, count, merge_details, merge_sentence
from gui.dialogs.message import MessageDialog, problem_dialog
from gui.dialogs.removal import RemovalDialog
from gui.panels.codebook_data import noun_of
from gui.timers import single_shot
from storage.errors import EnvironmentProblem, RefusedInputError
from storage.records import Changes, Codebook, FieldRecord, LabelRecord, LinkTypeRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from gui.dialogs.files import FilePicker
    from gui.document.view import DocumentView
    from gui.panels.codebook import CodebookPanel
    from gui.panels.codebook_data import Entry
    from gui.panels.label_card import LabelCard
    from gui.panels.labels import LabelsPanel
    from gui.session import Session
    from storage.codebook_file import CodebookFile
    from storage.codebook_usage import Use
    from storage.project import Project

#: The card follows the focus by a frame or two: laying it out anew takes 4 ms, which no key press waits for.
_TELL_MS = 25
_SUFFIX = ".toml"
#: Codebooks of NVivo, ATLAS.ti and others (REFI-QDA).
_QDC_SUFFIX = ".qdc"


class CodebookKeeper(QObject):
    """Joins the panel, the card and the open project; every change is one operation that undo takes back.

    `told` carries a short sentence for the status bar; `panel_requested` asks the window to bring the panel up front.
    """

    told = Signal(str)
    panel_requested = Signal()

    def __init__(
        self,
        window: QWidget,
        panel: CodebookPanel,
        card: LabelCard,
        labels: LabelsPanel,
        view: DocumentView,
        files: FilePicker,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._panel = panel
        self._card = card
        self._view = view
        self._files = files
        self._session: Session | None = None
        self._pointed_at: int | None = None
        self._telling = single_shot(self, _TELL_MS, self._tell_meaning)
        panel.draft_requested.connect(self._begin)
        panel.add_requested.connect(self._add)
        panel.changed.connect(self._change)
        panel.remove_requested.connect(self._ask_to_remove)
        panel.move_requested.connect(self._move)
        panel.import_requested.connect(self.import_file)
        panel.export_requested.connect(self.export_file)
        panel.options.cue_kinds_requested.connect(self._set_cue_kinds)
        panel.options.remembering_requested.connect(self._set_remembering)
        panel.remembered_requested.connect(self._set_remembered)
        view.focus_changed.connect(self._telling.start)
        labels.label_pointed_at.connect(self._point_at)

    def work_on(self, session: Session | None) -> None:
        """Show the codebook of this project from now on, or none."""
        if self._session is not None:
            self._session.changed.disconnect(self._follow)
        self._session = session
        self._pointed_at = None
        self._panel.show_list()
        self._panel.set_codebook(session.codebook if session else Codebook())
        if session is not None:
            session.changed.connect(self._follow)
        self._tell_meaning()

    def show_panel(self) -> None:
        """Bring the panel up front, the keyboard in it."""
        self.panel_requested.emit()
        self._panel.focus_list()

    def show_label(self, label_id: int) -> None:
        """Open the form of a label."""
        if self._session is not None:
            self.panel_requested.emit()
            self._panel.show_entry(self._session.codebook.label(label_id))

    # -- files --------------------------------------------------------------------------------------------------------

    def import_file(self) -> None:
        """Ask for a codebook file, show what it would do, and take it in."""
        if self._session is None:
            return
        paths = self._files.import_files(self._window, self._session.project.path.parent, [_SUFFIX, _QDC_SUFFIX])
        if paths:
            self.import_path(paths[0])

    def import_path(self, path: Path) -> None:
        """Show what a codebook file would do, and take it in if that is confirmed."""
        from storage.codebook_file import read_codebook
        from storage.codebook_merge import plan_merge

        if self._session is None:
            return
        try:
            book = read_codebook(path)
        except RefusedInputError as refusal:
            problem_dialog(self._window, f"{refusal} Nothing was taken in.").open()
            return
        plan = plan_merge(self._session.codebook, book.codebook)
        title, sentence = "Import codebook", merge_sentence(book.name or path.name, plan)
        dialog = MessageDialog(self._window, title, sentence, merge_details(plan))
        if plan.has_effect:
            dialog.main_button.setText("Take it in")
            dialog.add_button("Cancel").clicked.connect(dialog.reject)
            dialog.accepted.connect(lambda: self._take_in(book))
        dialog.open()

    def export_file(self) -> None:
        """Ask where to, and write the codebook there."""
        from storage.codebook_file import CodebookFile, write_codebook

        if self._session is None:
            return
        project = self._session.project
        suggested = project.path.with_name(f"{project.name} codebook{_SUFFIX}")
        path = self._files.export_target(self._window, suggested, is_folder=False)
        if path is None:
            return
        path = path if path.suffix else path.with_name(path.name + _SUFFIX)
        try:
            write_codebook(path, CodebookFile(self._session.codebook, project.name))
        except EnvironmentProblem as problem:
            problem_dialog(self._window, str(problem)).open()
        else:
            self.told.emit(f"Codebook written to {path.name}.")

    def _take_in(self, book: CodebookFile) -> None:
        from storage.operations.codebook_import import import_codebook

        if self._do(lambda project: import_codebook(project, book.codebook), is_sweeping=True):
            self.told.emit("Codebook taken in; Ctrl+Z takes it back.")

    # -- changes ------------------------------------------------------------------------------------------------------

    def _begin(self, blank: Entry) -> None:
        """Show the draft of a new entry; a label's comes with a colour and a key that are free."""
        if self._session is None:
            return
        if isinstance(blank, LabelRecord):
            from storage.codebook_rules import free_colour, free_key

            codebook = self._session.codebook
            blank = replace(blank, colour=free_colour(codebook, blank.kind), key=free_key(codebook))
        self._panel.show_entry(blank)

    def _add(self, entry: Entry) -> None:
        from storage.operations import codebook as operations

        if self._session is None:
            return
        match entry:
            case LabelRecord():
                done = self._do(lambda project: operations.add_label(project, entry))
            case LinkTypeRecord():
                coded = self._with_code(entry)
                done = self._do(lambda project: operations.add_link_type(project, coded))
            case FieldRecord():
                done = self._do(lambda project: operations.add_field(project, entry))
        if done:
            added = self._newest(entry)
            self._panel.show_entry(added)
            self._panel.show_list()
            self.told.emit(f"Added the {noun_of(added)} “{added.name}”.")

    def _change(self, entry: Entry) -> None:
        from storage.operations import codebook as operations

        match entry:
            case LabelRecord():
                self._do(lambda project: operations.change_label(project, entry))
            case LinkTypeRecord():
                coded = self._with_code(entry)
                self._do(lambda project: operations.change_link_type(project, coded))
            case FieldRecord():
                self._do(lambda project: operations.change_field(project, entry))

    def _move(self, entry: Entry, step: int) -> None:
        from storage.operations import codebook as operations

        move = operations.move_label if isinstance(entry, LabelRecord) else operations.move_field
        self._do(lambda project: move(project, entry.id, step))

    def _set_cue_kinds(self, kinds: Sequence[str] | None) -> None:
        from storage.operations.settings import set_cue_kinds

        self._set(lambda project: set_cue_kinds(project, kinds))

    def _set_remembering(self, is_on: bool) -> None:  # noqa: FBT001  (the payload of a signal)
        from storage.operations.settings import set_remembering

        self._set(lambda project: set_remembering(project, is_on=is_on))

    def _set_remembered(self, label_id: int, is_on: bool) -> None:  # noqa: FBT001
        from storage.operations.settings import set_remembered

        self._set(lambda project: set_remembered(project, label_id, is_remembered=is_on))

    def _set(self, operation: Callable[[Project], Changes]) -> None:
        """Change how suggestions are made; what the project holds is shown, whether that was done or refused."""
        if self._session is not None:
            self._session.do(operation)
            self._panel.show_settings(self._session.codebook)

    def _ask_to_remove(self, entry: Entry) -> None:
        """Remove an entry that nothing uses at once; else tell what would happen and ask."""
        use = self._use(entry)
        if self._session is None or use is None:
            return
        if not use.is_used:
            self._remove(entry, None)
            return
        targets = [
            label
            for label in self._session.codebook.labels
            if isinstance(entry, LabelRecord) and label.kind is entry.kind and label.id != entry.id
        ]
        title = f"Remove the {noun_of(entry)} “{entry.name}”?"
        what = f"the {count(use.total, 'span')}" if use.total else "what hangs on it"
        dialog = RemovalDialog(self._window, title, consequences(entry, use), targets, what)
        dialog.confirmed.connect(lambda target: self._remove(entry, target))
        dialog.open()

    def _remove(self, entry: Entry, target: int | None) -> None:
        from storage.operations import codebook_removal as operations

        match entry:
            case LabelRecord():
                done = self._do(
                    lambda project: operations.remove_label(project, entry.id, move_to=target), is_sweeping=True
                )
            case LinkTypeRecord():
                done = self._do(lambda project: operations.remove_link_type(project, entry.id), is_sweeping=True)
            case FieldRecord():
                done = self._do(lambda project: operations.remove_field(project, entry.id), is_sweeping=True)
        if done:
            self._panel.focus_list()
            self.told.emit(f"Removed the {noun_of(entry)} “{entry.name}”; Ctrl+Z brings it back.")

    def _use(self, entry: Entry) -> Use | None:
        from storage.codebook_usage import field_use, label_use, link_type_use

        if self._session is None:
            return None
        queries: dict[type, Callable[[Project, int], Use]] = {
            LabelRecord: label_use,
            LinkTypeRecord: link_type_use,
            FieldRecord: field_use,
        }
        use: Use | None = self._session.ask(queries[type(entry)], entry.id)
        return use

    def _with_code(self, link_type: LinkTypeRecord) -> LinkTypeRecord:
        """Return a link type with a code made from its name if none was typed."""
        from storage.codebook_rules import code_from

        if link_type.code or self._session is None:
            return link_type
        taken = [other.code for other in self._session.codebook.link_types if other.id != link_type.id]
        return replace(link_type, code=code_from(link_type.name, taken))

    def _newest(self, like: Entry) -> Entry:
        assert self._session is not None  # noqa: S101  (just changed through it)
        codebook = self._session.codebook
        everything: tuple[Entry, ...] = (*codebook.labels, *codebook.link_types, *codebook.fields)
        return max((entry for entry in everything if type(entry) is type(like)), key=lambda entry: entry.id)

    def _do(self, operation: Callable[[Project], Changes], *, is_sweeping: bool = False) -> bool:
        """Run an operation; a refusal stands in the form instead of in a dialog. Return whether it was done.

        `is_sweeping`: it may change much at once.
        """
        if self._session is None:
            return False
        refusals: list[str] = []

        def attempt(project: Project) -> Changes:
            try:
                return operation(project)
            except RefusedInputError as refusal:
                refusals.append(str(refusal))
                return Changes()

        changes = self._session.sweep(attempt) if is_sweeping else self._session.do(attempt)
        self._panel.refuse(refusals[0] if refusals else "")
        return changes is not None and changes.set_id is not None

    # -- following ----------------------------------------------------------------------------------------------------

    def _follow(self, changes: Changes) -> None:
        if self._session is not None and changes.is_codebook_changed:
            self._panel.set_codebook(self._session.codebook)
        elif self._session is not None and changes.are_settings_changed:
            self._panel.show_settings(self._session.codebook)
        if changes.is_codebook_changed:
            self._tell_meaning()
        elif self._view.focused_span_id in changes.spans:
            self._telling.start()

    def _point_at(self, label_id: int | None) -> None:
        self._pointed_at = label_id
        self._tell_meaning()

    def _tell_meaning(self) -> None:
        """Show what the label pointed at means, else that of the focused span."""
        self._telling.stop()
        span = self._view.focused_span
        wanted = self._pointed_at if self._pointed_at is not None or span is None else span.label_id
        labels = self._session.codebook.labels if self._session else ()
        self._card.show_label(next((label for label in labels if label.id == wanted), None))
