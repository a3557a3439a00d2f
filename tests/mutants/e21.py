"""Wrong answers to notebook 21."""

from tests.mutants import Mutant

MODEL = """
def wiki_model():
    model = keras.Sequential([
        {embedding},
        keras.layers.LSTM({lstm}),
        keras.layers.Dense(1, activation="{last}"),
    ])
    model.compile(loss="{loss}", optimizer="adam", metrics=["accuracy"])
    return model
"""


def model(
    embedding="WordDropoutEmbedding(5000, 32, 0.2)",
    lstm="100, dropout=0.2, recurrent_dropout=0.2",
    last="sigmoid",
    loss="binary_crossentropy",
):
    return MODEL.format(embedding=embedding, lstm=lstm, last=last, loss=loss)


STEP = """
def lstm_step(x, h, c, W, U, b, which):
    gate = {{"keras 1": gate_keras1, "keras 3": gate_keras3, "keras 3 hard": hard_gate_keras3}}[{which}]
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    c = gate(a_f) * c + gate(a_i) * {candidate}
    return {result}
"""


def step(which="which", candidate="np.tanh(a_c)", result="gate(a_o) * np.tanh(c), c"):
    return STEP.format(which=which, candidate=candidate, result=result)


SPLIT = """
def three_way(groups, seed):
    rows = np.random.default_rng({seed}).permutation({of})
    parts = np.split(rows, [int({first} * len(rows)), int({second} * len(rows))])
    return {result}
"""


def split(
    seed="seed",
    of="np.unique(groups)",
    first="0.6",
    second="0.8",
    result="tuple(np.flatnonzero(np.isin(groups, part)) for part in parts)",
):
    return SPLIT.format(seed=seed, of=of, first=first, second=second, result=result)


LOGISTIC = """
def fit_logistic(X, y, lam):
    Z = np.column_stack([X, np.ones(len(X))])
    wb, penalty = np.zeros(Z.shape[1]), {factor} * lam * np.append(np.ones(X.shape[1]), {bias})
    for _ in range({most}):
        p = 1 / (1 + np.exp(-Z @ wb))
        wb = wb - np.linalg.solve((Z * (p * (1 - p))[:, None]).T @ Z + np.diag(penalty), Z.T @ (p - {y}) + penalty * wb)
    return {result}
"""


def logistic(factor="1", bias="0", most="30", y="y", result="wb[:-1], float(wb[-1])"):
    return LOGISTIC.format(factor=factor, bias=bias, most=most, y=y, result=result)


HANDED = "import base64\nmy_model = dict(my_model)\n"
# Probabilities pulled towards 1/2 at random: what a net has that was trained too little.
WORSE = (
    HANDED
    + """
deal = np.random.default_rng(0)
for part in ("held_out", "validation"):
    rows = [np.frombuffer(base64.b64decode(text), dtype=np.uint8).copy() for text in my_model[part]]
    for row in rows:
        hidden = deal.permutation(len(row))[: int({share} * len(row))]
        row[hidden] = deal.integers(110, 146, len(hidden))
    my_model[part] = [base64.b64encode(row.tobytes()).decode() for row in rows]
truth = np.repeat([0, 1], 300)
validation = [np.frombuffer(base64.b64decode(text), dtype=np.uint8) / 255 for text in my_model["validation"]]
my_model["thresholds"] = [choose_threshold(truth, p) for p in validation]
scores = [
    2 * np.sum((p >= t) & (truth == 1)) / (np.sum(p >= t) + 300) for p, t in zip(validation, my_model["thresholds"])
]
my_model["validation_f1"] = (float(np.mean(scores)), float(np.std(scores, ddof=1)))
"""
)

OWN = """
def build_model(vocabulary, length):
    model = keras.Sequential([
        keras.Input((length,), dtype="int32"), keras.layers.Embedding(vocabulary, {width}), {middle},
        keras.layers.Dense(1, activation="sigmoid"),
    ])
    model.compile(loss="binary_crossentropy", optimizer="adam")
    return model
"""


def own(width="16", middle="keras.layers.LSTM(24)"):
    return OWN.format(width=width, middle=middle)


MUTANTS = {
    "E21.1": [
        Mutant(
            "dropouts exchanged",
            'renames = {**renames, "LSTM(100, dropout_W=0.2)": "recurrent_dropout"}',
            says="dropout_W is for the inputs",
        ),
        Mutant("words", 'renames = {**renames, "load_data(nb_words=5000)": "words"}', says="without its nb_"),
        Mutant("num_epochs", 'renames = {**renames, "fit(nb_epoch=7)": "num_epochs"}', says="stayed with the words"),
        Mutant("half a dict", 'renames = {"fit(nb_epoch=7)": "epochs"}', says="has no new name yet"),
        Mutant("no bias", model(lstm="100, use_bias=False"), says="the LSTM has no bias"),
        Mutant("a row more", model("WordDropoutEmbedding(5001, 32, 0.2)"), says="a row for 5001 words"),
        Mutant("wrong embedding", model("keras.layers.Embedding(5000, 32)"), says="dropout of Embedding was left out"),
        Mutant("linear output", model(last="linear"), says="the outputs must be probabilities"),
        Mutant("no dropouts", model(lstm="100"), says="neither dropout_W nor dropout_U"),
        Mutant("no dropout_U", model(lstm="100, dropout=0.2"), says="dropout_U, that of the state, is missing"),
        Mutant("another loss", model(loss="mse"), says="loss"),
        Mutant(
            "features dropped",
            model("keras.layers.Embedding(5000, 32), keras.layers.SpatialDropout1D(0.2)"),
            says="drops no word in training",
        ),
        Mutant("half dropped", model("WordDropoutEmbedding(5000, 32, 0.5)"), says="20 % are due"),
        Mutant("NumPy's seed", "def start_anew(seed): np.random.seed(seed)", says="np.random.seed alone"),
        Mutant("42", "def start_anew(seed): keras.utils.set_random_seed(42)", says="must use its argument"),
    ],
    "E21.2": [
        Mutant("slope 1/6", "def gate_keras1(a): return np.clip(a / 6 + 0.5, 0, 1)", says="hard_sigmoid of Keras 3"),
        Mutant("slope 1/5", "def hard_gate_keras3(a): return np.clip(0.2 * a + 0.5, 0, 1)", says="gate of Keras 1"),
        Mutant("not cut off", "def gate_keras1(a): return 0.2 * a + 0.5", says="not cut off"),
        Mutant("tanh", "def gate_keras3(a): return np.tanh(a)", says="from -1 to 1"),
        Mutant(
            "overflow",
            "def gate_keras3(a):\n    e = np.exp(a)\n    return e / (1 + e)",
            says="look for an overflow",
        ),
        Mutant("one gate for all", step('"keras 3"'), says='the step under "keras 3"'),
        Mutant("hard candidate", step(candidate="gate(a_c)"), says="it keeps tanh"),
        Mutant("c first", step(result="c, gate(a_o) * np.tanh(c)"), says="return h, c"),
        Mutant("by name", 'same_as_2016 = "b"', says="the slope 1/6"),
        Mutant("by default", 'same_as_2016 = "a"', says="it says 0.92"),
        Mutant("activation", 'same_as_2016 = "d"', says="the gates have another"),
    ],
    "E21.3": [
        Mutant(
            "first words",
            "def kept_places(length, maxlen): return np.where(np.arange(maxlen) < length, np.arange(maxlen), -1)",
            says="the first words were kept",
        ),
        Mutant(
            "zeros for nothing",
            "def kept_places(length, maxlen): return np.maximum(np.arange(length - maxlen, length), 0)",
            says="-1 is due",
        ),
        Mutant(
            "padding behind",
            "def pad_like_keras(reviews, maxlen):\n"
            "    return np.array([(list(r)[-maxlen:] + [0] * maxlen)[:maxlen] for r in reviews])",
            says="the zeros stand behind",
        ),
        Mutant(
            "cut behind",
            "def pad_like_keras(reviews, maxlen):\n"
            "    return np.array([([0] * maxlen + list(r)[:maxlen])[-maxlen:] for r in reviews])",
            says="the first words were kept",
        ),
        Mutant(
            "falls over nothing",
            "def pad_like_keras(reviews, maxlen):\n"
            "    return np.array([([0] * maxlen + list(r)[-maxlen:])[-maxlen:] if r[0] else None for r in reviews])",
            says="IndexError",
            state="could not run",
        ),
        Mutant("spaces are right", 'comment_says_wrong = "bd"', says="no spaces"),
        Mutant("first is right", 'comment_says_wrong = "ab"', says="the last 80 words stay"),
        Mutant("the right ones", 'comment_says_wrong = "ce"', says="not the right ones"),
    ],
    "E21.4": [
        Mutant(
            "this batch alone",
            "def add_batch(state, y, chosen):\n"
            "    return int(np.sum(y * chosen)), int(np.sum((1 - y) * chosen)), int(np.sum(y * (1 - chosen)))",
            says="of this batch alone",
        ),
        Mutant(
            "exchanged",
            "def add_batch(state, y, chosen, right=add_batch):\n"
            "    tp, fp, fn = right((0, 0, 0), chosen, y)\n"
            "    return state[0] + tp, state[1] + fp, state[2] + fn",
            says="fp and fn are exchanged",
        ),
        Mutant(
            "a mean", "def f1_of(s): return (s[0] / (s[0] + s[1]) + s[0] / (s[0] + s[2])) / 2", says="the plain mean"
        ),
        Mutant("precision", "def f1_of(s): return s[0] / (s[0] + s[1])", says="this is the precision"),
        Mutant("no 2", "def f1_of(s): return s[0] / (2 * s[0] + s[1] + s[2])", says="the 2 in front is missing"),
        Mutant(
            "nothing found",
            "def f1_of(s): return 2 * s[0] / (2 * s[0] + s[1] + s[2])",
            says="ZeroDivisionError",
            state="could not run",
        ),
        Mutant("no difference", "y_four, chosen_four = [1, 0, 1, 0], [1, 0, 0, 0]", says="recall of all four"[:6]),
        Mutant(
            "the same", "y_four, chosen_four = [1, 1, 1, 1], [1, 0, 1, 0]", says="here the two numbers are the same"
        ),
        Mutant("five", "y_four = [1, 1, 0, 0, 0]", says="must be four numbers"),
    ],
    "E21.5": [
        Mutant(
            "rows dealt",
            split(of="len(groups)", result="tuple(np.sort(part) for part in parts)"),
            says="rows were dealt, not groups",
        ),
        Mutant("half and half", split(first="0.5", second="0.75"), says="number of training rows"),
        Mutant("no seed", split(seed="0"), says="two seeds gave the same split"),
        Mutant("no dice", split(seed=""), says="another split"),
        Mutant(
            "two parts",
            split(result="tuple(np.flatnonzero(np.isin(groups, p)) for p in parts[:2])"),
            says="three arrays",
        ),
        Mutant("one half", "def choose_threshold(y, p): return 0.5", says="this is the usual 0.5"),
        Mutant(
            "accuracy",
            "def choose_threshold(y, p):\n    return float(max(np.unique(p), key=lambda t: np.mean((p >= t) == y)))",
            says="can be had on the same data",
        ),
        Mutant(
            "on test",
            "def honest_f1(y_val, p_val, y_test, p_test, right=honest_f1):\n"
            "    return right(y_test, p_test, y_test, p_test)",
            says="it is the best on the test data",
        ),
        Mutant(
            "reported on validation",
            "def honest_f1(y_val, p_val, y_test, p_test, right=honest_f1): return right(y_val, p_val, y_val, p_val)",
            says="this is the F1 on the validation data",
        ),
        Mutant("weights", 'what_leaks = "a"', says="never trained on"),
        Mutant("nothing", 'what_leaks = "d"', says="whoever reads the seven numbers"),
    ],
    "E21.6": [
        Mutant(
            "only the longest",
            "def ngrams(seq, longest):\n"
            "    return list({tuple(seq[k : k + longest]) for k in range(len(seq) - longest + 1)})",
            says="n-grams of exactly 2 words came",
        ),
        Mutant(
            "the last missing",
            "def ngrams(seq, longest):\n"
            "    return list({tuple(seq[k : k + n]) for n in range(1, longest + 1) for k in range(len(seq) - n)})",
            says="the last n-grams are missing",
        ),
        Mutant(
            "each as often as it comes",
            "def ngrams(seq, longest):\n"
            "    return [tuple(seq[k : k + n]) for n in range(1, longest + 1) for k in range(len(seq) - n + 1)]",
            says="comes once",
        ),
        Mutant(
            "counts",
            "def bag_of(reviews, columns):\n"
            "    return np.array([[sum(tuple(r[k : k + len(g)]) == tuple(g) for k in range(len(r) - len(g) + 1))\n"
            "                      for g in columns] for r in reviews], dtype=float)",
            says="n-grams were counted",
        ),
        Mutant("twice the penalty", logistic(factor="2"), says="lambda / 2 |w|^2 is asked for"),
        Mutant("the mean", logistic(factor="len(y)"), says="the mean over the reviews"),
        Mutant("b penalised", logistic(bias="1"), says="b is penalised, too"),
        Mutant("stopped", logistic(most="2"), says="it was stopped on the way"),
        Mutant("exchanged", logistic(y="(1 - y)"), says="the labels are exchanged"),
        Mutant("no b", logistic(result="wb[:-1]"), says="must return two"),
        Mutant("another line", "line_f1 = 0.81", says="line_f1"),
        Mutant("all positive", "line_f1 = 0.6667", says="calls all reviews positive"),
    ],
    "E21.7": [
        Mutant("too large", own(width="256"), says="the budget is 40,000"),
        Mutant("bag of words", own(middle="keras.layers.GlobalAveragePooling1D()"), says="does not see the order"),
        Mutant("another net", own(middle="keras.layers.GRU(24)"), says="was made by a net with"),
        Mutant("one half", HANDED + 'my_model["thresholds"] = [0.9, 0.9, 0.9]', says="at the threshold 0.9000"),
        Mutant(
            "one seed three times",
            HANDED + "for part in ('held_out', 'validation'): my_model[part] = [my_model[part][0]] * 3\n"
            "my_model['thresholds'] = [my_model['thresholds'][0]] * 3",
            says="three seeds are due",
        ),
        Mutant("of other reviews", HANDED + 'my_model["for"] = "0123"', says="belongs to other held-out reviews"),
        Mutant("no texts", HANDED + 'my_model["held_out"] = [0.3] * 3', says="must hold 3 texts"),
        Mutant(
            "half a text", HANDED + 'my_model["validation"] = [t[:80] for t in my_model["validation"]]', says="Got 60"
        ),
        Mutant("no base64", HANDED + 'my_model["held_out"] = ["?" * 1068] * 3', says="Got 0"),
        Mutant("the best", HANDED + 'my_model["validation_f1"] = (0.95, 0.001)', says="mean of the validation F1"),
        Mutant("two steps", WORSE.format(share=0.1), says="step 3 asks for F1 0.873"),
        Mutant("no step", WORSE.format(share=0.9), says="step 1 asks for F1 0.833"),
        Mutant("a list", "my_model = [my_model]", says="must be the dict"),
    ],
    "E21.8": [
        Mutant(
            "as they stand",
            "def decode(ids, word_index):\n"
            "    names = {rank: word for word, rank in word_index.items()} | {0: '<pad>', 1: '<start>', 2: '<unk>'}\n"
            "    return ' '.join(names.get(int(k), '<unk>') for k in ids)",
            says="index_from was left out",
        ),
        Mutant(
            "no marks",
            "def decode(ids, word_index):\n"
            "    names = {rank + 3: word for word, rank in word_index.items()}\n"
            "    return ' '.join(names[int(k)] for k in ids if int(k) > 2)",
            says="the marks 0, 1, 2 are missing",
        ),
        Mutant(
            "no start",
            "def encode(words, word_index, num_words, right=encode): return right(words, word_index, num_words)[1:]",
            says="the start, 1, is missing",
        ),
        Mutant(
            "limit on the rank",
            "def encode(words, word_index, num_words):\n"
            "    ranks = [word_index.get(w, num_words) for w in words]\n"
            "    return [1, *(r + 3 if r < num_words else 2 for r in ranks)]",
            says="the limit was put on the number in the index",
        ),
        Mutant(
            "border kept",
            "def encode(words, word_index, num_words, right=encode): return right(words, word_index, num_words + 1)",
            says="the word whose number is num_words stayed",
        ),
        Mutant(
            "unknown left out",
            "def encode(words, word_index, num_words, right=encode):\n"
            "    return [k for k in right(words, word_index, num_words) if k != 2]",
            says="unknown words are left out",
        ),
        Mutant("5000", "words_kept = 5000", says="four stand for no word"),
        Mutant("4997", "words_kept = 4997", says="a fourth, 3"),
    ],
}
