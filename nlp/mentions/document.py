"""Make the mentions of a whole document agree: one name, one type; short forms found wherever they stand."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from nlp.mentions.apparatus import outside_apparatus
from nlp.mentions.evidence import CLEAR, PLACE, likeliest, weigh
from nlp.mentions.gazetteer import load_gazetteer
from nlp.mentions.identity import Identities, explained_names
from nlp.mentions.names import ADJECTIVE
from nlp.mentions.persons import core, without_particles
from nlp.mentions.records import Mention
from nlp.suggestion import Range

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from nlp.mentions.gazetteer import Gazetteer

#: The reason given for a name that was found because it stands elsewhere in the document.
SEEN = "name seen elsewhere"
_FOUND_SCORE = 0.7
#: What the pipeline's opinion of a name counts against the document's evidence, and what a person of that surname does.
_OPINION = 1.0
_NAMESAKE = 2
#: Shorter names in capitals may be acronyms.
_LONGEST_ACRONYM = 3
_PREPOSITION_CP = 20
_WAY = {"from", "to"}
#: Longer stretches are no names (and to search for one of 20,000 letters takes minutes).
LONGEST_NAME_CP = 200


def settle(text: str, found: Sequence[Mention]) -> list[Mention]:
    """Return the mentions of a document with one code for each name, without places, with short forms added.

    A surname alone is the person whose full name the document gives; an acronym in brackets after a name is
    that name. A name that the pipeline knows from elsewhere in the document is found wherever it stands.
    """
    explained = list(explained_names(text))
    found = [item for item in found if item.end_cp - item.start_cp <= LONGEST_NAME_CP or not item.is_name]
    found = outside_apparatus(text, _with_explained(text, found, explained))
    names = [item for item in found if item.is_name]
    codes, states = _agreed_codes(text, names)
    acronyms = {short: codes[full] for short, full in Identities(text, names).acronyms.items() if full in codes}
    codes.update(acronyms)
    settled = [_as(item, codes.get(item.text, item.code)) if item.is_name else item for item in found]
    unlikely = _unlikely([item for item in settled if item.is_name], acronyms) - states | _things(text, explained)
    kept = [item for item in settled if not (item.is_name and item.text in unlikely and not item.speaks)]
    added = list(_short_forms(text, kept, codes, unlikely))
    result = sorted((item for item in (*kept, *added) if item.is_actor), key=lambda item: (item.start_cp, -item.end_cp))
    return outside_apparatus(text, result)


def _with_explained(text: str, found: Sequence[Mention], explained: Iterable[tuple[int, int, str]]) -> list[Mention]:
    """Return the mentions with the names of organisations that stand whole before their acronym in brackets."""
    known = load_gazetteer()
    result = sorted(found, key=lambda item: (item.start_cp, -item.end_cp))
    starts = [item.start_cp for item in result]
    swallowed: set[Mention] = set()
    added: list[Mention] = []
    for start, end, _ in explained:
        last = text[start:end].rsplit(maxsplit=1)[-1]
        if last not in known.bodies and "organisation" not in known.heads.get(last.lower(), ()):
            continue
        near = result[bisect_left(starts, start - LONGEST_NAME_CP) : bisect_left(starts, end)]
        if any(item.start_cp <= start and item.end_cp >= end for item in near):
            continue
        inside = [item for item in near if start <= item.start_cp and item.end_cp <= end and item.is_name]
        swallowed.update(inside)
        speaks = any(item.speaks for item in inside)
        added.append(Mention(start, end, "organisation", text[start:end], _FOUND_SCORE, speaks=speaks))
    kept = [item for item in (*result, *added) if item not in swallowed]
    return sorted(kept, key=lambda item: (item.start_cp, -item.end_cp))


def _things(text: str, explained: Iterable[tuple[int, int, str]]) -> set[str]:
    """Return the acronyms of treaties, wars and the like, which are no actors."""
    things = load_gazetteer().things
    return {short for start, end, short in explained if text[start:end].rsplit(maxsplit=1)[-1] in things}


def _agreed_codes(text: str, names: Sequence[Mention]) -> tuple[dict[str, str], set[str]]:
    """Return the code that most of the document's evidence gives each name, and the names that are clearly states.

    What is known of a name outweighs all.
    """
    gazetteer = load_gazetteer()
    known: dict[str, str] = {}
    found: dict[str, dict[str, float]] = {}
    for item in names:
        code = gazetteer.code(item.text)
        if code is not None and code == item.code:
            known[item.text] = code
        if item.reason != ADJECTIVE:
            heard = found.setdefault(item.text, {})
            heard[item.code] = heard.get(item.code, 0.0) + item.score
    votes = weigh(text, [name for name in found if name not in known], known)
    states = {name for name, counts in votes.items() if counts.get("state", 0) >= CLEAR}
    for name, counts in votes.items():
        counts["state"] += counts.pop(PLACE, 0)
        opinions = sum(found[name].values())
        for code, weight in found[name].items():
            counts[code] += weight / opinions * _OPINION
    persons = [name.split() for name, counts in votes.items() if " " in name and likeliest(counts) == "person"]
    namesakes = {core(part) for parts in persons for part in (parts[0], parts[-1])}
    for name, counts in votes.items():
        surname = without_particles(name)
        if " " not in surname and core(surname) in namesakes:
            counts["person"] += _NAMESAKE
    return known | {name: likeliest(counts) for name, counts in votes.items()}, states


def _as(item: Mention, code: str) -> Mention:
    """Return a name with this code; a state or city is a place where it stands as one."""
    if item.code == code or item.reason == ADJECTIVE:
        return item
    return replace(item, code=code, is_actor=item.speaks or not (code == "state" and item.at_place))


def _unlikely(names: Iterable[Mention], acronyms: dict[str, str]) -> set[str]:
    """Return names that the document mostly uses as places or adjectives, and single words met once.

    A lone capitalised word that the pipeline takes for an organisation is more often a heading or a thing.
    """
    places: Counter[str] = Counter()
    actors: Counter[str] = Counter()
    unknown = set()
    for item in names:
        (actors if item.is_actor else places)[item.text] += 1
        if item.reason == "name":
            unknown.add((item.text, item.code))
    adjectives = {item.text for item in names if item.reason == ADJECTIVE}
    found = adjectives | {name for name, code in unknown if code == "state" and places[name] >= actors[name]}
    for name, code in unknown:
        is_lone = " " not in name and actors[name] == 1 and not (name.isupper() and len(name) > 2)
        if code == "organisation" and is_lone and name not in acronyms:
            found.add(name)
    return found


def _short_forms(text: str, kept: Sequence[Mention], codes: dict[str, str], unlikely: set[str]) -> Iterator[Mention]:
    """Yield the places where a known person's or organisation's name stands and nothing was found."""
    known = load_gazetteer()
    wanted = {
        name: code
        for name, code in codes.items()
        if len(name) > 1 and (code in {"person", "organisation"} or (code == "state" and known.code(name) is None))
    }
    for surname in _surnames(kept):
        wanted.setdefault(surname, "person")
    wanted = {name: code for name, code in wanted.items() if name not in unlikely and name[0].isupper()}
    # Headings write names in capitals.
    wanted |= {name.upper(): code for name, code in wanted.items() if len(name) > _LONGEST_ACRONYM}
    for place in _free_places(text, wanted, kept):
        name = text[slice(*place)]
        if wanted[name] != "state" or not _is_placed(text, place.start_cp, known):
            yield Mention(*place, wanted[name], name, _FOUND_SCORE, reason=SEEN)


def with_surnames(text: str, mentions: Sequence[Mention], known: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with the places where the bare surname of a known person stands and nothing was found."""
    surnames = set(_surnames(known))
    places = _free_places(text, surnames, mentions)
    added = (Mention(*place, "person", text[slice(*place)], _FOUND_SCORE, reason=SEEN) for place in places)
    return sorted((*mentions, *added), key=lambda item: (item.start_cp, -item.end_cp))


def _surnames(mentions: Iterable[Mention]) -> Iterator[str]:
    """Yield the last words of the persons' full names."""
    for item in mentions:
        surname = item.text.rpartition(" ")[2]
        if item.code == "person" and item.is_name and surname != item.text and len(surname) > 2:
            yield surname


def _free_places(text: str, names: Collection[str], mentions: Iterable[Mention]) -> Iterator[Range]:
    """Yield where one of the names stands, outside the names among the mentions."""
    if not names:
        return
    taken = sorted((item.start_cp, item.end_cp) for item in mentions if item.is_name)
    pattern = regex.compile(r"(?<![\w-])(?:\L<names>)(?![\w-])", names=sorted(names))
    at = 0
    for match in pattern.finditer(text):
        while at < len(taken) and taken[at][1] <= match.start():
            at += 1
        if at >= len(taken) or taken[at][0] >= match.end():
            yield Range(match.start(), match.end())


def _is_placed(text: str, start_cp: int, known: Gazetteer) -> bool:
    """Tell whether the word before a place in the text makes a state or city there a place."""
    words = text[max(start_cp - _PREPOSITION_CP, 0) : start_cp].lower().split()
    return bool(words) and (words[-1] in known.place | _WAY)
