"""Probes for the Keras cells that a student writes: they run where the student's objects live.

A probe's source text may be sent to another process, so each is self-contained: it imports what it uses and touches
no name of this module. It brings back values, never a verdict, and None for an untouched stub.
"""


def jordan_probe(names, task, sizes, activation, x, y0, weights):
    """What MyJordanCell has ("sizes"), does in one step ("step"), gives in keras.layers.RNN ("run")."""
    import keras

    m, n, o = sizes
    tensor, plain = keras.ops.convert_to_tensor, keras.ops.convert_to_numpy
    cell = names["MyJordanCell"](n, o, output_activation=activation, dtype="float64")
    cell.build((len(x), m))
    found = {}
    for name, value in zip(
        ("kernel", "recurrent_kernel", "bias", "output_kernel", "output_bias"), weights, strict=True
    ):
        if hasattr(cell, name):
            found[name] = str(tuple(getattr(cell, name).shape))
            if task != "sizes":
                getattr(cell, name).assign(value)
    if found and task == "sizes":
        sizes = {name: getattr(cell, name, None) for name in ("state_size", "output_size")}
        one = {k: str(v[0] if isinstance(v, list | tuple) and len(v) == 1 else v) for k, v in sizes.items()}
        return {**found, **one}
    # call() and not the cell itself: Keras wraps an error in a text that hides the student's line.
    step = cell.call(tensor(x if task == "step" else x[:, 0]), [tensor(y0)])
    if step is None:
        return None
    if task == "run":
        inputs, start = keras.Input(x.shape[1:], dtype="float64"), keras.Input(y0.shape[1:], dtype="float64")
        layer = keras.layers.RNN(cell, return_sequences=True, dtype="float64")
        model = keras.Model([inputs, start], layer(inputs, initial_state=[start]))
        # predict traces the cell as training does: what is not written with keras.ops fails here, not in a year.
        return model.predict_on_batch([x, y0])
    if not isinstance(step, tuple):
        return plain(step)
    states = step[1] if isinstance(step[1], list | tuple) else [step[1]]
    return plain(step[0]), [plain(state) for state in states]


def elman_probe(names, task, sizes, activation, x, h0, mask, weights):
    """What MyElmanCell gives when it is used by others; ``weights`` holds five tensors for each cell of the task."""
    import os
    import tempfile

    import keras

    m, n, o = sizes
    tensor, plain = keras.ops.convert_to_tensor, keras.ops.convert_to_numpy
    MyElmanCell = names["MyElmanCell"]

    def new():
        return MyElmanCell(n, o, output_activation=activation, dtype="float64")

    def load(cell, values):
        tensors = ("kernel", "recurrent_kernel", "bias", "output_kernel", "output_bias")
        for name, value in zip(tensors, values, strict=True):
            if hasattr(cell, name):  # the stub has none
                getattr(cell, name).assign(value)

    def rnn(cell, **kwargs):
        return keras.layers.RNN(cell, return_sequences=True, dtype="float64", **kwargs)

    x, h0 = tensor(x), tensor(h0)
    cell = new()
    cell.build((len(x), m))
    load(cell, weights[0])
    # call() and not the cell itself: Keras wraps an error in a text that hides the student's line.
    if cell.call(x[:, 0], [h0]) is None:
        return None
    if task == "sizes":
        found = {name: getattr(cell, name, None) for name in ("state_size", "output_size")}
        return {k: str(v[0] if isinstance(v, list | tuple) and len(v) == 1 else v) for k, v in found.items()}
    if task == "run":
        return [plain(a) for a in rnn(cell, return_state=True)(x, initial_state=[h0])]
    if task == "mask":
        return [plain(a) for a in rnn(cell, return_state=True)(x, initial_state=[h0], mask=tensor(mask))]
    if task == "name":
        return keras.saving.get_registered_name(MyElmanCell)
    if task == "config":
        config = cell.get_config()
        return sorted(str(key) for key in config) if isinstance(config, dict) else type(config).__name__
    if task == "copy":
        copy = MyElmanCell.from_config(cell.get_config())
        copy.build((len(x), m))
        load(copy, weights[0])
        return plain(rnn(copy)(x, initial_state=[h0]))
    if task == "two ways":
        layer = keras.layers.Bidirectional(rnn(new()), dtype="float64")
        layer.build(tuple(x.shape))
        load(layer.forward_layer.cell, weights[0])
        load(layer.backward_layer.cell, weights[1])
        return plain(layer(x))
    if task == "stacked":
        layer = rnn([new(), new()])
        layer.build(tuple(x.shape))
        load(layer.cell.cells[0], weights[0])
        load(layer.cell.cells[1], weights[1])
        return plain(layer(x))
    inputs = keras.Input(tuple(x.shape[1:]), dtype="float64")
    layer = rnn(new())
    model = keras.Model(inputs, layer(inputs))
    load(layer.cell, weights[0])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model.save(path)
        loaded = keras.models.load_model(path)
    return plain(model(x)), plain(loaded(x))
