"""spaCy's DocBin files come in through a process of their own; what is wrong with them ends only that."""

from __future__ import annotations

import json
import sys
import zlib
from pathlib import Path

import pytest
import spacy
import srsly
from spacy.tokens import Doc, DocBin, Span

from gui import docbin
from gui.docbin import DocBinReader, document_of, offer
from nlp import docbin_reading
from storage.errors import RefusedInputError
from storage.formats.registry import format_for
from storage.importing import import_paths
from storage.project import Project
from storage.queries import codebook
from storage.records import LabelKind, State

TEXT = "🌊 Ida Taval said it rained in Port Selin."


def a_doc(text: str = TEXT) -> Doc:
    doc = spacy.blank("en")(text)
    doc.ents = [Span(doc, 1, 3, label="PERSON", kb_id="Q7")]
    doc.spans["sc"] = [Span(doc, 1, 3, label="PERSON"), Span(doc, 4, 6, label="claim"), Span(doc, 3, 4, label="cue")]
    doc.spans["rejected"] = [Span(doc, 7, 9, label="GPE")]
    doc.cats = {"weather": 1.0}
    doc.user_data["title"] = "Rain"
    return doc


def box(path: Path, *docs: Doc) -> Path:
    DocBin(docs=docs, store_user_data=True).to_disk(path)
    return path


def test_entities_and_groups_become_spans_once(tmp_path: Path):
    (data,) = docbin_reading.read_docbin(box(tmp_path / "train.spacy", a_doc()))
    found = document_of(json.loads(json.dumps(data)), "train.spacy", 1)

    assert (found.text, found.title) == (TEXT, "Rain")
    assert {(s.label, s.kind, s.quote, s.state, tuple(s.fields.items())) for s in found.spans} == {
        ("PERSON", LabelKind.ACTOR, "Ida Taval", State.CONFIRMED, (("kb_id", "Q7"),)),
        ("claim", LabelKind.CLAIM, "it rained", State.CONFIRMED, ()),
        ("cue", LabelKind.CUE, "said", State.CONFIRMED, ()),
        ("GPE", LabelKind.ACTOR, "Port Selin", State.REJECTED, ()),
    }
    assert found.meta == {"file": "train.spacy", "document": 1, "categories": {"weather": 1.0}}


def test_project_takes_them_in_and_what_is_broken_is_one_sentence(tmp_path: Path):
    offer()
    good = box(tmp_path / "train.spacy", a_doc(), a_doc("Orsk said so to Mira Holt and her friends of the league."))
    bad = tmp_path / "bad.spacy"
    bad.write_bytes(b"what")
    chosen = format_for(good)
    assert chosen is not None
    assert chosen.name == "spacy"

    with Project.create(tmp_path / "desk.sayso") as project:
        report = import_paths(project, [good, bad])
        labels = {label.name for label in codebook(project).labels}

    assert report.documents == 2
    assert [str(item.reason) for item in report.refused] == [
        "bad.spacy was not read: it is not a DocBin of spaCy: it is not compressed as one."
    ]
    assert not {"PERSON", "cue"} & labels  # those of the codebook were meant


class _Trap:
    """Pickled, it would leave a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def message(**changes: object) -> bytes:
    data = srsly.msgpack_loads(zlib.decompress(DocBin(docs=[a_doc()]).to_bytes()))
    return zlib.compress(srsly.msgpack_dumps(data | changes))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it was cut off"),
        (DocBin(docs=[a_doc()]).to_bytes()[:-9], "it was cut off"),
        (zlib.compress(b"\xc1"), "it is not a DocBin of spaCy, or is damaged from its beginning on"),
        (message(strings=[]), "is damaged from its beginning on"),
        (message(span_groups=[b"\x93\x01"]), "is damaged from its beginning on"),
    ],
)
def test_damaged_files_are_refused(tmp_path: Path, data: bytes, why: str):
    path = tmp_path / "bad.spacy"
    path.write_bytes(data)
    with pytest.raises(docbin_reading.DocBinError, match=why):
        list(docbin_reading.read_docbin(path))


def test_file_that_unpacks_without_end_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(docbin_reading, "MOST_UNPACKED_BYTES", 20 * 2**20)
    path = tmp_path / "bomb.spacy"
    path.write_bytes(zlib.compress(bytes(30 * 2**20)))
    with pytest.raises(docbin_reading.DocBinError, match="it unpacks to more than 20 MB"):
        list(docbin_reading.read_docbin(path))


def test_nothing_in_it_is_unpickled(tmp_path: Path):
    import pickle

    left = tmp_path / "left"
    trap = pickle.dumps(_Trap(left))
    array = {b"nd": True, b"type": "|O", b"kind": b"O", b"shape": [1], b"data": trap}
    path = tmp_path / "trap.spacy"
    for data in (message(user_data=[srsly.msgpack_dumps({"x": array})]), message(cats=[array])):
        path.write_bytes(data)
        with pytest.raises(docbin_reading.DocBinError):
            list(docbin_reading.read_docbin(path))
    assert not left.exists()


def test_reader_that_breaks_down_is_one_sentence(tmp_path: Path):
    path = box(tmp_path / "train.spacy", a_doc())
    reader = DocBinReader((sys.executable, "-c", "import os; os.abort()"))
    with pytest.raises(RefusedInputError, match=r"train\.spacy was not read: the program that reads it broke down"):
        list(reader.read(path))


def test_import_that_is_stopped_ends_the_process(tmp_path: Path):
    line = json.dumps({"text": TEXT, "title": "", "spans": [], "meta": {}})
    script = f"import sys, time; print({line!r}, flush=True); time.sleep(600)"
    documents = DocBinReader((sys.executable, "-c", script)).read(box(tmp_path / "train.spacy", a_doc()))
    assert next(documents).text == TEXT
    documents.close()  # waits for the end of the process


@pytest.mark.parametrize(("room", "times"), [(10_000, 1), (10, 2)])
def test_a_file_that_did_not_change_is_read_once_if_it_is_small(tmp_path: Path, monkeypatch, room: int, times: int):
    monkeypatch.setattr(docbin, "_KEPT_BYTES", room)
    log = tmp_path / "log"
    lines = [json.dumps({"text": TEXT, "title": "", "spans": [], "meta": {}}), json.dumps({"end": True})]
    script = f"open({str(log)!r}, 'a').write('x'); print({chr(10).join(lines)!r})"
    path = box(tmp_path / "train.spacy", a_doc())
    reader = DocBinReader((sys.executable, "-c", script))

    assert [[one.text for one in reader.read(path)] for _ in range(2)] == [[TEXT]] * 2
    assert log.read_text() == "x" * times
    box(path, a_doc(), a_doc(f"{TEXT} And so on."))
    assert len(list(reader.read(path))) == 1
    assert log.read_text() == "x" * (times + 1)
