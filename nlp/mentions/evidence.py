"""What the document tells of the type of an unknown name, by the words beside it: "the border of Velmar", "Lund, who".

The pipeline guesses the type of a name that it never met from little, and differently from sentence to sentence. The
words beside the name tell more, wherever in the document it stands. They are data (`nlp/data/evidence.toml`); English.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import regex

from nlp.mentions.gazetteer import items, load_gazetteer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

#: What speaks for a state or a city, and does not tell which.
PLACE = "place"
#: How much speaks for each type, and for a place.
Votes = defaultdict[str, float]

#: How far to both sides of a name its words are looked at, in code points.
_REACH_CP = 70
_LONGEST_ACRONYM, _SHORTEST_STEM = 6, 3
#: Of one kind of evidence more than so many places say nothing new.
_MOST_ALIKE = 3
#: From so much on a type is clear.
CLEAR = 1.0
_TITLE, _ARTICLE, _SEVERAL = 3.0, 0.8, 1.2
_OWNER, _JOINED, _DEMONYM, _GIVEN, _OPENING, _BODY, _ACRONYM = 0.4, 0.75, 1.5, 1.5, 1.5, 1.5, 1.2

_ARTICLED = regex.compile(r"(?:^|[\s(“\"‘])the $", regex.I)
#: What follows "the NAME" where the name is not the first part of a longer one ("the Lund campaign").
_VERBS = "and|are|at|did|do|for|had|has|have|in|is|of|on|said|say|says|to|was|were|will|would"
_ALONE = regex.compile(rf"^(?:$|\W*$|[^\w\s’']|’s|'s| \W| (?:{_VERBS})\b)")
#: "Velmar said that it", "Lund insisted that his party": no other name stands between.
_REFERRED = r"^(?:’s|'s)?[^\p{Lu}\n.,;!?“”\"]{1,50}\b"
_PLACED = r"(?:^|[\s(])(?i:in|into|across|throughout|inside|near|outside|from) $"
_AGED = r"^,? (?:\()?(?:aged )?\d{2}(?:[,)]|$)"
_JOINT = regex.compile(r"^(?:,? and |, |/|-|–| or )$")
_SUFFIXES = ("i", "n", "an", "ian", "ean", "ese", "ish", "er", "ic")
_INITIALS = regex.compile(r"(?:\p{Lu}\.?-?){1,3}(?<=\.)")
_CAPITAL_WORD = regex.compile(r"\p{Lu}\p{Ll}+")


@dataclass(frozen=True, slots=True)
class _Clue:
    """A pattern for the text before or after a name, and what its word counts for which type ("" if it has none)."""

    kind: str
    pattern: regex.Pattern[str]
    says: Mapping[str, Sequence[tuple[str, float]]]
    is_before: bool


def weigh(text: str, names: Collection[str], known: Mapping[str, str]) -> dict[str, Votes]:
    """Return for each name what its places in the text, and its own words, say for which type.

    `known` are the types of other names: "Velmar and Orsk" makes one of them a state if the other is. O(n).
    """
    votes: dict[str, Votes] = {name: defaultdict(float) for name in names}
    if not names:
        return votes
    joined = _weigh_places(text, votes, known)
    words = set(_CAPITAL_WORD.findall(text))
    peoples = words - {name.rpartition(" ")[2] for name in names}
    for name, counts in votes.items():
        if " " in name:
            _weigh_parts(name.split(), counts)
        else:
            _weigh_word(name, counts, words, peoples)
    for name, other in joined:
        code = known.get(other) or _clear(votes.get(other))
        if code is not None and _clear(votes[name]) is None:
            votes[name][code] += _JOINED
    return votes


def likeliest(votes: Mapping[str, float]) -> str:
    """Return the type for which most speaks, the first one of several."""
    return max(votes, key=votes.__getitem__)


def _clear(votes: Votes | None) -> str | None:
    """Return the type for which something speaks clearly, if there is one."""
    best = likeliest(votes) if votes else None
    return best if votes and best and best != PLACE and votes[best] >= CLEAR else None


def _weigh_places(text: str, votes: Mapping[str, Votes], known: Mapping[str, str]) -> list[tuple[str, str]]:
    """Add what stands beside the names to their votes, and return which names are joined with which."""
    pattern = regex.compile(r"(?<![\w-])(?:\L<names>)(?!\w)", names=sorted({*votes, *known}))
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    joined: list[tuple[str, str]] = []
    last: regex.Match[str] | None = None
    for match in pattern.finditer(text):
        name = match[0]
        if last is not None and last[0] != name and _JOINT.match(text[last.end() : match.start()]):
            joined += [pair for pair in ((name, last[0]), (last[0], name)) if pair[0] in votes]
        last = match
        if name not in votes:
            continue
        before = text[max(match.start() - _REACH_CP, 0) : match.start()].rpartition("\n\n")[2].replace("\n", " ")
        after = text[match.end() : match.end() + _REACH_CP].partition("\n\n")[0].replace("\n", " ")
        is_several = name.endswith("s") and " " not in name
        for reason, code, weight in _beside(before, after, known, is_several=is_several):
            seen[name, reason, code] += 1
            if seen[name, reason, code] <= _MOST_ALIKE:
                votes[name][code] += weight
    return joined


def _beside(before: str, after: str, known: Mapping[str, str], *, is_several: bool) -> Iterator[tuple[str, str, float]]:
    """Yield what the words before and after one place of a name say: the kind of clue, the type and its weight."""
    last = before.split()[-1:] if before.endswith(" ") else []
    if last and last[0] in load_gazetteer().forms_of_address:
        yield "title", "person", _TITLE
    if _ARTICLED.search(before):
        if is_several:
            yield "article", "group", _SEVERAL
        elif _ALONE.search(after):
            yield "article", "organisation", _ARTICLE
    if before.endswith(("’s ", "'s ")) and before[:-3].rpartition(" ")[2] in known:
        yield "owner", "person", _OWNER
    for clue in _clues():
        found = clue.pattern.search(before if clue.is_before else after)
        if found is not None:
            word = found.groupdict().get("word", "").casefold()
            for code, weight in clue.says[word]:
                yield clue.kind, code, weight


def _weigh_parts(parts: Sequence[str], votes: Votes) -> None:
    """Add what the words of a name say of its type."""
    known = load_gazetteer()
    if parts[-1] in known.bodies:
        votes["organisation"] += _BODY
    elif parts[0] in known.openings:
        votes["organisation"] += _OPENING
    elif parts[0].partition("-")[0] in known.given or _INITIALS.fullmatch(parts[0]):
        votes["person"] += _GIVEN


def _weigh_word(name: str, votes: Votes, words: Collection[str], peoples: Collection[str]) -> None:
    """Add what a name of one word says: an acronym, or one whose people the document names ("Velmari")."""
    if is_acronym(name) and name.capitalize() not in words:
        votes["organisation"] += _ACRONYM
    stems = {name, name[:-1]} if name[-1] in "aeiou" else {name}
    if len(name) > _SHORTEST_STEM and any(stem + suffix in peoples for stem in stems for suffix in _SUFFIXES):
        votes["state"] += _DEMONYM


def is_acronym(name: str) -> bool:
    """Tell whether a word is written like an acronym ("OLF", "AfD"), and not like a surname ("McBride")."""
    return name.isalnum() and len(name) <= _LONGEST_ACRONYM and name[-1].isupper() and sum(map(str.isupper, name)) > 1


@lru_cache(maxsize=1)
def _clues() -> tuple[_Clue, ...]:
    """Read the words beside names that are shipped with the program; the result is shared."""
    data = tomllib.loads((resources.files("nlp") / "data" / "evidence.toml").read_text(encoding="utf-8"))
    shapes = {
        "of": (r"\b(?P<word>\L<words>) (?:of|for) (?:the )?$", True),
        "possession": (r"^(?:’s|'s|’|') (?:(?-i:\p{Ll})[\w-]* ){0,2}?(?P<word>\L<words>)\b", False),
        "beside": (r"^ (?P<word>\L<words>)\b", False),
        "introduction": (r"\b(?P<word>\L<words>),? $", True),
        "apposition": (
            r"^, (?:an?|the|his|her|its|their|one of the|\p{L}+[’']s)? ?(?:[\p{L}’'-]+ ){0,3}?(?P<word>\L<words>)\b",
            False,
        ),
        "doing": (r"^,? (?:has |had )?(?P<word>\L<words>)\b", False),
    }
    listed = (_clue(kind, data[kind], shape, is_before=is_before) for kind, (shape, is_before) in shapes.items())
    he, it = _REFERRED + r"(?:he|she|his|himself|herself)\b", _REFERRED + r"(?:it|its|itself)\b"
    return (
        _Clue("place", regex.compile(_PLACED), {"": [(PLACE, 1.0)]}, is_before=True),
        _Clue("age", regex.compile(_AGED), {"": [("person", 2.0)]}, is_before=False),
        _Clue("he", regex.compile(he), {"": [("person", 1.0)]}, is_before=False),
        _Clue("it", regex.compile(it), {"": [("state", 0.6), ("organisation", 0.6)]}, is_before=False),
        *listed,
    )


def _clue(kind: str, table: Mapping[str, str | float], shape: str, *, is_before: bool) -> _Clue:
    says: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for key, words in table.items():
        if isinstance(words, str):
            code, _, half = key.partition("_")
            for word in items(words):
                says[word.casefold()].append((code, float(table["weight"]) / (2 if half else 1)))
    return _Clue(kind, regex.compile(shape, regex.I, words=sorted(says)), says, is_before)
