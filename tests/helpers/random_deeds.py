"""An analyst who does anything at random: every operation, with whatever stands in the project just then."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

from deeds import take_in

from storage import history, queries
from storage.errors import EnvironmentProblem, InvalidEditError
from storage.operations import (
    actors,
    bulk,
    codebook,
    codebook_removal,
    documents,
    links,
    review,
    settings,
    spans,
    stretches,
)
from storage.project import Project
from storage.records import (
    Changes,
    DocumentContent,
    FieldRecord,
    FieldType,
    Fragment,
    LabelKind,
    LabelRecord,
    LinkTypeRecord,
    SpanRecord,
)
from storage.suggesting import store_suggestions

_WORDS = ("Orsk", "Velmar", "Taval", "Ilya Brandt", "Karsk 🌊", "the East")
#: A document with more spans than these loses some instead: what is measured is the work, not the heap.
_MOST_SPANS = 40
#: Likewise documents come and go.
_LEAST_DOCUMENTS, _MOST_DOCUMENTS = 2, 12


class RandomAnalyst:
    """Acts on one project; `chance` decides."""

    def __init__(self, project: Project, chance: random.Random) -> None:
        self.project = project
        self._chance = chance
        self._deeds: dict[str, Callable[[], Changes | None]] = {
            name.removeprefix("_do_"): getattr(self, name) for name in dir(self) if name.startswith("_do_")
        }
        #: Decisions on spans are what analysts do most of the time.
        common = {"draw": 6, "accept": 6, "reject": 4, "remove": 3, "relabel": 3, "resize": 3, "annotate": 3, "link": 3}
        self._names = [name for name in sorted(self._deeds) for _ in range(common.get(name, 1))]

    @property
    def names(self) -> list[str]:
        """The names of all that is done."""
        return sorted(self._deeds)

    def act(self, name: str | None = None) -> Changes | None:
        """Do something, by chance or by name; `None` if there was nothing to do, or it was refused."""
        try:
            return self._deeds[name or self._chance.choice(self._names)]()
        except (EnvironmentProblem, InvalidEditError):
            return None

    # -- what there is ------------------------------------------------------------------------------------------------

    def _content(self) -> DocumentContent:
        listed = [item.document.id for item in queries.document_items(self.project)]
        return queries.document_content(self.project, self._chance.choice(listed))

    def _span(self, content: DocumentContent) -> SpanRecord:
        if not content.spans:
            raise InvalidEditError("no span to work on")
        return self._chance.choice(content.spans)

    def _is_full(self, content: DocumentContent) -> bool:
        return len(content.spans) >= _MOST_SPANS

    def _some(self, content: DocumentContent) -> list[int]:
        return [span.id for span in self._chance.sample(content.spans, min(len(content.spans), 3))]

    def _fragments(self, content: DocumentContent) -> tuple[Fragment, ...]:
        text, chance = content.text, self._chance
        found = []
        at = chance.randrange(len(text) // 2)
        for _ in range(chance.choice((1, 1, 1, 2))):
            start = at + chance.randrange(8)
            end = start + chance.randrange(1, 24)
            if end >= len(text):
                break
            words = text[start:end]
            start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
            if start < end:
                found.append(Fragment(start, end))
            at = end + 2
        return tuple(found)

    def _actor(self) -> int:
        known = queries.actors(self.project)
        if not known:
            raise InvalidEditError("no actor to work on")
        return self._chance.choice(known).id

    def _label(self, kind: LabelKind | None = None) -> LabelRecord:
        labels = queries.codebook(self.project).labels
        return self._chance.choice([label for label in labels if kind in {None, label.kind}])

    def _name(self) -> str:
        return f"{self._chance.choice(_WORDS)} {self._chance.randrange(20)}"

    # -- spans and links ----------------------------------------------------------------------------------------------

    def _do_draw(self) -> Changes:
        content = self._content()
        if self._is_full(content):
            return spans.remove(self.project, self._some(content))
        return spans.draw(self.project, content.document.id, self._label().id, self._fragments(content))

    def _do_accept(self) -> Changes:
        return spans.accept(self.project, self._some(self._content()), took_ms=7)

    def _do_reject(self) -> Changes:
        return spans.reject(self.project, self._some(self._content()))

    def _do_remove(self) -> Changes:
        return spans.remove(self.project, self._some(self._content()))

    def _do_relabel(self) -> Changes:
        return spans.relabel(self.project, self._span(self._content()).id, self._label().id)

    def _do_resize(self) -> Changes:
        content = self._content()
        return spans.resize(self.project, self._span(content).id, self._fragments(content))

    def _do_annotate(self) -> Changes:
        span = self._span(self._content())
        return spans.annotate(self.project, span.id, note=self._name(), is_flagged=not span.is_flagged)

    def _do_set_field(self) -> Changes:
        fields = queries.codebook(self.project).fields
        field = self._chance.choice(fields)
        value = self._chance.choice((*field.choices, "")) if field.choices else self._name()
        return spans.set_field(self.project, self._span(self._content()).id, field.id, value)

    def _do_set_actor(self) -> Changes:
        actor = self._chance.choice((None, self._actor()))
        return spans.set_actor(self.project, [self._span(self._content()).id], actor)

    def _do_link(self) -> Changes:
        content, book = self._content(), queries.codebook(self.project)
        code = self._chance.choice(book.link_types).code
        work = self._chance.choice((links.connect, links.replace))
        return work(self.project, code, self._span(content).id, self._span(content).id)

    def _do_disconnect(self) -> Changes:
        content = self._content()
        chosen = self._chance.sample(content.links, min(2, len(content.links)))
        return links.disconnect(self.project, [link.id for link in chosen])

    # -- documents ----------------------------------------------------------------------------------------------------

    def _do_review(self) -> Changes:
        content = self._content()
        start = self._chance.randrange(len(content.text) - 2)
        work = self._chance.choice((review.mark_reviewed, review.unmark_reviewed))
        return work(self.project, content.document.id, Fragment(start, start + 2 + self._chance.randrange(30)))

    def _do_exclude(self) -> Changes:
        content = self._content()
        start = self._chance.randrange(len(content.text) - 12)
        work = self._chance.choice((stretches.exclude, stretches.include, stretches.include))
        return work(self.project, content.document.id, Fragment(start, start + 10))

    def _do_describe(self) -> Changes:
        return documents.describe_document(self.project, self._content().document.id, title=self._name(), date=None)

    def _do_remove_document(self) -> Changes | None:
        if len(queries.document_items(self.project)) <= _LEAST_DOCUMENTS:
            return None
        return documents.remove_document(self.project, self._content().document.id)

    def _do_import(self) -> Changes | None:
        if len(queries.document_items(self.project)) >= _MOST_DOCUMENTS:
            return None
        _, _, words = self._content().text.partition(" ")
        return take_in(self.project, (self._name(), f"{self._chance.randrange(1_000_000)} {words}"))

    def _do_suggest(self) -> Changes:
        content = self._content()
        if self._is_full(content):
            return spans.remove(self.project, self._some(content))
        codes = ("state", "person", "claim", "cue")
        found = [
            SimpleNamespace(
                key=n, code=codes[n % 4], fragments=self._fragments(content), score=0.7, actor_id=None, reason=""
            )
            for n in range(6)
        ]
        found = [span for span in found if span.fragments]
        proposal = SimpleNamespace(
            document_id=content.document.id,
            suggester="rules",
            version=str(self._chance.randrange(3)),
            model="",
            spans=found,
            links=[],
        )
        return store_suggestions(self.project, proposal)

    # -- registry, codebook, settings ---------------------------------------------------------------------------------

    def _do_create_actor(self) -> Changes:
        if len(queries.actors(self.project)) > 30:
            return actors.delete_actors(self.project, [self._actor(), self._actor()])
        content = self._content()
        return actors.create_actor(
            self.project, self._name(), aliases=(self._name(),), mention_ids=tuple(self._some(content))
        )

    def _do_change_actor(self) -> Changes:
        actor = self._actor()
        return self._chance.choice(
            (
                lambda: actors.rename_actor(self.project, actor, self._name(), is_old_kept=False),
                lambda: actors.set_actor_type(self.project, actor, self._label(LabelKind.ACTOR).id),
                lambda: actors.set_actor_notes(self.project, actor, self._name()),
                lambda: actors.add_alias(self.project, actor, self._name()),
                lambda: actors.merge_actors(self.project, actor, self._actor()),
                lambda: actors.unlink_mentions(self.project, self._some(self._content())),
                lambda: actors.split_mentions(self.project, self._some(self._content()), self._name()),
                lambda: actors.delete_actors(self.project, [actor]),
            )
        )()

    def _do_change_label(self) -> Changes:
        label = self._label()
        return self._chance.choice(
            (
                lambda: codebook.change_label(self.project, replace(label, definition=self._name())),
                lambda: codebook.move_label(self.project, label.id, self._chance.choice((-1, 1))),
                self._more_labels,
            )
        )()

    def _more_labels(self) -> Changes:
        book = queries.codebook(self.project)
        if len(book.labels) < 12:
            return codebook.add_label(self.project, LabelRecord(0, self._chance.choice(list(LabelKind)), self._name()))
        label = book.labels[-1]
        others = [other.id for other in book.labels if other.kind == label.kind and other.id != label.id]
        return codebook_removal.remove_label(self.project, label.id, move_to=self._chance.choice([None, *others]))

    def _do_change_field(self) -> Changes:
        book = queries.codebook(self.project)
        if len(book.fields) < 6:
            field = FieldRecord(0, self._name(), self._chance.choice(list(LabelKind)), FieldType.TEXT)
            return codebook.add_field(self.project, field)
        return codebook_removal.remove_field(self.project, book.fields[-1].id)

    def _do_change_link_type(self) -> Changes:
        book = queries.codebook(self.project)
        if len(book.link_types) < 7:
            code = f"code{self._chance.randrange(1000)}"
            return codebook.add_link_type(self.project, LinkTypeRecord(0, code, code, LabelKind.CLAIM, LabelKind.ACTOR))
        return codebook_removal.remove_link_type(self.project, book.link_types[-1].id)

    def _do_settings(self) -> Changes:
        return self._chance.choice(
            (
                lambda: settings.set_least_scores(self.project, {self._label().id: self._chance.random()}),
                lambda: settings.set_remembering(self.project, is_on=self._chance.random() < 0.5),
                lambda: settings.set_cue_kinds(self.project, self._chance.choice((None, ["verb"]))),
            )
        )()

    def _do_bulk(self) -> Changes:
        content = self._content()
        places = [(content.document.id, *part) for part in self._fragments(content)]
        return self._chance.choice(
            (
                lambda: bulk.label_many(
                    self.project,
                    self._label().id,
                    span_ids=self._some(content),
                    places=[] if self._is_full(content) else places,
                ),
                lambda: bulk.take_away_many(self.project, self._some(content)),
                lambda: bulk.block_words(self.project, self._label().id, self._chance.choice(_WORDS)),
            )
        )()

    # -- back and forth -----------------------------------------------------------------------------------------------

    def _do_undo(self) -> Changes:
        return history.undo(self.project)

    def _do_redo(self) -> Changes:
        return history.redo(self.project)
