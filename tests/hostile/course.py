"""The class: every hostile case and the victims among them, written into a folder.

python -m tests.hostile.course DIR        writes the submissions into DIR
"""

import sys
from dataclasses import replace
from pathlib import Path

from tests.grading_front.conftest import GATE, RIGHT, SETUP, notebook
from tests.hostile import answering, archiving, broken, eating, ending, markup, naming, patching, reading, writing
from tests.hostile.case import CANARY, Case, text

FAMILIES = {
    "ends": ending,
    "eats": eating,
    "answers": answering,
    "patches": patching,
    "reads": reading,
    "writes": writing,
    "files": broken,
    "names": naming,
    "archives": archiving,
    "markup": markup,
}


def _cases() -> dict[str, Case]:
    found = {}
    for family, module in FAMILIES.items():
        for case in module.CASES:
            name = case.name if case.student else f"{family}-{case.name}"
            assert name not in found, name
            found[name] = replace(case, name=name, student=case.student or name, family=family)
    return found


CASES = _cases()
# Slow but legal: an import of three seconds, half a second a call.
SLOW_IMPORT = f"{SETUP}\nimport time\ntime.sleep(3)"
SLOW_CALL = GATE.replace("    return", "    import time; time.sleep(0.5)\n    return")
BUSY_CALL = GATE.replace(
    "    return", "    until = time.process_time() + 0.2\n    while time.process_time() < until: pass\n    return"
)
VICTIMS = {
    "victim-0": (notebook([f"secret = {CANARY!r}", *RIGHT]), "RRR"),
    "victim-1": (notebook(gate=GATE.replace(" + b", "")), "WRR"),
    "victim-2": (notebook(misprint="misprint = 'f'"), "RWR"),
    "victim-3-slow": (notebook(setup=SLOW_IMPORT, gate=SLOW_CALL), "RRR"),
    "victim-4-busy": (notebook(setup=f"import time\n{SETUP}", gate=BUSY_CALL), "RRR"),
    "ends-c-victim": (notebook(), "RRR"),  # the class is graded in the order of names
    "eats-n-victim": (notebook(setup=f"import time\n{SETUP}", gate=BUSY_CALL), "RRR"),
    "ends-burns-victim": (notebook(setup=f"import time\n{SETUP}", gate=BUSY_CALL), "RRR"),
    "files-m-victim": (notebook(double="Double = None"), "RRN"),
}


def write_class(folder: Path, out: Path, port: int, families: tuple[str, ...] = ()) -> None:
    """Write the victims and all submissions, or those of some families.

    ``out`` is where the gradebook will lie and ``port`` where a server listens.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (content, _) in VICTIMS.items():
        text(content)(folder, name)
    for case in CASES.values():
        if not families or case.family in families:
            case.make(folder, case.name)
    known = {"@FOLDER@": folder, "@OUT@": out, "@PORT@": port}
    for path in folder.glob("reads-*/*.ipynb"), folder.glob("writes-*/*.ipynb"):
        for file in path:
            content = file.read_text(encoding="utf-8")
            for key, value in known.items():
                content = content.replace(key, str(value))
            file.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write_class(Path(sys.argv[1]), Path(sys.argv[1]).with_suffix(".out"), port=9)
    print(f"{len(CASES)} hostile submissions and {len(VICTIMS)} victims in {sys.argv[1]}")
