"""A label is chosen by its name: codebooks have more labels than there are digits."""

from storage.operations.codebook import add_label
from storage.records import LabelKind, LabelRecord


def _shown(desk) -> list[str]:
    return [entry.title for entry in desk.window.label_chooser.picker.find("")]


def test_selected_words_get_a_label_that_has_no_digit(desk):
    desk.window.flows.session.do(add_label, LabelRecord(0, LabelKind.ACTOR, "Shipping line"))
    desk.select("the harbour")
    desk.press("L")
    desk.type("shipp")
    desk.press("Return")

    assert desk.state("the harbour") == "confirmed"
    label = desk.window.flows.session.codebook.label(desk.stored("the harbour").label_id)
    assert label.name == "Shipping line"
    assert desk.view.hasFocus()


def test_the_focused_suggestion_is_relabelled_and_labels_of_its_kind_come_first(desk):
    desk.press("Tab", "Tab")
    assert desk.focused.startswith("that Orsk")
    desk.press("L")
    assert _shown(desk)[0] == "Claim"
    desk.press("Esc", "Shift+Tab", "L")
    assert _shown(desk)[0] == "State"
    desk.type("group")
    desk.press("Return")

    assert desk.window.flows.session.codebook.label(desk.stored("Velmar").label_id).name == "Group"


def test_without_words_it_is_told_what_is_missing(desk):
    desk.view.place_cursor(desk.text.index("\n\n") + 1)
    desk.view.focus_span(None)
    desk.press("L")

    assert desk.message == "Select words or focus a span first; then L chooses a label by its name."


def test_escape_changes_nothing(desk):
    before = desk.content()
    desk.press("Tab", "L", "Esc")

    assert desk.content() == before
    assert desk.view.hasFocus()


def test_for_a_name_beside_the_focused_span_labels_come_in_their_usual_order(desk):
    desk.press("Tab", "Tab")
    desk.view.place_cursor(desk.text.index("Karsk"))
    desk.press("Right", "L")
    assert desk.view.name_at_cursor() is not None
    assert desk.focused.startswith("that Orsk")
    assert _shown(desk)[0] != "Claim"
