"""The main window: composes the parts and connects them; what they do is theirs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from gui.actions import build_actions, build_menus
from gui.bench import Bench, stacked
from gui.care import Care
from gui.claims.controller import Claims
from gui.document.view import DocumentView
from gui.document_flows import DocumentFlows
from gui.excluding import Excluder
from gui.finding import Finder
from gui.handlers import handlers_of
from gui.help_flows import HelpFlows
from gui.keeper import Keeper
from gui.keymap import Keymap
from gui.label_chooser import LabelChooser
from gui.labelling import Labeller
from gui.link_chooser import LinkChooser
from gui.looks import Looks
from gui.menus import context_menu, enable_commands
from gui.panels.documents import DocumentsPanel
from gui.panels.empty import EmptyProject
from gui.panels.find import FindBar
from gui.panels.inspector import Inspector
from gui.panels.labels import LabelsPanel
from gui.panels.status import StatusBar
from gui.panels.top_bar import TopBar
from gui.panels.welcome import WelcomePage, dropped_paths
from gui.pipeline_line import PipelineLine
from gui.place_warning import warn_of_place
from gui.problems import ProblemTeller
from gui.project_flows import ProjectFlows, is_there
from gui.settings import Settings
from gui.side_panels import INSPECTOR, SidePanels
from gui.suggesting import Suggesting
from gui.transfer_flows import TransferFlows
from gui.unsaved import UnsavedWords
from gui.widgets.text import harmless
from gui.work_line import WorkLine
from gui.worker_client import WorkerClient
from gui.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.dialogs.files import FilePicker
    from gui.session import Session
    from storage.records import Changes


class MainWindow(QWidget):
    """Welcome page and workbench, one at a time, under one bar and over one status line: the content of `Frame`."""

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        *,
        files: FilePicker | None = None,
        worker_command: Sequence[str] | None = None,
    ) -> None:
        """Build the content. `files` asks for paths, `worker_command` starts the worker: tests bring their own."""
        super().__init__()
        self.settings = settings
        self.keymap = Keymap(settings, self)
        self._build_parts(app)
        self._build_workers(files, worker_command)
        self.actions_by_id = build_actions(self, self.view, handlers_of(self), keys=self.keymap.keys)
        self.help.set_actions(self.actions_by_id)
        self.keymap.changed.connect(lambda: self.keymap.apply(self.actions_by_id))
        build_menus(self.top.menus, self.actions_by_id)
        self._lay_out()
        self._connect()
        self.looks.restore(self.actions_by_id)
        self._show_project(None)

    def _build_parts(self, app: QApplication) -> None:
        self.top = TopBar()
        self.status = StatusBar()
        self.welcome = WelcomePage()
        self.documents = DocumentsPanel()
        self.labels = LabelsPanel()
        self.inspector = Inspector()
        self.view = DocumentView()
        self.find_bar = FindBar()
        self.finding = Finder(self.find_bar, self.view)
        self.empty = EmptyProject()
        self.bench = Bench(self.documents, self.labels, self.find_bar, self.view, self.empty, self.inspector)
        self.claims = Claims(self.bench)
        self.looks = Looks(app, self.settings, self.view, self.bench)

    def _build_workers(self, files: FilePicker | None, worker_command: Sequence[str] | None) -> None:
        self.problems = ProblemTeller(self)
        self.worker = WorkerClient(self, command=worker_command)
        self.labeller = Labeller(self.view, self)
        self.chooser = LinkChooser(self, self.view, self.labeller)
        self.label_chooser = LabelChooser(self, self.view, self.labeller)
        self.suggesting = Suggesting(self.worker, self)
        self.unsaved = UnsavedWords(self, self.inspector)
        self.workspace = Workspace(self.view, self.documents, self.labels, self.inspector, self)
        self.workspace.completed = self.unsaved.shown_in
        self.flows = ProjectFlows(self, self.settings, files)
        self.flows.may_leave = self.unsaved.may_leave
        self.transfer = TransferFlows(self, self.worker, self.flows.files, self.settings)
        self.side = SidePanels(self, self.bench, self.view, self.labels, self.finding, self.flows.files)
        self.keeper = Keeper(self.settings, self)
        self.care = Care(self, self.flows, self.keeper)
        self.document_flows = DocumentFlows(self, self.workspace, self.documents)
        self.excluding = Excluder(self, self.view)
        self.help = HelpFlows(self, self.keymap, self.workspace)

    # -- layout -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setAcceptDrops(True)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.welcome)
        self.pages.addWidget(self.claims.splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(stacked(self.top, self.pages, self.status))

    def _connect(self) -> None:
        self.top.find_requested.connect(self.help.show_palette)
        self._connect_welcome()
        self._connect_decisions()
        self._connect_status()
        self._connect_finders()
        self._connect_side()
        self.flows.session_opened.connect(self._show_project)
        self.flows.session_closing.connect(self._let_go_of_project)
        self.flows.import_requested.connect(self.transfer.import_paths)
        self.transfer.documents_imported.connect(self.suggesting.look_for_new)
        self.suggesting.problem_met.connect(self.problems.tell)
        self.labeller.threshold.problem_met.connect(self.problems.tell)
        self.keeper.problem_met.connect(self.problems.tell)
        self.flows.backups_requested.connect(self.care.show_backups_of)
        self.flows.salvage_requested.connect(self.care.salvage)
        self.transfer.import_starting.connect(lambda: self.keeper.keep("import"))

    def _connect_welcome(self) -> None:
        self.welcome.sample_requested.connect(self.flows.open_sample)
        self.welcome.new_requested.connect(self.flows.new)
        self.welcome.open_requested.connect(self.flows.open)
        self.welcome.recent_requested.connect(lambda location: self.flows.open_path(Path(location)))
        # Queued: a question asked during the drop would keep the program waiting that the files come from.
        self.welcome.paths_dropped.connect(self.flows.take_dropped, Qt.ConnectionType.QueuedConnection)
        self.empty.files_requested.connect(self.transfer.import_files)
        self.empty.folder_requested.connect(self.transfer.import_folder)

    def _connect_decisions(self) -> None:
        labeller, inspector = self.labeller, self.inspector
        self.labels.label_requested.connect(labeller.apply_label)
        self.labels.hidden_labels_changed.connect(self.view.set_hidden_labels)
        self.labels.scores_requested.connect(lambda: self.side.show_scores(labeller.threshold))
        inspector.accept_requested.connect(labeller.accept)
        inspector.reject_requested.connect(labeller.reject)
        inspector.speaker_requested.connect(lambda: self.chooser.choose_link("speaker"))
        inspector.target_requested.connect(lambda: self.chooser.choose_link("target"))
        inspector.actor_requested.connect(self.chooser.choose_actor)
        inspector.note_changed.connect(lambda note: self.unsaved.set_note(inspector.span_id, note))
        inspector.field_changed.connect(lambda field, value: self.unsaved.set_field(inspector.span_id, field, value))
        inspector.flag_toggled.connect(labeller.toggle_flag)
        inspector.span_requested.connect(self.view.focus_at_cursor)
        for done in (inspector.left, self.documents.left, inspector.accept_requested, inspector.reject_requested):
            done.connect(self.view.setFocus)
        self.labels.label_requested.connect(self.view.setFocus)
        self.view.link_dragged.connect(self.chooser.offer_links)
        labeller.document_finished.connect(self.workspace.finish_document)
        labeller.document_reviewed.connect(self.workspace.leave_reviewed)
        self.workspace.document_shown.connect(self._work_on)
        self.view.context_menu_requested.connect(self._show_menu)

    def _connect_status(self) -> None:
        for source in (
            self.labeller,
            self.chooser,
            self.label_chooser,
            self.workspace,
            self.flows,
            self.suggesting,
            self.transfer,
            self.problems,
            self.document_flows,
            self.care,
            self.excluding,
        ):
            source.told.connect(self.status.show_message)
        self.workspace.counted.connect(self.status.show_decided)
        self.workspace.accepted.connect(self.status.show_rates)
        work = WorkLine(self.status)
        self.lacking = PipelineLine(self.status)
        self.worker.became_ready.connect(self.lacking.know)
        self.workspace.document_shown.connect(self._show_language)
        self.workspace.document_described.connect(self._show_language)
        self.document_flows.language_changed.connect(lambda ident: self.suggesting.ask([ident], is_on_screen=True))
        self.worker.progress_changed.connect(work.show_suggesting)
        self.worker.idle.connect(work.end_suggesting)
        self.suggesting.memory.progressed.connect(work.show_memory)
        self.transfer.work_shown.connect(work.show_transfer)
        self.status.cancel_requested.connect(self._cancel_work)
        self.view.selection_changed.connect(self._show_selection)

    def _connect_finders(self) -> None:
        self.help.command_chosen.connect(self._run_command)
        self.help.document_chosen.connect(self.workspace.show_document)
        self.help.actor_chosen.connect(self.side.show_actor)
        for asker in (self.help, self.flows):
            asker.left.connect(self._take_keyboard)

    def _connect_side(self) -> None:
        self.side.told.connect(self.status.show_message)
        self.side.left.connect(self._take_keyboard)
        self.side.hit_requested.connect(self.workspace.show_stretch)
        self.side.mention_requested.connect(self.workspace.show_span)
        self.claims.claim_requested.connect(self.workspace.show_span)
        self.claims.told.connect(self.status.show_message)
        self.claims.left.connect(self._take_keyboard)
        self.inspector.equal_requested.connect(self.side.open_equal)

    # -- project ------------------------------------------------------------------------------------------------------

    def open_first(self, project: Path | None, *, is_sample: bool) -> None:
        """Open what the command line names, else the project that was open last, else stay on the welcome page."""
        last = self.settings.text("last")
        if is_sample:
            self.flows.open_sample()
        elif project is not None:
            self.flows.open_path(project)
        elif last and is_there(Path(last)):
            self.flows.open_path(Path(last))
        # Once it is shown: a frame that has the keyboard already gives it to nothing that is not on screen.
        QTimer.singleShot(0, self, self._take_keyboard)

    def _show_project(self, session: Session | None) -> None:
        self.pages.setCurrentWidget(self.claims.splitter if session else self.welcome)
        self.top.show_project(session.project.path.name if session else "")
        self.window().setWindowTitle(f"{harmless(session.project.name)} — Sayso" if session else "Sayso")
        enable_commands(self.actions_by_id, session.codebook if session else None)
        if session is None:
            self.status.show_closed()
            self.welcome.set_recent(self.flows.recent())
            self.welcome.setFocus()
            self.status.show_decided(0, 0)
            self.status.show_rates("")
            return
        self.status.show_saved()
        session.problem_met.connect(self.problems.tell)
        session.not_saved.connect(self.status.show_unsaved)
        session.changed.connect(self._follow)
        session.sweeping.connect(self.keeper.keep_before_bulk)
        self.keeper.work_on(session)
        self.care.work_on(session)
        self.transfer.work_on(session)
        self.unsaved.work_on(session)
        self.chooser.work_on(session)
        self.workspace.open(session)
        self.side.work_on(session, self.workspace.document_id)
        self.claims.work_on(session)
        self.suggesting.work_on(session)
        if self.workspace.document_id is not None:
            self.suggesting.put_first(self.workspace.document_id)
        warn_of_place(self, self.settings, session.project.path, self.status.show_message)

    def _let_go_of_project(self) -> None:
        self.keeper.work_on(None)
        self.care.work_on(None)
        self.transfer.work_on(None)
        self.suggesting.work_on(None)
        self.finding.close()
        self.excluding.work_on(None, None)
        self.side.work_on(None, None)
        self.claims.work_on(None)
        self.chooser.work_on(None)
        self.workspace.close()
        self.unsaved.work_on(None)
        self.labeller.work_on(None, None)

    def _follow(self, changes: Changes) -> None:
        self.status.show_saved()
        if changes.are_documents_listed_anew and changes.operation in {"undo", "redo"}:
            self.suggesting.look_for_new()  # undone with their import, suggestions do not come back with it
        if (changes.is_codebook_changed or changes.are_settings_changed) and self.workspace.session is not None:
            enable_commands(self.actions_by_id, self.workspace.session.codebook)

    def _work_on(self, document_id: int | None) -> None:
        self.bench.show_empty(is_empty=self.documents.model.total == 0)
        self.labeller.work_on(self.workspace.session, document_id)
        self.excluding.work_on(self.workspace.session, document_id)
        self.side.work_on(self.workspace.session, document_id)
        self.finding.follow_document()
        if document_id is not None:
            self.suggesting.put_first(document_id)

    def keep_all(self) -> bool:
        """Save what is being typed and where the analyst is, and stay; whether everything is saved."""
        is_kept = self.unsaved.keep()
        self.workspace.save_place()
        return is_kept

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep where everything is, end the worker, and go; stay where words are not saved and nobody said to go."""
        self.care.is_ending = True
        if not self.flows.finish():
            self.care.is_ending = False
            event.ignore()
            return
        self.care.finish()
        self.looks.store()
        self.worker.close()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped, or open it if it is a project."""
        event.acceptProposedAction()
        paths = dropped_paths(event.mimeData())
        QTimer.singleShot(0, self, lambda: self.flows.take_dropped(paths))

    # -- commands -----------------------------------------------------------------------------------------------------

    def suggest_document(self) -> None:
        """Look for suggestions in this document again."""
        if self.workspace.document_id is not None:
            self.suggesting.ask([self.workspace.document_id], is_on_screen=True)

    def suggest_project(self) -> None:
        """Look for suggestions in all documents again."""
        if self.workspace.session is not None:
            self.suggesting.ask([item.id for item in self.documents.model.items()])

    def pause_suggesting(self) -> None:
        """Hold the suggesters, or let them go on."""
        self.suggesting.pause(is_paused=self.actions_by_id["suggest.pause"].isChecked())

    def let_go(self) -> None:
        """Drop the selection; if there is none, the focus."""
        if self.view.selection():
            self.view.clear_selection()
        else:
            self.view.focus_span(None)

    def next_pane(self, step: int) -> None:
        """Put the keyboard into the next pane."""
        self.workspace.inspect_now()
        self.bench.next_pane(step)

    def edit_card(self, edit: Callable[[], None]) -> None:
        """Put the keyboard into a part of the focused span's card."""
        self.workspace.inspect_now()
        if self.inspector.span_id is None:
            self.status.show_message("Focus a span first; then its note and its fields can be written.")
        else:
            if not self.bench.right.isVisible():
                self.actions_by_id["panel.inspector"].trigger()
            self.side.bring_up(INSPECTOR)
            edit()

    def _run_command(self, ident: str) -> None:
        self._take_keyboard()
        self.actions_by_id[ident].trigger()

    def _take_keyboard(self) -> None:
        """Put the keyboard where the work is."""
        if self.pages.currentWidget() is self.claims.splitter:
            self.bench.take_keyboard()
        else:
            self.welcome.setFocus()

    # -- what is told -------------------------------------------------------------------------------------------------

    def _show_language(self, _document_id: int | None = None) -> None:
        item = self.documents.item(self.workspace.document_id) if self.workspace.document_id is not None else None
        self.lacking.show_language(None if item is None else item.language)

    def _show_selection(self) -> None:
        words = len(self.view.selected_text().split())
        self.status.show_place(f"{words:,} word{'s' * (words != 1)} selected" if words else "")

    def _cancel_work(self) -> None:
        if not self.transfer.cancel():
            self.suggesting.stop()

    def _show_menu(self, point: QPoint, span_ids: tuple[int, ...]) -> None:
        if span_ids and self.view.focused_span_id not in span_ids:
            self.view.focus_at_cursor(span_ids[0])
        has_selection = bool(self.view.selection())
        context_menu(self, self.actions_by_id, on_span=bool(span_ids), has_selection=has_selection).popup(point)
