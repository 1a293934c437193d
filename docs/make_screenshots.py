"""Make the pictures of README and docs from the running program.

Run it as: uv run python docs/make_screenshots.py. Each picture comes from a process of its own, in an empty home,
without a display.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"

#: File name, width, height, theme, and how far the work has come.
PICTURES = (
    ("light", 1440, 900, "light", "claim"),
    ("dark", 1440, 900, "dark", "claim"),
    ("small", 1280, 800, "light", "speaker"),
)


def main() -> None:
    """Make every picture."""
    IMAGES.mkdir(exist_ok=True)
    for name, width, height, theme, scene in PICTURES:
        with tempfile.TemporaryDirectory() as home:
            environment = os.environ | {
                "HOME": home,
                "XDG_CONFIG_HOME": f"{home}/config",
                "XDG_DATA_HOME": f"{home}/data",
                "QT_QPA_PLATFORM": "offscreen",
                "QT_SCALE_FACTOR": "1",
                "TZ": "UTC",
            }
            target = IMAGES / f"{name}.png"
            command = [sys.executable, __file__, str(target), str(width), str(height), theme, scene]
            subprocess.run(command, env=environment, check=True)


def picture(target: str, width: int, height: int, theme: str, scene: str) -> None:
    """Start the program, play a scene by key presses, and save what the window shows."""
    sys.path.insert(0, str(ROOT))
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from gui.frame import Frame
    from gui.main_window import MainWindow
    from gui.settings import Settings
    from storage.records import LabelKind

    app = QApplication([])
    settings = Settings()
    settings.store("theme", theme)
    frame = Frame(settings)
    window = MainWindow(app, settings)
    frame.setCentralWidget(window)
    frame.resize(width, height)
    frame.show()
    QTest.qWait(200)

    def press(key: Qt.Key) -> None:
        QTest.keyClick(app.focusWidget(), key)
        QTest.qWait(30)

    window.open_first(None, is_sample=True)
    QTest.qWait(300)
    window.workspace.next_document(1)
    for _ in range(9):
        press(Qt.Key.Key_Return)
    while (span := window.view.focused_span) is not None:
        kind = window.workspace.session.codebook.label(span.label_id).kind
        if kind is LabelKind.CLAIM and len(span.quote) > 60:
            break
        press(Qt.Key.Key_Tab)
    if scene == "speaker":
        press(Qt.Key.Key_S)
    QTest.qWait(900)
    frame.grab().save(target)
    frame.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        picture(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5])
    else:
        main()
