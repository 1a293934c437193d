from __future__ import annotations

from gui.dialogs.check import CheckDialog


def test_nothing_is_offered_to_be_mended_while_the_check_goes_on(qtbot) -> None:
    dialog = CheckDialog(None, "straits")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.bar.isVisible()
    assert not any(widget.isVisible() for widget in (dialog.repair, dialog.copy, dialog.list))
    dialog.show_result([])
    assert not dialog.bar.isVisible()
    assert dialog.shut.text() == "Close"
