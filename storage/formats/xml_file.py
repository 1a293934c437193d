"""XML of strangers read piece by piece, and text made fit for XML.

No XML that annotation tools write has a document type, and only with one can it have entities, fetch other files or
grow without end: it is refused. (An attribute, in which UIMA keeps a document's text, may be of any size; libxml2
would expand entities there and stops at 10 MB, so this is read by expat.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

from storage.errors import RefusedInputError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: What XML 1.0 cannot hold, not even escaped.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

#: Expat looks at an attribute from its beginning with each piece that it gets, and a whole text may be one.
_PIECE_BYTES = 4 * 1024 * 1024

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_ESCAPED = re.compile('[&<>"\n\r\t]')


def subtrees(stream: IO[bytes], is_wanted: Callable[[str, int], bool], where: str) -> Iterator[Element]:
    """Yield the wanted elements, each with all that is in it; memory holds one of them.

    `is_wanted` gets an element's name, as `{namespace}name`, and its depth (the root's is 0). An element within a
    wanted one is not asked about.

    Raises:
        RefusedInputError: it is not XML, is cut off, or has a document type.
    """
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415  (only its type)

    from defusedxml.common import DefusedXmlException  # noqa: PLC0415  (only where XML is read)
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415

    above: list[Element] = []
    wanted_depth: int | None = None
    try:
        for event, element in iterparse(_AsXml10(stream), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                if wanted_depth is None and is_wanted(element.tag, len(above)):
                    wanted_depth = len(above)
                above.append(element)
                continue
            above.pop()
            if wanted_depth == len(above):
                wanted_depth = None
                yield element
            if wanted_depth is None and above:
                above[-1].remove(element)
    except DefusedXmlException as error:
        raise RefusedInputError(
            f"{where} has a document type (<!DOCTYPE …>), by which a file can draw in others or grow without end: "
            "Sayso reads none that has."
        ) from error
    except ParseError as error:
        line, column = error.position
        raise RefusedInputError(
            f"{where} is not sound XML at line {line:,}, character {column + 1:,}: it was cut off or changed by hand."
        ) from error
    except (ValueError, LookupError) as error:
        raise RefusedInputError(f"{where} is in an encoding that XML readers do not know: save it as UTF-8.") from error


class _AsXml10:
    """A stream of XML 1.1, which INCEpTION offers, as one of 1.0: expat knows no other, and few files need more."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        head = stream.read(64)
        self._head = re.sub(rb"""^(\xef\xbb\xbf)?(<\?xml version=["'])1\.1""", rb"\g<1>\g<2>1.0", head)

    def read(self, _size: int = -1) -> bytes:
        """Return the next bytes, as many as suit."""
        head, self._head = self._head, b""
        return head + self._stream.read(_PIECE_BYTES)


def escaped(text: str) -> str:
    """Return text for an attribute or element: marks escaped, what XML cannot hold replaced by U+FFFD one for one."""
    plain = NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return _ESCAPED.sub(lambda match: _ESCAPES[match.group()], plain)


def attributes(values: dict[str, str]) -> str:
    """Return attributes as they stand in a tag, each with a blank before it. The names must be XML names."""
    return "".join(f' {name}="{escaped(value)}"' for name, value in values.items())
