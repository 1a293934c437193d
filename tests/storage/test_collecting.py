from __future__ import annotations

import gc

import pytest

from storage.collecting import collector_paused


def test_the_collector_goes_on_after_the_block_even_if_it_failed() -> None:
    def fail() -> None:
        with collector_paused():
            seen.append(gc.isenabled())
            raise KeyError

    seen: list[bool] = []
    with pytest.raises(KeyError):
        fail()
    assert seen == [False]
    assert gc.isenabled()


def test_a_block_within_another_leaves_it_paused() -> None:
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
