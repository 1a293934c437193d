from __future__ import annotations

import dataclasses
import time

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gui.panels.inspector import Inspector
from gui.panels.inspector_data import (
    ActorData,
    FieldData,
    InspectorData,
    OverlapData,
    PartyData,
    heading_of,
    names_of,
    sentence_of,
)
from gui.widgets.runs import RunStyle, TextRun
from storage.records import FieldType, LabelKind, State

CLAIM = InspectorData(
    span_id=5,
    kind=LabelKind.CLAIM,
    label="Claim",
    colour="yellow",
    state=State.SUGGESTED,
    quote="Orsk and Velmar face a joint threat",
    score=0.912,
    speakers=(PartyData("Brandt", "teal", is_suggested=True, actor="Ilya Brandt"),),
    cues=(PartyData("alleging"),),
    targets=(PartyData("League", "violet"),),
    fields=(
        FieldData(1, "Stance", FieldType.CHOICE, ("for", "against"), "for"),
        FieldData(2, "Day", FieldType.DATE),
        FieldData(3, "Weight", FieldType.NUMBER, value="2"),
    ),
    provenance=("attribution rules 1.0 · <b>cue</b>",),
)
MENTION = InspectorData(
    span_id=6,
    kind=LabelKind.ACTOR,
    label="Person",
    colour="teal",
    state=State.CONFIRMED,
    quote="Brandt",
    score=0.8,
    actor=ActorData("Ilya Brandt", "Person", ("Brandt",), 1, 1),
)


@pytest.fixture
def inspector(qtbot):
    panel = Inspector()
    qtbot.addWidget(panel)
    panel.resize(330, 800)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def text_of(data: InspectorData) -> str:
    return "".join(run.text for run in sentence_of(data))


def replaced(**changes) -> InspectorData:
    return dataclasses.replace(CLAIM, **changes)


def test_heading_tells_label_state_and_score_of_a_suggestion():
    assert heading_of(CLAIM) == "Claim · suggested · 0.91"
    assert heading_of(MENTION) == "Person · confirmed"


def test_a_claim_is_one_line_from_speaker_to_target():
    assert text_of(CLAIM) == "Brandt → alleging → “Orsk and Velmar face a joint threat” → about League"


def test_a_claim_without_speaker_says_so():
    assert text_of(replaced(speakers=(), cues=(), targets=())).startswith("nobody yet → “Orsk")


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("“No country is safe”", "“No country is safe”"),
        ('"No country is safe"', "“No country is safe”"),
        ("“No,” he said, “never”", "““No,” he said, “never””"),
        ("", "“”"),
        ("“", "““”"),
    ],
)
def test_quotation_marks_around_the_whole_claim_are_not_doubled(quote, shown):
    text = text_of(replaced(quote=quote, speakers=(), cues=(), targets=()))
    assert text == f"nobody yet → {shown}"


def test_marks_at_the_ends_of_several_runs_are_not_doubled():
    parts = (TextRun("“"), TextRun("Orsk", RunStyle.PILL, "blue"), TextRun(" is safe”"))
    assert "→ “Orsk is safe” →" in text_of(replaced(parts=parts))


def test_a_long_claim_is_cut():
    text = text_of(replaced(quote="threat " * 500, targets=()))
    assert text.endswith(" …”")
    assert len(text) < 300


def test_each_speaker_is_named_once_and_by_the_registry():
    assert names_of((PartyData("he", actor="Taval"), PartyData("Taval"), PartyData("Okonin"))) == "Taval, Okonin"


def test_a_span_is_shown_with_its_rows(inspector):
    inspector.show_span(CLAIM)
    assert inspector.span_id == 5
    assert inspector.speaker.value == "Ilya Brandt"
    assert inspector.target.value == "League"
    assert inspector.accept.isVisible()
    assert not inspector.actor.isVisible()
    inspector.show_span(MENTION)
    assert not inspector.speaker.isVisible()
    assert inspector.actor.value == "Ilya Brandt"
    assert not inspector.accept.isVisible()
    assert inspector.reject.text() == "Delete"


def test_no_span_teaches_the_keys(inspector):
    inspector.show_span(CLAIM)
    inspector.show_span(None)
    assert inspector.span_id is None
    shown = [label.text() for label in inspector.findChildren(QLabel) if label.isVisible()]
    assert any("Press Tab" in text for text in shown)


@pytest.mark.parametrize(
    ("control", "signal"),
    [
        ("accept", "accept_requested"),
        ("reject", "reject_requested"),
        ("equal", "equal_requested"),
        ("speaker", "speaker_requested"),
        ("target", "target_requested"),
        ("flag", "flag_toggled"),
    ],
)
def test_every_control_works_by_mouse_and_by_keyboard(inspector, qtbot, control, signal):
    inspector.show_span(CLAIM)
    widget = getattr(inspector, control)
    with qtbot.waitSignal(getattr(inspector, signal)):
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    widget.setFocus()
    with qtbot.waitSignal(getattr(inspector, signal)):
        QTest.keyClick(widget, Qt.Key.Key_Space)
    assert widget.accessibleName()


def test_tab_goes_through_every_control_in_the_order_of_the_eye(inspector, qtbot):
    inspector.show_span(CLAIM)
    editors = [editor.control for editor in inspector.fields.editors]
    qtbot.waitUntil(lambda: all(editor.isVisible() for editor in editors))
    wanted = [inspector.flag, inspector.accept, inspector.reject, inspector.equal, inspector.speaker]
    wanted += [inspector.target, *editors, inspector.note]
    inspector.flag.setFocus()
    for widget in wanted:
        assert QApplication.focusWidget() is widget
        assert widget.accessibleName()
        QTest.keyClick(widget, Qt.Key.Key_Tab)


def test_a_choice_is_told_and_none_is_empty(inspector):
    told: list[tuple[int, str]] = []
    inspector.field_changed.connect(lambda ident, value: told.append((ident, value)))
    inspector.show_span(CLAIM)
    box = inspector.fields.editors[0].focusProxy()
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Home)
    assert told == [(1, "against"), (1, "")]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
@pytest.mark.parametrize("control", ["choice", "flag"])
def test_the_keyboard_goes_back_to_the_text(inspector, qtbot, control, key):
    inspector.show_span(CLAIM)
    widget = inspector.fields.editors[0].control if control == "choice" else getattr(inspector, control)
    with qtbot.waitSignal(inspector.left):
        QTest.keyClick(widget, key)


def test_enter_works_the_button_that_has_the_focus(inspector, qtbot):
    inspector.show_span(CLAIM)
    with qtbot.waitSignal(inspector.reject_requested), qtbot.assertNotEmitted(inspector.left):
        QTest.keyClick(inspector.reject, Qt.Key.Key_Return)


@pytest.mark.parametrize("label", ["Organisation", "State"])
def test_the_heading_has_room_for_the_score(inspector, label):
    inspector.resize(320, 700)
    inspector.show_span(dataclasses.replace(MENTION, label=label, state=State.SUGGESTED, score=0.72))
    QApplication.processEvents()
    assert inspector._heading.text() == f"{label.upper()} · SUGGESTED · 0.72"


def test_a_value_that_the_codebook_dropped_is_still_shown(inspector):
    field = FieldData(1, "Stance", FieldType.CHOICE, ("for",), "undecided since 2020")
    inspector.show_span(replaced(fields=(field,)))
    assert inspector.fields.editors[0].focusProxy().currentText() == "undecided since 2020"


def test_the_wheel_changes_no_choice(inspector):
    inspector.show_span(CLAIM)
    box = inspector.fields.editors[0].focusProxy()
    box.setFocus()
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, wheel)
    assert box.currentText() == "for"


def test_a_date_is_told_once_it_is_one(inspector):
    told: list[tuple[int, str]] = []
    inspector.field_changed.connect(lambda ident, value: told.append((ident, value)))
    inspector.show_span(CLAIM)
    line = inspector.fields.editors[1].focusProxy()
    line.setFocus()
    QTest.keyClicks(line, "2026-02-31")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert told == []
    assert line.property("invalid") is True
    line.selectAll()
    QTest.keyClicks(line, "2026-02-28")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert told == [(2, "2026-02-28")]
    assert line.property("invalid") is False


def test_a_note_is_told_when_the_focus_leaves_and_only_if_changed(inspector):
    told: list[str] = []
    inspector.note_changed.connect(told.append)
    inspector.show_span(CLAIM)
    inspector.focus_note()
    inspector.accept.setFocus()
    assert told == []
    inspector.focus_note()
    QTest.keyClicks(inspector.note, "check")
    inspector.accept.setFocus()
    assert told == ["check"]


def test_a_note_is_saved_and_left_by_escape(inspector, qtbot):
    inspector.show_span(CLAIM)
    inspector.focus_note()
    QTest.keyClicks(inspector.note, "check")
    with qtbot.waitSignals([inspector.note_changed, inspector.left]):
        QTest.keyClick(inspector.note, Qt.Key.Key_Escape)


def test_what_is_being_written_belongs_to_the_span_it_was_written_on(inspector):
    told: list[tuple[int | None, str]] = []
    inspector.note_changed.connect(lambda note: told.append((inspector.span_id, note)))
    inspector.show_span(CLAIM)
    inspector.focus_note()
    QTest.keyClicks(inspector.note, "check")
    inspector.show_span(MENTION)
    assert told == [(5, "check")]
    assert inspector.note.toPlainText() == ""


def test_news_about_the_same_span_do_not_disturb_writing(inspector):
    inspector.show_span(CLAIM)
    inspector.focus_note()
    QTest.keyClicks(inspector.note, "chec")
    inspector.show_span(replaced(state=State.CONFIRMED))
    QTest.keyClicks(inspector.note, "k")
    assert inspector.note.toPlainText() == "check"


def test_the_note_grows_with_its_text(inspector):
    inspector.show_span(replaced(note="one line"))
    low = inspector.note.height()
    inspector.show_span(replaced(span_id=9, note="\n".join("abcd")))
    assert inspector.note.height() > 2 * low


def test_overlapping_spans_are_listed_and_chosen(inspector, qtbot):
    spans = (
        OverlapData(5, LabelKind.CLAIM, "Claim", "yellow", "Orsk and Velmar", State.SUGGESTED),
        OverlapData(8, LabelKind.ACTOR, "State", "blue", "Orsk", State.CONFIRMED),
    )
    inspector.show_span(replaced(overlapping=spans))
    shown = [button for button in inspector.overlaps.buttons if button.isVisible()]
    assert [button.accessibleName() for button in shown] == [
        "Claim, suggested: Orsk and Velmar",
        "State, confirmed: Orsk",
    ]
    with qtbot.waitSignal(inspector.span_requested) as told:
        QTest.mouseClick(shown[1], Qt.MouseButton.LeftButton)
    assert told.args == [8]


def test_one_span_alone_makes_no_list(inspector):
    inspector.show_span(
        replaced(overlapping=(OverlapData(5, LabelKind.CLAIM, "Claim", "yellow", "x", State.SUGGESTED),))
    )
    assert not inspector.overlaps.isVisible()


def test_all_labels_show_plain_text(inspector):
    inspector.show_span(CLAIM)
    assert {label.textFormat() for label in inspector.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_a_long_field_name_does_not_widen_the_panel(inspector):
    inspector.show_span(replaced(fields=(FieldData(1, "An endlessly long name of a field " * 4),)))
    QApplication.processEvents()
    page = inspector.findChild(QWidget, "span_page")
    assert page.width() <= inspector.width()


def test_moving_the_focus_costs_little(inspector):
    start = time.process_time()
    for number in range(50):
        inspector.show_span(dataclasses.replace(CLAIM if number % 2 else MENTION, span_id=number))
        inspector.grab()
    assert (time.process_time() - start) / 50 < 0.05
