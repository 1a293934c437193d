"""Tell which mention is the speaker of a claim: the one that its source names, or the one a pronoun stands for."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import regex

from nlp.attribution import QUOTATION
from nlp.genders import HE, SHE, genders_of, surname_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nlp.attribution import Attribution
    from nlp.mentions import Mention

_RELATIVE = frozenset({"who", "which", "that", "whom"})
_MALE = frozenset({"he", "his", "him", "himself"})
_FEMALE = frozenset({"she", "her", "hers", "herself"})
_SEVERAL = frozenset({"they", "their", "them", "both", "themselves"})
_THING = frozenset({"it", "its", "itself"})
_OWN = frozenset({"i", "we", "my", "our", "me", "us"})
#: How far back a pronoun reaches for its actor, and a relative pronoun for the name before it, in code points.
_REACH_CP = 800
_RELATIVE_REACH_CP = 60
#: How many claims back the one may begin in whose words a claim of "I" or "we" stands.
_NEAR_CLAIMS = 20
#: How far from a quotation its speaker may stand where no cue is known ("…», a déclaré le ministre, Anders Pell").
_BESIDE_CP = 60
#: The end of a sentence or a line, but not the point of an abbreviation ("Mr. Pell", "U.S.").
_END = regex.compile(r"[\n\u2028\u2029!?;。！？]|(?<!\b\p{L}\p{Ll}{0,2})\.")
_JOINTS = frozenset({"", ",", "and", "or", "&", ", and", "and the", ", the", ", and the", "as well as"})


class Speakers:
    """Speakers of the claims of one document; `mentions` and `claims` are in the order of the text."""

    def __init__(self, text: str, mentions: Sequence[Mention], claims: Sequence[Attribution]) -> None:
        self._text = text
        self._mentions = mentions
        self._starts = [item.start_cp for item in mentions]
        self._claims = claims
        self._genders = genders_of(text, mentions)
        self._speaking: list[tuple[int, int]] = []
        self._found: dict[int, list[int]] = {}

    def of(self, number: int) -> list[int]:
        """Return the indices of the mentions that speak the claim with this index, in the order of the text.

        Call it for one claim after the other: a pronoun prefers who spoke last.
        """
        claim = self._claims[number]
        if claim.pattern == QUOTATION and not claim.cue:
            return self._beside(claim)
        if not claim.source:
            return []
        words = " ".join(self._text[start:end] for start, end in claim.source).casefold().strip()
        found = self._named(claim) or self._meant(number, claim, words)
        self._found[number] = found
        if found:
            self._speaking.append((claim.source[0].start_cp, found[-1]))
        return found

    def _named(self, claim: Attribution) -> list[int]:
        """Return the mention at the head of the source, and those that are coordinated with it."""
        start, end = claim.source[0].start_cp, claim.source[-1].end_cp
        inside = [
            index
            for index in range(bisect_left(self._starts, start), bisect_left(self._starts, end))
            if self._mentions[index].end_cp <= end + 1
        ]
        if not inside:
            return []
        at = claim.source_head_cp
        holding = [index for index in inside if self._holds(index, at)]
        first = holding[-1] if holding else self._if_apposed(inside, claim)
        if first is None:
            return []
        chain = [first]
        for index in inside:
            last = self._mentions[chain[-1]]
            between = " ".join(self._text[last.end_cp : self._mentions[index].start_cp].split())
            if index > chain[-1] and self._mentions[index].start_cp >= last.end_cp and between in _JOINTS - {"", ","}:
                chain.append(index)
        return chain

    def _if_apposed(self, inside: list[int], claim: Attribution) -> int | None:
        """Return the first name of a source whose head is no mention ("a spokeswoman, Mara Lund")."""
        named = [index for index in inside if self._mentions[index].code == "person"]
        if named:
            return named[0]
        only = len(inside) == 1 and self._mentions[inside[0]].start_cp - claim.source[0].start_cp <= len("the ")
        return inside[0] if only else None

    def _holds(self, index: int, at_cp: int) -> bool:
        return self._mentions[index].start_cp <= at_cp < self._mentions[index].end_cp

    def _meant(self, number: int, claim: Attribution, words: str) -> list[int]:
        """Return the mention that a pronoun stands for."""
        start = claim.source[0].start_cp
        if words in _RELATIVE:
            return self._before(start, _RELATIVE_REACH_CP, _is_any)
        if words in _MALE | _FEMALE:
            gender = HE if words in _MALE else SHE
            return self._again(start, gender) or self._before(start, _REACH_CP, lambda item: self._is_one(item, gender))
        if words in _SEVERAL:
            return self._before(start, _REACH_CP, lambda item: item.is_plural)
        if words in _THING:
            return self._before(start, _REACH_CP, lambda item: item.code in {"state", "organisation"})
        if words in _OWN:
            return self._around(number, claim)
        return []

    def _before(self, at_cp: int, reach_cp: int, fits: Callable[[Mention], bool]) -> list[int]:
        for index in range(bisect_left(self._starts, at_cp) - 1, -1, -1):
            item = self._mentions[index]
            if at_cp - item.end_cp > reach_cp:
                return []
            if item.end_cp <= at_cp and fits(item):
                return [index]
        return []

    def _is_one(self, item: Mention, gender: str) -> bool:
        """Tell whether a mention is one person, and not known to be of the other gender."""
        is_person = item.code == "person" and not item.is_plural
        return is_person and self._genders.get(surname_of(item.text), gender) == gender

    def _again(self, at_cp: int, gender: str) -> list[int]:
        """Return who spoke last, if that was near and a person whom the pronoun fits."""
        if not self._speaking or at_cp - self._speaking[-1][0] > _REACH_CP:
            return []
        last = self._speaking[-1][1]
        return [last] if self._is_one(self._mentions[last], gender) else []

    def _beside(self, claim: Attribution) -> list[int]:
        """Return the name nearest to a quotation without a known cue, in the same paragraph and near to it."""
        start, end = claim.content[0].start_cp, claim.content[-1].end_cp
        after = bisect_left(self._starts, end)
        nearby = []
        if after < len(self._mentions):
            nearby.append((self._gap(end, self._starts[after]), after))
        before = next((at for at in range(after - 1, -1, -1) if self._mentions[at].end_cp <= start), None)
        if before is not None:
            nearby.append((self._gap(self._mentions[before].end_cp, start), before))
        gap, index = min(nearby, default=(_BESIDE_CP + 1, -1))
        return [index] if gap <= _BESIDE_CP else []

    def _gap(self, start_cp: int, end_cp: int) -> int:
        """Return how far two places of one sentence are apart: too far where one ends between them."""
        between = self._text[start_cp : min(end_cp, start_cp + _BESIDE_CP + 1)]
        return _BESIDE_CP + 1 if _END.search(between) is not None else len(between)

    def _around(self, number: int, claim: Attribution) -> list[int]:
        """Return the speaker of the claim in whose words this one stands."""
        if not claim.cue:
            return []
        cue = claim.cue[0].start_cp
        for other in range(number - 1, max(number - _NEAR_CLAIMS, 0) - 1, -1):
            found = self._found.get(other, [])
            if any(start <= cue < end for start, end in self._claims[other].content):
                return found
        return []


def _is_any(_item: Mention) -> bool:
    return True
