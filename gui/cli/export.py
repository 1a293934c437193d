"""The command `export`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.cli.talk import DONE, Meter, counted, json_option, opened, project_argument, report
from storage.errors import RefusedInputError

if TYPE_CHECKING:
    from storage.formats.exchange import ExchangeDocument
    from storage.records import State

SUMMARY = "Write a project as training data or as JSONL."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    from storage.formats.registry import write_formats

    names = [format_.name for format_ in write_formats()]
    parser.add_argument("out", type=Path, metavar="OUT", help="the file to write (for spacy: the folder)")
    parser.add_argument("--format", required=True, choices=names, help="what to write")
    parser.add_argument(
        "--include",
        action="append",
        choices=("confirmed", "suggested", "rejected", "all"),
        help="spans in this state; may be given several times (default: all; for spacy: confirmed and rejected)",
    )
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.exporting import count_documents, export_documents, written
    from storage.formats.losses import Losses
    from storage.formats.registry import format_named

    format_ = format_named(options.format)
    include = _states(options.include, is_training=format_.name == "spacy")
    with opened(options.project) as project, Meter("exporting") as meter:
        total = count_documents(project)
        if format_.name == "spacy":
            documents = meter.watch(export_documents(project, include), total)
            data, text = _train_data(documents, include, options.out)
        else:
            losses = Losses()
            documents, context = written(project, format_, losses, include=include)
            count = format_.writer().write(meter.watch(documents, total), options.out, context)
            data = {"documents": count, "losses": losses.to_json()}
            lines = [f"Wrote {counted(count, 'document')} to “{options.out}”.", *losses.to_lines()]
            text = "\n".join(lines)
    report(options, data, text)
    return DONE


def _train_data(
    documents: Iterator[ExchangeDocument], include: frozenset[State], out: Path
) -> tuple[dict[str, Any], str]:
    from gui.bridge import training_documents
    from nlp.docbin import TrainingExportError, export_docbin

    try:
        report = export_docbin(training_documents(documents, include), out)
    except TrainingExportError as error:
        raise RefusedInputError(str(error)) from error
    lines = [f"Wrote training data to “{out}”; report.md tells what was moved or left out, and why.", *report.warnings]
    return report.to_json(), "\n".join([*lines, f"Train: {report.command}"])


def _states(chosen: list[str] | None, *, is_training: bool) -> frozenset[State]:
    """Return the states to write; what nobody decided on teaches a model only when asked for."""
    from storage.records import State

    if chosen is None and is_training:
        return frozenset({State.CONFIRMED, State.REJECTED})
    if chosen is None or "all" in chosen:
        return frozenset(State)
    return frozenset(State(name) for name in chosen)
