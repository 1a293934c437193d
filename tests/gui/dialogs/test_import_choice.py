"""The import dialog, worked by keys: labels mapped, columns named, and what would come in is seen before it does."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.dialogs.import_choice import ImportDialog
from storage import queries
from storage.exporting import export_documents
from storage.records import LabelKind, State

TEXT = "Velmar will withdraw its ships, Ren Taval said on Monday. Orsk denied it."
ANN = (
    "T1\tPER 32 41\tRen Taval\nT2\tContent 0 30\tVelmar will withdraw its ships\nT3\tRumour 58 62\tOrsk\n"
    "R1\tspeaker Arg1:T2 Arg2:T1\n"
)
CSV = (
    "headline,body,outlet,published,wire\n"
    "Ships,Velmar will withdraw its ships at once.,Straits Post,2031-04-02,Agency note\n"
    "Denial,Orsk denied it at great length today.,Straits Post,2031-04-03,Another note\n"
)


@pytest.fixture
def annotated(tmp_path) -> Path:
    folder = tmp_path / "annotated"
    folder.mkdir()
    (folder / "one.txt").write_text(TEXT, "utf-8")
    (folder / "one.ann").write_text(ANN, "utf-8")
    return folder


@pytest.fixture
def table(tmp_path) -> Path:
    path = tmp_path / "posts.csv"
    path.write_text(CSV, "utf-8")
    return path


def asked(desk, path: Path) -> ImportDialog:
    """Import a path as a drop does, and return the dialog when it has looked at the files."""
    desk.window.transfer.import_paths([path])
    desk.qtbot.waitUntil(lambda: len(desk.dialogs(ImportDialog)) == 1)
    (dialog,) = desk.dialogs(ImportDialog)
    ready(desk, dialog)
    return dialog


def ready(desk, dialog: ImportDialog) -> None:
    desk.qtbot.waitUntil(lambda: dialog.sentence.text() != "Reading …")


def imported(desk, dialog: ImportDialog) -> list:
    before = {item.document.id for item in queries.document_items(desk.project)}
    QTest.keyClick(dialog.import_, Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: not desk.window.transfer.is_busy)
    desk.settle()
    return [found for found in export_documents(desk.project) if int(found.id) not in before]


def test_labels_of_other_tools_are_asked_about_and_mapped(desk, annotated):
    dialog = asked(desk, annotated)
    assert dialog.sentence.text() == "1 document (1 brat), 3 spans, 1 link would come in."
    boxes = {name: box.currentText() for (_, name), box in dialog.labels.boxes.items()}
    assert boxes == {"PER": "Person  (actor)", "Content": "Claim  (claim)", "Rumour": "an actor, new: Rumour"}
    QTest.keyClick(dialog.labels.boxes[LabelKind.ACTOR, "Rumour"], Qt.Key.Key_End)
    ready(desk, dialog)
    assert "Lost: 1 “Rumour” spans" in dialog.list.toPlainText()
    (document,) = imported(desk, dialog)
    assert [(span.label, span.quote) for span in document.spans] == [
        ("Person", "Ren Taval"),
        ("Claim", "Velmar will withdraw its ships"),
    ]
    assert [link.type for link in document.links] == ["speaker"]
    assert "Rumour" not in {label.name for label in queries.codebook(desk.project).labels}


def test_texts_that_are_there_are_told_before_and_their_labels_can_be_added(desk, annotated):
    imported(desk, asked(desk, annotated))
    dialog = asked(desk, annotated)
    assert dialog.sentence.text() == "Nothing would come in: the project has these texts already."
    assert not dialog.import_.isEnabled()
    QTest.keyClick(dialog.joining, Qt.Key.Key_Space)
    ready(desk, dialog)
    assert dialog.import_.isEnabled()
    assert "the labels of 1 that is there, 3 spans, 1 link would come in" in dialog.sentence.text()


def test_spans_come_in_as_suggestions_of_a_named_source(desk, annotated):
    dialog = asked(desk, annotated)
    QTest.keyClick(dialog.as_suggested, Qt.Key.Key_Space)
    QTest.keyClicks(dialog.source, "field team")
    ready(desk, dialog)
    (document,) = imported(desk, dialog)
    assert {(span.state, span.suggester) for span in document.spans} == {(State.SUGGESTED, "field team")}


def test_spans_come_in_as_confirmed_by_a_named_source_and_are_undone_at_once(desk, annotated):
    dialog = asked(desk, annotated)
    before = len(queries.document_items(desk.project))
    QTest.keyClick(dialog.as_confirmed, Qt.Key.Key_Space)
    QTest.keyClicks(dialog.source, "field team")
    ready(desk, dialog)
    (document,) = imported(desk, dialog)
    assert {(span.state, span.analyst) for span in document.spans} == {(State.CONFIRMED, "field team")}
    desk.press("Ctrl+Z")
    assert len(queries.document_items(desk.project)) == before


def test_columns_of_a_table_are_guessed_and_can_be_changed(desk, table):
    dialog = asked(desk, table)
    chosen = {part: box.currentText() for part, box in dialog.columns.boxes.items()}
    assert chosen == {
        "text": "body", "title": "headline", "date": "published", "source": "outlet", "language": "(none)",
    }  # fmt: skip
    QTest.keyClick(dialog.columns.boxes["text"], Qt.Key.Key_End)
    ready(desk, dialog)
    assert "Agency note" in dialog.list.toPlainText()
    documents = imported(desk, dialog)
    assert [(d.title, d.text, d.source, d.date) for d in documents] == [
        ("Ships", "Agency note", "Straits Post", "2031-04-02"),
        ("Denial", "Another note", "Straits Post", "2031-04-03"),
    ]


def test_documents_are_told_apart_from_the_files_that_hold_them(desk, table):
    dialog = asked(desk, table)
    assert dialog.sentence.text() == "2 documents from 1 file (1 table) would come in."


def test_a_title_that_begins_the_text_is_shown_once(desk, tmp_path):
    (tmp_path / "brief.txt").write_text("Fees at Port Selin\n\nOrsk objected to the fees on Monday.", "utf-8")
    (tmp_path / "posts.csv").write_text(CSV, "utf-8")
    dialog = asked(desk, tmp_path)
    assert "Fees at Port Selin: Orsk objected" in dialog.list.toPlainText()


def test_a_table_without_a_text_column_cannot_be_imported(desk, table):
    dialog = asked(desk, table)
    QTest.keyClick(dialog.columns.boxes["text"], Qt.Key.Key_Home)
    ready(desk, dialog)
    assert not dialog.import_.isEnabled()
    assert "which column holds the text?" in dialog.list.toPlainText()
    QTest.keyClick(dialog.columns.boxes["text"], Qt.Key.Key_Down)
    ready(desk, dialog)
    assert dialog.import_.isEnabled()


def test_escape_imports_nothing(desk, annotated):
    before = len(queries.document_items(desk.project))
    QTest.keyClick(asked(desk, annotated), Qt.Key.Key_Escape)
    desk.settle()
    assert len(queries.document_items(desk.project)) == before
    assert not desk.window.transfer.is_busy


def test_a_format_can_be_named(desk, annotated):
    dialog = asked(desk, annotated)
    QTest.keyClick(dialog.format, Qt.Key.Key_Down)
    ready(desk, dialog)
    assert "1 text" in dialog.sentence.text()
    assert not dialog.labels.isVisible()
    (document,) = imported(desk, dialog)
    assert document.spans == ()


def test_plain_texts_come_in_without_a_question(desk, tmp_path):
    (tmp_path / "note.txt").write_text("Orsk denied it again.", "utf-8")
    before = len(queries.document_items(desk.project))
    desk.window.transfer.import_paths([tmp_path / "note.txt"])
    desk.qtbot.waitUntil(lambda: not desk.window.transfer.is_busy)
    desk.settle()
    assert desk.dialogs(ImportDialog) == []
    assert len(queries.document_items(desk.project)) == before + 1


def test_markup_in_labels_and_titles_stays_text(desk, annotated):
    (annotated / "one.ann").write_text("T1\t<b>x</b><img/> 32 41\tRen Taval\n", "utf-8")
    dialog = asked(desk, annotated)
    assert next(iter(dialog.labels.boxes))[1] == "<b>x</b><img/>"


def test_labels_are_added_to_a_text_that_is_there(desk, annotated, tmp_path):
    (tmp_path / "plain.txt").write_text(TEXT, "utf-8")
    desk.window.transfer.import_paths([tmp_path / "plain.txt"])
    desk.qtbot.waitUntil(lambda: not desk.window.transfer.is_busy)
    desk.settle()
    dialog = asked(desk, annotated)
    QTest.keyClick(dialog.joining, Qt.Key.Key_Space)
    ready(desk, dialog)
    assert imported(desk, dialog) == []
    assert "3 spans added to 1 that were there" in desk.message
    quotes = {span.quote for found in export_documents(desk.project) for span in found.spans}
    assert "Velmar will withdraw its ships" in quotes
