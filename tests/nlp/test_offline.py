"""The worker's process reaches nothing outside itself."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_WAYS = {
    "connect": "socket.socket().connect(('127.0.0.1', 9))",
    "listen": "socket.socket().bind(('127.0.0.1', 0))",
    "send": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "look up": "socket.getaddrinfo('localhost', 80)",
    "fetch": "urllib.request.urlopen('http://127.0.0.1:9/')",
}


@pytest.mark.parametrize("way", _WAYS)
def test_every_way_out_is_refused(way):
    code = f"import socket, urllib.request\nfrom nlp.offline import stay_offline\nstay_offline()\n{_WAYS[way]}"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert run.returncode == 1
    assert "refused: socket." in run.stderr


def test_the_worker_refuses_from_its_start():
    code = (
        "import socket, sys\nfrom nlp import suggest, worker\n"
        "def ask(*_):\n    socket.socket().connect(('127.0.0.1', 9))\n"
        "worker.Worker.run = ask\nsys.argv = ['worker']\nworker.main()"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )

    assert run.returncode == 1
    assert "OfflineError ends the worker" in run.stderr
