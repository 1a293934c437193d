"""Documents that are ZIP files of XML parts (DOCX, ODT, EPUB): opened within bounds, their XML read without trust.

Only parts that are asked for are unpacked. XML brings no entities in, neither from the file nor from elsewhere.
"""

from __future__ import annotations

import io
from typing import IO, Any

from lxml import etree

from storage.errors import RefusedInputError
from storage.formats.incoming import read_all
from storage.formats.zipped import open_zip, read_member

#: A part of XML takes about six times its size in memory; 32 MB hold a book of 10,000 pages.
MAX_PART_BYTES = 32 * 1024 * 1024

#: Documents may hold many large pictures, which are not unpacked.
_MAX_PACKAGE_BYTES = 256 * 1024 * 1024


class Package:
    """The parts of one document. `name` is the file's, `kind` what it should be (“a Word document”)."""

    def __init__(self, stream: IO[bytes], name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        data = read_all(stream, name, _MAX_PACKAGE_BYTES)
        if not data:
            raise RefusedInputError(f"{name} is empty: there is nothing to label, so leave it out.")
        self._zip = open_zip(io.BytesIO(data), name, kind)
        self._members = {member.filename: member for member in self._zip.infolist()}

    def __contains__(self, part: str) -> bool:
        return part in self._members

    def data(self, part: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            RefusedInputError: it is not there, too large, encrypted or damaged.
        """
        member = self._members.get(part)
        if member is None:
            raise RefusedInputError(f"{self.name} is not {self.kind}, or is damaged: it has no part “{part}”.")
        return read_member(self._zip, member, f"{self.name}: its part “{part}”", MAX_PART_BYTES)

    def xml(self, part: str) -> etree._Element:
        """Return the root of a part, as `parse_xml` reads it."""
        return parse_xml(self.data(part), f"{self.name}: its part “{part}”")

    def optional_xml(self, part: str) -> etree._Element | None:
        """Return the root of a part; None if there is no such part."""
        return self.xml(part) if part in self else None


def parse_xml(data: bytes, where: str) -> etree._Element:
    """Return the root of an XML file whose writer is not trusted; comments and instructions are left out.

    Raises:
        RefusedInputError: it is not XML, is nested or large beyond the limits of libxml2, or declares entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise RefusedInputError(f"{where} is damaged on line {line:,}: it is not sound XML. Get it anew.") from error
    dtd: Any = root.getroottree().docinfo.internalDTD  # lxml's stubs know no entities
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise RefusedInputError(
            f"{where} declares entities of its own, as no program writes them and as files do that are made to do "
            "harm: it was not read."
        )
    return root
