"""Start Sayso: the window without arguments, or one job as a command.

    main.py [PROJECT]                      open the window, on this project or on the last one
    main.py --sample                       open the window on the sample project
    main.py new | import | suggest | evaluate | export | check | info ...

Commands work without a screen and never load Qt. Exit codes: 0 done, 1 a problem in the data, 2 wrong usage or a
problem of the machine (no such file, project open elsewhere, disk full, no display).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import EnvironmentProblem, RefusedInputError

if TYPE_CHECKING:
    from nlp.evaluate import GoldDocument
    from nlp.suggestion import KnownActor
    from storage.formats.exchange import ExchangeDocument
    from storage.project import Project
    from storage.records import State

DONE, DATA_PROBLEM, ENVIRONMENT_PROBLEM = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for and return the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    is_command = bool(arguments) and arguments[0] in _COMMANDS
    try:
        if is_command:
            options = _command_parser().parse_args(arguments)
            return int(options.run(options))
        return _open_window(_window_parser().parse_args(arguments))
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        return DONE
    except RefusedInputError as problem:
        return _complain(str(problem), DATA_PROBLEM)
    except EnvironmentProblem as problem:
        return _complain(str(problem), ENVIRONMENT_PROBLEM)
    except KeyboardInterrupt:
        return _complain("Stopped; what was saved so far is safe.", ENVIRONMENT_PROBLEM)


class _TellVersion(argparse.Action):
    """Tells the version when it is asked for; looking it up takes longer than all else before the first paint."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from gui.version import program_version

        parser.exit(message=f"Sayso {program_version()}\n")


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Label actors and claims in political texts: who says what, about whom.",
        epilog="Commands that need no screen: " + ", ".join(_COMMANDS) + ". See main.py COMMAND --help.",
    )
    parser.add_argument("project", nargs="?", type=Path, help="the project to open (default: the last one)")
    parser.add_argument("--sample", action="store_true", help="open the sample project")
    parser.add_argument("--version", action=_TellVersion, nargs=0, help="tell the version and exit")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (run, summary, build) in _COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        metavar, what = _ARGUMENTS.get(name, ("PROJECT", "the project file, NAME.sayso"))
        command.add_argument("project", type=Path, metavar=metavar, help=what)
        build(command)
        command.set_defaults(run=run)
    return parser


def _open_window(options: argparse.Namespace) -> int:
    from gui.start import start

    return start(options.project, is_sample=options.sample)


# -- the commands -----------------------------------------------------------------------------------------------------


def _new(options: argparse.Namespace) -> int:
    from storage.codebooks import codebook_named
    from storage.project import SUFFIX, Project

    path: Path = options.project
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)
    Project.create(path, codebook_named(options.codebook)).close()
    _report(options, {"project": str(path)}, f"Made “{path}”.")
    return DONE


def _import(options: argparse.Namespace) -> int:
    from storage.importing import import_paths

    with _opened(options.project) as project, _Meter("importing") as meter:
        report = import_paths(project, options.paths, progress=meter.show)
    lists = {name: getattr(report, name) for name in ("refused", "skipped", "guessed")}
    data = {"documents": report.documents, "files": report.files} | {
        name: [{"where": item.where, "reason": item.reason} for item in items] for name, items in lists.items()
    }
    titles = {"refused": "Not imported", "skipped": "Left out", "guessed": "Encoding guessed"}
    lines = [f"Imported {_count(report.documents, 'document')} from {_count(report.files, 'file')}."]
    for name, items in lists.items():
        lines += [f"{titles[name]}: {_line(item.where, item.reason)}" for item in items]
    _report(options, data, "\n".join(lines))
    return DATA_PROBLEM if report.refused else DONE


def _suggest(options: argparse.Namespace) -> int:
    with _opened(options.project) as project, _Meter("suggesting") as meter:
        failures: list[str] = []
        documents, spans = _run_suggesters(project, meter, failures, is_again=options.again)
    data = {"documents": documents, "suggestions": spans, "failed": failures}
    lines = [f"Read {_count(documents, 'document')}; {_count(spans, 'suggestion')} wait for a decision.", *failures]
    _report(options, data, "\n".join(lines))
    return DATA_PROBLEM if failures else DONE


def _run_suggesters(project: Project, meter: _Meter, failures: list[str], *, is_again: bool) -> tuple[int, int]:
    """Suggest for all documents that the suggester has not read in this version, and count them and what waits."""
    from gui.bridge import known_actors, suggest_request
    from nlp.suggest import Suggester
    from nlp.suggestion import SUGGESTER, VERSION, SuggestRequest
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
        store_suggestions(project, found)
    return len(todo) - len(failures), sum(item.undecided for item in queries.document_items(project))


def _evaluate(options: argparse.Namespace) -> int:
    from nlp.brat import BratError, read_folder
    from nlp.evaluation_report import evaluate_suggester, to_json, to_lines

    actors: tuple[KnownActor, ...] = ()
    if options.project.is_dir():
        try:
            documents = read_folder(options.project)
        except BratError as error:
            raise RefusedInputError(str(error)) from error
    else:
        documents, actors = _confirmed(options.project)
    with _Meter("comparing") as meter:
        result = evaluate_suggester(documents, actors=actors, least_score=options.score, progress=meter.show)
    data = to_json(documents, result, options.examples)
    _report(options, data, "\n".join(to_lines(documents, result, options.examples)))
    return DONE


def _confirmed(path: Path) -> tuple[list[GoldDocument], tuple[KnownActor, ...]]:
    """Return the documents of a project with their confirmed spans, and its registry; the project is closed then."""
    from gui.bridge import gold_documents, known_actors
    from storage import queries
    from storage.exporting import export_documents
    from storage.records import State

    with _opened(path) as project:
        codebook = queries.codebook(project)
        documents = list(gold_documents(export_documents(project, {State.CONFIRMED}), codebook))
        actors = known_actors(queries.actors(project), codebook)
    if not documents:
        raise RefusedInputError(f"“{path.name}” holds no confirmed span to compare suggestions with.")
    return documents, actors


def _export(options: argparse.Namespace) -> int:
    from storage.exporting import count_documents, export_documents, written
    from storage.formats.losses import Losses
    from storage.formats.registry import format_named

    format_ = format_named(options.format)
    include = _states(options.include, is_training=format_.name == "spacy")
    with _opened(options.project) as project, _Meter("exporting") as meter:
        total = count_documents(project)
        if format_.name == "spacy":
            documents = meter.watch(export_documents(project, include), total)
            data, text = _train_data(documents, include, options.out)
        else:
            losses = Losses()
            documents, context = written(project, format_, losses, include=include)
            count = format_.writer().write(meter.watch(documents, total), options.out, context)
            data = {"documents": count, "losses": losses.to_json()}
            lines = [f"Wrote {_count(count, 'document')} to “{options.out}”.", *losses.to_lines()]
            text = "\n".join(lines)
    _report(options, data, text)
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


def _check(options: argparse.Namespace) -> int:
    from storage.doctor import check

    with _opened(options.project) as project, _Meter("checking") as meter:
        problems = check(project, progress=lambda done, total: meter.show(done, total, ""))
    text = "\n".join(problems) if problems else f"“{options.project.name}” is sound."
    _report(options, {"problems": problems}, text)
    return DATA_PROBLEM if problems else DONE


def _info(options: argparse.Namespace) -> int:
    from storage.doctor import statistics

    with _opened(options.project) as project:
        data = statistics(project)
    _report(options, data, "\n".join(_info_lines(data)))
    return DONE


def _info_lines(data: dict[str, Any]) -> Iterator[str]:
    yield f"{data['project']}: {_count(data['documents'], 'document')}, {data['characters']:,} characters"
    for label, states in data["spans"].items():
        yield f"  {label}: " + ", ".join(f"{count:,} {state}" for state, count in states.items())
    yield f"  {_count(data['links'], 'link')}, {_count(data['actors'], 'actor')}, {_count(data['changes'], 'change')}"


# -- their options ----------------------------------------------------------------------------------------------------


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="report as JSON on standard output")


def _new_options(parser: argparse.ArgumentParser) -> None:
    from storage.codebooks import DEFAULT, STARTERS

    names = ", ".join(STARTERS)
    parser.add_argument("--codebook", default=DEFAULT, metavar="NAME|FILE", help=f"{names}, or a file .toml")
    _json_option(parser)


def _import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders searched through")
    _json_option(parser)


def _suggest_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--again", action="store_true", help="also the documents that were read before")
    _json_option(parser)


def _evaluate_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--score", type=_share, default=0.0, help="count suggestions from this score on, 0 to 1")
    parser.add_argument("--examples", type=int, default=3, metavar="N", help="how many of each kind of error to show")
    _json_option(parser)


def _share(word: str) -> float:
    value = float(word)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{word} lies outside 0 to 1")
    return value


def _export_options(parser: argparse.ArgumentParser) -> None:
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
    _json_option(parser)


_Build = Callable[[argparse.ArgumentParser], None]
#: What a command works on, unless it is a project.
_ARGUMENTS = {"evaluate": ("PROJECT|FOLDER", "the project file, or a folder of brat annotations (.txt and .ann)")}
_COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], str, _Build]] = {
    "new": (_new, "Make an empty project with a codebook.", _new_options),
    "import": (_import, "Add documents to a project: text, Markdown, JSONL, and folders of them.", _import_options),
    "suggest": (_suggest, "Let the suggesters read the documents that they have not read.", _suggest_options),
    "evaluate": (_evaluate, "Compare suggestions with confirmed spans, or with a brat folder.", _evaluate_options),
    "export": (_export, "Write a project as training data or as JSONL.", _export_options),
    "check": (_check, "Check the file, its texts, and what stands in them.", _json_option),
    "info": (_info, "Tell what is in a project.", _json_option),
}


def _states(chosen: list[str] | None, *, is_training: bool) -> frozenset[State]:
    """Return the states to write; what nobody decided on teaches a model only when asked for."""
    from storage.records import State

    if chosen is None and is_training:
        return frozenset({State.CONFIRMED, State.REJECTED})
    if chosen is None or "all" in chosen:
        return frozenset(State)
    return frozenset(State(name) for name in chosen)


# -- talking to the person --------------------------------------------------------------------------------------------


class _Meter:
    """One line of progress on a terminal; silent elsewhere."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._is_shown = sys.stderr.isatty()

    def __enter__(self) -> _Meter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")

    def show(self, done: int, total: int, name: str) -> None:
        """Tell how far the work is; control characters of names never reach the terminal."""
        if self._is_shown:
            plain = "".join(c if c.isprintable() else " " for c in name)[:50]
            sys.stderr.write(f"\r\x1b[K{self._doing} {done} of {total}  {plain}")
            sys.stderr.flush()

    def watch(self, documents: Iterator[Any], total: int) -> Iterator[Any]:
        """Pass documents on and show how many."""
        for number, document in enumerate(documents):
            self.show(number, total, document.title)
            yield document


def _opened(path: Path) -> Project:
    from storage.project import Project

    return Project.open(path)


def _report(options: argparse.Namespace, data: object, text: str) -> None:
    import json

    print(json.dumps(data, ensure_ascii=False, indent=2) if options.json else text)  # noqa: T201  (the program's output)


def _line(where: str, reason: str) -> str:
    return reason if where in reason else f"{where}: {reason}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
