"""Notebook 00: which slides lead to which notebook, and the formulas of five documents in one notation."""

from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np

from course_kit.plots.ask import NothingToDraw, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show

INVENTORY = Path(__file__).resolve().parents[1] / "exercises" / "slides.yaml"
BLUE, VERMILION = OKABE_ITO[4], OKABE_ITO[5]
DOCUMENTS = ("D1", "D2", "D3", "D4", "D5")
COLUMN_OF = {"approximation": 4, "zoo": 16, "regularisation": 17, "validation": 18, "translation": 20}


@cache
def slide_counts() -> tuple[tuple[str, ...], np.ndarray]:
    """The notebooks' names, and how many slides (document, notebook) of each document lead to each of them."""
    import yaml

    data = yaml.load(INVENTORY.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    names = tuple(Path(n["file"]).stem for n in data["notebooks"])
    found = Counter((s["document"], s["notebook"]) for s in data["slides"])
    return names, np.array([[found[d, n] for n in names] for d in DOCUMENTS])


def _matrix(labels, height: float):
    """The map: a row a document, a column a notebook, numbers of slides in the squares."""
    names, counts = slide_counts()
    figure, ax = new_figure(width=9.6, height=height)
    ax.imshow(np.sqrt(counts), cmap="Blues", vmin=0, vmax=5.5, aspect="auto")
    for (row, column), count in np.ndenumerate(counts):
        if count:
            ax.text(column, row, str(count), ha="center", va="center", fontsize=9)
    ax.set_xticks(range(len(names)), [n.replace("_", " ", 1).replace("_", " ") for n in names], rotation=90, fontsize=8)
    ax.set_yticks(range(len(labels)), labels, fontsize=9)
    ax.set_xticks(np.arange(-0.5, len(names)), minor=True)
    ax.set_yticks(np.arange(-0.5, len(labels)), minor=True)
    ax.grid(which="minor", color="white", linewidth=1)
    ax.tick_params(which="both", length=0)
    return figure, ax


def slides_to_notebooks() -> Shown:
    """The course at a glance."""
    names, counts = slide_counts()
    figure, _ = _matrix(DOCUMENTS, 3.9)
    rows = "; ".join(
        f"{document} to " + ", ".join(f"{names[k][:2]} ({counts[row, k]})" for k in np.flatnonzero(counts[row]))
        for row, document in enumerate(DOCUMENTS)
    )
    return show(
        figure,
        f"A table of five documents and {len(names)} notebooks; each entry is the number of slides. {rows}.",
        f"The map of the course: {counts.sum()} slides of five documents, and the notebook that each is treated in.",
    )


@figure_of("E00.1")
def course_map(answer: dict | None) -> Shown:
    """The map with the student's entries at the rows and a ring where each document's own topic is said to be."""
    if answer is None:
        raise NothingToDraw("")
    try:
        labels = [f"{d}: {answer[d]['lecturer']}, {answer[d]['date']}, {answer[d]['language']}" for d in DOCUMENTS]
        columns = [COLUMN_OF[answer[d]["topic"]] for d in DOCUMENTS]
    except (KeyError, TypeError) as error:
        raise NothingToDraw(f"course_map cannot be read at {error}.") from error
    _, counts = slide_counts()
    figure, ax = _matrix(labels, 4.0)
    alone = [counts[row, k] > 0 and (counts[:, k] > 0).sum() == 1 for row, k in enumerate(columns)]
    for row, (column, fits) in enumerate(zip(columns, alone, strict=True)):
        ax.plot(
            column, row, "o", markersize=19, fillstyle="none", color="black" if fits else VERMILION, markeredgewidth=2
        )
    return show(
        figure,
        "The map of slides and notebooks with your entries at its rows and a ring in each row. "
        f"{sum(alone)} of 5 rings lie on the only filled square of their column.",
        "Your entries, and a ring at each document's own topic. A ring belongs on a square that is the only one in its "
        "column.",
    )


LETTERS = {"c_tilde": r"\tilde{c}", "1 - z": "(1-z)"}
# Slide, as printed, the family, and the symbols that the student names: input matrix, recurrent matrix, gate or share.
PRINTED = (
    ("D1.7", r"h_k = \sigma_h(U x_k + W h_{k-1} + b_h)", "simple", ("U", "W", "k")),
    ("D2.8", r"h_t = \sigma_h(W_h x_t + U_h h_{t-1} + b_h)", "simple", ("W_h", "U_h", None)),
    ("D4.10", r"h_t = f_h(V x_t + W h_{t-1} + b_h)", "simple", ("V", "W", None)),
    ("D1.18", r"\tilde{c}_k = \tanh(W_c x_k + U_c h_{k-1} + b_c)", "candidate", ("W_f", "U_f", "c~")),
    ("D2.14", r"\tilde{C}_t = \tanh(W_C [h_{t-1}, x_t] + b_C)", "candidate", ("W_f", None, "C~")),
    ("D3.18", r"u_t = \tanh(W^{(u)} x_t + U^{(u)} h_{t-1} + b^{(u)})", "candidate", ("W", "U", "u")),
    ("D4.33", r"g_t = \tilde{f}(V_g x_t + W_g h_{t-1} + b_g)", "candidate", ("V", "W", "g")),
    ("D5.10", r"\tilde{C}_t = \tanh(W_C [h_{t-1}, x_t] + b_C)", "candidate", ("W_f", None, "C~")),
    ("D1.23", r"h_k = (1-z_k) h_{k-1} + z_k \tilde{h}_k", "written", "z"),
    ("D4.44", r"h_t = (1-u_t) g_t + u_t h_{t-1}", "kept", "u"),
)
DUE = {
    "simple": r"h_t = \tanh(x_t W + h_{t-1} U + b_h)",
    "candidate": r"\tilde{c}_t = \tanh(x_t W_{c} + h_{t-1} U_{c} + b_{c})",
    "written": r"h_t = z\,h_{t-1} + (1-z)\,\tilde{c}_t",
    "kept": r"h_t = z\,h_{t-1} + (1-z)\,\tilde{c}_t",
}


def translated(family: str, symbols, names: dict[str, str]) -> str:
    """A printed formula, written down again with the student's names."""
    if family in ("written", "kept"):
        share = LETTERS.get(names[symbols], names[symbols])
        other = "z" if share == "(1-z)" else f"(1-{share})"
        kept, written = (share, other) if family == "kept" else (other, share)
        return rf"h_t = {kept}\,h_{{t-1}} + {written}\,\tilde{{c}}_t"
    W, U, last = symbols
    A, B = (names[W], names[U]) if U else reversed(names[W].strip("[]").split("; "))
    if family == "simple":
        t = names[last] if last else "t"
        return rf"h_{t} = \tanh(x_{t} {A} + h_{{{t}-1}} {B} + b_h)"
    gate = names[last]
    index = "c" if gate == "c_tilde" else gate.replace(" ", "")
    return rf"{LETTERS.get(gate, gate)}_t = \tanh(x_t {A}_{{{index}}} + h_{{t-1}} {B}_{{{index}}} + b_{{{index}}})"


@figure_of("E00.2")
def five_notations(rename: dict | None) -> Shown:
    """Formulas as printed, and read with the student's names; what is not the kit's formula stands out."""
    if rename is None:
        raise NothingToDraw("")
    try:
        right = [translated(family, symbols, rename[slide[:2]]) for slide, _, family, symbols in PRINTED]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NothingToDraw(f"rename cannot be read at {error}.") from error
    figure, ax = new_figure(width=9.6, height=4.7)
    ax.set(xlim=(0, 10), ylim=(11.2, -1.1))
    ax.axis("off")
    ax.text(0.1, -0.6, "slide")
    ax.text(1.1, -0.6, "as printed")
    ax.text(5.4, -0.6, "with your names, rows as examples")
    y, odd, before = 0.0, [], "simple"
    for (slide, printed, family, _), formula in zip(PRINTED, right, strict=True):
        y += 1.0 if family == before or before == "written" else 1.5
        before = family
        fits = formula == DUE[family]
        ax.text(0.1, y - 0.6, slide, va="center", fontsize=9)
        ax.text(1.1, y - 0.6, f"${printed}$", va="center")
        ax.text(5.4, y - 0.6, f"${formula}$", va="center", color="black" if fits else VERMILION)
        if not fits:
            odd.append(slide)
            ax.text(9.9, y - 0.6, "differs", va="center", ha="right", color=VERMILION)
    told = f"On the right these differ from the kit's formula: {', '.join(odd)}." if odd else "On the right all agree."
    return show(
        figure,
        "Three groups of formulas: the simple network on three slides, the candidate of an LSTM on five, the update of "
        f"a GRU on two. Left as printed, right read with your names. {told}",
        "One formula in many notations. Within each group the right-hand sides must all be the same.",
    )
