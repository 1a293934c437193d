"""A project of one's own: made, filled from a folder, suggested for by the real worker, decided on, exported."""

from pathlib import Path

from gui.dialogs.new_project import NewProjectDialog


class Answers:
    """The file dialogs of the desktop, which no test can work; everything else asks for real."""

    def __init__(self, home):
        self.home = home

    def new_project(self, parent, folder):
        return self.home / "quarrel.sayso"

    def open_project(self, parent, folder):
        return self.home / "quarrel.sayso"

    def import_files(self, parent, folder, extensions):
        return []

    def import_folder(self, parent, folder):
        return self.home / "briefs"

    def export_target(self, parent, suggested, *, is_folder):
        return suggested


def play(person):
    window, view = person.window, person.window.view
    home = Path(person.arguments[0])
    window.flows.files = window.transfer.files = Answers(home)
    order = []
    window.suggesting._worker.suggestions_ready.connect(lambda found: order.append(found.document_id))

    person.press("Ctrl+N")
    person.wait(lambda: window.findChild(NewProjectDialog) is not None, "the dialog of the new project")
    window.findChild(NewProjectDialog).path.setText(str(home / "quarrel.sayso"))
    person.press("Return")
    person.wait(lambda: window.flows.session is not None, "the new project")
    person.tell(page="empty", is_empty=window.empty.isVisible())
    person.press("Ctrl+Shift+I")
    person.wait(lambda: window.documents.model.total == 24, "the documents")
    person.press(*["Ctrl+PgDown"] * 20)
    on_screen = window.workspace.document_id
    person.wait(lambda: len(order) == 24, "the suggestions")
    person.wait(lambda: sum(item.undecided for item in window.documents.items()) >= 24, "suggestions in the list")
    person.wait(lambda: view.page.next_undecided(backwards=False) is not None, "suggestions on screen")
    person.tell(page="suggested", order=order, on_screen=on_screen, **person.screen())

    for _ in range(4):
        person.press("Tab", "Return")
    person.press("Shift+R")
    person.press("Tab", "Backspace")
    person.tell(page="decided", **person.screen())

    person.press("Ctrl+E")
    person.wait(lambda: _export_dialog(window) is not None, "the export dialog")
    dialog = _export_dialog(window)
    titles = [dialog.format.itemText(n) for n in range(dialog.format.count())]
    dialog.format.setCurrentIndex(next(n for n, title in enumerate(titles) if "spaCy" in title))
    dialog.path.setText(str(home / "training"))
    person.press("Return")
    person.wait(lambda: not window.transfer.is_busy and (home / "training" / "config.cfg").exists(), "the export")
    person.wait(lambda: _message(window) is not None, "the command to train with")
    told = _message(window)
    person.tell(page="exported", command=told.details.toPlainText())
    told.activateWindow()  # offscreen no window manager does
    person.wait(told.isActiveWindow, "the keyboard in the message")
    person.press("Return")
    person.wait(lambda: _message(window) is None, "the message to go")
    person.press("Ctrl+Q")


def _export_dialog(window):
    from gui.dialogs.export import ExportDialog

    return next((dialog for dialog in window.findChildren(ExportDialog) if dialog.isVisible()), None)


def _message(window):
    from gui.dialogs.message import MessageDialog

    return next((dialog for dialog in window.findChildren(MessageDialog) if dialog.isVisible()), None)
