"""Mails: the message comes in with who wrote it and when; what is attached is named."""

import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from storage.errors import RefusedInputError
from storage.formats.eml import read


def mail(**headers: str) -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = "Häfen 🚢 of Velmar"
    made["From"] = "Ána Taval <ana@orsk.invalid>"
    made["To"] = "desk@velmar.invalid"
    made["Date"] = datetime.datetime(2024, 3, 19, 23, 30, tzinfo=datetime.UTC)
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    return made


def saved(folder: Path, message: EmailMessage | bytes) -> Path:
    path = folder / "a.eml"
    path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
    return path


def test_plain_text_comes_before_html(tmp_path: Path):
    message = mail()
    message.set_content("Velmar waits.\n\nOrsk – “not”.\n")
    message.add_alternative("<p>HTML</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="accord.pdf")

    (document,) = read(saved(tmp_path, message))

    assert document.text == "Velmar waits.\n\nOrsk – “not”."
    assert (document.title, document.source) == ("Häfen 🚢 of Velmar", "Ána Taval <ana@orsk.invalid>")
    assert document.date == "2024-03-19"
    assert document.meta["attachments"] == ["accord.pdf"]
    assert document.meta["to"] == "desk@velmar.invalid"


def test_html_alone_is_made_plain(tmp_path: Path):
    message = mail()
    message.set_content(
        "<style>p {}</style><p>Velmar<br>waits.</p><script>evil()</script><p>Orsk too.</p>", subtype="html"
    )

    (document,) = read(saved(tmp_path, message))

    assert document.text == "Velmar\nwaits.\n\nOrsk too."
    assert "HTML" in document.meta["extraction"]


@pytest.mark.parametrize(("charset", "is_told"), [("koi8-r", True), ("windows-1251", True), ("utf-8", False)])
def test_encoding_of_the_body_is_what_the_mail_says(tmp_path: Path, charset: str, is_told: bool):
    message = mail()
    message.set_content("Вельмар ждёт.", charset=charset)

    (document,) = read(saved(tmp_path, message))

    assert document.text == "Вельмар ждёт."
    assert "encoding_is_guess" not in document.meta


def test_mail_that_is_wrong_about_itself_is_still_read(tmp_path: Path):
    head = "Subject: =?x?Q?broken?=\r\nDate: whenever\r\nContent-Type: text/plain; charset=nonsense\r\n\r\n"
    data = f"{head}Velmar “waits”.".encode()

    (document,) = read(saved(tmp_path, data))

    assert document.text == "Velmar “waits”."
    assert document.date is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"Just some words without a head.", "is not a mail"),
        (b"", "is not a mail"),
        (b"\x00\x01\x02" * 50, "is not a mail"),
        (b"Subject: x\r\n\r\n", "has no text of its own"),
        (b"Subject: x\r\nContent-Type: image/png\r\n\r\nabc", "has no text of its own"),
        (b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b", "has no text of its own"),
        (b"Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n=====", "has no text of its own|is not"),
    ],
)
def test_what_is_no_mail_with_text_is_refused(tmp_path: Path, data: bytes, why: str):
    with pytest.raises(RefusedInputError, match=f"a.eml ({why})"):
        list(read(saved(tmp_path, data)))


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: text/plain;" + " a=b;" * 200_000,
        "Subject: x\nContent-Disposition: inline;\n" + " a=b;\n" * 200_000,
    ],
    ids=["one line", "many lines"],
)
def test_head_that_goes_on_and_on_is_refused_fast(tmp_path: Path, head: str):
    with pytest.raises(RefusedInputError, match=r"a\.eml has a part whose head goes on and on"):
        list(read(saved(tmp_path, f"Subject: x\n{head}\n\nVelmar".encode())))


def test_mail_within_a_mail_is_an_attachment(tmp_path: Path):
    inner, message = mail(), mail()
    inner.set_content("Orsk protests.")
    message.set_content("Velmar waits.")
    message.add_attachment(inner)

    (document,) = read(saved(tmp_path, message))

    assert document.text == "Velmar waits."
    assert document.meta["attachments"] == ["message/rfc822"]


def test_parts_within_parts_without_end_are_refused_or_read(tmp_path: Path):
    head = "Subject: x\r\n" + "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2_000)
    )

    with pytest.raises(RefusedInputError, match=r"a\.eml"):
        list(read(saved(tmp_path, head.encode())))
