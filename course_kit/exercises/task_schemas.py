"""Notebook 01: the five schemas as Keras models, E01.4. ``e01_sequences_and_task_shapes`` collects the exercises."""

import numpy as np

from course_kit.checking import Exercise, require

SCHEMAS = ("one_to_one", "one_to_many", "many_to_one", "many_to_many_delayed", "many_to_many_aligned")

E01_4 = Exercise(
    "E01.4",
    "Five schemas",
    slides=("D3.3", "D3.8", "D3.11", "D4.4", "D4.5"),
    names=("elements", *SCHEMAS),
    hints=(
        "return_sequences decides whether a recurrent layer gives all its h or the last one. RepeatVector(S) turns "
        "one vector into S equal ones, for a recurrent layer to make different outputs of.",
        "many_to_one: Input((T, m)), SimpleRNN(n), Dense(o). Aligned: the same with return_sequences=True. One to "
        "many: Input((m,)), RepeatVector(S), SimpleRNN(n, return_sequences=True), Dense(o). Delayed: many_to_one's "
        "SimpleRNN(n), then what one_to_many does.",
    ),
    limit=60.0,
)

ELEMENTS = {"text": (), "film": (48, 64, 3), "music": (160,)}


def schema_probe(names, task, sizes, seed):
    """How the five models behave: output shapes, how far a change of an input step reaches, outputs, weights."""
    import keras
    import numpy as np

    T, S, m, n, o = sizes
    arguments = {
        "one_to_one": (m, n, o),
        "one_to_many": (S, m, n, o),
        "many_to_one": (T, m, n, o),
        "many_to_many_delayed": (T, S, m, n, o),
        "many_to_many_aligned": (T, m, n, o),
    }
    found = {}
    for name, values in arguments.items():
        model = names[name](*values)
        if model is None:
            found[name] = "None"
            continue
        if task == "weights":
            found[name] = int(model.count_params())
            continue
        rng = np.random.default_rng(seed)
        for weight in model.trainable_variables:
            weight.assign(rng.normal(size=weight.shape, scale=0.6).astype("float32"))
        steps = () if name.startswith("one_") else (T,)
        x = rng.normal(size=(8, *steps, m)).astype("float32")
        y = keras.ops.convert_to_numpy(model(x))
        if task == "shapes":
            found[name] = tuple(int(k) for k in y.shape)
            continue
        if task == "outputs":
            found[name] = y
            continue
        reach = []
        for t in range(T if steps else 1):
            other = x.copy()
            if steps:
                other[:, t] = rng.normal(size=(8, m))
            else:
                other[:] = rng.normal(size=(8, m))
            change = np.abs(keras.ops.convert_to_numpy(model(other)) - y)
            # A schema with one output has no axis of steps.
            reach.append(change.max(axis=(0, 2)) if change.ndim == 3 else change.max(keepdims=True)[0])
        found[name] = np.stack(reach, axis=1)
    return None if all(isinstance(v, str) for v in found.values()) else found


def shapes_due(T: int, S: int, o: int) -> dict:
    return dict(zip(SCHEMAS, ((8, o), (8, S, o), (8, o), (8, S, o), (8, T, o)), strict=True))


def probe(answer, task, sizes, draw) -> dict:
    """What the probe brought, after a look whether all five are there."""
    found = answer.probe(schema_probe, task, sizes, draw.seed())
    require(isinstance(found, dict) and set(found) == set(SCHEMAS), "the five models could not be built.")
    for name in SCHEMAS:
        require(
            found[name] is not None and not isinstance(found[name], str),
            f"{name} returned None: it is not written yet.",
        )
    return found


@E01_4.case(
    "the elements",
    hint="What is left of an array's shape when the axis of steps is taken away? A tuple of one has a comma.",
)
def _(answer, draw):
    elements = answer["elements"]
    require(
        isinstance(elements, dict) and set(elements) == set(ELEMENTS), 'elements must have "text", "film" and "music".'
    )
    whole = {"text": (120,), "film": (250, 48, 64, 3), "music": (500, 160)}
    for name, due in ELEMENTS.items():
        obtained = elements[name]
        obtained = (obtained,) if isinstance(obtained, int) and not isinstance(obtained, bool) else obtained
        require(
            isinstance(obtained, tuple | list) and all(isinstance(k, int) for k in obtained),
            f"elements[{name!r}] must be a shape, that is a tuple of integers; () for a single number.",
        )
        known = ""
        if tuple(obtained) == whole[name]:
            known = "this is the shape of the whole sequence; the steps belong to the sequence, not to the element"
        elif tuple(obtained) == whole[name][:1]:
            known = "this is the number of steps"
        elif name == "text" and tuple(obtained) == (1,):
            known = "a token is a single number, whose shape is ()"
        elif name == "film" and tuple(obtained) == (48, 64):
            known = "the pictures are in colour"
        require(tuple(obtained) == due, f"elements[{name!r}] is not right.", known=known)


@E01_4.case("output shapes")
def _(answer, draw):
    T, S = draw.sizes(2, 4, 7)
    m, n, o = draw.sizes(3)
    found = probe(answer, "shapes", (T, S, m, n, o), draw)
    for name, due in shapes_due(T, S, o).items():
        obtained = found[name]
        require(
            obtained == due,
            f"{name} gives shape {obtained} for 8 examples, and {due} is due (T={T}, S={S}, m={m}, n={n}, o={o}).",
            known=known_shape(obtained, due, T, S, n),
        )


def known_shape(obtained, due, T: int, S: int, n: int) -> str:
    """What a student overlooked whose model gives this shape."""
    N, o = due[0], due[-1]
    if obtained == (*due[:-1], n):
        return "the read-out Dense(o) is missing: these are n units"
    if len(due) == 3:
        return {
            (N, o): "return_sequences=True is missing in the last recurrent layer",
            (N, T, o): "there are as many outputs as inputs; S are due",
            (N, S, o): "there are S outputs; as many as inputs, T, are due",
        }.get(obtained, "")
    return {
        (N, T, o): "every step has an output; one is due",
        (N, S, o): "there are S outputs; one is due",
        (N, 1, o): "there is an axis of length 1 too many",
    }.get(obtained, "")


def due_pattern(name: str, T: int, S: int) -> np.ndarray:
    """Which output (row) may see which input (column)."""
    if name == "many_to_many_aligned":
        return np.tri(T, dtype=bool)
    return np.ones((1 if name.endswith("one") else S, 1 if name.startswith("one_") else T), dtype=bool)


@E01_4.case(
    "which output sees which input",
    hint="Aligned: output t sees the inputs up to t, because the net has read no others. Delayed: every output "
    "sees all inputs, because the whole sequence is read first.",
)
def _(answer, draw):
    T, S = draw.sizes(2, 4, 6)
    m, n, o = draw.sizes(3)
    found = probe(answer, "reach", (T, S, m, n, o), draw)
    for name in SCHEMAS:
        due, reach = due_pattern(name, T, S), found[name]
        fits = isinstance(reach, np.ndarray) and reach.shape == due.shape
        require(fits, f"{name} has other outputs than it should: see the case 'output shapes'.")
        sees = reach > 1e-7
        known = ""
        if due.size > 1 and (sees == np.eye(*due.shape, dtype=bool)).all():
            known = "each output sees its own input only: there is no recurrent layer"
        elif due.shape == (T, T) and sees.all():
            known = (
                "every output sees the inputs after it, too, as in a bidirectional net or one that first reads to "
                "the end"
            )
        elif name.startswith("many") and due.shape != (T, T) and (sees == (np.arange(T) == T - 1)).all():
            known = "only the last input counts: the other steps were thrown away"
        elif name == "many_to_many_delayed" and (sees == np.tri(S, T, dtype=bool)).all():
            known = "the outputs begin before the sequence has been read to its end"
        elif not sees.any():
            known = "no output sees any input"
        wrong = np.argwhere(sees != due)
        if len(wrong):
            s, t = (int(k) for k in wrong[0])
            word = "does not change with" if due[s, t] else "changes with"
            require(False, f"{name}: output {s} {word} input {t}.", known=known)


@E01_4.case(
    "many outputs differ, and longer sequences need no more weights",
    hint="Behind RepeatVector a recurrent layer must follow, or all outputs are one and the same. And no layer may "
    "see the steps side by side, as Flatten does: each step meets the same weights.",
)
def _(answer, draw):
    T, S = draw.sizes(2, 4, 6)
    m, n, o = draw.sizes(3)
    found = probe(answer, "outputs", (T, S, m, n, o), draw)
    for name, due in shapes_due(T, S, o).items():
        fits = isinstance(found[name], np.ndarray) and found[name].shape == due
        require(fits, f"{name} has other outputs than it should: see the case 'output shapes'.")
        if len(due) == 3:
            spread = float(np.ptp(found[name], axis=1).max())
            require(spread > 1e-6, f"all outputs of {name} are the same: nothing changes from step to step.")
    few = probe(answer, "weights", (T, S, m, n, o), draw)
    more = probe(answer, "weights", (T + 3, S + 2, m, n, o), draw)
    for name in SCHEMAS:
        require(
            few[name] == more[name],
            f"{name} has {few[name]} parameters for T={T}, S={S} and {more[name]} for T={T + 3}, S={S + 2}: the same "
            "weights must serve at every step.",
        )
