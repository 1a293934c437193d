"""Prodigy's JSON Lines: tasks with spans over tokens, relations, and an answer. Reads and writes.

- `token_end` is the last token's number, not the one after it. Offsets are code points.
- The answer holds for the whole task, so a document is written as one task of what is confirmed (`accept`), one for
  each rejection (`reject`), and one of what nobody has decided on (`ignore`, which training passes over). Tasks of one
  text become one document again; a task without an answer counts as accepted.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.formats import json_metadata
from storage.formats.atomic import atomic_writer
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.json_lines import Line, first_object, line_of, read_groups
from storage.formats.json_object import JsonObject, named
from storage.formats.mapping import guess_kind
from storage.formats.naming import title_of
from storage.formats.offsets import placed
from storage.formats.parts import apart, together
from storage.formats.words import Token, tokens
from storage.records import Fragment, State
from storage.text import check_text, quote_of

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

_STATES = {None: State.CONFIRMED, "accept": State.CONFIRMED, "reject": State.REJECTED, "ignore": State.SUGGESTED}
_ANSWERS = {State.CONFIRMED: "accept", State.REJECTED: "reject", State.SUGGESTED: "ignore"}
#: What a relation's end is called whose token has no label.
_TOKEN = "Token"  # noqa: S105  (a word, no secret)
#: Seconds since 1970, where dates end.
_YEAR_10000 = 253402300800
_INTERNAL = ("tokens", "spans", "relations", "answer", "config", "html", "arcs", "versions")


def recognises(path: Path, head: bytes) -> bool:
    """Say whether the first line is a task: a text with an answer, a hash, or tokens with their spaces."""
    task = first_object(path, head)
    words = task.get("tokens")
    has_tokens = isinstance(words, list) and bool(words) and isinstance(words[0], dict) and "text" in words[0]
    return isinstance(task.get("text"), str) and (
        has_tokens or "_input_hash" in task or task.get("answer") in ("accept", "reject", "ignore")
    )


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield one document for each text, whatever the number of its tasks. The file is read twice.

    Raises:
        RefusedInputError: naming the line and what is wrong there.
        OSError: the file cannot be read.
    """
    del encoding
    for lines in read_groups(path, _text):
        text = _text(lines[0].data)
        check_text(text, where=f"{lines[0].where}: its “text”")
        maker = _Maker(text)
        maker.take(lines)
        about = json_metadata.joined(_about(line) for line in lines)
        title = about.pop("title", "")
        document = ExchangeDocument(
            title=title if title.strip() else title_of(text, lines[0].title),
            text=text,
            spans=tuple(maker.finished()),
            links=tuple(maker.links),
            where=lines[0].where,
            **about,
        )
        yield together(document)


def _text(task: JsonObject) -> str:
    text = task.rest.get("text")
    if not isinstance(text, str):
        task.refuse("text", f"must be the text of the task, not {named(text)}: Sayso reads tasks on texts only")
    return text


class _Told(NamedTuple):
    """What holds for all spans and relations of a task."""

    state: State
    decided: dict[str, Any]
    words: list[Any]
    where: str


class _Maker:
    """Makes spans and links of the tasks of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: dict[tuple[Any, ...], ExchangeSpan] = {}
        self._by_id: dict[str, str] = {}
        self.links: list[ExchangeLink] = []

    def take(self, lines: list[Line]) -> None:
        """Add what the tasks say: first all spans, since relations also lead to those of other tasks."""
        tasks = [
            (line, _Told(_state(line.data), _decision(line.data.rest), line.data.list_of("tokens"), line.where))
            for line in lines
        ]
        for line, told in tasks:
            for item in line.data.each("spans"):
                self._span(item, told)
        for line, told in tasks:
            for item in line.data.each("relations"):
                self._relation(item, told)

    def finished(self) -> Iterator[ExchangeSpan]:
        """Yield the spans in the order in which they came."""
        yield from self._spans.values()

    def _span(self, item: JsonObject, told: _Told) -> str:
        """Add a span and return its id; one that is there already is the same."""
        fragments = placed(self._text, [_range(item, told.words)], where=f"{told.where}, {item.place}")
        label = item.required("label")
        foreign = item.rest.get("id")
        known = str(foreign) if isinstance(foreign, str | int) else ""
        key = (known, fragments, label, told.state, told.decided.get("analyst"))
        if key not in self._spans:
            span_id = str(len(self._spans) + 1)
            score = item.rest.get("score")
            self._spans[key] = ExchangeSpan(
                id=span_id,
                kind=guess_kind(label),
                label=label,
                fragments=fragments,
                state=told.state,
                quote=quote_of(self._text, fragments),
                score=float(score) if isinstance(score, int | float) and 0 <= score <= 1 else None,
                **told.decided,
            )
            if known:
                self._by_id.setdefault(known, span_id)
        return self._spans[key].id

    def _relation(self, item: JsonObject, told: _Told) -> None:
        start, end = self._end(item, "head", told), self._end(item, "child", told)
        if start == end:
            item.refuse("head", "and “child” are the same span")
        link = ExchangeLink(
            str(len(self.links) + 1), item.required("label"), start, end, state=told.state, **told.decided
        )
        known = {(old.type, old.from_id, old.to_id) for old in self.links}
        if (link.type, link.from_id, link.to_id) not in known:
            self.links.append(link)

    def _end(self, item: JsonObject, key: str, told: _Told) -> str:
        """Return the span at one end of a relation; a token without a label becomes one."""
        end = item.rest.get(f"{key}_span")
        if not isinstance(end, dict):
            end = {"token_start": item.rest.get(key), "token_end": item.rest.get(key)}
        foreign = end.get("id")
        if isinstance(foreign, str | int) and str(foreign) in self._by_id:
            return self._by_id[str(foreign)]
        place = item.place_of(f"{key}_span")
        fragments = placed(
            self._text, [_range(JsonObject(end, told.where, place), told.words)], where=f"{told.where}, {place}"
        )
        same = [span for span in self._spans.values() if span.fragments == fragments]
        best = [span for span in same if span.label == end.get("label")] or same
        here = [span for span in best if span.state == told.state] or best
        own = [span for span in here if span.analyst == told.decided.get("analyst")] or here
        if own:
            return own[0].id
        return self._span(JsonObject({**end, "label": end.get("label") or _TOKEN}, told.where, place), told)


def _about(line: Line) -> dict[str, Any]:
    """Return what a task says of its document."""
    rest = {key: value for key, value in line.data.rest.items() if key != "text"}
    about = rest.pop("meta", None) or {}
    if not isinstance(about, dict):
        line.data.refuse("meta", f"must be an object, not {named(about)}")
    return json_metadata.heard(rest | about, left_out=_INTERNAL, where=line.where)


def _state(task: JsonObject) -> State:
    answer = task.rest.get("answer")
    if answer is not None and answer not in _ANSWERS.values():
        task.refuse("answer", f"must be accept, reject or ignore, not {named(answer)}")
    return _STATES[answer]


def _range(item: JsonObject, words: list[Any]) -> tuple[int, int]:
    """Return the code points of a span: its own, or those of its tokens, of which `token_end` is the last."""
    if "start" in item.rest and "end" in item.rest:
        return item.offset("start"), item.offset("end")
    edges = []
    for key, edge in (("token_start", "start"), ("token_end", "end")):
        number = item.offset(key)
        if not 0 <= number < len(words):
            item.refuse(key, f"is {number:,}, but the task has {len(words):,} tokens")
        word = words[number]
        value = word.get(edge) if isinstance(word, dict) else None
        if type(value) is not int:
            item.refuse(key, f"leads to a token without a “{edge}” that is a whole number")
        edges.append(value)
    return edges[0], edges[1]


def _decision(task: dict[str, Any]) -> dict[str, Any]:
    """Return who answered and when, as far as the task says it."""
    decided: dict[str, Any] = {}
    analyst = task.get("_annotator_id") or task.get("_session_id")
    if isinstance(analyst, str):
        decided["analyst"] = analyst
    at = task.get("_timestamp")
    if isinstance(at, int | float) and 0 < at < _YEAR_10000:
        decided["decided_at"] = datetime.datetime.fromtimestamp(at, datetime.UTC).isoformat()
    return decided


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write the tasks of the documents, whole or not at all; return the number of documents.

    Raises:
        StorageFullError: the file cannot be written.
    """
    del context
    count = 0
    with atomic_writer(path) as stream:
        for document in documents:
            count += 1
            for task in _tasks(apart(document)):
                stream.write(line_of(task))
    return count


def _tasks(document: ExchangeDocument) -> Iterator[dict[str, Any]]:
    """Yield what is accepted, then each rejection, then what is ignored; the first also of a document without spans."""
    writer = _Writer(document)
    spans = {state: [span for span in document.spans if span.state == state] for state in State}
    links = {state: [link for link in document.links if link.state == state] for state in State}
    yield writer.task(State.CONFIRMED, spans[State.CONFIRMED], links[State.CONFIRMED])
    for span in spans[State.REJECTED]:
        yield writer.task(State.REJECTED, [span], [])
    for link in links[State.REJECTED]:
        yield writer.task(State.REJECTED, [], [link])
    if spans[State.SUGGESTED] or links[State.SUGGESTED]:
        yield writer.task(State.SUGGESTED, spans[State.SUGGESTED], links[State.SUGGESTED])


class _Writer:
    """Writes the tasks of one document, all over the same tokens."""

    def __init__(self, document: ExchangeDocument) -> None:
        self._document = document
        self._spans = {span.id: span for span in document.spans}
        found = tokens(document.text, [fragment for span in document.spans for fragment in span.fragments])
        self._tokens = [_token(document.text, number, token) for number, token in enumerate(found)]
        self._first = {token.start_cp: number for number, token in enumerate(found)}
        self._last = {token.end_cp: number for number, token in enumerate(found)}

    def task(self, state: State, spans: Iterable[ExchangeSpan], links: Iterable[ExchangeLink]) -> dict[str, Any]:
        """Return one task."""
        document = self._document
        shown = [self._span(span) for span in spans]
        relations = [self._relation(link) for link in links]
        told: dict[str, Any] = {
            "text": document.text,
            "meta": json_metadata.told(document),
            "_input_hash": _hash(document.text),
            "_task_hash": _hash(repr((document.text, state, shown, relations))),
            "tokens": self._tokens,
            "spans": shown,
        }
        if relations:
            told["relations"] = relations
        return told | {"_is_binary": state is State.REJECTED, "answer": _ANSWERS[state]}

    def _span(self, span: ExchangeSpan) -> dict[str, Any]:
        (fragment,) = span.fragments
        return {
            "start": fragment.start_cp,
            "end": fragment.end_cp,
            **self._numbers(fragment),
            "label": span.label,
            "id": span.id,
        }

    def _numbers(self, fragment: Fragment) -> dict[str, int]:
        return {"token_start": self._first[fragment.start_cp], "token_end": self._last[fragment.end_cp]}

    def _relation(self, link: ExchangeLink) -> dict[str, Any]:
        head, child = (self._span(self._spans[span_id]) for span_id in (link.from_id, link.to_id))
        # The head of a span is its last token, as in the interface without a parse.
        numbers = {"head": head["token_end"], "child": child["token_end"]}
        return numbers | {"head_span": head, "child_span": child, "label": link.type}


def _token(text: str, number: int, token: Token) -> dict[str, Any]:
    return {
        "text": text[token.start_cp : token.end_cp],
        "start": token.start_cp,
        "end": token.end_cp,
        "id": number,
        "ws": token.has_space,
    }


def _hash(words: str) -> int:
    """Return a hash of 32 bits with a sign, as Prodigy's are."""
    return int.from_bytes(hashlib.sha256(words.encode("utf-8")).digest()[:4], "big", signed=True)
