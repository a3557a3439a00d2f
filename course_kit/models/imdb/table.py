"""The table of a comparison as numbers and as Markdown. Knows no model."""

from collections.abc import Sequence

import numpy as np

MADE_UP = "NOT IMDB"  # how the `source` of the kit's own corpus begins


def summary(source: str, rows: Sequence[tuple[str, str]], runs: Sequence[dict]) -> dict:
    """What the runs say, a row of the table each; a row without a run is left out.

    Args:
        source: what the reviews are, `Corpus.source`.
        rows: name and description of each row, in the order of the table.
        runs: each with row, what, seed, f1, accuracy, parameters, stored, seconds, processor_seconds (None if it was
            killed between), cores. Those of another description are left out.

    Returns:
        dict: source, and rows: name, what, seeds, f1 and accuracy of each seed, f1_mean, f1_spread (sample standard
        deviation; None for one run), accuracy_mean, parameters, stored, seconds of each seed, seconds_mean,
        processor_seconds_mean (of the runs that have it; None if none has), cores.
    """
    made = []
    for name, what in rows:
        mine = sorted((r for r in runs if (r["row"], r["what"]) == (name, what)), key=lambda r: r["seed"])
        if not mine:
            continue
        f1, accuracy, seconds = ([run[key] for run in mine] for key in ("f1", "accuracy", "seconds"))
        whole = [run["processor_seconds"] for run in mine if run.get("processor_seconds") is not None]
        made.append(
            {
                "name": name,
                "what": what,
                "seeds": [run["seed"] for run in mine],
                "f1": f1,
                "f1_mean": float(np.mean(f1)),
                "f1_spread": float(np.std(f1, ddof=1)) if len(f1) > 1 else None,
                "accuracy": accuracy,
                "accuracy_mean": float(np.mean(accuracy)),
                "parameters": mine[0]["parameters"],
                "stored": mine[0]["stored"],
                "seconds": seconds,
                "seconds_mean": float(np.mean(seconds)),
                "processor_seconds_mean": float(np.mean(whole)) if whole else None,
                "cores": mine[0]["cores"],
            }
        )
    return {"source": source, "rows": made}


def table_markdown(table: dict) -> str:
    """The table of a `table.json`, with a line above that says of which reviews it is.

    >>> row = {"name": "a", "what": "coin", "seeds": [0, 1], "f1_mean": 0.5, "f1_spread": 0.25, "accuracy_mean": 0.5,
    ...        "parameters": 1000, "stored": 1000, "seconds_mean": 59.6, "processor_seconds_mean": 90.2, "cores": 2}
    >>> print(table_markdown({"source": "IMDB: two reviews.", "rows": [row]}).splitlines()[-3])
    | `a` | coin | 0.5000 ± 0.2500 | 0.5000 | 1,000 | 1,000 | 60 | 90 |
    """
    lines = [
        table["source"],
        "",
        "| row | model | F1 | accuracy | trained parameters | stored numbers | training, s | processor s |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in table["rows"]:
        what = row["what"].replace("|", "\\|")
        processor = "" if row["processor_seconds_mean"] is None else f"{row['processor_seconds_mean']:.0f}"
        numbers = (f1_text(row), f"{row['accuracy_mean']:.4f}", f"{row['parameters']:,}", f"{row['stored']:,}")
        lines.append(f"| `{row['name']}` | {what} | {' | '.join(numbers)} | {row['seconds_mean']:.0f} | {processor} |")
    return "\n".join([*lines, "", footnote(table), ""])


def f1_text(row: dict) -> str:
    """The mean, and the spread where there are several runs."""
    spread = "" if row["f1_spread"] is None else f" ± {row['f1_spread']:.4f}"
    return f"{row['f1_mean']:.4f}{spread}"


def footnote(table: dict) -> str:
    """What ± means, and where the seconds were measured."""
    several = sorted({tuple(row["seeds"]) for row in table["rows"] if len(row["seeds"]) > 1})
    seeds = " or ".join(", ".join(map(str, s)) for s in several)
    spread = f"mean ± sample standard deviation over the seeds {seeds}; " if several else ""
    short = "The nets trained in short, as these reviews are few. " if table["source"].startswith(MADE_UP) else ""
    cores = " or ".join(map(str, sorted({row["cores"] for row in table["rows"]})))
    return (
        f"{short}F1 and accuracy on the test reviews, which no choice has seen: {spread}threshold fixed before. "
        f"Training, s: wall time of one training with its preparation, on {cores or 'no'} core{'s' * (cores != '1')}, "
        "which other work on the machine makes longer; processor s: of all threads, predictions included."
    )
