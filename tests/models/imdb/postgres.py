"""A PostgreSQL server of the test's own: made in a folder, asked through a socket in it, gone afterwards."""

import getpass
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "postgres"  # the server refuses to run as root; this account comes with it


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, which Debian does not put on the path."""
    found = []
    if config := shutil.which("pg_config"):
        found.append(Path(subprocess.run([config, "--bindir"], capture_output=True, text=True).stdout.strip()))
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if ctl := shutil.which("pg_ctl"):
        found.append(Path(ctl).parent)
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@contextmanager
def server():
    """The URL of an empty database. Where the gate runs it must be there, elsewhere the test is left out."""
    binaries = programs()
    if binaries is None and "CI" not in os.environ:
        pytest.skip("no PostgreSQL on this machine (Debian: apt-get install postgresql)")
    assert binaries, "PostgreSQL is needed here: apt-get install postgresql"
    root = os.geteuid() == 0
    as_user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if root else []
    owner = USER if root else getpass.getuser()
    # a socket's path has at most 107 letters: pytest's own folders are too deep
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        home = Path(folder)
        if root:
            shutil.chown(home, USER, USER)

        def call(program: str, *arguments: str) -> None:
            command = [*as_user, str(binaries / program), *arguments]
            # the server would keep a pipe open
            with (home.parent / f"{home.name}.log").open("w+") as log:
                code = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, cwd=home).returncode
                log.seek(0)
                assert code == 0, log.read()

        try:
            call("initdb", "-D", f"{home}/data", "-A", "trust", "-U", owner, "-E", "UTF8", "--no-sync")
            options = f"-k {home} -c listen_addresses= -c fsync=off"
            call("pg_ctl", "-D", f"{home}/data", "-l", f"{home}/log", "-o", options, "-w", "start")
            try:
                yield f"postgresql+psycopg://{owner}@/postgres?host={home}"
            finally:
                call("pg_ctl", "-D", f"{home}/data", "-m", "immediate", "-w", "stop")
        finally:
            (home.parent / f"{home.name}.log").unlink(missing_ok=True)
