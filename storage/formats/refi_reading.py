"""Reading projects of REFI-QDA: first all that sources refer to, then the sources one by one."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote

from storage.errors import RefusedInputError
from storage.formats.decoding import MAX_TEXT_BYTES, decode
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, LeftOut
from storage.formats.foreign import MAX_FILE_BYTES, NotTaken, moment
from storage.formats.offsets import Offsets, Unit, likely_unit, placed
from storage.formats.refi_codes import Code, children, codes_of, guid, plain_guid, text_of
from storage.formats.xml_file import subtrees
from storage.formats.zipped import open_zip, read_member
from storage.records import Fragment, LabelKind
from storage.text import check_text, quote_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "urn:QDA-XML:project:1.0"
#: What ATLAS.ti calls a link from a quotation to the next part of it.
CONTINUED = "continued by"
FLAGGED = "Flagged"
#: The variables in which Sayso keeps what is known of a document.
DOCUMENT_VARIABLES = {
    "source": "Source",
    "date": "Date",
    "language": "Language",
    "encoding": "Encoding",
    "metadata": "Metadata (JSON)",
}

_UNITS = (Unit.CODE_POINT, Unit.UTF16, Unit.LINE_END, Unit.GRAPHEME)
_FLAG = guid("note", FLAGGED)
_SECTIONS = {"Users", "CodeBook", "Variables", "Cases", "Notes", "Links"}
_OTHER_SOURCES = {"PictureSource", "AudioSource", "VideoSource", "PDFSource"}


@dataclass(slots=True)
class Project:
    """What sources refer to, by id."""

    codes: Mapping[str, Code] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    actors: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, str]] = field(default_factory=dict)
    known: dict[str, dict[str, str]] = field(default_factory=dict)
    links: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def read_project(stream: IO[bytes], name: str) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the texts of a project with their spans and links; `name` is the file's. The stream must be able to seek.

    Raises:
        RefusedInputError: see `refi.read`.
    """
    with open_zip(stream, name, "a project of REFI-QDA") as archive:
        members = {PurePosixPath(item.filename).name.lower(): item for item in archive.infolist() if not item.is_dir()}
        qde = next((item for key, item in members.items() if key.endswith(".qde")), None)
        if qde is None:
            raise RefusedInputError(f"{name} is not a project of REFI-QDA: it holds no file project.qde.")
        data = read_member(archive, qde, f"{name}, {qde.filename}", MAX_FILE_BYTES)
        not_taken = NotTaken()
        texts = _Texts(archive, members)
        project = _project(data, name, texts)
        count, first_reason = 0, "pictures, sound and film cannot be labelled here"
        for element in subtrees(io.BytesIO(data), lambda tag, _: _short(tag) in {"TextSource", *_OTHER_SOURCES}, name):
            where = f"{name}, “{(element.get('name') or element.get('guid') or '?')[:60]}”"
            source = _text_source(element, not_taken)
            if source is None:
                yield LeftOut(where, f"It is no text ({_short(element.tag)}).")
                continue
            try:
                text = texts.of(source, where)
            except RefusedInputError as refusal:
                first_reason = first_reason if count else str(refusal).removesuffix(".")
                yield LeftOut(where, str(refusal))
                continue
            count += 1
            yield _Source(source, text, project, name).document(not_taken)
            not_taken = NotTaken()
        if not count:
            raise RefusedInputError(f"{name} holds no text: {first_reason}.")


def _short(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text_source(element: Element, not_taken: NotTaken) -> Element | None:
    """Return what holds a text: a text source, or the plain text of a PDF file."""
    kind = _short(element.tag)
    if kind == "TextSource":
        return element
    inner = next(children(element, "Representation"), None) if kind == "PDFSource" else None
    if inner is not None and (inner.get("plainTextPath") or text_of(inner, "PlainTextContent")):
        inner.set("name", element.get("name", ""))
        if any(children(element, "PDFSelection")):
            not_taken.add("areas of PDF pages", len(list(children(element, "PDFSelection"))))
        return inner
    return None


def _project(data: bytes, name: str, texts: _Texts) -> Project:
    project = Project()
    for element in subtrees(io.BytesIO(data), lambda tag, depth: depth == 1 and _short(tag) in _SECTIONS, name):
        section = _short(element.tag)
        if section == "Users":
            for user in children(element, "User"):
                shown = " ".join((user.get("name") or user.get("id") or "").split())
                project.users[plain_guid(user.get("guid"))] = shown
        elif section == "CodeBook":
            project.codes = codes_of((code for codes in children(element, "Codes") for code in codes), name)
        elif section == "Variables":
            for variable in children(element, "Variable"):
                project.variables[plain_guid(variable.get("guid"))] = " ".join(variable.get("name", "").split())
        elif section == "Cases":
            for case in children(element, "Case"):
                _take_case(case, project)
        elif section == "Notes":
            for note in children(element, "Note"):
                project.notes[plain_guid(note.get("guid"))] = _words_of_note(note, texts, name)
        else:
            for link in children(element, "Link"):
                origin, target = (plain_guid(link.get(key)) for key in ("originGUID", "targetGUID"))
                project.links.setdefault(origin, []).append((" ".join(link.get("name", "").split()), target))
    return project


def _words_of_note(note: Element, texts: _Texts, name: str) -> str:
    """Return what a note says; most programs write it into a text of its own."""
    if note.get("plainTextPath"):
        with suppress(RefusedInputError):  # it is not there, or no text
            return texts.of(note, name).strip()
    return text_of(note, "PlainTextContent") or text_of(note, "Description") or note.get("name", "")


def _take_case(case: Element, project: Project) -> None:
    """Take a case: with variables it tells of its selections, without them it is whom they are about."""
    values = _values(case, project)
    for ref in children(case, "SelectionRef"):
        target = plain_guid(ref.get("targetGUID"))
        if values:
            project.fields.setdefault(target, {}).update(values)
        elif name := " ".join(case.get("name", "").split()):
            project.actors.setdefault(target, name)
    for ref in children(case, "SourceRef"):
        project.known.setdefault(plain_guid(ref.get("targetGUID")), {}).update(values)


def _values(element: Element, project: Project) -> dict[str, str]:
    """Return the values of variables that an element has, by the variables' names."""
    found = {}
    for value in children(element, "VariableValue"):
        ref = next(children(value, "VariableRef"), None)
        name = project.variables.get(plain_guid(ref.get("targetGUID")), "") if ref is not None else ""
        text = next((child.text or "" for child in value if _short(child.tag) != "VariableRef"), None)
        if name and text is not None:
            found[name] = text
    return found


class _Texts:
    """Finds the plain texts of sources, in the archive only."""

    def __init__(self, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._members = members

    def of(self, source: Element, where: str) -> str:
        """Return the text of a source or note.

        Raises:
            RefusedInputError: it is not in the project, or is no text.
        """
        content = next(children(source, "PlainTextContent"), None)
        address = source.get("plainTextPath", "")
        if content is not None and content.text:
            text = content.text
        elif address.startswith("internal://"):
            key = PurePosixPath(unquote(address.removeprefix("internal://"))).name.lower()
            if key not in self._members:
                raise RefusedInputError(f"{where}: its text {address[:80]} is not in the project: export it anew.")
            data = read_member(self._archive, self._members[key], where, MAX_TEXT_BYTES)
            text = decode(data, where=where).text
        else:
            raise RefusedInputError(
                f"{where}: its text is not within the project ({address[:80] or 'no plain text'}): export it with its "
                "sources. Nothing is read from elsewhere."
            )
        check_text(text, where=where)
        return text


@dataclass(frozen=True, slots=True)
class _Selection:
    """A selection of a text, in the unit of its program."""

    guid: str
    range: tuple[int, int]
    words: str
    note: str
    is_flagged: bool
    codings: Sequence[tuple[Code, str | None, str | None]]


class _Source:
    """Makes the document of one source."""

    def __init__(self, source: Element, text: str, project: Project, name: str) -> None:
        self._source = source
        self._text = text
        self._project = project
        self._guid = plain_guid(source.get("guid"))
        self._title = " ".join(source.get("name", "").split()) or Path(name).stem
        self._where = f"{name}, “{self._title[:60]}”"
        self._file = name

    def document(self, not_taken: NotTaken) -> ExchangeDocument:
        """Return the document; what it does not take over is counted in `not_taken`."""
        selections = [self._selection(element) for element in children(self._source, "PlainTextSelection")]
        if whole := len(list(children(self._source, "Coding"))):
            not_taken.add("codings of a whole source", whole)
        spans, span_ids = self._spans(selections, not_taken)
        links = tuple(self._links(selections, span_ids, not_taken))  # what it counts goes into `meta`
        values = self._project.known.get(self._guid, {}) | _values(self._source, self._project)
        known = {key: values.pop(name, "") for key, name in DOCUMENT_VARIABLES.items()}
        meta = self._meta(known["metadata"], values, not_taken)
        return ExchangeDocument(
            title=name if (name := self._source.get("name", "")).strip() else self._title,
            text=self._text,
            source=known["source"],
            date=known["date"] or None,
            language=known["language"],
            encoding=known["encoding"],
            meta=meta,
            spans=tuple(spans),
            links=links,
            where=self._where,
        )

    def _meta(self, kept: str, values: Mapping[str, str], not_taken: NotTaken) -> dict[str, Any]:
        described = text_of(self._source, "Description")
        notes = "\n".join(filter(None, self._notes(self._source)))
        told = {"description": described, "note": notes}
        meta = {**values, **{key: words for key, words in told.items() if words}, **not_taken.meta()}
        try:
            own = json.loads(kept) if kept else {}
        except (ValueError, RecursionError) as error:
            raise RefusedInputError(f"{self._where}: the variable “Metadata (JSON)” is no JSON.") from error
        return meta | own if isinstance(own, dict) else meta

    def _selection(self, element: Element) -> _Selection:
        try:
            start, end = int(element.get("startPosition", "")), int(element.get("endPosition", ""))
        except ValueError as error:
            raise RefusedInputError(f"{self._where}: a selection has no whole numbers as its positions.") from error
        told = [text_of(element, "Description"), *self._notes(element)]
        is_flagged = any(plain_guid(ref.get("targetGUID")) == _FLAG for ref in children(element, "NoteRef"))
        codings = []
        for coding in children(element, "Coding"):
            for ref in children(coding, "CodeRef"):
                code = self._project.codes.get(plain_guid(ref.get("targetGUID")))
                if code is None:
                    raise RefusedInputError(f"{self._where}: a selection has a code that the project does not have.")
                user = self._project.users.get(plain_guid(coding.get("creatingUser"))) or None
                codings.append((code, user, coding.get("creationDateTime")))
        words, note = element.get("name", ""), "\n".join(part for part in told if part)
        id_ = plain_guid(element.get("guid"))
        return _Selection(id_, (start, end), words, note, is_flagged, codings)

    def _notes(self, element: Element) -> Iterator[str]:
        for ref in children(element, "NoteRef"):
            if (note := plain_guid(ref.get("targetGUID"))) != _FLAG:
                yield self._project.notes.get(note, "")

    # -- spans --------------------------------------------------------------------------------------------------------

    def _spans(
        self, selections: Sequence[_Selection], not_taken: NotTaken
    ) -> tuple[list[ExchangeSpan], dict[str, list[str]]]:
        """Return a span for each coding of a selection, and the spans by the selection's id."""
        offsets = Offsets(self._text, self._unit(selections))
        spans: list[ExchangeSpan] = []
        span_ids: dict[str, list[str]] = {}
        for group in self._joined_parts(selections):
            first = group[0]
            if not first.codings:
                not_taken.add("selections without a code")
                continue
            ranges = [selection.range for selection in group]
            fragments = placed(self._text, offsets.ranges(ranges) or ranges, where=self._where)
            for code, user, moment_of in first.codings:
                id_ = f"s{len(spans) + 1}"
                spans.append(self._span(id_, code, fragments, first, (user, moment_of)))
                for selection in group:
                    span_ids.setdefault(selection.guid, []).append(id_)
        return spans, span_ids

    def _span(
        self,
        id_: str,
        code: Code,
        fragments: tuple[Fragment, ...],
        first: _Selection,
        decided: tuple[str | None, str | None],
    ) -> ExchangeSpan:
        actor = self._project.actors.get(first.guid) if code.kind == LabelKind.ACTOR else None
        try:
            decided_at = moment(decided[1], self._where)
        except RefusedInputError:
            decided_at = None  # some programs write the clock of their country
        return ExchangeSpan(
            id=id_,
            kind=code.kind,
            label=code.name,
            fragments=fragments,
            quote=quote_of(self._text, fragments),
            actor=actor,
            fields=self._project.fields.get(first.guid, {}),
            note=first.note,
            is_flagged=first.is_flagged,
            analyst=decided[0],
            decided_at=decided_at,
        )

    def _unit(self, selections: Iterable[_Selection]) -> Unit:
        """Return what the positions count. Many programs name a selection by its words, or the first of them."""
        fits: Counter[Unit] = Counter()
        told = [(s.range, s.words.rstrip("….")) for s in selections if s.words and s.range[0] < s.range[1]]
        for unit in _UNITS:
            offsets = Offsets(self._text, unit)
            for place, words in told:
                found = offsets.ranges([place])
                if found and _begins(self._text[slice(*found[0])], words):
                    fits[unit] += 1
        if fits:
            return max(_UNITS, key=lambda unit: fits[unit])
        return likely_unit(self._text, [selection.range for selection in selections], _UNITS)

    def _joined_parts(self, selections: Sequence[_Selection]) -> Iterator[list[_Selection]]:
        """Yield selections, those that continue others (with the same codes, without overlap) together with them."""
        by_id = {selection.guid: selection for selection in selections}
        next_of: dict[str, str] = {}
        for selection in selections:
            for name, target in self._project.links.get(selection.guid, []):
                other = by_id.get(target)
                if name == CONTINUED and other is not None and _continues(selection, other):
                    next_of.setdefault(selection.guid, target)
        continuing = set(next_of.values())
        for selection in selections:
            if selection.guid in continuing:
                continue
            group, seen = [selection], {selection.guid}
            while (after := next_of.get(group[-1].guid)) is not None and after not in seen:
                seen.add(after)
                group.append(by_id[after])
            yield group

    def _links(
        self,
        selections: Sequence[_Selection],
        span_ids: Mapping[str, Sequence[str]],
        not_taken: NotTaken,
    ) -> Iterator[ExchangeLink]:
        """Yield the links between selections of this text; those between parts of one span are none."""
        count = 0
        for selection in selections:
            for name, target in self._project.links.get(selection.guid, []):
                from_id = next(iter(span_ids.get(selection.guid, ())), None)
                to_id = next(iter(span_ids.get(target, ())), None)
                if from_id == to_id and from_id is not None:
                    continue
                if from_id is None or to_id is None:
                    not_taken.add("links to something else than a selection of the same text")
                    continue
                count += 1
                yield ExchangeLink(f"l{count}", name or "link", from_id, to_id)


def _continues(first: _Selection, second: _Selection) -> bool:
    same = [code.guid for code, *_ in first.codings] == [code.guid for code, *_ in second.codings]
    return same and first.range[1] <= second.range[0]


def _begins(found: str, words: str) -> bool:
    """Return whether words of the text begin with those that a program kept of them."""
    kept = "".join(words.split())
    return bool(kept) and "".join(found.split()).startswith(kept)
