"""A finished run, trained once for all tests that look at one."""

import shutil

import pytest

from tests.models.imdb import postgres
from tests.models.imdb.commands import TINY, imdb


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory):
    """Folder and output of a training of two epochs on the kit's corpus. Copy it before you change it."""
    folder = tmp_path_factory.mktemp("imdb") / "run"
    code, printed = imdb("train", "--out", folder, "--epochs", 2, *TINY)
    assert code == 0, printed
    return folder, printed


@pytest.fixture
def run(finished_run, tmp_path):
    """A copy of the finished run."""
    return shutil.copytree(finished_run[0], tmp_path / "run")


@pytest.fixture(scope="session")
def database():
    """The URL of a real PostgreSQL database."""
    with postgres.server() as url:
        yield url
