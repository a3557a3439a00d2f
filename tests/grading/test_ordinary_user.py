"""The promises of the sandbox for one who is not root: the same tests, run by another user."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.mark.skipif(os.geteuid() != 0, reason="not root: every test of the sandbox already runs as an ordinary user")
@pytest.mark.parametrize(
    ("module", "masked"),
    [
        ("test_sandbox.py", False),
        ("test_template.py", False),
        ("test_fairness.py", False),
        ("test_sandbox.py", True),
        ("test_template.py", True),
    ],
)
def test_every_promise_holds_for_an_ordinary_user(module, masked):
    """None may fail, and none may be left out but the one on root's groups; also with a container's masked /proc."""
    finished = subprocess.run(
        [sys.executable, HERE / "ordinary_user.py", *["--masked-proc"] * masked]
        + [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", HERE / module],
        capture_output=True,
        text=True,
        cwd=HERE.parents[1],
        timeout=240,
    )
    assert finished.returncode == 0, finished.stdout[-4000:] + finished.stderr[-2000:]
    left_out = re.findall(r"(\d+) (?:skipped|xfailed|deselected)", finished.stdout)
    assert left_out == (["1"] if module == "test_sandbox.py" else []), finished.stdout[-300:]
