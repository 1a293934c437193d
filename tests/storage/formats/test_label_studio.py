"""Label Studio's tasks: regions, what belongs to them, relations, people and models."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from storage.errors import RefusedInputError
from storage.formats import label_studio
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.interface import WriteContext
from storage.formats.registry import format_for
from storage.records import Codebook, FieldRecord, Fragment, LabelKind, Origin, State

TEXT = "🌊 Taval said:\r\nOrsk lied."


def at(words: str, *, is_u16: bool = False) -> dict[str, int]:
    start = TEXT.index(words)
    shift = 1 if is_u16 and start else 0
    return {"start": start + shift, "end": start + shift + len(words)}


def region(key: str, words: str, *labels: str, is_u16: bool = False, **more: object) -> dict[str, object]:
    value = {**at(words, is_u16=is_u16), "text": words, "labels": list(labels)}
    return {"id": key, "from_name": "label", "to_name": "text", "type": "labels", "value": value, **more}


def of_region(key: str, name: str, type_: str, said: dict[str, object]) -> dict[str, object]:
    return {"id": key, "from_name": name, "to_name": "text", "type": type_, "value": said}


def task(*results: object, predictions: object = (), **data: object) -> dict[str, object]:
    annotation = {"id": 3, "completed_by": {"email": "ines@orsk.example"}, "result": list(results)}
    annotation["updated_at"] = "2031-04-02T10:00:00.123456Z"
    return {"id": 1, "annotations": [annotation], "predictions": predictions, "data": {"text": TEXT, **data}}


def file_with(tmp_path: Path, *tasks: object) -> Path:
    (tmp_path / "tasks.json").write_text(json.dumps(list(tasks)), "utf-8")
    return tmp_path / "tasks.json"


def read_one(tmp_path: Path, *results: object, **more: object) -> ExchangeDocument:
    (document,) = label_studio.read(file_with(tmp_path, task(*results, **more)))
    return document


@pytest.mark.parametrize("is_u16", [False, True])
def test_regions_find_their_words_in_files_of_old_and_new_versions(tmp_path, is_u16: bool):
    results = [
        region("a", "Taval", "Person", is_u16=is_u16),
        region("b", "Orsk lied", "Claim", "Lie", is_u16=is_u16),
        region("c", "said:\r\nOrsk", "Cue", is_u16=is_u16),
    ]
    results[2]["value"] |= {"text": "said:\\nOrsk"}  # as some versions wrote line ends
    document = read_one(tmp_path, *results)
    assert [(s.quote, s.label, s.kind) for s in document.spans] == [
        ("Taval", "Person", LabelKind.ACTOR),
        ("Orsk lied", "Claim", LabelKind.CLAIM),
        ("Orsk lied", "Lie", LabelKind.ACTOR),
        ("said:\r\nOrsk", "Cue", LabelKind.CUE),
    ]
    assert {(s.analyst, s.decided_at) for s in document.spans} == {("ines@orsk.example", "2031-04-02T10:00:00.123456Z")}


def test_what_belongs_to_a_region_are_its_fields_note_and_actor(tmp_path):
    document = read_one(
        tmp_path,
        region("a", "Taval", "Person", meta={"text": ["sure?", "yes"]}),
        region("b", "Orsk lied", "Claim"),
        of_region("a", "actor", "textarea", {**at("Taval"), "text": ["Ilya Taval"]}),
        of_region("a", "flagged", "choices", {"choices": ["yes"]}),
        of_region("b", "Stance", "choices", {"choices": ["for", "late"]}),
        of_region("b", "why", "textarea", {"text": ["one", "two"]}),
        of_region("b", "weight", "rating", {"rating": 4}),
        of_region("b", "topic", "taxonomy", {"taxonomy": [["sea", "floods"], ["law"]]}),
        of_region("none", "mood", "choices", {"choices": ["grim"]}),
        {"id": "z", "type": "rectanglelabels", "value": {"x": 1}},
        source="Daily",
        title="Flood",
        section=["a", 1],
    )
    person, claim = document.spans
    assert (person.actor, person.note, person.is_flagged, dict(person.fields)) == ("Ilya Taval", "sure?\nyes", True, {})
    assert dict(claim.fields) == {
        "Stance": "for, late", "why": "one\ntwo", "weight": "4", "topic": "sea / floods; law",
    }  # fmt: skip
    assert (document.title, document.source) == ("Flood", "Daily")
    assert dict(document.meta) == {
        "section": ["a", 1], "mood": "grim", "not imported": "regions of the type “rectanglelabels” (1)",
    }  # fmt: skip


def test_relations_have_a_direction_and_predictions_are_suggestions(tmp_path):
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "left", "labels": ["speaker"]}
    other = {"type": "relation", "from_id": "b", "to_id": "p", "direction": "right", "labels": ["target"]}
    guess = {"model_version": "v2", "score": 0.7, "result": [region("p", "Orsk", "State", score=0.4), relation, other]}
    document = read_one(
        tmp_path, region("a", "Taval", "Person"), region("b", "Orsk lied", "Claim"), relation, predictions=[guess]
    )
    quotes = {span.id: span.quote for span in document.spans}
    assert [(x.type, quotes[x.from_id], quotes[x.to_id], x.state, x.suggester) for x in document.links] == [
        ("speaker", "Orsk lied", "Taval", State.CONFIRMED, None),
        ("target", "Orsk lied", "Orsk", State.SUGGESTED, "v2"),
    ]
    guessed = document.spans[-1]
    assert (guessed.state, guessed.origin, guessed.suggester, guessed.score) == (
        State.SUGGESTED, Origin.SUGGESTER, "v2", 0.4,
    )  # fmt: skip


def test_regions_of_several_people_keep_apart_and_skipped_ones_are_suggestions(tmp_path):
    both = task(region("a", "Taval", "Person"))
    both["annotations"].append({"completed_by": 7, "was_cancelled": True, "result": [region("a", "Orsk", "State")]})
    (document,) = label_studio.read(file_with(tmp_path, both))
    assert [(s.quote, s.analyst, s.state) for s in document.spans] == [
        ("Taval", "ines@orsk.example", State.CONFIRMED),
        ("Orsk", "annotator 7", State.SUGGESTED),
    ]


def test_json_min_is_read(tmp_path):
    value = {**at("Taval"), "text": "Taval", "labels": ["Person"]}
    path = file_with(
        tmp_path, {"id": 1, "text": TEXT, "label": [value], "annotator": 2, "lead_time": 3.5, "outlet": "X"}
    )
    (document,) = label_studio.read(path)
    assert [(s.quote, s.label, s.analyst) for s in document.spans] == [("Taval", "Person", "annotator 2")]
    assert dict(document.meta) == {"outlet": "X"}
    found = format_for(path)
    assert found is not None
    assert found.name == "label-studio"


DOCUMENT = ExchangeDocument(
    title="Flood",
    text=TEXT,
    spans=(
        ExchangeSpan("1", LabelKind.ACTOR, "Person", (Fragment(2, 7),), actor="Ilya Taval", note="sure?"),
        ExchangeSpan("2", LabelKind.CLAIM, "Claim", (Fragment(15, 24),), fields={"Stance": "for", "label": "<odd>"}),
        ExchangeSpan("3", LabelKind.ACTOR, "State", (Fragment(15, 19),), state=State.SUGGESTED),
    ),
    links=(ExchangeLink("1", "speaker", "2", "1"),),
)
CODEBOOK = Codebook(fields=(FieldRecord(1, "Stance", LabelKind.CLAIM, choices=("for", "against")),))


def written(tmp_path: Path) -> Path:
    path = tmp_path / "out.json"
    assert label_studio.write([DOCUMENT, DOCUMENT], path, WriteContext(codebook=CODEBOOK)) == 2
    return path


def test_written_tasks_are_those_of_label_studio(tmp_path):
    first, second = json.loads(written(tmp_path).read_text("utf-8"))
    assert (first["id"], second["id"], first["data"]) == (1, 2, {"title": "Flood", "text": TEXT})
    (annotation,) = first["annotations"]
    person, actor, claim, stance, odd, relation = annotation["result"]
    assert person == region("1", "Taval", "Person", origin="manual", meta={"text": ["sure?"]})
    assert actor["value"] == {**at("Taval"), "text": ["Ilya Taval"]}
    assert (claim["value"]["text"], stance["value"]["choices"]) == ("Orsk lied", ["for"])
    assert (odd["from_name"], odd["type"]) == ("field-label", "textarea")
    assert relation == {
        "type": "relation", "from_id": "2", "to_id": "1", "direction": "right", "labels": ["speaker"],
    }  # fmt: skip
    assert [item["value"]["labels"] for item in first["predictions"][0]["result"]] == [["State"]]


def test_interface_beside_the_tasks_has_all_controls(tmp_path):
    root = ET.parse(label_studio.config_beside(written(tmp_path))).getroot()
    names = {element.get("name") for element in root if element.get("name")}
    assert names == {"label", "text", "Stance", "field-label", "actor", "flagged"}
    assert [x.get("value") for x in root.iter("Label")] == ["Person", "Claim", "State"]
    assert [x.get("value") for x in root.iter("Choice")] == ["for", "against", "yes"]
    assert [x.get("value") for x in root.iter("Relation")] == ["speaker"]
    used = {item["from_name"] for task in json.loads((tmp_path / "out.json").read_text("utf-8"))
            for item in task["annotations"][0]["result"] if "from_name" in item}  # fmt: skip
    assert used <= names


PERSON = region("a", "Taval", "P")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (task(PERSON | {"value": {"start": 0, "end": 99, "labels": ["P"]}}), "outside the text of 25"),
        (task(PERSON | {"value": {"start": 3, "end": 8, "text": "Tavel", "labels": ["P"]}}),
         r"annotations\[0\].result\[0\]: the span 3-8 says “Tavel”"),
        (task(PERSON | {"value": {"start": "/p[1]", "labels": ["P"]}}), "none of HTML or of time"),
        (task(PERSON | {"value": 3}), r"result\[0\].value must be an object"),
        (task(region("a", "Taval", " ")), r"“annotations\[0\].result\[0\].value.labels” must be names of labels"),
        (task({"type": "relation", "from_id": "x", "to_id": "y"}), "“annot.*from_id” is “x”, which is not the id"),
        (task(PERSON, {"type": "relation", "from_id": "a", "to_id": "a"}), "are the same region"),
        (task(3), r"annotations\[0\].result\[0\] must be an object"),
        ({"data": {"image": 3}, "annotations": []}, "“data.text” must be the text of the task"),
        ({"data": {"text": " "}, "annotations": []}, "nothing but white space"),
        ({"data": {"text": "a"}, "annotations": {}}, "“annotations” must be a list"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_task_and_place(tmp_path, bad: object, words: str):
    with pytest.raises(RefusedInputError, match=rf"tasks\.json, task 2.*{words}"):
        list(label_studio.read(file_with(tmp_path, task(), bad)))


def test_no_tasks_are_refused(tmp_path):
    with pytest.raises(RefusedInputError, match=r"tasks\.json has no tasks"):
        list(label_studio.read(file_with(tmp_path)))


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("SAYSO_READERS"), reason="set SAYSO_READERS to install label-studio-sdk")
@pytest.mark.skipif(shutil.which("uv") is None, reason="needs uv")
def test_converter_of_label_studio_reads_what_is_written(tmp_path):
    path = written(tmp_path)
    script = (
        "import sys; from label_studio_sdk.converter import Converter\n"
        "_, tasks, config, out = sys.argv\n"
        "converter = Converter(config, out, download_resources=False)\n"
        "converter.convert(tasks, out, 'JSON_MIN', is_dir=False); converter.convert(tasks, out, 'CSV', is_dir=False)\n"
    )
    command = ["uv", "run", "--no-project", "--with", "label-studio-sdk", "python", "-c", script]
    arguments = [str(path), str(label_studio.config_beside(path)), str(tmp_path / "converted")]
    subprocess.run([*command, *arguments], check=True, capture_output=True, cwd=tmp_path)
    first, _ = json.loads((tmp_path / "converted" / "result.json").read_text("utf-8"))
    assert [(x["text"], x["labels"]) for x in first["label"]] == [("Taval", ["Person"]), ("Orsk lied", ["Claim"])]
    assert [TEXT[x["start"] : x["end"]] for x in first["label"]] == ["Taval", "Orsk lied"]
    assert first["text"] == TEXT
