"""Prodigy's tasks: answers are states, the last token counts, and tasks of one text are one document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from storage.errors import RefusedInputError
from storage.formats import prodigy
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.interface import WriteContext
from storage.formats.registry import format_for
from storage.records import Fragment, LabelKind, State

TEXT = "Taval said 🌊 Orsk lied."
WORDS = [(0, 5), (6, 10), (11, 12), (13, 17), (18, 22), (22, 23)]
TOKENS = [
    {"text": TEXT[start:end], "start": start, "end": end, "id": number, "ws": TEXT[end : end + 1] == " "}
    for number, (start, end) in enumerate(WORDS)
]


def file_with(tmp_path: Path, *tasks: object) -> Path:
    path = tmp_path / "tasks.jsonl"
    path.write_text("".join((task if isinstance(task, str) else json.dumps(task)) + "\n" for task in tasks), "utf-8")
    return path


def task(**more: object) -> dict[str, object]:
    return {"text": TEXT, "tokens": TOKENS, "answer": "accept", **more}


PERSON = {"start": 0, "end": 5, "token_start": 0, "token_end": 0, "label": "PERSON"}
CLAIM = {"token_start": 3, "token_end": 4, "label": "CLAIM"}


def test_last_token_is_part_of_the_span_and_answers_are_states(tmp_path):
    path = file_with(
        tmp_path,
        task(spans=[PERSON, CLAIM], meta={"source": "Daily", "title": "Flood", "section": 3}, _input_hash=1),
        {"text": "Another one.", "answer": "accept"},
        task(spans=[{**PERSON, "label": "ORG", "score": 0.4}], answer="reject", _annotator_id="ines", _timestamp=1e9),
        task(spans=[{"start": 13, "end": 17, "label": "ORG"}], answer="ignore"),
    )
    first, second = prodigy.read(path)
    assert (first.text, first.title, first.source, dict(first.meta)) == (TEXT, "Flood", "Daily", {"section": 3})
    assert [(s.quote, s.label, s.kind, s.state, s.score, s.analyst) for s in first.spans] == [
        ("Taval", "PERSON", LabelKind.ACTOR, State.CONFIRMED, None, None),
        ("Orsk lied", "CLAIM", LabelKind.CLAIM, State.CONFIRMED, None, None),
        ("Taval", "ORG", LabelKind.ACTOR, State.REJECTED, 0.4, "ines"),
        ("Orsk", "ORG", LabelKind.ACTOR, State.SUGGESTED, None, None),
    ]
    assert first.spans[2].decided_at == "2001-09-09T01:46:40+00:00"
    assert (second.text, second.spans) == ("Another one.", ())


def test_relations_find_their_spans_or_make_them(tmp_path):
    relation = {"head": 4, "child": 0, "head_span": {**CLAIM, "start": 13, "end": 22}, "child_span": PERSON}
    path = file_with(
        tmp_path,
        task(
            spans=[PERSON, CLAIM],
            relations=[relation | {"label": "speaker"}, {"head": 4, "child": 1, "label": "nsubj"}],
        ),
    )
    (document,) = prodigy.read(path)
    quotes = {span.id: (span.quote, span.label) for span in document.spans}
    assert [(link.type, quotes[link.from_id], quotes[link.to_id]) for link in document.links] == [
        ("speaker", ("Orsk lied", "CLAIM"), ("Taval", "PERSON")),
        ("nsubj", ("lied", "Token"), ("said", "Token")),
    ]


def test_relations_join_spans_of_the_same_person(tmp_path):
    relation = {"head": 4, "child": 0, "head_span": CLAIM, "child_span": PERSON, "label": "speaker"}
    path = file_with(
        tmp_path,
        task(spans=[PERSON, CLAIM], _session_id="ann"),
        task(spans=[PERSON, CLAIM], relations=[relation], _session_id="bo"),
    )
    (document,) = prodigy.read(path)
    analysts = {span.id: span.analyst for span in document.spans}
    assert [(analysts[link.from_id], analysts[link.to_id]) for link in document.links] == [("bo", "bo")]


def test_written_tasks_are_those_of_prodigy(tmp_path):
    document = ExchangeDocument(
        title="Flood",
        text=TEXT,
        spans=(
            ExchangeSpan("p", LabelKind.ACTOR, "Person", (Fragment(0, 5),)),
            ExchangeSpan("q", LabelKind.CLAIM, "Claim", (Fragment(13, 22),)),
            ExchangeSpan("w", LabelKind.ACTOR, "State", (Fragment(18, 22),), state=State.REJECTED),
        ),
        links=(ExchangeLink("1", "speaker", "q", "p"),),
    )
    path = tmp_path / "out.jsonl"
    assert prodigy.write([document], path, WriteContext()) == 1
    accepted, rejected = map(json.loads, path.read_text("utf-8").splitlines())
    assert accepted["tokens"] == TOKENS
    assert (accepted["answer"], rejected["answer"], rejected["_is_binary"]) == ("accept", "reject", True)
    assert accepted["_input_hash"] == rejected["_input_hash"] != accepted["_task_hash"] != rejected["_task_hash"]
    claim = {"start": 13, "end": 22, "token_start": 3, "token_end": 4, "label": "Claim", "id": "q"}
    assert accepted["spans"][1] == claim
    (relation,) = accepted["relations"]
    assert (relation["head"], relation["child"], relation["label"]) == (4, 0, "speaker")
    assert relation["head_span"] == claim
    assert [span["label"] for span in rejected["spans"]] == ["State"]
    for span in accepted["spans"]:
        tokens = accepted["tokens"][span["token_start"] : span["token_end"] + 1]
        assert (tokens[0]["start"], tokens[-1]["end"]) == (span["start"], span["end"])
    assert format_for(path) is not None
    assert format_for(path).name == "prodigy"


def test_tokens_with_their_spaces_make_the_text(tmp_path):
    text = " Two  blanks,\r\n a line 👩🏽\u200d🚀e\u0301\tend \n"
    prodigy.write([ExchangeDocument(title="x", text=text)], tmp_path / "o.jsonl", WriteContext())
    tokens = json.loads((tmp_path / "o.jsonl").read_text("utf-8"))["tokens"]
    assert "".join(token["text"] + " " * token["ws"] for token in tokens) == text
    assert all(text[token["start"] : token["end"]] == token["text"] for token in tokens)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (task(answer="maybe"), "“answer” must be accept, reject or ignore, not “maybe”"),
        (task(spans=[{"token_start": 0, "token_end": 9, "label": "X"}]), r"“spans\[0\].token_end” is 9, .* 6 tokens"),
        (task(spans=[{"start": 5, "end": 99, "label": "X"}]), r"spans\[0\]: the span from 5 to 99 .* outside the text"),
        (task(spans=[{"start": 5, "end": 6, "label": "X"}]), "nothing but white space"),
        (task(spans=[{"start": 0, "end": 5}]), r"“spans\[0\].label” must be a string"),
        (task(spans="none"), "“spans” must be a list"),
        (task(spans=[3]), r"spans\[0\] must be an object"),
        (task(relations=[{"head": 1, "child": 1, "label": "x"}]), "are the same span"),
        (task(relations=[{"head": "a", "child": 1, "label": "x"}]), "must be a whole number"),
        ({"image": "a.png", "answer": "accept"}, "“text” must be the text of the task, not nothing"),
        (task(text=" "), "nothing but white space"),
        (task(meta=3), "“meta” must be an object"),
        ('{"text": "a", "meta": {"x": NaN}}', "NaN"),
        ('{"text": "cut of', "not JSON at character"),
        ('{"text": "a", "meta": ' + "[" * 20000 + "]" * 20000 + "}", "lists within lists"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_place(tmp_path, bad: object, words: str):
    path = file_with(tmp_path, {"text": "Sound.", "answer": "accept"}, bad)
    with pytest.raises(RefusedInputError, match=rf"tasks\.jsonl, line 2.*{words}"):
        list(prodigy.read(path))


def test_empty_file_is_refused(tmp_path):
    with pytest.raises(RefusedInputError, match="is empty"):
        list(prodigy.read(file_with(tmp_path)))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (task(), "prodigy"),
        ({"text": TEXT, "_input_hash": 3}, "prodigy"),
        ({"text": "long " * 30_000, "answer": "accept"}, "prodigy"),
        ({"text": TEXT, "answer": "yes"}, "jsonl"),
        ({"text": TEXT, "spans": []}, "jsonl"),
        ("no json", "jsonl"),
    ],
)
def test_files_are_known_by_their_first_line(tmp_path, line: object, name: str):
    found = format_for(file_with(tmp_path, line))
    assert found is not None
    assert found.name == name
