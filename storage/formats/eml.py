"""Mails (EML): the plain text of the message, or what its HTML says. Reads only; attachments are named, not read."""

from __future__ import annotations

import email
import email.errors
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import IO

from storage.errors import RefusedInputError
from storage.formats.dates import iso_date
from storage.formats.decoding import Decoded, decode
from storage.formats.exchange import ExchangeDocument
from storage.formats.incoming import document, joined, read_all
from storage.formats.markup import decode_markup, paragraphs_of, parse_html
from storage.formats.naming import display_name

#: One of these at least is in every mail.
_HEADERS = ("From", "To", "Subject", "Date", "Received", "Message-ID", "Return-Path")

#: What the library raises on headers and parts that break the rules; "never" says its documentation, and does.
_BROKEN = (
    *(email.errors.MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError),
    RecursionError,
)


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
    data = read_all(stream, name)
    message = _parsed(data, name)
    body, is_html = _body(message)
    if body is None:
        raise RefusedInputError(f"{name} has no text of its own: import what is attached to it.")
    content, text = _text(body, name, encoding, is_html=is_html)
    yield document(
        name,
        text,
        extraction="text of a mail, made from HTML" if is_html else "text of a mail",
        title=_header(message, "Subject"),
        source=_header(message, "From"),
        date=_date(message),
        language=_header(message, "Content-Language"),
        encoding=content.encoding,
        meta={
            "to": _header(message, "To"),
            "cc": _header(message, "Cc"),
            "sent": _header(message, "Date"),
            "message_id": _header(message, "Message-ID"),
            "attachments": _attachments(message),
            "encoding_is_guess": True if content.is_guess else None,
        },
        nothing="has no text of its own",
    )


def _parsed(data: bytes, name: str) -> EmailMessage:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
    except _BROKEN as error:
        raise RefusedInputError(f"{name} is not a mail that can be read: its parts contradict each other.") from error
    if not any(header in message for header in _HEADERS):
        raise RefusedInputError(f"{name} is not a mail, whatever its name says: it has no sender, subject or date.")
    return message


def _body(message: EmailMessage) -> tuple[EmailMessage | None, bool]:
    """Return the part to read, plain text first, and whether it is HTML."""
    try:
        for kind in ("plain", "html"):
            part = message.get_body((kind,))
            if isinstance(part, EmailMessage):
                return part, kind == "html"
    except _BROKEN:
        pass  # parts that contradict each other: there is no text that could be told from the rest
    return None, False


def _text(part: EmailMessage, name: str, encoding: str | None, *, is_html: bool) -> tuple[Decoded, str]:
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


def _header(message: EmailMessage, name: str) -> str:
    """Return a header on one line; broken ones as far as they can be read."""
    try:
        value = message.get(name)
    except _BROKEN:
        return ""
    shown = " ".join(str(value or "").split())
    return shown.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _date(message: EmailMessage) -> str | None:
    try:
        header = message.get("Date")
    except _BROKEN:
        return None
    return iso_date(getattr(header, "datetime", None))


def _attachments(message: EmailMessage) -> list[str]:
    try:
        parts = list(message.iter_attachments()) if message.is_multipart() else []
    except _BROKEN:
        return []
    return [display_name(Path(part.get_filename() or part.get_content_type())) for part in parts]
