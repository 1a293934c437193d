"""Bytes become exactly the text that they hold, or are refused with a sentence."""

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import RefusedInputError
from storage.formats.decoding import MAX_TEXT_BYTES, decode

ENGLISH = "The minister said: “No state is safe.” It’s the accord – nothing more – that Velmar wants… "
RUSSIAN = "Министр обороны заявил, что страны региона обеспокоены усилением военного присутствия. «Нет», — сказал он. "
CHINESE = "国防部长表示，两国对该地区的军事影响力感到担忧。一个都不安全，他说。\n"
JAPANESE = "国防大臣は、両国が地域における軍事的影響力を懸念していると述べた。"
KOREAN = "국방부 장관은 양국이 이 지역의 군사적 영향력을 우려하고 있다고 말했다."
ODD = "\r\nZoë\u2028e\u0301\xa0東岸 👩🏽\u200d🚀\x0c \ufeff שלום\r\n\r"

#: Texts as people have them: not blank, no NUL, no lone surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
    lambda text: not text.isspace()
)
MARKED = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


@pytest.mark.parametrize("codec", MARKED)
@given(text=TEXTS)
def test_marked_text_comes_back_without_its_mark_and_otherwise_whole(codec: str, text: str):
    decoded = decode(MARKED[codec] + ("x" + text).encode(codec))

    assert decoded == ("x" + text, codec, False)


@given(text=TEXTS)
def test_utf8_without_mark_comes_back_whole(text: str):
    source = "Velmar: " + "".join(character for character in text if character >= " " or character in "\r\n\t")

    assert decode(source.encode()) == (source, "utf-8", False)


def test_only_the_first_mark_goes_and_line_ends_stay():
    assert decode(codecs.BOM_UTF8 + ("\ufeff" + ODD).encode()).text == "\ufeff" + ODD


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN, CHINESE * 3, KOREAN, "ok\n", "一\n统一的一个。\n" * 4])
def test_utf16_without_mark_is_found_and_called_a_guess(codec: str, text: str):
    assert decode(text.encode(codec)) == (text, codec, True)


@pytest.mark.parametrize("repeat", [1, 10, 5_000])
@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (ENGLISH, "cp1252", "windows-1252"),
        ("He said that it’s over.\n", "cp1252", "windows-1252"),
        ("Le ministre a déclaré que la sécurité européenne était menacée par l'été.\n", "cp1252", "windows-1252"),
        ("Der Präsident erklärte, die Länder müssten für größere Stabilität sorgen.\n", "cp1252", "windows-1252"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN.replace("—", "-").replace("«", '"').replace("»", '"'), "koi8-r", "koi8-r"),
        (CHINESE, "gbk", "gb18030"),
        (JAPANESE, "cp932", "cp932"),
        (KOREAN, "cp949", "cp949"),
    ],
)
def test_legacy_encoding_is_guessed_and_called_a_guess(text: str, codec: str, name: str, repeat: int):
    text = text * repeat

    assert decode(text.encode(codec)) == (text, name, True)


@pytest.mark.parametrize(
    ("text", "codecs_of_it"),
    [
        ("Die Regierung äußerte sich nicht „dazu“.", "cp1252 mac_roman"),
        ("Le ministre a déclaré que l’accord était « rompu » et qu’il n’y aurait pas d’élection.", "cp1252 mac_roman"),
        ("El señor Peña dijo que no habrá elecciones mañana; “jamás”, añadió.", "cp1252 mac_roman"),
        ("Ministern sade att gränsen stängs på måndag.", "cp1252 mac_roman"),
        ("The café’s owner – Zoë Müller – said “no”.", "cp1252 mac_roman"),
        ("The deal was worth £5 million, the minister said.", "cp1252"),
        ("It has 3 × 4 m² at 20°, and ½ of it is 10¢.", "cp1252"),
        ("Premier był w Łodzi.", "cp1250"),
        ("Rząd Velmaru ogłosił, że zamknie granicę.", "cp1250 iso8859-2"),
        ("Ministr řekl, že příští týden začnou jednání o hranici.", "cp1250 iso8859-2"),
        ("A miniszter közölte, hogy lezárják a határt; őszintén szólva.", "cp1250"),
        ("Bakan, sınırın kapatılacağını söyledi.", "cp1254"),
    ],
)
def test_one_line_is_enough_in_languages_with_letters_of_their_own(text: str, codecs_of_it: str):
    for codec in codecs_of_it.split():
        assert decode(text.encode(codec)).text == text


def test_the_analyst_can_overrule_the_guess():
    polish = "Minister powiedział, że żadne państwo nie jest bezpieczne.\r\n"

    assert decode(polish.encode("cp1250"), encoding="windows-1250") == (polish, "windows-1250", False)
    assert decode(codecs.BOM_UTF8 + b"x", encoding="UTF8").text == "x"


@pytest.mark.parametrize("encoding", ["no-such-thing", "zlib", "hex", ""])
def test_an_encoding_that_is_none_is_refused_or_ignored(encoding: str):
    if not encoding:
        assert decode("é".encode(), encoding=encoding).text == "é"
        return
    with pytest.raises(RefusedInputError, match="no such text encoding"):
        decode(b"text", encoding=encoding)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"  \r\n", "nothing but white space"),
        (codecs.BOM_UTF8, "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"\n\n%PDF-1.4 all ASCII", "PDF"),
        (codecs.BOM_UTF8 + b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04\x14\0\x06\0word/document.xml", "Office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old Office"),
        (b"{\\rtf1\\ansi Velmar}", "RTF"),
        (b"SQLite format 3\0" + bytes(84), "opened, not imported"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (bytes(range(256)) * 4, "control characters"),
        (bytes(4096), "control characters"),
        ("Velmar".encode("utf-32-le"), "control characters"),
        (b"Velmar\nand Or\0sk agreed.\n\n", "NUL character at line 2, character 7"),
        (b"Velmar and Or\0sk agreed on it", "NUL character at line 1"),
        (b"ab\xed\xa0\xbd", r"U\+D83D\) at line 1, character 3"),
        (b"ab \xed\xa0\xbd\xed\xb8\x80", "half a character"),
        ("No state\nis “safe”".encode()[:-1], r"broken on line 2 \(byte 20\): it was cut off"),
        (("“a” “b” – “c”\n" * 9).encode() + b"\x93mixed\x94", "broken on line 10"),
        (codecs.BOM_UTF16_LE + b"a\0b", "utf-16-le, but is broken"),
        (codecs.BOM_UTF16_LE + "a\nb".encode("utf-16-le") + b"\x00\xdc\x00\x00", "broken on line 2"),
        (codecs.BOM_UTF8 + b"caf\xe9", "utf-8, but is broken on line 1"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, why: str):
    with pytest.raises(RefusedInputError, match=why) as caught:
        decode(data, where="brief.txt")

    assert str(caught.value).startswith("brief.txt ")
    assert str(caught.value).endswith(".")


@given(st.binary(max_size=400))
def test_any_bytes_give_a_text_or_a_sentence(data: bytes):
    sentence = ""
    try:
        decoded = decode(data)
    except RefusedInputError as error:
        sentence = str(error)

    if sentence:
        assert sentence.startswith("The file ")
    else:
        decoded.text.encode("utf-8")
        assert "\0" not in decoded.text


@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
def test_fifty_megabytes_are_read_in_seconds(codec: str):
    line = (ENGLISH + "\r\n").encode(codec)
    data = line * (50_000_000 // len(line))
    assert len(data) < MAX_TEXT_BYTES

    started = time.process_time()
    decoded = decode(data)

    assert time.process_time() - started < 10
    assert decoded.text == (ENGLISH + "\r\n") * (len(data) // len(line))


def test_one_odd_byte_at_the_end_of_a_large_file_does_not_slow_the_guess():
    started = time.process_time()
    decoded = decode(b"Velmar and Orsk. " * 1_000_000 + b"\x85")

    assert time.process_time() - started < 10
    assert decoded.text[-1] == "…"
