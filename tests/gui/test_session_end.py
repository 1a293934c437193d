"""When the desktop's session ends, words being typed are saved; where they cannot be, it is asked to go on."""

import pytest

from gui.place import PLACE, Place
from gui.signals import SessionEnd


class Manager:
    """The desktop's side of the end of a session."""

    def __init__(self, *, may_ask: bool = True) -> None:
        self._may_ask = may_ask
        self.is_cancelled = False

    def allowsInteraction(self):  # noqa: N802  (as Qt calls it)
        return self._may_ask

    def cancel(self):
        self.is_cancelled = True


@pytest.fixture
def end(desk):
    return SessionEnd(desk.app, desk.window.keep_all, desk.window)


def test_words_being_typed_and_the_place_are_saved(desk, end):
    desk.press("Tab", "Tab", "N")
    desk.type("Half a thought")
    claim = desk.view.focused_span_id
    manager = Manager()
    end.commit(manager)

    assert not manager.is_cancelled
    assert desk.view.page.index.spans[claim].note == "Half a thought"
    assert {span.note for span in desk.content().spans} == {"", "Half a thought"}
    assert Place.read(desk.project.setting(PLACE)).focus == claim


def test_words_that_cannot_be_saved_keep_the_session_if_anybody_can_be_asked(desk, end, full_disk):
    desk.press("Tab", "N")
    desk.type("Half a thought")
    manager, deaf = Manager(), Manager(may_ask=False)
    end.commit(manager)
    (dialog,) = desk.dialogs()
    dialog.close()
    end.commit(deaf)

    assert "the disk is full" in dialog.sentence.text()
    assert (manager.is_cancelled, deaf.is_cancelled) == (True, False)
    assert desk.window.inspector.note.toPlainText() == "Half a thought"


def test_without_a_project_there_is_nothing_to_keep(empty_desk):
    manager = Manager()
    SessionEnd(empty_desk.app, empty_desk.window.keep_all, empty_desk.window).commit(manager)

    assert not manager.is_cancelled
