"""Run notebooks as Jupyter does, several at a time, and say what their checks answered."""

import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat

# One notebook, one thread: two notebooks on two cores are then faster than one after the other.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
OUTCOME = re.compile(r"<Outcome (E\d\d\.\d+) ([a-z ]+)>")


@dataclass(frozen=True)
class Executed:
    """What came of running one notebook.

    ``states`` maps each checked exercise to the state that its check answered; ``failure`` is empty or a sentence.
    """

    path: Path
    seconds: float
    cells: int
    states: dict[str, str]
    failure: str = ""


def execute(path: Path, limit: float = 120.0) -> tuple[Executed, nbformat.NotebookNode]:
    """Run one notebook in its own kernel.

    Args:
        path: the notebook; it is not changed.
        limit: float, seconds that one cell may take.

    Returns:
        Executed, and the notebook with its outputs.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)
    started = time.perf_counter()
    failure = ""
    client = NotebookClient(
        notebook,
        timeout=limit,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        # The kernel warns that its connection on this machine's own loopback is not encrypted.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    try:
        client.execute(env={**os.environ, **ENVIRONMENT})
    except CellExecutionError as error:
        failure = f"{error.ename}: {error.evalue}"
    except (CellTimeoutError, DeadKernelError) as error:
        failure = str(error).splitlines()[0]
    seconds = time.perf_counter() - started
    code = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    done = [c for c in code if c.execution_count is not None]
    if not failure and len(done) != len(code):
        failure = f"{len(code) - len(done)} of {len(code)} code cells did not run"
    return Executed(path, seconds, len(done), _states(done), failure), notebook


def execute_all(
    paths: list[Path],
    jobs: int = 2,
    limit: float = 120.0,
    save: Callable[[Path], Path | None] = lambda path: None,
) -> Iterator[Executed]:
    """Run notebooks ``jobs`` at a time and give each result as it comes.

    ``save`` says where the executed notebook is written, or None for nowhere.
    """

    def one(path: Path) -> Executed:
        executed, notebook = execute(path, limit)
        target = save(path)
        if target is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, target)
        return executed

    with ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(one, path) for path in paths]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _states(cells) -> dict[str, str]:
    found = {}
    for cell in cells:
        for output in cell.outputs:
            text = output.get("data", {}).get("text/plain", "")
            found.update(OUTCOME.findall("".join(text)))
    return found
