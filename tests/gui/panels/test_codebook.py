from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.panels.codebook import CodebookPanel
from gui.panels.label_card import LabelCard
from gui.theme import DARK, LIGHT
from storage.codebook_rules import COLOURS
from storage.codebooks import starter
from storage.records import Codebook, FieldType, LabelKind, LabelRecord

Key, Modifier = Qt.Key, Qt.KeyboardModifier
BOOK = starter("actors-and-claims").codebook


class Wishes:
    """Writes down every wish of the panel."""

    def __init__(self, panel):
        self.told = []
        for name in ("draft_requested", "add_requested", "changed", "remove_requested", "left"):
            getattr(panel, name).connect(lambda *args, name=name: self.told.append((name, *args)))
        panel.move_requested.connect(lambda entry, step: self.told.append(("move", entry.name, step)))

    def last(self):
        return self.told[-1] if self.told else None


@pytest.fixture
def panel(qtbot):
    panel = CodebookPanel()
    qtbot.addWidget(panel)
    panel.resize(280, 700)
    panel.set_codebook(BOOK)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.focus_list()
    panel.wishes = Wishes(panel)
    return panel


def row(panel, name):
    return next(row for row in panel.rows if row.entry.name == name)


def test_everything_of_the_codebook_is_listed_in_its_order(panel):
    names = [row.entry.name for row in panel.rows]
    assert names[:6] == ["State", "Person", "Organisation", "Group", "Claim", "Cue"]
    assert names[6:11] == ["Speaker", "Target", "Cue", "Contains", "Answers"]
    assert names[11:] == ["Kind", "Stance", "Certainty", "Date"]
    assert row(panel, "State").accessibleName() == "State, actor label, key 1"
    assert row(panel, "Speaker").accessibleName() == "Speaker, link type, claim → actor"
    assert row(panel, "Date").accessibleName() == "Date, field, date, claim"


def test_an_empty_codebook_says_so(panel):
    panel.set_codebook(Codebook())
    assert panel.rows == []
    texts = {label.text() for label in panel.findChildren(QLabel)}
    assert "No labels for claims." in texts
    panel.focus_list()
    assert panel.sections[0].add.hasFocus()


def test_the_list_is_worked_by_keys(panel):
    first = panel.rows[0]
    assert first.hasFocus()
    QTest.keyClick(first, Key.Key_Down, Modifier.AltModifier)
    assert panel.wishes.last() == ("move", "State", 1)
    QTest.keyClick(first, Key.Key_Delete)
    assert panel.wishes.last() == ("remove_requested", BOOK.labels[0])
    QTest.keyClick(first, Key.Key_Plus)
    assert panel.wishes.last() == ("draft_requested", LabelRecord(0, LabelKind.ACTOR, ""))
    QTest.keyClick(row(panel, "Speaker"), Key.Key_Up, Modifier.AltModifier)
    assert panel.wishes.last()[0] == "draft_requested"
    QTest.keyClick(first, Key.Key_Escape)
    assert panel.wishes.last() == ("left",)
    QTest.keyClick(first, Key.Key_Down)
    assert panel.rows[1].hasFocus()
    QTest.keyClick(panel.rows[1], Key.Key_Return)
    assert panel.shown_entry == BOOK.labels[1]


def test_the_menu_of_a_line_offers_the_same(panel):
    texts = [action.text().split("\t")[0] for action in panel.rows[0].menu().actions() if not action.isSeparator()]
    assert texts == ["Change …", "New actor label …", "Move up", "Move down", "Remove …"]
    assert "Move up" not in [action.text() for action in row(panel, "Speaker").menu().actions()]


def test_a_changed_name_is_told_when_its_line_is_left_and_only_once(panel):
    panel.show_entry(BOOK.labels[0])
    form = panel.form()
    assert form.name.hasFocus()
    QTest.keyClicks(form.name, "Country")
    assert panel.wishes.told == []
    QTest.keyClick(form.name, Key.Key_Tab)
    assert panel.wishes.told == [("changed", replace(BOOK.labels[0], name="Country"))]
    panel.set_codebook(replace(BOOK, labels=(replace(BOOK.labels[0], name="Country"), *BOOK.labels[1:])))
    QTest.keyClick(form.name, Key.Key_Return)
    assert len(panel.wishes.told) == 1


def test_escape_brings_back_what_stood_there_then_leaves_to_the_line(panel):
    panel.show_entry(BOOK.labels[2])
    name = panel.form().name
    QTest.keyClicks(name, "Typo")
    QTest.keyClick(name, Key.Key_Escape)
    assert name.text() == "Organisation"
    QTest.keyClick(name, Key.Key_Escape)
    assert panel.shown_entry is None
    assert row(panel, "Organisation").hasFocus()
    assert panel.wishes.told == []


@pytest.mark.parametrize("field", ["key", "code", "add", "definition"])
def test_escape_leaves_the_form_from_every_field(panel, field):
    panel.show_entry(LabelRecord(0, LabelKind.ACTOR, "x") if field == "add" else BOOK.labels[2])
    widget = getattr(panel.form(), field)
    widget.setFocus()
    QTest.keyClick(widget, Key.Key_Escape)
    assert panel.shown_entry is None
    assert "left" not in [wish[0] for wish in panel.wishes.told]


def test_every_colour_of_a_codebook_has_its_ink():
    assert set(COLOURS) == set(LIGHT.labels) == set(DARK.labels)


def test_tab_goes_through_the_fields_of_a_form_from_the_top(panel):
    panel.show_entry(BOOK.labels[0])
    form = panel.form()
    reached = []
    for _ in range(6):
        reached.append(panel.focusWidget())
        QTest.keyClick(panel.focusWidget(), Key.Key_Tab)
    assert reached[0] is form.name
    assert reached[1] is form.key
    assert reached[2] in form.colour.buttons.values()
    assert reached[3] is form.definition
    assert reached[4] is form.examples
    assert reached[5] is form.code
    assert panel.wishes.told == []


def test_the_colour_is_chosen_by_arrows(panel):
    panel.show_entry(BOOK.labels[0])
    form = panel.form()
    form.colour.buttons["blue"].setFocus()
    QTest.keyClick(form.colour.buttons["blue"], Key.Key_Right)
    assert panel.wishes.last() == ("changed", replace(BOOK.labels[0], colour="teal"))
    assert form.colour.buttons["teal"].hasFocus()


def test_keys_of_other_labels_are_named(panel):
    panel.show_entry(BOOK.labels[0])
    key = panel.form().key
    assert [key.itemText(n) for n in (0, 1, 2, 7)] == ["no key", "1", "2   (now “Person”)", "7"]
    assert key.currentText() == "1"


def test_what_is_refused_is_told_and_leaving_shows_it_once(panel):
    panel.changed.connect(lambda _record: panel.refuse("There is a label “Person” already."))
    panel.show_entry(BOOK.labels[0])
    name = panel.form().name
    name.setText("Person")
    panel.back.click()
    assert panel.shown_entry is not None
    assert panel.form().problem.text() == "There is a label “Person” already."
    panel.back.click()
    assert panel.shown_entry is None
    panel.show_entry(BOOK.labels[0])
    assert panel.form().name.text() == "State"
    assert panel.form().problem.isHidden()


def test_a_new_entry_tells_nothing_until_it_is_added(panel):
    panel.show_entry(LabelRecord(0, LabelKind.CLAIM, "", colour="rose", key="7"))
    form = panel.form()
    QTest.keyClicks(form.name, "Promise")
    QTest.keyClick(form.name, Key.Key_Tab)
    assert panel.wishes.told == []
    assert form.remove.isHidden()
    QTest.mouseClick(form.add, Qt.MouseButton.LeftButton)
    assert panel.wishes.last() == ("add_requested", LabelRecord(0, LabelKind.CLAIM, "Promise", None, "rose", "7"))


def test_choices_are_lines_and_only_choices_have_them(panel):
    stance = next(field for field in BOOK.fields if field.name == "Stance")
    panel.show_entry(stance)
    form = panel.form()
    assert form.choices.toPlainText() == "for\nagainst\nneutral"
    form.choices.setPlainText("pro\n\n against \nneutral")
    form.choices.commit()
    assert panel.wishes.last() == ("changed", replace(stance, choices=("pro", "against", "neutral")))
    panel.set_codebook(BOOK)
    panel.show_entry(next(field for field in BOOK.fields if field.type is FieldType.DATE))
    assert form.choices.parentWidget().isHidden()


def test_link_types_are_changed(panel):
    panel.show_entry(BOOK.link_types[0])
    form = panel.form()
    form.to_kind.setCurrentIndex(1)
    form.to_kind.activated.emit(1)
    assert panel.wishes.last() == ("changed", replace(BOOK.link_types[0], to_kind=LabelKind.CLAIM))


def test_an_open_form_follows_the_codebook_and_closes_when_its_entry_goes(panel):
    panel.show_entry(BOOK.labels[0])
    changed = replace(BOOK.labels[0], definition="New.", colour="rose")
    panel.set_codebook(replace(BOOK, labels=(changed, *BOOK.labels[1:])))
    form = panel.form()
    assert form.definition.toPlainText() == "New."
    assert form.colour.colour == "rose"
    panel.set_codebook(replace(BOOK, labels=BOOK.labels[1:]))
    assert panel.shown_entry is None


def test_the_keyboard_stays_on_its_line_when_the_list_is_read_again(panel):
    row(panel, "Person").setFocus()
    labels = (BOOK.labels[1], BOOK.labels[0], *BOOK.labels[2:])
    panel.set_codebook(replace(BOOK, labels=labels))
    assert panel.rows[0].hasFocus()
    assert panel.rows[0].entry.name == "Person"


def test_names_and_definitions_are_shown_as_typed(panel, qtbot):
    label = LabelRecord(1, LabelKind.ACTOR, "<b>x</b>", definition="<img src=x>", examples="a & b")
    panel.set_codebook(Codebook((label,)))
    assert "&lt;img" in panel.rows[0].toolTip()
    card = LabelCard()
    qtbot.addWidget(card)
    card.show_label(label)
    assert card.told == "<b>x</b>\n<img src=x>\nFor example: a & b"
    assert all(text.textFormat() is Qt.TextFormat.PlainText for text in card.findChildren(QLabel))
    card.show_label(None)
    assert card.told == ""


def test_the_keyboard_goes_to_the_neighbour_of_a_line_that_goes(panel):
    row(panel, "Person").setFocus()
    panel.set_codebook(replace(BOOK, labels=(BOOK.labels[0], *BOOK.labels[2:])))
    assert row(panel, "Organisation").hasFocus()
    QTest.keyClick(row(panel, "Date"), Key.Key_Delete)
    panel.import_button.setFocus()  # as a dialog takes the keyboard
    panel.set_codebook(replace(BOOK, fields=BOOK.fields[:-1]))
    panel.focus_list()
    assert panel.rows[-1].hasFocus()
