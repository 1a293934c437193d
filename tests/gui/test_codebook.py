from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.bridge import for_new_project
from gui.codebook import CodebookKeeper
from gui.dialogs.message import MessageDialog
from gui.dialogs.removal import RemovalDialog
from gui.document.view import DocumentView
from gui.panels.codebook import CodebookPanel
from gui.panels.label_card import LabelCard
from gui.panels.labels import LabelsPanel
from gui.session import Session
from storage import history
from storage.codebook_file import CodebookFile, read_codebook, write_codebook
from storage.codebooks import starter
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import links, spans
from storage.queries import document_content, document_items
from storage.records import Codebook, FieldRecord, Fragment, LabelKind, LabelRecord

TEXT = "Velmar said that Orsk would pay."


class Desk:
    """The panel, the card and a view over a real project, joined as the window joins them."""

    def __init__(self, qtbot, path):
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.panel, self.card, self.labels, self.view = CodebookPanel(), LabelCard(), LabelsPanel(), DocumentView()
        layout = QVBoxLayout(self.window)
        for part in (self.panel, self.card, self.labels, self.view):
            layout.addWidget(part)
        self.files = SimpleNamespace(chosen=None, target=None)
        self.files.import_files = lambda _parent, _folder, _extensions: [self.files.chosen] if self.files.chosen else []
        self.files.export_target = lambda _parent, _suggested, is_folder: self.files.target
        self.session = Session.create(path)
        with Importer(self.session.project) as importer:
            importer.add_file("a", [ExchangeDocument(title="a", text=TEXT)])
            importer.publish()
        self.document_id = document_items(self.session.project)[0].document.id
        self.keeper = CodebookKeeper(self.window, self.panel, self.card, self.labels, self.view, self.files)
        self.told, self.problems = [], []
        self.keeper.told.connect(self.told.append)
        self.session.problem_met.connect(self.problems.append)
        self.show()
        self.keeper.work_on(self.session)
        self.window.resize(320, 900)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def show(self):
        self.view.show_document(document_content(self.session.project, self.document_id), self.session.codebook)
        self.labels.set_codebook(self.session.codebook)

    def label(self, name):
        return next(label for label in self.session.codebook.labels if label.name == name)

    def names(self):
        return [label.name for label in self.session.codebook.labels]

    def draw(self, words, label="State"):
        start = TEXT.index(words)
        changes = self.session.do(
            spans.draw, self.document_id, self.label(label).id, (Fragment(start, start + len(words)),)
        )
        self.show()
        return min(changes.spans)

    def row(self, name):
        return next(row for row in self.panel.rows if row.entry.name == name)

    def dialog(self, kind):
        return next(dialog for dialog in self.window.findChildren(kind) if dialog.isVisible())


@pytest.fixture
def desk(qtbot, tmp_path):
    desk = Desk(qtbot, tmp_path / "desk.sayso")
    yield desk
    desk.keeper.work_on(None)
    desk.session.close()


def test_a_label_is_added_by_keyboard_with_a_free_key_and_colour_and_undone(desk):
    desk.panel.focus_list()
    QTest.keyClick(desk.panel.rows[0], Qt.Key.Key_Plus)
    form = desk.panel.form()
    QTest.keyClicks(form.name, "Party")
    form.add.setFocus()
    QTest.keyClick(form.add, Qt.Key.Key_Space)
    party = desk.label("Party")
    assert (party.kind, party.key, party.colour) == (LabelKind.ACTOR, "7", "rose")
    assert desk.panel.shown_entry is None
    assert desk.row("Party").hasFocus()
    desk.session.do(history.undo)
    assert "Party" not in desk.names()
    assert [row.entry.name for row in desk.panel.rows][:5] == ["State", "Person", "Organisation", "Group", "Claim"]


def test_a_refusal_stands_in_the_form_and_in_no_dialog(desk):
    desk.panel.show_entry(desk.label("State"))
    form = desk.panel.form()
    form.key.setCurrentIndex(form.key.findData("2"))
    form.key.activated.emit(2)
    assert form.problem.text() == "The key 2 belongs to “Person”. Give that label another key, or none, first."
    assert desk.problems == []
    assert desk.label("State").key == "1"
    form.key.setCurrentIndex(form.key.findData("8"))
    form.key.activated.emit(8)
    assert form.problem.isHidden()
    assert desk.label("State").key == "8"


def test_an_empty_name_is_refused_when_adding(desk):
    desk.panel.sections[1].add.click()
    desk.panel.form().add.click()
    assert desk.panel.form().problem.text() == "A label has a name."
    assert desk.panel.shown_entry is not None


def test_link_types_get_a_code_from_their_name(desk):
    desk.panel.sections[3].add.click()
    form = desk.panel.form()
    form.name.setText("Object actor")
    form.add.click()
    added = desk.session.codebook.link_types[-1]
    assert (added.code, added.from_kind, added.to_kind) == ("object-actor", LabelKind.CLAIM, LabelKind.ACTOR)


def test_fields_are_added_and_moved(desk):
    desk.panel.sections[4].add.click()
    form = desk.panel.form()
    form.name.setText("Issue")
    form.choices.setPlainText("sea\nland")
    form.add.click()
    assert [field.name for field in desk.session.codebook.fields][-1] == "Issue"
    row = desk.row("Issue")
    QTest.keyClick(row, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [field.name for field in desk.session.codebook.fields][-2] == "Issue"
    assert desk.row("Issue").hasFocus()


def test_what_nothing_uses_goes_at_once_and_comes_back(desk):
    QTest.keyClick(desk.row("Group"), Qt.Key.Key_Delete)
    assert "Group" not in desk.names()
    assert desk.told[-1] == "Removed the actor label “Group”; Ctrl+Z brings it back."
    desk.session.do(history.undo)
    assert "Group" in desk.names()


def test_removing_a_label_in_use_tells_what_would_happen_and_moves_its_spans(desk):
    span_id = desk.draw("Orsk")
    claim_id = desk.draw("Orsk would pay", "Claim")
    desk.session.do(links.connect, "target", claim_id, span_id)
    QTest.keyClick(desk.row("State"), Qt.Key.Key_Delete)
    dialog = desk.dialog(RemovalDialog)
    said = dialog.consequences.text()
    assert "“State” is on 1 span (1 confirmed) in 1 document. 1 link begins or ends there (1 “Target”)." in said
    assert [dialog.target.itemText(n) for n in range(dialog.target.count())] == ["Person", "Organisation", "Group"]
    dialog.target.setCurrentIndex(2)
    dialog.remove.click()
    content = document_content(desk.session.project, desk.document_id)
    assert next(span for span in content.spans if span.id == span_id).label_id == desk.label("Group").id
    assert "State" not in desk.names()


def test_spans_can_be_deleted_with_their_label_and_keeping_changes_nothing(desk):
    desk.draw("Orsk")
    QTest.keyClick(desk.row("State"), Qt.Key.Key_Delete)
    dialog = desk.dialog(RemovalDialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert "State" in desk.names()
    QTest.keyClick(desk.row("State"), Qt.Key.Key_Delete)
    dialog = desk.dialog(RemovalDialog)
    dialog.delete_spans.setChecked(True)
    dialog.remove.click()
    assert document_content(desk.session.project, desk.document_id).spans == ()
    desk.session.do(history.undo)
    assert len(document_content(desk.session.project, desk.document_id).spans) == 1


def test_removing_a_field_or_link_type_in_use_asks_without_a_choice(desk):
    claim_id = desk.draw("Orsk would pay", "Claim")
    stance = next(field for field in desk.session.codebook.fields if field.name == "Stance")
    desk.session.do(spans.set_field, claim_id, stance.id, "for")
    QTest.keyClick(desk.row("Stance"), Qt.Key.Key_Delete)
    dialog = desk.dialog(RemovalDialog)
    assert "1 span (1 confirmed) in 1 document (“for” 1)" in dialog.consequences.text()
    assert not dialog.move_spans.isVisible()
    dialog.remove.click()
    assert "Stance" not in [field.name for field in desk.session.codebook.fields]


def test_the_card_tells_of_the_focused_span_and_of_the_label_pointed_at(desk, qtbot):
    assert desk.card.told == ""
    desk.view.focus_span(desk.draw("Orsk"))
    qtbot.waitUntil(lambda: desk.card.told.startswith("State\nA state, its government"))
    desk.labels.rows[desk.label("Person").id].button.pointed_at.emit(True)
    assert desk.card.told.startswith("Person\n")
    desk.labels.rows[desk.label("Person").id].button.pointed_at.emit(False)
    assert desk.card.told.startswith("State\n")
    desk.panel.changed.emit(replace(desk.label("State"), definition="New words."))
    assert "New words." in desk.card.told
    desk.view.focus_span(None)
    qtbot.waitUntil(lambda: desk.card.told == "")


def test_a_label_is_opened_from_elsewhere(desk, qtbot):
    with qtbot.waitSignal(desk.keeper.panel_requested):
        desk.keeper.show_label(desk.label("Cue").id)
    assert desk.panel.shown_entry == desk.label("Cue")


def test_the_codebook_goes_out_and_comes_in_as_a_file(desk, tmp_path):
    desk.files.target = tmp_path / "book"
    desk.keeper.export_file()
    assert read_codebook(tmp_path / "book.toml").codebook == for_new_project(starter("actors-and-claims")).codebook
    desk.files.chosen = tmp_path / "more.toml"
    more = Codebook((LabelRecord(1, LabelKind.ACTOR, "Party", None, "rose", "1"),))
    write_codebook(desk.files.chosen, CodebookFile(more, "More"))
    before = desk.session.codebook
    desk.keeper.import_file()
    dialog = desk.dialog(MessageDialog)
    assert "1 added, 0 changed, 0 left" in dialog.sentence.text()
    assert "without the key 1, which belongs to “State”" in dialog.details.toPlainText()
    assert desk.session.codebook == before
    dialog.main_button.click()
    assert desk.label("Party").key is None
    desk.session.do(history.undo)
    assert desk.session.codebook == before


def test_the_same_codebook_again_changes_nothing_and_says_so(desk, tmp_path):
    desk.files.chosen = desk.files.target = tmp_path / "book.toml"
    desk.keeper.export_file()
    desk.keeper.import_file()
    dialog = desk.dialog(MessageDialog)
    assert "nothing would change" in dialog.sentence.text()
    dialog.main_button.click()
    assert history.next_undo(desk.session.project).operation != "import codebook"


def test_a_broken_file_takes_nothing_in_and_names_the_line(desk, tmp_path):
    desk.files.chosen = tmp_path / "bad.toml"
    desk.files.chosen.write_text('format = "sayso-codebook"\nversion = 1\nx = 1\n', "utf-8")
    desk.keeper.import_file()
    assert "“bad.toml”, line 3: x" in desk.dialog(MessageDialog).sentence.text()
    desk.files.target = tmp_path / "missing" / "book.toml"
    desk.keeper.export_file()
    assert not desk.files.target.exists()


def test_without_a_project_nothing_happens(desk):
    desk.keeper.work_on(None)
    assert desk.panel.rows == []
    desk.keeper.import_file()
    desk.keeper.export_file()
    desk.keeper.show_label(1)
    desk.panel.draft_requested.emit(FieldRecord(0, "", LabelKind.CLAIM))
    assert desk.panel.shown_entry is None
    desk.keeper.work_on(desk.session)
    assert len(desk.panel.rows) == 15
