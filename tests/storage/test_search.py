from __future__ import annotations

import sqlite3

import pytest

from storage import history
from storage.errors import RefusedInputError
from storage.operations import documents, spans
from storage.project import Project
from storage.records import Fragment, State
from storage.search import Found, find, hits_at, with_marks
from storage.search_index import candidates, update_index
from storage.search_query import SearchQuery, needle_of


@pytest.fixture
def archive(bench):
    bench.second_id = bench.add("東岸", "東岸發言人：“Orsk 不會退。” 🌊🌊 Orsk\r\n")
    bench.third_id = bench.add("Empty of it", "Nothing about them here.")
    return bench


def _find(project: Project, text: str, **how) -> Found:
    options = {key: how.pop(key) for key in ("document_id", "most", "proceed") if key in how}
    return find(project, needle_of(SearchQuery(text, **how)), **options)


def _lines(found: Found) -> list[tuple[str, str]]:
    return [(hit.title, hit.words) for hit in found.hits]


@pytest.mark.parametrize("is_indexed", [False, True])
def test_hits_come_in_reading_order_with_context_whether_indexed_or_not(archive, is_indexed) -> None:
    if is_indexed:
        assert update_index(archive.project) == 3
    found = _find(archive.project, "orsk")
    assert _lines(found) == [("Talks", "Orsk"), ("東岸", "Orsk"), ("東岸", "Orsk")]
    assert found.documents == 2
    assert not found.is_capped
    assert found.hits[0].left.endswith("Ilya Brandt said that ")
    assert found.hits[0].right.startswith(" and Velmar face")
    assert found.hits[2].right == "\r\n"


@pytest.mark.parametrize("is_indexed", [False, True])
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("東岸", ["東岸"]),
        ("言人", ["東岸"]),
        ("“no country”", ["Talks"]),
        ("bra* NOT taval", ["Talks"]),
        ("🌊", ["東岸"] * 2),
    ],
)
def test_any_script_is_found_with_and_without_the_index(archive, query, titles, is_indexed) -> None:
    if is_indexed:
        update_index(archive.project)
    assert [hit.title for hit in _find(archive.project, query).hits] == titles


def test_offsets_are_code_points_of_the_exact_text(archive) -> None:
    text = "東岸發言人：“Orsk 不會退。” 🌊🌊 Orsk\r\n"
    for hit in _find(archive.project, "orsk", document_id=archive.second_id).hits:
        assert text[hit.start_cp : hit.end_cp] == "Orsk"


def test_the_index_narrows_the_documents_that_are_read(archive) -> None:
    update_index(archive.project)
    match = needle_of(SearchQuery("velmar")).match
    assert [row[0] for row in candidates(archive.project, match)] == [archive.document_id]
    assert len(candidates(archive.project, None)) == 3


def test_documents_that_were_removed_are_not_found_and_return_with_undo(archive) -> None:
    update_index(archive.project)
    documents.remove_document(archive.project, archive.document_id)
    assert {hit.title for hit in _find(archive.project, "orsk").hits} == {"東岸"}
    history.undo(archive.project)
    assert {hit.title for hit in _find(archive.project, "orsk").hits} == {"東岸", "Talks"}


def test_indexing_goes_on_where_it_stopped_and_is_no_entry_for_undo(archive) -> None:
    before = history.next_undo(archive.project)
    assert update_index(archive.project, lambda done, _total: done < 1) in {1, 3}
    update_index(archive.project)
    assert update_index(archive.project) == 0
    assert history.next_undo(archive.project) == before


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TABLE document_fts",
        "UPDATE document_fts_data SET block = x'00ff00ff00ff' WHERE id > 10",
        "DROP TABLE document_fts; CREATE TABLE document_fts (text)",
    ],
)
def test_a_damaged_index_loses_no_hit_and_is_made_anew(archive, path, damage) -> None:
    update_index(archive.project)
    archive.project.close()
    other = sqlite3.connect(path)
    other.executescript(damage)
    other.close()
    with Project.open(path) as project:
        assert len(_find(project, "orsk").hits) == 3
        update_index(project)
        assert len(_find(project, "orsk").hits) == 3


def test_an_index_that_cannot_even_be_opened_loses_no_hit(archive, path) -> None:
    update_index(archive.project)
    archive.project.close()
    other = sqlite3.connect(path)
    other.execute("UPDATE document_fts_data SET block = x'00ff00ff00ff'")
    other.commit()
    other.close()
    with Project.open(path) as project:
        assert update_index(project) == 0
        assert len(_find(project, "orsk").hits) == 3


def test_hits_show_the_span_that_stands_on_them(archive) -> None:
    label = archive.label("State")
    spans.draw(archive.project, archive.document_id, label, archive.at("Orsk"))
    found = _find(archive.project, "orsk")
    mark = found.hits[0].mark
    assert (mark.span_id, mark.label_id, mark.state) == (archive.span("Orsk").id, label, State.CONFIRMED)
    assert found.hits[1].mark is None
    history.undo(archive.project)
    assert [hit.mark for hit in with_marks(archive.project, found.hits)] == [None, None, None]


def test_a_span_in_pieces_does_not_stand_on_a_hit_between_its_ends(archive) -> None:
    pieces = (*archive.at("“No country is safe,”"), *archive.at("“and we know it.”"))
    spans.draw(archive.project, archive.document_id, archive.label("Claim"), pieces)
    assert _find(archive.project, "“No.*it.”", is_regex=True).hits[0].mark is None


def test_hits_have_no_white_space_at_their_ends_and_whole_graphemes(archive) -> None:
    found = _find(archive.project, r"\s+Orsk\s+|\s+", is_regex=True, document_id=archive.second_id)
    assert {hit.words for hit in found.hits} == {"Orsk"}
    flags = archive.add("Flags", "🇽🇰🇽🇰 e\u0301")
    words = [hit.words for hit in _find(archive.project, "\U0001f1f0|e", is_regex=True, document_id=flags).hits]
    assert words == ["🇽🇰", "🇽🇰", "e\u0301"]


def test_a_search_is_capped_and_says_so(archive) -> None:
    found = _find(archive.project, "o", is_regex=True, most=4)
    assert len(found.hits) == 4
    assert found.is_capped


def test_a_search_that_is_stopped_keeps_what_it_found(archive) -> None:
    found = _find(archive.project, "orsk", proceed=lambda done, _total: done < 1)
    assert found.is_stopped
    assert _lines(found) == [("Talks", "Orsk")]


def test_a_pattern_that_backtracks_without_end_is_given_up_with_a_sentence(archive, monkeypatch) -> None:
    monkeypatch.setattr("storage.search._TIMEOUT_S", 0.05)
    archive.add("Trap", "a" * 40 + "b")
    with pytest.raises(RefusedInputError, match="takes too long in “Trap”"):
        _find(archive.project, "(?:a|aa)+$", is_regex=True)


def test_ranges_of_a_document_become_hits(archive) -> None:
    found = hits_at(archive.project, archive.document_id, [archive.at("Orsk")[0], Fragment(19, 21)])
    assert _lines(found) == [("Talks", "Orsk")]
