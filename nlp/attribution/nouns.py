"""Cues that are no verbs: nouns ("the claim that"), adjectives ("afraid of"), adverbs, "according to"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.candidates import Candidate
from nlp.attribution.loose import distant_clause
from nlp.attribution.sources import source_of_verb, source_phrase
from nlp.attribution.tree import child, phrase, subject_of
from nlp.mentions.gazetteer import load_gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from nlp.attribution.lexicon import Cue, Lexicon

_LIGHT_VERBS = frozenset(
    {"make", "have", "express", "voice", "give", "offer", "issue", "raise", "take", "hold", "share", "cast", "release"}
)
_COPULAS = frozenset({"be", "remain", "seem", "become", "feel", "sound", "look", "appear", "grow", "get"})
#: Verbs by which somebody makes something so ("made it clear that").
_MAKING = frozenset({"make", "find", "consider", "leave"})
_HOLDER_PREPOSITIONS = frozenset({"for", "to"})
_VIEW_PREPOSITIONS = frozenset({"in", "from", "to", "by"})
#: What a text or a count says stands in it ("leads in a new survey"): nouns of this sense.
_EVIDENCE = "evidence"
#: Entities that may hold a view.
_HOLDERS = frozenset({"PERSON", "ORG", "GPE", "NORP"})
#: How words hang that stand between a verb and a phrase further down.
_BELOW_VERB = frozenset({"pobj", "prep", "npadvmod", "dobj", "attr", "acomp", "advmod"})
#: How a clause hangs on the one before it when a phrase at the end of both is about both.
_JOINED = frozenset({"conj", "advcl"})
_SOURCE_PREPOSITIONS = ("by", "from", "among")
_QUESTION_WORDS = frozenset({"what", "who", "how", "why", "when", "where", "whether", "if"})


def other_candidates(token: Token, lexicon: Lexicon, *, all_readings: bool = False) -> Iterator[tuple[str, Candidate]]:
    """Yield the readings of a token that is a cue but no verb, with the kind of cue, best first."""
    kind, entry = _entry(token, lexicon)
    if entry is None or (token.lower_ == "in" and not _is_in_evidence(token, lexicon)):
        return
    makers = {"noun": _noun, "adjective": _adjective, "adverb": _adverb, "phrase": _phrase}
    found = [(entry.rate(one.pattern), one) for one in makers[kind](token, entry)]
    for rate, one in sorted(found, key=lambda item: -item[0]):
        if rate > 0:
            one.rate = rate
            yield kind, one
            if not all_readings:
                return


def _entry(token: Token, lexicon: Lexicon) -> tuple[str, Cue | None]:
    if token.lower_ == "according":
        return "phrase", lexicon.phrases.get("according to")
    if token.lower_ in _HOLDER_PREPOSITIONS or token.lower_ == "in":
        return "phrase", lexicon.phrases.get(token.lower_)
    if token.pos_ == "NOUN":
        return "noun", lexicon.nouns.get(lexicon.lemma(token))
    if token.pos_ == "ADJ":
        return "adjective", lexicon.adjectives.get(token.lower_)
    if token.pos_ == "ADV":
        return "adverb", lexicon.adverbs.get(token.lower_)
    return "", None


def _noun(noun: Token, entry: Cue) -> Iterator[Candidate]:
    source, carrier = _noun_source(noun)
    extra = {carrier.i} if carrier is not None else set()

    def made(pattern: str, content: list[int], more: set[int] = frozenset()) -> Candidate:  # type: ignore[assignment]
        return Candidate(noun, entry, pattern, set(content) - set(source), source, extra | set(more))

    for item in noun.children:
        if item.i < noun.i:
            continue
        if (name := _clause_pattern(item)) is not None:
            yield made(name, phrase(item))
        elif item.dep_ in {"acl", "xcomp"} and any(x.dep_ == "aux" and x.lower_ == "to" for x in item.children):
            yield made("infinitive", phrase(item))
        elif item.dep_ == "prep" and (inner := child(item, "pobj", "pcomp")) is not None:
            name = "gerund" if inner.dep_ == "pcomp" else "prep"
            yield made(f"{name} {item.lower_}", phrase(inner), {item.i})
    if (viewpoint := _viewpoint(noun)) is not None:
        preposition, verb = viewpoint
        yield made("viewpoint", phrase(verb, without={preposition.i}), {preposition.i})
    if (distant := distant_clause(noun)) is not None:
        yield made("distant clause", phrase(distant))
    if noun.dep_ in {"nsubj", "nsubjpass"} and noun.i < noun.head.i:
        clause = child(noun.head, "ccomp", "xcomp")
        if clause is not None and (noun.head.lemma_ == "be" or _is_that_clause(clause)):
            yield made("is" if noun.head.lemma_ == "be" else "verb clause", phrase(clause), {noun.head.i})


def _clause_pattern(item: Token) -> str | None:
    if item.dep_ not in {"acl", "ccomp", "relcl"}:
        return None
    if _is_that_clause(item):
        return "clause"
    if _is_bare_clause(item):
        return "bare clause"
    is_question = item.dep_ != "relcl" and item.left_edge.lower_ in _QUESTION_WORDS
    return "question" if is_question else None


def _is_that_clause(item: Token) -> bool:
    mark = child(item, "mark")
    if mark is not None and mark.lower_ == "that":
        return True
    return item.left_edge.lower_ == "that" and (subject := subject_of(item)) is not None and subject.lower_ != "that"


def _is_bare_clause(item: Token) -> bool:
    """Tell whether a clause has a subject and nothing that leads it in ("hopes he will come")."""
    first = item.left_edge
    if first.tag_ in {"WDT", "WP", "WRB", "IN", ","} or child(item, "mark") is not None:
        return False
    return subject_of(item) is not None


def _viewpoint(noun: Token) -> tuple[Token, Token] | None:
    """Return preposition and verb where a noun tells in whose view a clause stands ("in the ministry's eyes")."""
    preposition = noun.head
    if noun.dep_ != "pobj" or preposition.lower_ not in _VIEW_PREPOSITIONS or child(noun, "poss") is None:
        return None
    verb = preposition.head
    if verb.pos_ not in {"VERB", "AUX"} or child(noun, "prep", "acl", "relcl") is not None:
        return None
    first, last = preposition.left_edge.i, preposition.right_edge.i
    is_parted = last + 1 < len(noun.doc) and noun.doc[last + 1].text in {",", "."}
    return (preposition, verb) if first == verb.sent.start or is_parted else None


def _noun_source(noun: Token) -> tuple[list[int], Token | None]:
    owner = child(noun, "poss")
    if owner is not None:
        return phrase(owner, without={item.i for item in owner.children if item.dep_ == "case"}), None
    for item in noun.children:
        if item.dep_ == "prep" and item.lower_ in _SOURCE_PREPOSITIONS and (inner := child(item, "pobj")) is not None:
            return phrase(inner), None
    if noun.dep_ == "dobj" and noun.head.lemma_ in _LIGHT_VERBS:
        head = source_of_verb(noun.head)
        return (source_phrase(head, noun.head) if head is not None else []), noun.head
    return [], None


def _adjective(word: Token, entry: Cue) -> Iterator[Candidate]:
    if word.head.lemma_ in _MAKING and word.dep_ in {"ccomp", "acomp", "oprd", "xcomp"}:
        yield from _made(word, entry)
        return
    verb = word.head if word.dep_ in {"acomp", "oprd"} else word
    if verb != word and verb.lemma_ not in _COPULAS:
        return
    head = source_of_verb(verb) if verb != word else (word.head if word.dep_ in {"acl", "amod"} else None)
    source = source_phrase(head, verb) if head is not None else []
    extra = {verb.i} | {item.i for item in verb.children if item.dep_ in {"aux", "neg"}}
    for item in (*word.children, *(() if verb == word else verb.children)):
        if item.i < word.i:
            continue
        if item.dep_ == "ccomp":
            yield Candidate(word, entry, "clause", set(phrase(item)), source, extra)
        elif item.dep_ == "xcomp":
            yield Candidate(word, entry, "infinitive", set(phrase(item)), source, extra)
        elif item.dep_ == "prep" and item.head == word and (inner := child(item, "pobj", "pcomp")) is not None:
            name = "gerund" if inner.dep_ == "pcomp" else "prep"
            yield Candidate(word, entry, f"{name} {item.lower_}", set(phrase(inner)), source, extra | {item.i})


def _made(word: Token, entry: Cue) -> Iterator[Candidate]:
    """Yield the clause that somebody makes clear ("made it clear to Lund that ..."), however the parse hangs it."""
    verb = word.head
    head = source_of_verb(verb)
    source = source_phrase(head, verb) if head is not None else []
    extra = {verb.i} | {item.i for item in (*verb.children, *word.children) if item.lower_ == "it" and item.i > verb.i}
    for item in (*word.children, *verb.children):
        if item.i > word.i and item.dep_ in {"ccomp", "csubj", "advcl", "xcomp"}:
            first = item.left_edge.lower_
            if first == "that" or (item.dep_ != "advcl" and subject_of(item) is not None):
                yield Candidate(word, entry, "made clause", set(phrase(item)), source, extra)
                return


def _adverb(word: Token, entry: Cue) -> Iterator[Candidate]:
    verb = word.head
    if verb.pos_ in {"VERB", "AUX"}:
        yield Candidate(word, entry, "clause", set(phrase(verb, without={word.i})), [])


def _phrase(word: Token, entry: Cue) -> Iterator[Candidate]:
    if word.lower_ == "in":
        yield from _in_evidence(word, entry)
    else:
        yield from _according(word, entry) if word.lower_ == "according" else _holder(word, entry)


def _is_in_evidence(preposition: Token, lexicon: Lexicon) -> bool:
    inner = child(preposition, "pobj")
    entry = lexicon.nouns.get(lexicon.lemma(inner)) if inner is not None else None
    return entry is not None and entry.sense == _EVIDENCE


def _in_evidence(preposition: Token, entry: Cue) -> Iterator[Candidate]:
    """Yield the clause that is so in a survey or the like ("Lund leads in three polls")."""
    verb, inner = preposition.head, child(preposition, "pobj")
    while verb.pos_ not in {"VERB", "AUX"} and verb.dep_ in _BELOW_VERB:
        verb = verb.head
    if inner is not None and verb.pos_ in {"VERB", "AUX"} and subject_of(verb) is not None:
        content = set(phrase(verb)) - set(phrase(preposition))
        yield Candidate(preposition, entry, "evidence", content, phrase(inner))


def _holder(preposition: Token, entry: Cue) -> Iterator[Candidate]:
    """Yield the clause that an opening phrase gives to a holder ("For the opposition, the accord is a mistake")."""
    verb, holder = preposition.head, child(preposition, "pobj")
    if holder is None or preposition.i != preposition.sent.start or verb.pos_ not in {"VERB", "AUX"}:
        return
    after = preposition.right_edge.i + 1
    is_someone = holder.ent_type_ in _HOLDERS or holder.lemma_.lower() in load_gazetteer().heads
    if is_someone and after < verb.i and preposition.doc[after].text == ",":
        yield Candidate(preposition, entry, "opening", set(phrase(verb, without={preposition.i})), phrase(holder))


def _according(word: Token, entry: Cue) -> Iterator[Candidate]:
    to = child(word, "prep") or next((item for item in word.children if item.lower_ == "to"), None)
    holder = child(to, "pobj") if to is not None else None
    if to is None or holder is None:
        return
    head = word.head.head if word.head.dep_ in {"aux", "auxpass"} else word.head
    while head.pos_ not in {"VERB", "AUX"} and head.head != head and head.dep_ not in {"ROOT", "ccomp"}:
        head = head.head
    while word.i > head.i and head.dep_ in _JOINED and head.head.pos_ in {"VERB", "AUX"} and head.head.i < head.i:
        head = head.head  # "... and ..., according to Lund": both halves are hers
    content = set(phrase(head, without={word.i})) - set(phrase(word))
    yield Candidate(word, entry, "clause", content, phrase(holder), {to.i})
