"""A JSON object of a file, looked at key by key; whatever breaks a rule is named by its place (`spans[3].label`)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from storage.errors import RefusedInputError
from storage.records import Fragment

_Enum = TypeVar("_Enum", bound=StrEnum)
_Item = TypeVar("_Item")


class JsonObject:
    """A JSON object from which known keys are taken one by one; `rest` is what nobody has asked for.

    `place` is where it stands in the whole, empty for the whole.
    """

    def __init__(self, data: object, where: str, place: str = "") -> None:
        self._where = where
        self.place = place
        if not isinstance(data, dict):
            raise RefusedInputError(f"{where}: {place or 'it'} must be an object in braces, not {named(data)}.")
        self.rest: dict[str, Any] = dict(data)

    def refuse(self, key: str, fault: str) -> NoReturn:
        """Raise with the place of `key` and what is wrong there."""
        raise RefusedInputError(f"{self._where}: “{self.place_of(key)}” {fault}.")

    def place_of(self, key: str) -> str:
        """Return the place of `key` in the whole, as sentences name it."""
        return f"{self.place}.{key}" if self.place else key

    def text(self) -> str:
        """Return the text of a document."""
        text = self.rest.pop("text", None)
        if not isinstance(text, str):
            hint = "; if another key holds it, import it as a table (--format table)" if text is None else ""
            self.refuse("text", f"must be the text of the document, not {named(text)}{hint}")
        return text

    def identity(self, key: str) -> str:
        """Return an id: a string that is not empty, or a whole number, as its digits."""
        if isinstance(self.rest.get(key), int) and not isinstance(self.rest[key], bool):
            return str(self.rest.pop(key))
        return self.required(key)

    def required(self, key: str) -> str:
        """Return a string that must be there and not be blank."""
        value = self.rest.pop(key, None)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, f"must be a string that is not blank, not {named(value)}")
        return value

    def optional(self, key: str) -> str | None:
        """Return a string, or None if it is missing or null."""
        value = self.rest.pop(key, None)
        if value is not None and not isinstance(value, str):
            self.refuse(key, f"must be a string, not {named(value)}")
        return value

    def string_or_leave(self, key: str) -> str | None:
        """Return a string, or None; leave what is not a string where it is."""
        value = self.rest.get(key)
        if value is None or isinstance(value, str):
            self.rest.pop(key, None)
            return value
        return None

    def identity_or_leave(self) -> str | None:
        """Return `id`, a string or a whole number, as a string; leave anything else where it is."""
        value = self.rest.get("id")
        if type(value) is int:
            self.rest["id"] = str(value)
        return self.string_or_leave("id") or None

    def choice(self, key: str, kind: type[_Enum], default: _Enum | None = None) -> _Enum:
        """Return the member of `kind` with this value; the default if it is missing."""
        value = self.rest.pop(key, default)
        try:
            return kind(value)
        except ValueError:
            self.refuse(key, f"must be one of {', '.join(kind)}, not {named(value)}")

    def score(self) -> float | None:
        """Return a number from 0 to 1, or None."""
        value = self.rest.pop("score", None)
        if value is None:
            return None
        if type(value) not in {int, float} or not 0 <= value <= 1:
            self.refuse("score", f"must be a number from 0 to 1, not {named(value)}")
        return float(value)

    def moment(self, key: str) -> str | None:
        """Return a date and time of ISO 8601 as it was written, or None."""
        value = self.optional(key)
        if value is not None:
            try:
                datetime.datetime.fromisoformat(value)
            except ValueError:
                self.refuse(key, f"must be a date and time like 2024-03-19T10:42:00Z, not {named(value)}")
        return value

    def offset(self, key: str) -> int:
        """Return a whole number that must be there."""
        value = self.rest.pop(key, None)
        if type(value) is not int:
            self.refuse(key, f"must be a whole number, not {named(value)}")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false if it is missing."""
        value = self.rest.pop(key, None) or False
        if not isinstance(value, bool):
            self.refuse(key, f"must be true or false, not {named(value)}")
        return value

    def strings(self, key: str) -> Mapping[str, str]:
        """Return an object whose values are all strings; an empty one if it is missing."""
        value = self.rest.pop(key, None)
        if not value:
            value = {}
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            self.refuse(key, f"must be an object whose values are strings, not {named(value)}")
        return value

    def list_of(self, key: str) -> list[Any]:
        """Return a list; an empty one if it is missing."""
        value = self.rest.pop(key, None)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(key, f"must be a list, not {named(value)}")
        return value

    def each(self, key: str) -> list[JsonObject]:
        """Return the objects of a list, whatever else they hold; an empty list if it is missing."""
        return [
            JsonObject(value, self._where, f"{self.place_of(key)}[{index}]")
            for index, value in enumerate(self.list_of(key))
        ]

    def items(self, key: str, make: Callable[[JsonObject], _Item]) -> tuple[_Item, ...]:
        """Return what `make` makes of the objects of a list; each must be used up."""
        made = []
        for item in self.each(key):
            made.append(make(item))
            for unknown in item.rest:
                item.refuse(unknown, "is not a key that Sayso knows there, and nothing is dropped in silence")
        return tuple(made)

    def ranges(self, key: str, length_cp: int) -> tuple[Fragment, ...]:
        """Return [start, end] pairs of code points within a text of this length, none of them empty."""
        ranges = []
        for pair in self.list_of(key):
            if not (isinstance(pair, list) and len(pair) == 2 and type(pair[0]) is type(pair[1]) is int):
                self.refuse(key, f"must be pairs [start, end] of whole numbers, not {named(pair)}")
            start_cp, end_cp = pair
            if not 0 <= start_cp < end_cp <= length_cp:
                self.refuse(key, f"has {pair}, which is empty or not within the text of {length_cp:,} characters")
            ranges.append(Fragment(start_cp, end_cp))
        return tuple(ranges)


def named(value: object) -> str:
    """Return a value as a sentence can hold it: on one line, short, and of lists and objects no more than needed."""
    match value:
        case None:
            return "nothing"
        case str():
            shown = " ".join(value[:200].split())
            return f"“{shown[:40]}…”" if len(shown) > 40 else f"“{shown}”"
        case dict():
            return "an object"
        case list() if len(value) > 4 or any(isinstance(item, list | dict | str) for item in value):
            return "a list"
        case _:
            return str(value)[:40]
