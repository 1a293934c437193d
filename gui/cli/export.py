"""The command `export`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.cli.talk import DONE, Meter, counted, json_option, opened, project_argument, report
from storage.errors import EnvironmentProblem, RefusedInputError

if TYPE_CHECKING:
    from storage.formats.exchange import ExchangeDocument
    from storage.formats.interface import Format
    from storage.project import Project
    from storage.records import State

SUMMARY = "Write a project as training data, for other tools, as tables or as a network."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    from storage.formats.registry import write_formats

    project_argument(parser)
    names = [format_.name for format_ in write_formats()]
    parser.add_argument("out", type=Path, metavar="OUT", help="the file to write (for spacy: the folder)")
    parser.add_argument("--format", required=True, choices=names, help="what to write")
    parser.add_argument(
        "--include",
        action="append",
        choices=("confirmed", "suggested", "rejected", "all"),
        help="spans in this state; may be given several times (default: all; for spacy: confirmed and rejected)",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="OPTION=VALUE",
        help="a choice that the format offers (see main.py formats)",
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would be written and lost; write nothing")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.exporting import count_documents, export_documents
    from storage.formats.registry import format_named

    format_ = format_named(options.format)
    choices = _choices(options.set, format_)
    include = _states(options.include, is_training=format_.name == "spacy")
    with opened(options.project, options) as project, Meter("exporting") as meter:
        if options.dry_run:
            data, text = _preview(project, format_, include)
        elif format_.name == "spacy":
            documents = meter.watch(export_documents(project, include), count_documents(project))
            data, text = _train_data(documents, include, options.out)
        else:
            data, text = _write(project, format_, include, choices, options.out, meter)
        if project.key is not None and not options.dry_run:
            sys.stderr.write("The project is encrypted; what was exported is not.\n")
    report(options, data, text)
    return DONE


def _choices(words: list[str], format_: Format) -> dict[str, str]:
    """Return the options that were set; refuse what the format does not offer."""
    offered = {option.name: option.choices for option in format_.options}
    chosen: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name not in offered:
            raise EnvironmentProblem(f"--set {word}: {format_.name} offers {', '.join(offered) or 'no options'}.")
        if value not in offered[name]:
            raise EnvironmentProblem(f"--set {word}: {name} is one of {', '.join(offered[name])}.")
        if chosen.setdefault(name, value) != value:
            raise EnvironmentProblem(f"--set {word}: {name} is {chosen[name]} already; say one of them.")
    return chosen


def _preview(project: Project, format_: Format, include: frozenset[State]) -> tuple[dict[str, Any], str]:
    from storage.preview import preview_export

    counts, losses = preview_export(project, format_, include)
    data = {
        "spans": [
            {"kind": k, "label": name, "state": state, "spans": n} for (k, name, state), n in sorted(counts.items())
        ],
        "losses": losses.to_json(),
    }
    lines = [f"{name}: {count:,} {state}" for (_, name, state), count in sorted(counts.items())]
    return data, "\n".join(["Would write:", *lines, *(["Would be lost:", *losses.to_lines()] if losses else [])])


def _write(
    project: Project, format_: Format, include: frozenset[State], choices: dict[str, str], out: Path, meter: Meter
) -> tuple[dict[str, Any], str]:
    from storage.exporting import count_documents, written
    from storage.formats.losses import Losses, write_report

    losses = Losses()
    documents, context = written(project, format_, losses, include=include, options=choices)
    count = format_.writer().write(meter.watch(documents, count_documents(project)), out, context)
    told = write_report(losses, out, format_.title)
    lines = [f"Wrote {counted(count, 'document')} to “{out}”.", *losses.to_lines()]
    return {"documents": count, "losses": losses.to_json(), "report": str(told)}, "\n".join(lines)


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
