"""What goes in comes out: exports read back are the same, and texts and offsets stand exactly in the database."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
from exchange_examples import documents
from hypothesis import HealthCheck, given, settings

from storage import queries
from storage.doctor import check
from storage.exporting import count_documents, export_documents, written
from storage.formats import jsonl
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.losses import Losses
from storage.formats.registry import format_named
from storage.importing import Importer
from storage.operations import documents as document_operations
from storage.project import Project
from storage.records import Fragment, LabelKind, State


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """Return a maker of fresh projects: copies of one file, made once."""
    folder = tmp_path_factory.mktemp("round")
    Project.create(folder / "model.sayso").close()
    numbers = itertools.count()

    def make() -> Project:
        return Project.open(Path(shutil.copyfile(folder / "model.sayso", folder / f"{next(numbers)}.sayso")))

    return make


def _taken_in(project: Project, documents) -> None:
    with Importer(project) as importer:
        assert not importer.add_file("file", documents)
        importer.publish()


def _export(project: Project, path: Path) -> None:
    """Write documents, codebook and registry."""
    format_ = format_named("jsonl")
    written_documents, context = written(project, format_, Losses())
    format_.writer().write(written_documents, path, context)


@given(documents=documents())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_export_import_export_is_identical(fresh, tmp_path_factory, documents) -> None:
    folder = tmp_path_factory.mktemp("files")
    first, second = folder / "first.jsonl", folder / "second.jsonl"
    with fresh() as project:
        _taken_in(project, documents)
        _stands_exactly(project, documents)
        _export(project, first)
        assert check(project) == []
        assert count_documents(project) == len(documents)
    with fresh() as project:
        _taken_in(project, jsonl.read(first))
        _export(project, second)
    assert second.read_bytes() == first.read_bytes()


def _stands_exactly(project: Project, documents: tuple[ExchangeDocument, ...]) -> None:
    """Check texts, offsets and decisions in the database itself against what was taken in."""
    items = queries.document_items(project)
    assert [item.document.title for item in items] == [document.title for document in documents]
    for document, item in zip(documents, items, strict=True):
        content = queries.document_content(project, item.document.id)
        assert content.text == document.text
        assert (content.document.sha256, dict(content.document.meta)) == (document.sha256, dict(document.meta))
        assert item.undecided + item.decided == len(document.spans)
        assert [(s.kind.value, s.start_cp, s.end_cp, s.value) for s in content.stretches] == [
            (s.kind, s.start_cp, s.end_cp, s.value) for s in document.stretches
        ]
        for span, record in zip(document.spans, content.spans, strict=True):
            assert (str(record.id), record.fragments, record.quote) == (span.id, span.fragments, span.quote)
            assert (record.state, record.origin, record.score) == (span.state, span.origin, span.score)
            assert [document.text[start:end] for start, end in record.fragments] == [
                document.text[start:end] for start, end in span.fragments
            ]
        with project.reading() as connection:
            stored = connection.exec_driver_sql(
                "SELECT CAST(text AS BLOB) FROM document_text WHERE document_id = ?", (item.document.id,)
            ).scalar_one()
        assert bytes(stored) == document.text.encode("utf-8")


def _drawn(state: State, words: str, at: int, **more) -> ExchangeSpan:
    return ExchangeSpan(
        id=words,
        kind=more.pop("kind", LabelKind.ACTOR),
        label="State",
        fragments=(Fragment(at, at + len(words)),),
        state=state,
        **more,
    )


def test_an_export_holds_the_states_asked_for_and_links_between_them(project) -> None:
    claim = ExchangeSpan(id="c", kind=LabelKind.CLAIM, label="Claim", fragments=(Fragment(0, 12),))
    document = ExchangeDocument(
        title="Brief",
        text="Orsk, Velmar, Taval.",
        spans=(claim, _drawn(State.CONFIRMED, "Orsk", 0), _drawn(State.REJECTED, "Velmar", 6)),
        links=(ExchangeLink("1", "target", "c", "Orsk"), ExchangeLink("2", "target", "c", "Velmar")),
    )
    _taken_in(project, [document])
    (found,) = export_documents(project, [State.CONFIRMED])
    assert [span.quote for span in found.spans] == ["Orsk, Velmar", "Orsk"]
    assert len(found.links) == 1
    (everything,) = export_documents(project)
    assert (len(everything.spans), len(everything.links)) == (3, 2)


def test_removed_documents_are_not_exported(bench) -> None:
    bench.add("Other", "Taval answers.")
    document_operations.remove_document(bench.project, bench.document_id)
    assert [document.title for document in export_documents(bench.project)] == ["Other"]
    assert count_documents(bench.project) == 1


def test_an_export_goes_on_while_labels_are_added_and_documents_removed(bench, monkeypatch) -> None:
    monkeypatch.setattr("storage.exporting._LOT_DOCUMENTS", 1)
    second = bench.add("Other", "Taval answers.")
    exporting = export_documents(bench.project)
    assert next(exporting).title == "Talks"
    _taken_in(
        bench.project, [ExchangeDocument(title="Third", text="Lemsk.", spans=(_drawn(State.CONFIRMED, "Lemsk", 0),))]
    )
    document_operations.remove_document(bench.project, second)
    assert [document.title for document in exporting] == ["Other"]
