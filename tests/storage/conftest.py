from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import queries
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.project import Project
from storage.records import Fragment

TEXT = (
    "Talks in Port Selin\n\n"
    "Ilya Brandt said that Orsk and Velmar face a joint threat. “No country is safe,” he added, “and we know it.”\n"
)


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
