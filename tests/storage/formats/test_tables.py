"""Tables of spans, claims, actors and decisions, read back by the libraries that analysts use."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pyarrow import parquet

from storage.codebooks import starter
from storage.exporting import export_documents, written
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.interface import WriteContext
from storage.formats.losses import Losses
from storage.formats.registry import format_named
from storage.formats.tables import xlsx
from storage.formats.tables.folder import harmless
from storage.project import Project
from storage.records import ActorRecord, ChangeSetRecord, Codebook, Fragment, LabelKind, State

TEXT = "Velmar will, Taval said, withdraw. Orsk denied it."
STARTER = starter("actors-and-claims").codebook
LABELS = tuple(replace(label, id=number) for number, label in enumerate(STARTER.labels, 1))
CODEBOOK = Codebook(LABELS, STARTER.link_types, STARTER.fields)
DOCUMENT = ExchangeDocument(
    title="=1+1",
    text=TEXT,
    id="7",
    date="2031-04-02",
    spans=(
        ExchangeSpan("1", LabelKind.ACTOR, "Person", (Fragment(13, 18),), quote="Taval", actor="Taval", actor_id="1"),
        ExchangeSpan("2", LabelKind.CUE, "Cue", (Fragment(19, 23),), quote="said", note="'=2", score=0.5),
        ExchangeSpan(
            "3",
            LabelKind.CLAIM,
            "Claim",
            (Fragment(0, 11), Fragment(25, 33)),
            quote="Velmar will withdraw",
            fields={"Stance": "for"},
            analyst="Ines",
            decided_at="2031-05-01T10:00:00+00:00",
            is_flagged=True,
        ),
        ExchangeSpan("4", LabelKind.ACTOR, "State", (Fragment(0, 6),), quote="Velmar", actor="Velmar", actor_id="2"),
        ExchangeSpan("5", LabelKind.ACTOR, "State", (Fragment(35, 39),), quote="Orsk", state=State.REJECTED),
    ),
    links=(
        ExchangeLink("1", "speaker", "3", "1"),
        ExchangeLink("2", "cue", "3", "2"),
        ExchangeLink("3", "target", "3", "4"),
        ExchangeLink("4", "target", "3", "5"),
    ),
)
PERSON = next(label.id for label in LABELS if label.name == "Person")


def context() -> WriteContext:
    actors = (ActorRecord(1, "Taval", PERSON, "an envoy", ("T.", "the envoy")), ActorRecord(2, "Velmar"))
    decisions = (ChangeSetRecord(1, "accept", "2031-05-01T10:00:00+00:00", 1, 7, "applied", 812),)
    return WriteContext(codebook=CODEBOOK, actors=lambda: actors, decisions=lambda: decisions, losses=Losses())


def read_csv(path: Path, table: str) -> list[dict[str, Any]]:
    with (path / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(stream)]


def read_xlsx(path: Path, table: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(path, read_only=True)
    names, *rows = book[table].iter_rows(values_only=True)
    return [dict(zip_longest(names, row)) for row in rows]  # empty cells at the end of a row are not read


def read_parquet(path: Path, table: str) -> list[dict[str, Any]]:
    return parquet.read_table(path / f"{table}.parquet").to_pylist()


READERS: dict[str, Callable[[Path, str], list[dict[str, Any]]]] = {
    "tables-csv": read_csv,
    "tables-xlsx": read_xlsx,
    "tables-parquet": read_parquet,
}


@pytest.fixture(params=READERS)
def tables(request, tmp_path) -> Callable[[str], list[dict[str, Any]]]:
    out = tmp_path / "out.xlsx"
    assert format_named(request.param).writer().write([DOCUMENT], out, context()) == 1
    return lambda table: READERS[request.param](out, table)


def as_text(value: object) -> str | None:
    return None if value is None else str(value)


def test_claims_tell_who_says_what_about_whom(tables):
    (row,) = tables("claims")
    told = {
        "document_id": "7", "date": "2031-04-02", "claim": "Velmar will withdraw", "speaker": "Taval",
        "speaker_type": "Person", "speaker_words": "Taval", "target": "Velmar; Orsk", "target_type": "State",
        "cue": "said", "field: Stance": "for", "field: Kind": None, "start_cp": "0", "end_cp": "33",
        "analyst": "Ines", "decided_at": "2031-05-01T10:00:00+00:00", "flagged": "True",
    }  # fmt: skip
    assert {name: as_text(row[name]) for name in told} == told


def test_every_span_has_a_row(tables):
    rows = tables("spans")
    assert [row["quote"] for row in rows] == ["Taval", "said", "Velmar will withdraw", "Velmar", "Orsk"]
    assert [row["state"] for row in rows][-1] == "rejected"
    assert rows[2]["fragments"] == "0-11; 25-33"
    assert float(rows[1]["score"]) == 0.5


def test_actors_are_counted(tables):
    first, second = tables("actors")
    assert {name: as_text(cell) for name, cell in first.items()} == {
        "actor_id": "1", "actor": "Taval", "type": "Person", "aliases": "T.; the envoy", "notes": "an envoy",
        "mentions": "1", "documents": "1", "claims_made": "1", "claims_about": "0",
    }  # fmt: skip
    assert (second["type"], as_text(second["claims_about"])) == (None, "1")


def test_decisions_are_the_change_log(tables):
    (row,) = tables("decisions")
    assert [as_text(cell) for cell in row.values()] == [
        "1", "2031-05-01T10:00:00+00:00", "accept", "1", "7", "applied", "812",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("\r=1", "'\r=1"),
        ("'=1", "''=1"), ("'quoted'", "'quoted'"), ("a=b", "a=b"), ("", ""), (-1, -1), (None, None),
    ],
)  # fmt: skip
def test_no_cell_is_taken_for_a_formula(cell, written):
    assert list(harmless([[cell]])) == [[written]]


@pytest.mark.parametrize("name", ["tables-csv", "tables-xlsx"])
def test_sheets_hold_texts_only_as_texts(tmp_path, name):
    out = tmp_path / "out.xlsx"
    format_named(name).writer().write([DOCUMENT], out, context())
    rows = READERS[name](out, "spans")
    assert rows[0]["document"] == "'=1+1"
    assert rows[1]["note"] == "''=2"


def test_parquet_is_typed_and_exact(tmp_path):
    format_named("tables-parquet").writer().write([DOCUMENT], tmp_path / "out", context())
    (row,) = read_parquet(tmp_path / "out", "claims")
    assert (row["document"], row["start_cp"], row["flagged"]) == ("=1+1", 0, True)


def test_what_excel_cannot_hold_is_told(tmp_path):
    long = "x" * (xlsx.LONGEST_CELL + 1)
    document = replace(DOCUMENT, spans=(replace(DOCUMENT.spans[0], quote=long, note="a\x07b"),), links=())
    told = context()
    format_named("tables-xlsx").writer().write([document], tmp_path / "out.xlsx", told)
    (row,) = read_xlsx(tmp_path / "out.xlsx", "spans")
    assert (len(row["quote"]), row["note"]) == (xlsx.LONGEST_CELL, "a\N{REPLACEMENT CHARACTER}b")
    assert {loss.what: loss.count for loss in told.losses} == {"long cells": 1, "cells with control characters": 1}


def test_a_full_sheet_is_followed_by_another(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "LAST_ROW", 3)
    format_named("tables-xlsx").writer().write([DOCUMENT], tmp_path / "out.xlsx", context())
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert set(book.sheetnames) == {"spans", "spans 2", "spans 3", "claims", "actors", "decisions"}
    assert [book[name].max_row for name in ("spans", "spans 2", "spans 3")] == [3, 3, 2]


def test_a_project_without_anything_makes_tables_with_headings_only(tmp_path):
    for name, read in READERS.items():
        out = tmp_path / f"{name}.xlsx"
        assert format_named(name).writer().write([], out, WriteContext(codebook=CODEBOOK)) == 0
        assert read(out, "spans") == []


def test_the_log_of_a_real_project_is_whole(tmp_path):
    with Project.create(tmp_path / "p.sayso") as project:
        documents, told = written(project, format_named("tables-csv"), Losses())
        assert list(documents) == list(export_documents(project)) == []
        assert [entry.operation for entry in told.decisions()][:1] == ["starter codebook"]


def test_a_workbook_leaves_nothing_in_the_systems_folder_for_temporary_files_nor_beside_it(tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    seen: list[str] = []

    def watched() -> Iterator[ExchangeDocument]:
        yield DOCUMENT
        seen.extend(entry.name for entry in elsewhere.iterdir())

    xlsx.write(watched(), tmp_path / "out.xlsx", context())
    assert seen == []
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["elsewhere", "out.xlsx"]
    with pytest.raises(ZeroDivisionError):
        xlsx.write((DOCUMENT for number in (1, 0) if 1 // number), tmp_path / "other.xlsx", context())
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["elsewhere", "out.xlsx"]
