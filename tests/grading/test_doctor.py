"""What the doctor says of a machine, and what of one that lacks something."""

import errno
import importlib.metadata
import os

import pytest
from rich.console import Console

from course_kit import cli
from course_kit.grading import doctor, isolation, kernel, linux
from course_kit.grading.doctor import GOOD, LESS, MISSING, Finding
from course_kit.grading.server import ServerError, WorkerRefused, WorkerServer


def states(findings) -> dict[str, str]:
    return {found.about: found.state for found in findings}


def test_child_tries_and_this_process_stays_as_it_was():
    """A reason in words, nothing if it went well, and something even if it died."""

    def refused():
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    assert kernel.in_child(lambda: None) == ""
    assert kernel.in_child(refused) == "Operation not permitted"
    assert kernel.in_child(lambda: os._exit(3)) != ""
    assert kernel.in_child(lambda: os.kill(os.getpid(), 9)) != ""
    before = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("user", "mnt", "net", "ipc", "uts", "pid")}
    assert [kernel.namespace(flag) for flag in kernel.NAMESPACES.values()] == [""] * 5
    assert kernel.own_user() == kernel.neighbours_protected() == ""
    assert kernel.system_call_filter() == ""
    assert before == {name: os.readlink(f"/proc/self/ns/{name}") for name in before}


def test_refused_namespace_is_named_with_its_remedy(monkeypatch):
    """As in a container without the right to make any."""

    def unshare(flags):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(linux, "unshare", unshare)
    monkeypatch.setattr(WorkerServer, "spawn", lambda self: (_ for _ in ()).throw(WorkerRefused("own process tree")))
    found = {f.about: f for f in doctor.protection()}
    for name in kernel.NAMESPACES:
        assert found[f"own {name}"].state == MISSING
    assert ["own host name"] == [f.about for f in found.values() if "CAP_SYS_ADMIN" in f.advice]
    assert (found["a worker"].words, found["a worker"].advice) == ("own process tree", isolation.ADVICE)
    assert found["system-call filter"].state == GOOD


def test_worker_with_the_kits_libraries_is_what_counts():
    """The whole of it once: the template starts, a worker shuts itself in and computes with Keras."""
    found = {f.about: f for f in doctor.protection()}
    assert found["a worker"].state == GOOD
    assert "namespaces, " in found["a worker"].words
    assert MISSING not in states(doctor.protection()).values()


def test_template_that_cannot_start_is_missing_libraries(monkeypatch):
    """The sentence says which."""

    def refuse(self):
        raise ServerError("the worker template ended 3 times in a row: No module named 'keras'")

    monkeypatch.setattr(WorkerServer, "spawn", refuse)
    (found,) = doctor._whole()
    assert (found.state, found.advice) == (MISSING, "pip install -r requirements.txt")
    assert "No module named 'keras'" in found.words


def test_other_systems_are_told_of_the_container(monkeypatch):
    """Without trying any call of Linux."""
    monkeypatch.setattr(doctor.sys, "platform", "darwin")
    monkeypatch.setattr(kernel, "in_child", lambda attempt: pytest.fail("tried"))
    (found,) = doctor.protection()
    assert (found.state, found.advice) == (MISSING, "grade in a container: docs/container.md")


VERSIONS = {
    "numpy is not there": ({"numpy": None}, MISSING, "is not installed"),
    "numpy is old": ({"numpy": "1.26.0"}, MISSING, "1.26.0, and >=2.0 is needed"),
    "all is there": ({}, GOOD, ""),
}


@pytest.mark.parametrize(("changed", "state", "words"), VERSIONS.values(), ids=VERSIONS)
def test_packages_are_compared_with_what_the_kit_asks_for(monkeypatch, changed, state, words):
    """The requirement is the kit's own, and the advice is a line for pip."""
    real = importlib.metadata.version

    def version(name: str) -> str:
        if changed.get(name, "") is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return changed.get(name) or real(name)

    monkeypatch.setattr(doctor, "version", version)
    found = {f.about: f for f in doctor.versions()}
    assert (found["numpy"].state, bool(found["numpy"].advice)) == (state, state == MISSING)
    assert words in found["numpy"].words
    assert state != MISSING or found["numpy"].advice == 'pip install "numpy>=2.0"'


def test_backend_that_was_chosen_must_be_there(monkeypatch, tmp_path):
    """Others are only less; the choice comes from the environment, then from keras.json."""

    def version(name: str) -> str:
        if name == "tensorflow":
            return "2.21.0"
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", version)
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert states(doctor.backends()) == {"tensorflow": GOOD, "jax": MISSING, "torch": LESS}
    monkeypatch.delenv("KERAS_BACKEND")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert states(doctor.backends())["torch"] == LESS
    (tmp_path / "keras.json").write_text('{"backend": "torch"}')
    assert states(doctor.backends())["torch"] == MISSING
    (tmp_path / "keras.json").write_text("[")
    assert states(doctor.backends())["torch"] == LESS


MEMORY = [(64, GOOD, ""), (4, LESS, "--jobs 1"), (1, MISSING, "--jobs 1")]


@pytest.mark.parametrize(("free", "state", "advice"), MEMORY)
def test_memory_is_counted_in_submissions(monkeypatch, free, state, advice):
    """One on each core, with a GiB left for the judge."""
    monkeypatch.setattr(doctor, "_free_memory", lambda: free * 2**30)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)))
    found = {f.about: f for f in doctor.machine()}["memory"]
    assert found.state == state
    assert advice in found.advice


def test_broken_config_is_told(monkeypatch, tmp_path):
    """The one that would be read here."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "grading.toml").write_text("[limit]")
    assert states(doctor.machine())["grading.toml"] == MISSING


CODES = [([GOOD, LESS], 0, "nothing is missing"), ([GOOD, MISSING], 1, "something is missing"), ([], 0, "nothing")]


@pytest.mark.parametrize(("found", "code", "last"), CODES)
def test_exit_code_says_whether_something_is_missing(monkeypatch, found, code, last):
    """The command line's too; each finding is a line, each advice another."""
    findings = [Finding(state, f"[b]thing {k}", "words", "advice") for k, state in enumerate(found)]
    monkeypatch.setattr(doctor, "SECTIONS", {"a section": lambda: iter(findings)})
    console = Console(width=200, record=True)
    assert doctor.run(console) == code
    text = console.export_text()
    assert last in text
    for k, state in enumerate(found):
        assert f"  {doctor.SIGNS[state]} [b]thing {k}: words\n      advice" in text
    assert cli.main(["doctor"]) == code
