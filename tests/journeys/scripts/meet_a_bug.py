"""A command fails with an error of ours that quotes a document; the program owns up to it and goes on."""


def play(person):
    from PySide6.QtCore import QTimer

    from gui.dialogs.message import MessageDialog

    window = person.window
    window.flows.open_sample()

    def fail():
        secret = "the minister’s own words"
        raise KeyError(secret)

    QTimer.singleShot(0, window, fail)
    dialogs = []

    def shown():
        dialogs[:] = [d for d in window.window().findChildren(MessageDialog) if d.isVisible()]
        return dialogs

    person.wait(shown, "the report")
    person.tell(page="bug", title=dialogs[0].windowTitle(), report=dialogs[0].copied_text())
    person.press("Return")
    person.press("Tab", "Return")
    person.tell(page="after", **person.screen())
    person.press("Ctrl+Q")
