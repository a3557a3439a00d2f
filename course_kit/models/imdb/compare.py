"""The table of all models on one corpus: each row trained with each seed, every finished run kept, nothing run twice.

    table = compare(imdb.load("aclImdb_v1.tar.gz"), Path("table"))
    print(table_markdown(table))

In the folder: ``table.json``, ``table.md``, and for each run ``runs/ROW-SEED/`` with ``run.json`` and the probabilities
of the test reviews, from which the table is computed. A run is used again as long as the row's ``what`` and the reviews
are the same. While it trains, ``state/`` in there holds what it goes on from after a kill.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

from course_kit.datasets.imdb import Corpus, Reviews
from course_kit.models.imdb.rows import Row, Run, all_rows, chosen_rows
from course_kit.models.imdb.runs.files import RunError, alone, read_json, replacing, write_bytes, write_json
from course_kit.models.imdb.table import MADE_UP, summary, table_markdown

SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Job:
    """One run that is due."""

    row: Row
    seed: int
    folder: Path

    def __str__(self) -> str:
        return f"{self.row.name}, seed {self.seed}" if self.row.seeds else self.row.name


def compare(
    corpus: Corpus,
    out: Path,
    names: Sequence[str] = (),
    seeds: Sequence[int] = SEEDS,
    say: Callable[[str], None] = print,
) -> dict:
    """Train what is not there yet, and write the table of all runs in the folder.

    On made-up reviews (the kit's corpus) every row runs in short.

    Args:
        out: folder of results; a second call goes on there.
        names: of rows; all if empty.
        seeds: for the rows that have chance in them; the others run once.
        say: gets a line on each run.

    Returns:
        dict, the table as in ``table.json``: see `table.summary`.

    Raises:
        UnknownRow: if a name is no row's.
        RunError: if the folder holds runs on other reviews, another process works there, or a row gives no
            probabilities.
        OSError: if the folder cannot be written.
    """
    rows = _rows(corpus)
    chosen = {row.name for row in chosen_rows(names)}
    reviews = fingerprint(corpus)
    jobs = [job for row in rows if row.name in chosen for job in _jobs(row, seeds, out)]
    with alone(out):
        _require_same(out, reviews)
        for number, job in enumerate(jobs, start=1):
            if _done(job, reviews):
                say(f"{number}/{len(jobs)} {job}: done before")
                continue
            say(f"{number}/{len(jobs)} {job}: {job.row.what}")
            kept = _train(job, corpus, reviews)
            say(f"{number}/{len(jobs)} {job}: F1 {kept['f1']:.4f}, {kept['seconds']:.0f} s of training")
            _write_table(out, rows, corpus, reviews)
        return _write_table(out, rows, corpus, reviews)


def fingerprint(corpus: Corpus) -> str:
    """SHA-256 of all texts and labels."""
    digest = hashlib.sha256()
    for half in (corpus.train, corpus.test):
        digest.update(half.labels.astype(np.int8).tobytes())
        for text in half.texts:
            digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _rows(corpus: Corpus) -> list[Row]:
    short = corpus.source.startswith(MADE_UP)
    return [row.short() if short else row for row in all_rows().values()]


def _jobs(row: Row, seeds: Sequence[int], out: Path) -> list[Job]:
    if not row.seeds:
        return [Job(row, 0, out / "runs" / row.name)]
    return [Job(row, seed, out / "runs" / f"{row.name}-{seed}") for seed in seeds]


def _identity(job: Job, reviews: str) -> dict:
    return {"row": job.row.name, "what": job.row.what, "seed": job.seed, "reviews": reviews}


def _require_same(out: Path, reviews: str) -> None:
    for path in (out / "runs").glob("*/started.json"):
        if read_json(path).get("reviews") != reviews:
            raise RunError(
                f"{out} must hold runs on the same reviews. {path.parent} is on others: name another folder."
            )


def _done(job: Job, reviews: str) -> bool:
    kept = read_json(job.folder / "run.json")
    return kept is not None and _identity(job, reviews).items() <= kept.items()


def _train(job: Job, corpus: Corpus, reviews: str) -> dict:
    identity = _identity(job, reviews)
    if read_json(job.folder / "started.json") != identity and job.folder.exists():
        shutil.rmtree(job.folder)  # the row has changed
    job.folder.mkdir(parents=True, exist_ok=True)
    write_json(job.folder / "started.json", identity)
    resumed, before = (job.folder / "state").exists(), time.process_time()
    run = job.row.run(corpus.train, corpus.test.texts, job.seed, job.folder / "state")
    scores = _scores(job, run, corpus.test)
    kept = {
        **identity,
        "source": corpus.source,
        **scores,
        "threshold": run.threshold,
        "parameters": run.parameters,
        "stored": run.stored,
        "seconds": run.seconds,
        # of all threads, predictions included; what a killed run had used is lost with it
        "processor_seconds": None if resumed else time.process_time() - before,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": os.getloadavg()[0],
        "notes": run.notes,
    }
    with replacing(job.folder / "probabilities.npy") as part:
        np.save(part, run.probabilities.astype(np.float32), allow_pickle=False)
    write_json(job.folder / "run.json", kept)
    shutil.rmtree(job.folder / "state", ignore_errors=True)
    return kept


def _scores(job: Job, run: Run, test: Reviews) -> dict:
    obtained = np.asarray(run.probabilities, dtype=np.float32)  # as they are kept, so that the score can be redone
    if obtained.shape != (len(test),) or not np.isfinite(obtained).all():
        what = f"shape {obtained.shape}" if obtained.shape != (len(test),) else "a NaN or an infinity"
        raise RunError(f"{job} must give {len(test):,} probabilities. Got {what}.")
    chosen = obtained >= run.threshold
    return {
        "f1": float(f1_score(test.labels, chosen, zero_division=0)),
        "accuracy": float(accuracy_score(test.labels, chosen)),
    }


def _write_table(out: Path, rows: Sequence[Row], corpus: Corpus, reviews: str) -> dict:
    found = [read_json(path) for path in sorted((out / "runs").glob("*/run.json"))]
    table = summary(corpus.source, [(row.name, row.what) for row in rows], found)
    write_json(out / "table.json", table)
    write_bytes(out / "table.md", table_markdown(table).encode())
    return table
