from __future__ import annotations

from dataclasses import replace

import pytest

from storage import history, queries
from storage.errors import RefusedInputError, StaleEditError
from storage.operations import codebook as ops
from storage.operations import links, spans
from storage.project import Project
from storage.records import FieldRecord, FieldType, LabelKind, LabelRecord, LinkTypeRecord

ACTOR, CLAIM = LabelKind.ACTOR, LabelKind.CLAIM


def book(bench):
    return queries.codebook(bench.project)


def label(bench, name: str) -> LabelRecord:
    return next(item for item in book(bench).labels if item.name == name)


def field(bench, name: str) -> FieldRecord:
    return next(item for item in book(bench).fields if item.name == name)


def _operations(bench):
    project = bench.project
    yield lambda: ops.add_label(project, LabelRecord(0, ACTOR, "Party", None, "rose", "7", "A party."))
    yield lambda: ops.change_label(project, replace(label(bench, "Party"), name="Parties", key="8", colour="green"))
    yield lambda: ops.move_label(project, label(bench, "Parties").id, -1)
    yield lambda: ops.move_label(project, label(bench, "State").id, 1)
    yield lambda: ops.add_link_type(project, LinkTypeRecord(0, "addressee", "Addressee", CLAIM, ACTOR))
    yield lambda: ops.change_link_type(
        project, replace(book(bench).link_types[-1], code="rival", name="Rival", to_kind=CLAIM)
    )
    yield lambda: ops.add_field(project, FieldRecord(0, "Issue", CLAIM, FieldType.CHOICE, ("sea", "land")))
    yield lambda: spans.set_field(project, bench.span("No country is safe").id, field(bench, "Issue").id, "sea")
    yield lambda: ops.change_field(project, replace(field(bench, "Issue"), choices=("the sea", "land", "air")[:2]))
    yield lambda: ops.change_field(project, replace(field(bench, "Issue"), type=FieldType.TEXT))
    yield lambda: ops.move_field(project, field(bench, "Issue").id, -1)


def test_undo_and_redo_of_every_operation_restore_codebook_and_spans(bench) -> None:
    spans.draw(bench.project, bench.document_id, bench.label("Claim"), bench.at("No country is safe"))
    states = [(book(bench), bench.state())]
    for operation in _operations(bench):
        assert operation().set_id is not None
        states.append((book(bench), bench.state()))
    for state in reversed(states[:-1]):
        history.undo(bench.project)
        assert (book(bench), bench.state()) == state
    for state in states[1:]:
        history.redo(bench.project)
        assert (book(bench), bench.state()) == state


def test_a_new_name_shows_on_every_span_and_survives_a_restart(bench, path) -> None:
    spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at("Orsk"))
    changes = ops.change_label(bench.project, replace(label(bench, "State"), name="Country"))
    assert changes.is_codebook_changed
    assert not changes.spans
    bench.project.close()
    with Project.open(path) as project:
        span = queries.document_content(project, bench.document_id).spans[0]
        assert queries.codebook(project).label(span.label_id).name == "Country"


def test_a_change_that_changes_nothing_leaves_no_entry(bench) -> None:
    assert ops.change_label(bench.project, label(bench, "State")).set_id is None
    assert ops.move_label(bench.project, book(bench).labels[0].id, -1).set_id is None
    assert ops.change_field(bench.project, book(bench).fields[0]).set_id is None


def test_refused_is_what_clashes_and_nothing_changes(bench) -> None:
    before = book(bench)
    with pytest.raises(RefusedInputError, match="key 2 belongs to “Person”"):
        ops.change_label(bench.project, replace(label(bench, "State"), key="2"))
    with pytest.raises(RefusedInputError, match="“Claim” of kind claim already"):
        ops.add_label(bench.project, LabelRecord(0, CLAIM, "claim"))
    with pytest.raises(StaleEditError):
        ops.change_label(bench.project, LabelRecord(99, CLAIM, "x"))
    assert book(bench) == before


def test_the_kind_of_a_label_stays(bench) -> None:
    ops.change_label(bench.project, replace(label(bench, "State"), kind=CLAIM, position=99, colour="rose"))
    assert label(bench, "State").kind is ACTOR
    assert book(bench).labels[0].colour == "rose"


def test_labels_move_among_those_of_their_kind(bench) -> None:
    ops.add_label(bench.project, LabelRecord(0, ACTOR, "Party"))
    ops.move_label(bench.project, label(bench, "Party").id, -1)
    assert [item.name for item in book(bench).labels] == [
        "State", "Person", "Organisation", "Party", "Group", "Claim", "Cue",
    ]  # fmt: skip
    for _ in range(5):
        ops.move_label(bench.project, label(bench, "Party").id, 1)
    actors = [item.name for item in book(bench).labels if item.kind is ACTOR]
    assert actors == ["State", "Person", "Organisation", "Group", "Party"]


def test_the_kinds_of_a_link_type_stay_while_links_use_it(bench) -> None:
    project = bench.project
    spans.draw(project, bench.document_id, bench.label("State"), bench.at("Orsk"))
    spans.draw(project, bench.document_id, bench.label("Claim"), bench.at("a joint threat"))
    links.connect(project, "target", bench.span("a joint threat").id, bench.span("Orsk").id)
    target = next(item for item in book(bench).link_types if item.code == "target")
    with pytest.raises(RefusedInputError, match="1 links “Target” from claim to actor"):
        ops.change_link_type(project, replace(target, to_kind=CLAIM))
    ops.change_link_type(project, replace(target, name="About"))
    history.undo(project)


def test_a_choice_renamed_in_its_place_is_renamed_on_every_span(bench) -> None:
    project = bench.project
    spans.draw(project, bench.document_id, bench.label("Claim"), bench.at("a joint threat"))
    spans.draw(project, bench.document_id, bench.label("Claim"), bench.at("No country is safe"))
    stance, kind = field(bench, "Stance"), field(bench, "Kind")
    for words in ("a joint threat", "No country is safe"):
        spans.set_field(project, bench.span(words).id, stance.id, "for")
    spans.set_field(project, bench.span("a joint threat").id, kind.id, "belief")
    changes = ops.change_field(project, replace(stance, choices=("pro", "against", "neutral")))
    assert changes.spans == {span.id for span in bench.spans}
    values = queries.fields_of(project, changes.spans)
    assert {value[stance.id] for value in values.values()} == {"pro"}
    assert values[bench.span("a joint threat").id][kind.id] == "belief"


def test_values_on_spans_are_not_left_without_their_choice_or_type(bench) -> None:
    project = bench.project
    spans.draw(project, bench.document_id, bench.label("Claim"), bench.at("a joint threat"))
    stance = field(bench, "Stance")
    spans.set_field(project, bench.span("a joint threat").id, stance.id, "for")
    with pytest.raises(RefusedInputError, match="“for” is the value of 1 span"):
        ops.change_field(project, replace(stance, choices=("against",)))
    with pytest.raises(RefusedInputError, match="“for” is the value of 1 span, and no number"):
        ops.change_field(project, replace(stance, type=FieldType.NUMBER))
    ops.change_field(project, replace(stance, choices=("for", "against")))
    ops.change_field(project, replace(stance, type=FieldType.TEXT))
    ops.change_field(project, replace(stance, choices=("for",)))
    assert queries.fields_of(project, [bench.span("a joint threat").id]) == {
        bench.span("a joint threat").id: {stance.id: "for"}
    }
