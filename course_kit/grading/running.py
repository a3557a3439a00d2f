"""Grade many submissions side by side, keep each as it comes, and stop in a moment when asked to."""

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from course_kit.grading.results import SubmissionResult
from course_kit.grading.store import Store
from course_kit.grading.submissions import Submission


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Args:
        done, total: submissions, those included that needed no grading.
        reused: how many needed none.
        rate: float, submissions graded in a second.
        last: SubmissionResult of the one just graded, None at the start.
    """

    done: int
    total: int
    reused: int
    rate: float = 0.0
    last: SubmissionResult | None = None

    @property
    def seconds_left(self) -> float | None:
        """None as long as nothing is known."""
        return (self.total - self.done) / self.rate if self.rate else None


Report = Callable[[Progress], None]


def grade_all(
    judge, waiting: Iterable[tuple[str, Submission]], jobs: int, store: Store, state: Progress, report: Report
) -> bool:
    """Grade ``waiting``, pairs of a fingerprint and a submission, into ``store``. False when Ctrl-C ended it."""
    started, graded = time.monotonic(), 0
    running: dict[Future, str] = {}
    left = iter(waiting)
    pool = ThreadPoolExecutor(jobs)
    try:
        report(state)
        while True:
            # No more than these are in memory, however large the class.
            while len(running) < 2 * jobs and (item := next(left, None)):
                running[pool.submit(judge.grade, item[1])] = item[0]
            if not running:
                return True
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                key, result = running.pop(future), future.result()
                store.add(key, result)
                graded += 1
                rate = graded / (time.monotonic() - started)
                report(Progress(state.done + graded, state.total, state.reused, rate, result))
    except KeyboardInterrupt:
        return False
    finally:
        judge.stop()
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
