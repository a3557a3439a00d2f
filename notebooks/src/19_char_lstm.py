# %% [markdown]
# # 19 A network that writes, one character at a time
#
# After this notebook you can
#
# - cut a text into batches whose rows go on from one batch to the next, and say why that matters for an LSTM (long short-term memory),
# - say what a model of text must beat, in nats and as a perplexity, and compute what counting pays,
# - build, train and measure a character model in Keras, and let it write with a temperature and a carried state,
# - read TensorFlow's data-flow graph,
# - solve the three problems of the assignment behind the lecture: one product for four gates, pairs as inputs, words turned round.
#
# Slides: D5.18-D5.20, and of D4.4 the question of what an output is. Time: about two and a half hours. Before it: notebooks 08 (the LSTM) and 17
# (embedding and dropout).

# %% tags=["setup"]
import time

import numpy as np

from course_kit import check, hint, progress
from course_kit.datasets.text import load
from course_kit.plots import characters, characters_draws, slider
from course_kit.quiet import quiet_tensorflow

quiet_tensorflow()

# %% [markdown]
# ## A text that every Python has
#
# The demonstration of D5.18 predicts a text character by character. Which text it was, the slide does not say; the assignment of D5.20 uses text8, the first hundred million characters of an English Wikipedia of 2006, reduced
# to small letters and spaces. Here the default is a text that needs no download: Python carries the documentation of its own keywords and operators along, so that `help("if")` works without a network. It is put into text8's alphabet.
# Any other text works as well: `load("text8.zip")`, `load("book.txt")`, and with `characters="all"` capitals and commas stay.

# %%
text = load()
print(text.source)
print()
print(text.train[101:401])

# %% [markdown]
# Two things were done to it that change every number below. The topics repeat each other: a fifth of the paragraphs stand in two of them or more, and a text of which the end repeats the beginning has no end that one could hold out. Each paragraph
# is kept once. And the last tenth is *held out*: nothing below learns from it, and what a model is worth is measured there. Your Python may be another version than the one that this was written with, so your numbers may differ in the second digit.

# %% [markdown] tags=["slide:D5.18", "slide:D5.20"]
# ## From letters to numbers
#
# ### E19.1 Characters to batches
#
# D5.18, *Демонстрация: применение LSTM для посимвольного предсказания текста с использованием TensorFlow* (Demonstration: character-level prediction with LSTM in TensorFlow); D5.20, *Udacity Deep Learning, Assignment 6*
# (Udacity assignment 6, 6_lstm.ipynb).
#
# A model of characters does not need to be told what a word is. It reads the symbol $x_t$, a number from $0$ to $S-1$ where $S$ is the size of the vocabulary, and says which comes next. So the target is the text itself, one place on: $y_t = x_{t+1}$.
#
# The text is one line of a few hundred thousand steps, far too long for one gradient. It is cut into pieces of $T$ steps, and gradients end at a piece's beginning (notebook 07). But the *state* need not end there. If the next batch begins where the last one ended, $h$ and $c$ can be handed over, and the network remembers further
# than it learns. Keras calls this `stateful=True`, and it has one condition which Keras cannot check: row $r$ of batch $k+1$ must continue row $r$ of batch $k$. So the text is first cut into $N$ long rows, and only then into batches.
#
# **Write**
#
# 1. `vocabulary(text)`: the distinct characters, sorted, as one text of $S$ characters.
# 2. `encode(text, symbols)` and `decode(ids, symbols)`: from a text to an integer array $(L,)$ of places in `symbols`, and back to a text.
# 3. `batches(ids, N, T)`: two arrays, `x` and `y`, of shape $(K, N, T)$. `x[k, r]` are $T$ characters, `x[k + 1, r]` the next $T$ of the same row, and `y` is what follows each of `x`. Row $r$ begins at $r K T$. $K$ is as large as the text allows, given that the last character of the last row needs a target too; the rest is dropped.
#
# **Checked for:** the vocabulary of a text with letters of two scripts; there and back; every number of every batch; texts that fit exactly, and one character short of it.


# %% tags=["stub", "E19.1"]
def vocabulary(text):
    """The distinct characters of a text, sorted, as one text."""
    return None  # replace this line


def encode(text, symbols):
    """The place of each character in symbols, (L,) integers."""
    return None  # replace this line


def decode(ids, symbols):
    """The text whose characters stand at these places of symbols."""
    return None  # replace this line


def batches(ids, N, T):
    """x and y (K, N, T) from ids (L,): rows that go on from batch to batch, and what follows each character."""
    return None  # replace this line


# %% tags=["solution", "E19.1"]
def vocabulary(text):
    """The distinct characters of a text, sorted, as one text."""
    return "".join(sorted(set(text)))


def encode(text, symbols):
    """The place of each character in symbols, (L,) integers."""
    place = {symbol: k for k, symbol in enumerate(symbols)}
    return np.array([place[c] for c in text])


def decode(ids, symbols):
    """The text whose characters stand at these places of symbols."""
    return "".join(symbols[k] for k in ids)


def batches(ids, N, T):
    """x and y (K, N, T) from ids (L,): rows that go on from batch to batch, and what follows each character."""
    K = (len(ids) - 1) // (N * T)

    def cut(part):
        return part[: N * K * T].reshape(N, K, T).swapaxes(0, 1)

    return cut(ids[:-1]), cut(ids[1:])


# %% tags=["check", "E19.1"]
check("E19.1")

# %% tags=["hint", "E19.1"]
# hint("E19.1", 1)

# %% tags=["figure", "E19.1"]
characters.rows(batches)

# %% [markdown]
# Put a finger on row 0 and read on across the gap between the batches: it is one line of text. So is row 1, which begins somewhere in the middle. If instead the sentence reads on *downwards*, from row 0 to row 1 of the same batch, the text was cut into pieces first, and a stateful network would be handed the memory of another
# place. Nothing would fail: the loss would only be a little worse, for ever. What the figure does not show are the targets.
#
# **To think about.** `fit` shuffles its batches unless it is told not to. What does that do to a stateful model, and what to one that is not?

# %% [markdown] tags=["solution", "E19.1"]
# **Answer.** To a model that starts each piece from zeros, order is nothing, and shuffling even helps. A stateful model gets a state that belongs to another place of the text: so `shuffle=False`, and at the start of each pass `reset_states()`.

# %% [markdown]
# For the rest of the notebook the kit's own numbering is used, which is the same.

# %%
from course_kit.models.characters import batches as kit_batches

symbols = text.symbols
S = len(symbols)
train, held_out = (kit_batches.encode(part, symbols) for part in (text.train, text.held_out))
print(f"S = {S}: {symbols!r}; {len(train):,} characters to learn from, {len(held_out):,} held out")


def attempt(function, *given):
    """What function(*given) returns; where it cannot, the reason is printed and None comes back."""
    try:
        return function(*given)
    except Exception as error:
        print(f"{type(error).__name__}: {error}".splitlines()[0])


# %% [markdown] tags=["slide:D5.20"]
# ## What counting can do
#
# ### E19.2 What must be beaten
#
# D5.20, *Udacity Deep Learning, Assignment 6* (Udacity assignment 6, 6_lstm.ipynb).
#
# A loss of 1.6 means nothing by itself. What is it to be compared with? A model that gave probability $P(x_t)$ to what came pays $-\ln P(x_t)$ *nats* for it. One that knows nothing gives $1/S$ to each symbol and pays $\ln S$. The next better one looks at one character before. Let $n(a, b)$ be how often $b$ stood right behind $a$, and $n(a)$ the sum over $b$.
# Then it gives $n(a,b)/n(a)$, and on the text that it was counted on it pays on average
#
# $$H = -\frac{1}{L-1} \sum_{a, b} n(a, b)\, \ln \frac{n(a, b)}{n(a)},$$
#
# with $L$ characters, that is $L-1$ pairs. A recurrent network that cannot pass $H$ has learned nothing that needs a memory: a table of $S^2$ numbers does the same.
#
# **Write** `uniform_nats(S)` and `bigram_nats(ids, S)`, each one number.
#
# **Checked for:** both numbers; pairs that never came; a symbol that never came.


# %% tags=["stub", "E19.2"]
def uniform_nats(S):
    """What a character costs that is one of S, all equally likely."""
    return None  # replace this line


def bigram_nats(ids, S):
    """What a character costs on average if its predecessor is known: ids (L,), counted on ids themselves."""
    return None  # replace this line


# %% tags=["solution", "E19.2"]
def uniform_nats(S):
    """What a character costs that is one of S, all equally likely."""
    return np.log(S)


def bigram_nats(ids, S):
    """What a character costs on average if its predecessor is known: ids (L,), counted on ids themselves."""
    n = np.zeros((S, S))
    np.add.at(n, (ids[:-1], ids[1:]), 1)
    rows = np.broadcast_to(n.sum(axis=1, keepdims=True), n.shape)
    came = n > 0
    return -(n[came] * np.log(n[came] / rows[came])).sum() / n.sum()


# %% tags=["check", "E19.2"]
check("E19.2")

# %% tags=["hint", "E19.2"]
# hint("E19.2", 1)

# %% tags=["figure", "E19.2"]
characters.costs(uniform_nats, bigram_nats, train, S)

# %% [markdown]
# The middle bar is the same text with its characters shuffled. Nothing follows from a neighbour there, and the pairs pay what the letters' frequencies pay. The difference to the lowest bar is what one neighbour knows, the mutual information of notebook 01. What the figure does not show is whether this holds on text that was not counted: here the pairs are judged on what they
# were made from. With $27^2$ numbers from a quarter of a million pairs that does little harm, and E19.11 says how little.
#
# **To think about.** $e^{H}$ is called the perplexity. What does $H = \ln 27$ give, and what does a perplexity of 10 mean?

# %% [markdown] tags=["solution", "E19.2"]
# **Answer.** 27. A perplexity of 10 means that the model is, on average (a geometric mean), as unsure as one who picks among ten equally likely characters. It is a way to write nats that needs no logarithm to be understood.

# %% [markdown] tags=["slide:D5.18"]
# ## A network that counts better
#
# ### E19.3 The model
#
# D5.18, *Демонстрация: применение LSTM для посимвольного предсказания текста с использованием TensorFlow* (Demonstration: character-level prediction with LSTM in TensorFlow).
#
# Three layers, each of which you have met:
#
# $$e_t = E_{x_t}, \qquad (h_t, c_t) = \mathrm{LSTM}(e_t, h_{t-1}, c_{t-1}), \qquad a_t = h_t V + b_y,$$
#
# with $E\ (S, d)$, the LSTM's $W\ (d, 4n)$, $U\ (n, 4n)$, $b\ (4n,)$, and $V\ (n, S)$, $b_y\ (S,)$. The $a_t$ are *scores* (logits), and $P(\text{next} = s) = \mathrm{softmax}(a_t)_s$. The softmax is left to the loss, which then computes the logarithm without rounding a small probability to 0.
#
# Before a model is trained for minutes, it should learn a single batch by heart. If it cannot do that in seconds, something is wired wrong, and nothing else would tell so soon.
#
# **Write**
#
# 1. `build_model(S, d, n)`: the Keras model, from integers $(N, T)$ to scores $(N, T, S)$; $T$ is left open.
# 2. `count_weights(S, d, n)`: how many numbers it has to learn, as a formula.
# 3. `overfit(model, x, y, steps)`: compile the model and train it for `steps` steps on this one batch, in place. It may return the model.
#
# **Checked for:** layers and shapes; the scores with given weights; the count; a batch of 4 rows and 12 steps, which must be known with a loss below 0.2 nats after 100 steps (the check computes the loss itself; Adam with a rate of 0.02 is at about 0.01 by then).

# %%
import keras
from keras import ops


# %% tags=["stub", "E19.3"]
def build_model(S, d, n):
    """Embedding (S, d), LSTM with n units, S scores at every step: integers (N, T) to (N, T, S)."""
    return None  # replace this line


def count_weights(S, d, n):
    """How many numbers the model learns."""
    return None  # replace this line


def overfit(model, x, y, steps):
    """Train the model on the batch x, y (N, T) for so many steps."""
    return None  # replace this line


# %% tags=["solution", "E19.3"]
def build_model(S, d, n):
    """Embedding (S, d), LSTM with n units, S scores at every step: integers (N, T) to (N, T, S)."""
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(S, d),
            keras.layers.LSTM(n, return_sequences=True),
            keras.layers.Dense(S),
        ]
    )


def count_weights(S, d, n):
    """How many numbers the model learns."""
    return S * d + 4 * (n * n + d * n + n) + n * S + S


def overfit(model, x, y, steps):
    """Train the model on the batch x, y (N, T) for so many steps."""
    model.compile(keras.optimizers.Adam(0.02), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    for _ in range(steps):
        model.train_on_batch(x, y)
    return model


# %% tags=["check", "E19.3"]
check("E19.3")

# %% tags=["hint", "E19.3"]
# hint("E19.3", 1)

# %% [markdown]
# Now with a little more of everything: 64 units, three passes over 120 000 characters. The model is yours, and the state is dropped between batches (it is not stateful), so the network sees at most 50 characters back.

# %% tags=["figure", "E19.3"]
keras.utils.set_random_seed(19)
model = attempt(build_model, S, 32, 64)
small = None
if not isinstance(model, keras.Model):
    print("Answer E19.3 first: this cell trains your model.")
else:
    x, y = (a.reshape(-1, 50) for a in kit_batches.in_rows(train[:120_001], S, 16, 50))
    model.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    small, order = [], np.random.default_rng(19)
    started = time.perf_counter()
    for chosen in (c for _ in range(3) for c in np.array_split(order.permutation(len(x)), len(x) // 32)):
        loss = attempt(model.train_on_batch, x[chosen], y[chosen])
        if loss is None:
            break
        small.append(float(loss))
    print(f"{len(small)} batches in {time.perf_counter() - started:.0f} s, {model.count_params():,} weights")

# %% tags=["figure", "E19.3"]
from course_kit.models.characters.ngrams import Ngrams

bars = {
    "equal shares": float(np.log(S)),
    "letters": Ngrams(train, S, 1).nats(train),
    "pairs": Ngrams(train, S, 2).nats(train),
}
characters.learning({"your model": small}, bars) if small else print("The curve appears when E19.3 is answered.")

# %% [markdown]
# In the first ten batches the curve falls from equal shares to the frequencies of letters; for that the bias $b_y$ is enough. It takes some sixty to come down to the pairs, and then it goes below them, which no table of pairs can. What the figure does not show is text that is held out: for that see E19.5.
#
# **To think about.** The batch of the check could be known by heart completely. What if two of its four rows began with the same character and went on differently?

# %% [markdown] tags=["solution", "E19.3"]
# **Answer.** Then nothing could tell the rows apart at their first step, for both states are zero and both inputs are the same. The best the model can do is to give one half to each of the two, which costs $\ln 2$ at two of 48 places: a loss of 0.029 that no training takes away.

# %% [markdown] tags=["slide:D5.18"]
# ### E19.5 Better than bigrams?
#
# D5.18, *Демонстрация: применение LSTM для посимвольного предсказания текста с использованием TensorFlow* (Demonstration: character-level prediction with LSTM in TensorFlow).
#
# (E19.4 comes after this one: first measure, then play.) The scores $a$ have shape $(N, T, S)$, the targets $y$ $(N, T)$. The cross-entropy is the mean over all places
#
# $$\ell = \frac{1}{NT}\sum_{n,t} \Bigl(\ln \sum_s e^{a_{nts}} - a_{nt\,y_{nt}}\Bigr), \qquad \text{perplexity} = e^{\ell}.$$
#
# **Write** `cross_entropy(logits, targets)` and `perplexity(nats)`, and `verdict(logits, targets, bar)`, which returns `{"nats": ..., "perplexity": ..., "below": ...}` with `below` True if the loss is below `bar`, which is in nats.
#
# **Checked for:** the loss of random scores; scores of many hundreds, where $e^{a}$ is too large for a float; the perplexity; bars close above and close below the loss.


# %% tags=["stub", "E19.5"]
def cross_entropy(logits, targets):
    """Mean of -ln softmax(logits) at the targets: logits (N, T, S), targets (N, T); in nats."""
    return None  # replace this line


def perplexity(nats):
    """Among how many equally likely symbols one guesses."""
    return None  # replace this line


def verdict(logits, targets, bar):
    """{"nats": loss, "perplexity": its perplexity, "below": whether the loss is below the bar, in nats}"""
    return None  # replace this line


# %% tags=["solution", "E19.5"]
def cross_entropy(logits, targets):
    """Mean of -ln softmax(logits) at the targets: logits (N, T, S), targets (N, T); in nats."""
    a = logits - logits.max(axis=-1, keepdims=True)
    came = np.take_along_axis(a, targets[..., None], axis=-1)[..., 0]
    return (np.log(np.exp(a).sum(axis=-1)) - came).mean()


def perplexity(nats):
    """Among how many equally likely symbols one guesses."""
    return np.exp(nats)


def verdict(logits, targets, bar):
    """{"nats": loss, "perplexity": its perplexity, "below": whether the loss is below the bar, in nats}"""
    nats = float(cross_entropy(logits, targets))
    return {"nats": nats, "perplexity": float(perplexity(nats)), "below": nats < bar}


# %% tags=["check", "E19.5"]
check("E19.5")

# %% tags=["hint", "E19.5"]
# hint("E19.5", 1)

# %% [markdown]
# Two networks are put to the held-out text: yours of E19.3, which has learned for seconds, and one that the kit ships, which has learned for minutes: 192 units, stateful, twelve passes over the whole text (`data/make_character_model.py`). The bar is what pairs, smoothed as in E19.11, pay on the same held-out text.

# %% tags=["figure", "E19.5"]
from course_kit.models.characters import network, saved

net = saved.load()
print("the shipped network:", net.source)
readable = np.array([net.symbols.index(c) for c in text.held_out if c in net.symbols])
bar = Ngrams(train, S, 2).nats(held_out)


def scores(model, ids):
    x, y = kit_batches.in_rows(ids, S, 4, (len(ids) - 1) // 4)
    return np.asarray(model.predict_on_batch(x), dtype=float), y


tried = {"LSTM(192), shipped": (network.model_of(net), readable)}
if small:
    tried["LSTM(64), yours"] = (model, held_out)
measured = {}
for name, (one, ids) in tried.items():
    found = attempt(verdict, *scores(one, ids), bar)
    if isinstance(found, dict) and {"nats", "perplexity", "below"} <= set(found):
        measured[name] = found
        print(
            f"{name:20s} {found['nats']:.3f} nats, perplexity {found['perplexity']:.2f}, below the pairs' {bar:.3f}: {found['below']}"
        )

# %% tags=["figure", "E19.5"]
known = {"equal shares": S, "unigrams": np.exp(Ngrams(train, S, 1).nats(held_out)), "bigrams": np.exp(bar)}
characters.perplexities(
    known | {name: found["perplexity"] for name, found in reversed(measured.items())}
) if measured else print("The figure appears when E19.5 is answered.")

# %% [markdown]
# Each bar is a number of characters among which one would have to guess blindly. A bigram model brings it from 27 to about 10; the small network, after a few seconds, to about 6; the shipped one to a bit more than 3. What the figure does not show is that counting has not been given a fair chance yet: nobody said that a table must stop at pairs. E19.11 asks how far counting goes.
#
# One caution about the shipped network: its text was that of the Python version that its source names. If yours is another one, parts of your held-out text may have stood in its training text, and its number is too good.
#
# **To think about.** A model's loss on the held-out text is 0.2 nats above that on the training text. What would you change first: more units, more dropout, or more text?

# %% [markdown] tags=["solution", "E19.5"]
# **Answer.** The gap says that it has learned things of the training text that do not hold elsewhere. More units make this worse. More dropout makes the gap smaller, and may or may not make the held-out loss smaller, which alone counts. More text is the remedy that cannot fail, where it can be had.

# %% [markdown] tags=["slide:D4.4", "slide:D5.20"]
# ## Letting it write
#
# ### E19.4 Temperature
#
# D4.4, *Последовательности* (Sequences); D5.20, *Udacity Deep Learning, Assignment 6* (Udacity assignment 6, 6_lstm.ipynb).
#
# D4.4 shows a sentence below a picture and a line of handwriting, and both came out of a network. What a network gives is neither: it is a distribution over the next character, and to write, one has to *draw* from it. The draw can be made bolder or more careful by a temperature $\tau$:
#
# $$P_\tau = \mathrm{softmax}(a / \tau).$$
#
# At $\tau = 1$ these are the model's own probabilities. For $\tau \to 0$ all goes to the largest score, for $\tau \to \infty$ all shares become equal.
#
# To draw, lay the probabilities end to end in the order of the symbols; they reach from 0 to 1. A number $u$, uniform in $[0, 1)$, falls into one of the pieces. If it falls on a border it belongs to the piece that begins there.
#
# **Write**
#
# 1. `tempered(logits, tau)`: `logits` $(S,)$; returns the distribution $(S,)$. For `tau == 0` it is 1 at the largest score and 0 elsewhere.
# 2. `pick(p, u)`: the number of the symbol that $u$ falls on.
# 3. `draws(logits, tau, count, seed)`: `count` symbols drawn at temperature `tau`, as integers $(count,)$; the same seed gives the same symbols.
#
# **Checked for:** $\tau = 0.5, 1, 2$; $\tau$ near 0 and at 0, scores near 2000; single draws, on both sides of a border; 8000 draws twice.


# %% tags=["stub", "E19.4"]
def tempered(logits, tau):
    """softmax(logits / tau) (S,); for tau == 0 all of it on the largest score."""
    return None  # replace this line


def pick(p, u):
    """The symbol on whose piece the number u in [0, 1) falls; p (S,) are the pieces' lengths."""
    return None  # replace this line


def draws(logits, tau, count, seed):
    """count symbols drawn at the temperature tau, (count,) integers; the same seed gives the same ones."""
    return None  # replace this line


# %% tags=["solution", "E19.4"]
def tempered(logits, tau):
    """softmax(logits / tau) (S,); for tau == 0 all of it on the largest score."""
    if tau == 0:
        return np.eye(len(logits))[logits.argmax()]
    a = np.exp((logits - logits.max()) / tau)
    return a / a.sum()


def pick(p, u):
    """The symbol on whose piece the number u in [0, 1) falls; p (S,) are the pieces' lengths."""
    # Rounding may leave the sum a hair below 1.
    return min(int(np.searchsorted(np.cumsum(p), u, side="right")), len(p) - 1)


def draws(logits, tau, count, seed):
    """count symbols drawn at the temperature tau, (count,) integers; the same seed gives the same ones."""
    p, rng = tempered(logits, tau), np.random.default_rng(seed)
    return np.array([pick(p, u) for u in rng.random(count)])


# %% tags=["check", "E19.4"]
check("E19.4")

# %% tags=["hint", "E19.4"]
# hint("E19.4", 1)

# %% [markdown]
# The shipped network has read "the function re". What does it expect next? Move the slider.

# %% tags=["figure", "E19.4"]
net = saved.load()
after, _ = net.read("the function re")
slider(
    lambda tau: characters_draws.temperature(tempered, after[-1], net.symbols, tau),
    characters_draws.temperature_still(tempered, after[-1], net.symbols),
    tau=(0.1, 2.0, 0.1, 0.7),
)

# %% [markdown]
# Dividing the scores leaves their order as it is. What changes is how far the first is ahead: the ratio of two probabilities is raised to the power $1/\tau$. What the figure does not show is what this does to a whole text, where one odd character changes all that follows. So let it write.


# %% tags=["figure", "E19.4"]
def written(net, prompt, tau, length, seed):
    logits, state = net.read(prompt)
    scores, out, rng = logits[-1], [], np.random.default_rng(seed)
    for _ in range(length):
        k = pick(tempered(scores.astype(float), tau), rng.random())
        out.append(net.symbols[k])
        scores, state = net.step(k, state)
    return "".join(out)


for tau in (0.3, 0.7, 1.2):
    found = attempt(written, net, "the function re", tau, 230, 4)
    print(f"tau = {tau}:  the function re|{found}\n" if found else f"tau = {tau}: answer E19.4 first.")

# %% [markdown]
# In a terminal, `course-kit characters sample --temperature 0.7 --prompt "the function re"` does this character by character, without TensorFlow, and `--length 0` goes on until Ctrl-C. Cold, the text is all words of the documentation, and soon the same ones again. Hot, words appear that nobody has ever written. In between the sentences have the sound of sense, and none.
#
# **To think about.** Is there a temperature at which the *text* has the loss that the model has on real text?

# %% [markdown] tags=["solution", "E19.4"]
# **Answer.** At $\tau = 1$ the model draws from its own distribution, and then the expected cost of what it writes is the entropy of that distribution. If the model is well calibrated, that is close to the cross-entropy on real text. Below 1 the text is more predictable to the model than real text is: it is too sure of what it writes, which is what makes it dull.

# %% [markdown] tags=["slide:D5.20"]
# ### E19.7 Step by step
#
# D5.20, *Udacity Deep Learning, Assignment 6* (Udacity assignment 6, 6_lstm.ipynb).
#
# To write, the network reads one character at a time, and what makes it more than a table of pairs is what it carries from one to the next: $h$ and $c$. Here is the model of E19.3 once more, for one character $k$ and without a batch:
#
# $$a = E_k W + h U + b, \quad i, f, \tilde c, o = \sigma(a_i), \sigma(a_f), \tanh(a_c), \sigma(a_o), \quad c' = f \odot c + i \odot \tilde c, \quad h' = o \odot \tanh(c'), \quad P = \mathrm{softmax}(h' V + b_y).$$
#
# $h$ and $c$ are $(n,)$, the blocks of $a$ stand in Keras' order i, f, c, o, and $P$ is $(S,)$.
#
# **Write**
#
# 1. `step(k, h, c, E, W, U, b, V, b_y)`: returns `P, h, c`, the new ones.
# 2. `walk(ids, E, W, U, b, V, b_y)`: reads `ids` $(T,)$ one by one, from $h = c = 0$, and returns all $P$, $(T, S)$.
# 3. `write(first, u, E, W, U, b, V, b_y)`: reads the character `first`, picks the next one with `u[0]` as in E19.4 at $\tau = 1$, reads *that*, and so on; returns the `len(u)` characters picked, as integers.
#
# **Checked for:** a step from a state that is not zero; the probabilities of a whole sequence read at once, to $10^{-9}$; thirty characters written with given $u$.


# %% tags=["stub", "E19.7"]
def step(k, h, c, E, W, U, b, V, b_y):
    """Read the character k: returns P (S,) of the next one, and the new h and c (n,)."""
    return None  # replace this line


def walk(ids, E, W, U, b, V, b_y):
    """P (T, S) after each of ids (T,), from h = c = 0."""
    return None  # replace this line


def write(first, u, E, W, U, b, V, b_y):
    """len(u) characters, each picked by its number of u, after the character first was read from h = c = 0."""
    return None  # replace this line


# %% tags=["solution", "E19.7"]
def step(k, h, c, E, W, U, b, V, b_y):
    """Read the character k: returns P (S,) of the next one, and the new h and c (n,)."""
    i, f, c_tilde, o = np.split(E[k] @ W + h @ U + b, 4)
    i, f, o = (0.5 * (1 + np.tanh(0.5 * gate)) for gate in (i, f, o))
    c = f * c + i * np.tanh(c_tilde)
    h = o * np.tanh(c)
    scores = h @ V + b_y
    P = np.exp(scores - scores.max())
    return P / P.sum(), h, c


def walk(ids, E, W, U, b, V, b_y):
    """P (T, S) after each of ids (T,), from h = c = 0."""
    h = c = np.zeros(len(U))
    found = []
    for k in ids:
        P, h, c = step(k, h, c, E, W, U, b, V, b_y)
        found.append(P)
    return np.stack(found)


def write(first, u, E, W, U, b, V, b_y):
    """len(u) characters, each picked by its number of u, after the character first was read from h = c = 0."""
    h = c = np.zeros(len(U))
    k, out = first, []
    for number in u:
        P, h, c = step(k, h, c, E, W, U, b, V, b_y)
        k = min(int(np.searchsorted(np.cumsum(P), number, side="right")), len(P) - 1)
        out.append(k)
    return np.array(out)


# %% tags=["check", "E19.7"]
check("E19.7")

# %% tags=["hint", "E19.7"]
# hint("E19.7", 1)

# %% [markdown]
# The same with Keras, which reads the whole line at once, in 32 bits.

# %% tags=["figure", "E19.7"]
LINE = "the value returned by the method is "
weights = tuple(getattr(net, name).astype(float) for name in ("E", "W", "U", "b", "V", "b_y"))
ids = kit_batches.encode(LINE, net.symbols)
at_once = ops.convert_to_numpy(ops.softmax(network.model_of(net)(ids[None])))[0]
mine = attempt(walk, ids, *weights)
if np.shape(mine) != at_once.shape:
    print("Answer E19.7 first.")
else:
    print(f"largest difference between your steps and Keras' whole line: {np.abs(mine - at_once).max():.1e}")

# %% tags=["figure", "E19.7"]
characters.along(walk, weights, net.symbols, LINE)

# %% [markdown]
# With its state forgotten after each character the network is at best a table of pairs, and not a good one, for it never learned to be one. With the state it is sure of most endings: look where a word can be nothing else, and where a new one begins, which nobody can know. What the figure does not show is where in $h$ and $c$ the beginning of the word is kept.
#
# **To think about.** In Keras, `predict` on a model that is not stateful starts from zeros at each call. What does a program pay that writes 400 characters by handing the whole text so far to `predict` each time?

# %% [markdown] tags=["solution", "E19.7"]
# **Answer.** It writes the right thing, but reads $1 + 2 + \dots + 400 \approx 80\,000$ characters instead of 400. And it is a common slip to hand over only the last character, without the state: fast, and wrong.

# %% [markdown] tags=["slide:D5.19"]
# ## What TensorFlow made of it
#
# ### E19.6 Data-flow graph
#
# D5.19, *About TensorFlow* (About TensorFlow).
#
# The slide says what the name means: a program is a graph, its nodes are operations, its edges are the tensors that flow between them. When the slide was made one had to draw that graph by hand. Today `tf.function` runs a Python function once with symbols in place of numbers and notes what was done to them; after that the function itself is not
# run again, only the graph.
#
# In `tf.function(f).get_concrete_function(...)` the arguments are specifications such as `tf.TensorSpec((), tf.float32)`, one number whose value is still open. The result has a `.graph`, and `graph.get_operations()` lists its nodes in the order in which they were made. An op has a `.type`, a `.name` and `.inputs`; each input is a tensor, whose `.op` made it.
#
# **Write** `ops_and_edges(function, count)`: trace `function`, which takes `count` numbers of type float32, and return
#
# - `ops`, the list of types of all nodes in that order, for instance `["Placeholder", ..., "Identity"]`,
# - `edges`, a list of pairs $(i, j)$: op number $i$ makes a tensor that op number $j$ reads. If it reads it twice, the pair is there twice.
#
# **Checked for:** $(a \cdot b) + b$; a program of several lines that is dealt; a tensor that is used twice.


# %% tags=["stub", "E19.6"]
def ops_and_edges(function, count):
    """The nodes and edges of a traced function of count float32 numbers: list of types, list of pairs (i, j)."""
    return None  # replace this line


# %% tags=["solution", "E19.6"]
def ops_and_edges(function, count):
    """The nodes and edges of a traced function of count float32 numbers: list of types, list of pairs (i, j)."""
    import tensorflow as tf

    traced = tf.function(function).get_concrete_function(*[tf.TensorSpec((), tf.float32)] * count)
    ops = traced.graph.get_operations()
    number = {op.name: k for k, op in enumerate(ops)}
    edges = [(number[tensor.op.name], number[op.name]) for op in ops for tensor in op.inputs]
    return [op.type for op in ops], edges


# %% tags=["check", "E19.6"]
check("E19.6")

# %% tags=["hint", "E19.6"]
# hint("E19.6", 1)


# %% tags=["figure", "E19.6"]
characters_draws.graph(ops_and_edges, lambda a, b: (a * b) + b)

# %% [markdown]
# $b$ has two arrows: it is read by the product and by the sum. To find a gradient, TensorFlow walks this graph backwards, and where two arrows leave a node the two gradients add up; this is all that backpropagation is. What the figure does not show is control: a loop over time becomes a node with a graph inside.
#
# How large is the graph of one LSTM step? The next cell traces the shipped model for one step and for a line of 36 characters.

# %% tags=["figure", "E19.6"]
import tensorflow as tf

traced = network.model_of(net)
for T in (1, 36):
    graph = tf.function(traced).get_concrete_function(tf.TensorSpec((1, T), tf.int32)).graph
    kinds = [op.type for op in graph.get_operations()]
    print(f"T = {T:2d}: {len(kinds)} nodes in the outer graph, {kinds.count('MatMul')} of them of type MatMul")
    print(f"        {', '.join(sorted(set(kinds)))}")

# %% [markdown]
# The number of nodes does not grow with the length: the loop over time is one node, of type While, with a graph inside that is run once or 36 times.
#
# **To think about.** Python's `if` is run while the function is traced, when no number is known. What becomes of `if x > 0` in a traced function?

# %% [markdown] tags=["solution", "E19.6"]
# **Answer.** Plain Python would have to know $x$ and fails. `tf.function` rewrites the source first (AutoGraph): the `if` becomes a node with two graphs, of which one is run. A Python `print` on the other hand stays Python and happens once, during tracing; that is the usual surprise.

# %% [markdown] tags=["slide:D5.20"]
# ## The three problems of the assignment
#
# The notebook behind D5.20 is written in TensorFlow 1 and does not run today. But it ends with three problems, and these are as good as ever.
#
# ### E19.8 One product for four gates
#
# D5.20, *Udacity Deep Learning, Assignment 6* (Udacity assignment 6, 6_lstm.ipynb).
#
# The assignment's cell has twelve pieces. For the input gate they are called `ix` $(m, n)$, which is multiplied by the input, `im` $(n, n)$, by the state, and `ib` $(n,)$; for the forget gate `fx`, `fm`, `fb`, for the candidate `cx`, `cm`, `cb`, for the output gate `ox`, `om`, `ob`. That makes eight products a step. Its first problem is to make fewer of them. In blocks:
#
# $$\begin{pmatrix} x_t & h_{t-1} \end{pmatrix} \underbrace{\begin{pmatrix} \mathtt{ix} & \mathtt{fx} & \mathtt{cx} & \mathtt{ox} \\ \mathtt{im} & \mathtt{fm} & \mathtt{cm} & \mathtt{om} \end{pmatrix}}_{K\ (m+n,\ 4n)} + \begin{pmatrix} \mathtt{ib} & \mathtt{fb} & \mathtt{cb} & \mathtt{ob} \end{pmatrix}$$
#
# holds all four sums side by side: one product.
#
# **Write** `stack_gates(parts)`, from a dict of the twelve to `K` $(m+n, 4n)$ and `b` $(4n,)$, and `lstm_step(x, h, c, K, b)`, from `x` $(N, m)$, `h` and `c` $(N, n)$ to the new `h, c`, with one matrix product.
#
# **Checked for:** every block's place; one step; the number of products, which is counted while your function runs.


# %% tags=["stub", "E19.8"]
def stack_gates(parts):
    """K (m + n, 4n) and b (4n,) in the order i, f, c, o from the twelve pieces "ix", "im", "ib", "fx", ..."""
    return None  # replace this line


def lstm_step(x, h, c, K, b):
    """The new h and c (N, n) from x (N, m), h and c (N, n), by one matrix product."""
    return None  # replace this line


# %% tags=["solution", "E19.8"]
def stack_gates(parts):
    """K (m + n, 4n) and b (4n,) in the order i, f, c, o from the twelve pieces "ix", "im", "ib", "fx", ..."""
    above, below, b = (np.concatenate([parts[gate + kind] for gate in "ifco"], axis=-1) for kind in "xmb")
    return np.concatenate([above, below]), b


def lstm_step(x, h, c, K, b):
    """The new h and c (N, n) from x (N, m), h and c (N, n), by one matrix product."""
    i, f, c_tilde, o = np.split(np.concatenate([x, h], axis=1) @ K + b, 4, axis=1)
    i, f, o = (0.5 * (1 + np.tanh(0.5 * gate)) for gate in (i, f, o))
    c = f * c + i * np.tanh(c_tilde)
    return o * np.tanh(c), c


# %% tags=["check", "E19.8"]
check("E19.8")

# %% tags=["hint", "E19.8"]
# hint("E19.8", 1)

# %% tags=["figure", "E19.8"]
characters_draws.stacked(stack_gates)

# %% [markdown]
# Above the white line stand the pieces that are multiplied by the input, below it those for the state; each column of blocks is a gate. What the figure does not show is whether it is worth it. The same numbers are multiplied either way.

# %% tags=["figure", "E19.8"]
from course_kit.reference.lstm import lstm_step as by_two


def by_eight(x, h, c, parts):
    a = [x @ parts[g + "x"] + h @ parts[g + "m"] + parts[g + "b"] for g in "ifco"]
    i, f, o = (0.5 * (1 + np.tanh(0.5 * a[k])) for k in (0, 1, 3))
    c = f * c + i * np.tanh(a[2])
    return o * np.tanh(c), c


def median_microseconds(function, *given):
    function(*given)
    found = []
    for _ in range(200):
        started = time.perf_counter()
        function(*given)
        found.append(time.perf_counter() - started)
    return 1e6 * np.median(found)


rng = np.random.default_rng(19)
for N, m, n in ((1, 32, 64), (64, 32, 192)):
    parts = {g + k: rng.normal(size=s) for g in "ifco" for k, s in (("x", (m, n)), ("m", (n, n)), ("b", (n,)))}
    x, h, c = rng.normal(size=(N, m)), rng.normal(size=(N, n)), rng.normal(size=(N, n))
    both = attempt(stack_gates, parts)
    eight = median_microseconds(by_eight, x, h, c, parts)
    if isinstance(both, tuple) and attempt(lstm_step, x, h, c, *both) is not None:
        one = median_microseconds(lstm_step, x, h, c, *both)
        print(f"batch {N:2d}, {n:3d} units: eight products {eight:6.0f} microseconds a step, one product {one:6.0f}")
    else:
        print(f"batch {N:2d}, {n:3d} units: eight products {eight:6.0f} microseconds a step, one: answer E19.8 first")

# %% [markdown]
# For a small layer the gain is that of calling a library once instead of eight times; for a large one the multiplications themselves rule, and there are as many as before. On a graphics card, where a call costs more and small products leave most of the card idle, the gain is larger. Times vary from machine to machine and are not graded.
#
# **To think about.** Keras keeps `kernel` $(m, 4n)$ and `recurrent_kernel` $(n, 4n)$ apart and makes two products. What does it gain by that?

# %% [markdown] tags=["solution", "E19.8"]
# **Answer.** The product with the inputs does not need $h$: it can be made for all $T$ steps at once, one large product $(N T, m) \times (m, 4n)$, before the loop over time begins. Only the product with $h$ must wait for its turn. With $x$ and $h$ in one product both have to wait.

# %% [markdown] tags=["slide:D5.20"]
# ### E19.9 Pairs as inputs
#
# D5.20, *Udacity Deep Learning, Assignment 6* (Udacity assignment 6, 6_lstm.ipynb).
#
# The second problem lets the network read *pairs* of characters. With one-hot inputs that would be $S^2 = 729$ columns of which one is 1, so an embedding is due: $E\ (S^2, d)$. A pair $(a, b)$, $a$ the older one, has the number $aS + b$. Neighbouring pairs overlap, the pair at $t$ is $(x_{t}, x_{t+1})$ and foretells the single character $x_{t+2}$.
#
# The problem goes on: put dropout in. Zaremba, Sutskever and Vinyals (arXiv 1409.2329) say where. A value that travels upwards, from the embedding into the LSTM, or from the LSTM to the scores, passes a mask once. A value that travels along in time would pass it at every step and be gone. So with masks $k$ and $r$ of zeros and ones, and rate $p$,
#
# $$h_t, c_t = \mathrm{LSTM}\Bigl(\tfrac{k_t \odot E_{x_t}}{1-p},\ h_{t-1},\ c_{t-1}\Bigr), \qquad a_t = \tfrac{r_t \odot h_t}{1-p}\, V + b_y,$$
#
# where $h_{t-1}$ and $c_{t-1}$ are whole.
#
# **Write**
#
# 1. `pairs_and_targets(ids, S)`: from `ids` $(L,)$ the pairs `x` $(L-2,)$ and what follows them, `y` $(L-2,)$.
# 2. `pair_logits(pairs, E, W, U, b, V, b_y, keep_in, keep_out, p)`: the scores $(N, T, S)$ for `pairs` $(N, T)$ from $h = c = 0$; `keep_in` $(N, T, d)$ and `keep_out` $(N, T, n)$ are the masks.
# 3. `left_alone`: where must no such mask be dealt anew at each step? `"a"` between embedding and LSTM, `"b"` between LSTM and scores, `"c"` from step $t$ to step $t+1$ of the same LSTM, `"d"` between an LSTM and a second one above it.
#
# **Checked for:** pairs and targets; scores with given masks and without; the letter.


# %% tags=["stub", "E19.9"]
def pairs_and_targets(ids, S):
    """x (L - 2,), the pairs of ids (L,) as numbers, and y (L - 2,), the character behind each pair."""
    return None  # replace this line


def pair_logits(pairs, E, W, U, b, V, b_y, keep_in, keep_out, p):
    """Scores (N, T, S) in training: pairs (N, T), E (S * S, d), masks keep_in (N, T, d) and keep_out (N, T, n)."""
    return None  # replace this line


left_alone = None  # replace this line: "a", "b", "c" or "d"


# %% tags=["solution", "E19.9"]
def pairs_and_targets(ids, S):
    """x (L - 2,), the pairs of ids (L,) as numbers, and y (L - 2,), the character behind each pair."""
    return ids[:-2] * S + ids[1:-1], ids[2:]


def pair_logits(pairs, E, W, U, b, V, b_y, keep_in, keep_out, p):
    """Scores (N, T, S) in training: pairs (N, T), E (S * S, d), masks keep_in (N, T, d) and keep_out (N, T, n)."""
    N, T = pairs.shape
    h = c = np.zeros((N, len(U)))
    out = []
    for t in range(T):
        e = E[pairs[:, t]] * keep_in[:, t] / (1 - p)
        i, f, c_tilde, o = np.split(e @ W + h @ U + b, 4, axis=1)
        i, f, o = (0.5 * (1 + np.tanh(0.5 * gate)) for gate in (i, f, o))
        c = f * c + i * np.tanh(c_tilde)
        h = o * np.tanh(c)
        out.append(h * keep_out[:, t] / (1 - p) @ V + b_y)
    return np.stack(out, axis=1)


left_alone = "c"

# %% tags=["check", "E19.9"]
check("E19.9")

# %% tags=["hint", "E19.9"]
# hint("E19.9", 1)

# %% tags=["figure", "E19.9"]
characters_draws.pairs(pairs_and_targets, train, symbols)

# %% [markdown]
# Find the row of "q": nearly all of it is in one column, "u". Then the column of "q": it is spread over the letters that may stand before one. If your row and column are exchanged, $a$ and $b$ are. The dark squares are pairs that the network never reads; their rows of $E$ stay what chance made them. What the figure does not show is whether pairs are a better input: the table at the end says so.
#
# **To think about.** An LSTM could remember the last character by itself. Why might pairs help all the same, and when would they harm?

# %% [markdown] tags=["solution", "E19.9"]
# **Answer.** With pairs, the first layer already is a bigram table: what depends on the last two characters needs no memory at all, and the gates are free for what is further back. They harm where the text is short: 729 rows must be learned instead of 27, most from few examples, and triples would have 19 683.

# %% [markdown] tags=["slide:D5.20"]
# ### E19.10 Words turned round
#
# D5.20, *Udacity Deep Learning, Assignment 6* (Udacity assignment 6, 6_lstm.ipynb).
#
# The third problem: a network that turns every word of a sentence round, "the quick brown fox" to "eht kciuq nworb xof". Its first output letter is the last one that was read, so nothing can be written before all is read. Two networks share the work. A *reader* goes over the word and keeps no outputs; its last $h$ and $c$ are all that the *writer* gets. The writer then makes a
# letter at each step, and reads at each step the letter that it wrote before. It begins with the end sign, number 0, and stops when it writes it. Letters have the numbers from 1.
#
# In training, the writer reads what it *should* have written, which is called teacher forcing; otherwise one early mistake would spoil the lesson of all later letters. So three arrays are needed, for $N$ words with at most $T-1$ letters, all $(N, T)$:
#
# | array | for | the word "fox" with $T = 5$ |
# | --- | --- | --- |
# | `read` | the reader; 0 in front, so that the word ends at the last step | 0 0 f o x |
# | `given` | the writer; 0, the letters turned round, 0 to fill up | 0 x o f 0 |
# | `due` | the loss; the letters turned round, 0 as end sign, then $-1$, which is not counted | x o f 0 $-1$ |
#
# **Write**
#
# 1. `mirrored(sentence)`: what is right, by plain Python.
# 2. `mirror_arrays(words, symbols)`: the three integer arrays, $T$ being the longest word's length plus 1; a letter's number is its place in `symbols`, plus 1.
# 3. `transcribe(numbers, reader, writer, limit)`: reads the `numbers` $(L,)$ of one word from $h = c = 0$, then writes the most probable letter each time until the end sign comes, at most `limit` letters. `reader` is `(E, W, U, b)`, `writer` is `(E, W, U, b, V, b_y)`. Returns the numbers written, without the end sign.
#
# **Checked for:** sentences; the arrays of four words; what random networks write; the limit.


# %% tags=["stub", "E19.10"]
def mirrored(sentence):
    """The sentence with each word turned round, in its place."""
    return None  # replace this line


def mirror_arrays(words, symbols):
    """read, given and due (N, T), T one more than the longest word has letters; 0 is the end sign."""
    return None  # replace this line


def transcribe(numbers, reader, writer, limit):
    """What the writer writes after the reader has read numbers (L,): letters' numbers up to the end sign."""
    return None  # replace this line


# %% tags=["solution", "E19.10"]
def mirrored(sentence):
    """The sentence with each word turned round, in its place."""
    return " ".join(word[::-1] for word in sentence.split(" "))


def mirror_arrays(words, symbols):
    """read, given and due (N, T), T one more than the longest word has letters; 0 is the end sign."""
    T = max(len(word) for word in words) + 1
    read, given, due = np.zeros((len(words), T), int), np.zeros((len(words), T), int), np.full((len(words), T), -1)
    for row, word in enumerate(words):
        numbers = np.array([symbols.index(letter) + 1 for letter in word])
        read[row, T - len(word) :] = numbers
        given[row, 1 : len(word) + 1] = numbers[::-1]
        due[row, : len(word) + 1] = [*numbers[::-1], 0]
    return read, given, due


def transcribe(numbers, reader, writer, limit):
    """What the writer writes after the reader has read numbers (L,): letters' numbers up to the end sign."""

    def advance(k, h, c, E, W, U, b):
        i, f, c_tilde, o = np.split(E[k] @ W + h @ U + b, 4)
        i, f, o = (0.5 * (1 + np.tanh(0.5 * gate)) for gate in (i, f, o))
        c = f * c + i * np.tanh(c_tilde)
        return o * np.tanh(c), c

    h = c = np.zeros(len(reader[2]))
    for k in numbers:
        h, c = advance(k, h, c, *reader)
    *cell, V, b_y = writer
    last, out = 0, []
    while len(out) < limit:
        h, c = advance(last, h, c, *cell)
        last = int((h @ V + b_y).argmax())
        if last == 0:
            break
        out.append(last)
    return out


# %% tags=["check", "E19.10"]
check("E19.10")

# %% tags=["hint", "E19.10"]
# hint("E19.10", 1)

# %% [markdown]
# The kit ships a trained pair, 128 units each, learned from the words of the training text and from letters thrown together at random. Each word of a sentence is read from zeros, so the spaces are the program's business, not the network's. In a terminal: `course-kit characters mirror "the quick brown fox"`.

# %% tags=["figure", "E19.10"]
from course_kit.models.characters import mirror

mirror_net = mirror.load()
reader = tuple(getattr(mirror_net, "read_" + k).astype(float) for k in ("E", "W", "U", "b"))
writer = (
    *(getattr(mirror_net, "write_" + k).astype(float) for k in ("E", "W", "U", "b")),
    mirror_net.V,
    mirror_net.b_y,
)
for sentence in ("the quick brown fox", "recurrent networks forget", "a word nobody wrote is qzxvkj"):
    words = []
    for word in sentence.split():
        out = attempt(
            transcribe, np.array([mirror_net.symbols.index(c) + 1 for c in word]), reader, writer, len(word) + 5
        )
        words.append("?" if out is None else "".join(mirror_net.symbols[int(k) - 1] for k in np.ravel(out)))
    print(f"{sentence}  ->  {' '.join(words)}   mirrored: {attempt(mirrored, sentence)}")

held = [w for w in text.held_out.split() if set(w) <= set(mirror_net.symbols)]
turned = [w[::-1] == m for w, m in zip(held, mirror_net.mirror_words(held), strict=True)]
new = sorted(set(held) - set(text.train.split()))
turned_new = [w[::-1] == m for w, m in zip(new, mirror_net.mirror_words(new), strict=True)]
print(
    f"of {len(held):,} held-out words {np.mean(turned):.2%} are turned round exactly, of the {len(new)} new ones among them {np.mean(turned_new):.2%}"
)

# %% tags=["figure", "E19.10"]
rng = np.random.default_rng(10)
letters = np.array([mirror_net.symbols.index(c) + 1 for c in "".join(held)])
lengths = (2, 5, 8, 11, 14, 17, 20)
groups = {
    "letters as often as in the text": {L: rng.choice(letters, (25, L)) for L in lengths},
    "all letters equally often": {L: rng.integers(1, len(mirror_net.symbols) + 1, (25, L)) for L in lengths},
}
characters_draws.by_length(transcribe, groups, reader, writer)

# %% [markdown]
# The words of this figure are letters thrown together, so nothing about them can be guessed. Short ones are turned round without a mistake. Then the share falls; beyond sixteen letters, the longest among the made-up words in training, few are right, and with twenty none: the network has not learned to turn words round, it has learned to store so and so many letters in $h$ and $c$. With all letters equally
# often it falls sooner, since "q" and "z" were seen rarely. What the figure does not show is that words of the language cost less: on the held-out text even those of sixteen letters came back right when this was written, for there the network can lean on what usually stands together.
#
# **To think about.** Would copying the word be easier for the network than turning it round?

# %% [markdown] tags=["solution", "E19.10"]
# **Answer.** Turned round, the letter that was read last is written first: the shortest way is one step, and from there the network can learn its way back. For a copy, the first letter written is the one read longest ago, and *all* ways have the length of the word. Sutskever, Vinyals and Le found that a translator learns better when it reads its sentence backwards, for this reason.

# %% [markdown] tags=["slide:D5.20"]
# ## Counting strikes back
#
# ### E19.11 Never seen is not impossible
#
# D5.20, *Udacity Deep Learning, Assignment 6* (Udacity assignment 6, 6_lstm.ipynb).
#
# Is an LSTM needed at all? Count triples instead of pairs, or groups of five. The trouble is that most groups never came. Plain shares give them probability 0, the first one that comes up in new text costs $-\ln 0$, and the mean is infinite. Some probability must be kept back for what was never seen. How much? Witten and Bell (1991) look at how often something new happened: after the context $c$, of $n(c)$ symbols
# in all, $t(c)$ different ones came, so $t(c)$ times the next symbol was one that had not come before. That share is handed to the shorter context $c'$, which is $c$ without its oldest symbol:
#
# $$P(s \mid c) = \frac{n(c, s) + t(c)\, P(s \mid c')}{n(c) + t(c)}.$$
#
# Below the empty context stands $1/S$. A context that never came has $n = t = 0$, and takes $P(s \mid c')$ as it is.
#
# **Write** `smoothed(n, lower)`: counts `n` $(\dots, S)$ and the shorter context's distributions `lower`, which broadcast to it; returns $P$ $(\dots, S)$. And `ngram_tables(ids, S)`: the distributions of unigrams $(S,)$, bigrams $(S, S)$ and trigrams $(S, S, S)$, the last axis being the next symbol.
#
# **Checked for:** a case that was made by hand; random counts; the three tables of a text in which one symbol does not occur; sums of 1.


# %% tags=["stub", "E19.11"]
def smoothed(n, lower):
    """Witten and Bell's distributions (..., S) from counts n (..., S) and those of the shorter contexts."""
    return None  # replace this line


def ngram_tables(ids, S):
    """one (S,), two (S, S), three (S, S, S): P of the next symbol after none, one and two symbols."""
    return None  # replace this line


# %% tags=["solution", "E19.11"]
def smoothed(n, lower):
    """Witten and Bell's distributions (..., S) from counts n (..., S) and those of the shorter contexts."""
    total, kinds = n.sum(axis=-1, keepdims=True), (n > 0).sum(axis=-1, keepdims=True)
    return np.where(total > 0, (n + kinds * lower) / np.maximum(total + kinds, 1), lower)


def ngram_tables(ids, S):
    """one (S,), two (S, S), three (S, S, S): P of the next symbol after none, one and two symbols."""
    one = smoothed(np.bincount(ids, minlength=S), np.full(S, 1 / S))
    n2, n3 = np.zeros((S, S)), np.zeros((S, S, S))
    np.add.at(n2, (ids[:-1], ids[1:]), 1)
    np.add.at(n3, (ids[:-2], ids[1:-1], ids[2:]), 1)
    two = smoothed(n2, one)
    return one, two, smoothed(n3, two)


# %% tags=["check", "E19.11"]
check("E19.11")

# %% tags=["hint", "E19.11"]
# hint("E19.11", 1)

# %% [markdown]
# With your tables, on the held-out text; then the kit's own counters, which keep only what occurred and so can go further, and the two networks.

# %% tags=["figure", "E19.11"]
found = {"equal shares": float(S)}
tables = attempt(ngram_tables, train, S)
if tables is not None and [np.shape(t) for t in tables] == [(S,), (S, S), (S, S, S)]:
    a, b, c = held_out[:-2], held_out[1:-1], held_out[2:]
    for name, p in zip(
        ("unigrams, yours", "bigrams, yours", "trigrams, yours"),
        (tables[0][c], tables[1][b, c], tables[2][a, b, c]),
        strict=True,
    ):
        with np.errstate(divide="ignore"):
            found[name] = float(np.exp(-np.log(p).mean()))
else:
    print("Answer E19.11 first for the lines of your tables.")
for order in range(4, 8):
    found[f"{order}-grams"] = float(np.exp(Ngrams(train, S, order).nats(held_out)))
found |= {name: m["perplexity"] for name, m in reversed(measured.items()) if isinstance(m.get("perplexity"), float)}
for name, value in found.items():
    print(f"{name:20s} perplexity {value:6.2f}")

# %% tags=["figure", "E19.11"]
characters.perplexities({name: value for name, value in found.items() if np.isfinite(value)})

# %% [markdown]
# This is worth a long look. A network that has learned for seconds has not even caught up with trigrams. They in turn are far behind the shipped network, and so the claim that an LSTM beats counting is easily proved, if one stops counting at three. Groups of five, smoothed, come close to it: they do without a single step of training, and are counted in a tenth of a second. Then it turns: longer groups get worse on this short text, since most of them were never seen. The network does not
# have that limit, and what it has to keep is less: about 180 000 numbers, where the counters up to five keep 44 000 groups, each with its name and its count.
#
# The whole table, with pairs as inputs and with the training times, is made by `python -m course_kit.models.characters.compare`. On the machine on which this was written (Python 3.11.7) it gave:
#
# | model | nats | perplexity | numbers kept |
# | --- | --- | --- | --- |
# | equal shares | 3.296 | 27.00 | 0 |
# | unigrams | 2.842 | 17.15 | 27 |
# | bigrams | 2.314 | 10.11 | 515 |
# | trigrams | 1.795 | 6.02 | 3,872 |
# | 5-grams, the best of 4 to 8 | 1.265 | 3.54 | 44,115 |
# | LSTM(192), characters | 1.189 | 3.28 | 178,875 |
# | LSTM(192), pairs | 1.224 | 3.40 | 201,339 |
#
# Pairs did not help here. They have 27 times as many rows of $E$ to learn from the same text, and this run had ten passes and more dropout where the other had twelve, so it is no verdict on pairs; on text8, a hundred times as long, the answer may be another.
#
# What the figure does not show is text of another kind. Put `load("book.txt")` in the first cell, and train a network of your own on it with `course-kit characters train --text book.txt`.
#
# **To think about.** Your trigram table has $27^3 = 19\,683$ rows and columns, most of them from no count at all. Where do their probabilities come from?

# %% [markdown] tags=["solution", "E19.11"]
# **Answer.** From the next shorter context: a pair that never came as a context takes its row from the table of its second symbol, and a symbol never seen there takes its share from the unigrams, and they in turn from $1/S$. No entry is 0, so no text is impossible, only dear.

# %% [markdown]
# ## In short
#
# A character model is an embedding, an LSTM and a row of scores. What it is worth is said by a perplexity on held-out text beside that of counters of several lengths. To write, it needs its state handed on, and a temperature. Four gates are one product; pairs are a second vocabulary; and a reader and a writer that share nothing but $h$ and $c$ can turn words round, as long as these fit in.

# %% tags=["figure"]
progress()
