"""What `evaluate` tells people: a table of what is suggested, and by name what never is."""

from __future__ import annotations

from nlp.evaluate import Difference, Evaluation, GoldDocument
from nlp.evaluation_report import to_lines


def test_labels_that_are_never_suggested_are_named_and_not_measured():
    result = Evaluation()
    for code, right in (("claim", 4), ("Topic", 3), ("Place", 1)):
        result.exact[code].add(0, right, 0)
        result.overlap[code].add(0, right, 0)
        result.differences.append(Difference("missed", code, gold=f"a {code}", title="Brief"))
    lines = list(to_lines([GoldDocument("Text.", ())], result, 1))
    told = "\n".join(lines)
    (row,) = [line for line in lines if line.startswith("claim ")]
    assert row.split() == ["claim", *["0.0", "/", "0.0", "/", "0.0"] * 2, "4", "0"]
    assert "Missed, claim: 1" in told
    assert "Never suggested, so not compared: Place (1), Topic (3)." in told
    assert "Missed, Topic" not in told
