"""Tables of documents: what pandas-like writers and people make is read row by row; what is broken is named."""

import csv
import datetime
import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from storage.errors import RefusedInputError
from storage.formats import rows_csv, tabular
from storage.formats.columns import ColumnMapping, guess_mapping
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.tabular import peek, read

ROWS = [
    {
        "id": "n1",
        "Headline": "Port closed",
        "Body": "Velmar closed its port.\r\n\r\n“No,” said Orsk; 👩🏽\u200d🚀, twice.",
        "Published": "19/03/2024",
        "Outlet": "Orsk Times",
        "lang": "en",
        "views": "12",
    },
    {
        "id": "n2",
        "Headline": "",
        "Body": "Taval waits,\nsays its mayor.",
        "Published": "03/04/2024",
        "Outlet": "",
        "lang": "",
        "views": "",
    },
]
COLUMNS = list(ROWS[0])


def write_csv(path: Path, rows=ROWS, *, encoding: str = "utf-8", **dialect: object) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), **dialect)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows=ROWS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([cell or None for cell in row.values()])
    book.save(path)
    return path


def write_parquet(path: Path, rows=ROWS) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=1)
    return path


def write_jsonl(path: Path, rows=ROWS) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


WRITERS = {
    "a.csv": write_csv,
    "a.tsv": lambda path: write_csv(path, delimiter="\t"),
    "a.xlsx": write_xlsx,
    "a.parquet": write_parquet,
    "a.jsonl": write_jsonl,
    "a.json": lambda path: path.write_text(json.dumps(ROWS)) and path,
}


def documents(path: Path, **how: object) -> list[ExchangeDocument]:
    read_ones = list(read(path, **how))
    assert all(isinstance(one, ExchangeDocument) for one in read_ones)
    return read_ones


@pytest.mark.parametrize("name", WRITERS)
def test_rows_become_documents(tmp_path: Path, name: str):
    path = WRITERS[name](tmp_path / name)

    first, second = documents(path)

    assert first.text == ROWS[0]["Body"]
    assert (first.id, first.title, first.source, first.language) == ("n1", "Port closed", "Orsk Times", "en")
    assert first.date == "2024-03-19"
    assert (first.meta["views"], first.meta["file"]) == ("12", name)
    assert second.text == "Taval waits,\nsays its mayor."
    assert second.title == "Taval waits,"
    assert second.date is None
    assert second.meta["Published"] == "03/04/2024"  # March or April: kept as it was written
    assert name in second.where


@pytest.mark.parametrize("name", WRITERS)
def test_peek_shows_columns_and_first_rows(tmp_path: Path, name: str):
    shown = peek(WRITERS[name](tmp_path / name), count=1)

    assert list(shown.columns) == COLUMNS
    assert len(shown.rows) == 1
    assert shown.rows[0][:2] == ("n1", "Port closed")
    assert guess_mapping(shown.columns, shown.rows) == ColumnMapping(
        text=("Body",), title="Headline", date="Published", source="Outlet", language="lang", id="id"
    )


def test_mapping_of_the_analyst_counts(tmp_path: Path):
    mapping = ColumnMapping(text=("Headline", "Body"), title="Outlet", meta=("views",))

    first, _second = documents(write_csv(tmp_path / "a.csv"), mapping=mapping)

    assert first.text == f"Port closed\n\n{ROWS[0]['Body']}"
    assert first.title == "Orsk Times"
    assert first.id is None
    assert {key for key in first.meta if key not in {"file", "extraction"}} == {"views"}


@pytest.mark.parametrize(
    ("columns", "rows", "text"),
    [
        (["Text", "Body"], [], ("Text",)),
        (["Full Text", "n"], [], ("Full Text",)),
        (["a", "b"], [["1", "Velmar closed its port, and Orsk protested loudly."]], ("b",)),
        (["a", "b"], [["1", "short"]], ()),
        (["a", "b"], [["Velmar closed its port, and Orsk protested."] * 2], ()),
        ([], [], ()),
    ],
)
def test_text_column_is_guessed_only_where_it_is_clear(columns, rows, text):
    assert guess_mapping(columns, rows).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_mark_of_a_csv_are_found(tmp_path: Path, encoding: str, delimiter: str):
    rows = [{"title": f"Zürich {n}", "text": f"“No”, said Orsk; twice {n}.\n\nAnd | again\t…"} for n in range(60)]

    found = documents(write_csv(tmp_path / "a.csv", rows, encoding=encoding, delimiter=delimiter))

    assert [document.text for document in found] == [row["text"] for row in rows]
    assert found[0].title == "Zürich 0"
    assert ("encoding_is_guess" in found[0].meta) == (encoding == "cp1252")


def test_line_of_excel_that_names_the_mark_is_no_head(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"sep=;\r\ntext;title\r\nVelmar, Orsk, Taval;x\r\n")

    (document,) = documents(path)

    assert (document.text, document.where) == ("Velmar, Orsk, Taval", "a.csv, line 3")


def test_table_of_one_column_and_marks_escaped_by_backslashes(tmp_path: Path):
    (tmp_path / "one.csv").write_text("text\nVelmar, Orsk; and Taval\n")
    (tmp_path / "back.csv").write_text('title,text\nx,"She said \\"no\\", twice."\ny,"Once."\n')
    (tmp_path / "bare.tsv").write_text('title\ttext\nx\t"No" is what "she" said\ny\tOnce "again\n')

    assert [document.text for document in documents(tmp_path / "one.csv")] == ["Velmar, Orsk; and Taval"]
    assert [document.text for document in documents(tmp_path / "back.csv")] == ['She said "no", twice.', "Once."]
    assert [d.text for d in documents(tmp_path / "bare.tsv")] == ['"No" is what "she" said', 'Once "again']


def test_blank_rows_go_and_rows_without_text_are_told(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('title,text\n\n,\nx," "\n"two\nlines",Velmar waits.\n')

    left_out, document = read(path)

    assert left_out == LeftOut("a.csv, line 4", "It has no text in “text”.")
    assert isinstance(document, ExchangeDocument)
    assert (document.where, document.title) == ("a.csv, line 5", "two lines")


def test_blank_and_equal_heads_are_told_apart(tmp_path: Path):
    (tmp_path / "a.csv").write_text("text,,text\nVelmar,1,2\n")

    assert peek(tmp_path / "a.csv").columns == ("text", "column 2", "text (2)")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "a.csv is empty"),
        (b"a,b\n1,2\n", "a.csv: which column holds the text. It has “a”, “b”"),
        (b'title,text\nx,"Velmar never ends\n', "a.csv, line 2: its quotation marks"),
        (b'title,text\nx,y\nx,"Velmar" waits\n', "a.csv, line 3: its quotation marks"),
        (b"title,text\nx,Velmar, who waits\n", "a.csv, line 2: 3 cells, and the head has 2"),
        (b"id,text\n1,Velmar\n1,Orsk\n", "a.csv, line 3: the id “1” is that of line 2 too"),
        (b"title,text\nx,Velmar\0\n", "a.csv is not a table of text: it holds NUL"),
        ("title,text\nx,“Velmar”".encode()[:-1], "a.csv was cut off in the middle of a character"),
        (("title,text\n" + "x,“Velmar” — ürgh\n" * 90).encode() + b"x,\xff\n", "a.csv reads as utf-8, but is broken"),
    ],
)
def test_broken_csv_is_refused_with_its_line(tmp_path: Path, data: bytes, why: str):
    path = tmp_path / "a.csv"
    path.write_bytes(data)

    with pytest.raises(RefusedInputError, match=why):
        list(read(path))


def test_mapping_that_does_not_fit_names_the_columns(tmp_path: Path):
    with pytest.raises(RefusedInputError, match=r"a\.csv has no column “story”; it has “id”, “Headline”"):
        list(read(write_csv(tmp_path / "a.csv"), mapping=ColumnMapping(text=("story",))))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_line_without_end_fails_fast(tmp_path: Path, name: str):
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.write(b"text,title\n" if name == "a.csv" else b'{"text": "')
        stream.truncate(2**30)

    with pytest.raises(RefusedInputError, match=rf"{name}.*(NUL|longer than)"):
        list(read(path))


def test_line_without_end_of_letters_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rows_csv, "_MAX_LINE_CP", 100_000)
    path = tmp_path / "a.csv"
    path.write_text("text,title\n" + "Velmar " * 200_000)

    with pytest.raises(RefusedInputError, match=r"a\.csv has a line longer than"):
        list(read(path))


def test_cells_of_a_workbook_keep_their_kind(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["text", "date", "count", "share", "is_old", None])
    sheet.append(["Velmar waits.", datetime.datetime(2024, 3, 19, 10), 3, 0.5, True])
    sheet.append([None] * 5)
    sheet.append(["=1+1", datetime.date(2024, 3, 20), 4.0, None, False])
    book.save(tmp_path / "a.xlsx")

    first, left_out = read(tmp_path / "a.xlsx")

    assert isinstance(first, ExchangeDocument)
    assert first.date == "2024-03-19"
    assert [first.meta[key] for key in ("count", "share", "is_old")] == [3, 0.5, True]
    assert isinstance(left_out, LeftOut)  # a formula that no program has worked out has no text
    assert "row 4" in left_out.where


def test_sheets_with_the_same_head_are_read_on_and_others_passed_over(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.title = "empty"
    for title, rows in {
        "2023": [["text", "n"], ["Velmar", 1]],
        "notes": [["About this table"], ["by Ana"]],
        "2024": [["text", "n"], ["Orsk", 2]],
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "a.xlsx")

    found = documents(tmp_path / "a.xlsx")

    assert [(document.text, document.where) for document in found] == [
        ("Velmar", "a.xlsx, sheet “2023”, row 2"),
        ("Orsk", "a.xlsx, sheet “2024”, row 2"),
    ]


def test_nested_and_odd_cells_of_parquet_come_as_json(tmp_path: Path):
    table = pa.table(
        {
            "text": ["Velmar waits."],
            "when": pa.array([datetime.datetime(2024, 3, 19, 8)], pa.timestamp("us", tz="UTC")),
            "tags": [["a", "b"]],
            "more": [{"n": 1.5, "d": None}],
            "raw": [b"\x00\xff"],
            "nan": [float("nan")],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")

    (document,) = documents(tmp_path / "a.parquet", mapping=ColumnMapping(text=("text",), date="when"))

    assert document.date == "2024-03-19"
    assert document.meta["tags"] == ["a", "b"]
    assert document.meta["more"] == {"n": 1.5, "d": None}
    assert "raw" not in document.meta
    assert json.dumps(dict(document.meta), allow_nan=False)


def test_keys_within_keys_are_columns_of_their_own(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"data": {"body": "Velmar waits.", "by": {"name": "Ana"}}, "n": 1}\n')

    assert peek(path).columns == ("data.body", "data.by.name", "n")
    (document,) = documents(path, mapping=ColumnMapping(text=("data.body",), source="data.by.name"))
    assert (document.text, document.source) == ("Velmar waits.", "Ana")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.parquet", b"PAR1 and nothing", "is not a Parquet file, or was cut off"),
        ("a.parquet", b"", "is not a Parquet file, or was cut off"),
        ("a.xlsx", b"text,title\n", "is not an Excel workbook"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "is protected by a password or was made by an old",
        ),
        ("a.xlsx", b"PK\x05\x06" + bytes(18), "is not an Excel workbook"),
        ("a.json", b"[7]", "item 1.*must be an object"),
        ("a.json", b"[]", "is empty"),
        ("a.json", b'[{"text": "a"}', "not JSON or was cut off"),
        ("a.json", b'{"rows": [1, 2, 3]}', "which column holds the text"),
        ("a.jsonl", b"7\n", "line 1: must be an object with keys, not 7"),
        ("a.jsonl", b"", "is empty"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path: Path, name: str, data: bytes, why: str):
    path = tmp_path / name
    path.write_bytes(data)

    with pytest.raises(RefusedInputError, match=f"{name}.*{why}"):
        list(read(path))


def test_answers_of_services_hold_their_rows_in_one_list(tmp_path: Path):
    rows = [{"text": "Orsk waits.", "tags": ["a" * 500]}, {"text": "Velmar too.", "who": {"name": "Tan"}}]
    (tmp_path / "a.json").write_text(json.dumps({"status": "ok", "articles": rows}))
    first, second = documents(tmp_path / "a.json")
    assert (first.text, second.text, second.meta["who.name"]) == ("Orsk waits.", "Velmar too.", "Tan")
    assert (first.where, second.where) == ("a.json, item 1", "a.json, item 2")


@pytest.mark.parametrize("name", ["a.parquet", "a.xlsx"])
def test_every_truncation_and_damage_is_one_sentence(tmp_path: Path, name: str):
    whole = WRITERS[name](tmp_path / name).read_bytes()
    path = tmp_path / f"cut{Path(name).suffix}"
    for size in range(0, len(whole) - 1, max(1, len(whole) // 60)):
        path.write_bytes(whole[:size])
        with pytest.raises(RefusedInputError, match="cut"):
            list(read(path))
    outcomes = set()
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            outcomes.add(len(list(read(path))))
        except RefusedInputError as error:
            outcomes.add(str(error)[:3])
    assert "cut" in outcomes


def test_workbook_that_unpacks_without_end_is_refused(tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/x.bin", "w") as member:
        for _ in range(64):
            member.write(bytes(2**20))

    with pytest.raises(RefusedInputError, match=r"a\.xlsx unpacks from 0\.\d to 64 MB"):
        list(read(path))


def rewritten(folder: Path, change) -> Path:
    """Write a workbook whose sheet was changed by hand."""
    with (
        zipfile.ZipFile(write_xlsx(folder / "a.xlsx")) as whole,
        zipfile.ZipFile(folder / "b.xlsx", "w") as harmful,
    ):
        for member in whole.infolist():
            data = whole.read(member)
            harmful.writestr(member, change(data) if member.filename == "xl/worksheets/sheet1.xml" else data)
    return folder / "b.xlsx"


def test_row_of_a_number_without_end_is_refused(tmp_path: Path):
    path = rewritten(tmp_path, lambda data: data.replace(b'<row r="3"', b'<row r="999999999999"'))

    with pytest.raises(RefusedInputError, match=r"b\.xlsx, sheet “Sheet”: has rows beyond the last"):
        list(read(path))


def test_entities_in_a_workbook_are_refused(tmp_path: Path):
    laughs = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f"<!DOCTYPE worksheet [{laughs}]>".encode()
    path = rewritten(tmp_path, lambda data: head + data.replace(b"<v>", b"<v>&l9;", 1))

    with pytest.raises(RefusedInputError, match=r"b\.xlsx"):
        list(read(path))


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.jsonl"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, name: str):
    def peak(count: int) -> int:
        rows = [{"title": f"t{n}", "text": f"Velmar {n} " + "waits for Orsk. " * 60} for n in range(count)]
        path = {"a.csv": write_csv, "a.parquet": _many, "a.jsonl": write_jsonl}[name](tmp_path / name, rows)
        del rows
        tracemalloc.start()
        try:
            assert sum(1 for _ in read(path)) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = peak(1_000), peak(4_000)
    assert many < 1.5 * few + 1_000_000


def _many(path: Path, rows) -> Path:
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=500)
    return path


def test_streams_of_archives_are_read_as_files_are(tmp_path: Path):
    for name, write in WRITERS.items():
        data = write(tmp_path / name).read_bytes()

        found = list(tabular.read_stream(io.BytesIO(data), name))

        assert found == list(read(tmp_path / name))
