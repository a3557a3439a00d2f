"""Notebook 00: who is related to the project, and where the checker looks first."""

from collections.abc import Callable
from functools import partial
from itertools import combinations

import numpy as np

from course_kit.plots.ask import NothingToDraw, ask, figure_of
from course_kit.plots.show import OKABE_ITO, Shown, new_figure, show

BLUE, VERMILION = OKABE_ITO[4], OKABE_ITO[5]
ROLES = ("researcher", "developer", "poet")
SKILLS = ("ai_geek", "performer", "team_player")
X = np.array([[0.5, 1.5, -1.0], [2.0, -0.5, 1.0]])


@figure_of("E00.3")
def truth_table(related: Callable) -> Shown:
    """What the student's predicate says of each role with each set of skills."""
    sets = [list(s) for size in range(4) for s in combinations(SKILLS, size)]
    answers = np.array([[ask(partial(related, role, s), shapes=((),))[0] for s in sets] for role in ROLES]) != 0
    figure, ax = new_figure(width=8.4, height=3.0)
    ax.imshow(answers, cmap="Blues", vmin=0, vmax=2, aspect="auto")
    for (row, column), yes in np.ndenumerate(answers):
        ax.text(column, row, "yes" if yes else "no", ha="center", va="center")
    ax.set_yticks(range(3), ROLES)
    ax.set_xticks(range(8), ["\n".join(s) if s else "none" for s in sets], fontsize=8)
    ax.set_xlabel("skills")
    return show(
        figure,
        f"A table of three roles and eight sets of skills. Your predicate says yes {int(answers.sum())} times.",
        "Yes belongs into two places of the last column, where all three skills are: the researcher and the developer.",
    )


@figure_of("E00.4")
def first_wrong_place(wrong: Callable, first_wrong: Callable) -> Shown:
    """A wrong answer as the checker sees it, and the place that the student says it will name."""
    (y,) = ask(wrong, X.copy(), shapes=(X.shape,))
    (place,) = ask(first_wrong, X.copy(), shapes=((2,),))
    if not ((place >= 0) & (place < X.shape)).all():
        raise NothingToDraw(f"{tuple(int(k) for k in place)} is no place of a table of shape {X.shape}.")
    bad = y != 2 * X
    figure, ax = new_figure(width=6.4, height=2.6)
    ax.imshow(bad, cmap="Oranges", vmin=0, vmax=2, aspect="auto")
    for (row, column), value in np.ndenumerate(y):
        due = f"\ndue {2 * X[row, column]:g}" if bad[row, column] else ""
        ax.text(column, row, f"{value:g}{due}", ha="center", va="center")
    ax.plot(place[1], place[0], "o", markersize=56, fillstyle="none", color=BLUE, markeredgewidth=2)
    ax.set_xticks(range(3), ["[., 0]", "[., 1]", "[., 2]"])
    ax.set_yticks(range(2), ["[0, .]", "[1, .]"])
    return show(
        figure,
        f"A table of two rows and three columns, the answer of wrong(x). {int(bad.sum())} entries are shaded because "
        f"they are wrong. A ring marks row {int(place[0])}, column {int(place[1])}.",
        "Shaded: wrong entries. Ring: the one that you say the message will name; it must be the first shaded one, row "
        "by row.",
    )
