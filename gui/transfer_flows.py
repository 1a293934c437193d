"""Import and export beside the work: asked for in a dialog, done on a thread, told in the status bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from gui.dialogs.message import MessageDialog, problem_dialog
from gui.latest import Latest
from gui.project_flows import is_there
from gui.tasks import Task
from storage.errors import EnvironmentProblem

if TYPE_CHECKING:
    from gui.dialogs.export import ExportChoice
    from gui.dialogs.files import FilePicker
    from gui.dialogs.import_choice import Found, ImportChoice
    from gui.session import Session
    from gui.settings import Settings
    from gui.worker_client import WorkerClient
    from nlp.suggestion import TrainingDocument
    from storage.formats.interface import Format
    from storage.formats.losses import Losses
    from storage.importing import ImportReport
    from storage.project import Project
    from storage.records import State

#: The setting that holds the folder of the last import.
_FOLDER = "import_folder"


class TransferFlows(QObject):
    """One import or export at a time, for the session given by `work_on`.

    `work_shown` carries text, done and total while something goes on, "" when it has ended. `import_starting`
    comes before anything is read, `documents_imported` when documents were added. `told` carries what was done, in
    one sentence.
    """

    work_shown = Signal(str, int, int)
    import_starting = Signal()
    documents_imported = Signal()
    told = Signal(str)

    def __init__(self, window: QWidget, worker: WorkerClient, files: FilePicker, settings: Settings) -> None:
        super().__init__(window)
        self._settings = settings
        self._window = window
        self._worker = worker
        self.files = files
        self._session: Session | None = None
        self._task: Task | None = None
        self._verb = ""
        self._is_exporting_spacy = False
        self._is_wanted = False
        self._total = 0
        self._target = Path()
        self._losses, self._looks = Latest(self), Latest(self)
        worker.export_progressed.connect(self._show_spacy_progress)
        worker.exported.connect(self._spacy_written)
        worker.export_failed.connect(self._spacy_failed)

    @property
    def is_busy(self) -> bool:
        """Whether an import or export goes on."""
        return self._task is not None or self._is_exporting_spacy or self._looks.is_busy

    def work_on(self, session: Session | None) -> None:
        """Work for another session; what goes on for the last one is stopped and waited for."""
        self.cancel()
        self._losses.finish()
        self._looks.finish()
        if self._task is not None:
            self._task.wait()
            self._end_task(self._task)
            self.told.emit(f"Stopped {self._verb}; nothing was left half done.")
        self._session = session

    def cancel(self) -> bool:
        """Stop what goes on; whether there was anything."""
        was_busy = self.is_busy
        if self._looks.is_busy:
            self._looks.forget()
            self.work_shown.emit("", 0, 0)
            self.told.emit("The import was stopped; nothing was added.")
        if self._task is not None:
            self._task.cancel()
        if self._is_exporting_spacy:
            self._is_wanted = False
            self._worker.cancel_export()
        return was_busy

    # -- import -------------------------------------------------------------------------------------------------------

    def import_files(self) -> None:
        """Ask for files and import them."""
        from storage.formats.registry import read_formats

        extensions = [ending for chosen in read_formats() for ending in chosen.extensions]
        self.import_paths(self._asked(self.files.import_files(self._window, self._folder(), extensions)))

    def import_folder(self) -> None:
        """Ask for a folder and import every document of it."""
        folder = self.files.import_folder(self._window, self._folder())
        self.import_paths(self._asked([folder] if folder is not None else []))

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import files and folders; where they hold labels or tables, ask first how."""
        if not paths or self._session is None or not self._is_free():
            return
        from gui.docbin import offer
        from gui.looking import needs_choice

        offer()
        self.work_shown.emit("looking at the files …", 0, 0)
        self._looks.start(lambda proceed: needs_choice(paths, proceed), partial(self._begin, tuple(paths)))

    def import_with_choices(self) -> None:
        """Ask for files and then how they come in, whatever they are."""
        from gui.docbin import offer
        from storage.formats.registry import read_formats

        offer()
        extensions = [ending for chosen in read_formats() for ending in chosen.extensions]
        paths = self._asked(self.files.import_files(self._window, self._folder(), extensions))
        if paths and self._session is not None and self._is_free():
            self._choose(tuple(paths))

    def _folder(self) -> Path:
        """Return where files were imported from last."""
        folder = Path(self._settings.text(_FOLDER) or Path.home())
        return folder if is_there(folder) else Path.home()

    def _asked(self, paths: list[Path]) -> list[Path]:
        """Remember where these files are, for the next time."""
        if paths:
            self._settings.store(_FOLDER, str(paths[0].parent))
        return paths

    def _begin(self, paths: tuple[Path, ...], is_asking: bool) -> None:  # noqa: FBT001  (a result, handed on)
        from gui.dialogs.import_choice import ImportChoice

        self.work_shown.emit("", 0, 0)
        if is_asking:
            self._choose(paths)
        else:
            self.import_chosen(ImportChoice(paths))

    def _choose(self, paths: tuple[Path, ...]) -> None:
        if self._session is None:
            return
        from gui.dialogs.import_choice import ImportDialog
        from storage.formats.registry import read_formats
        from storage.queries import codebook

        book = self._session.ask(codebook)
        if book is None:
            return
        look = partial(self._look, self._session.project)
        dialog = ImportDialog(self._window, paths, read_formats(), book, look)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._looks.forget)
        dialog.import_requested.connect(self.import_chosen)
        dialog.open()

    def _look(self, project: Project, choice: ImportChoice, then: Callable[[Found], None]) -> None:
        from gui.looking import look_at

        self._looks.start(lambda proceed: look_at(project, choice, proceed), then)

    def import_chosen(self, choice: ImportChoice) -> None:
        """Import files and folders as one action that can be undone."""
        if self._session is None or not self._is_free():
            return
        from storage.importing import import_paths

        project = self._session.project
        self.import_starting.emit()
        self.work_shown.emit("importing …", 0, 0)

        def run(task: Task) -> ImportReport:
            return import_paths(
                project,
                choice.paths,
                format_=choice.format_,
                arrival=choice.arrival,
                columns=choice.columns,
                is_joining=choice.is_joining,
                progress=task.report,
                is_cancelled=task.is_cancelled,
            )

        self._start(Task(run, self), self._imported, "importing")

    def _imported(self, report: ImportReport) -> None:
        if self._session is None:
            return
        self._session.announce(report.changes)
        if report.is_cancelled:
            self.told.emit("The import was stopped; nothing was added.")
        elif report.documents or report.joined.documents:
            words = [f"{report.documents:,} document{'s' * (report.documents != 1)} imported"]
            if report.joined.documents:
                words.append(f"{report.joined.spans:,} spans added to {report.joined.documents:,} that were there")
            self.told.emit(", ".join(words) + ".")
            self.documents_imported.emit()
        if report.refused or report.skipped or report.guessed:
            from gui.dialogs.importing import ImportReportDialog

            ImportReportDialog(self._window, report).open()

    # -- export -------------------------------------------------------------------------------------------------------

    def export(self) -> None:
        """Ask what to write and where, and write it."""
        if self._session is None or not self._is_free():
            return
        from gui.dialogs.export import ExportDialog
        from storage.formats.registry import write_formats

        path = self._session.project.path
        project = self._session.project
        count, is_encrypted = partial(self._count_losses, project), project.key is not None
        dialog = ExportDialog(
            self._window, write_formats(), self.files, path.parent, project.name, count, is_encrypted=is_encrypted
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._losses.forget)
        dialog.export_requested.connect(self.export_to)
        dialog.open()

    def _count_losses(
        self, project: Project, format_: Format, include: frozenset[State], then: Callable[[Losses], None]
    ) -> None:
        from storage.preview import preview_export

        def count(proceed: Callable[[int, int], bool]) -> Losses:
            return preview_export(project, format_, include, is_cancelled=lambda: not proceed(0, 0))[1]

        self._losses.start(count, then)

    def export_to(self, choice: ExportChoice) -> None:
        """Write an export."""
        if self._session is None:
            return
        from gui.bridge import training_documents
        from storage.exporting import count_documents, export_documents, written
        from storage.formats.losses import Losses, write_report
        from storage.formats.registry import format_named

        project = self._session.project
        total: int | None = self._session.ask(count_documents)
        if total is None:
            return
        self._total = total
        self.work_shown.emit("exporting …", 0, total)
        if choice.format_name == "spacy":
            documents = export_documents(project, choice.include)
            self._export_spacy(training_documents(documents, choice.include), choice.path)
            return

        def write(task: Task) -> Losses:
            format_, losses = format_named(choice.format_name), Losses()
            documents, context = written(project, format_, losses, include=choice.include, options=choice.options)
            format_.writer().write(task.watch(documents, total), choice.path, context)
            write_report(losses, choice.path, format_.title)
            return losses

        self._start(Task(write, self), partial(self._written, choice.path, total), "exporting")

    def _written(self, path: Path, total: int, losses: Losses) -> None:
        self.told.emit(f"{total:,} document{'s' * (total != 1)} written to “{path.name}”.")
        if losses:
            from gui.dialogs.written import WrittenDialog

            WrittenDialog(self._window, path, losses).open()

    def _export_spacy(self, documents: Iterator[TrainingDocument], path: Path) -> None:
        """Let the worker write training data; it takes one document after the other."""
        self._is_exporting_spacy = self._is_wanted = True
        self._target = path
        try:
            self._worker.export_spacy(self._as_long_as_wanted(documents), path)
        except BaseException:  # a mistake of ours; the next export is to find the way free
            self._is_exporting_spacy = False
            self.work_shown.emit("", 0, 0)
            self._worker.cancel_export()
            raise

    def _as_long_as_wanted(self, documents: Iterator[TrainingDocument]) -> Iterator[TrainingDocument]:
        """Pass documents on until the export is stopped: by then the project may be closed."""
        while self._is_wanted:
            try:
                document = next(documents, None)
            except EnvironmentProblem as problem:
                self.cancel()
                problem_dialog(self._window, str(problem)).open()
                return
            if document is None:
                return
            yield document

    def _show_spacy_progress(self, done: int) -> None:
        self.work_shown.emit(f"exporting {done:,} of {self._total:,} documents …", done, self._total)

    def _spacy_written(self, report: dict[str, object]) -> None:
        self._is_exporting_spacy = False
        self.work_shown.emit("", 0, 0)
        self.told.emit(f"Training data written to “{self._target.name}”.")
        say = f"Training data is in “{self._target}”; report.md there tells what was left out. Train with:"
        MessageDialog(self._window, "Training data written", say, str(report["command"])).open()

    def _spacy_failed(self, sentence: str) -> None:
        self._is_exporting_spacy = False
        self.work_shown.emit("", 0, 0)
        if sentence:
            problem_dialog(self._window, sentence).open()
        else:
            self.told.emit("The export was stopped; nothing was written.")

    # -- the thread ---------------------------------------------------------------------------------------------------

    def _start(self, task: Task, done: Callable[[Any], object], verb: str) -> None:
        """Run a task; what it still tells after `work_on` let go of it is about a project that is closed."""
        if_current = partial(self._if_current, task)
        task.progressed.connect(
            lambda at, total, _: if_current(self.work_shown.emit, f"{verb} {at:,} of {total:,} …", at, total)
        )
        task.succeeded.connect(lambda result: if_current(done, result))
        task.cancelled.connect(lambda: if_current(self.told.emit, f"Stopped {verb}; nothing was left half done."))
        task.failed.connect(lambda sentence: if_current(self._tell_problem, sentence))
        task.finished.connect(lambda: self._end_task(task))
        self._task, self._verb = task, verb
        task.start()

    def _if_current(self, task: Task, tell: Callable[..., object], *told: object) -> None:
        if task is self._task:
            tell(*told)

    def _tell_problem(self, sentence: str) -> None:
        problem_dialog(self._window, sentence).open()

    def _end_task(self, task: Task) -> None:
        """Make room for the next; `work_on` may have done so before the thread's own word arrived."""
        if task is self._task:
            self._task = None
            task.deleteLater()
            self.work_shown.emit("", 0, 0)

    def _is_free(self) -> bool:
        if self.is_busy:
            self.told.emit("One import or export at a time; the status bar shows how far this one is.")
        return not self.is_busy
