"""What a format declares that it can hold comes back the same, for each format that is both read and written."""

from __future__ import annotations

import pytest
from exchange_examples import assert_same, documents, gone_round
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.formats.catalogue import FORMATS
from storage.formats.interface import Format

#: Formats that keep words instead of texts, and those that ask for more than a file, are tested beside their modules.
EXCEPT = {"citron", "conll", "refi"}
BOTH_WAYS = [f for f in FORMATS if f.module and f.can_read and f.can_write and f.name not in EXCEPT]


@pytest.mark.parametrize("format_", BOTH_WAYS, ids=lambda format_: format_.name)
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_what_is_declared_comes_back(format_: Format, tmp_path_factory, data):
    written = data.draw(documents(format_.holds))
    path = tmp_path_factory.mktemp("round") / f"out{(format_.extensions or ('',))[0]}"
    read = gone_round(format_, written, path)
    assert_same(written, read, format_.holds, has_titles=not format_.is_folder)
