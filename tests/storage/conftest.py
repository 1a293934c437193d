from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from storage import history, queries
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import spans as operations
from storage.project import Project
from storage.records import Fragment
from storage.suggesting import store_suggestions

TEXT = (
    "Talks in Port Selin\n\n"
    "Ilya Brandt said that Orsk and Velmar face a joint threat. “No country is safe,” he added, “and we know it.”\n"
)


SPEAKER, CUE, CLAIM = "Ilya Brandt", "said", "Orsk and Velmar face a joint threat"


class Bench:
    """A project with one document, and short ways to find things in it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.document_id = self.add("Talks", TEXT)

    def add(self, title: str, text: str) -> int:
        with Importer(self.project) as importer:
            importer.add_file(title, [ExchangeDocument(title=title, text=text)])
            importer.publish()
        return queries.document_items(self.project)[-1].document.id

    def label(self, name: str) -> int:
        return next(label.id for label in queries.codebook(self.project).labels if label.name == name)

    def at(self, words: str, text: str = TEXT) -> tuple[Fragment, ...]:
        start = text.index(words)
        return (Fragment(start, start + len(words)),)

    def suggest(
        self,
        *proposed: tuple[str, str],
        links: tuple[tuple[str, str, str], ...] = (),
        suggester: str = "rules",
        version: str = "1",
        score: float = 0.8,
        actor_id: int | None = None,
        document_id: int | None = None,
        language: str = "",
    ):
        """Store a proposal of (code, words) and of links (code, from words, to words)."""
        keys = {words: key for key, (_, words) in enumerate(proposed)}
        return store_suggestions(
            self.project,
            SimpleNamespace(
                document_id=document_id or self.document_id,
                suggester=suggester,
                version=version,
                model="",
                spans=[
                    SimpleNamespace(
                        key=keys[words],
                        code=code,
                        fragments=self.at(words),
                        score=score,
                        actor_id=actor_id,
                        reason="why",
                    )
                    for code, words in proposed
                ],
                links=[
                    SimpleNamespace(code=code, from_key=keys[start], to_key=keys[end], score=score)
                    for code, start, end in links
                ],
            ),
            language=language,
        )

    def suggest_at(self, document_id: int, *proposed: tuple[str, tuple[Fragment, ...]], version: str = "1"):
        """Store a proposal of (code, fragments) for any document."""
        spans = [
            SimpleNamespace(key=key, code=code, fragments=place, score=0.8, actor_id=None, reason="why")
            for key, (code, place) in enumerate(proposed)
        ]
        head = SimpleNamespace(document_id=document_id, suggester="rules", version=version, model="")
        return store_suggestions(self.project, SimpleNamespace(**vars(head), spans=spans, links=[]))

    def suggest_card(self):
        """Suggest a claim with its speaker and its cue, and nothing else."""
        return self.suggest(
            ("person", SPEAKER),
            ("cue", CUE),
            ("claim", CLAIM),
            links=(("speaker", CLAIM, SPEAKER), ("cue", CLAIM, CUE)),
        )

    def draw(self, label: str, words: str):
        operations.draw(self.project, self.document_id, self.label(label), self.at(words))
        return next(s for s in self.spans if s.quote == words and s.label_id == self.label(label))

    def undo(self):
        return history.undo(self.project)

    @property
    def states(self) -> dict[str, str]:
        """The states of the spans by their words."""
        return {span.quote: span.state.value for span in self.spans}

    @property
    def link_states(self) -> dict[tuple[str, str, str], str]:
        """The states of the links by type and the words at their ends."""
        words = {span.id: span.quote for span in self.spans}
        codes = {link_type.id: link_type.code for link_type in queries.codebook(self.project).link_types}
        return {(codes[link.type_id], words[link.from_id], words[link.to_id]): link.state.value for link in self.links}

    def unchanged_by(self, error: type[Exception], match: str, work: Callable[[], object]) -> None:
        """Check that this is refused and leaves neither a change nor an entry in the log."""
        before, entry = self.state(), history.next_undo(self.project)
        with pytest.raises(error, match=match):
            work()
        assert (self.state(), history.next_undo(self.project)) == (before, entry)

    @property
    def spans(self):
        return queries.document_content(self.project, self.document_id).spans

    @property
    def links(self):
        return queries.document_content(self.project, self.document_id).links

    def span(self, words: str):
        return next(span for span in self.spans if span.quote == words)

    def state(self):
        """Everything that undo must bring back, without times."""
        content = queries.document_content(self.project, self.document_id)
        fields = queries.fields_of(self.project, [span.id for span in content.spans])
        return (
            content.spans,
            content.links,
            content.reviewed,
            fields,
            tuple(queries.actors(self.project)),
            queries.document_items(self.project),
        )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "Straits desk.sayso"


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    with Project.create(path) as made:
        yield made


@pytest.fixture
def bench(project: Project) -> Bench:
    return Bench(project)


@pytest.fixture(scope="session")
def make_bench(tmp_path_factory) -> Callable[[], Bench]:
    """Return a maker of benches for property tests, which need many: copies of one file, made once."""
    folder = tmp_path_factory.mktemp("benches")
    model = folder / "model.sayso"
    with Project.create(model) as project:
        document_id = Bench(project).document_id
    numbers = itertools.count()

    def make() -> Bench:
        path = folder / f"{next(numbers)}.sayso"
        shutil.copyfile(model, path)
        bench = Bench.__new__(Bench)
        bench.project, bench.document_id = Project.open(path), document_id
        return bench

    return make
