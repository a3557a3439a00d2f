"""Templates that end, orders that repeat, a judge that was held up: what happens between judge and worker over time."""

import os
import signal
import time

import pytest

from course_kit.grading import link, server
from course_kit.grading.server import ServerError, WorkerServer

from .conftest import SMALL

pytestmark = pytest.mark.usefixtures("can_shut_in")


def test_template_that_ends_at_every_fork_is_not_started_without_end(monkeypatch):
    """Three ends in a row and no worker between them: one sentence, from then on at once."""
    started = []
    monkeypatch.setattr(server, "_Template", lambda preload: started.append(1) or Dying(preload))
    with WorkerServer(preload=("a_module",)) as running:
        for _ in range(5):
            with pytest.raises(ServerError, match="the worker template ended 3 times in a row: out of memory"):
                running.spawn()
    assert len(started) == server.MOST_FAILURES


class Dying:
    """A template that starts and ends as soon as it is to fork."""

    def __init__(self, preload):
        self.process = None

    def wait_until_ready(self):
        pass

    def fork(self, order, descriptors):
        raise BrokenPipeError("out of memory")

    def close(self):
        pass


def test_worker_between_two_ends_of_a_template_starts_the_count_anew():
    """A machine that kills one now and then is no machine that kills all."""
    with WorkerServer(SMALL, preload=()) as running:
        for _ in range(server.MOST_FAILURES + 1):
            os.kill(running._template.process.pid, signal.SIGKILL)
            running._template.process.wait()
            running.spawn().close()


def test_sets_of_texts_have_one_order_in_all_workers():
    """So that a submission graded twice is graded the same; of the judge's own order no worker knows."""
    found = set()
    for _ in range(2):
        with WorkerServer(SMALL, preload=()) as running:
            worker = running.spawn()
            worker.cell("x = [*{'one', 'two', 'three', 'four', 'five', 'six', 'seven'}]", 1)
            found.add(tuple(worker.value("x").value))
    assert len(found) == 1


def test_answer_that_came_while_the_judge_was_held_up_counts(worker):
    """Another thread may hold the interpreter for longer than a call has: the answer lies in the socket meanwhile."""
    worker.cell("def f(): return 7", 1)

    def held_up(frame, until):
        worker._channel.send(frame)
        while not link.readable(worker._channel):
            time.sleep(0.01)
        return link.Worker._exchange(worker, b"", time.monotonic() - 1)

    worker._exchange = held_up
    assert worker.call("f", deadline=0.001).value == 7
