"""The class is graded once in a test run, however many processes pytest-xdist has started."""

import fcntl
import json

import pytest

from tests.grading.conftest import can_shut_in  # noqa: F401, a fixture
from tests.hostile.run import run


@pytest.fixture(scope="session")
def graded(tmp_path_factory, can_shut_in):  # noqa: F811
    """What came out, and the folder in which the gradebook lies."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "popen-gw" in base.name else base
    folder = shared / "hostile"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other processes wait here
        if not (folder / "run.json").exists():
            (folder / "run.json").write_text(json.dumps(run(folder)))
    return json.loads((folder / "run.json").read_text()), folder / "grades"
