"""A session passes on what was committed, tells what was refused, and is silent once closed."""

import pytest

from gui.session import Session
from storage.errors import EnvironmentProblem, StorageFullError
from storage.operations.spans import accept
from storage.project import Project
from storage.queries import document_items
from storage.records import Changes


class Heard:
    def __init__(self, session):
        self.changes, self.problems, self.unsaved = [], [], []
        session.changed.connect(self.changes.append)
        session.problem_met.connect(self.problems.append)
        session.not_saved.connect(self.unsaved.append)


@pytest.fixture
def session(qapp, make_project):
    made = Session.open(make_project())
    yield made
    made.close()


@pytest.fixture
def heard(session):
    return Heard(session)


def _refuse(*_args, **_kwargs):
    raise StorageFullError("The disk is full.")


def test_committed_changes_are_told_once(session, heard):
    changes = session.do(accept, [1])

    assert heard.changes == [changes]
    assert changes.spans == {1}


def test_an_operation_that_changes_nothing_is_not_told(session, heard):
    session.do(accept, [1])
    again = session.do(accept, [1])

    assert again == Changes()
    assert len(heard.changes) == 1


def test_a_refused_operation_is_told_and_returns_nothing(session, heard):
    assert session.do(_refuse) is None
    assert heard.problems == heard.unsaved == ["The disk is full."]
    assert heard.changes == []


def test_a_query_that_fails_is_told_but_nothing_counts_as_unsaved(session, heard):
    assert session.ask(_refuse) is None
    assert heard.problems == ["The disk is full."]
    assert heard.unsaved == []


def test_our_own_mistakes_are_not_told_as_problems(session, heard):
    with pytest.raises(ZeroDivisionError):
        session.do(lambda _project: 1 / 0)
    assert heard.problems == []


def test_settings_are_kept_quietly_or_not_at_all(session, heard, monkeypatch):
    session.keep("place", {"document": 1})
    assert session.kept("place") == {"document": 1}
    assert session.kept("nothing") is None

    monkeypatch.setattr(Project, "store_setting", _refuse)
    monkeypatch.setattr(Project, "setting", _refuse)
    session.keep("place", {})
    assert session.kept("place") is None
    assert heard.problems == []


def test_a_closed_session_tells_nothing_more(session, heard):
    session.close()
    session.announce(Changes(set_id=7, are_documents_listed_anew=True))

    assert heard.changes == []
    assert heard.problems == []


def test_a_codebook_that_cannot_be_read_again_is_told_and_the_old_one_stays(session, heard, monkeypatch):
    before = session.codebook
    monkeypatch.setattr("storage.queries.codebook", _refuse)
    session.announce(Changes(set_id=7, is_codebook_changed=True))

    assert session.codebook is before
    assert heard.problems == ["The disk is full."]
    assert len(heard.changes) == 1


def test_a_project_that_cannot_be_read_is_left_unlocked(qapp, make_project, monkeypatch):
    path = make_project()
    with monkeypatch.context() as patched:
        patched.setattr("storage.queries.codebook", _refuse)
        with pytest.raises(EnvironmentProblem):
            Session.open(path)

    with Project.open(path) as project:
        assert len(document_items(project)) == 3
