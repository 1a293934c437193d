"""Cut from a content what the parse hangs into it but the holder hardly says: a trailing relative clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from spacy.tokens import Doc


def trimmed(doc: Doc, content: set[int], quoted: Container[int]) -> set[int]:
    """Return the content without a relative clause that ends it after a comma ("..., who is 70").

    It is mostly the author's aside: on the training articles its loss makes more claims match than it harms.
    Nothing that is quoted is cut.
    """
    last = max(content)
    for index in sorted(content, reverse=True):
        token = doc[index]
        if token.dep_ != "relcl" or token.head.i not in content or token.right_edge.i < last:
            continue
        left = token.left_edge.i
        if left == 0 or doc[left - 1].text != ",":
            continue
        rest = {other for other in content if other >= left}
        if len(rest) < len(content) and not any(other in quoted for other in rest):
            return content - rest
    return content
