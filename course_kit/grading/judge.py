"""Grade one submission, or a class: read, run, ask, compare, and go on whatever a submission does."""

import os
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from course_kit.checking import Exercise, Message, Outcome, State, notebook_exercises, run
from course_kit.grading import isolation
from course_kit.grading.answer import RemoteAnswer
from course_kit.grading.files import Unreadable
from course_kit.grading.gradebook import write_gradebook
from course_kit.grading.notebooks import (
    NotANotebook,
    answer_cells,
    cells_that_show,
    notes_on_names,
    read_notebook,
    which_notebook,
)
from course_kit.grading.report import write_report
from course_kit.grading.results import ClassResult, SubmissionResult
from course_kit.grading.server import WorkerServer
from course_kit.grading.session import Session, Stopped
from course_kit.grading.submissions import NoSubmissions, Submission, find_submissions

MACHINE = "the grading machine failed, not the student: grade this one again"
MOST_LETTERS = 2000  # of one sentence in a message

Progress = Callable[[int, int, SubmissionResult | None], None]


def grade_class(
    folder: Path,
    out: Path,
    seed: int | None = None,
    jobs: int | None = None,
    sandbox: str = "auto",
    progress: Progress = lambda done, total, last: None,
) -> ClassResult:
    """Grade every submission in ``folder`` and write gradebook and report into ``out``.

    Args:
        folder: Path, holds a folder or a zip for each student.
        out: Path, made if need be.
        seed: int, deals the inputs; None draws one.
        jobs: int, how many submissions at a time; None means one for each core.
        sandbox: "auto", or "none" to run students' code without any protection.
        progress: called with the number of submissions done, of all, and the last one's result.

    Returns:
        ClassResult; the same seed gives the same outcomes, in whatever order and number of jobs. Ctrl-C ends it
        early with what is finished.

    Raises:
        NoSubmissions, ServerError, WorkerRefused: before anything of a student was run.
    """
    started, clock = datetime.now().astimezone().isoformat(timespec="seconds"), time.perf_counter()
    if Path(out).resolve().is_relative_to(Path(folder).resolve()):
        raise NoSubmissions(
            f"{out} lies in the folder that is graded, where it would be taken for a student: put it elsewhere"
        )
    submissions = find_submissions(folder)
    seed = secrets.randbelow(2**31) if seed is None else seed
    with WorkerServer(sandbox=sandbox, hide=(folder, out)) as server:
        trial = server.spawn()
        trial.close()
        Path(out).mkdir(parents=True, exist_ok=True)
        results, complete = grade_all(Judge(server, seed), submissions, jobs or cores(), progress)
    result = ClassResult(
        submissions=tuple(results),
        seed=seed,
        isolation=trial.isolation,
        started=started,
        seconds=time.perf_counter() - clock,
        complete=complete,
    )
    write_gradebook(result, out)
    write_report(result, out)
    return result


def refusal(error: Exception, option: str) -> str:
    """What to tell one whose machine cannot shut a submission in; ``option`` asks for no sandbox."""
    advice = isolation.ADVICE.replace("--sandbox", option)
    return f"nothing was run, since this machine refuses a part of the sandbox: {error}. {advice}"


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def grade_all(
    judge: "Judge", submissions: list[Submission], jobs: int, progress: Progress
) -> tuple[list[SubmissionResult], bool]:
    """Results in the order of ``submissions``, and whether all are there."""
    progress(0, len(submissions), None)
    done: dict[int, SubmissionResult] = {}
    pool = ThreadPoolExecutor(jobs)
    futures = {pool.submit(judge.grade, submission): place for place, submission in enumerate(submissions)}
    try:
        for future in as_completed(futures):
            done[futures[future]] = future.result()
            progress(len(done), len(submissions), future.result())
        complete = True
    except KeyboardInterrupt:
        complete = False
    finally:
        judge.stop()
        pool.shutdown(cancel_futures=True)
    return [done[place] for place in sorted(done)], complete


class Judge:
    """Grades submissions with one server and one seed; may be used from several threads."""

    def __init__(self, server: WorkerServer, seed: int):
        self.server, self.seed = server, seed
        self._sessions: set[Session] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def grade(self, submission: Submission) -> SubmissionResult:
        """Never raises for anything that a submission does. Raises ``Stopped`` when the run was interrupted."""
        started, cpu = time.perf_counter(), time.thread_time()
        found = {"student": submission.student, "notebook": submission.notebook, "path": submission.path}
        try:
            found |= self._judged(submission)
        except Exception as error:
            # Ours to mend; the class goes on, and the row says that it is not the student's.
            found |= {"outcomes": (), "notes": (f"{MACHINE}: {type(error).__name__}: {error}",)}
        workers = found.pop("cpu_seconds", 0.0)
        seconds = {"seconds": time.perf_counter() - started, "cpu_seconds": time.thread_time() - cpu + workers}
        return SubmissionResult(**found, **seconds)

    def _judged(self, submission: Submission) -> dict:
        """What is found out about a submission, by the names of ``SubmissionResult``."""
        notes, notebook = [], None
        try:
            notebook = read_notebook(submission.read())
        except (Unreadable, NotANotebook) as error:
            notes.append(str(error))
        number, note = which_notebook(submission.notebook, notebook)
        if note and submission.notebook:
            notes.append(note)
        exercises = notebook_exercises(number) if number else ()
        if notebook is None:
            return {"outcomes": tuple(_unread(e, notes[0]) for e in exercises), "notes": tuple(notes)}
        if not exercises:
            return {"outcomes": (), "notes": tuple(notes)}
        session = Session(self.server, notebook.cells)
        outcomes = self._outcomes(session, exercises)
        quiet = cells_that_show(exercises, notebook.cells)
        if session.machine:
            notes.append(f"{MACHINE}: {session.machine}")
        return {
            "outcomes": tuple(outcomes),
            "notes": (*notes, *session.notes(quiet), *notes_on_names(exercises, notebook)),
            "cells": {e.id: cells for e in exercises if (cells := answer_cells(e, notebook))},
            "output": session.output,
            "cpu_seconds": session.cpu_seconds,
        }

    def stop(self) -> None:
        """End what is running, from another thread."""
        with self._lock:
            self._stopped = True
            for session in self._sessions:
                session.stop()

    def _outcomes(self, session: Session, exercises: tuple[Exercise, ...]) -> list[Outcome]:
        with self._lock:
            if self._stopped:
                raise Stopped
            self._sessions.add(session)
        try:
            session.start()
            return [_clipped(run(e, RemoteAnswer(session, e.limit), self.seed, to_the_end=True)) for e in exercises]
        finally:
            session.close()
            with self._lock:
                self._sessions.discard(session)


def _clipped(outcome: Outcome) -> Outcome:
    """The same outcome with no text longer than a page: an answer may be a dict of a hundred thousand keys."""
    texts = {name: text[:MOST_LETTERS] for name, text in outcome.case_messages.items()}
    message = outcome.message
    if message:
        told = {name: v[:MOST_LETTERS] if isinstance(v, str) else v for name, v in vars(message).items()}
        message = Message(**told)
    return replace(outcome, message=message, case_messages=texts)


def _unread(exercise: Exercise, sentence: str) -> Outcome:
    """The outcome of an exercise whose notebook could not be read."""
    return Outcome(
        exercise=exercise.id,
        title=exercise.title,
        state=State.COULD_NOT_RUN,
        points=0,
        max_points=exercise.points,
        message=Message(sentence),
        not_looked_at=tuple(case.name for case in exercise.cases),
    )
