"""The commands as a person types them: real processes, no screen, an empty home."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MAIN = Path(__file__).parents[1] / "main.py"

BRIEF = (
    "Talks in Port Selin\r\n\r\nIlya Brandt said that Orsk and Velmar face a joint threat. "
    "“No country is safe,” he added, “and we know it.” 🌊\r\n"
)


class Program:
    """Runs the commands in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "desk.sayso"

    def run(self, *arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {
            key: value
            for key, value in os.environ.items()
            if key not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
        }
        done = subprocess.run(
            [sys.executable, str(MAIN), *map(str, arguments)],
            cwd=self.folder,
            env=environment | {"HOME": str(self.folder / "home"), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done

    def json(self, *arguments: object, code: int = 0):
        return json.loads(self.run(*arguments, "--json", code=code).stdout)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.run("new", made.project)
    return made


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    path = tmp_path / "brief.txt"
    path.write_bytes(BRIEF.encode())
    return path


def test_the_whole_job_without_a_screen(program, brief) -> None:
    assert program.json("import", program.project, brief)["documents"] == 1
    found = program.json("suggest", program.project)
    assert found["documents"] == 1
    assert found["suggestions"] > 5
    assert program.json("suggest", program.project)["documents"] == 0, "read documents are not read twice"
    assert program.json("check", program.project)["problems"] == []
    info = program.json("info", program.project)
    assert info["documents"] == 1
    assert info["characters"] == len(BRIEF)
    out = program.folder / "out.jsonl"
    program.run("export", program.project, "--format", "jsonl", out)
    (line,) = read_lines(out)
    assert line["text"] == BRIEF
    assert all(
        span["quote"] == " ".join(BRIEF[start:end] for start, end in span["fragments"]) for span in line["spans"]
    )


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the project's own line and those of the documents."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_an_export_reads_back_as_it_was(program, brief) -> None:
    program.run("import", program.project, brief)
    program.run("suggest", program.project)
    first, second = program.folder / "first.jsonl", program.folder / "second.jsonl"
    program.run("export", program.project, "--format", "jsonl", first)
    other = program.folder / "other.sayso"
    program.run("new", other)
    program.run("import", other, first)
    program.run("export", other, "--format", "jsonl", second)
    assert read_lines(second) == read_lines(first)


def test_include_chooses_states(program, brief) -> None:
    program.run("import", program.project, brief)
    program.run("suggest", program.project)
    out = program.folder / "out.jsonl"
    program.run("export", program.project, "--format", "jsonl", out, "--include", "confirmed")
    assert read_lines(out)[0]["spans"] == []
    program.run("export", program.project, "--format", "jsonl", out, "--include", "confirmed", "--include", "suggested")
    assert read_lines(out)[0]["spans"]


def test_refused_files_are_listed_and_the_others_come_in(program, brief) -> None:
    (program.folder / "report.txt").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    (program.folder / "empty.txt").write_bytes(b"")
    done = program.run("import", program.project, program.folder / "report.txt", program.folder, code=1)
    assert "PDF" in done.stdout
    assert "empty.txt" in done.stdout
    assert program.json("info", program.project)["documents"] == 1


def test_a_broken_line_refuses_the_whole_file(program) -> None:
    path = program.folder / "many.jsonl"
    lines = [json.dumps({"text": f"Document {n}."}) for n in range(10)]
    lines[6] = '{"text": "broken'
    path.write_text("\n".join(lines), encoding="utf-8")
    done = program.run("import", program.project, path, code=1)
    assert "many.jsonl" in done.stdout
    assert "line 7" in done.stdout
    assert program.json("info", program.project)["documents"] == 0


@pytest.mark.parametrize("command", ["import", "repeats", "suggest", "evaluate", "export", "check", "info"])
def test_a_missing_project_is_one_sentence_and_exit_code_2(tmp_path, command) -> None:
    program = Program(tmp_path)
    extra = {"import": ["x.txt"], "export": ["--format", "jsonl", "out.jsonl"]}.get(command, [])
    done = program.run(command, tmp_path / "none.sayso", *extra, code=2)
    assert len(done.stderr.strip().splitlines()) == 1
    assert "no project at" in done.stderr


def test_usage_errors_are_exit_code_2(program) -> None:
    program.run("export", program.project, "--format", "docx", "out", code=2)
    program.run("import", program.project, code=2)


def test_new_refuses_to_overwrite(program) -> None:
    assert "exists already" in program.run("new", program.project, code=2).stderr


def test_a_new_project_begins_with_the_codebook_asked_for(program) -> None:
    program.run("new", "plain.sayso", "--codebook", "plain-ner")
    (program.folder / "bad.toml").write_text('format = "sayso-codebook"\nversion = 1\nnames = "x"\n', "utf-8")
    refused = program.run("new", "bad.sayso", "--codebook", "bad.toml", code=1)
    assert "“bad.toml”, line 3: names: there is no such key" in refused.stderr
    unknown = program.run("new", "bad.sayso", "--codebook", "plain", code=2)
    assert "plain-ner" in unknown.stderr
    assert not (program.folder / "bad.sayso").exists()


@pytest.mark.parametrize("command", ["new", "import", "repeats", "suggest", "evaluate", "export", "check", "info"])
def test_every_command_has_help(tmp_path, command) -> None:
    assert "PROJECT" in Program(tmp_path).run(command, "--help").stdout


def _formats_told(*options: str, **environment: str) -> tuple[int, bytes, str]:
    words = [sys.executable, str(MAIN), "formats", *options]
    done = subprocess.run(words, env=os.environ | environment, capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def test_a_narrow_encoding_gets_escapes() -> None:
    assert _formats_told(PYTHONIOENCODING="ascii")[0] == 0
    code, told, _ = _formats_told("--json", PYTHONIOENCODING="ascii")
    assert code == 0
    assert "“ignore”" in str(json.loads(told))


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs /dev/full")
def test_an_output_that_is_full_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        words = [sys.executable, str(MAIN), "formats"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr.decode() == "The machine refused: No space left on device.\n"


def test_no_display_is_one_sentence_and_exit_code_2(tmp_path) -> None:
    done = Program(tmp_path).run(code=2)
    assert len(done.stderr.strip().splitlines()) == 1
    assert "no display" in done.stderr


def test_commands_never_load_qt(program, brief) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import main\n"
        "for command in (['import', sys.argv[2], sys.argv[3]], ['info', sys.argv[2]], ['check', sys.argv[2]],"
        " ['export', sys.argv[2], '--format', 'jsonl', sys.argv[2] + '.jsonl']):\n"
        "    assert main.main(command) == 0\n"
        "loaded = [name for name in sys.modules if name.partition('.')[0] in ('PySide6', 'spacy')]\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", script, str(MAIN.parent), str(program.project), str(brief)], check=True)


def test_training_data_needs_decisions_and_leaves_suggestions_out(program, brief) -> None:
    program.run("import", program.project, brief)
    program.run("suggest", program.project)
    out = program.folder / "training"
    refused = program.run("export", program.project, "--format", "spacy", out, code=1)
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not out.exists()
    done = program.run("export", program.project, "--format", "spacy", out, "--include", "suggested")
    assert "spacy train" in done.stdout
    assert {"train.spacy", "dev.spacy", "config.cfg", "report.md"} <= {entry.name for entry in out.iterdir()}


def _span(text: str, number: int, label: str, words: str) -> str:
    start = text.index(words)
    return f"T{number}\t{label} {start} {start + len(words)}\t{words}\n"


@pytest.fixture
def brat(tmp_path: Path) -> Path:
    folder = tmp_path / "annotated"
    folder.mkdir()
    text = "President Teodor Vask said on Monday that Orsk had broken the accord. “We will not wait,” he added.\r\n"
    (folder / "brief.txt").write_bytes(text.encode())
    notes = (
        _span(text, 1, "Source", "Teodor Vask")
        + _span(text, 2, "Cue", "said")
        + _span(text, 3, "Content", "that Orsk had broken the accord")
        + _span(text, 4, "Content", "on Monday")
        + "E1\tAttribution:T2 Cue:T2 Source:T1 Content:T3\nE2\tAttribution:T2 Content:T4\n"
    )
    (folder / "brief.ann").write_text(notes, encoding="utf-8")
    return folder


def test_kinds_of_cue_are_chosen_for_a_project_and_for_a_comparison(program, brief, brat) -> None:
    wide = brief.with_name("wide.txt")
    wide.write_text("The Orsk ministry fears that Velmar will strike. Ilya Brandt said that it rained.", "utf-8")
    program.run("import", program.project, wide)
    all_kinds = program.json("suggest", program.project)
    narrow = program.json("suggest", program.project, "--cue-kinds", "narrow")
    assert (narrow["documents"], narrow["suggestions"] < all_kinds["suggestions"]) == (1, True)
    assert program.json("suggest", program.project)["documents"] == 0, "the kinds stay those of the project"
    assert program.json("suggest", program.project, "--cue-kinds", "wide") == all_kinds
    none = program.json("evaluate", brat, "--cue-kinds", "demand,evidence")
    assert none["labels"]["claim"]["overlap"]["matched"] == 0
    refused = program.run("suggest", program.project, "--cue-kinds", "speech,song", code=2)
    assert "“song” is no kind of cue; there are speech, belief" in refused.stderr


def test_suggestions_are_compared_with_a_brat_folder(program, brat) -> None:
    found = program.json("evaluate", brat)
    assert found["documents"] == 1
    assert found["not_reviewed"] == 0
    claims = found["labels"]["claim"]["overlap"]
    assert (claims["right"], claims["matched"]) == (2, 1)
    assert claims["suggested"] > claims["matched"]
    assert found["links"]["speaker"]["matched"] == 1
    assert "person" not in found["labels"], "nobody has looked for persons there"
    missed = found["errors"]["claim"]["missed"]
    assert missed == {
        "count": 1,
        "examples": [{"document": "brief", "right": "on Monday", "suggested": ""}],
    }
    text = program.run("evaluate", brat, "--score", "1").stdout
    assert "Compared 1 document." in text
    assert "Missed, claim: 2" in text
    assert "Wrong, claim" not in text


def test_suggestions_are_compared_with_what_is_confirmed_and_not_stored(program, brief) -> None:
    program.run("import", program.project, brief)
    program.run("suggest", program.project)
    refused = program.run("evaluate", program.project, code=1)
    assert "no confirmed span" in refused.stderr
    out, other = program.folder / "out.jsonl", program.folder / "other.sayso"
    program.run("export", program.project, "--format", "jsonl", out)
    out.write_text(out.read_text("utf-8").replace('"suggested"', '"confirmed"'), encoding="utf-8")
    program.run("new", other)
    program.run("import", other, out)
    before = program.json("info", other)
    found = program.json("evaluate", other)
    assert found["labels"]["claim"]["exact"]["f1"] == 1.0
    assert found["links"]["speaker"]["recall"] == 1.0
    assert found["not_reviewed"] == 1
    assert program.json("info", other) == before


def test_evaluate_refuses_folders_without_annotations_and_scores_outside_0_to_1(program, brat) -> None:
    (program.folder / "bare").mkdir()
    assert "holds no text" in program.run("evaluate", "bare", code=1).stderr
    program.run("evaluate", brat, "--score", "2", code=2)


def test_evaluate_never_loads_qt(brat) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import main\n"
        "assert main.main(['evaluate', sys.argv[2]]) == 0\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'PySide6']\n"
    )
    subprocess.run([sys.executable, "-c", script, str(MAIN.parent), str(brat)], check=True, stdout=subprocess.DEVNULL)


def test_a_backup_is_made_listed_and_put_back(program, brief) -> None:
    first = program.json("backup", program.project)
    assert first["is_new"]
    assert not program.json("backup", program.project)["is_new"]
    program.run("import", program.project, brief)
    listed = program.json("restore", program.project)["backups"]
    assert [(row["number"], row["documents"], row["reason"]) for row in listed] == [(1, 0, "hand")]
    assert "0 documents, 0 decisions" in program.run("restore", program.project, "--list").stdout
    done = program.json("restore", program.project, "--from", "1")
    assert program.json("info", program.project)["documents"] == 0
    program.run("restore", program.project, "--from", done["present_kept_at"])
    assert program.json("info", program.project)["documents"] == 1
    assert "no backup “77”" in program.run("restore", program.project, "--from", "77", code=1).stderr
    assert "no project at" in program.run("backup", program.folder / "none.sayso", code=2).stderr


def test_repeated_paragraphs_are_listed_and_left_out(program) -> None:
    for n in range(4):
        (program.folder / f"{n}.txt").write_text(f"Home | News\n\nOrsk waits, day {n}.", encoding="utf-8")
    program.run("import", program.project, *(f"{n}.txt" for n in range(4)))
    listed = program.json("repeats", program.project)
    assert listed == {"paragraphs": [{"text": "Home | News", "documents": 4, "labels": 0, "left_out": False}]}
    told = program.run("repeats", program.project, "--leave-out").stdout
    assert "4 documents, 0 labels: Home | News" in told
    assert "1 repeated, 1 left out." in told
    assert program.json("repeats", program.project) == {"paragraphs": []}
    out = program.folder / "out.jsonl"
    program.run("export", program.project, "--format", "jsonl", out)
    assert [line["stretches"] for line in read_lines(out)] == [
        [{"kind": "excluded", "start": 0, "end": 11, "value": "repeated"}]
    ] * 4
