"""Let the suggesters read the sample's documents and keep what they find, so that the sample opens with it.

Run it whenever the rules change: uv run python docs/make_sample.py
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from gui.bridge import known_actors, suggest_request  # noqa: E402
from nlp.suggest import Suggester  # noqa: E402
from storage import queries  # noqa: E402
from storage.project import Project  # noqa: E402
from storage.sample import project as sample  # noqa: E402


def found_in_sample() -> list[dict[str, Any]]:
    """Return what the suggesters find now in each document of the sample, as plain data."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.sayso"
        sample.make_sample(path)
        with Project.open(path) as project:
            actors = known_actors(queries.actors(project), queries.codebook(project))
            requests = [
                suggest_request(item.document, queries.document_text(project, item.document.id), actors)
                for item in queries.document_items(project)
            ]
            found = [asdict(result) for result in Suggester().suggest_many(requests)]
    for result in found:
        del result["document_id"]
    return found


if __name__ == "__main__":
    target = ROOT / "storage" / "sample" / sample.SUGGESTIONS
    if not target.exists():
        target.write_text(
            json.dumps([{"spans": [], "links": [], "suggester": "rules", "version": "0", "model": ""}] * 4)
        )
    target.write_text(json.dumps(found_in_sample(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
