"""Exporting training data against its floor: a bare DocBin writer that tokenizes the same texts."""

import time
import tracemalloc

import spacy
from spacy.tokens import DocBin

from nlp.docbin import export_docbin
from nlp.suggestion import Range, TrainingDocument, TrainingSpan

_SENTENCE = "Foreign Minister Ilse Maro said on day {} that Orsk would leave the talks in Lemsk before the winter. "


def _document(document_id: int, sentences: int = 50) -> TrainingDocument:
    text, spans = "", []
    for number in range(sentences):
        start = len(text)
        text += _SENTENCE.format((document_id * sentences + number) % 500)
        spans.append(TrainingSpan("actor", "Person", (Range(start + 17, start + 26),)))
        spans.append(TrainingSpan("claim", "Claim", (Range(text.index("Orsk", start), len(text) - 2),)))
    return TrainingDocument(document_id, f"Brief {document_id}", text, "en", spans, (), (Range(0, len(text)),))


def _bare(documents, path) -> None:
    nlp = spacy.blank("en")
    db = DocBin(attrs=["ENT_IOB", "ENT_TYPE"])
    for document in documents:
        doc = nlp.make_doc(document.text)
        found = [
            doc.char_span(*span.fragments[0], label=span.label, alignment_mode="expand") for span in document.confirmed
        ]
        doc.ents = [span for span in found if span.label_ == "Person"]
        doc.spans["sc"] = found
        db.add(doc)
    db.to_disk(path)


def test_export_keeps_half_the_speed_of_a_bare_docbin_writer(benchmark, tmp_path, capsys):
    documents = [_document(number) for number in range(200)]

    def bare() -> float:
        began = time.perf_counter()
        _bare(documents, tmp_path / "bare.spacy")
        return time.perf_counter() - began

    floor_s = min(bare() for _ in range(3))
    benchmark.pedantic(lambda: export_docbin(documents, tmp_path / "out"), rounds=3, warmup_rounds=1)
    ratio = floor_s / benchmark.stats.stats.min

    benchmark.extra_info.update(ratio_to_bare=ratio, documents_per_s=200 / benchmark.stats.stats.min)
    with capsys.disabled():
        print(f"\nexport: {200 / benchmark.stats.stats.min:,.0f} documents/s, ratio {ratio:.2f}")
    assert ratio >= 0.5


def test_memory_of_an_export_does_not_hold_the_texts(tmp_path):
    def peak(count: int) -> int:
        tracemalloc.start()
        export_docbin((_document(number) for number in range(count)), tmp_path)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(10)
    grown = peak(210) - peak(10)

    # 200 documents of 5 KB are 1 MB of text, 5 MB as a DocBin in memory and 150 MB as Docs.
    assert grown < 2_000_000
