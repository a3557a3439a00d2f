"""Classes to report on: records as the judge makes them, without a judge."""

import random

from course_kit.checking import Message, Outcome, State
from course_kit.grading.class_result import ClassResult
from course_kit.grading.report import feedback_name, write_report
from course_kit.grading.results import SubmissionResult

EXERCISES = {
    "E08.1": ("Forget gate", ("values",)),
    "E08.2": ("Input gate and candidate", ("input gate", "candidate")),
    "E08.3": ("Cell state", ("values", "inputs left alone")),
    "E08.4": ("Output", ("output gate", "hidden state")),
    "E08.5": ("The whole cell, in Keras order", ("values", "seven steps", "masked row")),
    "E08.6": ("[h,x] or W,U", ("from slide to Keras", "back")),
    "E08.7": ("Find the misprint", ("line",)),
    "E08.8": ("The conveyor is linear", ("values",)),
    "E08.9": ("Watch the gates", ("gates", "names")),
}
WRONG = {
    "E08.1": Message(
        "f differs in 6 of 6 entries", "0.412734", "0.518077", "[0, 0]", 0.187, 1e-12, "the bias b_f is missing"
    ),
    "E08.2": Message("c_tilde differs in 5 of 6 entries", "0.70412", "0.4082", "[0, 1]", 0.71, 1e-12),
    "E08.3": Message("update_cell changed its argument 2 in place: the caller's arrays must stay as they were."),
    "E08.4": Message(
        "o differs in 6 of 6 entries",
        "0.301229",
        "0.335102",
        "[0, 0]",
        0.0912,
        1e-12,
        "your output gate looks at the old cell state",
    ),
    "E08.5": Message("the stacked kernel has shape (20, 3), and (3, 20) is due.", known="the array is transposed"),
    "E08.6": Message("U is a list, and an array is due: return numpy.array(...) of it."),
    "E08.7": Message("the line of the misprint is not right.", "'c'"),
    "E08.8": Message("dc_T/dc_0 holds NaN (not a number) at [0, 2]: look for an overflow."),
    "E08.9": Message("gates lacks the entries o."),
}
ERROR = Message("NameError in line 3 of {}: `return sigmoid(z) * c`: name 'sigmoid' is not defined")
UNTOUCHED = Message("{} returned None: replace the stub's last line, or add the missing return.")
CELL = '''def answer_{number}(x, h, W, U, b):
    """{title}: x (N, m), h (N, n) -> (N, n)."""
    a = x @ W + h @ U
    if (a < 0).any() & True:
        a = a + b
    return 1 / (1 + np.exp(-a))'''
NAMES = """
adamczyk ahmadi baranov bianchi castro dubois eriksen fischer gupta hansen ivanova jansen kowalska lehtonen moreau
nguyen novak okafor orlova petrov quispe rossi sato silva tanaka ueda virtanen wojcik yilmaz zhang
""".split()  # noqa: SIM905  thirty strings are read better without their quotes
NUMBERS = ("0.412734", "0.518077", "[0, 0]", "0.187", "1e-12")


def outcome(id: str, state: State, **fields) -> Outcome:
    """What the judge says of an exercise in ``state``; ``fields`` replace the record's own."""
    title, cases = EXERCISES[id]
    name = f"answer_{id[-1]}"
    texts = {
        State.RIGHT: None,
        State.WRONG: WRONG[id],
        State.COULD_NOT_RUN: Message(ERROR.sentence.format(name)),
        State.NOT_ATTEMPTED: Message(UNTOUCHED.sentence.format(name)),
    }
    states = dict.fromkeys(cases[:-1], State.RIGHT) | {cases[-1]: state} if state is State.WRONG else {cases[0]: state}
    if state is State.RIGHT:
        states = dict.fromkeys(cases, state)
    values = {
        "exercise": id,
        "title": title,
        "state": state,
        "points": 1 if state is State.RIGHT else 0,
        "max_points": 1,
        "message": texts[state],
        "hint": "Look at which terms are added before the logistic function." if state is State.WRONG else "",
        "cases": states,
        "case_messages": {case: "0.412734 of another case" for case, s in states.items() if s is not State.RIGHT},
        "not_looked_at": tuple(case for case in cases if case not in states),
        "seconds": 0.01,
    }
    return Outcome(**(values | fields))


def submission(student: str, states: dict[str, State], **fields) -> SubmissionResult:
    """A student's notebook 08 with those states; ``fields`` replace the record's own."""
    values = {
        "student": student,
        "notebook": "08_lstm_gate_by_gate",
        "path": f"{student}/08_lstm_gate_by_gate.ipynb",
        "outcomes": tuple(outcome(id, state) for id, state in states.items()),
        "cells": {id: CELL.format(number=id[-1], title=EXERCISES[id][0]) for id in states},
        "seconds": 0.14,
    }
    return SubmissionResult(**(values | fields))


def run_over(*submissions: SubmissionResult, **fields) -> ClassResult:
    """A run over those submissions; ``fields`` replace the record's own."""
    values = {
        "submissions": submissions,
        "seed": 987654321,
        "isolation": "own namespaces, own user, no network, limits, system-call filter",
        "started": "2026-03-02T14:05:09+01:00",
        "seconds": 41.3,
    }
    return ClassResult(**(values | fields))


def class_of(count: int, **fields) -> ClassResult:
    """``count`` students of every ability, always the same ones."""
    deal = random.Random(8)
    submissions = []
    for k in range(count):
        ability = deal.random() ** 0.5
        weights = [ability, 0.45 * (1 - ability), 0.2 * (1 - ability), 0.5 * (1 - ability)]
        kinds = [State.RIGHT, State.WRONG, State.COULD_NOT_RUN, State.NOT_ATTEMPTED]
        states = {id: deal.choices(kinds, weights)[0] for id in EXERCISES}
        name = NAMES[k % len(NAMES)] + (f"{k // len(NAMES)}" if k >= len(NAMES) else "")
        submissions.append(submission(name, states, seconds=round(deal.gammavariate(4, 0.035), 3)))
    return run_over(*sorted(submissions, key=lambda s: s.student), **fields)


def index_of(tmp_path, result, **options) -> str:
    return write_report(result, tmp_path / "out", **options).read_text(encoding="utf-8")


def feedback_of(tmp_path, *submissions, terse=False, **run) -> str:
    """The page of the first submission's student."""
    write_report(run_over(*submissions, **run), tmp_path / "out", terse)
    return (tmp_path / "out" / "feedback" / feedback_name(submissions[0].student)).read_text(encoding="utf-8")
