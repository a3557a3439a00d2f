"""Grade one submission, or a class: read, run, ask, compare, and go on whatever a submission does."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from course_kit.checking import Exercise, Message, Outcome, State, notebook_exercises, run
from course_kit.grading import isolation
from course_kit.grading.answer import RemoteAnswer
from course_kit.grading.class_result import ClassResult
from course_kit.grading.cluster import ClusterJudge
from course_kit.grading.exports import write_exports
from course_kit.grading.files import Unreadable, printable
from course_kit.grading.fingerprint import fingerprint
from course_kit.grading.gradebook import write_gradebook
from course_kit.grading.latest import known_beside
from course_kit.grading.limits import CALL_SECONDS, Limits
from course_kit.grading.marks import Marks
from course_kit.grading.notebooks import (
    NotANotebook,
    answer_cells,
    cells_that_show,
    notes_on_names,
    read_notebook,
    which_notebook,
)
from course_kit.grading.report import write_report
from course_kit.grading.results import SubmissionResult
from course_kit.grading.running import Progress, Report, cores, grade_all
from course_kit.grading.server import WorkerServer
from course_kit.grading.session import Session, Stopped
from course_kit.grading.store import Store
from course_kit.grading.submissions import NoSubmissions, Submission, find_submissions

MACHINE = "the grading machine failed, not the student: grade this one again"
MOST_LETTERS = 2000  # of one sentence in a message
# Nobody guesses a seed of so many bits from the numbers that it deals, and a float holds it, as JSON's readers do.
SEED_BITS = 53


def grade_class(
    folder: Path,
    out: Path,
    seed: int | None = None,
    jobs: int | None = None,
    sandbox: str = "auto",
    progress: Report = lambda state: None,
    limits: Limits | None = None,
    terse: bool = False,
    resume: bool = False,
    marks: Marks | None = None,
    title: str = "course-kit",
    cluster: str | None = None,
) -> ClassResult:
    """Grade every submission in ``folder`` and write gradebook and report into ``out``.

    A submission is graded again only if it, what judges it, the seed or the limits changed since the last run.

    Args:
        folder: Path, holds a folder or a zip for each student; or a learning platform's download, packed or unpacked.
        out: Path, made if need be.
        seed: int, deals the inputs; None draws one.
        jobs: int, how many submissions at a time; None means one for each core.
        sandbox: "auto", or "none" to run students' code without any protection.
        progress: called with a ``Progress`` at the start and after each submission.
        limits: Limits of each submission.
        terse: True leaves numbers out of the students' feedback, and the texts of their code's errors everywhere.
        resume: True goes on with the seed of the last run into ``out``, if there was one.
        marks: Marks, what people and the clock add to the judge's points.
        title: str, the assignment's name in Canvas.
        cluster: str, address of a Dask scheduler whose workers grade; None grades on this machine.

    Returns:
        ClassResult; the same seed gives the same outcomes, in whatever order and number of jobs. Ctrl-C ends it
        early with what is finished.

    Raises:
        NoSubmissions, ServerError, WorkerRefused, InUse, ClusterError: before anything of a student was run.
    """
    started, clock = datetime.now().astimezone().isoformat(timespec="seconds"), time.perf_counter()
    if Path(out).resolve().is_relative_to(Path(folder).resolve()):
        raise NoSubmissions(
            f"{out} lies in the folder that is graded, where it would be taken for a student: put it elsewhere"
        )
    submissions = find_submissions(folder)
    limits = limits or Limits()
    with Store(out) as store:
        if resume and store.seed is not None:
            seed = store.seed
        seed = secrets.randbits(SEED_BITS) if seed is None else seed
        about = {"seed": seed, "limits": limits.as_dict(), "sandbox": sandbox, "terse": terse}
        keyed = {fingerprint(submission, about): submission for submission in submissions}
        waiting = [key for key in keyed if seed != store.seed or key not in store]
        complete = True
        if waiting:
            with _judge(cluster, seed, limits, sandbox, (folder, out), terse) as (judge, protection, most):
                if protection != store.isolation:
                    waiting = list(keyed)  # what ran under another protection is not told apart in a report
                store.begin(seed, protection)
                reused = len(keyed) - len(waiting)
                state = Progress(done=reused, total=len(keyed), reused=reused)
                work = ((key, keyed[key]) for key in waiting)
                complete = grade_all(judge, work, jobs or most, store, state, progress)
        else:
            progress(Progress(done=len(keyed), total=len(keyed), reused=len(keyed)))
        results = store.results(keyed, known_beside(keyed, store))
        result = ClassResult(
            submissions=results,
            seed=seed,
            isolation=store.isolation,
            started=started,
            seconds=time.perf_counter() - clock,
            complete=complete,
            reused=len(keyed) - len(waiting),
            marks=marks or Marks(),
        )
        write_all(result, out, terse, title)
        if complete:
            store.keep(keyed)
    return result


@contextmanager
def _judge(
    cluster: str | None, seed: int, limits: Limits, sandbox: str, hide: tuple[Path, ...], terse: bool
) -> Iterator[tuple["Judge | ClusterJudge", str, int]]:
    """A judge here or on a cluster, what protects its workers, and how many submissions it takes at a time."""
    if cluster:
        with ClusterJudge(cluster, seed, limits, sandbox, hide, terse) as judge:
            yield judge, judge.isolation, judge.jobs
        return
    with WorkerServer(limits=limits, sandbox=sandbox, hide=hide) as server:
        trial = server.spawn()
        trial.close()
        yield Judge(server, seed, terse), trial.isolation, cores()


def write_all(result: ClassResult, out: Path, terse: bool, title: str) -> None:
    """Gradebook, pages and exports of a run, each file put in place when it is whole."""
    write_gradebook(result, out)
    write_report(result, out, terse)
    write_exports(result, out, terse, title)


def refusal(error: Exception, option: str) -> str:
    """What to tell one whose machine cannot shut a submission in; ``option`` asks for no sandbox."""
    advice = isolation.ADVICE.replace("--sandbox", option)
    return f"nothing was run, since this machine refuses a part of the sandbox: {error}. {advice}"


class Judge:
    """Grades submissions with one server and one seed; may be used from several threads.

    ``terse`` leaves out the texts of errors that students' code met with inputs of ours: they may hold those.
    """

    def __init__(self, server: WorkerServer, seed: int, terse: bool = False):
        self.server, self.seed, self.terse = server, seed, terse
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
            sentence = f"{MACHINE}: {type(error).__name__}: {error}"
            found |= {"outcomes": (), "notes": (printable(sentence[:MOST_LETTERS]),), "machine": True}
        workers = found.pop("cpu_seconds", 0.0)
        seconds = {"seconds": time.perf_counter() - started, "cpu_seconds": time.thread_time() - cpu + workers}
        return SubmissionResult(**found, **seconds)

    def _judged(self, submission: Submission) -> dict:
        """What is found out about a submission, by the names of ``SubmissionResult``."""
        notes, notebook = [], None
        try:
            notebook = read_notebook(submission.read(), submission.percent)
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
        notes += [*map(printable, session.notes(quiet)), *notes_on_names(exercises, notebook)]
        return {
            "outcomes": tuple(outcomes),
            "notes": tuple(notes),
            "machine": bool(session.machine),
            "cells": {e.id: cells for e in exercises if (cells := answer_cells(e, notebook))},
            "output": "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in session.output),
            "cpu_seconds": session.cpu_seconds,
        }

    def _outcome(self, session: Session, exercise: Exercise) -> Outcome:
        # An exercise's limit is its author's, on a machine for which the defaults are right.
        seconds = exercise.limit * self.server.limits.call_seconds / CALL_SECONDS
        answer = RemoteAnswer(session, seconds, self.terse)
        return run(exercise, answer, self.seed, to_the_end=True, told=told)

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
            return [self._outcome(session, exercise) for exercise in exercises]
        finally:
            session.close()
            with self._lock:
                self._sessions.discard(session)


def told(message: Message) -> Message:
    """The message as it may stand in a gradebook and on a terminal: no text longer than a page (an answer may be a
    dict of a hundred thousand keys), and nothing unprintable."""
    texts = {name: text for name, text in vars(message).items() if isinstance(text, str)}
    texts = {name: printable(text[:MOST_LETTERS])[:MOST_LETTERS] for name, text in texts.items()}
    return replace(message, **texts)


def _unread(exercise: Exercise, sentence: str) -> Outcome:
    """The outcome of an exercise whose notebook could not be read."""
    return Outcome(
        exercise=exercise.id,
        title=exercise.title,
        state=State.COULD_NOT_RUN,
        points=0,
        max_points=exercise.max_points,
        message=Message(sentence),
        not_looked_at=tuple(case.name for case in exercise.cases),
    )
