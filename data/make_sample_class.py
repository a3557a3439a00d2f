"""Make data/sample_class: eight submissions of notebook 08, as a class hands them in.

    python data/make_sample_class.py        writes data/sample_class/<student>/08_lstm_gate_by_gate.ipynb

Each is the student edition with stubs answered from the source's solution cells, and then one thing that happens in
every class. Run it again after a change of notebooks/src/08_lstm_gate_by_gate.py; a test compares the bytes.
"""

from pathlib import Path

import nbformat

from course_kit.authoring.source import SOURCES, edition, read, text

SOURCE = SOURCES / "08_lstm_gate_by_gate.py"
OUT = Path(__file__).resolve().parent / "sample_class"
DELETED, STUB = "deleted", "stub"  # what may stand for an answer, beside replacements in the solution's text
ALL = tuple(f"E08.{number}" for number in range(1, 10))

FAKE = """

import json

print("E08.1 Forget gate: right")
print(json.dumps({"score": 9, "max_score": 9, "state": "right"}))
with open("gradebook.csv", "w") as file:
    file.write("student,notebook,exercise,state,points,max\\nmaple,08_lstm_gate_by_gate,E08.1,right,9,9\\n")
"""

# For each student: what stands in the place of some answers. A list holds replacements (old, new) in the solution.
CLASS = {
    # everything right
    "alder": {},
    # partly right: a tanh forgotten, a closed question wrong, two exercises left
    "birch": {
        "E08.4": [("o, o * np.tanh(c)", "o, o * c")],
        "E08.7": [('("i", "W_f", "W_i")', '("f", "W_f", "W_i")')],
        "E08.8": STUB,
        "E08.9": STUB,
    },
    # an endless loop: k never grows
    "cedar": {"E08.8": [("    for k in range(f.shape[1]):", "    k = 0\n    while k < f.shape[1]:")]},
    # an error at import, in the cell of an answer
    "elm": {"E08.2": [("def input_gate", "from lstmtools import gates\n\n\ndef input_gate")]},
    # a cell deleted
    "hazel": {"E08.3": DELETED},
    # a syntax error
    "linden": {"E08.1": [("h @ U_f + b_f)", "h @ U_f + b_f")]},
    # nothing done, and a score printed
    "maple": {**dict.fromkeys(ALL, STUB), "E08.1": [("return sigmoid(x @ W_f + h @ U_f + b_f)", "return None" + FAKE)]},
    # 128 GiB of memory, at once: how long it takes to fill some is the machine's affair
    "rowan": {
        "E08.6": [("def to_pair", "everything = np.ones((2**17, 2**17))\n\n\ndef to_pair")],
    },
}


def submission(changes: dict) -> str:
    """The text of a notebook file: every exercise answered, but for ``changes``."""
    solutions = {c.exercise: c.source for c in read(SOURCE) if "solution" in c.tags and c.kind == "code"}
    notebook = edition(SOURCE, solved=False)
    kept = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        id = next((tag for tag in tags if tag in solutions), None)
        change = changes.get(id, [])
        if "stub" not in tags or change == STUB:
            kept.append(cell)
        elif change != DELETED:
            cell.source = replaced(solutions[id], change)
            kept.append(cell)
    notebook.cells = kept
    nbformat.validate(notebook)
    return text(notebook)


def replaced(source: str, pairs: list[tuple[str, str]]) -> str:
    """``source`` with every old text, each of which must stand in it once, replaced by its new one."""
    for old, new in pairs:
        if source.count(old) != 1:
            raise ValueError(f"{old!r} must stand once in the solution: the notebook's source has changed")
        source = source.replace(old, new)
    return source


def sample_class() -> dict[str, str]:
    """Maps each file's path below ``OUT`` to its text."""
    return {f"{student}/{SOURCE.stem}.ipynb": submission(changes) for student, changes in CLASS.items()}


def main() -> None:
    for name, content in sample_class().items():
        (OUT / name).parent.mkdir(parents=True, exist_ok=True)
        (OUT / name).write_text(content, encoding="utf-8")
        print(f"wrote {OUT.name}/{name}")


if __name__ == "__main__":
    main()
