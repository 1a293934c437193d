from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from gui.dialogs.importing import (
    MOST_LINES,
    ImportReportDialog,
    import_details,
    import_sentence,
    import_title,
)
from storage.formats.exchange import LeftOut, LeftOutList
from storage.importing import ImportReport

REFUSED = LeftOut("texts/<b>scan</b>.txt", "This is a PDF, not a text.")


@pytest.mark.parametrize(
    ("report", "title"),
    [
        (ImportReport(documents=1), "1 document imported"),
        (ImportReport(documents=1234), "1,234 documents imported"),
        (ImportReport(refused=LeftOutList([REFUSED])), "Nothing was imported"),
        (ImportReport(documents=2, is_cancelled=True), "Import stopped after 2 documents"),
    ],
)
def test_the_title_says_what_came_in(report, title):
    assert import_title(report) == title


def test_the_sentence_counts_what_was_left_out():
    report = ImportReport(
        documents=1, refused=LeftOutList([REFUSED] * 2), skipped=LeftOutList([REFUSED]), guessed=LeftOutList([REFUSED])
    )
    assert import_sentence(report) == (
        "2 were refused: nothing of them came in. 1 skipped. "
        "The encoding of 1 had to be guessed: look at a few of them."
    )
    assert import_sentence(ImportReport(documents=1)) == "Everything came in, character for character."


def test_each_refusal_is_listed_with_its_reason_and_can_be_copied(qtbot):
    dialog = ImportReportDialog(None, ImportReport(documents=1, refused=LeftOutList([REFUSED])))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    line = "texts/<b>scan</b>.txt: This is a PDF, not a text."
    assert line in dialog.details.toPlainText()
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert line in QGuiApplication.clipboard().text()


def test_an_endless_list_is_cut_and_counted():
    details = import_details(ImportReport(refused=LeftOutList([REFUSED] * (MOST_LINES + 5))))
    assert details.count("\n") == MOST_LINES + 1
    assert details.endswith("… and 5 more")


def test_a_clean_import_has_no_list(qtbot):
    dialog = ImportReportDialog(None, ImportReport(documents=3))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    assert not dialog.details.isVisible()
