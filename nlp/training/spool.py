"""Write spaCy's DocBin files in bounded memory: tokens wait on disk until it is known which file they belong to.

A `DocBin` holds every token of a file in memory, twice while it is written. Here each Doc is encoded by a DocBin of
its own, its arrays go to spool files, and the final file (a zlib stream of one msgpack map, as
`DocBin.to_bytes` makes it) is put together from them piece by piece.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import srsly  # type: ignore[import-untyped]  # it ships no types
from spacy.tokens import DocBin

if TYPE_CHECKING:
    from spacy.tokens import Doc

#: Token attributes that differ from what the tokenizer makes anyway. DocBin adds the words and spaces.
_ATTRIBUTES = ("ENT_IOB", "ENT_TYPE")
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
    cats: dict[str, float]
    flags: dict[str, bool]
    span_groups: bytes
    user_data: bytes


class DocSpool:
    """Docs waiting in two files of a folder. About 200 bytes of memory a Doc, and each word once."""

    def __init__(self, folder: Path) -> None:
        self.entries: list[Entry] = []
        self._strings: set[str] = set()
        self._token_count = 0
        self._attributes = DocBin(attrs=_ATTRIBUTES).attrs
        self._tokens = (folder / "tokens").open("w+b")
        self._spaces = (folder / "spaces").open("w+b")

    def add(self, document_id: int, doc: Doc) -> None:
        """Encode a Doc into the spool; it is not needed afterwards."""
        single = DocBin(attrs=_ATTRIBUTES, store_user_data=True)
        single.add(doc)
        self._tokens.write(single.tokens[0].astype("uint64", copy=False).tobytes("C"))
        self._spaces.write(single.spaces[0].tobytes("C"))
        self._strings |= single.strings
        entry = Entry(
            document_id,
            self._token_count,
            len(doc),
            single.cats[0],
            single.flags[0],
            single.span_groups[0],
            single.user_data[0] or b"",
        )
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
        row = 8 * len(self._attributes)
        values: dict[str, Callable[[], Iterable[bytes]]] = {
            "version": lambda: [_packed("0.1")],
            "attrs": lambda: [_packed(self._attributes)],
            "tokens": lambda: self._stored(self._tokens, entries, row),
            "spaces": lambda: self._stored(self._spaces, entries, 1),
            "lengths": lambda: [_packed(lengths)],
            "strings": lambda: [_packed(sorted(self._strings))],
            "cats": lambda: [_packed([entry.cats for entry in entries])],
            "flags": lambda: [_packed([entry.flags for entry in entries])],
            "span_groups": lambda: [_packed([entry.span_groups for entry in entries])],
            "user_data": lambda: [_packed([entry.user_data for entry in entries])],
        }
        yield bytes([0x80 | len(values)])
        for key, chunks in values.items():
            yield _packed(key)
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


def _packed(value: Any) -> bytes:  # noqa: ANN401  (whatever msgpack knows)
    packed: bytes = srsly.msgpack_dumps(value)
    return packed
