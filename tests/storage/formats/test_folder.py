"""Files of an import are found, read, or refused one by one with a sentence."""

import os
import sys
from pathlib import Path

import pytest

from storage.errors import RefusedInputError
from storage.formats import plain
from storage.formats.folder import FoundFile, Refusal, find_files, read_file
from storage.formats.losses import Losses, write_report


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Velmar votes.")


def found_in(*paths: Path) -> list[str]:
    return [item.path.name for item in find_files(paths) if isinstance(item, FoundFile)]


def refused_in(*paths: Path) -> dict[str, str]:
    return {item.path.name: item.reason for item in find_files(paths) if isinstance(item, Refusal)}


def test_folders_are_searched_through_in_order_of_names(tmp_path: Path):
    make(tmp_path, "b.txt", "A.md", "c/2.jsonl", "c/1.TXT", "c/d/e.markdown", "Z.text")

    assert found_in(tmp_path) == ["A.md", "b.txt", "1.TXT", "2.jsonl", "e.markdown", "Z.text"]
    assert refused_in(tmp_path) == {}


def test_what_is_not_read_is_listed_with_its_reason(tmp_path: Path):
    make(tmp_path, "report.DOC", "README", "a.txt", "notes.jsonld")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "none")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")

    assert found_in(tmp_path) == ["a.txt"]
    assert refused_in(tmp_path) == {
        "report.DOC": "not a kind of file that Sayso reads: .DOC; save it as DOCX",
        "README": "not a kind of file that Sayso reads: no extension",
        "notes.jsonld": "a .jsonld file, but of none of the programs whose files Sayso knows by it: "
        "W3C Web Annotations (JSON-LD)",
        "pipe.txt": "not a file but a device, a pipe or a socket",
        "dangling.txt": "it is not there (moved, renamed or deleted)",
        "self.txt": "it is a link that leads back to itself",
    }
    assert refused_in(tmp_path / "none.txt") == {"none.txt": "it is not there (moved, renamed or deleted)"}


def test_hidden_files_are_passed_over_unless_they_are_asked_for(tmp_path: Path):
    make(tmp_path, ".hidden.txt", ".git/config.txt", "~$lock.txt", "a.txt")

    assert found_in(tmp_path) == ["a.txt"]
    assert refused_in(tmp_path) == {}
    assert found_in(tmp_path / ".hidden.txt") == [".hidden.txt"]


def test_what_sayso_writes_beside_an_export_is_no_document(tmp_path: Path):
    make(tmp_path, "a.txt", "notes.jsonld", "tasks.json", "tasks.config.xml", "mine.losses.txt")
    losses = Losses()
    write_report(losses, tmp_path / "a.jsonl", "JSON Lines")
    losses.add("links", "there is no place for them")
    write_report(losses, tmp_path / "tasks.json", "doccano")

    assert found_in(tmp_path) == ["a.txt", "mine.losses.txt", "tasks.json"]
    assert list(refused_in(tmp_path)) == ["notes.jsonld"]
    assert found_in(tmp_path / "tasks.json.losses.txt") == ["tasks.json.losses.txt"]


@pytest.mark.parametrize(
    "names",
    [
        ("train.spacy", "dev.spacy", "config.cfg", "report.md", "report.json"),
        ("spans.csv", "claims.csv", "actors.csv", "decisions.csv"),
        ("spans.parquet", "claims.parquet", "actors.parquet", "decisions.parquet"),
    ],
)
def test_exports_without_whole_documents_are_told_as_one(tmp_path: Path, names: tuple[str, ...]):
    make(tmp_path, "a.txt", *(f"out/{name}" for name in names))

    assert found_in(tmp_path) == ["a.txt"]
    (reason,) = refused_in(tmp_path).values()
    assert "that Sayso wrote" in reason
    assert found_in(tmp_path / "out" / names[0]) == [names[0]]


def test_loops_of_links_end_and_nothing_is_found_twice(tmp_path: Path):
    make(tmp_path, "a.txt", "sub/b.txt")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "sub" / "here").symlink_to(".")
    (tmp_path / "zz.txt").symlink_to(tmp_path / "a.txt")

    assert found_in(tmp_path, tmp_path / "a.txt", tmp_path / "sub", tmp_path) == ["a.txt", "b.txt"]


def test_linked_folders_elsewhere_are_searched(tmp_path: Path):
    make(tmp_path, "elsewhere/b.txt", "here/a.txt")
    (tmp_path / "here" / "link").symlink_to(tmp_path / "elsewhere")

    assert found_in(tmp_path / "here") == ["a.txt", "b.txt"]


def test_folders_nested_beyond_the_stack_of_python_are_searched(tmp_path: Path):
    folder = tmp_path
    for _ in range(sys.getrecursionlimit() + 200):
        folder = folder / "d"
        folder.mkdir()
    make(folder, "deep.txt")

    try:
        assert found_in(tmp_path) == ["deep.txt"]
    finally:  # clearing away the folder of the test recurses as well
        (folder / "deep.txt").unlink()
        while folder != tmp_path:
            folder.rmdir()
            folder = folder.parent


def test_folder_and_file_without_permission_are_listed(folder_of_a_plain_user: Path):
    make(folder_of_a_plain_user, "open.txt", "closed.txt", "shut/inside.txt")
    (folder_of_a_plain_user / "closed.txt").chmod(0)
    (folder_of_a_plain_user / "shut").chmod(0)

    assert found_in(folder_of_a_plain_user) == ["closed.txt", "open.txt"]
    assert "no permission" in refused_in(folder_of_a_plain_user)["shut"]
    with pytest.raises(RefusedInputError, match=r"closed\.txt was not read: you have no permission"):
        list(read_file(folder_of_a_plain_user / "closed.txt"))


def test_refusal_reads_as_a_sentence_with_the_name():
    assert str(Refusal(Path("/x/a.pdf"), "no")) == "a.pdf: no"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("report.txt", b"%PDF-1.7\n1 0 obj", "report.txt is not a plain text, .* PDF"),
        ("empty.txt", b"", "empty.txt is empty"),
        ("blank.md", b"\n\n", "blank.md has nothing but white space"),
        ("nul.txt", b"Velmar vo\0tes on the accord.", "nul.txt has a NUL character at line 1, character 10"),
        ("half.txt", b"Velmar \xed\xa0\xbd", "half.txt has half a character"),
        ("half.jsonl", b'{"text": "\\ud800"}', "half.jsonl, line 1: “text” has half a character"),
        ("nul.jsonl", b'{"text": "a\\u0000"}', "nul.jsonl, line 1: “text” has a NUL"),
        ("broken.jsonl", b'{"text": "a"}\n{"text"', "broken.jsonl, line 2: not JSON"),
        ("empty.jsonl", b"", "empty.jsonl is empty"),
        ("report.doc", b"x", "report.doc is not a kind of file that Sayso reads: .doc; save it as DOCX"),
        ("desk.sayso", b"x", "desk.sayso is a Sayso project: open it instead"),
        ("plain", b"x", "plain is not a kind of file that Sayso reads: no extension"),
    ],
)
def test_hostile_files_are_refused_by_name(tmp_path: Path, name: str, data: bytes, why: str):
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(RefusedInputError, match=why):
        list(read_file(path))


def test_vanished_file_folder_and_pipe_are_refused(tmp_path: Path):
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")

    with pytest.raises(RefusedInputError, match=r"gone\.txt was not read: it is not there"):
        list(read_file(tmp_path / "gone.txt"))
    for name in ("folder.txt", "pipe.txt"):
        with pytest.raises(RefusedInputError, match=f"{name} is not a file but a folder or a device"):
            list(read_file(tmp_path / name))


def test_text_above_the_limit_is_refused_and_at_the_limit_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plain, "MAX_TEXT_BYTES", 2**20)
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * 2**20)
    assert len(next(read_file(path)).text) == 2**20

    path.write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(RefusedInputError, match=r"large\.txt is larger than 1 MB"):
        list(read_file(path))


def test_failing_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    make(tmp_path, "a.txt")

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)

    with pytest.raises(RefusedInputError, match=r"a\.txt was not read: the system says “Input/output error”"):
        list(read_file(tmp_path / "a.txt"))


def test_file_names_that_are_no_utf8_can_be_shown_and_stored(tmp_path: Path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/br\xe9f\x1b.txt"))
    path.write_text("no title " * 40)

    (document,) = read_file(path)

    assert document.title == "br\N{REPLACEMENT CHARACTER}f\N{REPLACEMENT CHARACTER}"
    assert document.meta["file"] == document.title + ".txt"


def test_projects_in_a_folder_are_passed_over_with_what_is_kept_beside_them(tmp_path: Path) -> None:
    for name in ("desk.sayso", "desk.sayso-wal", "desk.sayso-shm", "desk.sayso.lock", "brief.txt"):
        (tmp_path / name).write_text("Velmar answers.", encoding="utf-8")
    assert [str(found.path.name) for found in find_files([tmp_path])] == ["brief.txt"]
