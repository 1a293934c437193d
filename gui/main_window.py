"""The main window: composes the parts and connects them; what they do is theirs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMenu,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.commands import build_actions, build_menus
from gui.dialogs.message import about_dialog, problem_dialog
from gui.dialogs.palette import Palette
from gui.document.metrics import FontFamily
from gui.document.view import DocumentView
from gui.finding import Finder
from gui.handlers import handlers_of
from gui.labelling import Labeller
from gui.link_chooser import LinkChooser
from gui.panels.documents import DocumentsPanel
from gui.panels.find import FindBar
from gui.panels.inspector import Inspector
from gui.panels.labels import LabelsPanel
from gui.panels.picker import Picker, PickerEntry
from gui.panels.status import StatusBar
from gui.panels.top_bar import TopBar
from gui.panels.welcome import WelcomePage, dropped_paths
from gui.project_flows import ProjectFlows
from gui.settings import Settings
from gui.suggesting import Suggesting
from gui.theme import ThemeChoice, ThemeKeeper
from gui.transfer_flows import TransferFlows
from gui.version import program_version
from gui.worker_client import WorkerClient
from gui.workspace import Workspace
from storage.records import LabelKind

if TYPE_CHECKING:
    from gui.session import Session

_PANES = (250, 780, 320)
_LEFT = (460, 260)


class MainWindow(QWidget):
    """Welcome page and workbench, one at a time, under one bar and over one status line: the content of `Frame`."""

    def __init__(self, app: QApplication, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.themes = ThemeKeeper(app, _theme_choice(settings))
        self._build_parts()
        self._build_workers()
        self.actions_by_id = build_actions(self, self.view, handlers_of(self))
        build_menus(self.top.menus, self.actions_by_id)
        self._lay_out()
        self._connect()
        self._restore_looks()
        self._show_project(None)

    def _build_parts(self) -> None:
        self.top = TopBar()
        self.status = StatusBar()
        self.welcome = WelcomePage()
        self.documents = DocumentsPanel()
        self.labels = LabelsPanel()
        self.inspector = Inspector()
        self.view = DocumentView()
        self.find_bar = FindBar()
        self.finding = Finder(self.find_bar, self.view)
        self.view.set_theme(self.themes.theme)

    def _build_workers(self) -> None:
        self.worker = WorkerClient(self)
        self.labeller = Labeller(self.view, self)
        self.chooser = LinkChooser(self, self.view, self.labeller)
        self.suggesting = Suggesting(self.worker, self)
        self.workspace = Workspace(self.view, self.documents, self.labels, self.inspector, self)
        self.flows = ProjectFlows(self, self.settings)
        self.transfer = TransferFlows(self, self.worker, self.flows.files)
        self.finder = Palette(self)
        self.recent_picker = Picker(self)

    # -- layout -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setAcceptDrops(True)
        self.left = QSplitter(Qt.Orientation.Vertical)
        self.left.setProperty("role", "side")
        self.left.setChildrenCollapsible(False)
        self.left.setHandleWidth(1)
        self.left.addWidget(self.documents)
        self.left.addWidget(self.labels)
        self.left.setStretchFactor(0, 1)
        self.left.setSizes(_LEFT)
        middle = _column(self.find_bar, self.view)
        self.right = QScrollArea()
        self.right.setWidget(self.inspector)
        self.right.setWidgetResizable(True)
        self.right.setFrameShape(QFrame.Shape.NoFrame)
        self.right.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.bench = QSplitter(Qt.Orientation.Horizontal)
        self.bench.setChildrenCollapsible(False)
        self.bench.setHandleWidth(1)
        for widget, stretch in ((self.left, 0), (middle, 1), (self.right, 0)):
            self.bench.addWidget(widget)
            self.bench.setStretchFactor(self.bench.indexOf(widget), stretch)
        self.bench.setSizes(_PANES)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.welcome)
        self.pages.addWidget(self.bench)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(_column(self.top, self.pages, self.status))

    def _connect(self) -> None:
        self.top.find_requested.connect(self.show_palette)
        self.themes.theme_changed.connect(self.view.set_theme)
        self._connect_welcome()
        self._connect_decisions()
        self._connect_status()
        self._connect_finders()
        self.flows.session_opened.connect(self._show_project)
        self.flows.session_closing.connect(self._let_go_of_project)
        self.flows.import_requested.connect(self.transfer.import_paths)
        self.transfer.documents_imported.connect(self.suggesting.look_for_new)

    def _connect_welcome(self) -> None:
        self.welcome.sample_requested.connect(self.flows.open_sample)
        self.welcome.new_requested.connect(self.flows.new)
        self.welcome.open_requested.connect(self.flows.open)
        self.welcome.recent_requested.connect(lambda location: self.flows.open_path(Path(location)))
        self.welcome.paths_dropped.connect(self.flows.take_dropped)

    def _connect_decisions(self) -> None:
        labeller, inspector = self.labeller, self.inspector
        self.labels.label_requested.connect(labeller.apply_label)
        self.labels.hidden_labels_changed.connect(self.view.set_hidden_labels)
        inspector.accept_requested.connect(labeller.accept)
        inspector.reject_requested.connect(labeller.reject)
        inspector.speaker_requested.connect(lambda: self.choose_link("speaker"))
        inspector.target_requested.connect(lambda: self.choose_link("target"))
        inspector.actor_requested.connect(self.choose_actor)
        inspector.note_changed.connect(lambda note: labeller.set_note(inspector.span_id, note))
        inspector.field_changed.connect(lambda field, value: labeller.set_field(inspector.span_id, field, value))
        inspector.flag_toggled.connect(labeller.toggle_flag)
        inspector.span_requested.connect(self.view.focus_at_cursor)
        for panel in (inspector, self.documents):
            panel.left.connect(self.view.setFocus)
        labeller.document_finished.connect(self.workspace.finish_document)
        self.workspace.document_shown.connect(self._work_on)
        self.view.context_menu_requested.connect(self._show_menu)

    def _connect_status(self) -> None:
        for source in (self.labeller, self.chooser, self.workspace, self.suggesting, self.transfer):
            source.told.connect(self.status.show_message)
        self.workspace.counted.connect(self.status.show_decided)
        self.workspace.accepted.connect(self._show_rates)
        self.worker.progress_changed.connect(self._show_suggesting)
        self.worker.idle.connect(lambda: self.status.show_work(""))
        self.transfer.work_shown.connect(self.status.show_work)
        self.status.cancel_requested.connect(self._cancel_work)
        self.view.selection_changed.connect(self._show_selection)

    def _connect_finders(self) -> None:
        self.finder.command_chosen.connect(self._run_command)
        self.finder.document_chosen.connect(self.workspace.show_document)
        self.finder.cancelled.connect(self.view.setFocus)
        self.recent_picker.picked.connect(lambda n: self.flows.open_path(Path(self.flows.recent()[n].location)))

    # -- project ------------------------------------------------------------------------------------------------------

    def open_first(self, project: Path | None, *, is_sample: bool) -> None:
        """Open what the command line names, else the project that was open last, else stay on the welcome page."""
        last = self.settings.text("last")
        if is_sample:
            self.flows.open_sample()
        elif project is not None:
            self.flows.open_path(project)
        elif last and Path(last).exists():
            self.flows.open_path(Path(last))
        else:
            self.welcome.setFocus()

    def _show_project(self, session: Session | None) -> None:
        self.pages.setCurrentWidget(self.bench if session else self.welcome)
        self.top.show_project(session.project.path.name if session else "")
        self.window().setWindowTitle(f"{session.project.name} — Sayso" if session else "Sayso")
        needs_project = ("import.", "project.export", "project.close", "edit.", "find.", "suggest.", "document.")
        for ident, action in self.actions_by_id.items():
            if ident.startswith(needs_project):
                action.setEnabled(session is not None)
        if session is None:
            self.welcome.set_recent(self.flows.recent())
            self.welcome.setFocus()
            self.status.show_decided(0, 0)
            self.status.show_rates("")
            return
        session.problem_met.connect(self._tell_problem)
        session.changed.connect(lambda _changes: self.status.show_saved())
        self.transfer.work_on(session)
        self.workspace.open(session)
        self.suggesting.work_on(session)
        if self.workspace.document_id is not None:
            self.suggesting.put_first(self.workspace.document_id)

    def _let_go_of_project(self) -> None:
        self.transfer.work_on(None)
        self.suggesting.work_on(None)
        self.labeller.work_on(None, None)
        self.workspace.close()

    def _work_on(self, document_id: int | None) -> None:
        self.labeller.work_on(self.workspace.session, document_id)
        if document_id is not None:
            self.suggesting.put_first(document_id)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep where everything is, end the worker, and go."""
        self.flows.finish()
        self.settings.store("geometry", self.window().saveGeometry())
        self.settings.store("ground", self.themes.theme.background)
        self.settings.store("panes", self.bench.saveState())
        self.settings.store("zoom", self.view.zoom_percent)
        self.settings.save()
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

    def choose_link(self, code: str) -> None:
        """Choose speaker or target of the focused claim."""
        if self.workspace.session is not None:
            self.chooser.choose_link(self.workspace.session, code)

    def choose_actor(self) -> None:
        """Choose which actor of the registry the focused mention is."""
        if self.workspace.session is not None:
            self.chooser.choose_actor(self.workspace.session)

    def suggest_document(self) -> None:
        """Look for suggestions in this document again."""
        if self.workspace.document_id is not None:
            self.suggesting.ask([self.workspace.document_id], is_on_screen=True)

    def suggest_project(self) -> None:
        """Look for suggestions in all documents again."""
        if self.workspace.session is not None:
            self.suggesting.ask([item.document.id for item in self.workspace.session.items()])

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
        panes: list[QWidget] = [self.documents.list, self.view, self.inspector.accept]
        shown = [pane for pane in panes if pane.isVisible()]
        here = next((n for n, pane in enumerate(shown) if pane is self.focusWidget()), 0)
        if shown:
            shown[(here + step) % len(shown)].setFocus(Qt.FocusReason.TabFocusReason)

    def toggle_left(self) -> None:
        """Show or hide documents and labels."""
        self.left.setVisible(self.actions_by_id["panel.documents"].isChecked())

    def toggle_right(self) -> None:
        """Show or hide the inspector."""
        self.right.setVisible(self.actions_by_id["panel.inspector"].isChecked())

    def set_font(self, family: FontFamily) -> None:
        """Show documents in serif or sans-serif letters."""
        self.view.set_font_family(family)
        self.settings.store("font", family)

    def set_theme_choice(self, choice: ThemeChoice) -> None:
        """Be light, dark, or like the desktop."""
        self.themes.choose(choice)
        self.settings.store("theme", choice.value)

    def show_recent(self) -> None:
        """Choose among the projects opened lately."""
        recent = self.flows.recent()
        entries = [
            PickerEntry(n, project.name, project.folder) for n, project in enumerate(recent) if not project.is_missing
        ]
        if entries:
            self.recent_picker.ask("Open recent", entries, QRectF(self.top.geometry()))
        else:
            self.status.show_message("No other project was opened lately.")

    def show_palette(self) -> None:
        """Find a command, a document or an actor by name."""
        session = self.workspace.session
        self.finder.set_actions(self.actions_by_id)
        self.finder.set_documents(item.document for item in session.items()) if session else None
        self.finder.open()

    def _run_command(self, ident: str) -> None:
        if self.pages.currentWidget() is self.bench:
            self.view.setFocus()
        self.actions_by_id[ident].trigger()

    def show_keys(self) -> None:
        """Show all keys."""
        from gui.dialogs.key_sheet import KeySheet

        KeySheet(self, self.actions_by_id).open()

    def show_about(self) -> None:
        """Tell what this program is."""
        about_dialog(self, program_version()).open()

    # -- what is told -------------------------------------------------------------------------------------------------

    def _tell_problem(self, sentence: str) -> None:
        self.status.show_unsaved(sentence)
        problem_dialog(self, sentence).open()

    def _show_rates(self, rates: dict[LabelKind, tuple[int, int]]) -> None:
        names = {LabelKind.ACTOR: "actors", LabelKind.CLAIM: "claims"}
        parts = [
            f"{100 * confirmed / total:.0f} % of {names[kind]}"
            for kind, (confirmed, total) in sorted(rates.items())
            if kind in names and total
        ]
        self.status.show_rates("accepted " + ", ".join(parts) if parts else "")

    def _show_suggesting(self, done: int, total: int) -> None:
        self.status.show_work(f"suggesting {done} of {total} documents …", done, total)

    def _show_selection(self) -> None:
        words = len(self.view.selected_text().split())
        self.status.show_place(f"{words} word{'s' * (words != 1)} selected" if words else "")

    def _cancel_work(self) -> None:
        if not self.transfer.cancel():
            self.worker.cancel_all()

    def _show_menu(self, point: QPoint, span_ids: tuple[int, ...]) -> None:
        if span_ids and self.view.focused_span_id not in span_ids:
            self.view.focus_at_cursor(span_ids[0])
        menu = QMenu(self)
        ids = (
            ("span.accept", "span.reject", "link.speaker", "link.target", "mention.actor", "span.note", "span.discuss")
            if span_ids
            else ("edit.copy", "sentence.accept", "sentence.reject", "sentence.reviewed", "document.reviewed")
        )
        menu.addActions([self.actions_by_id[ident] for ident in ids])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def _restore_looks(self) -> None:
        self.bench.restoreState(self.settings.data("panes"))
        self.view.set_zoom_percent(self.settings.number("zoom", 100))
        family: FontFamily = "sans" if self.settings.text("font") == "sans" else "serif"
        self.view.set_font_family(family)
        for ident in (f"font.{family}", f"theme.{self.themes.choice.value}", "panel.documents", "panel.inspector"):
            self.actions_by_id[ident].setChecked(True)


def _theme_choice(settings: Settings) -> ThemeChoice:
    """Return the theme that the analyst chose; that of the desktop when none was."""
    stored = settings.text("theme")
    return ThemeChoice(stored) if stored in {choice.value for choice in ThemeChoice} else ThemeChoice.SYSTEM


def _column(*widgets: QWidget) -> QFrame:
    """Return the widgets one above the other without gaps; the last but a bar gets the room."""
    box = QFrame()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        grows = isinstance(widget, QStackedWidget | DocumentView | DocumentsPanel)
        layout.addWidget(widget, 1 if grows else 0)
    return box
