"""Dates of files become YYYY-MM-DD where there is one reading, and stay where they were otherwise."""

import datetime

import pytest

from storage.formats.dates import iso_date


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("2024-03-19", "2024-03-19"),
        (" 2024/3/9 ", "2024-03-09"),
        ("20240319", "2024-03-19"),
        ("2024-03-19T10:00:00Z", "2024-03-19"),
        ("2024-03-19 10:00", "2024-03-19"),
        ("19.03.2024", "2024-03-19"),
        ("3.4.2024", "2024-04-03"),
        ("19/03/2024", "2024-03-19"),
        ("03/19/2024 10:00", "2024-03-19"),
        ("04/04/2024", "2024-04-04"),
        ("19 March 2024", "2024-03-19"),
        ("March 19th, 2024", "2024-03-19"),
        ("Tue, 19 Mar 2024 10:00:00 +0000", "2024-03-19"),
        ("Tue Mar 19 10:00:00 +0000 2024", "2024-03-19"),
        ("Tue Mar  9 10:00:00 2024", "2024-03-09"),
        ("2024-03", "2024-03"),
        ("2024", "2024"),
        (datetime.date(2024, 3, 19), "2024-03-19"),
        (datetime.datetime(2024, 3, 19, 23, 59), "2024-03-19"),
    ],
)
def test_one_reading_is_taken(said: object, date: str):
    assert iso_date(said) == date


@pytest.mark.parametrize(
    "said",
    [
        "03/04/2024",
        "03-04-2024",
        "2024-13-01",
        "2024-02-30",
        "2024119",
        "12345",
        "soon",
        "",
        "x" * 10_000,
        20240319,
        None,
    ],
)
def test_two_readings_or_none_are_not_guessed(said: object):
    assert iso_date(said) is None
