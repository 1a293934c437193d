"""Whatever a line of JSON says becomes a document or one sentence that names the place and the reason."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import RefusedInputError
from storage.formats import jsonl
from storage.formats.exchange import ExchangeDocument


def read_all(path: Path) -> list[ExchangeDocument]:
    return list(jsonl.read(path))


GOOD_SPAN: dict[str, Any] = {"id": "a", "kind": "actor", "label": "State", "fragments": [[0, 6]]}
OTHER_SPAN = GOOD_SPAN | {"id": "b", "fragments": [[11, 15]]}
GOOD_LINK: dict[str, Any] = {"id": "l", "type": "speaker", "from": "a", "to": "b"}
TEXT = "Velmar and Orsk 👩🏽\u200d🚀 e\u0301"


def line_with(**changes: object) -> str:
    good = {"id": "d", "text": TEXT, "spans": [GOOD_SPAN, OTHER_SPAN], "links": [GOOD_LINK], "reviewed": [[0, 5]]}
    return json.dumps(good | changes)


def test_the_line_that_the_next_test_breaks_is_sound(tmp_path: Path):
    path = tmp_path / "in.jsonl"
    path.write_text(line_with())

    assert [len(document.spans) for document in read_all(path)] == [2]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON at character 2"),
        ('{"text": "a"} {"text": "b"}', "not JSON at character 15"),
        ('{"text": "a", }', "not JSON"),
        (
            '{"text": "Orsk", "annotation": [["LOC", 0, 4]]}',
            "“annotation” holds labels in a form that .* .--format table",
        ),
        ('{"text": "Orsk", "predictions": [{"label": 3, "start_offset": 0, "end_offset": 4}]}', "“predictions” holds"),
        ("not json at all", "not JSON at character 1"),
        ("[1]", r"must be an object in braces, not \[1\]"),
        ("null", "must be an object"),
        ('"text"', "must be an object"),
        ("[" * 100_000, "not JSON|without end"),
        ('{"text": "a", "meta": {"x": ' + "1" * 5000 + "}}", "thousands of digits"),
        ('{"text": "a", "n": NaN}', "NaN"),
        ('{"text": "a", "text": "b"}', "it has the key “text” twice"),
        ('{"text": "a", "meta": {"\\ud800": 1, "\\ud800": 2}}', "twice in one object"),
        ('{"text": "a", "n": 1e999}', "too large"),
        ('{"text": "a\0b"}', "not JSON"),
        ('{"title": "a"}', "“text” must be the text of the document, not nothing; if another key holds it"),
        ('{"text": 5}', "“text” must be the text"),
        ('{"text": ""}', "is empty"),
        ('{"text": " \\n"}', "white space"),
        ('{"text": "a\\ud800b"}', r"“text” has half a character \(.ud800\)"),
        ('{"text": "a\\u0000b"}', "“text” has a NUL character"),
        ('{"text": "a", "title": "\\udc00"}', "“title” has half a character"),
        ('{"text": "a", "x": {"y": ["\\u0000"]}}', "“x” has a NUL"),
        ('{"text": "a", "\\ud800": 1}', "“\\?” has half"),
        ('{"text": "a", "author": "x", "meta": {"author": "y"}}', "“author” is said twice"),
        (line_with(sha256="0" * 64), "“sha256” is not that of the text"),
        (line_with(sha256=5), "“sha256” must be a string"),
        (line_with(spans={}), "“spans” must be a list"),
        (line_with(spans=["Velmar"]), r"spans\[0\] must be an object in braces, not “Velmar”"),
        (line_with(spans=[GOOD_SPAN, GOOD_SPAN], links=[]), r"“spans\[1\].id” is “a”, as another one's is"),
        (line_with(spans=[{"start": 0, "end": 6, "label": "GPE"}]), r"“spans\[0\].fragments”"),
        (line_with(links=[GOOD_LINK, GOOD_LINK]), r"“links\[1\].id”"),
        (line_with(links=[GOOD_LINK | {"to": "z"}]), r"“links\[0\].to” is “z”, which is not the id of a span"),
        (line_with(links=[GOOD_LINK | {"from": "b"}]), "leads from “b” to itself"),
        (line_with(links=[GOOD_LINK | {"type": ""}]), r"“links\[0\].type” must be a string that is not blank"),
        (line_with(links=[GOOD_LINK | {"state": "maybe"}]), r"“links\[0\].state” must be one of suggested, confirmed"),
        (line_with(links=[GOOD_LINK | {"weight": 1}]), r"“links\[0\].weight” is not a key that Sayso knows"),
        (line_with(reviewed=[[0, 99]]), "“reviewed” has .0, 99., which is empty or not within the text"),
        (line_with(reviewed=[[3, 3]]), "“reviewed”"),
        (line_with(reviewed=[5]), "“reviewed” must be pairs"),
        (line_with(stretches=[{"kind": "page", "start": 0, "end": 99}]), "“stretches” cannot be: .* outside the text"),
        (line_with(stretches=[{"kind": "leaf", "start": 0, "end": 3}]), r"“stretches.0..kind” must be one of"),
        (line_with(stretches=[{"kind": "page", "start": "0", "end": 3}]), r"start” must be a whole number"),
        (line_with(stretches=[{"kind": "page", "start": 0, "end": 3, "no": 1}]), r"“stretches.0..no” is not a key"),
    ],
)
def test_a_broken_line_is_refused_with_its_place_and_reason(tmp_path: Path, line: str, why: str):
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "sound"}\n\n' + line + "\n", encoding="utf-8")

    with pytest.raises(RefusedInputError, match=why) as caught:
        read_all(path)

    assert str(caught.value).startswith("in.jsonl, line 3: ")
    assert str(caught.value).endswith(".")
    str(caught.value).encode("utf-8")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"fragments": []}, "at least one fragment"),
        ({"fragments": [[0, 99]]}, "not within the text"),
        ({"fragments": [[-1, 4]]}, "not within the text"),
        ({"fragments": [[4, 4]]}, "empty"),
        ({"fragments": [[True, 4]]}, "whole numbers"),
        ({"fragments": [[0.0, 6.0]]}, "whole numbers"),
        ({"fragments": [["0", "6"]]}, "whole numbers"),
        ({"fragments": [[0, 6, 7]]}, "whole numbers"),
        ({"fragments": [0, 6]}, "whole numbers"),
        ({"fragments": [[0, 7]]}, "white space"),
        ({"fragments": [[11, 15], [0, 6]]}, "begins before"),
        ({"fragments": [[0, 6], [3, 6]]}, "begins before"),
        ({"fragments": [[16, 17]]}, "cuts a character"),
        ({"quote": "velmar"}, "the text has “Velmar”"),
        ({"quote": 7}, "must be a string"),
        ({"kind": "person"}, "one of actor, claim, cue, not “person”"),
        ({"kind": None}, "one of actor, claim, cue"),
        ({"kind": ["actor"]}, "one of actor, claim, cue"),
        ({"label": "  "}, "not blank"),
        ({"id": None}, "not blank, not nothing"),
        ({"state": "accepted"}, "one of suggested, confirmed, rejected"),
        ({"origin": "robot"}, "one of suggester, human, import"),
        ({"score": 1.5}, "from 0 to 1"),
        ({"score": True}, "from 0 to 1"),
        ({"score": "0.5"}, "from 0 to 1"),
        ({"fields": {"stance": 1}}, "values are strings"),
        ({"fields": ["stance"]}, "values are strings"),
        ({"flagged": "yes"}, "true or false"),
        ({"decided_at": "yesterday"}, "a date and time"),
        ({"decided_at": 20240319}, "must be a string"),
        ({"analyst": 3}, "must be a string"),
        ({"colour": "red"}, "not a key that Sayso knows"),
    ],
)
def test_a_broken_span_is_refused_with_its_place_and_reason(tmp_path: Path, changes: dict[str, object], why: str):
    path = tmp_path / "in.jsonl"
    path.write_text(line_with(spans=[OTHER_SPAN, GOOD_SPAN | changes], links=[]), encoding="utf-8")

    with pytest.raises(RefusedInputError, match=why) as caught:
        read_all(path)

    assert str(caught.value).startswith("in.jsonl, line 1: “spans[1].")


@pytest.mark.parametrize("depth", [50, *range(600, 1100, 20), 5_000])
@pytest.mark.parametrize("place", ["meta", "spans", "score"])
def test_lists_within_lists_give_a_document_or_a_sentence(tmp_path: Path, place: str, depth: int):
    path = tmp_path / "in.jsonl"
    path.write_text(f'{{"text": "\\ud83c\\udf0a", "{place}": ' + "[" * depth + "1" + "]" * depth + "}")

    try:
        found, sentence = read_all(path), ""
    except RefusedInputError as error:
        found, sentence = [], str(error)

    assert bool(found) is (not sentence)
    assert found or sentence.startswith("in.jsonl, line 1: ")
    assert found or depth > 500 or place == "spans"


KEYS = st.sampled_from(
    ["id", "text", "spans", "links", "reviewed", "meta", "sha256", "title", "date", "fragments", "kind"]
)
WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["actor", TEXT]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, WILD, max_size=8), st.booleans())
def test_whatever_a_line_says_gives_a_document_or_a_sentence(tmp_path: Path, line: dict[str, Any], has_text: bool):
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(line | {"text": TEXT} if has_text else line))

    try:
        found, sentence = read_all(path), ""
    except RefusedInputError as error:
        found, sentence = [], str(error)

    assert bool(found) is (not sentence)
    if found:
        jsonl.write_lines(found, io.StringIO())
