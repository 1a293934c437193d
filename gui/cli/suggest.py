"""The command `suggest`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from gui.cli.cue_kinds import cue_kinds_option
from gui.cli.talk import DATA_PROBLEM, DONE, Meter, counted, json_option, opened, project_argument, report

if TYPE_CHECKING:
    from nlp.suggestion import SuggestRequest
    from storage.project import Project

SUMMARY = "Let the suggesters read the documents that they have not read."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    parser.add_argument("--again", action="store_true", help="also the documents that were read before")
    cue_kinds_option(parser, "which kinds of cue make a claim in this project from now on")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    with opened(options.project, options) as project, Meter("suggesting") as meter:
        failures: list[str] = []
        if options.cue_kinds is not None:
            _set_cue_kinds(project, options.cue_kinds)
        documents, spans = _run_suggesters(project, meter, failures, is_again=options.again)
    data = {"documents": documents, "suggestions": spans, "failed": failures}
    lines = [f"Read {counted(documents, 'document')}; {counted(spans, 'suggestion')} wait for a decision.", *failures]
    report(options, data, "\n".join(lines))
    return DATA_PROBLEM if failures else DONE


def _set_cue_kinds(project: Project, kinds: tuple[str, ...]) -> None:
    from nlp.suggestion import CUE_KIND_CODES
    from storage.operations.settings import set_cue_kinds

    set_cue_kinds(project, None if set(kinds) >= CUE_KIND_CODES else kinds)


def _run_suggesters(project: Project, meter: Meter, failures: list[str], *, is_again: bool) -> tuple[int, int]:
    """Suggest for all documents that the suggester has not read so, and count them and what waits.

    Words that are confirmed are suggested too, wherever else they stand.
    """
    from gui.bridge import cue_kinds_off, known_actors, suggest_request, suggester_version
    from nlp.suggest import Suggester
    from nlp.suggestion import SUGGESTER
    from storage import queries
    from storage.memory import recall
    from storage.suggesting import store_suggestions

    suggester, codebook = Suggester(), queries.codebook(project)
    version, off = suggester_version(codebook), cue_kinds_off(codebook)
    languages = queries.languages_of_documents(project)
    models = {language: suggester.info(language or "en").model for language in set(languages.values())}
    waiting = {
        document_id
        for model in set(models.values())
        for document_id in queries.documents_to_suggest(project, SUGGESTER, version, model)
        if models[languages[document_id]] == model
    }
    todo = [document_id for document_id in languages if is_again or document_id in waiting]
    actors = known_actors(queries.actors(project), codebook)

    def requests() -> Iterator[SuggestRequest]:
        for document_id in todo:
            record, text = queries.document_record(project, document_id), queries.document_text(project, document_id)
            yield suggest_request(record, text, actors, off)

    def failed(document_id: int, sentence: str) -> None:
        failures.append(f"“{queries.document_record(project, document_id).title}”: {sentence}")

    for number, found in enumerate(suggester.suggest_many(requests(), failed=failed)):
        meter.show(number, len(todo), "")
        store_suggestions(project, replace(found, version=version), language=found.language)
    recall(project)
    return len(todo) - len(failures), queries.count_undecided(project)
