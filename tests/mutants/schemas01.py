"""Wrong answers to notebook 01, E01.4 and E01.5."""

from tests.mutants import Mutant


def seq(name: str, arguments: str, *layers: str) -> str:
    listed = ", ".join(f"keras.layers.{layer}" if not layer.startswith("keras") else layer for layer in layers)
    return f"def {name}({arguments}):\n    return keras.Sequential([{listed}])\n"


def used(task: str, schema: str) -> str:
    return f'uses = {{**uses, "{task}": "{schema}"}}'


MUTANTS = {
    "E01.4": [
        Mutant(
            "steps in the element",
            'elements = {**elements, "film": (250, 48, 64, 3)}',
            "the shape of the whole sequence",
        ),
        Mutant("token with an axis", 'elements = {**elements, "text": (1,)}', "whose shape is ()"),
        Mutant(
            "all steps of many to one",
            seq("many_to_one", "T, m, n, o", "keras.Input((T, m))", "SimpleRNN(n, return_sequences=True)", "Dense(o)"),
            "every step has an output; one is due",
        ),
        Mutant(
            "last step of aligned",
            seq("many_to_many_aligned", "T, m, n, o", "keras.Input((T, m))", "SimpleRNN(n)", "Dense(o)"),
            "return_sequences=True is missing",
        ),
        Mutant(
            "no read-out",
            seq("many_to_one", "T, m, n, o", "keras.Input((T, m))", "SimpleRNN(n)"),
            "the read-out Dense(o) is missing",
        ),
        Mutant(
            "T outputs",
            seq(
                "many_to_many_delayed",
                "T, S, m, n, o",
                "keras.Input((T, m))",
                "SimpleRNN(n, return_sequences=True)",
                "Dense(o)",
            ),
            "S are due",
        ),
        Mutant(
            "dense at each step",
            seq("many_to_many_aligned", "T, m, n, o", "keras.Input((T, m))", "Dense(n, activation='tanh')", "Dense(o)"),
            "there is no recurrent layer",
        ),
        Mutant(
            "both directions",
            seq(
                "many_to_many_aligned",
                "T, m, n, o",
                "keras.Input((T, m))",
                "Bidirectional(keras.layers.SimpleRNN(n, return_sequences=True))",
                "Dense(o)",
            ),
            "sees the inputs after it, too",
        ),
        Mutant(
            "last input only",
            seq(
                "many_to_one", "T, m, n, o", "keras.Input((T, m))", "Lambda(lambda x: x[:, -1])", "Dense(n)", "Dense(o)"
            ),
            "only the last input counts",
        ),
        Mutant(
            "repeated without recurrence",
            seq(
                "one_to_many",
                "S, m, n, o",
                "keras.Input((m,))",
                "RepeatVector(S)",
                "Dense(n, activation='tanh')",
                "Dense(o)",
            ),
            "all outputs of one_to_many are the same",
        ),
        Mutant(
            "flattened",
            seq(
                "many_to_many_delayed",
                "T, S, m, n, o",
                "keras.Input((T, m))",
                "Flatten()",
                "Dense(S * o)",
                "Reshape((S, o))",
            ),
            "the same weights must serve at every step",
        ),
        Mutant("one left", "def one_to_many(S, m, n, o): return None", "one_to_many returned None"),
    ],
    "E01.5": [
        Mutant(
            "shapes alone",
            "def schema_of(sees):\n    S, T = sees.shape\n"
            "    if T == 1:\n        return 'one_to_one' if S == 1 else 'one_to_many'\n"
            "    if S == 1:\n        return 'many_to_one'\n"
            "    return 'many_to_many_aligned' if S == T else 'many_to_many_delayed'",
            "the first output needs the last input",
        ),
        Mutant(
            "axes exchanged",
            "right = schema_of\ndef schema_of(sees): return right(sees.T)",
            "one input, several outputs",
        ),
        Mutant(
            "triangle must be full",
            "right = schema_of\ndef schema_of(sees):\n    name = right(sees)\n"
            "    full = (sees == np.tri(len(sees), dtype=bool)).all() if sees.shape[0] == sees.shape[1] else True\n"
            "    return name if full or not name.endswith('aligned') else 'many_to_many_delayed'",
            "the one before it",
        ),
        Mutant(
            "first row only",
            "def schema_of(sees):\n    S, T = sees.shape\n"
            "    if T == 1:\n        return 'one_to_one' if S == 1 else 'one_to_many'\n"
            "    if S == 1:\n        return 'many_to_one'\n"
            "    waits = S != T or sees[0].all()\n"
            "    return 'many_to_many_delayed' if waits else 'many_to_many_aligned'",
            "that is enough to make it wait",
        ),
        Mutant("other name", "def schema_of(sees): return 'many_to_many'", "schema_of must return one of"),
        Mutant("caption delayed", used("caption", "many_to_many_delayed"), "the photograph is one input"),
        Mutant("translation aligned", used("translation", "many_to_many_aligned"), "word order differs"),
        Mutant("next frame at the end", used("next_frame", "many_to_one"), "a guess is due after every picture"),
        Mutant("a task left out", 'uses = {k: v for k, v in uses.items() if k != "speech"}', "uses lacks speech"),
        Mutant("free text", used("digit", "1:1"), "must be one of"),
    ],
}
