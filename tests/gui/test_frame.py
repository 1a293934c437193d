"""The frame of the window fits the screen that it comes up on."""

from gui.frame import Frame
from gui.settings import Settings


def test_the_first_window_fits_a_small_screen(qtbot, home):
    frame = Frame(Settings())
    qtbot.addWidget(frame)
    screen = frame.screen().availableSize()

    assert screen.width() < 1360, "the screen of the tests is a small one"
    assert frame.width() <= screen.width()
    assert frame.height() <= screen.height()
