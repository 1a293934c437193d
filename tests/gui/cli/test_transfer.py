"""Import and export by command: labels mapped, previews that change nothing, losses told."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from main import main
from storage import queries
from storage.exporting import export_documents
from storage.formats.exchange import ExchangeSpan
from storage.formats.losses import is_report
from storage.project import Project

TEXT = "Velmar will withdraw, Taval said."
LINE = {
    "title": "Straits",
    "text": TEXT,
    "spans": [
        {"id": "1", "kind": "actor", "label": "Speaker of it", "fragments": [[22, 27]], "state": "confirmed"},
        {"id": "2", "kind": "actor", "label": "Place", "fragments": [[0, 6]], "state": "suggested"},
    ],
}


class Desk:
    """A project and the commands on it, in this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.project = folder / "straits.sayso"
        self.file = folder / "straits.jsonl"
        self.file.write_text(json.dumps(LINE), "utf-8")
        self.run("new", self.project)

    def run(self, command: str, *arguments: object, code: int = 0) -> str:
        assert main([command, *map(str, arguments)]) == code
        said = self._capsys.readouterr()
        return said.out if code == 0 else said.err

    def json(self, command: str, *arguments: object) -> Any:
        return json.loads(self.run(command, *arguments, "--json"))

    def spans(self) -> list[ExchangeSpan]:
        with Project.open(self.project) as project:
            return [span for document in export_documents(project) for span in document.spans]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_labels_are_mapped_and_left_out(desk):
    data = desk.json("import", desk.project, desk.file, "--map", "Speaker of it=Person", "--map", "Place=")
    assert [(span.label, span.kind) for span in desk.spans()] == [("Person", "actor")]
    assert [(loss["what"], loss["count"]) for loss in data["losses"]] == [("“Place” spans", 1)]


def test_spans_come_in_as_suggestions_by_choice(desk):
    desk.run("import", desk.project, desk.file, "--as", "suggested", "--source", "field team")
    assert {(span.state, span.suggester) for span in desk.spans()} == {("suggested", "field team")}


def test_spans_come_in_as_confirmed_by_a_named_source(desk):
    desk.run("import", desk.project, desk.file, "--as", "confirmed", "--source", "field team")
    assert {(span.state, span.analyst) for span in desk.spans()} == {("confirmed", "field team")}


def test_a_dry_run_of_an_import_counts_and_changes_nothing(desk):
    data = desk.json("import", desk.project, desk.file, "--dry-run", "--map", "Place=")
    assert data["documents"] == 1
    assert data["found"] == [
        {"kind": "actor", "label": "Place", "spans": 1},
        {"kind": "actor", "label": "Speaker of it", "spans": 1},
    ]
    assert [(item["label"], item["state"]) for item in data["spans"]] == [("Speaker of it", "confirmed")]
    with Project.open(desk.project) as project:
        assert queries.document_items(project) == []
        assert "Speaker of it" not in {label.name for label in queries.codebook(project).labels}


def test_a_dry_run_lists_refused_files(desk):
    (desk.folder / "empty.txt").write_text("", "utf-8")
    assert main(["import", str(desk.project), str(desk.folder), "--dry-run"]) == 1


@pytest.mark.parametrize(
    ("word", "said"), [("Place", "write LABEL=TARGET"), ("Place=entity:Person", "none of actor, claim, cue")]
)
def test_a_mapping_that_means_nothing_is_one_sentence(desk, word, said):
    assert said in desk.run("import", desk.project, desk.file, "--map", word, code=2)


def test_a_format_that_is_named_overrules_the_extension(desk):
    odd = desk.folder / "straits.dat"
    odd.write_text(json.dumps(LINE), "utf-8")
    desk.run("import", desk.project, odd, "--format", "jsonl")
    assert len(desk.spans()) == 2


def test_a_folder_is_searched_for_the_format_named_only(desk):
    (desk.folder / "note.txt").write_text("Orsk denied it.", "utf-8")
    data = desk.json("import", desk.project, desk.folder, "--format", "text")
    assert (data["documents"], data["refused"]) == (1, [])


def test_each_export_has_its_loss_report_beside_it(desk):
    desk.run("import", desk.project, desk.file)
    out = desk.folder / "out.jsonl"
    data = desk.json("export", desk.project, out, "--format", "jsonl")
    assert Path(data["report"]).read_text("utf-8") == "out.jsonl: nothing was lost.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_names_that_are_no_text_are_written_and_told(desk):
    desk.run("import", desk.project, desk.file)
    odd = Path(os.fsdecode(os.fsencode(desk.folder) + b"/odd\xff.sayso"))
    desk.project.rename(odd)
    out = odd.with_name(odd.stem)
    for name in ("jsonl", "report", "brat"):
        desk.run("export", odd, out.with_name(f"{odd.stem}.{name}"), "--format", name)
    found = {path.name for path in desk.folder.iterdir() if path.name.endswith(".losses.txt")}
    assert len(found) == 3
    assert all(is_report(desk.folder / name) for name in found)


def test_who_decided_is_told_to_be_lost(desk):
    desk.run("import", desk.project, desk.file)
    data = desk.json("export", desk.project, desk.folder / "out.json", "--format", "label-studio")
    assert "spans' who and when, score and suggester" in [loss["what"] for loss in data["losses"]]


def test_a_dry_run_of_an_export_writes_nothing(desk):
    desk.run("import", desk.project, desk.file)
    out = desk.folder / "out.jsonl"
    data = desk.json("export", desk.project, out, "--format", "jsonl", "--dry-run", "--include", "confirmed")
    assert [(item["label"], item["spans"]) for item in data["spans"]] == [("Speaker of it", 1)]
    assert not out.exists()


def test_options_that_a_format_does_not_offer_are_refused(desk):
    said = desk.run("export", desk.project, desk.folder / "x.jsonl", "--format", "prodigy", "--set", "a=b", code=2)
    assert "prodigy offers no options" in said


def test_formats_are_listed_with_what_they_hold(desk):
    listed = {item["name"]: item for item in desk.json("formats")}
    assert listed["jsonl"]["reads"]
    assert listed["jsonl"]["writes"]
    assert all(listed["jsonl"]["holds"].values())
    assert "jsonl" in desk.run("formats")


def test_columns_of_a_table_are_named(desk):
    table = desk.folder / "posts.csv"
    table.write_text("a,b,c\nOne thing,Ships leave,2031-04-02\nAnother,Ships stay,2031-04-03\n", "utf-8")
    desk.run("import", desk.project, table, "--column", "text=b", "--column", "title=a", "--column", "date=c")
    with Project.open(desk.project) as project:
        found = [(d.title, d.text, d.date) for d in export_documents(project)]
    assert found == [("One thing", "Ships leave", "2031-04-02"), ("Another", "Ships stay", "2031-04-03")]


@pytest.mark.parametrize("word", ["text", "body=b", "text="])
def test_a_column_that_means_nothing_is_one_sentence(desk, word):
    assert "write PART=COLUMN" in desk.run("import", desk.project, desk.file, "--column", word, code=2)


def test_ids_that_are_whole_numbers_are_taken(desk):
    line = {
        "text": TEXT,
        "spans": [
            {"id": 1, "kind": "actor", "label": "Person", "fragments": [[22, 27]]},
            {"id": 2, "kind": "claim", "label": "Claim", "fragments": [[0, 20]]},
        ],
        "links": [{"id": 1, "type": "speaker", "from": 2, "to": 1}],
    }
    desk.file.write_text(json.dumps(line), "utf-8")
    desk.run("import", desk.project, desk.file)
    with Project.open(desk.project) as project:
        (document,) = export_documents(project)
    assert [link.type for link in document.links] == ["speaker"]


def test_labels_are_added_to_texts_that_are_there_on_request(desk):
    note = desk.folder / "note.txt"
    note.write_text(TEXT, "utf-8")
    desk.run("import", desk.project, note)
    assert desk.json("import", desk.project, desk.file)["joined"]["spans"] == 0
    data = desk.json("import", desk.project, desk.file, "--add-to-existing")
    assert data["joined"] == {"documents": 1, "spans": 2, "links": 0, "equal": 0, "closed": 0}
    assert {span.quote for span in desk.spans()} == {"Velmar", "Taval"}
