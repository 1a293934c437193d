"""Run the suggesters over documents: parts of several documents share a batch of the pipeline.

`next_batch` and `Suggester.read` do one batch at a time, so that a caller can change its mind between batches (the
worker does); `Suggester.suggest_many` strings them together for callers that cannot (the command line).
"""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from nlp.combine import combine, read_part
from nlp.languages import detect_language
from nlp.parts import iter_parts
from nlp.pipelines import LoadedPipeline, base_language, load_pipeline, quiet_spacy
from nlp.reading import Reading
from nlp.suggestion import TOO_LITTLE_MEMORY

if TYPE_CHECKING:
    from spacy.language import Language

    from nlp.combine import PartFindings
    from nlp.protocol import PipelineInfo
    from nlp.suggestion import DocumentSuggestions, Range, SuggestRequest

_log = logging.getLogger(__name__)

#: Eight texts a batch are as fast as 64 and take a quarter of the memory; 24,000 characters are about a second
#: of work, the longest that the document on screen waits for its turn.
BATCH_PARTS = 8
BATCH_CP = 24_000
#: Each pipeline takes about 150 MB.
_MAX_PIPELINES = 2

Load = Callable[[str], LoadedPipeline]
Progress = Callable[[int, int], None]
Failed = Callable[[int, str], None]


class SuggestError(RuntimeError):
    """The suggesters failed on a document; the text is one sentence without the document's words."""

    def __init__(self, document_id: int, sentence: str) -> None:
        super().__init__(sentence)
        self.document_id = document_id


class Job:
    """One document on its way through the pipeline."""

    def __init__(self, request: SuggestRequest) -> None:
        self.request = request
        self.detected = "" if request.language else detect_language(request.text)
        self.language = base_language(request.language or self.detected)
        self.failure = ""
        self.reading = Reading(request.text)
        self.parts: deque[Range] = deque(iter_parts(self.reading.text))
        self.part_count = len(self.parts)
        self.findings: list[PartFindings] = []

    @property
    def document_id(self) -> int:
        """The document that the job is about."""
        return self.request.document_id

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to read, because all is read or because reading failed."""
        return not self.parts


def next_batch(jobs: Iterable[Job]) -> list[tuple[Job, Range]]:
    """Take the next parts off the first jobs, as long as they share a language and fit one batch.

    Empty only if no job has parts left.
    """
    batch: list[tuple[Job, Range]] = []
    length_cp = 0
    for job in jobs:
        if batch and job.language != batch[0][0].language:
            break
        while job.parts:
            length_cp += job.parts[0].end_cp - job.parts[0].start_cp
            if batch and (len(batch) == BATCH_PARTS or length_cp > BATCH_CP):
                return batch
            batch.append((job, job.parts.popleft()))
    return batch


class Suggester:
    """Holds the pipelines and works on documents, one batch at a time. Not thread-safe."""

    def __init__(self, load: Load = load_pipeline) -> None:
        self._load = load
        self._pipelines: OrderedDict[str, LoadedPipeline] = OrderedDict()

    def info(self, language: str) -> PipelineInfo:
        """Return what works on a language, loading it if need be (seconds)."""
        return self._pipeline(language).info

    def read(self, batch: Sequence[tuple[Job, Range]]) -> None:
        """Read one batch (see `next_batch`) and keep what is found in its jobs.

        A part on which the pipeline fails ends its job with `failure` set and leaves the others alone.
        """
        if not batch:
            return
        nlp = self._pipeline(batch[0][0].language).nlp
        with quiet_spacy():
            try:
                found = _read(nlp, batch)
            except Exception as error:  # noqa: BLE001  (spaCy and the rules may raise anything)
                # The text of spaCy's errors may quote the document: only their kind is told.
                _log.warning("a batch failed with %s; trying its parts one by one", type(error).__name__)
                _read_singly(nlp, batch)
            else:
                for (job, _), findings in zip(batch, found, strict=True):
                    job.findings.append(findings)

    def finish(self, job: Job) -> DocumentSuggestions:
        """Combine what was found in all parts of a document.

        Raises:
            SuggestError: the pipeline or the rules failed on this document.
        """
        if not job.failure:
            model = self.info(job.language).model
            try:
                found = combine(replace(job.request, text=job.reading.text), job.findings, model=model)
                return replace(job.reading.restored(found), language=job.detected)
            except Exception as error:
                raise SuggestError(job.document_id, _sentence(error)) from error
        raise SuggestError(job.document_id, job.failure)

    def suggest_many(
        self,
        requests: Iterable[SuggestRequest],
        *,
        progress: Progress | None = None,
        failed: Failed | None = None,
    ) -> Iterator[DocumentSuggestions]:
        """Yield the suggestions for each document in order, each as soon as its last part is read.

        Requests are taken from the iterable as they are needed, a batch ahead at most. `progress` gets the
        documents and the characters done so far. `failed` gets the documents on which the suggesters failed.

        Raises:
            SuggestError: the suggesters failed on a document and there is no `failed` to tell.
        """
        documents_done = characters_done = 0
        waiting: deque[Job] = deque()
        source = iter(requests)
        while _fill(waiting, source):
            self.read(next_batch(waiting))
            while waiting and waiting[0].is_done:
                job = waiting.popleft()
                documents_done += 1
                characters_done += len(job.request.text)
                try:
                    suggestions = self.finish(job)
                except SuggestError as error:
                    if failed is None:
                        raise
                    failed(job.document_id, str(error))
                else:
                    yield suggestions
                if progress is not None:
                    progress(documents_done, characters_done)

    def _pipeline(self, language: str) -> LoadedPipeline:
        code = base_language(language)
        pipeline = self._pipelines.pop(code, None)
        if pipeline is None:
            while len(self._pipelines) >= _MAX_PIPELINES:
                self._pipelines.popitem(last=False)
            pipeline = self._load(code)
        self._pipelines[code] = pipeline
        return pipeline


def _fill(waiting: deque[Job], source: Iterator[SuggestRequest]) -> bool:
    """Take in requests until the next batch is full; return whether there is anything to work on."""
    parts = sum(len(job.parts) for job in waiting)
    length_cp = sum(end - start for job in waiting for start, end in job.parts)
    while parts < BATCH_PARTS and length_cp < BATCH_CP:
        request = next(source, None)
        if request is None:
            break
        job = Job(request)
        waiting.append(job)
        parts += max(job.part_count, 1)
        length_cp += len(request.text)
    return bool(waiting)


def _read(nlp: Language, batch: Sequence[tuple[Job, Range]]) -> list[PartFindings]:
    # Without the zone each new word stays in the vocabulary for good, and a worker that runs for days grows.
    with nlp.memory_zone():
        texts = (job.reading.text[part.start_cp : part.end_cp] for job, part in batch)
        docs = nlp.pipe(texts, batch_size=BATCH_PARTS)
        return [
            read_part(doc, part.start_cp, kinds_off=job.request.cue_kinds_off)
            for doc, (job, part) in zip(docs, batch, strict=True)
        ]


def _read_singly(nlp: Language, batch: Sequence[tuple[Job, Range]]) -> None:
    for job, part in batch:
        if job.failure:
            continue
        try:
            job.findings += _read(nlp, [(job, part)])
        except Exception as error:  # noqa: BLE001  (as above: one bad document must not stop the others)
            _log.warning("document %d failed with %s", job.document_id, type(error).__name__)
            job.failure = _sentence(error)
            job.parts.clear()


def _sentence(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return TOO_LITTLE_MEMORY
    return f"The suggesters failed on this document ({type(error).__name__}); its other data is safe."
