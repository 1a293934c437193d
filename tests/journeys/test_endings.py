"""However the program ends, what was decided is there; whatever fails, it says so and goes on."""

import json
import os
import signal
import sys

import pytest

pytestmark = pytest.mark.journey


def _wait_until_ready(process):
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    return json.loads(line)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    "number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP], ids=["kill -9", "SIGTERM", "end of the terminal"]
)
def test_after_the_end_everything_is_there_and_the_place_is_found_again(home, play, number):
    with home.start("wait_to_be_ended") as process:
        ready = _wait_until_ready(process)
        process.send_signal(number)
        _out, errors = process.communicate(timeout=60)
    assert process.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 0), errors

    (back,) = play("come_back").told

    for name in ("title", "document", "focus", "scroll", "cursor", "states"):
        assert back[name] == ready[name], name
    assert home.command("check", ready["project"]).returncode == 0


def test_a_bug_is_owned_up_to_without_a_word_of_a_document_and_work_goes_on(home, play):
    day = play("meet_a_bug")
    bug, after = day.told
    log = (home.folder / "data" / "Sayso" / "sayso.log").read_text(encoding="utf-8")

    assert bug["title"] == "Something went wrong inside Sayso"
    assert "KeyError" in bug["report"]
    assert "meet_a_bug.py" in bug["report"]
    for told in (bug["report"], log, day.errors):
        assert "minister" not in told
    assert "KeyError" in log
    assert after["saved"] == "● saved"
    assert "confirmed" in {state for _quote, state in after["states"].values()}


def test_a_home_that_takes_no_files_is_no_reason_not_to_start(home, play):
    for name in ("data", "config", "cache"):  # files where folders should be: refused to root as well
        (home.folder / name).write_text("in the way")
    (day,) = play("look_and_quit").told

    assert day["is_welcome"]
    assert "The sample cannot be made" in day["problems"][0]


def test_without_a_display_there_is_one_sentence_and_exit_code_2(home):
    del home.environment["QT_QPA_PLATFORM"]
    done = home.command()

    assert done.returncode == 2
    assert done.stdout == ""
    assert "there is no display here" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
def test_a_display_that_does_not_answer_is_one_sentence_too(home):
    del home.environment["QT_QPA_PLATFORM"]
    home.environment["DISPLAY"] = f":{5000 + os.getpid() % 1000}"
    done = home.command()

    assert done.returncode == 2
    assert "does not answer" in done.stderr
