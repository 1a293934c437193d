"""A project in a risky place opens, with a warning: a dialog the first time, a line from then on."""

import pytest

from gui.dialogs.message import MessageDialog


@pytest.fixture
def risky(make_project, tmp_path):
    folder = tmp_path / "Dropbox (Straits Desk)"
    folder.mkdir()
    return make_project().rename(folder / "desk.sayso")


def test_the_first_opening_warns_and_work_goes_on(make_desk, risky):
    desk = make_desk()
    desk.open(risky)
    (dialog,) = desk.dialogs(MessageDialog)
    assert "that Dropbox synchronises" in dialog.sentence.text()
    desk.press("Return", "Tab", "Return")

    assert desk.dialogs() == []
    assert desk.state("Velmar") == "confirmed"


def test_later_openings_say_so_in_a_line(make_desk, risky):
    desk = make_desk()
    desk.open(risky)
    for dialog in desk.dialogs():
        dialog.close()
    desk.window.flows.close()
    desk.open(risky)

    assert desk.dialogs() == []
    assert "that Dropbox synchronises" in desk.message


def test_settings_that_hold_nonsense_only_lead_to_the_dialog(make_desk, risky):
    desk = make_desk()
    for nonsense in ("{", "7", '[["a"]]'):
        desk.settings.store("warned_of_place", nonsense)
        desk.open(risky)
        assert len(desk.dialogs(MessageDialog)) == 1
        for dialog in desk.dialogs():
            dialog.close()
        desk.window.flows.close()


def test_a_project_elsewhere_opens_without_a_word(desk):
    assert desk.dialogs() == []
    assert desk.message == ""
