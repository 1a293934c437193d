"""The real worker with too little memory for one text: that text is named, all others get their suggestions."""

import sys

import pytest
from deeds import take_in

from nlp.suggestion import TOO_LITTLE_MEMORY
from storage import queries
from storage.doctor import check
from storage.project import Project

#: The worker as it is, but its address space ends that many MB after its pipeline is loaded.
_LIMITED = """
import resource, sys
from pathlib import Path
from nlp import languages, suggest, worker

loaded = suggest.load_pipeline("en")
loaded.nlp("Velmar said that Orsk would pay.")
languages.detect_language("Velmar said that Orsk would pay.")
suggest.Suggester.__init__.__defaults__ = (lambda code: loaded,)
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
limit = used + int(sys.argv[1]) * (1 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
worker.main([])
"""
#: Enough for some sentences, too little for a batch of long parts.
_HEADROOM_MB = 24
_SENTENCE = "Velmar said that Orsk would pay. "


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no limit of the address space")
@pytest.mark.timeout(300)
def test_text_for_which_the_worker_has_no_memory_is_named_and_the_others_are_read(make_desk, tmp_path):
    script = tmp_path / "limited.py"
    script.write_text(_LIMITED, encoding="utf-8")
    large = _SENTENCE * 30_000
    path = tmp_path / "large.sayso"
    with Project.create(path) as project:
        take_in(project, ("First", _SENTENCE), ("Large", large), ("Last", f"{_SENTENCE}Indeed."))
    desk = make_desk([sys.executable, str(script), str(_HEADROOM_MB)])
    told = []
    desk.window.suggesting.told.connect(told.append)
    with desk.qtbot.waitSignal(desk.window.worker.idle):
        desk.open(path)
    suggesting = desk.window.suggesting
    desk.qtbot.waitUntil(lambda: suggesting._storing is None and not suggesting._found)

    assert told.count(f"“Large”: {TOO_LITTLE_MEMORY}") == 1
    project = desk.window.flows.session.project
    undecided = {item.document.title: item.undecided for item in queries.document_items(project)}
    assert undecided["Large"] == 0
    assert undecided["First"] == undecided["Last"] > 0
    assert desk.dialogs() == []
    assert check(project) == []
