"""Reading and writing start no threads in the process that does it: they would stay as long as the window."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = """
import io, os, sys
from pathlib import Path
from storage.formats.folder import read_file
before = dict(os.environ)
for name in sys.argv[1:]:
    list(read_file(Path(name)))
print(len(os.listdir("/proc/self/task")), os.environ == before)
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted as Linux tells them")
def test_no_reader_leaves_a_thread_or_a_setting_behind(tmp_path: Path):
    import openpyxl
    import pyarrow as pa
    import pyarrow.parquet as pq
    from reportlab.pdfgen import canvas

    (tmp_path / "a.html").write_text(
        "<nav><a href=x>Home</a></nav>" + "<p>Velmar waits for the talks with Orsk to begin.</p>" * 20
    )
    pq.write_table(pa.table({"text": ["Velmar waits."]}), tmp_path / "a.parquet")
    book = openpyxl.Workbook()
    book.active.append(["text"])
    book.active.append(["Velmar waits."])
    book.save(tmp_path / "a.xlsx")
    made = canvas.Canvas(str(tmp_path / "a.pdf"))
    made.drawString(50, 700, "Velmar waits.")
    made.save()

    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *sorted(map(str, tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS", "JE_ARROW"))},
    )

    assert done.stdout.split() == ["1", "True"]
