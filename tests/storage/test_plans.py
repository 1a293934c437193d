"""What is asked all the time never reads a whole table, however large the project: looked up in SQLite's own plans."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from deeds import CLAIM, DEEDS, FIRST, Hand, prepare
from sqlalchemy import event

from storage import history, provenance, queries, registry_queries, search
from storage.project import Project
from storage.search_index import update_index
from storage.search_query import SearchQuery, needle_of

#: What grows with the project. Codebook, registry, settings and the list of imports are small.
_LARGE = {
    *("document", "document_text", "document_progress", "document_run", "span", "fragment", "span_field", "link"),
    *("reviewed", "stretch", "change", "change_set", "remembered_words"),
}
#: Deeds on the whole project may read all of it: they take their time on a thread of their own, or are rare.
_ON_EVERYTHING = {
    "codebook.change_field",
    "codebook_removal.remove_label",
    "codebook_removal.remove_field",
    "codebook_removal.remove_link_type",
    "import",
}
#: The index of judged suggestions holds no others, and is there to be read as a whole.
_SCAN = re.compile(r"SCAN (\w+)(?! VIRTUAL| USING INDEX ix_span_judged)\b")


class Plans:
    """The plans of all that is said to a project, by statement."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._said: list[tuple[str, object]] = []

    @contextmanager
    def heard(self) -> Iterator[None]:
        def hear(_connection, _cursor, statement, parameters, _context, executemany) -> None:
            self._said.append((statement, parameters[0] if executemany and parameters else parameters))

        engines = (self._project._read_engine, self._project._write_engine)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", hear)
        try:
            yield
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", hear)

    def steps(self) -> Iterator[tuple[str, str]]:
        """Yield the steps of all plans, each with its statement."""
        with self._project.reading() as connection:
            for statement, parameters in self._said:
                # Of inserts plans show checks of foreign keys that are only made after a violation.
                if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                    yield from ((row[-1], statement) for row in plan)

    def scans(self) -> list[str]:
        """Return the statements that read a whole large table or index."""
        found = []
        for step, statement in self.steps():
            scanned = _SCAN.match(step)
            if scanned and _aliases(statement).get(scanned[1], scanned[1]) in _LARGE:
                found.append(f"{step}: {statement}")
        return found


def _aliases(statement: str) -> dict[str, str]:
    return {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    path = tmp_path_factory.mktemp("plans") / "plans.sayso"
    prepare(path)
    return path


@pytest.fixture
def hand(prepared, path):
    shutil.copyfile(prepared, path)
    with Project.open(path) as project:
        yield Hand(project)


@pytest.mark.parametrize("name", [name for name in DEEDS if name not in _ON_EVERYTHING])
def test_a_decision_reads_no_whole_table(hand, name) -> None:
    plans = Plans(hand.project)
    with plans.heard():
        changes = DEEDS[name](hand)
    assert changes.set_id is not None
    assert plans.scans() == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda h: queries.document_content(h.project, FIRST),
        lambda h: queries.document_items(h.project, [FIRST]),
        lambda h: queries.document_record(h.project, FIRST),
        lambda h: queries.document_text(h.project, FIRST),
        lambda h: queries.spans_by_id(h.project, [1, 2]),
        lambda h: queries.links_by_id(h.project, [1, 2]),
        lambda h: queries.fields_of(h.project, [1, 2]),
        lambda h: queries.reviewed_in(h.project, FIRST),
        lambda h: provenance.history_of(h.project, h.span(CLAIM)),
        lambda h: queries.mentions_of(h.project, h.actor("Orsk")),
        lambda h: provenance.acceptance(h.project),
        lambda h: registry_queries.mentions_by_actor(h.project, h.actor("Orsk")),
        lambda h: registry_queries.mention_lines(h.project, [1, 2]),
        lambda h: history.next_undo(h.project),
        lambda h: history.next_redo(h.project),
        lambda h: search.find(h.project, needle_of(SearchQuery("waits"))),
    ],
)
def test_what_is_asked_all_the_time_reads_no_whole_table(hand, ask) -> None:
    update_index(hand.project)
    plans = Plans(hand.project)
    with plans.heard():
        ask(hand)
    assert plans._said
    assert plans.scans() == []


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda h: h.suggest("2", ("state", "Taval")), "ix_change_moved"),
        (lambda h: provenance.acceptance(h.project), "ix_span_judged"),
    ],
)
def test_what_an_index_was_made_for_is_read_by_it(hand, ask, index) -> None:
    plans = Plans(hand.project)
    with plans.heard():
        ask(hand)
    assert any(f"INDEX {index}" in step for step, _ in plans.steps())
