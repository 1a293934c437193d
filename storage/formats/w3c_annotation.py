"""One W3C Web Annotation looked through: what it is about, what it says, and which others it joins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from storage.formats.json_object import JsonObject

#: Targets and pages within each other beyond this have no end.
MOST_DEEP = 20


@dataclass(slots=True)
class Part:
    """One stretch that an annotation is about, by position, by words, or both."""

    source: str
    range: tuple[int, int] | None = None
    exact: str | None = None
    prefix: str = ""
    suffix: str = ""


@dataclass(slots=True)
class Annotation:
    """One annotation, looked through."""

    data: JsonObject
    name: str
    id: str = ""
    motivations: tuple[str, ...] = ()
    parts: list[Part] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    target_ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        rest = self.data.rest
        self.id = str(rest.get("id") or rest.get("@id") or self.data.place_of(""))
        self.motivations = tuple(words_of(rest.get("motivation")))
        self._take_target(rest.get("target") or rest.get("hasTarget"))

    @property
    def where(self) -> str:
        """The place of the annotation, for sentences."""
        return f"{self.name}: “{self.data.place_of('target')}”"

    @property
    def is_linking(self) -> bool:
        """Whether it joins annotations."""
        return "linking" in self.motivations and bool(self.target_ids)

    def sources(self) -> list[str]:
        """Return the documents that it is about."""
        return [] if self.is_linking else list(dict.fromkeys(part.source for part in self.parts))

    def bodies(self) -> list[dict[str, Any]]:
        """Return its bodies as objects; a string is the address of one."""
        found = self.data.rest.get("body", self.data.rest.get("bodyValue"))
        listed = found if isinstance(found, list) else [] if found is None else [found]
        if "bodyValue" in self.data.rest:
            listed = [{"type": "TextualBody", "value": each} for each in listed]
        return [each if isinstance(each, dict) else {"source": each} for each in listed]

    def ends(self) -> tuple[str, str]:
        """Return the ids of the two annotations that it joins; "" for one that is not told."""
        ends = list(self.target_ids)
        for body in self.bodies():
            end = body.get("source") or body.get("id")
            if isinstance(end, str) and body.get("purpose", "linking") == "linking":
                ends.append(end)
        return (ends[0], ends[1]) if len(ends) > 1 else (ends[0] if ends else "", "")

    def _take_target(self, target: object, depth: int = 0) -> None:
        several = target.get("items") if isinstance(target, dict) else target  # a composite, a list, a choice
        if isinstance(several, list):
            if depth > MOST_DEEP:
                self.data.refuse("target", "has lists within lists without end")
            for each in several:
                self._take_target(each, depth + 1)
        elif isinstance(target, str):
            self.target_ids.append(target)
        elif isinstance(target, dict):
            source = self._source(target)
            if "selector" not in target and not target.get("source"):
                self.target_ids.append(source)
            else:
                self.parts += self._parts(source, target.get("selector"))

    def _source(self, target: dict[str, Any]) -> str:
        source = target.get("source") or target.get("id") or ""
        if isinstance(source, dict):
            text, source = source.get("value"), str(source.get("id", ""))
            if isinstance(text, str):
                self.texts[source] = text
        if not isinstance(source, str):
            self.data.refuse("target", "does not say which text it is in (source)")
        return source

    def _parts(self, source: str, selector: object) -> list[Part]:
        """Return the stretches that selectors choose: each position is one, and words go with positions in turn."""
        listed = [each for each in (selector if isinstance(selector, list) else [selector]) if isinstance(each, dict)]
        found = [
            self._position(source, each) for each in listed if "TextPositionSelector" in words_of(each.get("type"))
        ]
        quotes = [each for each in listed if "TextQuoteSelector" in words_of(each.get("type"))]
        if not found:
            found = [Part(source) for _ in quotes]
        if len(quotes) == len(found):
            for part, words in zip(found, quotes, strict=True):
                part.exact, part.prefix, part.suffix = (string_of(words, key) for key in ("exact", "prefix", "suffix"))
        return found or [Part(source)]

    def _position(self, source: str, selector: dict[str, Any]) -> Part:
        start, end = selector.get("start"), selector.get("end")
        if type(start) is not int or type(end) is not int:
            self.data.refuse("target", "has a TextPositionSelector without whole numbers as start and end")
        return Part(source, (start, end))


def words_of(value: object) -> list[str]:
    """Return the words of a value that may be one or several, without their namespaces (`oa:linking`)."""
    listed = value if isinstance(value, list) else [value]
    return [each.rpartition(":")[2].rpartition("#")[2] for each in listed if isinstance(each, str)]


def string_of(data: dict[str, Any], key: str) -> str:
    """Return a value if it is a string, else nothing."""
    value = data.get(key)
    return value if isinstance(value, str) else ""
