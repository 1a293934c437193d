from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from nlp.suggestion import ACTOR_CODES, CLAIM_CODE, CUE, CUE_CODE, SPEAKER, TARGET
from storage import codebooks, queries
from storage.codebook_file import CodebookFile, format_codebook, parse_codebook, write_codebook
from storage.codebook_rules import check_field, check_label, check_link_type
from storage.errors import EnvironmentProblem, RefusedInputError
from storage.project import Project
from storage.records import Codebook, LabelKind, LabelRecord


@pytest.mark.parametrize("name", codebooks.STARTERS)
def test_each_starter_keeps_the_rules_and_explains_each_entry(name) -> None:
    book = codebooks.starter(name)
    assert book.name
    assert book.description
    for label in book.codebook.labels:
        assert check_label(book.codebook, label) == label
        assert label.definition
        assert label.examples
    for link_type in book.codebook.link_types:
        assert check_link_type(book.codebook, link_type) == link_type
        assert link_type.definition
    for field in book.codebook.fields:
        assert check_field(book.codebook, field) == field
        assert field.definition
    assert parse_codebook(format_codebook(book), name) == book


@pytest.mark.parametrize("name", codebooks.STARTERS)
def test_suggestions_find_their_labels_in_each_starter(name) -> None:
    book = codebooks.starter(name).codebook
    codes = {label.code: label.kind for label in book.labels if label.code}
    assert {code for code, kind in codes.items() if kind is LabelKind.ACTOR} == set(ACTOR_CODES)
    if name != "plain-ner":
        assert (codes[CLAIM_CODE], codes[CUE_CODE]) == (LabelKind.CLAIM, LabelKind.CUE)
        assert {SPEAKER, TARGET, CUE} <= {link_type.code for link_type in book.link_types}


def test_no_starter_file_is_forgotten() -> None:
    folder = Path(codebooks.__file__).parent / "starters"
    assert {path.stem for path in folder.glob("*.toml")} == set(codebooks.STARTERS)
    assert [item.name for item in codebooks.starters()] == list(codebooks.STARTERS)
    with pytest.raises(KeyError):
        codebooks.starter("../project")


def test_a_new_project_has_the_codebook_that_was_asked_for(tmp_path) -> None:
    for name in codebooks.STARTERS:
        with Project.create(tmp_path / f"{name}.sayso", codebooks.starter(name)) as project:
            assert queries.codebook(project) == codebooks.starter(name).codebook
    with Project.create(tmp_path / "plain.sayso") as project:
        assert queries.codebook(project) == codebooks.starter(codebooks.DEFAULT).codebook


def test_a_codebook_is_named_by_a_starter_or_a_file(tmp_path) -> None:
    book = CodebookFile(Codebook((LabelRecord(1, LabelKind.CUE, "Cue"),)))
    write_codebook(tmp_path / "own.toml", book)
    assert codebooks.codebook_named(str(tmp_path / "own.toml")) == book
    assert codebooks.codebook_named("plain-ner").name == "Plain named entities"
    with pytest.raises(EnvironmentProblem, match="neither a file"):
        codebooks.codebook_named("plain")
    with pytest.raises(RefusedInputError, match="cannot be read"):
        codebooks.codebook_named(str(tmp_path / "missing.toml"))


def test_starter_files_are_plain_toml() -> None:
    folder = Path(codebooks.__file__).parent / "starters"
    for path in folder.glob("*.toml"):
        assert tomllib.loads(path.read_text("utf-8"))["version"] == 1
