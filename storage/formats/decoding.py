"""From bytes to text: which encoding a file has, and whether it is a text at all.

Marks (BOM) and strict UTF-8 decide; UTF-16 without a mark is taken where it is clear; everything else is a guess, by
the letters of languages (`alphabets`) or of charset-normalizer, which is told to the analyst. The text is the decoded
input, character for character: only a leading mark goes, line ends stay as they are.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple, NoReturn

import charset_normalizer

from storage.errors import RefusedInputError
from storage.formats.alphabets import latin_codec
from storage.text import check_text

#: Larger files are refused: a text of this size takes 64 to 256 MB of memory, and no reader works through it.
MAX_TEXT_BYTES = 64 * 1024 * 1024

#: UTF-32 before UTF-16, whose little-endian mark it begins with.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: How files begin that are often renamed to .txt, what they are, and how their names end if Sayso reads them.
_MAGIC = (
    (b"%PDF-", "a PDF document", ".pdf"),
    (b"{\\rtf", "a Rich Text (RTF) document", ".rtf"),
    (b"PK\x03\x04", "a ZIP archive or an Office document (DOCX, ODT, EPUB, XLSX)", ".zip, .docx, .odt, .epub or .xlsx"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (DOC, XLS, PPT) or a mail of Outlook", ""),
    (b"%!PS", "a PostScript document", ""),
    (b"SQLite format 3\0", "a database (a Sayso project is opened, not imported)", ""),
    (b"\x1f\x8b", "a gzip archive", ""),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", ""),
    (b"Rar!\x1a\x07", "a RAR archive", ""),
    (b"\x89PNG\r\n", "an image", ""),
    (b"\xff\xd8\xff", "an image", ""),
    (b"GIF8", "an image", ""),
    (b"\x7fELF", "a program", ""),
)

#: C0 controls but tab, line ends, form feed, end-of-file (DOS) and escape: no text has many of them.
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})

#: Dashes, quotation marks, dots, bullets, signs: what English texts of Windows hold beyond ASCII, the same in all of
#: windows-1250 to 1258. With nothing else to go by charset-normalizer takes “it’s over” for Chinese (Big5).
_WINDOWS_PUNCTUATION = bytes(
    [0x80, 0x82, 0x84, 0x85, 0x8B, *range(0x91, 0x98), 0x99, 0x9B, 0xA0, 0xA7, 0xA9, 0xAB, 0xBB]
)
_ASCII = bytes(range(128))

_SAMPLE_BYTES = 256 * 1024
_SAMPLE_PIECES = 64
_HIRAGANA = re.compile("[\u3041-\u3096]")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


class Decoded(NamedTuple):
    """A text with the encoding it was read in. `is_guess` is true where the analyst should look at it."""

    text: str
    encoding: str
    is_guess: bool


def decode(data: bytes, *, where: str = "The file", encoding: str | None = None) -> Decoded:
    """Return the text that the bytes hold, checked by `storage.text.check_text`.

    `encoding` overrules what would be found. `where` begins the sentences of refusals. Reads 50 MB of UTF-8 in about
    0.1 s, of a legacy encoding in about 1 s (charset-normalizer sees samples only).

    Raises:
        RefusedInputError: the bytes are no text, break the rules of their encoding, or hold what no text may.
    """
    if not data:
        raise RefusedInputError(f"{where} is empty: there is nothing to label, so leave it out.")
    _refuse_known_binaries(data, where)
    decoded = _decode_as(data, encoding, where) if encoding else _decode_unknown(data, where)
    check_text(decoded.text, where=where)
    return decoded


def _decode_as(data: bytes, encoding: str, where: str) -> Decoded:
    """Decode as the analyst says."""
    try:
        codec = codecs.lookup(encoding).name
        text = data.decode(codec)
    except LookupError:
        raise RefusedInputError(f"{where} cannot be read as “{encoding}”: there is no such text encoding.") from None
    except UnicodeDecodeError as error:
        _refuse_broken(data, codec, error, where)
    return Decoded(text.removeprefix("\ufeff") if codec.startswith("utf") else text, _display_name(codec), False)


def _decode_unknown(data: bytes, where: str) -> Decoded:
    """Decode by the mark, as UTF-16 that shows itself, as UTF-8, or by the best guess."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decode_as(data, codec, where)
    if wide := _wide_codec(data):
        return _decode_as(data, wide, where)._replace(is_guess=True)
    _refuse_many_controls(data, where)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", False)
    except UnicodeDecodeError as error:
        with suppress(UnicodeDecodeError):  # lone surrogates are told by the rules of texts
            return Decoded(data.decode("utf-8", "surrogatepass"), "utf-8", False)
        if _is_nearly_utf8(data, error):
            _refuse_broken(data, "utf-8", error, where)
    return _decode_by_guess(data, where)


def _decode_by_guess(data: bytes, where: str) -> Decoded:
    """Decode a legacy encoding by the first guess that fits the whole file."""
    for codec in _guesses(data):
        try:
            return Decoded(data.decode(codec), _display_name(codec), True)
        except UnicodeDecodeError:
            continue
    raise RefusedInputError(
        f"{where} is in an encoding that Sayso does not recognise, or is not a text: save it as UTF-8 and import that."
    )


def _guesses(data: bytes) -> Iterator[str]:
    """Yield codecs, the best first."""
    if not data.translate(None, _ASCII + _WINDOWS_PUNCTUATION):
        yield "cp1252"
    sample = _sample(data)
    if codec := latin_codec(sample):
        yield codec
    matches = list(charset_normalizer.from_bytes(sample))
    # Shift-JIS also reads as Korean (cp949), but only in Japanese does hiragana come out.
    matches.sort(key=lambda match: len(_HIRAGANA.findall(str(match))) * 20 < len(str(match)))
    for match in matches:
        # Of several names for equal text, the one that most files of the kind have is what people expect to read.
        yield "cp1252" if "cp1252" in match.could_be_from_charset else match.encoding


def _refuse_known_binaries(data: bytes, where: str) -> None:
    head = data.removeprefix(codecs.BOM_UTF8)[:1024].lstrip(b" \t\r\n")
    for magic, kind, ending in _MAGIC:
        if head.startswith(magic):
            raise RefusedInputError(
                f"{where} is not a plain text, whatever its name says: it begins like {kind}. "
                + (f"Let its name end in {ending}" if ending else "Save its text as a UTF-8 text file")
                + ", and import that."
            )


def _refuse_many_controls(data: bytes, where: str) -> None:
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > max(3, len(data) // 100):
        raise RefusedInputError(
            f"{where} is not a text: {controls:,} of its {len(data):,} bytes are control characters. "
            "Save its text as a UTF-8 text file and import that."
        )


def _refuse_broken(data: bytes, codec: str, error: UnicodeDecodeError, where: str) -> NoReturn:
    width = 4 if codec.startswith("utf-32") else 2 if codec.startswith("utf-16") else 1
    end_of_line = b"\n" + b"\0" * (width - 1) if codec.endswith("-le") else b"\0" * (width - 1) + b"\n"
    line = data.count(end_of_line, 0, error.start) + 1
    raise RefusedInputError(
        f"{where} reads as {_display_name(codec)}, but is broken on line {line:,} (byte {error.start + 1:,}): it was "
        "cut off, or mixes two encodings; save it again as UTF-8."
    ) from error


def _is_nearly_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    """Say whether the bytes are UTF-8 but for some damage: a guess would garble all that is sound.

    In a legacy encoding next to nothing beyond ASCII happens to be sound UTF-8.
    """
    sound = data.decode("utf-8", "ignore")
    damaged_bytes = len(data) - len(sound.encode("utf-8"))
    sound_beyond_ascii = len(sound) - len(sound.encode("ascii", "ignore"))
    is_cut_off = error.reason == "unexpected end of data"
    return sound_beyond_ascii >= (1 if is_cut_off else 4 * damaged_bytes)


def _wide_codec(data: bytes) -> str | None:
    """Return the UTF-16 codec that data without a mark clearly has, if any.

    In the right byte order blanks, line ends, digits and punctuation come up as such; in the wrong one they do not.
    """
    sample = data[:_SAMPLE_BYTES]
    if len(data) % 2 or b"\0" not in sample or _is_narrow(sample):
        return None
    shares = {codec: _plain_share(sample, codec) for codec in ("utf-16-le", "utf-16-be")}
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] > max(0.03, 3 * min(shares.values())) else None


def _is_narrow(sample: bytes) -> bool:
    """Say whether the sample is a text of single bytes or UTF-8 with a NUL here and there."""
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 10 < len(sample) and len(sample.decode("utf-8", "ignore").encode()) > len(sample) - 4


def _plain_share(sample: bytes, codec: str) -> float:
    """Return the share of ASCII and of CJK punctuation in the decoded sample; 0 if it cannot be a text."""
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return 0.0
    plain = sum(
        " " <= c <= "~" or c in "\t\n\r" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uff5e" for c in text
    )
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in "\t\n\r\f" for c in text)
    return plain / len(text) if text and odd * 100 <= len(text) else 0.0


def _sample(data: bytes) -> bytes:
    """Return the file, or of a large one pieces from all over it where something beyond ASCII stands."""
    return data if len(data) <= _SAMPLE_BYTES else b"\n".join(_pieces(data))


def _pieces(data: bytes) -> Iterator[bytes]:
    """Cut pieces at white space: its bytes are never part of a longer character in any legacy encoding."""
    size, stride = _SAMPLE_BYTES // _SAMPLE_PIECES, len(data) // _SAMPLE_PIECES
    hit = _BEYOND_ASCII.search(data)
    while hit:
        begin = max(hit.start() - size // 2, 0)
        begin = max(data.rfind(b"\n", begin, hit.start()), data.rfind(b" ", begin, hit.start())) + 1 or hit.start()
        piece = data[begin : begin + size]
        yield piece[: max(piece.rfind(b"\n"), piece.rfind(b" ")) + 1] or piece
        hit = _BEYOND_ASCII.search(data, max(begin + size, hit.start() + stride))


def _display_name(codec: str) -> str:
    """Return the name that people know: windows-1252 for cp1252, iso-8859-1 for iso8859_1."""
    name = codec.lower().replace("_", "-")
    return re.sub(r"^iso8859", "iso-8859", re.sub(r"^cp125", "windows-125", name))
