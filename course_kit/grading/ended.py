"""How a worker ended, in words for the student and the gradebook."""

import signal
from dataclasses import dataclass

from .limits import Limits

BROKEN = 70  # worker.BROKEN


@dataclass(frozen=True)
class Ended:
    """How a worker ended.

    Args:
        reason: in words, to follow "the process was".
        kind: "exit", "signal", "memory", "cpu", "judge" (we ended it), "lost" (its keeper went first) or "refused"
            (it never began: the sandbox could not be had).
        code: exit code, or the signal's number.
        cpu_seconds, seconds: processor and wall time of its life.
        peak_memory: bytes beyond what it shared with the template, as far as ten looks a second see.
    """

    reason: str
    kind: str
    code: int = 0
    cpu_seconds: float = 0.0
    seconds: float = 0.0
    peak_memory: int = 0


def in_words(report: dict | None, limits: Limits) -> Ended:
    """The keeper's report in words."""
    if report is None:
        return Ended("lost: nobody said how it ended", "lost")
    if "refused" in report:
        return Ended(report["refused"], "refused")
    code = report["code"]
    match report["because"]:
        case "memory":
            size = f"{limits.memory / 2**30:.3g} GiB"
            reason, kind = f"killed by signal 9 after using more than {size} of memory", "memory"
        case "cpu":
            reason = f"killed by signal 9 after using more than {limits.cpu_seconds:g} s of processor time"
            kind = "cpu"
        case "answer":
            allowed = f"{report['allowed']:g} s of processor time"
            reason, kind = f"killed by signal 9 after using more than {allowed} for one answer", "cpu"
        case "judge":
            reason, kind = "ended by the judge", "judge"
        case _ if code < 0:
            reason, kind = _signal_words(-code), "signal"
        case _:
            reason = f"ended by os._exit({code})" if code != BROKEN else "ended: its code broke the worker's loop"
            kind = "exit"
    return Ended(reason, kind, abs(code), report["cpu"], report["seconds"], max(0, report["peak"]))


def _signal_words(number: int) -> str:
    words = {
        signal.SIGKILL: ", which a machine sends when its memory runs out",
        signal.SIGXCPU: " after using too much processor time",
        signal.SIGSEGV: " (a crash in compiled code, or endless recursion)",
    }
    return f"killed by signal {number}{words.get(number, '')}"
