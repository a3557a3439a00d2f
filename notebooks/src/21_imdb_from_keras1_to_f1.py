# %% [markdown]
# # 21 IMDB, from Keras 1 to F1
#
# After this notebook you can
#
# - bring a program of 2016 to Keras 3, and say which of its changes no error message reports,
# - turn reviews into rows of numbers and back, and say which words are lost on the way,
# - compute F1 of a whole set and not of its batches, and choose a threshold on data that the result is not reported on,
# - put a baseline of n-grams beside a network, and pass it with a recurrent net of your own, with three seeds and not with the best one.
#
# Slides: D2.15-D2.20, the program, and D1.35, item 6 of the control work. Time: about three hours. Before it: notebooks 08 and 17. The machine's part is one to two minutes, most of it your three nets in E21.7.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import imdb_keras1, imdb_results, imdb_reviews, imdb_runs, imdb_scores, slider
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()
import keras  # noqa: E402  after the line that keeps its log off the screen

# %% [markdown] tags=["slide:D2.15", "slide:D1.35"]
# ## Which reviews
#
# D2.15, *Пример кода: импорты, seed* (Code: imports and seed), opens a program for film reviews: positive or negative? It learns from IMDB (the Internet Movie Database), 25,000 reviews to train and 25,000 to test. D1.35, *Контрольная работа, п. 6* (Control work, item 6: IMDB_LSTM, maximise F1),
# asks you to change that program until its F1 is as high as you can make it.
#
# This notebook works on reviews that the course kit made up. There are few of them, so three nets train in a minute, and they are made so that **order decides**: each review has a twin of the same words, each as often, and the opposite label. Negation, contrast, irony, and who of two people is said to be right. A result on them says nothing about IMDB, and every output below names its source. The real reviews come at the end.

# %%
reviews = imdb_reviews.kit_reviews()
print(reviews.source)
for number in (3, 303):
    print(f"\nlabel {reviews.labels['validation'][number]}: {reviews.texts['validation'][number]}")

# %% [markdown]
# ## The program
#
# The code of D2.15-D2.20, without its comments. It was written for Keras 1 and does not run on Keras 3; half of it would run after four renamings. That half is the dangerous one.
#
# ```python
# np.random.seed(42)                                                                   # D2.15
# (X_train, y_train), (X_test, y_test) = imdb.load_data(nb_words=5000)                 # D2.16
# X_train = sequence.pad_sequences(X_train, maxlen=80)                                 # and X_test
# model = Sequential()
# model.add(Embedding(5000, 32, dropout=0.2))                                          # D2.17
# model.add(LSTM(100, dropout_W=0.2, dropout_U=0.2))                                   # D2.18
# model.add(Dense(1, activation="sigmoid"))                                            # D2.19
# model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
# model.fit(X_train, y_train, batch_size=64, nb_epoch=7, validation_data=(X_test, y_test))   # D2.20
# scores = model.evaluate(X_test, y_test, batch_size=64)
# ```
#
# We go through it in the order of the data: reviews, model, gates, score.

# %% [markdown] tags=["slide:D2.16"]
# ## Words and numbers
#
# ### E21.3 Which 80 words?
#
# D2.16, *Пример кода: imdb.load_data(nb_words=5000), pad_sequences(maxlen=80)* (Code: data).
#
# A batch is a table, so all its reviews need one length. `pad_sequences(X, maxlen=80)` makes it: from a longer review something is cut off, into a shorter one something is put. The comment on the slide says what and does not say where, and it is wrong on one point. A network that reads from left to right remembers the end of a
# review best, so "where" is half the result.
#
# By default both things happen **in front**. With $T$ words and $L$ = `maxlen` the network reads at step $s = 0, \dots, L-1$ the word number
#
# $$k_s = T - L + s, \qquad\text{and padding, the number 0, where } k_s < 0.$$
#
# **Write**
#
# 1. `kept_places(length, maxlen)`: an integer array `(maxlen,)`, the place in the review of each step's word, counted from 0, and $-1$ for padding.
# 2. `pad_like_keras(reviews, maxlen)`: a list of lists of numbers becomes an integer array `(N, maxlen)`.
# 3. `comment_says_wrong`: the letters of the statements that are **wrong** for `pad_sequences(X, maxlen=80)`, for example `"ce"`:
#    (a) short reviews are filled with spaces; (b) the filling comes behind the last word; (c) a review of 80 words or more gets no filling; (d) of a long review the first 80 words stay; (e) at the last step the network reads the last word of the review, whatever its length (one word at least).
#
# **Checked for:** kept places of three lengths, padded tables, a review without words, the letters. Keras' own function is not needed, and it is put beside yours below.


# %% tags=["stub", "E21.3"]
def kept_places(length, maxlen):
    """Place of the word that is read at each step, -1 for padding: an integer array (maxlen,)."""
    return None  # replace this line


def pad_like_keras(reviews, maxlen):
    """Lists of numbers as one integer array (N, maxlen), zeros for padding."""
    return None  # replace this line


comment_says_wrong = None  # replace this line: letters


# %% tags=["solution", "E21.3"]
def kept_places(length, maxlen):
    """Place of the word that is read at each step, -1 for padding: an integer array (maxlen,)."""
    return np.maximum(np.arange(length - maxlen, length), -1)


def pad_like_keras(reviews, maxlen):
    """Lists of numbers as one integer array (N, maxlen), zeros for padding."""
    padded = np.zeros((len(reviews), maxlen), dtype=int)
    for row, review in zip(padded, reviews, strict=True):
        places = kept_places(len(review), maxlen)
        row[places >= 0] = np.array(review, dtype=int)[places[places >= 0]]
    return padded


comment_says_wrong = "abd"

# %% tags=["check", "E21.3"]
check("E21.3")

# %% tags=["hint", "E21.3"]
# hint("E21.3", 1)

# %% tags=["figure", "E21.3"]
imdb_reviews.kept_words(kept_places)

# %% [markdown]
# Left, the words of three reviews, the kept ones dark. Right, which word is read at which step: a line that rises to the last word, always at step 79. The short review starts with thirty steps of nothing. What the figure does not show is that nothing is not silent: the embedding of 0 is a row like any other, and the LSTM (long short-term memory) reads it thirty times before the first word. `mask_zero=True` would spare it that; the
# program does not say it.

# %% tags=["figure"]
some = [[5, 6, 7], list(range(1, 8)), []]
theirs, mine = keras.utils.pad_sequences(some, maxlen=5), pad_like_keras(some, 5)
print("keras.utils.pad_sequences:", theirs.tolist())
print("yours:                    ", "not answered yet" if mine is None else np.asarray(mine).tolist())

# %% [markdown]
# **To think about.** What would change in F1, and for which reviews, if the first 80 words were kept?

# %% [markdown] tags=["solution", "E21.3"]
# **Answer.** Nothing for reviews of up to 80 words. Of a long one the network would read the plot and the expectations and not the verdict, which reviewers like to keep for the end. That is a guess until somebody measures it: `padding` and `truncating` are two arguments, and the real reviews are one command away (end of this notebook).

# %% [markdown] tags=["slide:D2.16"]
# ### E21.8 Read a review
#
# The same slide, D2.16. `imdb.load_data` hands out numbers, and whoever prints them with the help of `imdb.get_word_index()` gets a text that is almost English and makes no sense. The reason is one argument that the program leaves at its default, `index_from=3`. In the word index the most frequent word has number 1. In the data the numbers are moved up:
#
# $$\text{number in the data} = \text{rank} + 3,\qquad 0 = \text{padding},\quad 1 = \text{start of a review},\quad 2 = \text{unknown},\quad 3 = \text{nothing}.$$
#
# And `num_words` is put on the **moved** number: what is `num_words` or more becomes 2.
#
# **Write**
#
# 1. `decode(ids, word_index)`: a text, words parted by one space, with `<pad>`, `<start>` and `<unk>` for 0, 1 and 2.
# 2. `encode(words, word_index, num_words)`: a list of numbers, 1 in front, 2 for words that are not in the index or not below the limit.
# 3. `words_kept`: how many different words can occur in the data of D2.16, with `num_words=5000`? The slide says 5000.
#
# **Checked for:** decoded reviews with and without padding; encoded ones with a word on the border; there and back; the number.


# %% tags=["stub", "E21.8"]
def decode(ids, word_index):
    """The text of the numbers ids; word_index maps a word to its rank, from 1."""
    return None  # replace this line


def encode(words, word_index, num_words):
    """The numbers of a review's words as Keras' load_data deals them: a list."""
    return None  # replace this line


words_kept = None  # replace this line: a number


# %% tags=["solution", "E21.8"]
def decode(ids, word_index):
    """The text of the numbers ids; word_index maps a word to its rank, from 1."""
    names = {rank + 3: word for word, rank in word_index.items()}
    names |= {0: "<pad>", 1: "<start>", 2: "<unk>"}
    return " ".join(names[int(number)] for number in ids)


def encode(words, word_index, num_words):
    """The numbers of a review's words as Keras' load_data deals them: a list."""
    moved = [word_index.get(word, num_words) + 3 for word in words]
    return [1, *(number if number < num_words else 2 for number in moved)]


words_kept = 4996

# %% tags=["check", "E21.8"]
check("E21.8")

# %% tags=["hint", "E21.8"]
# hint("E21.8", 1)

# %% tags=["figure", "E21.8"]
imdb_reviews.unknown_words(encode, reviews)

# %% tags=["figure"]
ids = reviews.ids["validation"][3]
print("the numbers:   ", *ids)
print("read as they stand:", *[next((w for w, rank in reviews.index.items() if rank == k), "?") for k in ids])
print("your decode:   ", decode(ids, reviews.index) or "not answered yet")

# %% [markdown]
# Half of all words in these reviews are among the 24 most frequent ("the", "it", "is", ...), so the curve falls steeply and then creeps. On IMDB it creeps much longer: tens of thousands of words occur once. The curve does not show *which* words go. Those with an opinion are rarer than "the", and the small vocabulary loses them first.
#
# **To think about.** Number 3 stands for no word at all, and its embedding row is never trained. Who pays for it?

# %% [markdown] tags=["solution", "E21.8"]
# **Answer.** The parameter count: 32 of the 160,000 are never used and never change. And whoever believes that 5000 words are in the game: it is 4996, with the ranks 1 to 4996.

# %% [markdown] tags=["slide:D2.17", "slide:D2.18", "slide:D2.19", "slide:D2.15", "slide:D2.16"]
# ## The model
#
# ### E21.1 Renames
#
# D2.15, *Пример кода: импорты, seed* (Code: imports and seed); D2.17, *Пример кода: Embedding(5000, 32, dropout=0.2)* (Code: embedding with dropout); D2.18, *Пример кода: LSTM(100, dropout_W=0.2, dropout_U=0.2)* (Code: LSTM layer); D2.19, *Пример кода: Dense(1, sigmoid), compile* (Code: output and compilation).
#
# Four arguments have new names, one has no successor, and one line does nothing any more. In the notation of the kit the slides' model is
#
# $$e_t = E_{x_t}\ (32),\qquad h_t, c_t = \mathrm{LSTM}(e_t, h_{t-1}, c_{t-1})\ (100),\qquad y = \sigma(h_{80}\,V + b_y)\ (1),$$
#
# with $5000\cdot 32 = 160000$ parameters in the embedding, $4\,(32\cdot 100 + 100^2 + 100) = 53200$ in the LSTM and 101 in the last layer, 213301 in all. `dropout_W` belongs to the kernel $W$ of the inputs, `dropout_U` to the kernel $U$ of the state. The embedding's own `dropout` set whole rows of $E$ to zero, a word in the whole batch at once (notebook 17); no layer of Keras 3 does that, so here is one. `np.random.seed(42)` was enough when Keras 1 drew its weights with NumPy.


# %%
class WordDropoutEmbedding(keras.layers.Embedding):
    """Drops whole words in training, as the dropout argument of Keras 1 did, and scales the others by 1 / (1 - rate)."""

    def __init__(self, input_dim, output_dim, rate, seed=None, **kwargs):
        super().__init__(input_dim, output_dim, **kwargs)
        self.rows = keras.layers.Dropout(rate, noise_shape=(input_dim, 1), seed=seed)

    def call(self, inputs, training=False):
        rows = self.rows(self.embeddings, training=training)
        return keras.ops.take(rows, keras.ops.cast(inputs, "int32"), axis=0)

    def compute_output_spec(self, inputs, training=False):
        return super().compute_output_spec(inputs)


# %% [markdown] tags=["slide:D2.17"]
# **Write**
#
# 1. `renames`, a dict of the new names of four arguments: `{"load_data(nb_words=5000)": "...", "LSTM(100, dropout_W=0.2)": "...", "LSTM(100, dropout_U=0.2)": "...", "fit(nb_epoch=7)": "..."}`.
# 2. `start_anew(seed)`: after it, a model that is built starts from weights that depend on the seed alone.
# 3. `wiki_model()`: the model of the slides in Keras 3, compiled, with all three dropouts.
#
# **Checked for:** the names; 213301 parameters in six tensors, and probabilities for 256 reviews; dropouts and compilation; a fifth of the words dropped in training and the others scaled by 1.25; the same start twice.


# %% tags=["stub", "E21.1"]
renames = None  # replace this line: a dict


def start_anew(seed):
    """Set all dice, so that the next model starts from weights that depend on the seed alone. Returns nothing."""
    return None  # replace this line


def wiki_model():
    """The model of D2.17-D2.19 in Keras 3, compiled: (N, 80) numbers below 5000 to (N, 1) probabilities."""
    return None  # replace this line


# %% tags=["solution", "E21.1"]
renames = {
    "load_data(nb_words=5000)": "num_words",
    "LSTM(100, dropout_W=0.2)": "dropout",
    "LSTM(100, dropout_U=0.2)": "recurrent_dropout",
    "fit(nb_epoch=7)": "epochs",
}


def start_anew(seed):
    """Set all dice, so that the next model starts from weights that depend on the seed alone. Returns nothing."""
    keras.utils.set_random_seed(seed)


def wiki_model():
    """The model of D2.17-D2.19 in Keras 3, compiled: (N, 80) numbers below 5000 to (N, 1) probabilities."""
    model = keras.Sequential(
        [
            WordDropoutEmbedding(5000, 32, 0.2),
            keras.layers.LSTM(100, dropout=0.2, recurrent_dropout=0.2),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


# %% tags=["check", "E21.1"]
check("E21.1")

# %% tags=["hint", "E21.1"]
# hint("E21.1", 1)

# %% tags=["figure", "E21.1"]
imdb_keras1.parameters(wiki_model)

# %% [markdown]
# Six bars, six circles. The embedding has three quarters of all parameters, which is why dropping its rows matters. What no parameter count shows: whether the dropouts are there, whether the gates are those of 2016, whether the padding is masked. A model can have exactly 213301 parameters and be another model. The next exercise is about one that is.
#
# **To think about.** `nb_words=5000` raises an error in Keras 3. `Embedding(5000, 32)` without its `dropout` raises none. Which of the two mistakes would you rather make?

# %% [markdown] tags=["solution", "E21.1"]
# **Answer.** The first: it costs a minute. The second gives a model that runs, trains, learns the training reviews by heart somewhat faster, and is reported as "the wiki's program, in Keras 3".

# %% [markdown] tags=["slide:D2.18"]
# ### E21.2 Changed without a word
#
# D2.18 once more. Between Keras 1 and Keras 3 the gates of `LSTM` changed, and no argument of the slide's line had to be touched for it. With $a$ for the sum that a gate squashes:
#
# | | function | |
# | --- | --- | --- |
# | Keras 1, the default | $\min(1, \max(0,\ 0.2\,a + 0.5))$ | called `hard_sigmoid` |
# | Keras 3, the default | $1/(1 + e^{-a})$ | called `sigmoid` |
# | Keras 3, on request | $\min(1, \max(0,\ a/6 + 0.5))$ | called `hard_sigmoid` |
#
# The third line is the trap for the careful: who remembers that Keras 1 had `hard_sigmoid` and asks Keras 3 for it by name gets another slope. Sources: `tensorflow_backend.py` of Keras 1.2.2, and the documentation of `keras.activations.hard_sigmoid`.
#
# **Write**
#
# 1. `gate_keras1(a)`, `gate_keras3(a)`, `hard_gate_keras3(a)` for arrays of any shape and numbers of any size.
# 2. `lstm_step(x, h, c, W, U, b, which)`: one step of the cell, blocks stacked in Keras' order i, f, c, o, with the gate function that `which` names: `"keras 1"`, `"keras 3"` or `"keras 3 hard"`. Returns `h, c`. Shapes: `x` $(N, m)$, `h` and `c` $(N, n)$, `W` $(m, 4n)$, `U` $(n, 4n)$, `b` $(4n,)$.
# 3. `same_as_2016`: which line of Keras 3 has the gates of the slide? With `hard = lambda a: keras.ops.clip(0.2 * a + 0.5, 0, 1)`:
#    `"a"` `LSTM(100)`, `"b"` `LSTM(100, recurrent_activation="hard_sigmoid")`, `"c"` `LSTM(100, recurrent_activation=hard)`, `"d"` `LSTM(100, activation=hard)`.
#
# **Checked for:** the three functions on a grid to 1e-7, and far out; one step under each; the letter.


# %% tags=["stub", "E21.2"]
def gate_keras1(a):
    """The gate of Keras 1, entry by entry."""
    return None  # replace this line


def gate_keras3(a):
    """The gate of Keras 3, entry by entry."""
    return None  # replace this line


def hard_gate_keras3(a):
    """What Keras 3 calls hard_sigmoid, entry by entry."""
    return None  # replace this line


def lstm_step(x, h, c, W, U, b, which):
    """One step of an LSTM under "keras 1", "keras 3" or "keras 3 hard": h, c, each (N, n)."""
    return None  # replace this line


same_as_2016 = None  # replace this line: a letter


# %% tags=["solution", "E21.2"]
def gate_keras1(a):
    """The gate of Keras 1, entry by entry."""
    return np.clip(0.2 * a + 0.5, 0.0, 1.0)


def gate_keras3(a):
    """The gate of Keras 3, entry by entry."""
    return 0.5 * (1.0 + np.tanh(0.5 * a))


def hard_gate_keras3(a):
    """What Keras 3 calls hard_sigmoid, entry by entry."""
    return np.clip(a / 6.0 + 0.5, 0.0, 1.0)


def lstm_step(x, h, c, W, U, b, which):
    """One step of an LSTM under "keras 1", "keras 3" or "keras 3 hard": h, c, each (N, n)."""
    gate = {"keras 1": gate_keras1, "keras 3": gate_keras3, "keras 3 hard": hard_gate_keras3}[which]
    a_i, a_f, a_c, a_o = np.split(x @ W + h @ U + b, 4, axis=1)
    c = gate(a_f) * c + gate(a_i) * np.tanh(a_c)
    return gate(a_o) * np.tanh(c), c


same_as_2016 = "c"

# %% tags=["check", "E21.2"]
check("E21.2")

# %% tags=["hint", "E21.2"]
# hint("E21.2", 1)

# %% tags=["figure", "E21.2"]
imdb_keras1.gates(gate_keras1, gate_keras3, hard_gate_keras3)

# %% [markdown]
# The largest difference is 0.076 for the logistic function, at $a = \pm 2.5$, and 0.083 for Keras 3's own hard one. Around 0 the old gate and the logistic function are close: their slopes are 0.2 and 0.25. What matters more than the size is on the outside: the old gate can be **exactly** 0 or 1. A forget gate at 1 keeps a value for ever, and no gradient passes through a gate that is cut off.
#
# How much is that in a whole network? The same weights, forty steps, three gates:

# %% tags=["figure", "E21.2"]
slider(
    lambda spread: imdb_keras1.drift(lstm_step, spread),
    still=imdb_keras1.drift_still(lstm_step),
    spread=(0.25, 3.0, 0.25, 1.0),
)

# %% [markdown]
# The distance is there at the first step and hardly grows: the nets forget their differences as they forget everything else. With small weights all gates hover around one half and it hardly matters; with large ones it does. So weights that were trained in Keras 1 and loaded into Keras 3 give other numbers, without an error. A net that is trained anew adapts to either.
#
# **To think about.** Does the change explain why somebody's Keras 3 version of the program has another F1 than the wiki's?

# %% [markdown] tags=["solution", "E21.2"]
# **Answer.** Not before it is measured: train both, several seeds each, and compare the difference of the means with the spread. `course-kit imdb compare` has a row for each of the two gates. A single run of each proves nothing, whatever it shows; two seeds of *one* program can differ by a hundredth.

# %% [markdown] tags=["slide:D1.35", "slide:D2.20"]
# ## The score
#
# ### E21.4 F1 by batch is not F1
#
# D1.35, *Контрольная работа, п. 6*, item 6 of the control work, asks for the highest F1; D2.20, *Пример кода: fit, evaluate* (Code: training and evaluation), reports accuracy. With TP, FP, FN for hits, false alarms and misses,
#
# $$P = \frac{TP}{TP + FP},\qquad R = \frac{TP}{TP + FN},\qquad F_1 = \frac{2PR}{P+R} = \frac{2\,TP}{2\,TP + FP + FN}.$$
#
# Keras 1 had an F1 for `metrics=[...]`, and Keras 2 took it out. It was computed batch by batch and averaged, as accuracy is. For accuracy that is right: the accuracy of the whole is the mean of the accuracies of equal batches. A ratio with a denominator that depends on the labels is no such mean. What can be added up are the three counts.
#
# **Write**
#
# 1. `add_batch(state, y, chosen)`: `state` is `(tp, fp, fn)` so far, `y` and `chosen` are arrays of 0 and 1; returns the new `(tp, fp, fn)`.
# 2. `f1_of(state)`: F1 of the counts, `0.0` where there is no hit.
# 3. A counter-example: `y_four` and `chosen_four`, four labels and four decisions, in two batches of two, such that the recall of the four is 0.5 and the mean of the recalls of the two batches is 0.25. A batch without positives counts as recall 0.
#
# **Checked for:** the counts; F1, also of nothing; the same F1 for every batching, empty batches too; your counter-example, counted.


# %% tags=["stub", "E21.4"]
def add_batch(state, y, chosen):
    """state = (tp, fp, fn) so far, y and chosen (n,) of 0 and 1; returns tp, fp, fn with this batch."""
    return None  # replace this line


def f1_of(state):
    """F1 of state = (tp, fp, fn): a number, 0.0 without a hit."""
    return None  # replace this line


y_four = None  # replace this line: four labels
chosen_four = None  # replace this line: four decisions


# %% tags=["solution", "E21.4"]
def add_batch(state, y, chosen):
    """state = (tp, fp, fn) so far, y and chosen (n,) of 0 and 1; returns tp, fp, fn with this batch."""
    tp, fp, fn = state
    tp += int(np.sum((y == 1) & (chosen == 1)))
    fp += int(np.sum((y == 0) & (chosen == 1)))
    fn += int(np.sum((y == 1) & (chosen == 0)))
    return tp, fp, fn


def f1_of(state):
    """F1 of state = (tp, fp, fn): a number, 0.0 without a hit."""
    tp, fp, fn = state
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


y_four = [1, 1, 0, 0]
chosen_four = [1, 0, 0, 0]

# %% tags=["check", "E21.4"]
check("E21.4")

# %% tags=["hint", "E21.4"]
# hint("E21.4", 1)

# %% tags=["figure", "E21.4"]
imdb_scores.f1_by_batch(add_batch, f1_of, reviews)

# %% [markdown]
# The decisions are the same at every batch size; only the bookkeeping differs. With small batches most have no positive review in them and count as 0, so the mean is far too low; with a batch size of 256 there are two batches, one of them smaller, and the error is small and still there. The figure does not say that the mean is always too low: put the easy reviews into one small batch and it is too high.
#
# Keras 3 has `keras.metrics.F1Score`, which adds up counts as you did, in 32-bit numbers and with 1e-7 added to each denominator, so that the seventh digit may differ. Both, on five batches:

# %% tags=["figure"]
deal = np.random.default_rng(1)
y, p = (deal.uniform(size=200) < 0.3).astype(int), deal.uniform(size=200)
metric, state = keras.metrics.F1Score(threshold=0.5), (0, 0, 0)
for rows in np.array_split(np.arange(200), [7, 30, 31, 150]):
    metric.update_state(y[rows, None].astype("float32"), p[rows, None].astype("float32"))
    state = add_batch(state, y[rows], (p[rows] > 0.5).astype(int)) if state is not None else None
print("keras.metrics.F1Score:", f"{float(metric.result()[0]):.6f}")
print("yours:                ", "not answered yet" if state is None else f"{f1_of(state) or 0:.6f}")

# %% [markdown]
# **To think about.** Is the mean of F1 over five folds of a cross-validation the F1 of all predictions together?

# %% [markdown] tags=["solution", "E21.4"]
# **Answer.** No, for the same reason. Both numbers are in use, so one has to say which. With folds of equal size and thousands of rows the difference is small; it grows as positives become rare.

# %% [markdown] tags=["slide:D2.20", "slide:D1.35"]
# ### E21.5 Do not validate on the test set
#
# D2.20, *Пример кода: fit, evaluate*. Its `fit` gets the test reviews as `validation_data`, and its last comment admits that other reviews would be better, and that there are none. There are: 25,000 to train on, of which a fifth can be set aside. F1 makes it worse than accuracy would, since it invites to move the threshold: the best of many thresholds on the test set is a number about that test set.
#
# Three parts, then, each with its own right. On **training** data weights are learnt. On **validation** data everything else is chosen: epochs, units, threshold. On **test** data nothing is chosen; they are read once, for the number in the report. And what belongs together, reviews of one film or twins of one pair, goes into one part.
#
# **Write**
#
# 1. `three_way(groups, seed)`: `groups` $(N,)$ says which group each row belongs to. Returns three arrays of row numbers: 60 % of the *groups* to train, 20 % to validate, 20 % to test, dealt by the seed.
# 2. `choose_threshold(y, p)`: a threshold for which F1 of `p >= threshold` is largest.
# 3. `honest_f1(y_val, p_val, y_test, p_test)`: threshold and F1 to report, in this order.
# 4. `what_leaks`: what reaches the reported number in the program of D2.20? `"a"` the weights: `fit` trains on `validation_data` too; `"b"` the choices: whoever looks at the test accuracy after each of seven epochs, changes something and runs again, has chosen by it; `"c"` the batches: `evaluate` with `batch_size=64` averages over the test set; `"d"` nothing.
#
# **Checked for:** disjoint parts, whole groups, sizes, the seed; the best threshold; that it does not move when the *test* labels are exchanged; the letter.


# %% tags=["stub", "E21.5"]
def three_way(groups, seed):
    """Row numbers to train (60 % of the groups), validate (20 %) and test (20 %): three integer arrays."""
    return None  # replace this line


def choose_threshold(y, p):
    """A threshold at which F1 of p >= threshold is largest; y (N,) of 0 and 1, p (N,)."""
    return None  # replace this line


def honest_f1(y_val, p_val, y_test, p_test):
    """threshold, F1: chosen on validation, reported on test."""
    return None  # replace this line


what_leaks = None  # replace this line: a letter


# %% tags=["solution", "E21.5"]
def three_way(groups, seed):
    """Row numbers to train (60 % of the groups), validate (20 %) and test (20 %): three integer arrays."""
    order = np.random.default_rng(seed).permutation(np.unique(groups))
    parts = np.split(order, [round(0.6 * len(order)), round(0.8 * len(order))])
    return tuple(np.flatnonzero(np.isin(groups, part)) for part in parts)


def choose_threshold(y, p):
    """A threshold at which F1 of p >= threshold is largest; y (N,) of 0 and 1, p (N,)."""
    tried = np.unique(p)
    scores = [2 * np.sum((p >= t) & (y == 1)) / (np.sum(p >= t) + np.sum(y == 1)) for t in tried]
    return float(tried[np.argmax(scores)])


def honest_f1(y_val, p_val, y_test, p_test):
    """threshold, F1: chosen on validation, reported on test."""
    threshold = choose_threshold(y_val, p_val)
    chosen = p_test >= threshold
    return threshold, float(2 * np.sum(chosen & (y_test == 1)) / max(np.sum(chosen) + np.sum(y_test == 1), 1))


what_leaks = "b"

# %% tags=["check", "E21.5"]
check("E21.5")

# %% tags=["hint", "E21.5"]
# hint("E21.5", 1)

# %% tags=["figure", "E21.5"]
slider(
    lambda threshold: imdb_scores.threshold_moved(choose_threshold, reviews, threshold),
    still=imdb_scores.thresholds(choose_threshold, reviews),
    threshold=(0.02, 0.98, 0.02, 0.5),
)

# %% [markdown]
# The model is a small one, words and pairs of words with scikit-learn's logistic regression. Move the threshold and watch the point run along the curve on the right. F1 has its top on the left of 0.5, and that is no accident: where a model does not know, calling a review positive costs at most a false alarm and may give a hit, and F1 does not count right rejections at all. Call **everything** positive and half of the reviews
# are hits: precision 1/2, recall 1, $F_1 = 2/3$ without reading a word. Keep that number in mind.
#
# **To think about.** How much better than honest is the best threshold on the test set? What does it depend on?

# %% [markdown] tags=["solution", "E21.5"]
# **Answer.** It can never be worse, so the mean over many test sets is above the honest number. The gain is the more, the smaller the test set and the more choices are made: one threshold on 25,000 reviews gains next to nothing, a threshold, an epoch and a seed on 600 can gain a hundredth or two, which is what papers are written about.

# %% [markdown] tags=["slide:D1.35"]
# ### E21.6 The baseline to beat
#
# D1.35 asks for the highest F1 of an LSTM. The highest compared with what? Keras' own example for these data, from the same year, says of itself in a comment that the data are too small for an LSTM to be of any advantage over counted words with logistic regression. A network that nobody has put beside that says little. So here it is, with runs of up to three neighbouring words, **n-grams**, since single words cannot tell twins apart.
#
# A review is a row $x$ of zeros and ones, one column for each n-gram of the training reviews. With $p_k = \sigma(x_k w + b)$ and labels $y_k$ the weights minimise
#
# $$L(w, b) = -\sum_k \bigl[y_k \ln p_k + (1 - y_k)\ln(1 - p_k)\bigr] + \frac{\lambda}{2}\,|w|^2,\qquad \frac{\partial L}{\partial w} = X^\top (p - y) + \lambda w,\qquad \frac{\partial L}{\partial b} = \sum_k (p_k - y_k),$$
#
# with $X$ $(N, V)$. The objective is convex, so there is one minimum, and whoever goes on to the end finds the same.
#
# **Write**
#
# 1. `ngrams(seq, longest)`: a list of tuples, each run of 1 to `longest` neighbours of the sequence once.
# 2. `bag_of(reviews, columns)`: an array $(N, V)$ of 0 and 1, a column for each n-gram of `columns`.
# 3. `fit_logistic(X, y, lam)`: `w` $(V,)$ and `b`. `scipy.optimize.minimize` with the gradient is the short way.
# 4. `line_f1`: what the cell below the check prints for n-grams of 1 to 3 words, to four digits.
#
# **Checked for:** the n-grams; the table; the minimum to 1e-3, on small data; the line to 1e-3.


# %% tags=["stub", "E21.6"]
def ngrams(seq, longest):
    """All runs of 1 to longest neighbours in seq, as tuples, each once: a list."""
    return None  # replace this line


def bag_of(reviews, columns):
    """(N, V): 1.0 where a review has the n-gram of the column, else 0.0."""
    return None  # replace this line


def fit_logistic(X, y, lam):
    """The minimum of L: w (V,) and b. X (N, V), y (N,) of 0 and 1; b is not penalised."""
    return None  # replace this line


line_f1 = None  # replace this line: a number


# %% tags=["solution", "E21.6"]
def ngrams(seq, longest):
    """All runs of 1 to longest neighbours in seq, as tuples, each once: a list."""
    return list({tuple(seq[k : k + n]) for n in range(1, longest + 1) for k in range(len(seq) - n + 1)})


def bag_of(reviews, columns):
    """(N, V): 1.0 where a review has the n-gram of the column, else 0.0."""
    place, longest = {gram: k for k, gram in enumerate(columns)}, max(map(len, columns))
    X = np.zeros((len(reviews), len(columns)))
    for row, review in zip(X, reviews, strict=True):
        row[[place[gram] for gram in ngrams(review, longest) if gram in place]] = 1.0
    return X


def fit_logistic(X, y, lam):
    """The minimum of L: w (V,) and b. X (N, V), y (N,) of 0 and 1; b is not penalised."""
    from scipy.optimize import minimize
    from scipy.sparse import csr_array

    X = csr_array(X)  # nearly all entries are 0

    def loss_and_gradient(wb):
        w, a = wb[:-1], X @ wb[:-1] + wb[-1]
        error = 0.5 * (1 + np.tanh(a / 2)) - y
        loss = np.logaddexp(0, np.where(y == 1, -a, a)).sum() + lam / 2 * w @ w
        return loss, np.append(X.T @ error + lam * w, error.sum())

    wb = minimize(
        loss_and_gradient,
        np.zeros(X.shape[1] + 1),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-8},
    ).x
    return wb[:-1], float(wb[-1])


line_f1 = 0.7977

# %% tags=["check", "E21.6"]
check("E21.6")

# %% tags=["hint", "E21.6"]
# hint("E21.6", 1)

# %% tags=["figure", "E21.6"]
imdb_scores.line(ngrams, bag_of, fit_logistic, reviews)

# %% [markdown]
# Words alone end where "everybody is positive" does: twins have the same words, so such a model gives both one score and can do no better. Pairs see "not dull" and "is witty", and that is most of what they gain; triples add little. Beyond that the order has to be read across a clause, "I had expected ... and was given ...", or across a sentence, and no n-gram that one could still count reaches that far. The bars are best thresholds on validation data, the line for your model is measured in the same way.
#
# On the real reviews the same recipe is much harder to beat: 0.907 with single words, weighted (measured for this kit; see the end).
#
# **To think about.** Why do pairs of words do so much better than single words here, and so little better on IMDB?

# %% [markdown] tags=["solution", "E21.6"]
# **Answer.** These reviews were made so that single words tell nothing. In real ones they tell nearly all: who writes "awful" seldom means the opposite. A benchmark made for order shows what a recurrent net can do; one that was found shows what it is needed for.

# %% [markdown] tags=["slide:D1.35", "slide:D2.20"]
# ## Your own
#
# ### E21.7 Your model
#
# D1.35, *Контрольная работа, п. 6*; D2.20, *Пример кода: fit, evaluate*. Build any recurrent network of at most **40,000 parameters** that reads 40 numbers and gives a probability, train it with three seeds, and hand in the probabilities. Three points, one for each step above the line of the n-gram model: 0.02, 0.04 and 0.06 of F1. The **lowest** of your three seeds counts, so one lucky run does not help and one unlucky run hurts.
#
# How it is judged, so that nobody has to guess. Your own check counts F1 again on the 600 validation reviews. When your notebook is graded, F1 is counted on 800 **held-out** reviews, whose texts you have and whose labels you do not. Nothing is trained then; what counts are the probabilities that you paste. The judge also counts parameters from the shapes of your weights, compares them with those of `build_model`, looks whether your model sees the order of words at all, and finds the best
# threshold on your validation probabilities: yours must be as good. Somebody could read the held-out reviews and label them by hand. That takes longer than the exercise.
#
# **Write**
#
# 1. `build_model(vocabulary, length)`: a compiled Keras model, numbers $(N, \text{length})$ below `vocabulary` to probabilities $(N, 1)$. Inside it you may use whatever you built in this course.
# 2. `settings` in the training cell: epochs and batch size.
# 3. Run the training cell (a minute or less for the three; an interruption keeps the finished seeds) and the cell below it. Paste the dict that it prints over `my_model = None`. It names thresholds chosen by your `choose_threshold`, mean and spread of the validation F1, and the probabilities in 255 steps as text.
#
# **Checked for:** the model (budget, order, probabilities); thresholds chosen on validation; mean and spread; the three steps.


# %% tags=["stub", "E21.7"]
def build_model(vocabulary, length):
    """A compiled keras.Model: (N, length) integers below vocabulary to (N, 1) probabilities, at most 40,000 parameters."""
    return None  # replace this line


my_model = None  # replace this line: paste what the cell below the training prints


# %% tags=["solution", "E21.7"]
def build_model(vocabulary, length):
    """A compiled keras.Model: (N, length) integers below vocabulary to (N, 1) probabilities, at most 40,000 parameters."""
    model = keras.Sequential(
        [
            keras.Input((length,), dtype="int32"),
            keras.layers.Embedding(vocabulary, 16),
            keras.layers.SpatialDropout1D(0.1),
            keras.layers.LSTM(24),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.01))
    return model


my_model = {
    "for": "93f4ba147ed05c7d",
    "weights": [(177, 16), (16, 96), (24, 96), (96,), (24, 1), (1,)],
    "thresholds": [0.4627450980392157, 0.47058823529411764, 0.10196078431372549],
    "validation_f1": (0.8964, 0.0029),
    "validation": [
        "foEAAHoAAAACBAAABAAAAgAAAgADAAAAAgAAgQAAAAAAAnkAAABTAAAAAAIAAAAABIEAAAMCU2AAAGIAAAB0AAAAAAADAACDAAAAAwAA"
        "jVwAAAMCXpdjY4GXAIoAAAAAhQAAAAAAAAB2AAACAAJtgAAAAHcAAgAAAAEAdAICBAAAXQAAXG4ABACJAFwABHwDAAICAgAAAAAAAH5c"
        "AAACiQMCAAAAAAAAAAAAAAMAYwAAAAIAAIcAAHMAAAB/AACKWwgAAAAAAAAAAAAAAAACXwAAhY2QAmEAgwAAwQAAAwKGAF0AAAIAAAAA"
        "AAACAAMAAABseHx3AG0AdAAAAAAAincAAAAAAAAAAAAAAIJ4gAAAAgAAAnUAAAAAa6MAWwAAAAAAAABaWoJ1AluJdpz+/6X//v/+////"
        "/v7++uz//v/+/////P//hv/+/////lP///6D/v////r/+//+/Fr///32gF38+mf9//97//7//v/3//+J//7/9f/+glz+//7gWopra3WK"
        "/4L+/v//gvv//v////95/v/+/Ox7jv///3n/+/r8///+dv7v//7/Yf//Xqf8/v+J/4b//ozj//76/v//+f79/3aA//35hPf+8////v//"
        "//////7/Zf77//7//3L+/rj///96//9giPz//////v7+//7///v+V///gZSF+mr/i///bv///v6J/3b///70///98//6+ev//v67eH55"
        "/4T/ev78/vX5hnj+/v7////8//7//3l3Xf7//P7/+Lj//v//Y4X7hv/3//////9ci1N3/mGv",
        "gJQAAI8AAAABAQAAAQAAAQEAAQABAAAAAQAAkQAAAAAAAacAAAB9AAAAAAEBAQEBAT0AAAEBnKsAAJsBAACWAAAAAgEBAACUAAAAAQAA"
        "k6EAAAEBmZKkp8CQAI8AAAAAkgEAAAEAAACeAAABAAGZgwAAAJsAAQABAAAAfAEBAQAAqgAAlZIAAQCVAJ8AAY0AAAABAQAAAQAAAIuh"
        "AAABkAEAAwAAAAAAAAAAAAEAmgEBAQEAAJYAAI0AAACoAACvpAEAAAAAAAEAAAAAAAABmQAAlpWIAaUAmgAAmAAAAAGTAJwAAAEBAAAA"
        "AQABAAEAAACbm5SgAJoAnwAAAAAAkJEAAAAAAAABAQAAAJiZngIAAQAAAYkAAAAAmY0AhwABAAAAAACcs6SfAZyWnZP//5T/////////"
        "/v/+////////////////mf////7//4H///+s/////////////53/////uJf//57///+e///+//////+c////////lJ3////+mpSZmYCW"
        "/5T//v//k/////////6i//7///+Ulv///57///7///7+hv//////nf//n5X///+a/6n//5P//////////////4Si////kv///v//////"
        "////////m/7//////5P//43///94//+Nk////v////7/////////n///l5h7/57/iP//kP////96/5z///////////7///////+SmY+e"
        "/5X/j//+//7+k5j///7//v3//////46blv///////5D/////oYj+rf////////+ZkJ2P/5+U",
        "VYcAACwAAAABAgAAAgABAwMBAgACAAAAAwAAVQECAAAAA3oAAABtAAAAAAEABQEDAXgBAAEDXZUDCHoCAACTAQAADgABAwAvAAUAAQAB"
        "TmQAAAEEkjZrfoZMAGEAAAAAewQACAAAAABvAAADAANLBwAAAIEABAADAAABLgIDAwAAfAAANkkCAQBtAH4ABTwDAAEBAwAAEgEAAGBk"
        "AAABZQIBFAAAAAIAAAAAAAQAbgICAAIAAJEAAgwAAABzAABudQQAAAAAAAECAAIAAAIBewAAYZt9AG0AGQAAWAABAQIMAF0AAAICAAEE"
        "AQAABgMAAAB9f5eDAEYBdwAoAAAIXqcAAAAAAAACAAAAAEqbgQQAAQAAAj4BAAAAXmcAhQABAAAAAABOf3tzAlxWdmL//2/////+/f78"
        "/f/479r7//j7/v/+/f/5rf76/////2f+//2O7v////3+tvz+/mbi//7+Z2LD3XH3//9r3vP/vv79wf57//f//f/8ZZf////+aUNiXkJY"
        "/4nG+///Ufn/5v///v9u//v//vo8gv///0//+/zHOP/3eP/8/vX+W///noHh/v9i/2///nbt//7+////td///2hj7vj9fvv++f7++7/+"
        "+v////7/gv7i/////xz/+jf+//9R//Nvgv78//D/+Oz4/9v///b/Z//+flsa/XL/lP//Kv/i/v9+/lz////M//7U4v389fPx//8MRJ1Q"
        "/jjmXP7S8/31Tmn6//L5//+99v///xssbf3//f/8/Sn///79fDH7ZP+R/v////2XV2tl/2lO",
    ],
    "held_out": [
        "/3r/pFj//gAAXAD+/QB//QL+/gAAVW5hAP0A/2L9AP77/wD+AGQD+/8A/gD+/ACw/1D+AgB6AEoAAWQA/gD9dYUAAAAA/qsAbwAAAKIA"
        "AHn/fwD+AgP+/wD/AAMAAAAAAP8C//9j//sAa/sAAPoA/oYA//kAAJb+AJr9AAD/AAAAAAB1/wAAmwBM/377AP///wAA///+APv/AGR1"
        "APwA/wL+AnYC/wAA//x3/lv7AAD//QD/AABmAgACAP4AimT+h/8AgP9p/55XAv4CaQBp///8AAB0AIgCAAD+/gCImQD9eAD+AAAA//+y"
        "A/4CX/4AAAD/AAAA/wDyaAN8AAD///7+APoA/v7///j/gfwAAP//AIL/AP4A//8AAP96Y4L/ogCgg/8A/AB5AG8D/wD++fJ8+vz9AACl"
        "AP+HAP/vfQL+ZP7+/f8A///7AP5pAP///wEAYW///4tpAAD3////AAAA/+P+AP9lAPyGd3oA/v8AAP8AAP8D+wAAeP4Aa/8AAPsAhGT2"
        "/v97e/6W+P77AIAAdP/6hP8CAP4AAPikAAD5Af8DgwP+ZGr/+AD///2IAPtk//7/aAP+hGRVAP+D//7yAP8A/AAAAP4AAAL/AHUAAP7+"
        "/2WMZf8E9Yn/AP8AAP+P/QD4AgAAAPT+YgB5+foAdmqSkf8A//8AW/4A/wACAP/9/mR0/gD/+gB1AADQAP8D/wD/AG///wAAA/8A/58A"
        "g/4C/4OxAAP+9/v+AP8AAAD7AP8C/Yf+AgD//wD7igIA/4n+AHv/+a///wBhggAAaP+M/gD/AP/+AAB7//9pAP//AAAAAAD/iv/+AAAA"
        "AP//AP/6/wBoZQL8iAD///v5dP8AiGn8AJlgggJsAACHbf/9AAD7iXT+hQAB//9l/v4AAABgiQBm//0AAP7/AAD8Avr5/gB6/QCYAAIC"
        "nf7//wD/o17/AP8AXQD8AP8A/wIAe6wBgv8AfWj//wICAAAAAAAA+wD+AAAAiQBlAAMD/v4C/wD+/oFkipR6/mQA/ov7ZIoBZFJxAIf6"
        "/wD/+3r/APYA/wL///18fP8AgAA=",
        "/5L/j3n//wAAlgD//wCI/wH//wAAq5KiAf8B/2X/AP/+/wD/ApsB/v8A/wD//wCh/6D+AQCWAJ8AAJgB/wD/hJsAAAAA/5wAlAAAAJEB"
        "AaL/pgD/AQH//wD/AAEAAAABAP8B//+d//8Amf4BAP4A/5cA//8AAIn/AJv/AQD/AAAAAAGg/wAAjACe/43/AP/+/wEB///+AP//ADmM"
        "AP8A/wH+AZUB/wAB//+c/p/+AAD//wD/AACfAQABAP8AmZn+lf4Bof+j/5uYAf8BnQBw////AACGAZYBAQD//wCJkwD/ngD/AAAC/v//"
        "Af8Bmv8AAAD/AAAA/wCUiwFqAQD//v//A/8A////////gP8AAP//AIn/AP8A//8AAP97s5D/jQCQkv8A/gCdAJwB/wD///+Y//7/AACZ"
        "Af+TAP/+mgH/o/////8B//7/AP6SAP///wEAnpT//46QAAD/////AAAA//7/AP+fAv+qopcB//8AAf8AAP8A/wAAnf8AmP8AAP8Amqf/"
        "//+Sjv6R/v//AJsApv//m/8BAP8AAP+QAAD/Av8BkgH+n6P//wD///+WAv+h//7/iwH/iqWiAP+T/v//AP8B/wAAAP8AAAH/AZcBAP//"
        "/6Ghmv8B/qP/AP8AAP+T/wD+AQAAAP//pQCS//4AkpmQkf8A//8Aqv8A/wABAP///6V//wH//wCeAAH+AP8B/wD/AKD//wABAf8A/54B"
        "kP8B/5ySBAH+////AP8AAAD+AP8B/5X+AQD+/wD+igEA/6T/AIn//pD//gCMpAAAof+U/wD/AP/+AACa//+TAP/+AAABAAD/lP//AAAA"
        "AP//AP///wCjoQH/mAD/////gf8AkqH/AJKHkwGTAAGbk///AAH/lpH+jAIC//+i//8BAACfkgGt//8BAP//AAD/Af///wCj/wCdAAEB"
        "nP///gD/mor/AP8BmAD/Af8A/wEAk48Bm/8AkqL//gEBAAAAAAAA/gH/AAAAkgCoAAEB//8B/wD//4+ikpOS/6AA/37+pLEBpZ2KAJf/"
        "/wD//6H/AP8E/wH///+UmP8AsQA=",
        "/kr+LY///gAAXADw+AYy7gH9/wAAZThnAN4C5WzoAP79/wD7EmoD/f4A/QDz7AB/+XX8AgUaEW0AAGQE/ADvVRYAAAAAwVYAmAAAALQJ"
        "BIH/egH+AgH+/gLvAAEAAAUBAP8E//9s//0AX/0BAP0B/3IA+v0AAFPWAFLvAgH/AAEAAAJn/gAAjwB0/zS2AP//+QQI//7+AO7/EnwQ"
        "ANYB/ALsASQD/gAI//59+Wz7AQD/9wviAQB7AgACAf0AgWf9U/8njdt/83SSAf8CigF3//77AAAiAXoCAQDB+ABkZgHolQD5AAAC/8j+"
        "AfwDbPwAAAD/AAAA/wBscgJRKAD//fz/BfYA//7///3+RO0AANr/ABbyAOoA/v8AAP91aBn/jgAciP8A0gBmAE0B/wD+5+1N++DsAQB9"
        "Ae96Af/8oQDak/D/+v8F1+79AOsrAO34/wEAeD7/+JEJAgCz/tr+AAAA/8/9AP9+A9RzgoUB//8AAfsAAP8BsAAEev4AgP4AAM4AX3P+"
        "/v8wWfxs/vzTARgAbv/0Xv8BAP8AAMdJAAD8BP8BmAHze3f/4wD///eFBMxk//n/dwT/E2+BAP+j///6AP8I+gAAAP4BAAP/AxoFAPX/"
        "/n6Mcf8C/HT3AP8AAP87+wDlAwAAAP72ewBQ+v0AU11Dm/4A/+cfcv8A/wADAPz4ym9V/wH+/gA+AATGAP8B/wD+AH3+/wAHAf8A/3ED"
        "QPYB/zNdBQH6+vv+AP8AAQDWAP8B/D7dAQH+/wH8GgQA/3/+AED+/S7e/QBjaQAAav+J/wD/AP/4AAAm//95AOn6CAAFAAD/Tfv+AAAK"
        "AP3/AP/9/QBojgL+iwD+//3+Wv8AeGToAHN9PgISABRHNP75AQLxNErwYqAB/u1w+P8KAQBmgAJ4//EGAP7/AAD+Af70+wBz/QGKAAEC"
        "Sv/+/wD/QWr/AP8IagD+A/8A3QEOLT4BGPgBI27//wEDAAAAAAAB/QLvAAAAZwBqAAEB/v8C/wH+/059Mn9U/3EA+aj+eXgEenIJAGz9"
        "/wD//qz/AP0E/gP//+svSv8AYQA=",
    ],
}

# %% tags=["figure", "E21.7"]
settings = {"epochs": 8, "batch": 64}
runs = imdb_runs.train(build_model, settings, reviews)

# %% tags=["figure", "E21.7"]
imdb_runs.hand_in(runs, choose_threshold, reviews)

# %% tags=["check", "E21.7"]
check("E21.7")

# %% tags=["hint", "E21.7"]
# hint("E21.7", 1)

# %% tags=["figure", "E21.7"]
imdb_results.learning(runs, line_f1, reviews)

# %% [markdown]
# All curves start near 2/3, where a model that knows nothing ends if its threshold is low enough. Then comes a steep part, in which "not", "although" and "at the end" are learnt one after the other, and a flat one at 0.89 or so. There is a reason for the height of the flat part. In a fifth of the reviews two people disagree and the writer sides with one of them two sentences later: "I do not agree with the usher". The LSTM above is right about
# nearly all others and guesses here (measured when this was written, LSTM(32) and 24 epochs: 0.50 to 0.54 of them right, after whichever epoch). Dotted, the three steps. The curves are on validation reviews, whose labels choose the threshold; the next figure is on test reviews, which chose nothing.

# %% tags=["figure", "E21.7"]
imdb_results.precision_recall(runs, choose_threshold, reviews)

# %% tags=["figure", "E21.7"]
imdb_results.spread(runs, choose_threshold, reviews)

# %% [markdown]
# Up to a recall of 0.8 the precision is 1 or nearly so: four of the five kinds. Then comes the fifth, and with it the fall. The points lie near the right end, since F1 gains more from the hits among the doubtful reviews than it loses by the false alarms. The thresholds of the three seeds differ much more than their F1: probabilities of a net that was trained to the end are nearly all 0 or 1, so a wide range of thresholds does the same.
#
# **To think about.** What would a network need to get the last fifth right, and what would be the cheapest way to give it more examples of it?

# %% [markdown] tags=["solution", "E21.7"]
# **Answer.** It has to keep two names with an opinion each until a third mention says which counts: memory with an address. Some 450 training reviews are of that kind, for 30 ordered pairs of people, so a pair is seen fifteen times, half of them with each label. The cheap way is to deal the names anew in each epoch, "my sister" for "the usher" and back throughout a review: the label stays. Measured when this was written, LSTM(32), on the test reviews, threshold 0.5: after 30 epochs 0.58 of these reviews right and F1 0.918, against 0.54 and 0.906 after 24 epochs without. It helps, slowly.

# %% [markdown]
# ## The real reviews
#
# If the archive is at hand, by the variable `COURSE_KIT_IMDB` or in Keras' cache, the next cell reads it as D2.16 does: 5000 numbers, 80 steps. Nothing is downloaded. Where it is not, here is what the cell says of it (measured on the public archive): the median training review has 176 words, and 92 % of all lose their beginning, since 80 steps hold the start and 79 words.

# %% tags=["figure"]
real = imdb_reviews.real_reviews()

# %% [markdown]
# Your own model on the real reviews, one seed, some minutes. Its labels are public, so it is reported and not graded; and the F1 that comes out, unlike those above, may be called IMDB's.

# %% tags=["figure"]
# real_runs = imdb_runs.train(build_model, settings, real, seeds=(0,)) if real else []
# imdb_results.spread(real_runs, choose_threshold, real)

# %% [markdown]
# What is due there is known: TF-IDF with logistic regression has F1 0.907 on the 25,000 test reviews, n-grams weighted by naive Bayes 0.918, the program of the slides 0.840 (0.835 to 0.845, three seeds). The kit goes on from the command line, with a table that puts all of them beside networks that pass them:
#
# ```
# course-kit imdb compare --data aclImdb_v1.tar.gz     the whole table, three seeds each
# course-kit imdb train --data aclImdb_v1.tar.gz       the best network, into a folder with curves, mistakes and the model
# ```
#
# `docs/imdb-log.md` of the kit tells what was tried for the highest F1, failures included. Item 6 of the control work (notebook 22, E22.6) asks you for such a log of your own.

# %% tags=["figure"]
progress()
