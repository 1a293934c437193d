"""The control words of Rich Text, read one after the other into text with marks for ends of paragraphs and cells."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

#: Marks in what is read; no text has these characters.
PARAGRAPH_END, ROW_END, CELL_END = "\x1d", "\x1e", "\x1f"

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z])"
    rb"|(?P<brace>[{}])|[\r\n\0]+|(?P<text>[^\\{}\r\n\0]+)",
    re.DOTALL,
)

#: Words at the head that name a code page, and the number that Windows gave that of the Macintosh.
_CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_MAC = 10000
#: Code pages of the character sets that fonts name; others have that of the file.
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip

_CHARACTERS = {
    "par": PARAGRAPH_END, "sect": PARAGRAPH_END, "page": PARAGRAPH_END, "column": PARAGRAPH_END, "line": "\n",
    "lbr": "\n", "tab": "\t", "cell": CELL_END, "nestcell": CELL_END, "row": ROW_END, "nestrow": ROW_END,
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
    "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c",
    "ltrmark": "\u200e", "rtlmark": "\u200f",
}  # fmt: skip
_SIGNS = {"~": "\xa0", "_": "\u2011", "\\": "\\", "{": "{", "}": "}", "\n": PARAGRAPH_END, "\r": PARAGRAPH_END}

#: Groups that begin with these words are not part of the text.
_LEFT_OUT = {
    "aftncn", "aftnsep", "aftnsepc", "annotation", "atnauthor", "atndate", "atnicn", "atnid", "atnparent", "atnref",
    "atntime", "atrfend", "atrfstart", "author", "background", "bkmkend", "bkmkstart", "category",
    "colorschememapping", "colortbl", "comment", "company", "creatim", "datafield", "datastore", "do", "doccomm",
    "docvar", "ebcend", "ebcstart", "falt", "fchars", "ffdeftext", "ffname", "filetbl", "fldinst", "fontemb",
    "fontfile", "footer", "footerf", "footerl", "footerr", "formfield", "ftncn", "ftnsep", "ftnsepc", "generator",
    "header", "headerf", "headerl", "headerr", "hlinkbase", "info", "keywords", "latentstyles", "lchars", "listname",
    "listoverridetable", "listpicture", "listtable", "manager", "mmathPr", "nonshppict", "objalias", "objclass",
    "objdata", "object", "objname", "objsect", "objtime", "operator", "panose", "passwordhash", "pgptbl", "pict",
    "pnseclvl", "printim", "private", "revtbl", "revtim", "rsidtbl", "rxe", "shppict", "shprslt", "sn", "sp",
    "stylesheet", "subject", "sv", "tc", "template", "themedata", "title", "txe", "userprops", "wgrffmtfilter",
    "writereservhash", "xe", "xmlnstbl",
}  # fmt: skip
#: Of what is left out these are read for what they say of the document, and these are text after all (in a text box).
_ABOUT = {"title", "author"}
_TEXT_AGAIN = {"shptxt"}


@dataclass(slots=True)
class _State:
    """What holds within a group and ends with it."""

    is_left_out: bool = False
    is_hidden: bool = False
    is_in_table: bool = False
    is_font_table: bool = False
    blanks_per_character: int = 1
    code_page: str = "cp1252"
    target: list[str] = field(default_factory=list)


class RtfReader:
    """Reads one RTF file; `read` fills the text, its notes and what is said of it. Time grows with the bytes only."""

    def __init__(self, data: bytes, encoding: str | None = None) -> None:
        self.about = {"title": "", "author": ""}
        self.code_page = encoding or "cp1252"
        self._data = data
        self._is_told = encoding is not None
        self._body: list[str] = []
        self._notes: list[list[str]] = []
        self._about_parts: dict[str, list[str]] = {}
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._bytes = bytearray()
        self._to_skip = 0
        self._is_starred = self._is_first = False
        self._state = _State(target=self._body, code_page=self.code_page)
        self._stack: list[_State] = []

    @property
    def text(self) -> str:
        """What was read, with marks."""
        return _whole(self._body)

    @property
    def notes(self) -> list[str]:
        """The notes, in the order of the text."""
        return [_whole(note) for note in self._notes]

    def read(self) -> None:
        """Read the file to its end, or to that of its outermost group."""
        at, data = self._data.find(b"{"), self._data
        while found := _TOKEN.match(data, at):
            at = found.end()
            if found["brace"]:
                if not self._brace(is_open=found["brace"] == b"{"):
                    break
                continue
            if found["word"]:
                number = int(found["number"]) if found["number"] else None
                if found["word"] == b"bin":
                    at += max(number or 0, 0)
                else:
                    self._word(found["word"].decode("ascii"), number)
            elif found["sign"]:
                self._sign(found["sign"].decode("latin-1"))
            elif found["hex"]:
                self._take(bytes([int(found["hex"], 16)]))
            elif found["text"]:
                self._take(found["text"])
            self._is_first = self._is_first and found["sign"] == b"*"
        self._flush()
        self.about |= {name: _whole(parts) for name, parts in self._about_parts.items()}

    def _brace(self, *, is_open: bool) -> bool:
        """Begin or end a group; return whether there is more to read."""
        self._flush()
        self._to_skip = 0
        if is_open:
            self._stack.append(self._state)
            self._state = replace(self._state)
            self._is_first, self._is_starred = True, False
            return True
        self._is_first = False
        if self._stack:
            self._state = self._stack.pop()
        return bool(self._stack)

    def _word(self, word: str, number: int | None) -> None:
        if self._is_first:
            self._begin(word)
        state = self._state
        if word == "u" and number is not None:
            self._put(_character(number))
            self._to_skip = state.blanks_per_character
        elif word in _CHARACTERS:
            is_in_cell = word == "par" and state.is_in_table
            self._put(" " if is_in_cell else _CHARACTERS[word])
        elif word == "uc":
            state.blanks_per_character = min(max(number or 0, 0), 100)
        elif word in {"v", "deleted"}:
            state.is_hidden = number != 0
        elif word in {"intbl", "pard"}:
            state.is_in_table = word == "intbl"
        else:
            self._font_word(word, number)

    def _font_word(self, word: str, number: int | None) -> None:
        """Take what says in which code page bytes are."""
        state = self._state
        named = _CODE_PAGES.get(word) or ("mac_roman" if number == _MAC else f"cp{number}")
        if word in {"ansicpg", *_CODE_PAGES} and not self._is_told and is_codec(named):
            self._change_code_page(named)
            self.code_page = state.code_page
        elif word == "f" and number is not None:
            self._font = number
            if not state.is_font_table:
                self._change_code_page(self._fonts.get(number, self.code_page))
        elif word == "fcharset" and state.is_font_table and not self._is_told:
            self._fonts[self._font] = _CHARSETS.get(number or 0, self.code_page)
        elif word == "plain":
            self._change_code_page(self.code_page)

    def _begin(self, word: str) -> None:
        """Look at the first word of a group: it may say that the group is no text, or a note."""
        state = self._state
        if word in _ABOUT and state.is_left_out:
            state.is_left_out, state.target = False, self._about_parts.setdefault(word, [])
        elif word == "fonttbl":
            state.is_left_out = state.is_font_table = True
        elif word == "footnote" and not state.is_left_out:
            note: list[str] = []
            self._notes.append(note)
            self._put(f"[{len(self._notes)}]")
            state.target = note
        elif word in _TEXT_AGAIN:
            state.is_left_out = False
            self._put(PARAGRAPH_END)
        elif self._is_starred or word in _LEFT_OUT:
            state.is_left_out = True

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._is_starred = True
        elif sign in _SIGNS:
            self._put(_SIGNS[sign])

    def _take(self, data: bytes) -> None:
        """Take bytes of text; so many are passed over as stand in for a character that was told by its number."""
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        if not (self._state.is_left_out or self._state.is_hidden):
            self._bytes += data[skipped:]

    def _put(self, text: str) -> None:
        self._flush()
        if not (self._state.is_left_out or self._state.is_hidden):
            self._state.target.append(text)

    def _flush(self) -> None:
        """Decode the bytes that came together: a character may take two, each written by itself."""
        if self._bytes:
            self._state.target.append(self._bytes.decode(self._state.code_page, "replace"))
            self._bytes.clear()

    def _change_code_page(self, code_page: str) -> None:
        if code_page != self._state.code_page:
            self._flush()
            self._state.code_page = code_page


def _character(number: int) -> str:
    r"""Return the character of a \u word: signed 16 bits, but some programs write more."""
    number = number + 0x10000 if -0x8000 <= number < 0 else number
    return chr(number) if 0 < number <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"


def is_codec(name: str) -> bool:
    """Return whether there is a text encoding of this name."""
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def _whole(parts: list[str]) -> str:
    """Return the parts as one text; rare characters come as two halves, and what stays half is lost."""
    return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")
