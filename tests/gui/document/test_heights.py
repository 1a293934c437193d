from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gui.document.heights import HeightTree

HEIGHTS = st.lists(st.integers(0, 50), min_size=1, max_size=40)


@given(HEIGHTS, st.lists(st.tuples(st.integers(0, 39), st.integers(0, 50)), max_size=10))
def test_sums_follow_corrections(heights, corrections):
    tree = HeightTree(heights)
    for block, height in corrections:
        if block < len(heights):
            tree[block] = heights[block] = height
    assert [tree.top(n) for n in range(len(heights) + 1)] == [sum(heights[:n]) for n in range(len(heights) + 1)]
    assert tree.total_px == sum(heights)
    assert [tree[n] for n in range(len(tree))] == heights


@given(HEIGHTS)
def test_the_block_at_a_height_covers_it(heights):
    tree = HeightTree(heights)
    for y in range(sum(heights)):
        block = tree.block_at(y)
        assert tree.top(block) <= y < tree.top(block) + heights[block]
    assert tree.block_at(-5) == next((n for n, h in enumerate(heights) if h), len(heights) - 1) or heights[0] == 0
    assert tree.block_at(sum(heights) + 5) == len(heights) - 1
