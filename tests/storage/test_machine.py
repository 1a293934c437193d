"""All operations in any order against a model of a few dicts, with undo, redo, reopening and suggestions between."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from storage import history, memory, queries
from storage.doctor import check
from storage.errors import ExcludedPartError
from storage.operations import actors, links, review, spans, stretches
from storage.project import Project
from storage.records import Fragment
from storage.stretch_queries import stretches_in

TEXT_WORDS = ("Ilya Brandt", "said", "Orsk", "Velmar", "Orsk and Velmar", "face a joint threat", "we know it")
CLAIM = "Orsk and Velmar face a joint threat"
LABELS = {"State": "actor", "Person": "actor", "Claim": "claim", "Cue": "cue"}
CODES = {"speaker": ("claim", "actor"), "cue": ("claim", "cue"), "answers": ("claim", "claim")}

_words = st.sampled_from(TEXT_WORDS)
_labels = st.sampled_from(list(LABELS))
_codes = st.sampled_from(list(CODES))
_picks = st.lists(st.integers(0, 30), min_size=1, max_size=3)
_pick = st.integers(0, 30)


@dataclass
class Model:
    """What the document should hold. Spans by id, links by (type, from, to), each a dict of what can change."""

    places_of: ClassVar[dict[str, range]] = {}
    spans: dict[int, dict] = field(default_factory=dict)
    links: dict[tuple, dict] = field(default_factory=dict)
    reviewed: set[int] = field(default_factory=set)
    excluded: set[int] = field(default_factory=set)
    actors: int = 0

    def kind(self, span_id: int) -> str:
        return LABELS[self.spans[span_id]["label"]]

    def twin(self, label: str, words: str, but: int | None = None) -> int | None:
        order = ("confirmed", "rejected", "suggested")
        found = [
            (order.index(span["state"]), span_id)
            for span_id, span in self.spans.items()
            if (span["label"], span["words"]) == (label, words) and span_id != but
        ]
        return min(found)[1] if found else None

    def confirm(self, *ids: int) -> None:
        for span_id in ids:
            self.spans[span_id]["state"] = "confirmed"
        for (_, start, end), link in self.links.items():
            if start in ids and link["state"] == "suggested" and self.spans[end]["state"] != "rejected":
                link["state"] = "confirmed"
                if self.kind(end) != "claim":
                    self.spans[end]["state"] = "confirmed"

    def take_away(self, keys) -> None:
        for key in list(keys):
            if self.links[key]["origin"] == "suggester":
                self.links[key]["state"] = "rejected"
            else:
                del self.links[key]

    def reject(self, *ids: int) -> None:
        cues = {end for _, start, end in self.links if start in ids and end not in ids and self.kind(end) == "cue"}
        self.take_away(key for key in self.links if key[1] in ids or key[2] in ids)
        for span_id in ids:
            self.spans[span_id]["state"] = "rejected"
        for cue in cues:
            in_use = any(key[2] == cue and link["state"] != "rejected" for key, link in self.links.items())
            if self.spans[cue]["state"] == "suggested" and not in_use:
                self.spans[cue]["state"] = "rejected"

    def remove(self, *ids: int) -> None:
        self.reject(*[span_id for span_id in ids if self.spans[span_id]["origin"] == "suggester"])
        for span_id in ids:
            if self.spans[span_id]["origin"] != "suggester":
                self.delete(span_id)

    def delete(self, span_id: int) -> None:
        for key in [key for key in self.links if span_id in key[1:]]:
            del self.links[key]
        del self.spans[span_id]

    def give_way(self, span_id: int, twin: int) -> None:
        mine, theirs = self.spans[span_id], self.spans[twin]
        theirs["note"] = theirs["note"] or mine["note"]
        if self.kind(span_id) == self.kind(twin):
            theirs["has_actor"] |= mine["has_actor"]
            for key in [k for k in self.links if span_id in k[1:] and self.links[k]["state"] != "rejected"]:
                moved = (key[0], *(twin if end == span_id else end for end in key[1:]))
                if moved[1] != moved[2] and moved not in self.links:
                    self.links[moved] = self.links.pop(key)
        self.remove(span_id)
        self.confirm(twin)

    def relabel(self, span_id: int, label: str) -> None:
        span = self.spans[span_id]
        twin = self.twin(label, span["words"]) if label != span["label"] else None
        if twin is not None:
            self.give_way(span_id, twin)
            return
        if LABELS[label] != self.kind(span_id):
            self.links = {key: link for key, link in self.links.items() if span_id not in key[1:]}
            span["has_actor"] = False
        span["label"] = label
        self.confirm(span_id)

    def resize(self, span_id: int, words: str) -> None:
        span = self.spans[span_id]
        twin = self.twin(span["label"], words) if words != span["words"] else None
        if twin is not None:
            self.give_way(span_id, twin)
            return
        span["words"] = words
        self.confirm(span_id)

    def is_in(self, places, words: str) -> bool:
        return not places.isdisjoint(self.places_of[words])

    def leave_out(self, places) -> None:
        self.excluded |= places
        gone = {
            span_id
            for span_id, span in self.spans.items()
            if span["state"] == "suggested" and not span["note"] and self.is_in(places, span["words"])
        }
        for (_, *ends), link in self.links.items():
            if link["state"] != "suggested":
                gone -= set(ends)
        for span_id in gone:
            self.delete(span_id)

    def connect(self, key: tuple, *, is_only: bool) -> None:
        if is_only:
            others = [k for k in self.links if k[:2] == key[:2] and k != key and self.links[k]["state"] != "rejected"]
            self.take_away(others)
        self.links.setdefault(key, {"origin": "human"})["state"] = "confirmed"
        for span_id in key[1:]:
            self.spans[span_id]["state"] = "confirmed"


class Decisions(RuleBasedStateMachine):
    """An analyst at work on one document; `make_bench` is set by the test."""

    make_bench = None

    @initialize()
    def begin(self) -> None:
        self.bench = type(self).make_bench()
        Model.places_of = {words: range(*self.bench.at(words)[0]) for words in (*TEXT_WORDS, CLAIM)}
        self.labels = {label.name: label.id for label in queries.codebook(self.bench.project).labels}
        self.bench.suggest_card()
        self.bench.suggest(("state", "Orsk"), suggester="registry")
        self.model = self._seen()
        self.done: list[tuple] = []
        self.undone: list[tuple] = []
        self.real = self.bench.state()

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            assert check(self.bench.project) == []
            self.bench.project.close()

    def _seen(self) -> Model:
        """Return the model of what the database holds."""
        bench = self.bench
        names = {label_id: name for name, label_id in self.labels.items()}
        codes = {link_type.id: link_type.code for link_type in queries.codebook(bench.project).link_types}
        return Model(
            {
                span.id: {
                    "label": names[span.label_id],
                    "words": span.quote,
                    "state": span.state.value,
                    "origin": span.origin.value,
                    "note": span.note,
                    "has_actor": span.actor_id is not None,
                }
                for span in bench.spans
            },
            {
                (codes[link.type_id], link.from_id, link.to_id): {
                    "state": link.state.value,
                    "origin": link.origin.value,
                }
                for link in bench.links
            },
            {
                place
                for stretch in queries.reviewed_in(bench.project, bench.document_id)
                for place in range(stretch.start_cp, stretch.end_cp)
            },
            {
                place
                for part in stretches_in(bench.project, bench.document_id)
                for place in range(part.start_cp, part.end_cp)
            },
            len(queries.actors(bench.project)),
        )

    def _is_refused(self, words: str, work) -> bool:
        """Check that labelling is refused where it would stand in an excluded part."""
        if not self.model.is_in(self.model.excluded, words):
            return False
        with pytest.raises(ExcludedPartError):
            work()
        assert self.bench.state() == self.real
        return True

    def _work(self, expected: Model, changes) -> None:
        """Note an action: the model follows it, and it can be undone if it changed anything."""
        before = (self.model, self.real)
        self.model, self.real = expected, self.bench.state()
        if changes.set_id is None:
            assert self.real == before[1]
        else:
            self.done.append(before)
            self.undone.clear()

    def _ids(self, picks: list[int]) -> list[int]:
        known = sorted(self.model.spans)
        return list(dict.fromkeys(known[pick % len(known)] for pick in picks)) if known else []

    @rule(label=_labels, words=_words)
    def draw(self, label, words) -> None:
        bench, model = self.bench, copy.deepcopy(self.model)
        work = partial(spans.draw, bench.project, bench.document_id, self.labels[label], bench.at(words))
        if self._is_refused(words, work):
            return
        changes = work()
        twin = model.twin(label, words)
        if twin is None:
            (new,) = changes.spans
            model.spans[new] = {"label": label, "words": words, "origin": "human", "note": "", "has_actor": False}
            model.spans[new]["state"] = "confirmed"
        else:
            model.confirm(twin)
        self._work(model, changes)

    @rule(picks=_picks, name=st.sampled_from(["accept", "reject", "remove"]))
    def decide(self, picks, name) -> None:
        ids, model = self._ids(picks), copy.deepcopy(self.model)
        changes = getattr(spans, name)(self.bench.project, ids)
        {"accept": model.confirm, "reject": model.reject, "remove": model.remove}[name](*ids)
        self._work(model, changes)

    @precondition(lambda self: self.model.spans)
    @rule(pick=_pick, label=_labels)
    def relabel(self, pick, label) -> None:
        (span_id,), model = self._ids([pick]), copy.deepcopy(self.model)
        changes = spans.relabel(self.bench.project, span_id, self.labels[label])
        model.relabel(span_id, label)
        self._work(model, changes)

    @precondition(lambda self: self.model.spans)
    @rule(pick=_pick, words=_words)
    def resize(self, pick, words) -> None:
        (span_id,), model = self._ids([pick]), copy.deepcopy(self.model)
        work = partial(spans.resize, self.bench.project, span_id, self.bench.at(words))
        if self._is_refused(words, work):
            return
        changes = work()
        model.resize(span_id, words)
        self._work(model, changes)

    @precondition(lambda self: self.model.spans)
    @rule(pick=_pick, note=st.sampled_from(["", "why? 🌊"]))
    def annotate(self, pick, note) -> None:
        (span_id,), model = self._ids([pick]), copy.deepcopy(self.model)
        changes = spans.annotate(self.bench.project, span_id, note=note)
        model.spans[span_id]["note"] = note
        self._work(model, changes)

    @rule(code=_codes, picks=st.tuples(_pick, _pick), is_only=st.booleans())
    def connect(self, code, picks, is_only) -> None:
        model = copy.deepcopy(self.model)
        possible = [
            (start, end)
            for start, end in itertools.permutations(sorted(model.spans), 2)
            if (model.kind(start), model.kind(end)) == CODES[code]
        ]
        if not possible:
            return
        ends = possible[sum(picks) % len(possible)]
        changes = (links.replace if is_only else links.connect)(self.bench.project, code, *ends)
        model.connect((code, *ends), is_only=is_only)
        self._work(model, changes)

    @rule(picks=_picks)
    def disconnect(self, picks) -> None:
        known, model = sorted(self.bench.links, key=lambda link: link.id), copy.deepcopy(self.model)
        chosen = {known[pick % len(known)] for pick in picks} if known else set()
        codes = {link_type.id: link_type.code for link_type in queries.codebook(self.bench.project).link_types}
        changes = links.disconnect(self.bench.project, [link.id for link in chosen])
        model.take_away((codes[link.type_id], link.from_id, link.to_id) for link in chosen)
        self._work(model, changes)

    @rule(start=st.integers(0, 40), length=st.integers(1, 30), is_marked=st.booleans())
    def declare(self, start, length, is_marked) -> None:
        model, stretch = copy.deepcopy(self.model), Fragment(start, start + length)
        work = review.mark_reviewed if is_marked else review.unmark_reviewed
        changes = work(self.bench.project, self.bench.document_id, stretch)
        (model.reviewed.update if is_marked else model.reviewed.difference_update)(range(*stretch))
        self._work(model, changes)

    @rule(start=st.integers(0, 100), length=st.integers(1, 12), is_out=st.booleans())
    def leave_out(self, start, length, is_out) -> None:
        model, stretch = copy.deepcopy(self.model), Fragment(start, start + length)
        work = stretches.exclude if is_out else stretches.include
        changes = work(self.bench.project, self.bench.document_id, stretch)
        if not is_out:
            model.excluded -= set(range(*stretch))
        elif not model.excluded >= set(range(*stretch)):
            model.leave_out(set(range(*stretch)))
        self._work(model, changes)

    @rule(picks=_picks)
    def name_actor(self, picks) -> None:
        model = copy.deepcopy(self.model)
        ids = [span_id for span_id in self._ids(picks) if model.kind(span_id) == "actor"]
        changes = actors.create_actor(self.bench.project, "Orsk", aliases=("b", "a"), mention_ids=tuple(ids))
        for span_id in ids:
            model.spans[span_id] |= {"has_actor": True, "state": "confirmed"}
        model.actors += 1
        self._work(model, changes)

    @rule(times=st.integers(1, 4))
    def undo(self, times) -> None:
        for _ in range(times):
            if not self.done:
                return
            assert history.undo(self.bench.project).set_id is not None
            self.undone.append((self.model, self.real))
            self.model, self.real = self.done.pop()
            assert self.bench.state() == self.real

    @rule(times=st.integers(1, 4))
    def redo(self, times) -> None:
        for _ in range(times):
            if not self.undone:
                assert history.redo(self.bench.project).set_id is None
                return
            assert history.redo(self.bench.project).set_id is not None
            self.done.append((self.model, self.real))
            self.model, self.real = self.undone.pop()
            assert self.bench.state() == self.real

    @rule()
    def reopen(self) -> None:
        self.bench.project.close()
        self.bench.project = Project.open(self.bench.project.path)
        assert self.bench.state() == self.real

    @invariant()
    def the_database_holds_what_the_model_says(self) -> None:
        if hasattr(self, "bench"):
            assert self._seen() == self.model


class DecisionsAmidSuggestions(Decisions):
    """Suggesters work in between. People's decisions stay, nothing doubles, and undo and redo never get stuck."""

    @rule(words=st.lists(_words, unique=True, max_size=4), version=st.sampled_from("12"), card=st.booleans())
    def suggest(self, words, version, card) -> None:
        codes = itertools.cycle(["state", "claim", "cue"])
        proposed = [(next(codes), each) for each in words]
        claims = [each for code, each in proposed if code == "claim"]
        ends = [each for code, each in proposed if code == "state"]
        wanted = tuple(("speaker", claim, end) for claim in claims for end in ends) if card else ()
        before = {span.id: span for span in self.bench.spans}
        self.bench.suggest(*proposed, links=wanted, version=version)
        after = {span.id: span for span in self.bench.spans}
        assert not any(self.model.is_in(self.model.excluded, after[key].quote) for key in after.keys() - before.keys())
        assert {key: span for key, span in before.items() if span.state != "suggested"} == {
            key: after.get(key) for key, span in before.items() if span.state != "suggested"
        }
        self._no_doubles(new=after.keys() - before.keys())
        self.model, self.real = self._seen(), self.bench.state()
        self.done = [(None, None)] * len(self.done)
        self.undone = [(None, None)] * len(self.undone)

    @rule()
    def recall(self) -> None:
        before = {span.id: span for span in self.bench.spans if span.state != "suggested"}
        known = {span.id for span in self.bench.spans}
        memory.recall(self.bench.project)
        after = {span.id: span for span in self.bench.spans}
        assert before == {key: after.get(key) for key in before}
        assert all(
            other.id == span.id or span.label_id != other.label_id or span.fragments != other.fragments
            for span in after.values()
            if span.id not in known
            for other in after.values()
        )
        assert memory.recall(self.bench.project).added == {}
        self.model, self.real = self._seen(), self.bench.state()
        self.done = [(None, None)] * len(self.done)
        self.undone = [(None, None)] * len(self.undone)

    def _no_doubles(self, new) -> None:
        places = [(span.label_id, span.fragments) for span in self.bench.spans]
        for span in self.bench.spans:
            if span.id in new:
                assert places.count((span.label_id, span.fragments)) == 1

    @rule(times=st.integers(1, 4))
    def undo(self, times) -> None:
        self._travel(history.undo, self.done, self.undone, times)

    @rule(times=st.integers(1, 4))
    def redo(self, times) -> None:
        self._travel(history.redo, self.undone, self.done, times)

    def _travel(self, step, source, target, times) -> None:
        for _ in range(min(times, len(source))):
            assert step(self.bench.project).set_id is not None
            target.append(source.pop())
        self.model, self.real = self._seen(), self.bench.state()


def _run(machine, make_bench, examples: int) -> None:
    machine.make_bench = staticmethod(make_bench)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.reuse, Phase.generate),  # shrinking takes longer than the limit of a test
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def test_any_order_of_operations_does_what_the_model_says(make_bench) -> None:
    _run(Decisions, make_bench, 15)


def test_suggesters_in_between_change_no_decision_and_block_no_undo(make_bench) -> None:
    _run(DecisionsAmidSuggestions, make_bench, 15)
