"""Mails (EML): the plain text of the message, or what its HTML says. Reads only; attachments are named, not read."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import email.utils
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import IO

from storage.errors import RefusedInputError
from storage.formats.dates import iso_date
from storage.formats.decoding import Decoded, decode
from storage.formats.exchange import ExchangeDocument
from storage.formats.incoming import document, joined, read_all
from storage.formats.markup import decode_markup, paragraphs_of, parse_html
from storage.formats.naming import display_name, showable

#: One of these at least is in every mail.
_HEADERS = ("From", "To", "Subject", "Date", "Received", "Message-ID", "Return-Path")

#: What the library raises on headers and parts that break the rules; "never" says its documentation, and does.
_BROKEN = (
    *(email.errors.MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError),
    *(RecursionError, ArithmeticError),
)

#: The library takes time that grows with the square of a header's length.
_MAX_KIND_BYTES = 4 * 1024
_MAX_HEADER_CP = 4 * 1024
_KIND_HEADER = re.compile(rb"^content-(?:type|disposition):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class _Parts:
    """What a mail is made of, as far as it is looked at."""

    plain: list[Message] = field(default_factory=list)
    html: list[Message] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of an EML file."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream: subject as title, sender as source, the day of sending as date.

    `encoding` overrules what the mail says of its body.

    Raises:
        RefusedInputError: it is no mail, or has no text.
    """
    message, parts = _parsed(read_all(stream, name), name)
    if not (parts.plain or parts.html):
        raise RefusedInputError(f"{name} has no text of its own: import what is attached to it.")
    is_html = not parts.plain
    content, text = _text((parts.plain or parts.html)[0], name, encoding, is_html=is_html)
    sent = _header(message, "Date")
    yield document(
        name,
        text,
        extraction="text of a mail, made from HTML" if is_html else "text of a mail",
        title=_header(message, "Subject"),
        source=_header(message, "From"),
        date=_day(sent),
        language=_header(message, "Content-Language"),
        encoding=content.encoding,
        meta={
            "to": _header(message, "To"),
            "cc": _header(message, "Cc"),
            "sent": sent,
            "message_id": _header(message, "Message-ID"),
            "attachments": parts.attachments,
            "encoding_is_guess": True if content.is_guess else None,
        },
        nothing="has no text of its own",
    )


def _parsed(data: bytes, name: str) -> tuple[Message, _Parts]:
    if any(len(found.group()) > _MAX_KIND_BYTES for found in _KIND_HEADER.finditer(data)):
        raise RefusedInputError(f"{name} has a part whose head goes on and on: it is damaged, or made to do harm.")
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        parts = _Parts()
        _gather(message, parts)
    except _BROKEN as error:
        raise RefusedInputError(f"{name} is not a mail that can be read: its parts contradict each other.") from error
    if not any(header in message for header in _HEADERS):
        raise RefusedInputError(f"{name} is not a mail, whatever its name says: it has no sender, subject or date.")
    return message, parts


def _gather(message: Message, parts: _Parts) -> None:
    """Sort the parts of a mail; mails within it are attachments."""
    payload = message.get_payload()
    kind = message.get_content_type()
    if isinstance(payload, list) and kind != "message/rfc822":
        for part in payload:
            if isinstance(part, Message):
                _gather(part, parts)
    elif message.get_content_disposition() == "attachment" or message.get_filename() or not kind.startswith("text/"):
        parts.attachments.append(showable(_decoded_words(message.get_filename() or kind)))
    elif kind == "text/html":
        parts.html.append(message)
    else:
        parts.plain.append(message)


def _text(part: Message, name: str, encoding: str | None, *, is_html: bool) -> tuple[Decoded, str]:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        raise RefusedInputError(f"{name} has no text of its own: there is nothing to label, so leave it out.")
    named = encoding or part.get_content_charset()
    if is_html:
        decoded = decode_markup(data, where=name, encoding=encoding)
        return decoded, joined(paragraphs_of(parse_html(decoded.text, name)))
    decoded = _decoded(data, name, named, is_wish=encoding is not None)
    return decoded, decoded.text.strip("\r\n")


def _decoded(data: bytes, name: str, named: str | None, *, is_wish: bool) -> Decoded:
    """Decode as the analyst or the mail says; a mail that is wrong about itself is read as any file."""
    if named and named != "us-ascii":
        try:
            return decode(data, where=name, encoding=named)
        except RefusedInputError:
            if is_wish:
                raise
    return decode(data, where=name)


def _header(message: Message, name: str) -> str:
    return _decoded_words(str(message.get(name, "")))


def _decoded_words(said: str) -> str:
    """Return a header on one line, as far as it can be read; what goes on without end is cut."""
    said = said[:_MAX_HEADER_CP]
    with suppress(*_BROKEN):  # an encoding that nobody knows, or no such words: shown as it stands
        said = str(email.header.make_header(email.header.decode_header(said)))
    return " ".join(said.encode("utf-8", "replace").decode("utf-8").replace("\0", "").split())


def _day(sent: str) -> str | None:
    try:
        return iso_date(email.utils.parsedate_to_datetime(sent))
    except _BROKEN:
        return iso_date(sent)
