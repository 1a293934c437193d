"""Which backups may go by their age and their size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.thinning import FEWEST, MOST_AT_ONCE, Reason, beyond, superfluous

NOW = datetime(2026, 5, 20, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    serial: int
    at: datetime
    reason: Reason = Reason.WORK
    size: int = 10


def _made(*ages: timedelta) -> list[Made]:
    """Return backups of these ages; the first was made first."""
    return [Made(number, NOW - age) for number, age in enumerate(ages)]


def _thinned(backups: list[Made], now: datetime) -> list[Made]:
    while gone := superfluous(backups, now):
        backups = [backup for backup in backups if backup not in gone]
    return backups


def test_all_of_the_last_hour_stay() -> None:
    assert superfluous(_made(*(timedelta(minutes=59 - n) for n in range(60))), NOW) == []


def test_the_newest_of_each_hour_of_a_day_stays() -> None:
    made = _made(*(timedelta(minutes=5 * n) for n in range(23 * 12, 0, -1)))
    kept = _thinned(made, NOW)
    old = [backup for backup in kept if NOW - backup.at >= timedelta(hours=1)]
    assert [backup.at.minute for backup in old[:-1]] == [55] * (len(old) - 1)
    assert len({(backup.at.day, backup.at.hour) for backup in old}) == len(old) == 23


def test_the_newest_of_each_day_of_a_month_and_of_each_month_stays() -> None:
    kept = _thinned(_made(*(timedelta(hours=6 * n) for n in range(4 * 400, 0, -1))), NOW)
    daily = [b for b in kept if timedelta(days=1) <= NOW - b.at < timedelta(days=31)]
    monthly = [b for b in kept if NOW - b.at >= timedelta(days=31)]
    assert len({b.at.date() for b in daily}) == len(daily) >= 30
    assert len({(b.at.year, b.at.month) for b in monthly}) == len(monthly) >= 12


def test_the_newest_and_those_before_an_upgrade_are_never_named() -> None:
    day = datetime(2025, 1, 10, 8, tzinfo=UTC)
    made = [Made(n, day + timedelta(minutes=n), Reason.UPGRADE if n < 3 else Reason.OPEN) for n in range(6)]
    assert _thinned(made, NOW) == [*made[:3], made[5]]
    assert superfluous(made[:1], NOW) == beyond(made[:3], 0) == []


def test_a_clock_set_far_ahead_takes_few_and_one_set_back_none() -> None:
    made = _made(*(timedelta(minutes=n) for n in range(59, 0, -1)))
    assert len(superfluous(made, NOW + timedelta(days=3_000))) == MOST_AT_ONCE
    assert superfluous(made, NOW - timedelta(days=3_000)) == []


def test_the_newest_is_told_by_its_number_where_the_clock_went_back() -> None:
    made = [Made(1, NOW + timedelta(days=400)), Made(2, NOW - timedelta(hours=3)), Made(3, NOW - timedelta(hours=3))]
    assert superfluous(made, NOW) == [made[1]]


def test_for_room_the_oldest_go_and_the_newest_stay() -> None:
    made = [Made(n, NOW, Reason.UPGRADE if n == 1 else Reason.WORK) for n in range(8)]
    assert [backup.serial for backup in beyond(made, 55)] == [0, 2, 3]
    assert [backup.serial for backup in beyond(made, 0)] == [0, 2, 3, 4]
    assert beyond(made, 80) == beyond(made[:FEWEST], 0) == []


@given(st.lists(st.integers(0, 60 * 24 * 500), min_size=1, max_size=60), st.integers(0, 60 * 24 * 400))
def test_whatever_was_made_its_month_keeps_one_however_often_they_are_thinned(minutes, later) -> None:
    made = [Made(n, NOW - timedelta(minutes=m)) for n, m in enumerate(sorted(minutes, reverse=True))]
    kept = _thinned(_thinned(made, NOW), NOW + timedelta(minutes=later))
    assert kept[-1] == made[-1]
    assert {(b.at.year, b.at.month) for b in kept} == {(b.at.year, b.at.month) for b in made}
    assert superfluous(kept, NOW + timedelta(minutes=later)) == []
