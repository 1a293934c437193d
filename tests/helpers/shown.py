"""What is told of a document, on screen and in the file, so that both can be compared by a short digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def digest(spans: Iterable[object], links: Iterable[object], reviewed: Iterable[tuple[int, int]]) -> str:
    """Return a digest of every value of every span and link of a document, and of what is reviewed."""
    told = [sorted(map(repr, spans)), sorted(map(repr, links)), sorted(reviewed)]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:24]
