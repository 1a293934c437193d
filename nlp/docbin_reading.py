"""Reading spaCy's DocBin files, in a process of its own: `python -m nlp.docbin_reading FILE`.

A file of a stranger is hostile input. What holds it (msgpack in zlib) runs no code and knows no pickle (srsly decodes
numpy arrays, but none of objects), but it can unpack to any size, and numbers in it reach C code that trusts them. So
its size is checked before it is unpacked, memory is limited, and whatever still goes wrong ends this process only.

Each Doc goes to standard output as one line of JSON: `text`, `title`, `spans` (`start`, `end`, `label`, `is_wrong`,
`fields`; offsets are code points) and `meta`. A last line has `problem` with a sentence, or `end`.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

#: What a file may unpack to: some forty million words.
MOST_UNPACKED_BYTES = 1024 * 1024 * 1024
_MOST_MEMORY_BYTES = 8 * 1024 * 1024 * 1024
_PIECE_BYTES = 1024 * 1024

#: The groups in which Sayso's own exports keep what was rejected (`nlp.training.docs`).
_WRONG = {"incorrect_spans", "rejected"}


class DocBinError(Exception):
    """The file is not read; the text is one clear sentence for a person, without the file's name."""


def read_docbin(path: Path) -> Iterator[dict[str, Any]]:
    """Yield each Doc of a DocBin file as plain data; entities and span groups become spans, each counted once.

    Raises:
        DocBinError: the file is no DocBin, is damaged, or unpacks to more than `MOST_UNPACKED_BYTES`.
        OSError: it cannot be read.
    """
    from spacy.tokens import DocBin  # noqa: PLC0415  (two seconds, after the size is known to be sane)
    from spacy.vocab import Vocab  # noqa: PLC0415

    data = path.read_bytes()
    _check_size(data)
    vocab = Vocab()
    number = 0
    try:
        box = DocBin().from_bytes(data)
        del data
        for number, doc in enumerate(box.get_docs(vocab), start=1):
            yield _plain(doc, number)
    except MemoryError:
        raise DocBinError("it takes more memory than there is: split it and import the parts.") from None
    except Exception as error:
        where = f"after document {number:,}" if number else "from its beginning on"
        raise DocBinError(
            f"it is not a DocBin of spaCy, or is damaged {where} ({type(error).__name__}): export it anew."
        ) from error


def _check_size(data: bytes) -> None:
    """Unpack without keeping anything, and refuse what grows without end or is no zlib stream."""
    unpacker, size, rest = zlib.decompressobj(), 0, data
    try:
        while rest and not unpacker.eof:
            size += len(unpacker.decompress(rest, _PIECE_BYTES))
            rest = unpacker.unconsumed_tail
            if size > MOST_UNPACKED_BYTES:
                raise DocBinError(f"it unpacks to more than {MOST_UNPACKED_BYTES // 2**20:,} MB: split it.")
    except zlib.error as error:
        raise DocBinError("it is not a DocBin of spaCy: it is not compressed as one.") from error
    if not unpacker.eof:
        raise DocBinError("it was cut off: get it anew.")


def _plain(doc: Doc, number: int) -> dict[str, Any]:
    """Return a Doc as plain data."""
    spans: dict[tuple[int, int, str], dict[str, Any]] = {}
    for entity in doc.ents:
        _take(spans, entity, is_wrong=False)
    for name, group in doc.spans.items():
        for span in group:
            _take(spans, span, is_wrong=name in _WRONG)
    known = doc.user_data
    title = known.get("title") if isinstance(known.get("title"), str) else ""
    start = known.get("start_cp")
    part = f" (from {start:,})" if title and isinstance(start, int) and start > 0 else ""
    meta: dict[str, Any] = {"document": number}
    if doc.cats:
        meta["categories"] = {str(name): float(value) for name, value in doc.cats.items()}
    return {"text": doc.text, "title": f"{title}{part}", "spans": list(spans.values()), "meta": meta}


def _take(spans: dict[tuple[int, int, str], dict[str, Any]], span: Span, *, is_wrong: bool) -> None:
    """Take a span in, once: training data keep entities among the entities and in a group. What is right stays so."""
    key = span.start_char, span.end_char, span.label_
    fields = {name: value for name, value in (("kb_id", span.kb_id_), ("id", span.id_)) if value}
    found = spans.setdefault(
        key, {"start": key[0], "end": key[1], "label": key[2], "is_wrong": is_wrong, "fields": fields}
    )
    found["is_wrong"] = found["is_wrong"] and is_wrong


def main(arguments: list[str]) -> int:
    """Write the Docs of a file to standard output; return the exit code."""
    from nlp.offline import stay_offline  # noqa: PLC0415

    _limit_memory()
    stay_offline()
    out = sys.stdout
    sys.stdout = sys.stderr  # what libraries print is no line of ours
    last: dict[str, Any] = {"end": True}
    try:
        for document in read_docbin(Path(arguments[0])):
            out.write(json.dumps(document) + "\n")
    except DocBinError as error:
        last = {"problem": str(error)}
    except OSError as error:
        last = {"problem": f"it cannot be read: {error.strerror}."}
    out.write(json.dumps(last) + "\n")
    out.flush()
    return 0


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415  (POSIX only)
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MOST_MEMORY_BYTES if most == resource.RLIM_INFINITY else min(most, _MOST_MEMORY_BYTES)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
