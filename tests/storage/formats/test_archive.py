"""ZIP archives: every document in them comes in or is named; what is made to do harm does none."""

import io
import struct
import zipfile
from pathlib import Path

import docx
import pytest

from storage import queries
from storage.errors import RefusedInputError
from storage.formats import archive, registry
from storage.formats.archive import read
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.importing import import_paths
from storage.project import Project


def packed(path: Path | io.BytesIO, members: dict[str, bytes | str]) -> Path | io.BytesIO:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def nested(members: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    packed(stream, members)
    return stream.getvalue()


def word(text: str) -> bytes:
    made, stream = docx.Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(stream)
    return stream.getvalue()


def read_of(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts by place, and the reasons of what was left out."""
    texts, left_out = {}, {}
    for one in read(path):
        if isinstance(one, ExchangeDocument):
            texts[one.where] = one.text
        else:
            assert isinstance(one, LeftOut)
            left_out[one.where] = one.reason
    return texts, left_out


def test_members_of_all_kinds_come_in_by_name(tmp_path: Path):
    path = packed(
        tmp_path / "press.zip",
        {
            "b/2024-03-19 note.txt": "Velmar waits.",
            "A.docx": word("Orsk protests."),
            "rows.csv": "title,text\nx,Taval one.\ny,Taval two.\n",
            "page.html": "<p>A page.</p>",
            "more.jsonl": '{"text": "A line."}\n',
        },
    )

    documents = [one for one in read(path) if isinstance(one, ExchangeDocument)]

    assert [(document.where, document.text) for document in documents] == [
        ("press.zip/A.docx", "Orsk protests."),
        ("press.zip/b/2024-03-19 note.txt", "Velmar waits."),
        ("press.zip/more.jsonl, line 1", "A line."),
        ("press.zip/page.html", "A page."),
        ("press.zip/rows.csv, line 2", "Taval one."),
        ("press.zip/rows.csv, line 3", "Taval two."),
    ]
    assert documents[1].date == "2024-03-19"
    assert documents[1].meta["file"] == "press.zip/b/2024-03-19 note.txt"


def test_broken_members_stay_out_and_the_others_come_in(tmp_path: Path):
    path = packed(
        tmp_path / "a.zip",
        {
            "bad.docx": b"no word",
            "bad.csv": 'title,text\nx,Velmar\ny,"Orsk\n',
            "good.txt": "Taval waits.",
            "empty.txt": "",
            "p1.png": b"\x89PNG",
            "p2.png": b"\x89PNG",
            "old.sayso": b"SQLite",
            "__MACOSX/good.txt": "x",
            ".DS_Store": "x",
            "folder/": "",
        },
    )

    texts, left_out = read_of(path)

    assert texts == {"a.zip/good.txt": "Taval waits."}
    assert left_out["a.zip"] == "3 files are not of a kind that Sayso reads from an archive (2 .png, 1 .sayso)."
    assert "not a Word document" in left_out["a.zip/bad.docx"]
    assert "line 3" in left_out["a.zip/bad.csv"]
    assert "is empty" in left_out["a.zip/empty.txt"]
    assert len(left_out) == 4


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:/evil.txt", "..\\evil.txt", "C:\\evil.txt"]
)
def test_names_that_lead_out_are_not_read_and_nothing_is_written(tmp_path: Path, name: str):
    inner = tmp_path / "deep" / "er"
    inner.mkdir(parents=True)
    path = packed(inner / "a.zip", {"good.txt": "Velmar", "x" * len(name): "evil"})
    data = path.read_bytes().replace(b"x" * len(name), name.encode())
    path.write_bytes(data)

    before = sorted(tmp_path.rglob("*"))
    texts, left_out = read_of(path)

    assert texts == {"a.zip/good.txt": "Velmar"}
    assert "leads out of the archive" in left_out[f"a.zip/{name}"]
    assert sorted(tmp_path.rglob("*")) == before


def test_names_that_would_do_harm_on_the_screen_are_made_harmless(tmp_path: Path):
    texts, _ = read_of(packed(tmp_path / "a.zip", {"a\u202etxt.exe\n\x1b[2J.txt": "Velmar"}))

    assert texts == {"a.zip/a\ufffdtxt.exe\ufffd\ufffd[2J.txt": "Velmar"}


def test_one_archive_within_another_is_read_and_no_deeper(tmp_path: Path):
    third = nested({"c.txt": "third"})
    second = nested({"b.txt": "second", "third.zip": third})

    texts, left_out = read_of(packed(tmp_path / "a.zip", {"a.txt": "first", "second.zip": second}))

    assert texts == {"a.zip/a.txt": "first", "a.zip/second.zip/b.txt": "second"}
    assert list(left_out) == ["a.zip/second.zip/third.zip"]


def test_protected_members_are_named(tmp_path: Path):
    path = packed(tmp_path / "a.zip", {"a.txt": "Velmar", "b.txt": "Orsk"})
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    (flags,) = struct.unpack_from("<H", data, at + 8)
    struct.pack_into("<H", data, at + 8, flags | 1)
    path.write_bytes(data)

    texts, left_out = read_of(path)

    assert texts == {"a.zip/a.txt": "Velmar"}
    assert left_out == {"a.zip/b.txt": "It is protected by a password: unpack the archive with it and import that."}


def test_bomb_is_refused_before_it_is_unpacked(tmp_path: Path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made, made.open("a.txt", "w") as member:
        for _ in range(128):
            member.write(bytes(2**20))

    assert path.stat().st_size < 200_000
    with pytest.raises(RefusedInputError, match=r"bomb\.zip unpacks from 0\.1 to 128 MB"):
        list(read(path))


def test_bomb_within_an_archive_is_left_out(tmp_path: Path):
    bomb = nested({"a.txt": bytes(32 * 2**20)})

    texts, left_out = read_of(packed(tmp_path / "a.zip", {"good.txt": "Velmar", "bomb.zip": bomb}))

    assert texts == {"a.zip/good.txt": "Velmar"}
    assert "unpacks from" in left_out["a.zip/bomb.zip"]


def test_member_that_lies_about_its_size_is_damaged(tmp_path: Path):
    path = packed(tmp_path / "a.zip", {"a.txt": "Velmar " * 100, "b.txt": "Orsk"})
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    path.write_bytes(data)

    texts, left_out = read_of(path)

    assert texts == {"a.zip/b.txt": "Orsk"}
    assert "is damaged" in left_out["a.zip/a.txt"]


def test_archives_together_have_one_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1_000)
    path = packed(tmp_path / "a.zip", {"a.txt": "Velmar " * 100, "b.zip": nested({"c.txt": "Orsk " * 100})})

    texts, left_out = read_of(path)

    assert list(texts) == ["a.zip/a.txt"]
    assert any("unpacks to more than" in reason for reason in left_out.values())


def test_large_table_is_read_as_a_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "_IN_MEMORY_BYTES", 10)
    rows = "".join(f"t{n},Velmar {n}\n" for n in range(500))
    path = packed(tmp_path / "a.zip", {"a.csv": f"title,text\n{rows}", "b.jsonl": '{"text": "Orsk"}\n'})

    texts, left_out = read_of(path)

    assert (len(texts), left_out) == (501, {})


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is not a ZIP archive"),
        (b"Rar!\x1a\x07\x00 and more", "is not a ZIP archive"),
        (b"PK\x05\x06" + bytes(18), "holds no document of a kind that Sayso reads"),
        (nested({"a.png": b"x"}), "holds no document of a kind that Sayso reads"),
        (b"PK\x05\x06" + b"\xff" * 18, "lists more files than Sayso takes"),
    ],
)
def test_what_is_no_archive_of_documents_is_refused(tmp_path: Path, data: bytes, why: str):
    (tmp_path / "a.zip").write_bytes(data)

    with pytest.raises(RefusedInputError, match=f"a.zip {why}"):
        list(read(tmp_path / "a.zip"))


def test_truncation_and_damage_never_end_in_another_error(tmp_path: Path):
    whole = nested({f"{n}.txt": f"Velmar waits for the {n}th time. " * 20 for n in range(4)})
    path = tmp_path / "a.zip"
    for at in range(0, len(whole), 7):
        for hurt in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            path.write_bytes(hurt)
            try:
                places = [one.where for one in read(path)]
            except RefusedInputError as error:
                places = [str(error)]
            assert all(place.startswith("a.zip") for place in places)


def test_links_in_an_archive_are_left_out(tmp_path: Path):
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/hosts")
        archive.writestr("real.txt", "Velmar is real.")

    left_out, document = read(tmp_path / "a.zip")

    assert (left_out.where, document.text) == ("a.zip/link.txt", "Velmar is real.")


def test_every_format_known_by_extension_reads_streams():
    for format_ in registry.read_formats():
        if format_.module and (not format_.is_recognised or format_.is_read_from_archives):
            assert callable(format_.stream_reader().read_stream)


def test_archive_comes_into_the_project_with_its_refusals(project: Project, tmp_path: Path):
    packed(tmp_path / "a.zip", {"a.txt": "Velmar waits.", "b.txt": "", "c.txt": "Orsk protests."})

    report = import_paths(project, [tmp_path])

    assert (report.files, report.documents) == (1, 2)
    assert [item.where for item in report.refused] == ["a.zip/b.txt"]
    assert [item.document.title for item in queries.document_items(project)] == ["Velmar waits.", "Orsk protests."]


def test_files_that_only_others_read_are_left_out_by_name(tmp_path):
    found = list(read(packed(tmp_path / "all.zip", {"a.txt": "Velmar denied it.", "train.spacy": b"x"})))
    assert [each.title for each in found if isinstance(each, ExchangeDocument)] == ["Velmar denied it."]
    assert [each.reason for each in found if isinstance(each, LeftOut)] == [
        "1 file is not of a kind that Sayso reads from an archive (1 .spacy)."
    ]
