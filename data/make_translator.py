"""Make data/translator.keras and data/responder.keras: the trained networks of notebook 20.

    python data/make_translator.py              both, with what they have learned printed; goes on after a kill
    python data/make_translator.py responder    one of them

Minutes on two cores. The seeds are fixed, but sums of many threads round differently from run to run, and the files
carry their date: so a new file has another SHA-256, which then belongs into course_kit/models/translator/translating.py
and data/README.md.
"""

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

from course_kit.quiet import quiet_tensorflow

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> None:
    """Train, save, evaluate."""
    quiet_tensorflow()
    from course_kit.models.translator import evaluation, talking, training, translating
    from course_kit.models.translator.writing import Writer

    for name, teach, plan in (
        ("translator", training.train, training.Plan()),
        ("responder", talking.train, talking.Plan()),
    ):
        if names and name not in names:
            continue
        began, work, out = time.perf_counter(), HERE / f"{name}.work", HERE / f"{name}.keras"
        model = teach(plan, work, say)
        say(f"{name}: trained in {time.perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f}")
        translating.save(model, out)
        shutil.rmtree(work, ignore_errors=True)
        say(f"{out.name}: {out.stat().st_size} bytes, SHA-256 {hashlib.sha256(out.read_bytes()).hexdigest()}")
        if name == "translator":
            evaluation.evaluate(model, say=say)
        else:
            for way, shares in talking.memory_test(Writer(model)).items():
                say(f"fact given back, state {way}: " + ", ".join(f"{k} turns {v:.3f}" for k, v in shares.items()))


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
