"""Where sentences begin and end, by rules: fast, local, without a language model. Pure.

Good enough to select a sentence, to declare it reviewed and to decide on what it holds; suggesters
use their own, better segmentation.
"""

from __future__ import annotations

from itertools import pairwise

import regex

from storage.records import Fragment

_OPENING = "\"'“‘«‹„‚([{¿¡「『（《—–-"
_CLOSING = "\"'”’»›“)\\]}」』）》"
_LINE_END = r"(?>\r\n|[\n\r\v\f\x85\u2028\u2029])"

#: A blank line always ends a paragraph.
_BLANK_LINE = regex.compile(rf"{_LINE_END}[^\S\n\r\v\f\x85\u2028\u2029]*{_LINE_END}\s*")
_BLANK_LINE_BACKWARDS = regex.compile(rf"(?r){_LINE_END}[^\S\n\r\v\f\x85\u2028\u2029]*{_LINE_END}")
#: A single line end does too, unless the line was broken by hand amid a sentence.
_HARD_BREAK = regex.compile(rf"(?<![\p{{Ll}},;\-–\r]){_LINE_END}\s*|{_LINE_END}\s*(?!\p{{Ll}}|\s)(?=\S)")
#: What may end a sentence: its stop, closing marks, then white space; the wide stops need no white space.
_STOP = regex.compile(rf"(?P<stop>[.!?…]+)[{_CLOSING}]*\s+|[。！？｡]+[{_CLOSING}]*\s*")
_NEXT = regex.compile(rf"[{regex.escape(_OPENING)}\s]*(?P<first>\w)")
_WORD_BEFORE = regex.compile(r"(?r)[\w.\p{M}]+")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Words whose full stop does not end a sentence when a name or a number follows.
_ABBREVIATIONS = _words(
    "adm al approx art brig ca capt cf ch cmdr co col corp cpl dec dept dr ed eds esp est feb fig figs gen gov "
    "hon inc jan jr lt ltd maj mar messrs mr mrs ms mt nos nov oct op para pp pres prof pt rep reps resp rev sec "
    "sect sen sens sep sept sgt sr st supt trans univ viz vol vols vs bzw dipl hr mme mlle nr str tel usw"
)
#: Abbreviations that never end a sentence, whatever follows.
_NEVER_LAST = _words("e.g i.e mr mrs ms dr prof gen col lt sgt capt sen rep gov adm no z.b d.h")
_PARAGRAPH_LIMIT_CP = 20_000


def sentence_at(text: str, pos_cp: int) -> Fragment:
    """Return the sentence that holds `pos_cp`, without white space at its ends.

    Between two sentences the one before counts. A text of white space only gives an empty fragment
    at `pos_cp`. Looks at one paragraph, at most 20,000 characters to either side.
    """
    pos_cp = min(max(pos_cp, 0), len(text))
    best = Fragment(pos_cp, pos_cp)
    for sentence in sentences_in(text, *_paragraph(text, pos_cp)):
        if sentence.start_cp > pos_cp and best.start_cp < best.end_cp:
            break
        best = sentence
        if pos_cp < sentence.end_cp:
            break
    return best


def next_sentence_start(text: str, pos_cp: int) -> int:
    """Return where the sentence after the one at `pos_cp` begins, at most the end of the text."""
    end_cp = max(sentence_at(text, pos_cp).end_cp, pos_cp)
    return end_cp + len(text[end_cp:]) - len(text[end_cp:].lstrip()) if end_cp < len(text) else len(text)


def previous_sentence_start(text: str, pos_cp: int) -> int:
    """Return where the sentence around `pos_cp` begins or, from there, the one before."""
    start_cp = sentence_at(text, pos_cp).start_cp
    if start_cp < pos_cp or start_cp == 0:
        return start_cp
    before_cp = len(text[:start_cp].rstrip())
    return sentence_at(text, before_cp - 1).start_cp if before_cp else 0


def sentences_in(text: str, start_cp: int, end_cp: int) -> list[Fragment]:
    """Return the sentences of [start, end), trimmed of white space, in order."""
    cuts = [start_cp]
    cuts += sorted(
        {m.end() for m in _HARD_BREAK.finditer(text, start_cp, end_cp)}
        | {m.end() for m in _STOP.finditer(text, start_cp, end_cp) if _ends_sentence(text, m)}
    )
    cuts.append(end_cp)
    trimmed = (_trimmed(text, low, high) for low, high in pairwise(cuts))
    return [fragment for fragment in trimmed if fragment.start_cp < fragment.end_cp]


def _paragraph(text: str, pos_cp: int) -> tuple[int, int]:
    low_cp, high_cp = max(0, pos_cp - _PARAGRAPH_LIMIT_CP), min(len(text), pos_cp + _PARAGRAPH_LIMIT_CP)
    if pos_cp == len(text) or text[pos_cp].isspace():  # among blank lines: the paragraph before them
        pos_cp = low_cp + len(text[low_cp:pos_cp].rstrip())
    before = _BLANK_LINE_BACKWARDS.search(text, low_cp, pos_cp)
    after = _BLANK_LINE.search(text, pos_cp, high_cp)
    return before.end() if before else low_cp, after.start() if after else high_cp


def _trimmed(text: str, start_cp: int, end_cp: int) -> Fragment:
    part = text[start_cp:end_cp]
    return Fragment(start_cp + len(part) - len(part.lstrip()), end_cp - len(part) + len(part.rstrip()))


def _ends_sentence(text: str, match: regex.Match[str]) -> bool:
    """Decide whether this stop ends a sentence: by the word before it and what follows it."""
    stop = match["stop"]
    if stop is None:
        return True
    following = _NEXT.match(text, match.end())
    if following is None:
        return True
    first = following["first"]
    if first.islower():  # “Why?” he asked; approx. three
        return False
    if stop != ".":
        return True
    before = _WORD_BEFORE.search(text, max(0, match.start() - 40), match.start())
    word = before[0] if before else ""
    folded = word.casefold()
    if folded in _NEVER_LAST or (folded in _ABBREVIATIONS and not first.isspace()):
        return False
    is_initial = len(word) == 1 and word.isupper() and word != "I"
    is_dotted = regex.fullmatch(r"(?:\p{Lu}\.)+\p{Lu}", word) is not None  # U.S. Navy, but not “in the U.S. The”
    return not (is_initial or (is_dotted and not _starts_like_sentence(text, following.start("first"))))


#: Words that begin a sentence much oftener than a name.
_STARTERS = _words("the a an in on at he she it they we but and this that these those his her their as if when")


def _starts_like_sentence(text: str, pos_cp: int) -> bool:
    word = regex.compile(r"\w+").match(text, pos_cp)
    return word is not None and word[0].casefold() in _STARTERS
