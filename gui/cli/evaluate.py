"""The command `evaluate`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gui.cli.cue_kinds import cue_kinds_option
from gui.cli.secret import passphrase_option
from gui.cli.talk import DONE, Meter, json_option, opened, report
from storage.errors import RefusedInputError

if TYPE_CHECKING:
    from nlp.evaluate import GoldDocument
    from nlp.suggestion import KnownActor

SUMMARY = "Compare suggestions with confirmed spans, or with a brat folder."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument(
        "project",
        type=Path,
        metavar="PROJECT|FOLDER",
        help="the project file, or a folder of brat annotations (.txt and .ann)",
    )
    passphrase_option(parser)
    parser.add_argument("--score", type=_share, default=0.0, help="count suggestions from this score on, 0 to 1")
    parser.add_argument(
        "--examples", type=_number, default=3, metavar="N", help="how many of each kind of error to show"
    )
    cue_kinds_option(parser, "which kinds of cue make a claim (default: those of the project)")
    json_option(parser)


def _share(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"“{word}” is no number from 0 to 1")
    return value


def _number(word: str) -> int:
    if not word.isdecimal():
        raise argparse.ArgumentTypeError(f"“{word}” is no whole number from 0 on")
    return int(word)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from nlp.brat import BratError, read_folder
    from nlp.evaluation_report import evaluate_suggester, to_json, to_lines
    from nlp.suggestion import CUE_KIND_CODES

    actors: tuple[KnownActor, ...] = ()
    off: frozenset[str] = frozenset()
    if options.project.is_dir():
        try:
            documents = read_folder(options.project)
        except BratError as error:
            raise RefusedInputError(str(error)) from error
    else:
        documents, actors, off = _confirmed(options)
    if options.cue_kinds is not None:
        off = CUE_KIND_CODES - set(options.cue_kinds)
    with Meter("comparing") as meter:
        result = evaluate_suggester(
            documents, actors=actors, least_score=options.score, cue_kinds_off=off, progress=meter.show
        )
    data = to_json(documents, result, options.examples)
    report(options, data, "\n".join(to_lines(documents, result, options.examples)))
    return DONE


def _confirmed(options: argparse.Namespace) -> tuple[list[GoldDocument], tuple[KnownActor, ...], frozenset[str]]:
    """Return the documents of a project with their confirmed spans, its registry, and the kinds of cue that are off.

    The project is closed then.
    """
    from gui.bridge import cue_kinds_off, gold_documents, known_actors
    from storage import queries
    from storage.exporting import export_documents
    from storage.records import State

    with opened(options.project, options) as project:
        codebook = queries.codebook(project)
        documents = list(gold_documents(export_documents(project, {State.CONFIRMED}), codebook))
        actors = known_actors(queries.actors(project), codebook)
    if not documents:
        raise RefusedInputError(f"“{options.project.name}” holds no confirmed span to compare suggestions with.")
    return documents, actors, cue_kinds_off(codebook)
