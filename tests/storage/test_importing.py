"""Imports: whole or not at all, by file and by action, while others write."""

from __future__ import annotations

import json
import threading
import zipfile
from pathlib import Path

import pytest

from storage import history, queries
from storage.doctor import check
from storage.errors import RefusedInputError
from storage.exporting import export_documents
from storage.formats import plain
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, LeftOut, LeftOutList
from storage.importing import Importer, import_paths
from storage.operations import actors, spans
from storage.preview import preview_import
from storage.project import Project
from storage.records import Fragment, LabelKind, Origin, State
from storage.text import sha256_of


def _span(id_="1", *, label="State", kind=LabelKind.ACTOR, at=(0, 5), **more) -> ExchangeSpan:
    return ExchangeSpan(id=id_, kind=kind, label=label, fragments=(Fragment(*at),), **more)


def _document(text: str, *spans: ExchangeSpan, **more) -> ExchangeDocument:
    return ExchangeDocument(title=text[:20], text=text, spans=spans, **more)


def _titles(project: Project) -> list[str]:
    return [item.document.title for item in queries.document_items(project)]


def _rows(project: Project, table: str) -> int:
    with project.reading() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "briefs"
    made.mkdir()
    (made / "a.txt").write_text("Velmar closed its port.", encoding="utf-8")
    (made / "b.txt").write_text("Orsk protested.\r\nTwice 🌊.", encoding="utf-8", newline="")
    return made


def test_files_become_documents_with_their_exact_text(project, folder) -> None:
    report = import_paths(project, [folder])
    assert (report.files, report.documents, report.refused.count, report.skipped.count) == (2, 2, 0, 0)
    first, second = queries.document_items(project)
    assert queries.document_text(project, second.document.id) == "Orsk protested.\r\nTwice 🌊."
    assert second.document.sha256 == sha256_of("Orsk protested.\r\nTwice 🌊.")
    assert (second.document.length_cp, second.document.meta["file"]) == (25, "b.txt")
    assert (first.document.position, second.document.position) == (1, 2)


def test_progress_names_each_file_and_ends_at_the_total(project, folder) -> None:
    told: list[tuple[int, int, str]] = []
    import_paths(project, [folder], progress=lambda *step: told.append(step))
    assert told == [(0, 2, "a.txt"), (1, 2, "b.txt"), (2, 2, "")]


def test_refused_files_are_listed_and_the_others_come_in(project, folder) -> None:
    (folder / "c.txt").write_bytes(b"%PDF-1.7 not a text")
    (folder / "d.txt").write_text("", encoding="utf-8")
    (folder / "e.jsonl").write_text('{"text": "Taval answers."}\n{"text": 7}\n', encoding="utf-8")
    report = import_paths(project, [folder])
    assert (report.files, report.documents) == (2, 2)
    assert [Path(item.where).name for item in report.refused] == ["c.txt", "d.txt", "e.jsonl"]
    assert "line 2" in list(report.refused)[2].reason
    assert len(_titles(project)) == 2
    assert _rows(project, "document") == 2


def test_parts_that_a_reader_leaves_out_are_listed_and_the_rest_comes_in(project, folder, monkeypatch) -> None:
    def read(path, *, encoding=None):
        yield _document(f"Velmar in {path.name}.")
        yield LeftOut(f"{path.name}, row 2", "It has no text.")

    monkeypatch.setattr(plain, "read", read)
    report = import_paths(project, [folder])
    assert (report.files, report.documents) == (2, 2)
    assert [item.where for item in report.refused] == ["a.txt, row 2", "b.txt, row 2"]


def test_texts_that_the_project_has_are_skipped_and_named(project, folder) -> None:
    import_paths(project, [folder])
    (folder / "copy.txt").write_text("Velmar closed its port.", encoding="utf-8")
    report = import_paths(project, [folder])
    assert (report.documents, report.skipped.count) == (0, 3)
    assert all("has this text already" in item.reason for item in report.skipped)
    assert report.changes.set_id is None


def test_a_look_tells_what_the_import_brings(project, folder) -> None:
    (folder / "c.txt").write_text("Velmar closed its port.", encoding="utf-8")
    preview = preview_import(project, [folder])
    assert (preview.documents, preview.present) == (2, 1)
    assert import_paths(project, [folder]).documents == 2
    preview = preview_import(project, [folder])
    assert (preview.documents, preview.present, preview.first) == (0, 3, [])


def test_what_a_reader_does_not_take_over_is_told(project, folder) -> None:
    target = {"source": {"type": "TextualBody", "value": "Orsk waits."}, "selector": {"type": "SvgSelector"}}
    page = [{"type": "Annotation", "body": "x", "target": target}]
    target = target | {"selector": {"type": "TextQuoteSelector", "exact": "Orsk"}}
    page.append({"type": "Annotation", "motivation": "tagging", "body": "State", "target": target})
    (folder / "notes.jsonld").write_text(json.dumps(page), encoding="utf-8")
    for report in (preview_import(project, [folder]).report, import_paths(project, [folder])):
        (loss,) = report.losses
        assert "not everything came in" in loss.what
        assert "selectors (1)" in loss.examples[0]


def test_a_text_of_a_refused_file_is_not_known_afterwards(project) -> None:
    with Importer(project) as importer:
        with pytest.raises(RefusedInputError):
            importer.add_file("bad", [_document("Velmar waits."), _document("Orsk waits.", _span(at=(0, 5)))])
        assert not importer.add_file("good", [_document("Velmar waits.")])
        importer.publish()
    assert _titles(project) == ["Velmar waits."]


def test_a_removed_text_can_be_imported_again(bench) -> None:
    history.undo(bench.project)
    assert _titles(bench.project) == []
    with Importer(bench.project) as importer:
        text = queries.document_text(bench.project, bench.document_id)
        assert not importer.add_file("again", [_document(text)])
        importer.publish()
    assert len(_titles(bench.project)) == 1


def test_nothing_is_seen_before_it_is_published_and_all_at_once_then(project) -> None:
    with Importer(project) as importer:
        importer.add_file("one", [_document("Velmar waits.", _span(at=(0, 6), state=State.SUGGESTED))])
        assert _titles(project) == []
        assert list(export_documents(project)) == []
        assert queries.documents_to_suggest(project, "rules", "1") == []
        importer.add_file("two", [_document("Orsk waits.")])
        changes = importer.publish()
    assert _titles(project) == ["Velmar waits.", "Orsk waits."]
    assert changes.are_documents_listed_anew


def test_an_import_is_one_undo_and_one_redo(project, folder) -> None:
    import_paths(project, [folder])
    assert history.next_undo(project).operation == "import"
    history.undo(project)
    assert _titles(project) == []
    history.redo(project)
    assert len(_titles(project)) == 2


_NEW = {"label": 0, "field": 0, "link_type": 0, "actor": 0}


def _rich(text: str = "Velmar waits, said Orsk.") -> ExchangeDocument:
    """A document that brings a label, a link type, a field and an actor along."""
    return ExchangeDocument(
        title=text,
        text=text,
        spans=(
            _span("a", label="Harbour", at=(0, 6), actor="Port of Velmar", state=State.CONFIRMED),
            _span("b", label="Claim", kind=LabelKind.CLAIM, at=(0, 12), fields={"Tone": "calm"}),
        ),
        links=(ExchangeLink(id="x", type="mocks", from_id="b", to_id="a"),),
    )


def _names(project: Project) -> dict[str, int]:
    return {table: _rows(project, table) for table in _NEW}


def test_a_file_brings_its_names_along(project) -> None:
    before = _names(project)
    with Importer(project) as importer:
        importer.add_file("rich", [_rich()])
        importer.publish()
    assert _names(project) == {table: count + 1 for table, count in before.items()}
    assert check(project) == []


def test_a_refused_file_leaves_no_names(project) -> None:
    before = _names(project)
    broken = _span("c", at=(0, 6))
    for documents in (
        [_rich(), _document("Taval waits.", broken)],
        [_document("Taval waits.", _span("a", label="Harbour", at=(0, 5)), broken)],
    ):
        with Importer(project) as importer:
            with pytest.raises(RefusedInputError, match="“bad” was not imported"):
                importer.add_file("bad", documents)
            assert _names(project) == before
            importer.add_file("good", [_rich("Velmar waits, said Taval.")])
            assert _names(project) == {table: count + 1 for table, count in before.items()}
    assert _names(project) == before


def test_a_refusal_keeps_the_names_that_other_files_use(project) -> None:
    with Importer(project) as importer:
        importer.add_file("good", [_rich()])
        with pytest.raises(RefusedInputError):
            importer.add_file(
                "bad", [_document("Orsk.", _span("a", label="Harbour", at=(0, 4)), _span("b", at=(1, 9)))]
            )
        importer.publish()
    (document,) = export_documents(project)
    assert document.spans[0].label == "Harbour"


def test_a_cancelled_import_leaves_nothing(project, folder) -> None:
    (folder / "c.jsonl").write_text(_line(_rich()), encoding="utf-8")
    before = {table: _rows(project, table) for table in (*_NEW, "document", "span", "import_batch")}
    asked = iter([False, False, False, False, False, True])
    report = import_paths(project, [folder], is_cancelled=lambda: next(asked, True))
    assert (report.is_cancelled, report.documents, report.changes.set_id) == (True, 0, None)
    assert {table: _rows(project, table) for table in before} == before
    assert history.next_undo(project) is None


def _line(document: ExchangeDocument) -> str:
    return json.dumps(
        {
            "text": document.text,
            "spans": [
                {
                    "id": span.id,
                    "kind": span.kind,
                    "label": span.label,
                    "fragments": span.fragments,
                    "fields": dict(span.fields),
                    "actor": span.actor,
                }
                for span in document.spans
            ],
            "links": [{"id": x.id, "type": x.type, "from": x.from_id, "to": x.to_id} for x in document.links],
        }
    )


def test_a_crash_in_the_middle_leaves_nothing_after_the_next_opening(project, path) -> None:
    before = {table: _rows(project, table) for table in (*_NEW, "document", "document_text", "span", "import_batch")}
    importer = Importer(project)
    importer.__enter__()
    importer.add_file("rich", [_rich()])
    assert _rows(project, "document") == 1
    project.close()  # without leaving the importer: as if the process had ended here
    with Project.open(path) as again:
        assert {table: _rows(again, table) for table in before} == before
        assert check(again) == []
        assert history.next_undo(again) is None


def test_ids_of_a_file_are_kept_in_a_fresh_project(project) -> None:
    document = ExchangeDocument(
        title="Brief",
        text="Velmar waits.",
        id="40",
        spans=(_span("70", at=(0, 6)), _span("x", at=(7, 12)), _span("0070", at=(0, 12))),
    )
    with Importer(project) as importer:
        importer.add_file("a", [document])
        importer.add_file(
            "b", [_document("Orsk.", id="40"), _document("Taval.", id="50"), _document("Lemsk.", id="9" * 15)]
        )
        importer.publish()
    ids = [item.document.id for item in queries.document_items(project)]
    assert ids == [40, 51, 50, 52]
    assert [span.id for span in queries.document_content(project, 40).spans] == [70, 71, 72]
    spans.draw(project, 40, 1, [Fragment(7, 9)])
    assert queries.document_content(project, 40).spans[-1].id == 73


def test_ids_of_a_file_are_not_kept_where_others_are_in_use(bench) -> None:
    with Importer(bench.project) as importer:
        importer.add_file("a", [_document("Velmar waits.", id=str(bench.document_id))])
        importer.publish()
    assert len({item.document.id for item in queries.document_items(bench.project)}) == 2


def test_names_that_differ_in_case_mean_the_label_that_there_is(project) -> None:
    with Importer(project) as importer:
        importer.add_file("a", [_document("Velmar waits.", _span("1", label="sTATE", at=(0, 6)))])
        importer.publish()
    (document,) = export_documents(project)
    assert document.spans[0].label == "State"


@pytest.mark.parametrize(
    ("document", "match"),
    [
        (_document("Orsk.", _span("1", at=(0, 4)), _span("1", at=(0, 5))), "same id"),
        (_document("Orsk.", _span(at=(0, 4)), links=(ExchangeLink("l", "target", "1", "2"),)), "not there"),
        (
            _document(
                "Orsk.",
                _span(at=(0, 4), kind=LabelKind.CLAIM, label="Claim"),
                links=(ExchangeLink("l", "answers", "1", "1"),),
            ),
            "to itself",
        ),
        (
            _document(
                "Orsk.", _span(at=(0, 4)), _span("2", at=(0, 4)), links=(ExchangeLink("l", "speaker", "1", "2"),)
            ),
            "goes from",
        ),
        (_document("Orsk.", _span(at=(0, 4), kind=LabelKind.CUE, label="Cue", actor="Orsk")), "only mentions"),
        (_document("Orsk.", _span(at=(0, 4), score=3.0)), "score"),
        (_document("\ufeffOrsk \0."), "NUL"),
        (_document("   "), "white space"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_reason(project, document, match) -> None:
    with Importer(project) as importer:
        with pytest.raises(RefusedInputError, match=match):
            importer.add_file("bad.jsonl", [_document("Velmar waits."), document])
        assert (_rows(project, "document"), importer.staged) == (0, 0)


def test_overlapping_reviewed_stretches_are_counted_once(project) -> None:
    stretches = (Fragment(0, 5), Fragment(3, 8), Fragment(8, 10))
    with Importer(project) as importer:
        importer.add_file("a", [_document("Velmar waits.", reviewed=stretches)])
        importer.publish()
    assert [item.reviewed_cp for item in queries.document_items(project)] == [10]


def test_whose_decision_it_was_is_kept(project) -> None:
    made = _span(
        at=(0, 4), state=State.REJECTED, analyst="Mira Holt", decided_at="2025-01-02T03:04:05Z", origin=Origin.HUMAN
    )
    with Importer(project) as importer:
        importer.add_file("a", [_document("Orsk.", made)])
        importer.publish()
    (document,) = export_documents(project)
    assert document.spans[0].analyst == "Mira Holt"
    assert document.spans[0].decided_at == "2025-01-02T03:04:05Z"


def test_editing_goes_on_during_an_import(bench) -> None:
    project, stop, failures, label = bench.project, threading.Event(), [], bench.label("State")

    def edit() -> None:
        try:
            while not stop.is_set():
                spans.draw(project, bench.document_id, label, bench.at("Orsk"))
                spans.remove(project, [bench.span("Orsk").id])
        except Exception as error:  # noqa: BLE001  (told to the test)
            failures.append(error)

    thread = threading.Thread(target=edit)
    thread.start()
    try:
        for number in range(12):
            with Importer(project) as importer:
                importer.add_file("a", [_rich(f"Velmar waits {number}, said Orsk.")])
                importer.add_file("b", [_rich(f"Velmar waits {number}, said Taval.")])
                importer.publish()
    finally:
        stop.set()
        thread.join()
    assert failures == []
    assert len(_titles(project)) == 25
    assert check(project) == []


def test_names_that_come_and_go_during_an_import_are_looked_up_anew(project) -> None:
    actors.create_actor(project, "Port of Velmar")
    with Importer(project) as importer:
        importer.add_file("a", [_rich("Velmar waits, said Orsk.")])
        history.undo(project)  # the actor goes, and the staged mention lets go of it
        importer.add_file("b", [_rich("Velmar waits, said Taval.")])
        actors.create_actor(project, "Harbour master")
        importer.add_file("c", [_rich("Velmar waits, said Lemsk.")])
        importer.publish()
    assert [document.spans[0].actor for document in export_documents(project)] == [None, *["Port of Velmar"] * 2]
    assert check(project) == []


def test_hostile_documents_are_named_and_leave_the_project_as_it_was(project, folder) -> None:
    import_paths(project, [folder])
    before = {table: _rows(project, table) for table in ("document", "span", "stretch")}
    entity = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document>&x;</w:document>'
    for name, member in {"xxe.docx": "word/document.xml", "out.zip": "../../out.txt"}.items():
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr(member, entity)
    with zipfile.ZipFile(folder / "bomb.epub", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", bytes(64 * 2**20))
    (folder / "loop.pdf").write_bytes(b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>")
    (folder / "cut.parquet").write_bytes(b"PAR1\x15\x04")
    (folder / "script.html").write_text("<script>document.write('Velmar')</script>")
    with (folder / "line.csv").open("wb") as stream:
        stream.truncate(2**30)

    report = import_paths(project, [folder])

    assert {Path(item.where).name: len(item.reason.splitlines()) for item in report.refused} == dict.fromkeys(
        ("bomb.epub", "cut.parquet", "line.csv", "loop.pdf", "out.txt", "script.html", "xxe.docx"), 1
    )
    assert (report.documents, report.skipped.count) == (0, 2)
    assert {table: _rows(project, table) for table in before} == before
    assert [path.name for path in folder.parent.rglob("out.txt")] == []


def test_a_table_of_many_equal_rows_is_counted_and_not_listed(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(LeftOutList, "MOST", 3)
    table = tmp_path / "a.csv"
    table.write_text("text\n" + "Velmar waits.\n" * 12, "utf-8")
    report = import_paths(bench.project, [table])
    assert (report.documents, report.skipped.count, len(list(report.skipped))) == (1, 11, 3)
    assert report.skipped.to_lines()[-1] == "… and 8 more"


@pytest.mark.parametrize(
    ("where", "reason", "said"),
    [
        ("x/a.csv", "a.csv, row 2: no text.", "x/a.csv, row 2: no text."),
        ("x/a.csv", "“a.csv” was not imported: twice.", "“x/a.csv” was not imported: twice."),
        ("a.zip/b.txt", "a.zip/b.txt is empty.", "a.zip/b.txt is empty."),
        ("x/a", "It has a mark.", "x/a: It has a mark."),
        ("x/\u202ea.txt", "\ufffda.txt is empty.", "x/\ufffda.txt is empty."),
    ],
)
def test_a_sentence_names_its_place_once(where, reason, said):
    assert str(LeftOut(where, reason)) == said
