"""The table of formats is true, and loads nothing before it is needed."""

import dataclasses
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from storage.formats import registry
from storage.formats.catalogue import FORMATS


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("a.txt", "text"),
        ("A.MD", "text"),
        ("a.markdown", "text"),
        ("a.tar.text", "text"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.pdf", "pdf"),
        ("a.doc", None),
        ("a", None),
        (".txt", None),
    ],
)
def test_format_is_found_by_extension(name: str, format_name: str | None):
    found = registry.format_for(Path(name))

    assert (found.name if found else None) == format_name


def test_what_can_be_read_and_written_is_listed():
    assert {format_.name for format_ in registry.read_formats()} >= {"text", "html", "docx", "odt", "epub", "jsonl"}
    assert {format_.name for format_ in registry.write_formats()} >= {"jsonl", "spacy", "graphml", "gexf"}
    assert len({format_.name for format_ in FORMATS}) == len(FORMATS)


def test_every_module_that_is_named_does_what_is_said():
    for format_ in FORMATS:
        if format_.module and format_.can_read:
            assert callable(format_.reader().read)
        if format_.module and format_.can_write:
            assert callable(format_.writer().write)


def test_what_a_format_cannot_do_is_a_lookup_error():
    with pytest.raises(LookupError):
        registry.format_named("text").writer()
    with pytest.raises(LookupError):
        registry.format_named("spacy").writer()
    with pytest.raises(KeyError):
        registry.format_named("nothing")


def test_json_lines_holds_everything():
    assert all(dataclasses.asdict(registry.format_named("jsonl").holds).values())


def test_listing_formats_loads_neither_readers_nor_heavy_libraries():
    script = (
        "import sys, storage.formats.registry as r; r.write_formats(); "
        "print([m for m in ('charset_normalizer', 'regex', 'sqlalchemy', 'storage.formats.jsonl') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_page_of_formats_tells_what_the_program_does():
    script = Path(__file__).resolve().parents[3] / "docs" / "make_formats.py"
    made = runpy.run_path(str(script))["page"]()
    assert script.with_name("formats.md").read_text("utf-8") == made, "run docs/make_formats.py"
