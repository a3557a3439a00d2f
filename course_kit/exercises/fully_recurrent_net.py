"""Notebook 02, every node hears every node: E02.8. ``e02_from_regression_to_recurrence`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, expect, require
from course_kit.reference.activations import sigmoid
from course_kit.reference.fully_recurrent import fully_recurrent_forward, fully_recurrent_step

NODES, TICKS = 4, 6

E02_8 = Exercise(
    "E02.8",
    "Fully recurrent network",
    slides=("D1.4", "D2.4"),
    names=("tick", "run", "roles"),
    hints=(
        "All nodes look at the same old activations, and then all change at once. The signals go to the input nodes "
        "only: put them into an array of zeros, one column a node.",
        "u = np.zeros(s.shape); u[:, inputs] = x; the new s is sigmoid(s @ U + b + u). run keeps each new s and "
        "stacks on axis 1.",
    ),
)


def deal(draw, signals: int = 2, ticks: int = TICKS):
    """s_0 (2, 4), x (2, T, p), U, b, inputs: the last of the input nodes comes first."""
    inputs = sorted((int(k) for k in draw.rng.permutation(NODES)[:signals]), reverse=True)
    return (
        draw.uniform(0, 1, 2, NODES),
        draw.normal(2, ticks, signals),
        draw.normal(NODES, NODES),
        draw.normal(NODES),
        inputs,
    )


def one_by_one(s, x, U, b, inputs):
    """A tick in which each node already hears the new activations of the nodes before it."""
    s = s.copy()
    u = np.zeros_like(s)
    u[:, inputs] = x
    for k in range(NODES):
        s[:, k] = sigmoid(s @ U[:, k] + b[k] + u[:, k])
    return s


def wrong_ticks(s, x, U, b, inputs) -> dict:
    """The next s of known wrong forms."""
    new = fully_recurrent_step(s, x, U, b, inputs)
    late = np.zeros_like(s)
    late[:, inputs] = x
    others = np.zeros_like(s)
    others[:, sorted(inputs)] = x
    return {
        "U is transposed: U[j, k] leads from node j to node k": fully_recurrent_step(s, x, U.T, b, inputs),
        "the nodes changed one after the other; all must hear the old activations": one_by_one(s, x, U, b, inputs),
        "the bias is missing": fully_recurrent_step(s, x, U, 0 * b, inputs),
        "the signals are missing": fully_recurrent_step(s, 0 * x, U, b, inputs),
        "the signals were added behind the logistic function; they belong inside": sigmoid(s @ U + b) + late,
        "every node got the sum of the signals; only the input nodes hear them": sigmoid(
            s @ U + b + x.sum(axis=1, keepdims=True)
        ),
        "the signals went to the input nodes in order of their numbers; x[:, k] is for node inputs[k]": sigmoid(
            s @ U + b + others
        ),
        "tanh stands in the place of the logistic function": np.tanh(s @ U + b + late),
        "the logistic function is missing": s @ U + b + late,
        "the old activations were added to the new ones": s + new,
        "the nodes do not hear themselves here; U[k, k] counts, too": fully_recurrent_step(
            s, x, U - np.diag(np.diag(U)), b, inputs
        ),
    }


@E02_8.case("one tick")
def _(answer, draw):
    s, x, U, b, inputs = deal(draw)
    expect(
        answer.tick(s, x[:, 0], U, b, list(inputs)),
        fully_recurrent_step(s, x[:, 0], U, b, inputs),
        "s after a tick",
        known=wrong_ticks(s, x[:, 0], U, b, inputs),
    )


def ticks_of(step, s, x, *rest):
    kept = []
    for t in range(x.shape[1]):
        s = step(s, x[:, t], *rest)
        kept.append(s)
    return np.stack(kept, axis=1)


@E02_8.case("six ticks", hint="Each tick begins with the activations that the tick before left. Keep a list of them.")
def _(answer, draw):
    for signals in (1, 2):
        s_0, x, *rest = deck = deal(draw, signals)
        s = fully_recurrent_forward(*deck)
        alone = np.stack([fully_recurrent_step(s_0, x[:, t], *rest) for t in range(TICKS)], axis=1)
        expect(
            answer.run(s_0, x, *rest[:2], list(rest[2])),
            s,
            "s after each tick",
            known={
                "every tick started from s_0: hand the new s on": alone,
                "s_0 stands in front and the last tick is missing": np.concatenate([s_0[:, None], s[:, :-1]], axis=1),
                "s_0 stands in front: the activations after each tick are due": np.concatenate(
                    [s_0[:, None], s], axis=1
                ),
                "only the last tick came back, and all are due": s[:, -1],
                "time is on the first axis, and the batch belongs there": s.swapaxes(0, 1),
                "the nodes changed one after the other; all must hear the old activations": ticks_of(
                    one_by_one, s_0, x, *rest
                ),
                "every tick heard the first signal": ticks_of(
                    fully_recurrent_step, s_0, np.repeat(x[:, :1], TICKS, axis=1), *rest
                ),
            },
        )


@E02_8.case("the roles of the nodes", hint="A node that neither hears the world nor is read by it is hidden.")
def _(answer, draw):
    for n in (4, 7):
        order = [int(k) for k in draw.rng.permutation(n)]
        inputs, outputs = order[: n // 3], order[n // 3 : n // 3 + 2]
        obtained = answer.roles(n, list(inputs), list(outputs))
        right = ["input" if k in inputs else "output" if k in outputs else "hidden" for k in range(n)]
        require(
            isinstance(obtained, list | tuple) and all(isinstance(r, str) for r in obtained),
            "roles must return a list of texts, one a node.",
        )
        require(len(obtained) == n, f"roles({n}, ...) gave {len(obtained)} entries, and {n} are due, one a node.")
        listed = sorted(set(obtained) - {"input", "hidden", "output"})
        require(not listed, f'each role must be "input", "hidden" or "output". Got {str(listed[:1])[1:40]}.')
        swapped = ["output" if r == "input" else "input" if r == "output" else r for r in right]
        sorted_roles = ["input"] * len(inputs) + ["hidden"] * (n - len(inputs) - 2) + ["output"] * 2
        expect(
            list(obtained),
            right,
            f"the list of roles for n = {n}",
            known={
                "input and output are exchanged": swapped,
                "the roles are listed kind by kind; entry k belongs to node k": sorted_roles,
            },
        )
