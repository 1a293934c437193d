from __future__ import annotations

from storage import history, queries
from storage.doctor import check
from storage.project import Project
from storage.records import LabelKind, State
from storage.sample.project import make_sample


def test_the_sample_opens_with_suggestions_of_every_kind_waiting(tmp_path) -> None:
    path = tmp_path / "sample.sayso"
    make_sample(path)
    with Project.open(path) as project:
        items = queries.document_items(project)
        assert len(items) == 4
        assert all(item.undecided > 20 for item in items)
        assert check(project) == []
        kinds = {label.id: label.kind for label in queries.codebook(project).labels}
        spans = [span for item in items for span in queries.document_content(project, item.document.id).spans]
        assert {kinds[span.label_id] for span in spans} == set(LabelKind)
        assert any(len(span.fragments) > 1 for span in spans), "a split quotation"
        assert all(span.state is State.SUGGESTED for span in spans)
        assert queries.actors(project)


def test_the_sample_comes_with_nothing_to_undo(tmp_path) -> None:
    path = tmp_path / "sample.sayso"
    make_sample(path)
    with Project.open(path) as project:
        assert history.next_undo(project) is None
