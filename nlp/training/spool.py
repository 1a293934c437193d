"""Write spaCy's DocBin files in bounded memory: tokens wait on disk until it is known which file they belong to.

A `DocBin` holds every token of a file in memory, twice while it is written. Here the arrays of each Doc go to spool
files at once, and the final file (a zlib stream of one msgpack map, as `DocBin.to_bytes` makes it, version 0.1) is put
together from them piece by piece.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
from spacy.tokens import DocBin
from srsly.msgpack import Packer  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from spacy.tokens import Doc

#: The words, which DocBin wants first, and what differs from what a tokenizer makes anyway.
_ATTRIBUTES: list[int | str] = [*DocBin(attrs=["ENT_IOB", "ENT_TYPE"]).attrs]
_FLAGS = {"has_unknown_spaces": False}
#: A msgpack byte string is at most this long, so no DocBin file can hold more.
_MAX_BYTES = 2**32 - 1


class TooManyTokensError(OverflowError):
    """A DocBin file cannot hold that many tokens (about 178 million)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A Doc in the spool: its small parts, and where its token arrays are."""

    document_id: int
    first_token: int
    token_count: int
    span_groups: bytes
    user_data: bytes


class DocSpool:
    """Docs waiting in two files of a folder. About 200 bytes of memory a Doc, and each word once."""

    def __init__(self, folder: Path) -> None:
        self.entries: list[Entry] = []
        self._strings: set[str] = set()
        self._token_count = 0
        # srsly looks through all installed packages each time it makes a packer, which takes as long as a Doc.
        self._pack = Packer(use_bin_type=True).pack
        self._tokens = (folder / "tokens").open("w+b")
        self._spaces = (folder / "spaces").open("w+b")

    def add(self, document_id: int, doc: Doc) -> None:
        """Encode a Doc into the spool; it is not needed afterwards."""
        self._tokens.write(doc.to_array(_ATTRIBUTES).astype("uint64", copy=False).tobytes("C"))
        self._spaces.write(doc.to_array(["SPACY"]).astype(bool).tobytes("C"))
        self._strings.update(token.text for token in doc)
        self._strings.update(entity.label_ for entity in doc.ents)
        self._strings.update(span.label_ for group in doc.spans.values() for span in group)
        user_data = self._pack(doc.user_data)
        entry = Entry(document_id, self._token_count, len(doc), doc.spans.to_bytes(), user_data)
        self.entries.append(entry)
        self._token_count += len(doc)

    def write(self, path: Path, entries: Sequence[Entry]) -> None:
        """Write some of the Docs as a DocBin file and force it to disk.

        Raises:
            TooManyTokensError: the format cannot hold them.
            OSError: the disk is full, say.
        """
        with path.open("wb") as file:
            packer = zlib.compressobj()
            for chunk in self._message(entries):
                file.write(packer.compress(chunk))
            file.write(packer.flush())
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        """Close the spool files."""
        self._tokens.close()
        self._spaces.close()

    def _message(self, entries: Sequence[Entry]) -> Iterator[bytes]:
        """Yield the bytes of the msgpack map that `DocBin.from_bytes` reads."""
        lengths = np.asarray([entry.token_count for entry in entries], dtype="int32").tobytes("C")
        row = 8 * len(_ATTRIBUTES)
        values: dict[str, Callable[[], Iterable[bytes]]] = {
            "version": lambda: [self._pack("0.1")],
            "attrs": lambda: [self._pack(_ATTRIBUTES)],
            "tokens": lambda: self._stored(self._tokens, entries, row),
            "spaces": lambda: self._stored(self._spaces, entries, 1),
            "lengths": lambda: [self._pack(lengths)],
            "strings": lambda: [self._pack(sorted(self._strings))],
            "cats": lambda: [self._pack([{} for _ in entries])],
            "flags": lambda: [self._pack([_FLAGS for _ in entries])],
            "span_groups": lambda: [self._pack([entry.span_groups for entry in entries])],
            "user_data": lambda: [self._pack([entry.user_data for entry in entries])],
        }
        yield bytes([0x80 | len(values)])
        for key, chunks in values.items():
            yield self._pack(key)
            yield from chunks()

    def _stored(self, file: IO[bytes], entries: Sequence[Entry], row_bytes: int) -> Iterator[bytes]:
        """Yield a msgpack byte string of the entries' rows in a spool file."""
        length = row_bytes * sum(entry.token_count for entry in entries)
        if length > _MAX_BYTES:
            raise TooManyTokensError(f"{length} bytes of tokens")
        yield b"\xc6" + struct.pack(">I", length)
        for entry in entries:
            file.seek(entry.first_token * row_bytes)
            yield file.read(entry.token_count * row_bytes)
