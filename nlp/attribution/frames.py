"""The argument patterns of verbs: what may be the content of a cue verb, cut out of the parse.

A frame says nothing about meaning: `frames_of` offers the arguments of any verb, and the lexicon tells
which pattern of which verb is an attribution. Labels are those of spaCy's English models (ClearNLP).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.loose import loose_frames_of
from nlp.attribution.records import Frame
from nlp.attribution.tree import child, is_expletive, is_passive, phrase, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_WH = frozenset({"what", "who", "whom", "whose", "which", "how", "why", "when", "where", "whether", "if"})
#: Prepositional phrases that complete the object of a verb of judging ("blamed X for Y", "portrayed X as Y").
_OBJECT_PREPOSITIONS = frozenset(
    {
        "as",
        "for",
        "of",
        "against",
        "with",
        "to",
        "on",
        "from",
        "over",
        "than",
        "in",
        "about",
        "between",
        "among",
        "into",
    }
)
#: Prepositions that introduce what is said or judged ("talked about", "pointed to", "calls for").
_CONTENT_PREPOSITIONS = _OBJECT_PREPOSITIONS - {"than", "between", "among", "into"} | {
    "regarding",
    "like",
    "behind",
    "at",
}
_CLAUSE_MARKS = frozenset({"that", "if", "whether"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_RELATIVE_TAGS = frozenset({"WDT", "WP", "WP$"})
_CONTENT_WORDS = frozenset({"NOUN", "PROPN", "PRON", "VERB"})
_PARTING = frozenset({"–", "—", "-", "--", ";", ":"})
_REPORTING = frozenset({"say", "add", "tell", "argue", "claim", "warn", "note", "urge", "insist", "predict", "suggest"})
#: How many tokens at most lie between an object and an infinitive that goes on with it.
_NEAR = 2
_TIME_WORDS = frozenset(
    {
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "week",
        "month",
        "year",
        "today",
        "tomorrow",
        "yesterday",
        "night",
        "morning",
        "afternoon",
        "evening",
    }
)


def frames_of(verb: Token) -> Iterator[Frame]:
    """Yield the readings that the verb's arguments allow, the most specific first."""
    yield from _inserted(verb)
    if is_passive(verb):
        yield from _passive(verb)
    else:
        yield from _active(verb)
    yield from _adverbial(verb)
    yield from _prepositional(verb)
    yield from _relative(verb)
    yield from loose_frames_of(verb)


def _inserted(verb: Token) -> Iterator[Frame]:
    head = verb.head
    if head.dep_ == "conj" and subject_of(head) is None and verb.dep_ == "parataxis":
        head = head.head
    if verb.dep_ == "parataxis" and subject_of(verb) is not None:
        yield Frame("inserted", tuple(phrase(head, without={verb.i})))
    elif verb.dep_ == "advcl" and child(verb, "ccomp", "dobj", "xcomp") is None:
        mark = child(verb, "mark")
        if mark is not None and mark.lower_ == "as":
            yield Frame("as", tuple(phrase(head, without={verb.i})), (mark.i,))


def _active(verb: Token) -> Iterator[Frame]:
    clauses = [item for item in verb.children if item.dep_ == "ccomp"]
    clause = next((item for item in clauses if item.i > verb.i), clauses[0] if clauses else None)
    infinitive = child(verb, "xcomp")
    thing = child(verb, "dobj")
    if clause is not None and not _is_other_report(verb, clause):
        pattern = "clause before" if clause.i < verb.i else _clause_pattern(clause)
        yield Frame(pattern, (*_clause(verb, clause), *_run_on(verb)))
    yield from _raised(verb)
    if (named := child(verb, "oprd")) is not None and thing is not None:
        yield Frame("small clause", (*phrase(thing), *phrase(named)))
    if infinitive is not None:
        yield from _open_clause(verb, infinitive, thing)
    if thing is not None:
        yield from _with_object(verb, thing)


def _relative(verb: Token) -> Iterator[Frame]:
    """Yield what a relative clause hangs on ("the treaty that Orsk rejected", "something they never proposed")."""
    subject = subject_of(verb)
    if verb.dep_ != "relcl" or is_passive(verb) or subject is None or subject.tag_ in _RELATIVE_TAGS:
        return
    if child(verb, "ccomp", "xcomp", "acomp") is not None:
        return
    thing = child(verb, "dobj")
    if thing is not None and thing.tag_ not in _RELATIVE_TAGS:
        return
    stranded = next(
        (item for item in verb.children if item.dep_ == "prep" and child(item, "pobj", "pcomp") is None), None
    )
    content = phrase(verb.head, without={verb.i})
    if stranded is not None:
        yield Frame(f"relative {stranded.lower_}", tuple(content), (stranded.i,))
    else:
        yield Frame("relative", tuple(content))


def _clause_pattern(clause: Token) -> str:
    if clause.left_edge.lower_ in _WH:
        return "question"
    auxiliary = child(clause, "aux")
    if clause.tag_ in {"VB", "VBG"} and (auxiliary is None or auxiliary.lower_ == "to"):
        return "small clause"
    if clause.pos_ not in {"VERB", "AUX"} and child(clause, "mark", "cop") is None:
        return "small clause"
    return "clause"


def _raised(verb: Token) -> Iterator[Frame]:
    """Yield what a subject seems to be ("the talks appear doomed"), and what someone calls for others to do."""
    complement, subject = child(verb, "acomp", "oprd"), subject_of(verb)
    if complement is not None and subject is not None and not is_expletive(subject) and complement.i > verb.i:
        yield Frame("raised complement", (*phrase(subject), *phrase(complement)), is_sourced=False)
    for item in verb.children:
        mark = child(item, "mark") if item.dep_ == "advcl" and item.i > verb.i else None
        if mark is not None and mark.lower_ in {"for", "like"} and subject_of(item) is not None:
            yield Frame(f"{mark.lower_} clause", tuple(phrase(item, without={mark.i})), (mark.i,))


def _adverbial(verb: Token) -> Iterator[Frame]:
    """Yield a clause that the parse takes for an adverbial though it is what is said ("was asked if ...")."""
    if child(verb, "ccomp") is None:
        for item in verb.children:
            mark = child(item, "mark") if item.dep_ == "advcl" and item.i > verb.i else None
            if mark is None or mark != item.left_edge or mark.lower_ not in _CLAUSE_MARKS:
                continue
            if mark.lower_ != "if" or child(verb, "dobj") is None:  # "backed the plan if ..." is a condition
                yield Frame(f"{mark.lower_} clause", tuple(phrase(item)))


def _is_other_report(verb: Token, clause: Token) -> bool:
    """Tell whether what looks like the verb's content is an earlier report, parted from it by a dash or the like."""
    if clause.i > verb.i or child(clause, "ccomp") is None:
        return False
    return any(token.text in _PARTING for token in verb.doc[clause.i : verb.i])


def _run_on(verb: Token) -> list[int]:
    """Return the rest of a sentence that goes on after a dash or the like with what the verb reports.

    The parse makes such a rest the main clause: "Lund says that the ford is closed - it means ...".
    """
    head, doc = verb.head, verb.doc
    if verb.dep_ not in {"ccomp", "parataxis"} or head.i < verb.i:
        return []
    end = verb.right_edge.i
    if not any(token.text in _PARTING for token in doc[end : end + 3]):
        return []
    rest = phrase(head, without={verb.i})
    if any(index < verb.left_edge.i and doc[index].pos_ in _CONTENT_WORDS for index in rest):
        return []
    return [index for index in rest if index > end]


def _clause(verb: Token, clause: Token) -> list[int]:
    """Return the clause with whatever was wrongly hung beside it: a second clause of the same verb."""
    found = phrase(clause, without=_reporting_conjuncts(verb, clause))
    thing = child(verb, "dobj")
    if thing is not None and verb.i < thing.i < clause.i and clause.tag_ in _FINITE and subject_of(clause) is None:
        # "said half of the ford was lost": the parse hangs the subject of the clause on the cue.
        found = sorted({*phrase(thing), *found})
    if clause.i < verb.i:
        # "The ford is closed, Lund said, and the bridge has fallen": the second half hangs on the cue.
        for item in verb.children:
            if item.dep_ == "conj" and item.i > verb.i and subject_of(item) is not None and not child(item, "ccomp"):
                found.extend(phrase(item))
        return found
    for other in verb.children:
        if other.dep_ == "ccomp" and other.i > clause.i:
            found.extend(phrase(other))
    return found


def _reporting_conjuncts(verb: Token, clause: Token) -> set[int]:
    """Return the verbs that the parse hangs into the clause though they share the subject of the cue.

    "warned that it would snow and vowed to stay": such a verb has the form of the cue and not of the clause,
    no subject, and a complement of its own.
    """
    found = set()
    for item in clause.children:
        if item.dep_ != "conj" or item.i < clause.i:
            continue
        is_shared = item.tag_ == verb.tag_ != clause.tag_ and subject_of(item) is None
        if (is_shared or item.lemma_ in _REPORTING) and child(item, "ccomp", "xcomp") is not None:
            found.add(item.i)
        found |= _reporting_conjuncts(verb, item)
    return found


def _open_clause(verb: Token, infinitive: Token, thing: Token | None) -> Iterator[Frame]:
    words = tuple(phrase(infinitive))
    if infinitive.tag_ == "VBG":
        yield Frame("gerund", words)
    elif any(item.lower_ == "to" and item.dep_ == "aux" for item in infinitive.children):
        if thing is not None and thing.i < infinitive.i:
            yield Frame("object infinitive", words)
        else:
            yield Frame("infinitive", words)
            subject = subject_of(verb)
            if subject is not None and not is_expletive(subject):
                yield Frame("raised infinitive", (*phrase(subject), *words), is_sourced=False)
    else:
        yield Frame("complement", (*(phrase(thing) if thing is not None else ()), *words))


def _with_object(verb: Token, thing: Token) -> Iterator[Frame]:
    """Yield the object, with the phrase that completes it ("blamed X for Y"), and that phrase alone."""
    words = phrase(thing)
    for item in verb.children:
        if item.dep_ == "advcl" and item.left_edge.lower_ == "to" and 0 < item.left_edge.i - words[-1] <= _NEAR:
            # "endorsed a plan to build": the parse hangs the infinitive on the verb.
            words += phrase(item)
            break
    for item in verb.children:
        if item.i > thing.i and item.dep_ == "prep" and item.lower_ in _OBJECT_PREPOSITIONS and not _is_time(item):
            yield Frame(f"object {item.lower_}", (*words, *phrase(item)))
            yield Frame("object alone", tuple(words))
            return
    if thing.lower_ in {"it", "so", "this", "that"}:
        yield Frame("pronoun object", tuple(words))
    elif thing.lower_ not in _TIME_WORDS:
        yield Frame("object", tuple(words))


def _is_time(preposition: Token) -> bool:
    if preposition.lower_ == "as":
        return False
    inner = child(preposition, "pobj", "pcomp")
    return inner is None or inner.lower_ in _TIME_WORDS or inner.ent_type_ in {"DATE", "TIME"}


def _passive(verb: Token) -> Iterator[Frame]:
    subject = subject_of(verb)
    clause = child(verb, "ccomp")
    if clause is not None and (subject is None or is_expletive(subject) or child(clause, "mark", *("nsubj",))):
        yield Frame("passive clause", tuple(phrase(clause)), is_sourced=False)
    about = phrase(subject) if subject is not None and not is_expletive(subject) else []
    if not about and verb.dep_ in {"acl", "relcl"}:
        about = phrase(verb.head, without={verb.i})
    rest = child(verb, "xcomp", "oprd") or (clause if clause is not None and subject_of(clause) is None else None)
    if rest is not None:
        yield Frame("passive complement", (*about, *phrase(rest)), is_sourced=False)
    as_phrase = next((item for item in verb.children if item.lower_ == "as" and item.dep_ == "prep"), None)
    if as_phrase is not None:
        yield Frame("passive as", (*about, *phrase(as_phrase)), is_sourced=False)
    if about:
        name = "passive by" if child(verb, "agent") is not None else "passive"
        yield Frame(name, tuple(about), is_sourced=False)


def _prepositional(verb: Token) -> Iterator[Frame]:
    beside = "beside" if child(verb, "dobj") is not None else "prep"
    for item in verb.children:
        if item.dep_ != "prep" or item.i < verb.i or item.lower_ not in _CONTENT_PREPOSITIONS:
            continue
        inner = child(item, "pobj", "pcomp")
        if inner is None or _is_time(item):
            continue
        rest = next((x for x in verb.children if x.i > item.i and _completes(x)), None)
        if rest is not None:
            yield Frame(f"{beside} {item.lower_} {rest.dep_}", (*phrase(inner), *phrase(rest)), (item.i,))
        else:
            yield Frame(f"{beside} {item.lower_}", tuple(phrase(inner)), (item.i,))


def _completes(item: Token) -> bool:
    """Tell whether a phrase says what is said of the thing before it ("referred to X as Y", "called on X to Y")."""
    if item.dep_ == "prep":
        return item.lower_ == "as"
    return item.dep_ == "xcomp" and any(x.dep_ == "aux" and x.lower_ == "to" for x in item.children)
