from __future__ import annotations

import pytest

from nlp.suggestion import DocumentSuggestions, Range, SuggestedSpan
from storage import queries, registry_queries
from storage.entities import fold
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import actors, documents, spans
from storage.project import Project
from storage.records import Fragment, State
from storage.registry_names import NameIndex
from storage.registry_records import ActorEntry
from storage.suggesting import store_suggestions

TEXT = (
    "Sergey Taval met the press.\r\n\r\n"
    "“We wait,” said Taval 🌊, and taval\u00a0left. Orsk waits; Orsk rests. Zhao too."
)


class Desk:
    """A project with one document, and mentions drawn by their words."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.labels = {label.name: label.id for label in queries.codebook(project).labels}
        self.document_id = self.add("Talks", TEXT)

    def add(self, title: str, text: str) -> int:
        with Importer(self.project) as importer:
            importer.add_file(title, [ExchangeDocument(title=title, text=text)])
            importer.publish()
        return queries.document_items(self.project)[-1].document.id

    def draw(self, words: str, *, nth: int = 0, label: str = "Person", document_id: int | None = None) -> int:
        document_id = document_id or self.document_id
        text = queries.document_text(self.project, document_id)
        at = -1
        for _ in range(nth + 1):
            at = text.index(words, at + 1)
        return min(spans.draw(self.project, document_id, self.labels[label], (Fragment(at, at + len(words)),)).spans)

    def create(self, name: str, *, label: str | None = "Person", aliases=(), mentions=()) -> int:
        label_id = self.labels[label] if label else None
        return max(
            actors.create_actor(self.project, name, label_id=label_id, aliases=aliases, mention_ids=mentions).actors
        )

    def groups(self):
        return {group.words: group for group in registry_queries.survey_registry(self.project).groups}


@pytest.fixture
def desk(tmp_path):
    with Project.create(tmp_path / "Straits desk.sayso") as project:
        yield Desk(project)


def _suggest(desk: Desk, words: str) -> None:
    at = TEXT.index(words)
    found = SuggestedSpan(0, "person", (Range(at, at + len(words)),), 0.9)
    store_suggestions(desk.project, DocumentSuggestions(desk.document_id, "rules", "1", "", (found,)))


def test_counts_leave_out_rejected_mentions_and_removed_documents(desk) -> None:
    taval = desk.create("Sergey Taval", mentions=(desk.draw("Sergey Taval"), desk.draw("Taval", nth=1)))
    second = desk.add("Elsewhere", "Taval again.")
    third = desk.add("Gone", "Taval once more.")
    actors.link_mentions(
        desk.project, {desk.draw("Taval", document_id=second): taval, desk.draw("Taval", document_id=third): taval}
    )
    assert registry_queries.survey_registry(desk.project).counts == {taval: (4, 3)}
    documents.remove_document(desk.project, third)
    spans.reject(desk.project, registry_queries.mentions_by_actor(desk.project, taval).span_ids[:1])
    assert registry_queries.survey_registry(desk.project).counts == {taval: (2, 2)}
    found = registry_queries.mentions_by_actor(desk.project, taval)
    assert (len(found.span_ids), found.documents) == (2, 2)


def test_unlinked_mentions_are_grouped_by_words_case_and_blanks_aside(desk) -> None:
    desk.draw("Taval", nth=1)
    desk.draw("taval")
    desk.draw("Orsk", label="State")
    desk.draw("Orsk", nth=1, label="Group")
    _suggest(desk, "Sergey Taval")
    spans.reject(desk.project, [desk.draw("Zhao")])
    desk.draw("said", label="Cue")
    groups = desk.groups()
    assert {words: (group.mentions, group.undecided) for words, group in groups.items()} == {
        "Taval": (2, 0),
        "Orsk": (2, 0),
        "Sergey Taval": (1, 1),
    }
    assert groups["Taval"].forms == ("Taval", "taval")
    assert groups["Taval"].candidates == ()


def test_a_name_an_alias_and_a_surname_make_one_candidate_two_actors_a_question(desk) -> None:
    for words in ("Sergey Taval", "Zhao"):
        desk.draw(words)
    desk.draw("Taval", nth=1)
    desk.draw("Orsk", label="State")
    taval = desk.create("Sergey Taval")
    lin, wei = desk.create("Zhao Lin", aliases=("Zhao",)), desk.create("Zhao Wei", aliases=("zhao",))
    found = registry_queries.survey_registry(desk.project).groups
    assert [(group.words, group.candidates) for group in found] == [
        ("Sergey Taval", (taval,)),
        ("Taval", (taval,)),
        ("Zhao", (lin, wei)),
        ("Orsk", ()),
    ]


def test_mentions_are_found_by_their_words_in_the_order_of_the_text(desk) -> None:
    second = desk.add("Elsewhere", "Orsk again.")
    far = desk.draw("Orsk", label="State", document_id=second)
    late, early = desk.draw("Orsk", nth=1, label="State"), desk.draw("Orsk", label="State")
    assert registry_queries.unlinked_mentions(desk.project, ["Orsk", "ORSK"]) == ([early, late, far], 2)
    desk.create("Orsk", label="State", mentions=(early,))
    assert registry_queries.unlinked_mentions(desk.project, ["Orsk"]) == ([late, far], 2)
    documents.remove_document(desk.project, second)
    assert registry_queries.unlinked_mentions(desk.project, ["Orsk"]) == ([late], 1)


def test_only_what_is_clear_is_proposed(desk) -> None:
    full, surname, _zhao = desk.draw("Sergey Taval"), desk.draw("Taval", nth=1), desk.draw("Zhao")
    desk.draw("Orsk", label="State")
    taval = desk.create("Sergey Taval")
    desk.create("Zhao Lin")
    desk.create("Zhao Wei", aliases=("zhao",))
    desk.create("ZHAO", label=None)
    assert registry_queries.proposed_links(desk.project) == {full: taval, surname: taval}


def test_looking_words_up_and_counting_use_their_indexes(desk) -> None:
    with desk.project.reading() as connection:
        for query, index in (
            (registry_queries.counting_query(), "COVERING INDEX ix_span_actor"),
            (registry_queries.words_query([1, 2]), "COVERING INDEX ix_span_unlinked"),
            (registry_queries.unlinked_query([1, 2], ["Orsk"]), "INDEX ix_span_unlinked (quote=?"),
        ):
            sql = str(query.compile(connection, compile_kwargs={"literal_binds": True}))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
            assert any(index in row[3] for row in plan), plan


def test_a_line_has_the_words_between_what_stands_around_them(desk) -> None:
    span_id = desk.draw("Taval", nth=1)
    line = registry_queries.mention_lines(desk.project, [span_id, 9999])[span_id]
    assert (line.left, line.words, line.right) == (
        "Sergey Taval met the press. “We wait,” said ",
        "Taval",
        " 🌊, and taval left. Orsk waits; Orsk rests. Zhao too.",
    )
    assert (line.title, line.state, line.actor_id) == ("Talks", State.CONFIRMED, None)


def test_the_context_of_a_line_is_bounded(desk) -> None:
    document_id = desk.add("Long", f"{'wave ' * 500}Orsk{' wave' * 500}")
    span_id = desk.draw("Orsk", label="State", document_id=document_id)
    line = registry_queries.mention_lines(desk.project, [span_id])[span_id]
    assert line.left.endswith("wave ")
    assert line.right.startswith(" wave")
    assert max(len(line.left), len(line.right)) <= registry_queries.CONTEXT_CP


def test_entries_and_records_are_read_by_id(desk) -> None:
    taval = desk.create("Sergey Taval", aliases=("Taval", "S. Taval"))
    orsk = desk.create("Orsk", label=None)
    actors.set_actor_notes(desk.project, taval, "spokesman")
    entries = registry_queries.actor_entries(desk.project)
    assert entries == [
        (taval, "Sergey Taval", desk.labels["Person"], ("S. Taval", "Taval")),
        (orsk, "Orsk", None, ()),
    ]
    assert registry_queries.actor_entries(desk.project, [orsk, 99]) == [entries[1]]
    assert registry_queries.actor_record(desk.project, taval).notes == "spokesman"
    assert registry_queries.actor_record(desk.project, 99) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Sergey Taval", (1,)),
        ("SERGEY  taval", (1,)),
        ("Taval", (1,)),
        ("Brandt", (2, 3)),
        ("Kade", (4,)),
        ("League", ()),
        ("Li", ()),
        ("Sergey", ()),
        ("", ()),
    ],
)
def test_who_goes_by_which_words(words, expected) -> None:
    person, organisation = 1, 2
    index = NameIndex(
        [
            ActorEntry(1, "Sergey Taval", person),
            ActorEntry(2, "Ilya Brandt", person),
            ActorEntry(3, "Nora Brandt", person),
            ActorEntry(4, "Kade", person),
            ActorEntry(5, "Oren Kade", person),
            ActorEntry(6, "The Straits League", organisation),
            ActorEntry(7, "Wen Li", person),
        ],
        {person},
    )
    assert index.actors_called(fold(words)) == expected
