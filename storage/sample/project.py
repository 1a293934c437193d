"""Making a project of the sample: its actors in the registry, its documents, and suggestions for them."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

from storage.history import seal
from storage.importing import Importer
from storage.operations.actors import create_actor
from storage.project import Project
from storage.queries import codebook, document_items
from storage.sample import sample_actors, sample_documents
from storage.suggesting import store_suggestions

#: What the suggesters found in the documents when this was last made; see `docs/make_sample.py`.
SUGGESTIONS = "suggestions.json"


def make_sample(path: Path) -> None:
    """Make the sample project at `path`.

    Raises:
        ProjectOpenError: the file exists, or its folder cannot be written to.
    """
    with Project.create(path) as project:
        labels = {label.code: label.id for label in codebook(project).labels}
        for actor in sample_actors():
            create_actor(project, actor.name, label_id=labels[actor.code], aliases=actor.aliases)
        with Importer(project) as importer:
            importer.add_file("sample", sample_documents())
            importer.publish()
        _suggest(project)
        seal(project)


def _suggest(project: Project) -> None:
    found = json.loads(resources.files("storage.sample").joinpath(SUGGESTIONS).read_text("utf-8"))
    for item, suggestions in zip(document_items(project), found, strict=True):
        spans = [SimpleNamespace(**span) for span in suggestions["spans"]]
        links = [SimpleNamespace(**link) for link in suggestions["links"]]
        head = {key: suggestions[key] for key in ("suggester", "version", "model")}
        store_suggestions(project, SimpleNamespace(document_id=item.document.id, spans=spans, links=links, **head))
