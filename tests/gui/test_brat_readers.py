"""brat folders are read twice in this program, by layers that do not know each other: both see the same claims."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nlp.brat import read_folder
from storage.formats import brat
from storage.formats.exchange import ExchangeDocument
from storage.text import trim

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "polnear" / "dev"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/polnear")
def test_import_and_evaluation_agree_on_claims_and_their_links():
    gold = {document.title: document for document in read_folder(CORPUS)}
    for document in brat.read(CORPUS):
        assert isinstance(document, ExchangeDocument)
        first = min(span.analyst or "" for span in document.spans)
        spans = {span.id: span for span in document.spans if (span.analyst or "") == first}
        known = gold[document.title]
        claims = Counter(
            tuple(map(tuple, span.fragments)) for span in spans.values() if span.kind == "claim" and span.fields
        )
        assert claims == Counter(
            tuple(tuple(trim(known.text, *part) or ()) for part in span.fragments)  # white space goes on import
            for span in known.spans
            if span.code == "claim"
        )
        ours = Counter(link.type for link in document.links if link.from_id in spans)
        theirs = Counter(code for code, _, _ in known.links)
        assert ours["speaker"] == theirs["speaker"]
        assert ours["cue"] - theirs["cue"] in {0, 1}  # a trigger that stands where no cue does is one here
