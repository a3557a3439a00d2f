"""One student's notebook in a worker; in a fresh one, without what ended the last, when that was lost."""

import threading
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import replace

from course_kit.checking.answer import Lost
from course_kit.grading.link import Worker, WorkerDied, WorkerTimeout
from course_kit.grading.notebooks import CodeCell
from course_kit.grading.reply import Fault, Reply
from course_kit.grading.server import ServerError, WorkerRefused, WorkerServer
from course_kit.grading.wire import WireError

MAX_LOST_CELLS = 3  # cells that end the process; each costs up to its whole time limit, and all others again
MAX_NOTES = 20
MAX_NOTE = 300
MAX_KEPT = 2000  # of notes, while cells run: what a worker says of itself may be of any length


class Stopped(BaseException):
    """The run was interrupted. No check may take it for an answer."""


class Session:
    """Runs ``cells`` when the first question comes, and again after a question that ended the worker.

    Args:
        server: WorkerServer that gives the workers.
        cells: what the notebook holds, in order.

    ``faults`` maps a cell's number to the error that it stopped with, ``lost`` to the sentence on how it ended the
    process; ``output`` is what the cells printed; ``cpu_seconds`` counts all workers up to now; ``machine`` says what
    the machine refused, if it did.
    """

    def __init__(self, server: WorkerServer, cells: Sequence[CodeCell]):
        self.cells = cells
        self.faults: dict[int, Fault] = {}
        self.lost: dict[int, str] = {}
        self.output = ""
        self.cpu_seconds = 0.0
        self.machine = ""
        self._server = server
        self._notes: dict[tuple[int, str], None] = {}
        self._seconds = 0.0
        self._worker: Worker | None = None
        self._stopped = threading.Event()

    def ask(self, message: dict, seconds: float) -> Reply:
        """Put one question to the notebook's names.

        Raises:
            Lost: no answer came; the sentence follows "forget_gate: ".
            Stopped: the run was interrupted.
        """
        return self._request(self._running_worker(), message, seconds)

    def start(self) -> None:
        """Run the cells now, so that their time is not taken for that of the first question."""
        with suppress(Lost):  # every question will be told
            self._running_worker()

    def notes(self, leave_out: Container[int] = ()) -> list[str]:
        """What happened while the cells ran, in their order; without the errors of the cells to leave out."""
        told = sorted((n for n in self._notes if n[0] in self.lost or n[0] not in leave_out), key=lambda n: n[0])
        found = [f"cell {number}: {text}" for number, text in told]
        return found if len(found) <= MAX_NOTES else [*found[:MAX_NOTES], f"and {len(found) - MAX_NOTES} notes more"]

    def stop(self) -> None:
        """End it from another thread."""
        self._stopped.set()
        if worker := self._worker:
            worker.dismiss()

    def close(self) -> None:
        """End the worker. What was found can still be read."""
        if self._worker:
            self._worker.close()
            self._seconds += self._worker.seconds
            self.cpu_seconds += self._worker.ended.cpu_seconds
            self._worker = None

    def _running_worker(self) -> Worker:
        while self._worker is None:
            if len(self.lost) >= MAX_LOST_CELLS:
                raise Lost(f"cells {', '.join(map(str, self.lost))} ended the process: no more was tried")
            if self._stopped.is_set():
                raise Stopped
            most = self._server.limits.cpu_seconds
            if self.cpu_seconds >= most:
                raise Lost(f"the {most:g} s of processor time for the whole notebook are used up")
            try:
                self._worker = self._server.spawn(most - self.cpu_seconds)
            except (ServerError, WorkerRefused) as error:
                self.machine = str(error)
                raise Lost(f"the grading machine could not start a process ({error})") from None
            self._run_cells(self._worker)
        return self._worker

    def _run_cells(self, worker: Worker) -> None:
        """Run the notebook. A cell that ends the process is left out the next time, and there is no worker now."""
        self.faults.clear()
        for cell in self.cells:
            if cell.number in self.lost:
                continue
            message = {"op": "cell", "source": cell.source, "number": cell.number}
            try:
                reply = self._request(worker, message, self._server.limits.cell_seconds)
            except Lost as lost:
                self.lost[cell.number] = f"{lost}; the other cells ran without it"
                self._note(cell.number, self.lost[cell.number])
                break
            for text in reply.notes[:MAX_NOTES]:
                self._note(cell.number, text)
            if reply.error:
                self.faults[cell.number] = short(reply.error)
                self._note(cell.number, _in_words(self.faults[cell.number]))
        self.output = self.output or worker.take_output()

    def _note(self, number: int, text: str) -> None:
        if len(self._notes) < MAX_KEPT:
            self._notes[number, text[:MAX_NOTE]] = None  # once, however often the cell runs

    def _request(self, worker: Worker, message: dict, seconds: float) -> Reply:
        total = self._server.limits.total_seconds
        left = total - self._seconds - worker.seconds
        try:
            if self._stopped.is_set():
                raise Stopped
            if left <= 0:
                raise WorkerTimeout
            return worker.request(message, min(seconds, left))
        except WorkerTimeout as error:
            reason = f"the {total:g} s for the whole notebook are used up" if seconds > left else str(error)
            sentence = f"{reason}: look for a loop that does not end"
        except WorkerDied as error:
            sentence = f"the process was {error}"
        except WireError as error:
            sentence = f"what came back was refused: {error}"
        self.close()
        if self._stopped.is_set():
            raise Stopped
        raise Lost(sentence)


def short(fault: Fault) -> Fault:
    """The same error without texts that no student reads to their end."""
    return replace(fault, type=fault.type[:100], message=fault.message[:500], source=fault.source[:200])


def _in_words(fault: Fault) -> str:
    if fault.type == "EOFError" and "input" in fault.source:
        return "input() has nobody to ask when the notebook is graded"
    place = f" (line {fault.line})" if fault.line else ""
    return " ".join(f"{fault.type}: {fault.message}{place}".split())
