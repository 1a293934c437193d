"""Which lane a line below the text, a pill or a bracket takes, so that overlapping ones stay apart. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

MAX_PILL_LEVEL = 2
MAX_BRACKET_LANE = 2


class Stretch(NamedTuple):
    """What a span covers in a block, from its first character there to behind its last."""

    span_id: int
    start_cp: int
    end_cp: int


def claim_lanes(claims: Sequence[Stretch]) -> dict[int, int]:
    """Return the lane of each claim: 0 next to the text; claims that overlap never share one.

    Outer claims come first and so lie next to the text, as brackets of a tree do.
    """
    lanes: dict[int, int] = {}
    ends_cp: list[int] = []
    for claim in sorted(claims, key=lambda c: (c.start_cp, -c.end_cp, c.span_id)):
        lane = next((i for i, end_cp in enumerate(ends_cp) if end_cp <= claim.start_cp), len(ends_cp))
        ends_cp[lane : lane + 1] = [claim.end_cp]
        lanes[claim.span_id] = lane
    return lanes


def pill_levels(mentions: Sequence[Stretch]) -> dict[int, int]:
    """Return how far each pill reaches beyond the text: 0 for the innermost, one more around each other.

    Of two that cover the same range the younger lies inside. Levels stop at `MAX_PILL_LEVEL`.
    """
    levels: dict[int, int] = {}
    for cluster in _clusters(mentions):
        placed: list[Stretch] = []
        for one in sorted(cluster, key=lambda m: (m.end_cp - m.start_cp, -m.span_id)):
            below = [
                levels[other.span_id] for other in placed if other.start_cp < one.end_cp and one.start_cp < other.end_cp
            ]
            levels[one.span_id] = min(MAX_PILL_LEVEL, max(below) + 1) if below else 0
            placed.append(one)
    return levels


def _clusters(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Group what overlaps directly or through others, so that no pair of strangers is compared."""
    cluster: list[Stretch] = []
    end_cp = 0
    for stretch in sorted(stretches, key=lambda s: s.start_cp):
        if cluster and stretch.start_cp >= end_cp:
            yield cluster
            cluster = []
        cluster.append(stretch)
        end_cp = max(end_cp, stretch.end_cp) if len(cluster) > 1 else stretch.end_cp
    if cluster:
        yield cluster


class Bracket(NamedTuple):
    """A bracket in the margin. Rows are counted in halves: row 2 covers [4, 6)."""

    span_id: int
    start_half: int
    end_half: int
    lane: int


def bracket_lanes(rows: Sequence[tuple[int, int, int]]) -> list[Bracket]:
    """Place brackets for (span id, first row, last row), given in text order.

    One that ends in the row where the next begins shares the row with it, half each; others that meet
    go to the next lane, farther from the text. The last lane takes whatever is left.
    """
    placed: list[Bracket] = []
    last_in_lane: dict[int, int] = {}
    for span_id, first, last in rows:
        start_half, end_half = 2 * first, 2 * last + 2
        for lane in range(MAX_BRACKET_LANE + 1):
            index = last_in_lane.get(lane)
            other = placed[index] if index is not None else None
            can_share = other is not None and (
                other.end_half == start_half + 2 and end_half - start_half > 2 and other.start_half < start_half
            )
            if other is None or other.end_half <= start_half or can_share or lane == MAX_BRACKET_LANE:
                if other is not None and index is not None and can_share:
                    placed[index] = other._replace(end_half=start_half + 1)
                    start_half += 1
                last_in_lane[lane] = len(placed)
                placed.append(Bracket(span_id, start_half, end_half, lane))
                break
    return placed
