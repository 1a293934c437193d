"""The command `suggest`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gui.cli.talk import DATA_PROBLEM, DONE, Meter, counted, json_option, opened, project_argument, report

if TYPE_CHECKING:
    from nlp.suggestion import SuggestRequest
    from storage.project import Project

SUMMARY = "Let the suggesters read the documents that they have not read."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    parser.add_argument("--again", action="store_true", help="also the documents that were read before")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    with opened(options.project) as project, Meter("suggesting") as meter:
        failures: list[str] = []
        documents, spans = _run_suggesters(project, meter, failures, is_again=options.again)
    data = {"documents": documents, "suggestions": spans, "failed": failures}
    lines = [f"Read {counted(documents, 'document')}; {counted(spans, 'suggestion')} wait for a decision.", *failures]
    report(options, data, "\n".join(lines))
    return DATA_PROBLEM if failures else DONE


def _run_suggesters(project: Project, meter: Meter, failures: list[str], *, is_again: bool) -> tuple[int, int]:
    """Suggest for all documents that the suggester has not read in this version, and count them and what waits."""
    from gui.bridge import known_actors, suggest_request
    from nlp.suggest import Suggester
    from nlp.suggestion import SUGGESTER, VERSION
    from storage import queries
    from storage.suggesting import store_suggestions

    suggester = Suggester()
    documents = {item.document.id: item.document for item in queries.document_items(project)}
    models = {record.language: suggester.info(record.language or "en").model for record in documents.values()}
    waiting = {
        document_id
        for model in set(models.values())
        for document_id in queries.documents_to_suggest(project, SUGGESTER, VERSION, model)
        if models[documents[document_id].language] == model
    }
    todo = [document_id for document_id in documents if is_again or document_id in waiting]
    actors = known_actors(queries.actors(project), queries.codebook(project))

    def requests() -> Iterator[SuggestRequest]:
        for document_id in todo:
            yield suggest_request(documents[document_id], queries.document_text(project, document_id), actors)

    def failed(document_id: int, sentence: str) -> None:
        failures.append(f"“{documents[document_id].title}”: {sentence}")

    for number, found in enumerate(suggester.suggest_many(requests(), failed=failed)):
        meter.show(number, len(todo), documents[found.document_id].title)
        store_suggestions(project, found, language=found.language)
    return len(todo) - len(failures), sum(item.undecided for item in queries.document_items(project))
