"""A start does nothing that it need not."""

from __future__ import annotations

import gc
import linecache
import sys

import pytest

from gui.quick_start import make_imports_quick, starting


def test_the_source_of_an_imported_module_is_not_read(tmp_path, monkeypatch):
    feature = sys.modules["shibokensupport.feature"]
    monkeypatch.setattr(feature, "_mod_uses_pyside", feature._mod_uses_pyside)  # put back afterwards
    for name in ("read_by_pyside", "left_alone"):
        (tmp_path / f"{name}.py").write_text("WORD = 'PySide6'\n")
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    __import__("read_by_pyside")
    make_imports_quick()
    __import__("left_alone")
    read = {path for path in linecache.cache if path.startswith(str(tmp_path))}
    assert read == {str(tmp_path / "read_by_pyside.py")}


def test_garbage_is_looked_for_again_after_a_start_that_failed():
    were_looked_for: list[bool] = []

    def fail():
        were_looked_for.append(gc.isenabled())
        raise ValueError("no project")

    with pytest.raises(ValueError, match="no project"), starting():
        fail()
    assert were_looked_for == [False]
    assert gc.isenabled()
    gc.unfreeze()
