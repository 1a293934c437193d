"""The frame of the window: painted at once, filled when the rest of the program is loaded."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent, QColor, QPalette
from PySide6.QtWidgets import QMainWindow

from gui.settings import Settings

_START_SIZE = (1360, 860)
_BORDER = (16, 48)
#: The ground of the light theme, for the very first start; later ones know what was on screen last.
_GROUND = "#f6f5f2"


class Frame(QMainWindow):
    """The top-level window where the analyst left it, in the colour of the theme, still empty.

    Loading the panels takes longer than painting a window does; a window that is there at once says that the
    program has started. Imports as little as it can: the `Qt` namespace alone takes 20 ms.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setWindowTitle("Sayso")
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(settings.text("ground", _GROUND)))
        self.setPalette(palette)
        self.resize(*_START_SIZE)
        if not self.restoreGeometry(settings.data("geometry")):
            self._keep_on(self.screen().availableSize())

    def _keep_on(self, screen: QSize) -> None:
        """Shrink to what a small screen can show, with room for the border that the desktop draws around windows."""
        self.resize(self.size().boundedTo(screen - QSize(*_BORDER)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the content end its work first; it may refuse."""
        content = self.centralWidget()
        if content is not None and not content.close():
            event.ignore()
        else:
            event.accept()
