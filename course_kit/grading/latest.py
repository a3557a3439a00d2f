"""Which file counts where a student handed in two for one notebook: the last one, and both rows say so."""

from collections.abc import Mapping
from itertools import groupby

from course_kit.grading.at_a_glance import natural
from course_kit.grading.store import Store
from course_kit.grading.submissions import Submission


def known_beside(keyed: Mapping[str, Submission], store: Store) -> dict[str, dict]:
    """What is known of a submission without grading it, for ``Store.results``: when it came, and whether it counts."""
    more: dict[str, dict] = {}
    for key, submission in keyed.items():
        if submission.owner.platform:
            more[key] = {"owner": submission.owner}
    ordered = sorted(keyed, key=lambda key: keyed[key].student)
    for _, group in groupby(ordered, key=lambda key: keyed[key].student):
        keys = list(group)
        if len(keys) > 1:
            _look_for_copies(keys, keyed, store, more)
    return more


def _look_for_copies(keys: list[str], keyed: Mapping[str, Submission], store: Store, more: dict[str, dict]) -> None:
    of_notebook: dict[str, list[str]] = {}
    for key in keys:
        # A file of which no exercise is known has no number; it stands for itself.
        if (found := store.results([key], {})) and found[0].outcomes:
            of_notebook.setdefault(found[0].outcomes[0].exercise[1:3], []).append(key)
    for number, copies in of_notebook.items():
        if len(copies) > 1:
            *earlier, last = sorted(copies, key=lambda key: order(keyed[key]))
            for key in earlier:
                note = f"a later file for notebook {number} counts instead of this one: {keyed[last].path}"
                more.setdefault(key, {}).update(counts=False, notes=(note,))
            note = f"{len(copies)} files for notebook {number} were handed in: this one counts, the last"
            more.setdefault(last, {}).update(notes=(note,))


def order(submission: Submission) -> tuple:
    """By the time of handing in, else by that of the file, else by name: 08.ipynb, 08 (1).ipynb, 08 (2).ipynb."""
    stem, _, ending = submission.path.rpartition(".")
    return submission.owner.when or 0.0, submission.modified, natural(stem), ending
