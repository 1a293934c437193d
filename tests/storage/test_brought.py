"""Codebook and registry come along with JSON Lines: whole into a new project, only what is missing into another."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from storage import history, queries
from storage.codebook_file import CodebookFile, format_codebook
from storage.codebooks import codebook_named
from storage.doctor import check
from storage.exporting import written
from storage.formats import jsonl
from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.formats.losses import Losses
from storage.formats.mapping import Arrival, LabelMapping
from storage.formats.registry import format_named
from storage.importing import Importer, ImportReport, import_paths
from storage.operations import actors, codebook, settings
from storage.operations.codebook_removal import remove_field, remove_label
from storage.project import Project
from storage.records import FieldRecord, FieldType, Fragment, LabelKind, LabelRecord, LinkTypeRecord

TEXT = "Taval spoke; Taval did not answer."
FIRST = ExchangeSpan("1", LabelKind.ACTOR, "Envoy", (Fragment(0, 5),), actor="Taval")
SECOND = replace(FIRST, id="2", fragments=(Fragment(13, 18),))


def export(project: Project, path: Path, options: dict[str, str] | None = None) -> Path:
    format_ = format_named("jsonl")
    documents, context = written(project, format_, Losses(), options=options)
    format_.writer().write(documents, path, context)
    return path


def book(project: Project) -> str:
    return format_codebook(CodebookFile(queries.codebook(project)))


def registry(project: Project) -> list[tuple[int, str, str | None, str, tuple[str, ...]]]:
    types = {label.id: label.name for label in queries.codebook(project).labels}
    return [(a.id, a.name, types.get(a.label_id or 0), a.notes, a.aliases) for a in queries.actors(project)]


def taken_in(project: Project, path: Path, **more) -> ImportReport:
    report = import_paths(project, [path], **more)
    assert [str(item) for item in report.refused] == []
    return report


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return an export of a project with a codebook of its own and two actors of one name."""
    with Project.create(tmp_path / "source.sayso") as project:
        own = queries.codebook(project)
        codebook.change_label(project, replace(own.labels[0], name="Country", definition="A state\nor its capital"))
        remove_label(project, own.labels[1].id)
        codebook.add_label(project, LabelRecord(0, LabelKind.ACTOR, "Envoy", colour="rose", key=own.labels[1].key))
        codebook.add_link_type(project, LinkTypeRecord(0, "mocks", "Mocks", LabelKind.CLAIM, LabelKind.ACTOR))
        codebook.add_field(project, FieldRecord(0, "Tone", LabelKind.CLAIM, FieldType.CHOICE, ("mild", "harsh")))
        codebook.move_label(project, queries.codebook(project).labels[-1].id, -2)
        settings.set_least_scores(project, {own.labels[0].id: 0.4})
        with Importer(project) as importer:
            importer.add_file("x", [ExchangeDocument(title="Talks", text=TEXT, spans=(FIRST, SECOND))])
            importer.publish()
        (item,) = queries.document_items(project)
        spans = queries.document_content(project, item.document.id).spans
        actors.split_mentions(project, [spans[1].id], "Taval")
        first, _ = queries.actors(project)
        actors.add_alias(project, first.id, "the envoy")
        actors.set_actor_notes(project, first.id, "of Velmar")
        actors.create_actor(project, "Orsk", label_id=own.labels[0].id)
        assert [name for _, name, *_ in registry(project)] == ["Orsk", "Taval", "Taval"]
        return export(project, tmp_path / "source.jsonl")


def test_a_new_project_becomes_the_same_and_undo_takes_it_back(source, tmp_path):
    with Project.open(tmp_path / "source.sayso") as project:
        wanted = book(project), registry(project)
    with Project.create(tmp_path / "new.sayso") as project:
        before = {label.name for label in queries.codebook(project).labels}
        settings.set_least_scores(project, {label.id: 0.7 for label in queries.codebook(project).labels[:3]})
        taken_in(project, source)
        assert (book(project), registry(project)) == wanted
        assert export(project, tmp_path / "again.jsonl").read_bytes() == source.read_bytes()
        history.undo(project)
        assert {label.name for label in queries.codebook(project).labels} == before | {"Envoy"}  # it was staged
        history.redo(project)
        assert (book(project), registry(project)) == wanted
        assert check(project) == []


def test_a_project_with_a_codebook_of_its_own_gets_what_it_lacks(source, tmp_path):
    with Project.create(tmp_path / "other.sayso") as project:
        own = queries.codebook(project).labels[0]
        codebook.change_label(project, replace(own, definition="Ours"))
        before = {(label.kind, label.name): label for label in queries.codebook(project).labels}
        taken_in(project, source)
        after = {(label.kind, label.name): label for label in queries.codebook(project).labels}
        assert before.items() <= after.items()
        added = {name: after[kind, name] for kind, name in after.keys() - before.keys()}
        assert set(added) == {"Country", "Envoy"}
        assert (added["Envoy"].colour, added["Envoy"].key) == ("rose", None)
        assert added["Country"].definition == "A state\nor its capital"
        (tone,) = (field for field in queries.codebook(project).fields if field.name == "Tone")
        assert (tone.type, tone.choices) == (FieldType.CHOICE, ("mild", "harsh"))
        assert [row[1:] for row in registry(project)] == [
            ("Orsk", "Country", "", ()),
            ("Taval", "Envoy", "of Velmar", ("the envoy",)),
            ("Taval", None, "", ()),
        ]
        assert check(project) == []


def test_what_the_file_leaves_empty_or_out_is_not_kept_from_the_starter(tmp_path):
    with Project.create(tmp_path / "source.sayso") as project:
        own = queries.codebook(project)
        codebook.change_label(project, replace(own.labels[0], definition="", examples=""))
        codebook.change_field(project, replace(own.fields[0], choices=own.fields[0].choices[:2], definition=""))
        codebook.change_link_type(project, replace(own.link_types[0], definition=""))
        remove_field(project, own.fields[1].id)
        codebook.add_field(project, replace(own.fields[1], id=0, type=FieldType.TEXT, choices=()))
        with Importer(project) as importer:
            importer.add_file("x", [ExchangeDocument(title="Talks", text=TEXT)])
            importer.publish()
        source, wanted = export(project, tmp_path / "source.jsonl"), book(project)
    with Project.create(tmp_path / "new.sayso") as project:
        before = book(project)
        taken_in(project, source)
        assert book(project) == wanted
        assert check(project) == []
        history.undo(project)
        assert book(project) == before


def test_a_label_that_is_made_during_the_import_stays(source, tmp_path):
    with Project.create(tmp_path / "new.sayso") as project:
        with Importer(project) as importer:
            importer.add_file("source.jsonl", jsonl.read(source))
            codebook.add_label(project, LabelRecord(0, LabelKind.ACTOR, "Ours", colour="rose"))
            importer.publish()
        names = [label.name for label in queries.codebook(project).labels]
        assert {"Ours", "Country"} < set(names)
        assert names[-1] == "Ours"
        assert check(project) == []


@pytest.mark.parametrize("is_joining", [False, True])
def test_an_actor_that_is_deleted_during_the_import_is_made_anew(source, tmp_path, is_joining):
    with Project.create(tmp_path / "other.sayso") as project:
        for _ in range(2):
            actors.create_actor(project, "Taval")
        with Importer(project) as importer:
            importer.add_file("x", [ExchangeDocument(title="Talks", text=TEXT if is_joining else "Orsk waits.")])
            importer.publish()

        def documents():
            yield from jsonl.read(source)
            actors.delete_actors(project, [actor.id for actor in queries.actors(project)])

        with Importer(project, is_joining=is_joining) as importer:
            importer.add_file("source.jsonl", documents())
            importer.publish()
        assert [(name, type_) for _, name, type_, *_ in registry(project)] == [
            ("Orsk", "Country"),
            ("Taval", "Envoy"),
            ("Taval", None),
        ]
        assert check(project) == []


def test_the_same_labels_again_add_nobody(source, tmp_path):
    with Project.create(tmp_path / "new.sayso") as project:
        taken_in(project, source)
        before = registry(project), history.next_undo(project)
        assert taken_in(project, source, is_joining=True).joined.equal == 2
        assert (registry(project), history.next_undo(project)) == before


def test_a_refused_file_leaves_codebook_and_registry_as_they_were(source, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text(source.read_text("utf-8") + '{"text": ""}\n', "utf-8")
    with Project.create(tmp_path / "new.sayso") as project:
        before = book(project)
        report = import_paths(project, [broken])
        assert (report.documents, report.refused.count) == (0, 1)
        assert (book(project), registry(project)) == (before, [])


def test_labels_that_are_mapped_bring_no_codebook(source, tmp_path):
    with Project.create(tmp_path / "new.sayso") as project:
        mapping = LabelMapping({(None, "Envoy"): None})
        taken_in(project, source, arrival=Arrival(mapping))
        assert "Country" not in book(project)
        assert registry(project) == []


def test_without_the_project_there_are_documents_alone(source, tmp_path):
    with Project.open(tmp_path / "source.sayso") as project:
        lines = export(project, tmp_path / "bare.jsonl", {"project": "without"}).read_text("utf-8").splitlines()
    assert [json.loads(line).get("project") for line in lines] == [None]
    with Project.create(tmp_path / "new.sayso") as project:
        taken_in(project, tmp_path / "bare.jsonl")
        assert [row[1] for row in registry(project)] == ["Taval"]


def test_what_others_keep_under_that_name_stays_as_it_is(tmp_path):
    (tmp_path / "theirs.jsonl").write_text(json.dumps({"text": "Orsk waits.", "project": {"name": "Quay"}}), "utf-8")
    with Project.create(tmp_path / "new.sayso") as project:
        taken_in(project, tmp_path / "theirs.jsonl")
        (item,) = queries.document_items(project)
        meta = queries.document_content(project, item.id).document.meta
        assert meta["project"] == {"name": "Quay"}


def test_an_actor_that_was_deleted_comes_back_by_undo_under_its_id(source, tmp_path):
    with Project.create(tmp_path / "new.sayso") as project:
        actors.create_actor(project, "Lurien")
        (lurien,) = queries.actors(project)
        actors.delete_actors(project, [lurien.id])
        taken_in(project, source)
        history.undo(project)
        history.undo(project)
        assert (lurien.id, "Lurien") in {(actor.id, actor.name) for actor in queries.actors(project)}
        assert check(project) == []


def test_another_starter_gives_way_as_well(source, tmp_path):
    with Project.open(tmp_path / "source.sayso") as project:
        wanted = book(project)
    with Project.create(tmp_path / "new.sayso", codebook_named("plain-ner")) as project:
        taken_in(project, source)
        assert book(project) == wanted


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sayso": 2}, "“project.sayso” is 2"),
        ({"codebook": "labels = 1"}, "line 1, codebook"),
        ({"codebook": 7}, "“project.codebook” must be a string"),
        ({"registry": [{"id": 1, "name": " "}]}, r"registry\[0\].name"),
        ({"registry": [{"id": -1, "name": "Orsk"}]}, r"registry\[0\].id"),
        ({"registry": [{"id": 10**30, "name": "Orsk"}]}, r"registry\[0\].id"),
        ({"registry": [{"id": 1, "name": "Orsk", "type": "Claim"}]}, "no actor's label"),
        ({"registry": [{"id": 1, "name": "Orsk", "aliases": [1]}]}, r"registry\[0\].aliases"),
        ({"registry": [{"id": 1, "name": "Orsk", "born": 1}]}, "is not a key that Sayso knows"),
        ({"registry": [{"id": 1, "name": "Orsk"}, {"id": 1, "name": "Velmar"}]}, "the same id"),
    ],
)
def test_a_wrong_project_is_one_sentence(source, tmp_path, change, said):
    (document,) = (json.loads(line) for line in source.read_text("utf-8").splitlines())
    source.write_text(json.dumps(document | {"project": document["project"] | change}), "utf-8")
    with Project.create(tmp_path / "new.sayso") as project:
        (refused,) = import_paths(project, [source]).refused
    assert "source.jsonl, line 1" in refused.reason
    assert re.search(said, refused.reason)
