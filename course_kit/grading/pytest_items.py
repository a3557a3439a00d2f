"""The items of ``pytest --submissions DIR``: ``student::notebook::exercise::case``.

A notebook is graded once, when its first item runs, all cases of all its exercises to the end; each item reads its
own case from that. The workers' template starts with the first item, so that collecting costs nothing.
"""

import secrets
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from course_kit.checking import Exercise, State, notebook_exercises
from course_kit.grading.config import ConfigError, read_limits
from course_kit.grading.files import Unreadable
from course_kit.grading.judge import SEED_BITS, Judge, refusal
from course_kit.grading.notebooks import NotANotebook, read_notebook, which_notebook
from course_kit.grading.results import SubmissionResult
from course_kit.grading.server import ServerError, WorkerRefused, WorkerServer
from course_kit.grading.submissions import NoSubmissions, Submission, find_submissions


class NotRight(Exception):
    """A case that is not right; the text is all that is shown."""


def register(config: pytest.Config) -> None:
    """Add the collectors, and the folder to what is collected; it is the only thing if no path was named."""
    given = config.getoption("--submissions")
    folder = Path(config.invocation_params.dir, given).resolve()
    if not folder.exists():
        raise pytest.UsageError(f"--submissions {given}: there is no such folder")
    seed = config.option.kit_seed
    if seed is not None and seed < 0:
        raise pytest.UsageError(f"--kit-seed must be a whole number of at least 0. Got {seed}.")
    if seed is None:
        seed = getattr(config, "workerinput", {}).get("kit_seed", secrets.randbits(SEED_BITS))
    named = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
    ids = [text for text in named if _is_id(text, config)]
    config.args[:] = [*(text for text in named if text not in ids), str(folder)]
    ids = getattr(config, "workerinput", {}).get("kit_ids", ids)
    config.pluginmanager.register(Collecting(config, folder, seed, ids), "course kit submissions")


def _is_id(text: str, config: pytest.Config) -> bool:
    """Whether an argument is an item's id, as pytest prints it: "ada::08_lstm::E08.1::values", or its beginning."""
    path, colons, _ = text.partition("::")
    return bool(colons) and not Path(config.invocation_params.dir, path).exists()


class Collecting:
    """What pytest calls while ``--submissions`` is on; it keeps the one worker server of the session."""

    def __init__(self, config: pytest.Config, folder: Path, seed: int, ids: list[str]):
        self.config, self.folder, self.seed, self.ids = config, folder, seed, ids
        self.isolation = ""
        self._server: WorkerServer | None = None
        self._judge: Judge | None = None

    def judge(self) -> Judge:
        if self._judge is None:
            try:
                limits = read_limits(self.config.option.kit_config)
            except ConfigError as error:
                pytest.exit(str(error), returncode=2)
            self._server = WorkerServer(
                limits=limits, sandbox=self.config.option.kit_sandbox, hide=[self.folder]
            ).__enter__()
            try:
                # Nothing of a student runs unless the machine can shut it in, or the user asked for no sandbox.
                trial = self._server.spawn()
            except WorkerRefused as error:
                pytest.exit(refusal(error, "--kit-sandbox"), returncode=2)
            except ServerError as error:
                pytest.exit(f"no submission could be run: {error}", returncode=2)
            trial.close()
            self.isolation = trial.isolation
            self._judge = Judge(self._server, self.seed)
        return self._judge

    def pytest_report_header(self) -> str:
        return f"submissions: {self.folder}, kit seed {self.seed}"

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node) -> None:
        """A process of pytest-xdist deals the numbers that this one would."""
        node.workerinput |= {"kit_seed": self.seed, "kit_ids": self.ids}

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log):
        """One process has all items of a student, unless another distribution was asked for: a notebook runs once."""
        if config.getoption("dist") != "load":
            return None
        from xdist.scheduler import LoadFileScheduling

        return LoadFileScheduling(config, log)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node) -> None:
        self.isolation = getattr(node, "workeroutput", {}).get("kit_isolation") or self.isolation

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["kit_isolation"] = self.isolation

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Of the submissions only those that were asked for by their id; other tests are no concern of ours."""
        if not self.ids:
            return
        ours = {item.nodeid for item in items if isinstance(item, Item)}
        for id in self.ids:
            if not any(_within(nodeid, id) for nodeid in ours):
                raise pytest.UsageError(f"not found among the submissions: {id}")
        left = [i for i in items if i.nodeid in ours and not any(_within(i.nodeid, id) for id in self.ids)]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]

    def pytest_terminal_summary(self, terminalreporter) -> None:
        if self.isolation:
            terminalreporter.line(f"submissions ran under isolation: {self.isolation}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> "ClassFolder | None":
        return ClassFolder.from_parent(parent, path=path, collecting=self) if path == self.folder else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> "ClassFile | None":
        return ClassFile.from_parent(parent, path=file_path, collecting=self) if file_path == self.folder else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """The folder is collected wherever it lies, also in a ``build/`` that pytest passes over."""
        return False if collection_path in (self.folder, *self.folder.parents) else None

    def pytest_unconfigure(self) -> None:
        if self._server:
            self._server.close()


def _within(nodeid: str, id: str) -> bool:
    return nodeid == id or nodeid.startswith(f"{id}::")


class Class(pytest.Collector):
    """Everybody's submissions."""

    def __init__(self, *, collecting: Collecting, **kwargs):
        super().__init__(**kwargs)
        self.collecting = collecting

    def collect(self):
        try:
            submissions = find_submissions(self.path)
        except NoSubmissions as error:
            raise self.CollectError(str(error)) from None
        names = Counter((s.student, s.notebook) for s in submissions)
        for submission in submissions:
            notebook = submission.notebook or PurePosixPath(submission.path).name
            if names[submission.student, submission.notebook] > 1:
                notebook = submission.path.partition("/")[2]
            name = f"{submission.student}::{notebook}"
            # A node's id is usually its path; here it says whose work it is.
            yield Notebook.from_parent(self, path=submission.file, name=name, nodeid=name, submission=submission)


class ClassFolder(Class, pytest.Directory):
    """The folder with everybody's submissions."""


class ClassFile(Class, pytest.File):
    """A platform's download of them."""


class Notebook(pytest.File):
    """One notebook of one student."""

    def __init__(self, *, submission: Submission, **kwargs):
        super().__init__(**kwargs)
        self.submission = submission
        self._result: SubmissionResult | None = None

    def result(self) -> SubmissionResult:
        """The notebook's result; the first call grades it."""
        if self._result is None:
            self._result = self.parent.collecting.judge().grade(self.submission)
        return self._result

    def collect(self):
        try:
            notebook = read_notebook(self.submission.read(), self.submission.percent)
        except (Unreadable, NotANotebook) as error:
            yield Unread.from_parent(self, name="readable", sentence=str(error))
            return
        number, note = which_notebook(self.submission.notebook, notebook)
        if number is None:
            yield Unread.from_parent(self, name="recognised", sentence=note)
            return
        for exercise in notebook_exercises(number):
            for case in exercise.cases:
                name = f"{exercise.id}::{case.name}"
                id = f"{self.nodeid}::{name}"
                yield CaseItem.from_parent(self, name=name, nodeid=id, exercise=exercise, case=case.name)


class Item(pytest.Item):
    """An item whose failure is a sentence, not a traceback of ours."""

    def repr_failure(self, excinfo, style=None):
        if isinstance(excinfo.value, NotRight):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        # Where this is the end of the id, pytest -v prints colons for its dots, and E99.1 becomes E99::1.
        return self.path, None, f"{self.nodeid} "


class CaseItem(Item):
    """One case of one exercise."""

    def __init__(self, *, exercise: Exercise, case: str, **kwargs):
        super().__init__(**kwargs)
        self.exercise, self.case = exercise, case

    def runtest(self) -> None:
        result = self.parent.result()
        outcome = next((o for o in result.outcomes if o.exercise == self.exercise.id), None)
        if outcome is None:
            raise NotRight("; ".join(result.notes))
        if self.case not in outcome.cases:
            pytest.skip(f"not looked at, since the process was lost: {outcome.message.sentence}")
        state = outcome.cases[self.case]
        if result.notes:
            self.add_report_section("call", "notes", "\n".join(result.notes))
        if state is not State.RIGHT:
            heading = f"{self.exercise.id} {self.exercise.title}, {self.case}: {state}"
            raise NotRight(f"{heading}\n{outcome.case_messages[self.case]}")


class Unread(Item):
    """Stands for a submission of which nothing can be graded."""

    def __init__(self, *, sentence: str, **kwargs):
        super().__init__(**kwargs)
        self.sentence = sentence

    def runtest(self) -> None:
        raise NotRight(self.sentence)
