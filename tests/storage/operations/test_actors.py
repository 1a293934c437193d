from __future__ import annotations

import pytest

from storage import history, queries
from storage.errors import InvalidEditError, StaleEditError
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import actors, documents, spans
from storage.project import Project
from storage.records import Fragment, State

TEXT = (
    "Zhao Lin met Zhao Wei in Port Selin. “Orsk must answer,” said Zhao. Velmar’s envoy, Ilya Brandt, nodded; "
    "Brandt then left. The Orsk Council met. ZHAO stayed, and zhao spoke."
)
#: The mentions, in the order of the text.
NAMES = ("Zhao Lin", "Zhao Wei", "Zhao", "Ilya Brandt", "Brandt", "Orsk", "ZHAO", "zhao")


class Registry:
    """A project with a document full of mentions, and short ways to look at its registry."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.labels = {label.name: label.id for label in queries.codebook(project).labels}
        self.document_id = self.add("Talks")
        self.mention: dict[str, int] = {}
        at = 0
        for words in NAMES:
            at = TEXT.index(words, at)
            self.mention[words] = self.draw(words, at)
            at += len(words)

    def add(self, title: str) -> int:
        with Importer(self.project) as importer:
            importer.add_file(
                title, [ExchangeDocument(title=title, text=f"{title}. {TEXT}" if title != "Talks" else TEXT)]
            )
            importer.publish()
        return queries.document_items(self.project)[-1].document.id

    def draw(self, words: str, at: int, document_id: int | None = None) -> int:
        where = (Fragment(at, at + len(words)),)
        label = self.labels["State" if words == "Orsk" else "Person"]
        return min(spans.draw(self.project, document_id or self.document_id, label, where).spans)

    def create(self, name: str, *mentions: str, aliases: tuple[str, ...] = (), label: str | None = "Person") -> int:
        ids = tuple(self.mention[words] for words in mentions)
        label_id = self.labels[label] if label else None
        return max(actors.create_actor(self.project, name, label_id=label_id, aliases=aliases, mention_ids=ids).actors)

    def actor(self, actor_id: int):
        return next((a for a in queries.actors(self.project) if a.id == actor_id), None)

    def of(self, actor_id: int | None) -> set[str]:
        found = queries.spans_by_id(self.project, self.mention.values())
        return {words for words, span_id in self.mention.items() if found[span_id].actor_id == actor_id}

    def state(self):
        return queries.actors(self.project), queries.document_content(self.project, self.document_id).spans


@pytest.fixture
def registry(tmp_path):
    with Project.create(tmp_path / "Straits desk.sayso") as project:
        yield Registry(project)


def test_undo_and_redo_of_every_operation_restore_the_exact_registry(registry) -> None:
    project, mention = registry.project, registry.mention
    lin = registry.create("Zhao Lin", "Zhao Lin", "Zhao", "ZHAO", aliases=("Zhao", "Z. Lin"))
    wei = registry.create("Zhao Wei", "Zhao Wei", label=None)
    operations = [
        lambda: actors.rename_actor(project, wei, "Zhao  Wei-ming"),
        lambda: actors.rename_actor(project, wei, "Zhao Weiming", is_old_kept=False),
        lambda: actors.set_actor_type(project, wei, registry.labels["Person"]),
        lambda: actors.set_actor_notes(project, wei, "deputy minister"),
        lambda: actors.add_alias(project, wei, "the deputy"),
        lambda: actors.remove_alias(project, wei, "the deputy"),
        lambda: actors.link_mentions(project, {mention["Brandt"]: wei, mention["zhao"]: lin}),
        lambda: actors.unlink_mentions(project, [mention["Brandt"]]),
        lambda: actors.adopt_words(project, wei, "Brandt", [mention["Brandt"]]),
        lambda: actors.split_alias(project, lin, "Zhao"),
        lambda: actors.merge_actors(project, wei, lin),
        lambda: actors.split_mentions(project, [mention["Zhao Wei"]], "Zhao Wei"),
        lambda: actors.delete_actors(project, [lin]),
    ]
    states = [registry.state()]
    for operation in operations:
        assert operation().set_id is not None
        states.append(registry.state())
    for _round in range(2):
        for state in reversed(states[:-1]):
            assert history.undo(project).set_id is not None
            assert registry.state() == state
        for state in states[1:]:
            assert history.redo(project).set_id is not None
            assert registry.state() == state


def test_the_old_name_becomes_an_alias_unless_it_was_a_mistake(registry) -> None:
    actor_id = registry.create("Ilja Brant")
    actors.rename_actor(registry.project, actor_id, "Ilja Brandt", is_old_kept=False)
    actors.rename_actor(registry.project, actor_id, " Ilya\n Brandt ")
    assert (registry.actor(actor_id).name, registry.actor(actor_id).aliases) == ("Ilya Brandt", ("Ilja Brandt",))
    actors.rename_actor(registry.project, actor_id, "Ilja Brandt")
    assert registry.actor(actor_id).aliases == ("Ilya Brandt",)


def test_merging_joins_names_notes_and_every_mention_also_rejected_and_removed_ones(registry) -> None:
    project = registry.project
    brandt = registry.create("Brandt", "Brandt", aliases=("the envoy",), label=None)
    other = registry.add("Elsewhere")
    far = registry.draw("Ilya Brandt", f"Elsewhere. {TEXT}".index("Ilya Brandt"), other)
    ilya = registry.create("Ilya Brandt", "Ilya Brandt", aliases=("the envoy", "I. Brandt"))
    actors.link_mentions(project, {far: ilya})
    spans.reject(project, [registry.mention["Ilya Brandt"]])
    documents.remove_document(project, other)
    actors.set_actor_notes(project, brandt, "lives in Lemsk")
    actors.set_actor_notes(project, ilya, "envoy of Velmar")
    changes = actors.merge_actors(project, ilya, brandt)
    merged = registry.actor(brandt)
    assert registry.actor(ilya) is None
    assert merged.aliases == ("I. Brandt", "Ilya Brandt", "the envoy")
    assert merged.notes == "lives in Lemsk\nenvoy of Velmar"
    assert merged.label_id == registry.labels["Person"]
    assert registry.of(brandt) == {"Brandt", "Ilya Brandt"}
    assert queries.spans_by_id(project, [far])[far].actor_id == brandt
    assert {far, registry.mention["Ilya Brandt"]} <= changes.spans
    assert (
        queries.spans_by_id(project, registry.mention.values())[registry.mention["Ilya Brandt"]].state is State.REJECTED
    )


def test_splitting_an_alias_takes_the_mentions_that_say_it_along(registry) -> None:
    lin = registry.create("Zhao Lin", "Zhao Lin", "Zhao", "ZHAO", "Brandt", aliases=("Zhao",))
    changes = actors.split_alias(registry.project, lin, "Zhao")
    new = max(changes.actors)
    assert registry.actor(new).name == "Zhao"
    assert registry.actor(new).label_id == registry.labels["Person"]
    assert registry.of(new) == {"Zhao", "ZHAO"}
    assert registry.of(lin) == {"Zhao Lin", "Brandt"}
    assert registry.actor(lin).aliases == ("Brandt",)


def test_splitting_mentions_leaves_the_rest_where_it_was(registry) -> None:
    lin = registry.create("Zhao Lin", "Zhao Lin", "Zhao", "ZHAO")
    changes = actors.split_mentions(registry.project, [registry.mention["ZHAO"]], "Zhao Wei")
    (new,) = changes.actors
    assert registry.of(new) == {"ZHAO"}
    assert registry.of(lin) == {"Zhao Lin", "Zhao"}


def test_deleting_an_actor_keeps_its_mentions_as_mentions(registry) -> None:
    lin = registry.create("Zhao Lin", "Zhao Lin")
    actors.delete_actors(registry.project, [lin])
    assert queries.actors(registry.project) == []
    found = queries.spans_by_id(registry.project, [registry.mention["Zhao Lin"]])
    assert [(span.state, span.actor_id) for span in found.values()] == [(State.CONFIRMED, None)]


@pytest.mark.parametrize(
    "broken",
    [
        lambda r, a: actors.create_actor(r.project, " \n"),
        lambda r, a: actors.rename_actor(r.project, a, ""),
        lambda r, a: actors.add_alias(r.project, a, "  "),
        lambda r, a: actors.set_actor_type(r.project, a, r.labels["Claim"]),
        lambda r, a: actors.create_actor(r.project, "Taval", label_id=r.labels["Cue"]),
        lambda r, a: actors.merge_actors(r.project, a, a),
    ],
)
def test_what_breaks_a_rule_changes_nothing(registry, broken) -> None:
    actor_id = registry.create("Zhao Lin", "Zhao Lin")
    before = registry.state()
    with pytest.raises(InvalidEditError):
        broken(registry, actor_id)
    assert registry.state() == before


def test_only_mentions_are_linked(registry) -> None:
    actor_id = registry.create("Zhao Lin")
    at = TEXT.index("said")
    cue = min(spans.draw(registry.project, registry.document_id, registry.labels["Cue"], (Fragment(at, at + 4),)).spans)
    for change in (
        lambda: actors.link_mentions(registry.project, {cue: actor_id}),
        lambda: actors.unlink_mentions(registry.project, [cue]),
        lambda: actors.split_mentions(registry.project, [cue], "Said"),
    ):
        with pytest.raises(InvalidEditError):
            change()


@pytest.mark.parametrize(
    "stale",
    [
        lambda r, a: actors.rename_actor(r.project, 99, "Taval"),
        lambda r, a: actors.set_actor_type(r.project, 99, None),
        lambda r, a: actors.set_actor_notes(r.project, 99, "?"),
        lambda r, a: actors.add_alias(r.project, 99, "Taval"),
        lambda r, a: actors.adopt_words(r.project, 99, "Zhao", [r.mention["ZHAO"]]),
        lambda r, a: actors.adopt_words(r.project, a, "Zhao", [9999]),
        lambda r, a: actors.remove_alias(r.project, a, "Taval"),
        lambda r, a: actors.split_alias(r.project, a, "Taval"),
        lambda r, a: actors.merge_actors(r.project, a, 99),
        lambda r, a: actors.merge_actors(r.project, 99, a),
        lambda r, a: actors.delete_actors(r.project, [a, 99]),
        lambda r, a: actors.link_mentions(r.project, {r.mention["Zhao"]: a, r.mention["ZHAO"]: 99}),
        lambda r, a: actors.link_mentions(r.project, {9999: a}),
        lambda r, a: actors.unlink_mentions(r.project, [9999]),
    ],
)
def test_what_is_gone_is_told_and_nothing_is_half_done(registry, stale) -> None:
    actor_id = registry.create("Zhao Lin", "Zhao Lin", "Zhao")
    before = registry.state()
    with pytest.raises(StaleEditError):
        stale(registry, actor_id)
    assert registry.state() == before
