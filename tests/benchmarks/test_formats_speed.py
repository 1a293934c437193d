"""Formats against bare loops of what they are made of, and what an import and an export hold in memory.

Each job on the large projects is a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.exporting import written
from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.formats.losses import Losses
from storage.formats.registry import format_named
from storage.importing import import_paths
from storage.project import Project
from storage.records import Fragment, LabelKind, State

ROOT = Path(__file__).resolve().parents[2]
_SENTENCE = "Foreign Minister Ilse Maro said on day {} that Orsk would leave the talks in Lemsk before the winter. "
_SENTENCES = 50
_SPANS = 20
_COUNT = 2_000

#: Not `getrusage`: its peak begins with that of the process which started this one.
_PEAK = """
import sys
sys.path.insert(0, sys.argv[1])
import main
code = main.main(sys.argv[2:])
status = open("/proc/self/status").read()
print("peak", int(status.split("VmHWM:")[1].split()[0]) // 1024)
sys.exit(code)
"""


def _document(number: int) -> ExchangeDocument:
    parts, spans, at = [], [], 0
    for sentence in range(_SENTENCES):
        part = _SENTENCE.format((number * _SENTENCES + sentence) % 100_000)
        if 2 * sentence < _SPANS:
            name, claim = at + part.index("Ilse Maro"), at + part.index("Orsk")
            ends = (("Person", LabelKind.ACTOR, name, name + 9), ("Claim", LabelKind.CLAIM, claim, at + len(part) - 2))
            for label, kind, start, end in ends:
                spans.append(ExchangeSpan(str(len(spans)), kind, label, (Fragment(start, end),)))
        parts.append(part)
        at += len(part)
    return ExchangeDocument(title=f"Brief {number}", text=f"{''.join(parts)}", id=str(number + 1), spans=tuple(spans))


def _documents(count: int) -> Iterator[ExchangeDocument]:
    return (_document(number) for number in range(count))


def _lines(path: Path, count: int) -> Path:
    """Write documents as JSON Lines by hand."""
    with path.open("w", encoding="utf-8") as stream:
        for document in _documents(count):
            spans = [
                {"id": span.id, "kind": span.kind, "label": span.label, "fragments": span.fragments}
                for span in document.spans
            ]
            stream.write(json.dumps({"title": document.title, "text": document.text, "spans": spans}) + "\n")
    return path


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("formats")
    with Project.create(folder / "speed.sayso") as made:
        import_paths(made, [_lines(folder / "in.jsonl", _COUNT)])
        yield made


@pytest.fixture
def say(capsys) -> Callable[[str], None]:
    """Print a line past pytest's capture: the numbers are what a benchmark is for."""

    def tell(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}")

    return tell


def _cpu_s(work: Callable[[], object], rounds: int = 3) -> float:
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.benchmark(timer=time.process_time)
def test_brat_export_keeps_half_the_speed_of_writing_its_files(benchmark, project, tmp_path, say):
    """The floor writes the same two files a document with the same lines, from texts and spans that are in memory."""
    documents = list(_documents(_COUNT))
    numbers = iter(range(1_000))

    def bare() -> None:
        folder = tmp_path / f"bare {next(numbers)}"
        folder.mkdir()
        for document in documents:
            (folder / f"{document.title}.txt").write_text(document.text, "utf-8")
            lines = []
            for number, span in enumerate(document.spans, 1):
                start, end = span.fragments[0]
                lines.append(f"T{number}\t{span.label} {start} {end}\t{document.text[start:end]}\n")
            (folder / f"{document.title}.ann").write_text("".join(lines), "utf-8")

    def ours() -> None:
        format_ = format_named("brat")
        found, context = written(project, format_, Losses(), include={State.CONFIRMED})
        format_.writer().write(found, tmp_path / f"ours {next(numbers)}", context)

    benchmark.pedantic(ours, rounds=3, warmup_rounds=1)
    ratio = _cpu_s(bare) / benchmark.stats.stats.min
    benchmark.extra_info.update(ratio_to_bare=ratio)
    say(f"brat export: {_COUNT / benchmark.stats.stats.min:,.0f} documents/s, ratio to writing the files {ratio:.2f}")


@pytest.mark.benchmark(timer=time.process_time)
def test_jsonl_import_against_parsing_alone(benchmark, project, tmp_path, say):
    path = _lines(tmp_path / "in.jsonl", _COUNT)
    numbers = iter(range(1_000))

    def parse() -> None:
        with path.open("rb") as stream:
            for line in stream:
                json.loads(line)

    def fresh():
        return (Project.create(tmp_path / f"{next(numbers)}.sayso"),), {}

    def ours(target: Project) -> None:
        import_paths(target, [path])
        target.close()

    benchmark.pedantic(ours, setup=fresh, rounds=3, warmup_rounds=1)
    best_s = benchmark.stats.stats.min
    share = _cpu_s(parse) / best_s
    benchmark.extra_info.update(parsing_share=share)
    say(f"jsonl import: {_COUNT / best_s:,.0f} documents/s; parsing alone takes {share:.0%} of that")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks are read from /proc")
@pytest.mark.parametrize("format_name", ["jsonl", "brat", "tables-csv", "tables-xlsx", "graphml", "spacy"])
def test_memory_does_not_grow_with_the_number_of_documents(tmp_path, say, format_name):
    """Peak of the whole process, import and export, at 1,000 and 10,000 documents of 5 KB with 20 spans."""
    peaks: dict[int, tuple[int, int]] = {}
    for count in (1_000, 10_000):
        desk, source = tmp_path / f"{count}.sayso", _lines(tmp_path / f"{count}.jsonl", count)
        _peak_mb("new", desk)
        came_in = _peak_mb("import", desk, source)
        out = tmp_path / f"out {count}.xlsx"
        peaks[count] = came_in, _peak_mb("export", desk, out, "--format", format_name)
    (small_in, small_out), (large_in, large_out) = peaks[1_000], peaks[10_000]
    say(f"import: {small_in} MB and {large_in} MB; export as {format_name}: {small_out} MB and {large_out} MB")
    # Ten times the documents are 45 MB more of text: what is kept for each is its id and its hash.
    assert large_in - small_in < 40
    assert large_out - small_out < 40


def _peak_mb(*arguments: object) -> int:
    command = [sys.executable, "-c", _PEAK, str(ROOT), *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout.rsplit("peak ", 1)[1])
