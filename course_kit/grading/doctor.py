"""``course-kit doctor``: what this machine can do, and what to install or switch on for more."""

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from rich.console import Console

from course_kit.grading import isolation, kernel
from course_kit.grading.config import ConfigError, read_limits
from course_kit.grading.limits import Limits
from course_kit.grading.server import ServerError, WorkerRefused, WorkerServer

GOOD, MISSING, LESS = "good", "missing", "less"
SIGNS = {GOOD: "✓", MISSING: "✗", LESS: "–"}
BACKENDS = ("tensorflow", "jax", "torch")
ROOT = Path(__file__).resolve().parents[2]
USERS = (
    "root needs CAP_SYS_ADMIN for these; an ordinary user needs sysctl -w user.max_user_namespaces=10000, and on "
    "Ubuntu kernel.apparmor_restrict_unprivileged_userns=0; for a container see docs/container.md"
)
GROUPS = (
    "without one the keeper looks ten times a second, and memory of the kernel is estimated; for one: "
    "systemd-run --user --scope course-kit grade ..., or a container with its own control groups (docs/container.md)"
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Args:
        state: GOOD; MISSING, when a part of the kit does not work without it; LESS, when all works, some less well.
        about: what was looked at.
        words: what was found.
        advice: what to install or switch on, or "".
    """

    state: str
    about: str
    words: str
    advice: str = ""


def run(console: Console) -> int:
    """Print what is found. Returns 1 if something is missing, else 0."""
    worst = 0
    for title, findings in SECTIONS.items():
        console.print(f"\n{title}", markup=False, highlight=False)
        for found in findings():
            line = f"  {SIGNS[found.state]} {found.about}: {found.words}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
            if found.advice:
                console.print(f"      {found.advice}", markup=False, highlight=False, soft_wrap=True)
            worst = max(worst, found.state == MISSING)
    last = "something is missing (✗)" if worst else "nothing is missing; – marks what could be better"
    console.print(f"\n{last}", markup=False, highlight=False)
    return int(worst)


def versions() -> Iterator[Finding]:
    """Python, and each package that the kit needs, against what it asks for."""
    from packaging.requirements import InvalidRequirement, Requirement

    good = sys.version_info >= (3, 11)
    yield Finding(GOOD if good else MISSING, "system", kernel.words(), "" if good else "Python 3.11 or newer is needed")
    try:
        needed = [Requirement(line) for line in requires("course-kit") or ()]
    except (PackageNotFoundError, InvalidRequirement):
        yield Finding(MISSING, "course-kit", "is not installed", "pip install -r requirements.txt")
        return
    for need in needed:
        if need.marker and not need.marker.evaluate():
            continue
        try:
            found = version(need.name)
        except PackageNotFoundError:
            yield Finding(MISSING, need.name, "is not installed", f'pip install "{need.name}{need.specifier}"')
            continue
        if not need.specifier.contains(found, prereleases=True):
            advice = f'pip install "{need.name}{need.specifier}"'
            yield Finding(MISSING, need.name, f"{found}, and {need.specifier} is needed", advice)
        elif need.name in ("tensorflow", "keras", "numpy"):
            yield Finding(GOOD, need.name, found)


def backends() -> Iterator[Finding]:
    """The backends that cells, layers and counts can run on; the notebooks and the judge use TensorFlow."""
    chosen = os.environ.get("KERAS_BACKEND") or _configured()
    for name in BACKENDS:
        here = " (chosen)" if name == chosen else ""
        try:
            yield Finding(GOOD, name, f"{version(name)}{here}")
        except PackageNotFoundError:
            advice = (
                f"pip install {name}, then KERAS_BACKEND={name}" if name != "tensorflow" else "pip install tensorflow"
            )
            missing = name in ("tensorflow", chosen)
            yield Finding(MISSING if missing else LESS, name, f"is not installed{here}", advice)


def _configured() -> str:
    """What the user's keras.json says, or Keras' default."""
    file = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras", "keras.json")
    try:
        return str(json.loads(file.read_text(encoding="utf-8")).get("backend", "tensorflow"))
    except (OSError, ValueError, AttributeError):
        return "tensorflow"


def protection() -> Iterator[Finding]:
    """What a student's code can be shut in with: each part by itself, then all of it with TensorFlow inside."""
    if not sys.platform.startswith("linux"):
        yield Finding(MISSING, "sandbox", "needs Linux", "grade in a container: docs/container.md")
        return
    tried = {"own user": kernel.own_user()}
    tried |= {f"own {name}": kernel.namespace(flag) for name, flag in kernel.NAMESPACES.items()}
    last = next((about for about in reversed(tried) if tried[about]), "")
    for about, refusal in tried.items():
        yield Finding(MISSING if refusal else GOOD, about, refusal or "yes", USERS if about == last else "")
    refusal = kernel.system_call_filter()
    yield Finding(MISSING if refusal else GOOD, "system-call filter", refusal or "yes")
    if refusal := kernel.neighbours_protected():
        advice = "a submission with a crowd of processes slows the others: in a container --cap-add SYS_NICE"
        yield Finding(LESS, "shares of the processors", refusal, advice)
    if not kernel.children_listed():
        advice = "a kernel with CONFIG_PROC_CHILDREN; until then only control groups see what a submission starts"
        yield Finding(LESS, "list of children in /proc", "is not there", advice)
    refusal = kernel.control_group()
    yield Finding(LESS, "control group", refusal, GROUPS) if refusal else Finding(GOOD, "control group", "yes")
    yield from _whole()


def _whole() -> Iterator[Finding]:
    started = time.monotonic()
    try:
        with WorkerServer() as server:
            worker = server.spawn()
            seconds = time.monotonic() - started
            reply = worker.cell("import keras\nvalue = float(keras.ops.sum(keras.ops.ones(3)))", 1, deadline=60.0)
            worker.close()
    except WorkerRefused as error:
        yield Finding(MISSING, "a worker", str(error), isolation.ADVICE)
    except ServerError as error:
        yield Finding(MISSING, "the workers' template", str(error), "pip install -r requirements.txt")
    except Exception as error:  # the worker died or was too slow
        yield Finding(MISSING, "a worker", f"could not compute: {error}")
    else:
        if reply.error:
            yield Finding(MISSING, "a worker", f"{reply.error.type}: {reply.error.message}")
        else:
            yield Finding(GOOD, "a worker", f"ready after {seconds:.1f} s: {worker.isolation}")
            if "no /proc" in worker.isolation:
                advice = "in a container: --security-opt systempaths=unconfined (docker) or unmask=ALL (podman)"
                yield Finding(LESS, "/proc", "its own entry only, which is safe; some tools will not work", advice)


def machine() -> Iterator[Finding]:
    """Cores and memory, and how many submissions at a time they carry; the limits in force."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding(GOOD, "cores", str(cores))
    try:
        limits = read_limits()
    except ConfigError as error:
        yield Finding(MISSING, "grading.toml", str(error), "mend it, or take it away: the defaults serve most courses")
        limits = Limits()
    free = _free_memory()
    if free is None:
        return
    carried = int(max(0, free - 2**30) // limits.memory)
    words = f"{free / 2**30:.1f} GiB free; a submission may use {limits.memory / 2**30:g} GiB"
    if carried >= cores:
        yield Finding(GOOD, "memory", words)
    else:
        jobs = max(1, carried)
        advice = f"course-kit grade --jobs {jobs}, or a smaller memory in grading.toml"
        yield Finding(LESS if carried else MISSING, "memory", f"{words}, {cores} at a time", advice)


def _free_memory() -> int | None:
    try:
        found = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None


def data() -> Iterator[Finding]:
    """The files that come with the kit's repository; nothing else has to be downloaded."""
    for folder, what in (("notebooks", "the students' notebooks"), ("data/sample_class", "the demo's class")):
        there = (ROOT / folder).is_dir()
        advice = "" if there else "work in a clone of the repository: course-kit demo and release need it"
        yield Finding(GOOD if there else LESS, what, "there" if there else f"no folder {folder}", advice)


SECTIONS = {
    "versions": versions,
    "Keras backends": backends,
    "protection of the grading machine": protection,
    "machine": machine,
    "data": data,
}
