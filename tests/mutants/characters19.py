"""Wrong answers to notebook 19: batches, graphs and networks."""

from tests.mutants import Mutant


def one(signature, value):
    return f"def {signature}:\n    return {value}"


BATCHES = {
    "E19.1": [
        Mutant("unsorted", one("vocabulary(text)", "''.join(dict.fromkeys(text))"), "not sorted"),
        Mutant("repeated", one("vocabulary(text)", "''.join(sorted(text))"), "each character is due once"),
        Mutant("code points", one("encode(text, symbols)", "np.array([ord(c) for c in text])"), "code points"),
        Mutant("a list", one("decode(ids, symbols)", "[symbols[k] for k in ids]"), "join it"),
        Mutant(
            "pieces one after the other",
            "def batches(ids, N, T):\n    K = (len(ids) - 1) // (N * T)\n"
            "    return tuple(a[: K * N * T].reshape(K, N, T) for a in (ids[:-1], ids[1:]))",
            "what follows row 0 is row 1",
        ),
        Mutant(
            "rolled",
            "def batches(ids, N, T):\n    K = (len(ids) - 1) // (N * T)\n    x = ids[: N * K * T].reshape(N, K * T)\n"
            "    y = np.roll(x, -1, axis=1)\n    return tuple(a.reshape(N, K, T).swapaxes(0, 1) for a in (x, y))",
            "np.roll",
        ),
        Mutant(
            "own targets",
            "def batches(ids, N, T):\n    K = (len(ids) - 1) // (N * T)\n"
            "    x = ids[: N * K * T].reshape(N, K, T).swapaxes(0, 1)\n    return x, x",
            "the targets are the inputs",
        ),
        Mutant(
            "one batch given away",
            "def batches(ids, N, T):\n    K = (len(ids) - 1) // (N * T) - 1\n"
            "    cut = lambda a: a[: N * K * T].reshape(N, K, T)"
            ".swapaxes(0, 1)\n    return cut(ids[:-1]), cut(ids[1:])",
            "is due",
        ),
    ]
}


def graph(
    ops="[op.type for op in ops]", edges="[(number[t.op.name], number[op.name]) for op in ops for t in op.inputs]"
):
    return f"""
def ops_and_edges(function, count):
    import tensorflow as tf
    traced = tf.function(function).get_concrete_function(*[tf.TensorSpec((), tf.float32)] * count)
    ops = traced.graph.get_operations()
    number = {{op.name: k for k, op in enumerate(ops)}}
    return {ops}, {edges}
"""


GRAPHS = {
    "E19.6": [
        Mutant("names", graph(ops="[op.name for op in ops]"), "not names"),
        Mutant(
            "turned",
            graph(edges="[(number[op.name], number[t.op.name]) for op in ops for t in op.inputs]"),
            "turned round",
        ),
        Mutant(
            "by heart",
            one(
                "ops_and_edges(function, count)",
                "(['Placeholder', 'Placeholder', 'Mul', 'AddV2', 'Identity'], "
                "[(0, 2), (1, 2), (2, 3), (1, 3), (3, 4)])",
            ),
            "numbers and",
        ),
        Mutant("no inputs", graph(ops="[op.type for op in ops if op.inputs]"), "placeholders"),
        Mutant(
            "once",
            graph(edges="sorted({(number[t.op.name], number[op.name]) for op in ops for t in op.inputs})"),
            "two edges",
        ),
        Mutant("a graph", one("ops_and_edges(function, count)", "'graph'"), "two lists"),
    ]
}


def built(last="keras.layers.Dense(S)", lstm="keras.layers.LSTM(n, return_sequences=True)", embedding="S, d"):
    return f"""
def build_model(S, d, n):
    return keras.Sequential(
        [keras.Input((None,), dtype="int32"), keras.layers.Embedding({embedding}), {lstm}, {last}]
    )
"""


def fitted(body):
    return f"def overfit(model, x, y, steps):\n    {body}"


def stepped(result="P / P.sum(), h, c", before="pass"):
    return f"""
right_step = step
def step(k, h, c, E, W, U, b, V, b_y):
    h_old, c_old = h, c
    {before}
    P, h, c = right_step(k, h, c, E, W, U, b, V, b_y)
    return {result}
"""


def walked(hand_on):
    return f"""
def walk(ids, *p):
    h = c = np.zeros(len(p[2]))
    found = []
    for k in ids:
        P, new_h, new_c = step(k, h, c, *p)
        {hand_on}
        found.append(P)
    return np.stack(found)
"""


def writer(hand_on="h, c = new_h, new_c", read="k = chosen", chosen="int((np.cumsum(P) <= number).sum())"):
    return f"""
def write(first, u, *p):
    h = c = np.zeros(len(p[2]))
    k, out = first, []
    for number in u:
        P, new_h, new_c = step(k, h, c, *p)
        {hand_on}
        chosen = {chosen}
        out.append(chosen)
        {read}
    return np.array(out)
"""


NETWORKS = {
    "E19.3": [
        Mutant("softmax", built('keras.layers.Dense(S, activation="softmax")'), "these are probabilities"),
        Mutant("last step", built(lstm="keras.layers.LSTM(n)"), "return_sequences=True"),
        Mutant("another layer", built(lstm="keras.layers.GRU(n, return_sequences=True)"), "the layers"),
        Mutant(
            "exchanged",
            "right_build = build_model\ndef build_model(S, d, n):\n    return right_build(S, n, d)",
            "exchanged",
        ),
        Mutant("one bias less", one("count_weights(S, d, n)", "S * d + 4 * (n * n + d * n + n) + n * S"), "last layer"),
        Mutant("one-hot", one("count_weights(S, d, n)", "S * d + 4 * (n * n + S * n + n) + n * S + S"), "not S"),
        Mutant(
            "a slow one",
            fitted(
                'model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))\n'
                "    for _ in range(20):\n        model.train_on_batch(x, y)"
            ),
            "next to nothing was learned",
        ),
        Mutant(
            "longer than allowed",
            fitted(
                "loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)\n"
                "    model.compile(keras.optimizers.Adam(0.02), loss)\n"
                "    model.fit(x, y, epochs=2 * steps, verbose=0)"
            ),
            "at most 100 steps",
        ),
        Mutant("no model", one("build_model(S, d, n)", "[S, d, n]"), "must return a Keras model"),
    ],
    "E19.7": [
        Mutant("old state", stepped("P, h_old, c_old"), "nothing was carried"),
        Mutant("old c", stepped("P, h, c_old"), "with the old c"),
        Mutant("exchanged", stepped("P, c, h"), "exchanged"),
        Mutant("scores", stepped("h @ V + b_y, h, c"), "the softmax is missing"),
        Mutant("no past", stepped("P, h, c", "h = 0 * h"), "the previous h was not used"),
        Mutant("forgetful", walked("pass"), "as if it were the first"),
        Mutant("h alone", walked("h = new_h"), "c begins anew"),
        Mutant("c alone", walked("c = new_c"), "h begins anew"),
        Mutant("not read", writer(read="pass"), "k stays the first"),
        Mutant("most probable", writer(chosen="int(P.argmax())"), "u decides"),
        Mutant("forgetful writing", writer(hand_on="pass"), "the one before it alone"),
        Mutant(
            "with the first",
            "right_write = write\ndef write(first, u, *p):\n"
            "    return np.concatenate([[first], right_write(first, u, *p)])",
            "leave it out",
        ),
    ],
}
