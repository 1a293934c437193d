"""Memory against a model of a few lines: whatever was done before, the same suggestions stand in the end."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select

from storage import history, provenance, queries, tables
from storage.doctor import check
from storage.memory import recall
from storage.operations import spans

TEXTS = (
    "Orsk met Velmar. Ilya Brandt left Orsk.",
    "Brandt, Ilya Brandt and Orsk. Velmar!",
    "he said: Orsk-Velmar, orsk",
)
WORDS = ("Orsk", "Velmar", "Ilya Brandt", "Brandt", "he", "Orsk met Velmar")
LABELS = ("State", "Person")

_word, _label, _pick = st.sampled_from(WORDS), st.sampled_from(LABELS), st.integers(0, 20)


class Remembering(RuleBasedStateMachine):
    """Analysts decide in three documents, suggesters come and go, and memory follows now and then."""

    make_bench = None

    @initialize()
    def begin(self) -> None:
        self.bench = type(self).make_bench()
        self.documents = {self.bench.add(f"T{n}", text): text for n, text in enumerate(TEXTS)}
        self.labels = {name: self.bench.label(name) for name in LABELS}
        self.seen, self.has_proposals = 0, True

    def _new_sets(self) -> list[int] | None:
        """Return the entries of the change log since memory looked last; nothing where others proposed something."""
        with self.bench.project.reading() as connection:
            query = select(tables.ChangeSet.id).where(tables.ChangeSet.id > self.seen)
            sets = list(connection.execute(query).scalars())
        known = None if self.has_proposals else sets
        self.seen, self.has_proposals = max([self.seen, *sets]), False
        return known

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            assert check(self.bench.project) == []
            self.bench.project.close()

    def _spans(self):
        project = self.bench.project
        return [span for ident in self.documents for span in queries.document_content(project, ident).spans]

    @rule(document=_pick, word=_word, label=_label)
    def draw(self, document, word, label) -> None:
        ident, text = list(self.documents.items())[document % len(TEXTS)]
        if word in text:
            spans.draw(self.bench.project, ident, self.labels[label], self.bench.at(word, text))

    @rule(pick=_pick, name=st.sampled_from(["accept", "reject", "remove"]))
    def decide(self, pick, name) -> None:
        known = self._spans()
        if known:
            getattr(spans, name)(self.bench.project, [known[pick % len(known)].id])

    @rule(pick=_pick, label=_label)
    def relabel(self, pick, label) -> None:
        known = self._spans()
        if known:
            spans.relabel(self.bench.project, known[pick % len(known)].id, self.labels[label])

    @rule(document=_pick, words=st.lists(_word, unique=True, max_size=2), code=st.sampled_from(["state", "person"]))
    def suggest(self, document, words, code) -> None:
        self.has_proposals = True
        ident, text = list(self.documents.items())[document % len(TEXTS)]
        self.bench.suggest_at(ident, *((code, self.bench.at(word, text)) for word in words if word in text))

    @rule(step=st.sampled_from([history.undo, history.redo]))
    def travel(self, step) -> None:
        entry = history.next_undo(self.bench.project)
        if step is history.redo or (entry is not None and entry.operation != "import"):
            step(self.bench.project)

    @rule()
    def remember(self) -> None:
        before = {span.id: span for span in self._spans() if span.state != "suggested"}
        recall(self.bench.project, sets=self._new_sets())
        after = self._spans()
        assert before == {span.id: span for span in after if span.state != "suggested"}
        remembered = self._remembered(after)
        self._check_sound(after, remembered)
        self._check_whole(after, remembered)
        again = recall(self.bench.project)
        assert (again.added, again.dropped) == ({}, 0)

    def _remembered(self, known) -> dict[str, int]:
        """Return as what words are remembered: more places confirmed than rejected, the clearest label."""
        counts = Counter()
        for span in known:
            counts[span.quote, span.label_id] += {"confirmed": 1, "rejected": -1, "suggested": 0}[span.state]
        best = {}
        for (words, label), count in sorted(counts.items(), key=lambda item: (-item[1], item[0][1])):
            if count > 0 and words != "he":
                best.setdefault(words, label)
        return best

    def _runs(self) -> set[int]:
        return {run.id for run in provenance.runs(self.bench.project).values() if run.suggester == "memory"}

    def _check_sound(self, known, remembered) -> None:
        """Every suggestion of memory says what is remembered, unless an undone decision needs it; none stands twice."""
        for span in known:
            if span.state == "suggested" and span.run_id in self._runs() and not self._is_held(span):
                assert remembered.get(span.quote) == span.label_id
        places = Counter((s.document_id, s.label_id, s.fragments) for s in known if s.run_id in self._runs())
        assert all(count == 1 for count in places.values())

    def _check_whole(self, known, remembered) -> None:
        """Where remembered words stand and nothing of the kind touches them, something was decided there before."""
        for document_id, text in self.documents.items():
            here = [span for span in known if span.document_id == document_id]
            for words in remembered:
                for match in re.finditer(rf"(?<![\w-]){words}(?![\w-])", text):
                    is_touched = any(s.start_cp < match.end() and s.end_cp > match.start() for s in here)
                    assert is_touched or self._was_there(document_id, match.span(), here), (words, text, here)

    def _was_there(self, document_id, place, here) -> bool:
        """Whether a span that a person moved or relabelled stood there once."""
        return any(provenance.history_of(self.bench.project, span.id) for span in here)

    def _is_held(self, span) -> bool:
        return any(
            entry.status in {"applied", "undone"} and entry.operation not in {"suggest", "remember", "undo", "redo"}
            for entry in provenance.history_of(self.bench.project, span.id)
        )


def test_memory_ends_in_the_same_suggestions_whatever_came_before(make_bench) -> None:
    Remembering.make_bench = staticmethod(make_bench)
    run_state_machine_as_test(
        Remembering,
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            phases=(Phase.reuse, Phase.generate),  # shrinking takes longer than the limit of a test
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
