"""A command fails with an error of ours that quotes a document; the program owns up to it and goes on."""

import sys
from pathlib import Path


def _network():
    """Return what of Qt's and Python's libraries for networks this process has loaded."""
    maps = Path("/proc/self/maps")
    loaded = maps.read_text().splitlines() if maps.exists() else []
    names = {line.rpartition("/")[2] for line in loaded if "Qt6Network" in line or "Qt6WebSockets" in line}
    return sorted(names | ({"urllib.request", "http.client", "PySide6.QtNetwork"} & sys.modules.keys()))


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
    person.tell(page="after", network=_network(), **person.screen())
    person.press("Ctrl+Q")
