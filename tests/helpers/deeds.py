"""Every operation of `storage` as one deed on a prepared project, for tests that go through all of them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import select

from storage import history, operations, queries
from storage import tables as t
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import (
    actors,
    bulk,
    codebook,
    codebook_import,
    codebook_removal,
    documents,
    links,
    review,
    settings,
    spans,
    stretches,
)
from storage.project import Project
from storage.records import Changes, FieldRecord, FieldType, Fragment, LabelKind, LabelRecord, LinkTypeRecord
from storage.suggesting import store_suggestions

TEXT = "Ilya Brandt said that Orsk and Velmar face a joint threat. Taval denied it. 🌊 Velmar waits.\r\n"
OTHER = "Orsk answers Velmar. Lemsk is silent."
CLAIM = "Orsk and Velmar face a joint threat"
FIRST, SECOND = 1, 2


class Hand:
    """A project at hand, and what stands in it by its words."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.codebook = queries.codebook(project)

    def span(self, words: str, document_id: int = FIRST) -> int:
        content = queries.document_content(self.project, document_id)
        return next(span.id for span in content.spans if span.quote == words)

    def actor(self, name: str) -> int:
        return next(actor.id for actor in queries.actors(self.project) if actor.name == name)

    def label(self, name: str) -> int:
        return self.label_named(name).id

    def label_named(self, name: str) -> LabelRecord:
        return next(label for label in self.codebook.labels if label.name == name)

    def suggest(self, version: str, *proposed: tuple[str, str], is_linked: bool = False) -> Changes:
        """Store a proposal for the first document: spans by code and words, the third said by the first."""
        found = [
            SimpleNamespace(key=key, code=code, fragments=at(words), score=0.8, actor_id=None, reason="rule")
            for key, (code, words) in enumerate(proposed)
        ]
        joined = [("speaker", 2, 0), ("cue", 2, 1)] if is_linked else []
        return store_suggestions(
            self.project,
            SimpleNamespace(
                document_id=FIRST,
                suggester="rules",
                version=version,
                model="",
                spans=found,
                links=[SimpleNamespace(code=c, from_key=a, to_key=b, score=0.8) for c, a, b in joined],
            ),
        )


def at(words: str, text: str = TEXT) -> tuple[Fragment, ...]:
    """Return where words stand."""
    start = text.index(words)
    return (Fragment(start, start + len(words)),)


def take_in(project: Project, *texts: tuple[str, str]) -> Changes:
    """Import documents given by title and text."""
    with Importer(project) as importer:
        importer.add_file("x", [ExchangeDocument(title=title, text=text) for title, text in texts])
        return importer.publish()


def prepare(path: Path) -> None:
    """Make a project in which every deed has something to do."""
    with Project.create(path) as project:
        take_in(project, ("Talks", TEXT), ("Answer", OTHER))
        hand = Hand(project)
        hand.suggest(
            "1", ("person", "Ilya Brandt"), ("cue", "said"), ("claim", CLAIM), ("state", "Taval"), is_linked=True
        )
        for words in ("Orsk", "Velmar"):
            spans.draw(project, FIRST, hand.label("State"), at(words))
            spans.draw(project, SECOND, hand.label("State"), at(words, OTHER))
        spans.draw(project, FIRST, hand.label("Claim"), at("Taval denied it"))
        actors.create_actor(project, "Orsk", aliases=("the East", "Orsk "), mention_ids=(hand.span("Orsk"),))
        actors.create_actor(project, "Republic of Velmar", aliases=("Velmar",), mention_ids=(hand.span("Velmar"),))
        spans.set_field(project, hand.span("Taval denied it"), hand.codebook.fields[0].id, "demand")
        links.connect(project, "target", hand.span("Taval denied it"), hand.span("Velmar"))
        review.mark_reviewed(project, FIRST, Fragment(60, 76))
        bulk.block_words(project, hand.label("Person"), "Karsk")
        codebook.add_label(project, LabelRecord(0, LabelKind.ACTOR, "Harbour"))
        stretches.exclude(project, SECOND, *at("is silent", OTHER))
        spans.annotate(project, hand.span("Velmar"), note="why? 🌊")
        history.undo(project)


def _import_codebook(hand: Hand) -> Changes:
    labels = (*hand.codebook.labels, LabelRecord(999, LabelKind.ACTOR, "Fleet", colour="green"))
    return codebook_import.import_codebook(hand.project, replace(hand.codebook, labels=labels))


def _field(hand: Hand) -> FieldRecord:
    return hand.codebook.fields[0]


DEEDS: dict[str, Callable[[Hand], Changes]] = {
    "spans.draw": lambda h: spans.draw(h.project, FIRST, h.label("State"), (*at("Taval"), *at("waits"))),
    "spans.accept": lambda h: spans.accept(h.project, [h.span(CLAIM), h.span("Taval")]),
    "spans.reject": lambda h: spans.reject(h.project, [h.span(CLAIM)]),
    "spans.remove": lambda h: spans.remove(h.project, [h.span("Velmar"), h.span(CLAIM)]),
    "spans.relabel": lambda h: spans.relabel(h.project, h.span("Taval"), h.label("Person")),
    "spans.resize": lambda h: spans.resize(h.project, h.span(CLAIM), (*at("Orsk"), *at("joint threat"))),
    "spans.annotate": lambda h: spans.annotate(h.project, h.span("Orsk"), note="“so?” 🌊", is_flagged=True),
    "spans.set_field": lambda h: spans.set_field(h.project, h.span(CLAIM), _field(h).id, "demand"),
    "spans.set_field_of": lambda h: spans.set_field_of(h.project, [h.span(CLAIM)], _field(h).id, "demand"),
    "spans.set_actor": lambda h: spans.set_actor(h.project, [h.span("Taval")], h.actor("Orsk")),
    "links.connect": lambda h: links.connect(h.project, "speaker", h.span(CLAIM), h.span("Velmar")),
    "links.replace": lambda h: links.replace(h.project, "speaker", h.span(CLAIM), h.span("Taval")),
    "links.disconnect": lambda h: links.disconnect(
        h.project, [link.id for link in queries.document_content(h.project, FIRST).links]
    ),
    "review.mark_reviewed": lambda h: review.mark_reviewed(h.project, FIRST, Fragment(20, 70)),
    "review.unmark_reviewed": lambda h: review.unmark_reviewed(h.project, FIRST, Fragment(65, 70)),
    "actors.create_actor": lambda h: actors.create_actor(
        h.project, "Taval", aliases=("T.",), mention_ids=(h.span("Taval"),)
    ),
    "actors.rename_actor": lambda h: actors.rename_actor(h.project, h.actor("Orsk"), "Republic of Orsk"),
    "actors.set_actor_type": lambda h: actors.set_actor_type(h.project, h.actor("Orsk"), h.label("Group")),
    "actors.set_actor_notes": lambda h: actors.set_actor_notes(h.project, h.actor("Orsk"), "in the east"),
    "actors.add_alias": lambda h: actors.add_alias(h.project, h.actor("Orsk"), "Orskians"),
    "actors.remove_alias": lambda h: actors.remove_alias(h.project, h.actor("Orsk"), "the East"),
    "actors.link_mentions": lambda h: actors.link_mentions(h.project, {h.span("Taval"): h.actor("Orsk")}),
    "actors.adopt_words": lambda h: actors.adopt_words(h.project, h.actor("Orsk"), "Taval", [h.span("Taval")]),
    "actors.unlink_mentions": lambda h: actors.unlink_mentions(h.project, [h.span("Orsk"), h.span("Velmar")]),
    "actors.merge_actors": lambda h: actors.merge_actors(h.project, h.actor("Orsk"), h.actor("Republic of Velmar")),
    "actors.split_mentions": lambda h: actors.split_mentions(h.project, [h.span("Orsk")], "Orsk the port"),
    "actors.split_alias": lambda h: actors.split_alias(h.project, h.actor("Republic of Velmar"), "Velmar"),
    "actors.delete_actors": lambda h: actors.delete_actors(h.project, [h.actor("Orsk")]),
    "bulk.label_many": lambda h: bulk.label_many(
        h.project,
        h.label("Group"),
        span_ids=[h.span("Taval")],
        places=[(FIRST, *at("waits")[0]), (SECOND, *at("Lemsk", OTHER)[0])],
        actor_id=h.actor("Orsk"),
    ),
    "bulk.take_away_many": lambda h: bulk.take_away_many(
        h.project, [h.span("Velmar"), h.span("Velmar", SECOND), h.span(CLAIM)]
    ),
    "bulk.block_words": lambda h: bulk.block_words(h.project, h.label("State"), "Taval"),
    "bulk.unblock_words": lambda h: bulk.unblock_words(h.project, _ids(h.project, t.BlockedWords)),
    "codebook.add_label": lambda h: codebook.add_label(h.project, LabelRecord(0, LabelKind.CLAIM, "Threat")),
    "codebook.change_label": lambda h: codebook.change_label(
        h.project, replace(h.label_named("State"), name="Country", definition="a land")
    ),
    "codebook.move_label": lambda h: codebook.move_label(h.project, h.label("Person"), 1),
    "codebook.add_link_type": lambda h: codebook.add_link_type(
        h.project, LinkTypeRecord(0, "audience", "Audience", LabelKind.CLAIM, LabelKind.ACTOR)
    ),
    "codebook.change_link_type": lambda h: codebook.change_link_type(
        h.project, replace(h.codebook.link_types[0], name="Says")
    ),
    "codebook.add_field": lambda h: codebook.add_field(
        h.project, FieldRecord(0, "Tone", LabelKind.CLAIM, FieldType.TEXT)
    ),
    "codebook.change_field": lambda h: codebook.change_field(
        h.project, replace(_field(h), choices=tuple(c.replace("demand", "wish") for c in _field(h).choices))
    ),
    "codebook.move_field": lambda h: codebook.move_field(h.project, _field(h).id, 1),
    "codebook_import.import_codebook": _import_codebook,
    "codebook_removal.remove_label": lambda h: codebook_removal.remove_label(
        h.project, h.label("State"), move_to=h.label("Group")
    ),
    "codebook_removal.remove_link_type": lambda h: codebook_removal.remove_link_type(
        h.project, next(kind.id for kind in h.codebook.link_types if kind.code == "target")
    ),
    "codebook_removal.remove_field": lambda h: codebook_removal.remove_field(h.project, _field(h).id),
    "stretches.exclude": lambda h: stretches.exclude(h.project, FIRST, *at("Taval denied it"), reason="aside"),
    "stretches.exclude_many": lambda h: stretches.exclude_many(
        h.project, [(FIRST, *at("Velmar waits")[0]), (SECOND, *at("Lemsk", OTHER)[0])]
    ),
    "stretches.include": lambda h: stretches.include(h.project, SECOND, *at("silent", OTHER)),
    "documents.remove_document": lambda h: documents.remove_document(h.project, SECOND),
    "documents.describe_document": lambda h: documents.describe_document(h.project, FIRST, title="T", date=None),
    "settings.set_least_scores": lambda h: settings.set_least_scores(h.project, {h.label("State"): 0.9}),
    "settings.set_remembered": lambda h: settings.set_remembered(h.project, h.label("State"), is_remembered=False),
    "settings.set_remembering": lambda h: settings.set_remembering(h.project, is_on=False),
    "settings.set_cue_kinds": lambda h: settings.set_cue_kinds(h.project, ["verb"]),
    "history.undo": lambda h: history.undo(h.project),
    "history.redo": lambda h: history.redo(h.project),
    "import": lambda h: take_in(h.project, ("New", "Lemsk speaks."), ("Newer", "Karsk too.")),
    "suggest": lambda h: h.suggest("2", ("state", "Taval"), ("cue", "denied"), ("claim", "Velmar waits")),
}

#: What leaves no entry that undo would take back, or is one itself.
WITHOUT_UNDO = {"suggest", "history.undo", "history.redo"}


def operations_there_are() -> set[str]:
    """Return the names of all operations, by module: public functions that take a project and return `Changes`."""
    names = set()
    for module in pkgutil.iter_modules(operations.__path__):
        there = importlib.import_module(f"storage.operations.{module.name}")
        for name, function in vars(there).items():
            if inspect.isfunction(function) and function.__module__ == there.__name__ and not name.startswith("_"):
                parameters = list(inspect.signature(function).parameters)
                if parameters[:1] == ["project"] and function.__annotations__.get("return") == "Changes":
                    names.add(f"{module.name}.{name}")
    return names


def rows(project: Project, *, has_log: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a project holds, table by table; with the change log or without."""
    found = {}
    with project.reading() as connection:
        for name, table in t.METADATA.tables.items():
            if has_log or name not in {"change", "change_set"}:
                found[name] = [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
    return found


def _ids(project: Project, table: type) -> list[int]:
    with project.reading() as connection:
        return list(connection.execute(select(table.id)).scalars())
