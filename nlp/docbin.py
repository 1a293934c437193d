"""Export decided documents as a folder that `spacy train` turns into a model.

The folder holds `train.spacy`, `dev.spacy`, `config.cfg`, `report.md` and `report.json`. Documents are streamed: memory
grows with the spans, not with the texts.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.pipelines import base_language, load_tokenizer, quiet_spacy
from nlp.training.config import make_config, reach
from nlp.training.docs import SPANS_KEY, DocMaker
from nlp.training.report import ExportReport, Side
from nlp.training.spool import DocSpool, Entry, TooManyTokensError

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from nlp.suggestion import TrainingDocument

_FILES = ("train.spacy", "dev.spacy", "config.cfg", "report.md", "report.json")
#: What an export writes into until it is complete; a killed one leaves it for the next to remove.
_PREFIX = ".sayso-export-"
#: A new tokenizer takes 0.1 s, the words of so many characters take some 20 MB.
_RENEWAL_CP = 5_000_000


class TrainingExportError(Exception):
    """The export was given up and left nothing behind; the text is one clear sentence for a person."""


class TrainingExport:
    """An export in the making: add documents, then finish or abort. Not thread-safe."""

    def __init__(
        self,
        out_dir: Path,
        *,
        dev_share: float = 0.2,
        seed: int = 0,
        language: str | None = None,
        only_reviewed: bool = False,
    ) -> None:
        """Begin an export into a folder, which is made if need be; nothing in it changes before `finish`.

        `dev_share` in [0, 1] is the share of documents held out to measure the model. `language` sets the tokenizer;
        by default the first document does. `only_reviewed` leaves out sentences that no reviewed stretch holds.

        Raises:
            TrainingExportError: the folder cannot be made or written to.
        """
        if not 0 <= dev_share <= 1:
            raise ValueError(f"dev_share must lie in [0, 1], not {dev_share}")
        self._out_dir = out_dir.absolute()
        self._dev_share, self._seed = dev_share, seed
        self._language = language
        self._only_reviewed = only_reviewed
        self._maker: DocMaker | None = None
        self._sizes: dict[int, Side] = {}
        self._lengths: Counter[int] = Counter()
        self._languages: Counter[str] = Counter()
        self._undecided: list[str] = []
        self._since_renewal_cp = 0
        self.document_count = 0
        self._is_new = not self._out_dir.exists()
        self._former_config: Path | None = None
        try:
            self._out_dir.mkdir(parents=True, exist_ok=True)
            for remains in self._out_dir.glob(f"{_PREFIX}*"):
                shutil.rmtree(remains, ignore_errors=True)
            # In the same file system as the result, so that the files can be renamed into place.
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self._out_dir))
            self._spool = DocSpool(self._folder)
        except OSError as error:
            raise _unwritable(self._out_dir, error) from error

    def add(self, document: TrainingDocument) -> None:
        """Take in a document.

        Raises:
            TrainingExportError: the disk is full, say; the export is given up.
        """
        maker = self._ready_maker(document)
        self.document_count += 1
        self._languages[base_language(document.language)] += 1
        side = Side(documents=1)
        try:
            with quiet_spacy():
                for doc in maker.docs(document):
                    self._count(doc, side)
                    self._spool.add(document.document_id, doc)
        except OSError as error:
            self.abort()
            raise _unwritable(self._out_dir, error) from error
        if side.docs:
            self._sizes[document.document_id] = side
        else:
            self._undecided.append(document.title)

    def finish(self) -> ExportReport:
        """Write the files, each complete and in one step, and return the report.

        Raises:
            TrainingExportError: there is nothing to learn from, or the files cannot be written; whatever stood in
                the folder before still stands.
        """
        try:
            if not self._lengths:
                raise TrainingExportError(
                    "There is nothing to train on: none of these documents holds a confirmed span."
                )
            report = self._write()
            if self._former_config is not None:
                (self._out_dir / "config.cfg").replace(self._former_config)
            for name in _FILES:
                (self._folder / name).replace(self._out_dir / name)
            _sync_folder(self._out_dir)
        except OSError as error:
            raise _unwritable(self._out_dir, error) from error
        except TooManyTokensError as error:
            raise TrainingExportError(
                "These are more words than one spaCy file can hold: export fewer documents at a time."
            ) from error
        finally:
            self.abort()
        return report

    def abort(self) -> None:
        """Give the export up and leave nothing behind; nothing happens if it is finished."""
        self._spool.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._is_new and self._out_dir.is_dir() and not any(self._out_dir.iterdir()):
            self._out_dir.rmdir()

    def _ready_maker(self, document: TrainingDocument) -> DocMaker:
        """Return the maker of Docs, now and then with a new tokenizer, since a vocabulary keeps every word it sees.

        (A memory zone of spaCy would forget them too, but switches off the tokenizer's cache: half the speed.)
        """
        if self._maker is None:
            self._language = base_language(self._language or document.language)
            tokenizer = load_tokenizer(self._language)
            self._maker = DocMaker(tokenizer, only_reviewed=self._only_reviewed)
        elif self._since_renewal_cp > _RENEWAL_CP:
            self._maker.nlp = load_tokenizer(self._maker.nlp.lang or "xx")
            self._since_renewal_cp = 0
        self._since_renewal_cp += len(document.text)
        return self._maker

    def _count(self, doc: Doc, side: Side) -> None:
        side.docs += 1
        side.tokens += len(doc)
        side.entities.update(entity.label_ for entity in doc.ents)
        side.spans.update(span.label_ for span in doc.spans[SPANS_KEY])
        self._lengths.update(len(span) for span in doc.spans[SPANS_KEY])

    def _write(self) -> ExportReport:
        """Write all files into the temporary folder."""
        dev_ids = split_documents(list(self._sizes), dev_share=self._dev_share, seed=self._seed)
        is_single = len(self._sizes) == 1
        dev = [entry for entry in self._spool.entries if entry.document_id in dev_ids]
        train = [entry for entry in self._spool.entries if is_single or entry.document_id not in dev_ids]
        self._spool.write(self._folder / "train.spacy", train)
        self._spool.write(self._folder / "dev.spacy", dev)
        report = self._report(train, dev)
        config = make_config(report.language, self._lengths, has_entities=bool(report.train.entities))
        _write_text(self._folder / "config.cfg", config)
        self._former_config = _place_for_former(self._out_dir / "config.cfg", config)
        if self._former_config is not None:
            report.warnings.append(
                f"The config.cfg that was here is another one and is kept: {self._former_config.name}."
            )
        _write_text(self._folder / "report.md", report.to_markdown())
        _write_text(self._folder / "report.json", json.dumps(report.to_json(), ensure_ascii=False, indent=1))
        return report

    def _report(self, train: Sequence[Entry], dev: Sequence[Entry]) -> ExportReport:
        assert self._maker is not None  # noqa: S101  (spans were counted, so a document was added)
        language = self._language or "en"
        report = ExportReport(str(self._out_dir), language)
        report.train, report.dev = self._side(train), self._side(dev)
        report.documents_without_decisions = self._undecided
        report.other_languages = {name: n for name, n in self._languages.items() if name != language}
        report.rejected = self._maker.rejected
        report.spans_excluded = self._maker.excluded
        report.words_complete = self._maker.words_complete
        report.words_missing = self._maker.words_missing
        report.longest_span_tokens = max(self._lengths)
        report.max_length_tokens = reach(self._lengths)
        report.spans_too_long = sum(n for size, n in self._lengths.items() if size > report.max_length_tokens)
        report.notes = self._maker.notes
        report.warnings = _warnings(report)
        return report

    def _side(self, entries: Iterable[Entry]) -> Side:
        total = Side()
        for document_id in {entry.document_id for entry in entries}:
            total.add(self._sizes[document_id])
        return total


def _place_for_former(path: Path, config: str) -> Path | None:
    """Return where to keep a configuration that someone may have edited; None where there is none, or the same."""
    if not path.exists() or path.read_bytes() == config.encode():
        return None
    places = (path.with_name(f"config.before-{number}.cfg") for number in range(1, 1_000))
    return next(place for place in places if not place.exists())


def export_docbin(
    documents: Iterable[TrainingDocument],
    out_dir: Path,
    *,
    dev_share: float = 0.2,
    seed: int = 0,
    language: str | None = None,
    only_reviewed: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ExportReport:
    """Write documents as spaCy training data into a folder (see `TrainingExport`); `progress` counts them.

    Raises:
        TrainingExportError: nothing to learn from, or the folder cannot be written; it is left as it was.
    """
    export = TrainingExport(out_dir, dev_share=dev_share, seed=seed, language=language, only_reviewed=only_reviewed)
    try:
        for document in documents:
            export.add(document)
            if progress is not None:
                progress(export.document_count)
    except BaseException:
        export.abort()
        raise
    return export.finish()


def split_documents(document_ids: Sequence[int], *, dev_share: float, seed: int) -> frozenset[int]:
    """Return the documents to hold out, by a hash of their ids: a document stays where it is when others come.

    Of two or more documents each side gets at least one; a single one is held out (and, since training needs some
    text, trained on as well).
    """
    ranked = sorted(document_ids, key=lambda document_id: _rank(document_id, seed))
    held_out = sum(_rank(document_id, seed) < dev_share for document_id in ranked)
    if ranked:
        held_out = min(max(held_out, 1), max(len(ranked) - 1, 1))
    return frozenset(ranked[:held_out])


def _rank(document_id: int, seed: int) -> float:
    """Return a number in [0, 1) that depends on nothing but the document and the seed."""
    digest = hashlib.blake2b(f"{seed}:{document_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _warnings(report: ExportReport) -> list[str]:
    warnings = []
    if not report.words_complete:
        warnings.append(
            "Nothing is marked as reviewed, so the data hold hardly any text of which it is known that nothing is "
            "to be found there. A model trained on them marks far too much: review some documents (R, Shift+R)."
        )
    if report.train.documents == report.dev.documents == 1:
        warnings.append("With a single document `dev.spacy` repeats `train.spacy`: the scores mean nothing.")
    unseen = sorted(set(report.dev.spans) - set(report.train.spans))
    if unseen:
        warnings.append(f"Only in dev.spacy, so never learnt: {', '.join(unseen)}.")
    if report.other_languages:
        others = ", ".join(f"{name} ({count})" for name, count in sorted(report.other_languages.items()))
        warnings.append(f"Cut into words by the rules of “{report.language}” too: documents in {others}.")
    return warnings


def _unwritable(folder: Path, error: OSError) -> TrainingExportError:
    reason = error.strerror or type(error).__name__
    return TrainingExportError(f"The training data could not be written to {folder}: {reason}.")


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make renames durable, where the system lets folders be synced (Windows does not)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
