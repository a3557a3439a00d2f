# %% [markdown]
# # 00 Start here: the map, the notation, the checker
#
# After this notebook you can
#
# - find for any slide of the five lectures the notebook that works on it,
# - read a formula of any of the five lecturers, whatever letters it is written in,
# - read a message of the checker, and know what it has looked at and what not.
#
# Slides: D1.1-D1.3, D1.29, D2.1, D3.1, D4.1-D4.3, D4.26, D4.47, D5.1-D5.3, D5.21-D5.24, D5.26-D5.28; and for the notation
# D2.8, D2.14, D3.18, D4.10, D4.33, D4.44. Time: about 60 minutes. Before it: a little Python and NumPy.

# %% tags=["setup"]
import numpy as np

from course_kit import check, hint, progress
from course_kit.plots import map as course
from course_kit.plots import start_here

# %% [markdown]
# ## How these notebooks work
#
# Every exercise comes from a slide that claims something one can compute. You find, in this order: what the slide says and what to write; a
# cell that ends in `# replace this line`; a cell with `check("E00.1")`; a hint, commented out; and a figure made from
# *your* answer, which looks wrong when the answer is wrong. Run all cells once now if you like: nothing breaks, and every check answers "not attempted".
#
# A check deals random numbers, asks your function, computes the same in another way, and compares. It answers in one of four words:
#
# | state | meaning |
# | --- | --- |
# | not attempted | the name is missing, or it still gives `None` |
# | wrong | something differs; the message says what, where first, and by how much |
# | could not run | your code raised an error; the message has its line |
# | right | all cases are right |
#
# `check("E00.1", seed=1)` deals other numbers. Your instructor will, so an answer that is typed in where a function
# is asked for does not last. `hint("E00.1", 1)` gives a push, `hint("E00.1", 2)` nearly everything.

# %% [markdown] tags=["slide:D1.1", "slide:D1.2", "slide:D1.3", "slide:D1.29", "slide:D2.1", "slide:D3.1", "slide:D4.1", "slide:D4.2", "slide:D4.3", "slide:D4.26", "slide:D4.47", "slide:D5.1", "slide:D5.2", "slide:D5.3", "slide:D5.21", "slide:D5.22", "slide:D5.23", "slide:D5.24", "slide:D5.28"]
# ## Five lectures, one course
#
# The course follows five documents, called D1 to D5. They tell one story, the recurrent neural network (RNN), and each tells it in
# another order, in other letters and with other favourites. `D4.26` is slide 26 of document D4. These are the slides that hold
# no formula: title pages, plans, page dividers and the like.
#
# | slide | title | in English | what is on it |
# | --- | --- | --- | --- |
# | D1.1 | УПРАВЛЕНИЕ И ИСКУССТВЕННЫЙ ИНТЕЛЛЕКТ — глубокие нейронные сети II | Control and artificial intelligence: deep neural networks II | А. В. Макаренко (A. V. Makarenko), Institute of Control Sciences; lecture 5, 12 апреля (April) 2018 |
# | D1.2 | ① Глубокие нейронные сети. Базовая архитектура сетей II ② Заключение | Contents: 1 Deep networks, basic architectures II; 2 Conclusion | both parts, in order |
# | D1.3 | Outline section ① | Section marker 1 | the first part begins |
# | D1.29 | Outline section ② Заключение | Section marker 2: conclusion | the second part begins |
# | D2.1 | Рекуррентные нейронные сети — различия между версиями | Recurrent neural networks: difference between revisions | head of a page of the ITMO University wiki; its author is the user Adel; the new version is of 23 января (January) 2019, 05:55 |
# | D3.1 | REKURENCYJNE GŁĘBOKIE SIECI NEURONOWE | Recurrent deep neural networks | a training course of the company Sages; 13/09/17; no person named |
# | D4.1 | Глубокое обучение. Неделя 13: рекуррентные нейронные сети | Deep learning, week 13: recurrent neural networks | Дмитрий Никулин (D. Nikulin), 23 июня (June) 2021 |
# | D4.2 | Agenda | Agenda | sequences, RNN, LSTM (long short-term memory), validation on time series |
# | D4.3 | Рекуррентные нейронные сети | Recurrent neural networks | its title and nothing else |
# | D4.26 | LSTM (long short-term memory) | LSTM | its title and nothing else |
# | D4.47 | Кросс-валидация для временных рядов | Cross-validation for time series | its title and nothing else |
# | D5.1 | DevCon School. Рекуррентные нейронные сети и анализ последовательностей | Recurrent neural networks and sequence analysis | Михаил Бурцев (M. Burtsev), iPavlov.ai and Moscow Institute of Physics and Technology; undated |
# | D5.2 | План: Теория RNN / RNN в приложениях / LSTM демо | Plan: theory, applications, LSTM demonstration | all three parts, in order |
# | D5.3 | Теория рекуррентных нейросетей #msdevcon | Theory of recurrent networks | its title and a tag |
# | D5.21 | Литература: Udacity, Olah, Goodfellow | Literature | a course, an article of 2015, a book of 2016 |
# | D5.22 | Рекуррентные нейронные сети и анализ последовательностей (финал) | Recurrent neural networks and sequence analysis (end) | name of the lecture and of the lecturer once more |
# | D5.23 | Neural Networks and Deep Learning Lab | Laboratory | the lecturer's laboratory |
# | D5.24 | Facebook to Accelerate Global AI Research with New GPU Program Recipients | a press report on a grant of graphics processors | 29 August 2016 |
# | D5.28 | Национальная технологическая инициатива. Пространство возможного | National Technology Initiative | a supporter's page |
#
# All other slides have work to do. Where each leads is shown by the map.

# %% tags=["figure"]
course.slides_to_notebooks()

# %% [markdown]
# Read a row from left to right and you have a document's way through the course; read a column and you see who speaks about its subject. Column
# 08, the LSTM cell, is the one thing on which all five spend pages. A column with a single filled square is something
# that one document alone brings in. The numbers count slides and say nothing about how long a notebook takes.

# %% [markdown]
# ### E00.1 Course map
#
# Slides: the nineteen of the table above.
#
# A lecture that one quotes needs an author and a date, and not every date on a slide is the lecture's. This exercise is there to make you read the table and the
# map once; everything asked is in one of the two, and all answers are closed.
#
# **Write** three things.
#
# `course_map`, a dict with an entry for each of `"D1"` to `"D5"`, and each entry a dict like
# `{"language": "ru", "lecturer": "Makarenko", "date": "2020-12-31", "topic": "zoo"}`:
#
# - `language`: `"ru"` Russian or `"pl"` Polish;
# - `lecturer`: `"Makarenko"`, `"Adel"`, `"Nikulin"`, `"Burtsev"` or `"nobody"` if no person is named;
# - `date` of the lecture: year, month and day as above, or `"none"` if it bears none;
# - `topic`, what this document alone brings into the course, which is a column of the map whose only filled square is in the document's row: `"approximation"` (04), `"zoo"` (16),
#   `"regularisation"` (17), `"validation"` (18) or `"translation"` (20).
#
# `slide_kinds`, a dict that says what each of five kinds of slide is good for. Kinds: `"title"`, `"outline"`, `"section"`, `"reading"`, `"advert"`. Uses:
#
# - `"source"`: whose words these are, and from when;
# - `"order"`: what comes, and after what;
# - `"border"`: here one part ends and another begins;
# - `"further"`: where to learn more;
# - `"context"`: who works there, who pays, what was in the news; nothing to compute.
#
# `slides_of`, a dict that sorts all nineteen slides by kind: `{"title": "D1.1 D2.1 ...", "outline": ..., ...}`, one text of slide numbers a kind.
#
# **Checked for:** each entry, one after the other. The right ones are not told.

# %% tags=["stub", "E00.1"]
course_map = None  # replace this line

slide_kinds = None  # replace this line

slides_of = None  # replace this line

# %% tags=["solution", "E00.1"]
course_map = {
    "D1": {"language": "ru", "lecturer": "Makarenko", "date": "2018-04-12", "topic": "approximation"},
    "D2": {"language": "ru", "lecturer": "Adel", "date": "2019-01-23", "topic": "zoo"},
    "D3": {"language": "pl", "lecturer": "nobody", "date": "2017-09-13", "topic": "regularisation"},
    "D4": {"language": "ru", "lecturer": "Nikulin", "date": "2021-06-23", "topic": "validation"},
    "D5": {"language": "ru", "lecturer": "Burtsev", "date": "none", "topic": "translation"},
}

slide_kinds = {
    "title": "source",
    "outline": "order",
    "section": "border",
    "reading": "further",
    "advert": "context",
}

slides_of = {
    "title": "D1.1 D2.1 D3.1 D4.1 D5.1 D5.22",
    "outline": "D1.2 D4.2 D5.2",
    "section": "D1.3 D1.29 D4.3 D4.26 D4.47 D5.3",
    "reading": "D5.21",
    "advert": "D5.23 D5.24 D5.28",
}

# %% tags=["check", "E00.1"]
check("E00.1")

# %% tags=["hint", "E00.1"]
# hint("E00.1", 1)

# %% tags=["figure", "E00.1"]
course.course_map(course_map)

# %% [markdown]
# Your entries stand at the rows. A ring that does not lie on the only square of its column is drawn in another colour: that topic
# is another document's. The figure does not judge names and dates.

# %% [markdown]
# **To think about.** Two of the five documents, D2 and D5, cannot be quoted with a date in the ordinary way, each for another reason. How would
# you quote them so that a reader finds what you saw?

# %% [markdown] tags=["solution", "E00.1"]
# **Answer.** A wiki page changes: name the revision, which is why the date has a time of day. A lecture without a date needs what can be
# said for sure: the event, and that it was held after the press report of 29 August 2016 that it shows.

# %% [markdown] tags=["slide:D2.8", "slide:D2.14", "slide:D3.18", "slide:D4.10", "slide:D4.33", "slide:D4.44"]
# ## One notation
#
# A letter means nothing by itself. In D1.7 the matrix $U$ multiplies the input. In D4.10 the matrix $U$ makes the output. On D1.17, ten slides after
# the first, $U_f$ multiplies the hidden state. Whoever moves a formula from one lecture to another by copying the letters gets another network, and as long as all
# matrices are square no error message will tell.
#
# The kit writes everything in one way. Sizes first: $m$ inputs, $n$ units, $o$ outputs, $T$ steps, $N$ examples in a batch. An example is a *row*, as
# in Keras, so a matrix stands to the right of what it multiplies, where the slides have it on the left. The two are the same numbers, transposed:

# %%
rng = np.random.default_rng(0)
m, n = 3, 4
column, M = rng.normal(size=(m, 1)), rng.normal(size=(n, m))  # as on the slides: M x, (n, m) times (m, 1)
row, W = column.T, M.T  # as in the kit: x W, (1, m) times (m, n)
print("slide:", (M @ column).ravel().round(4))
print("kit:  ", (row @ W).ravel().round(4))

# %% [markdown]
# ### E00.2 One notation
#
# Slides: D2.8 *Сеть Элмана* (Elman network); D2.14 *Diff hunks (строки 27 и 50)* (lines 27 and 50 of the difference between revisions);
# D3.18 *LSTM równania* (LSTM equations); D4.10 *Рекуррентная сеть (1/3)* (Recurrent network, 1); D4.33 *LSTM: g* (LSTM: candidate g);
# D4.44 *GRU-ячейка* (GRU cell, gated recurrent unit).
#
# Three families of formulas run through the course. You need not understand them yet; you need to see what stands next to what. The simple
# network has an input matrix, a recurrent matrix and an output matrix. Gated cells have an input matrix and a recurrent one for each gate, and a *candidate*,
# which goes through tanh and is what may be written into the state. A GRU, besides, has an *update gate* that divides 1 between the old state and the candidate.
#
# | the kit's name | what it is | where it stands |
# | --- | --- | --- |
# | `"W"` | input matrix $(m, n)$ | next to $x_t$ |
# | `"U"` | recurrent matrix $(n, n)$ | next to $h_{t-1}$ |
# | `"V"` | output matrix $(n, o)$ | next to $h_t$, in the line for $y_t$ |
# | `"[U; W]"`, `"[W; U]"` | both in one, the first on top $(n+m, n)$ | next to $h$ and $x$ joined into one row |
# | `"i"`, `"f"`, `"o"` | input, forget and output gate | through $\sigma$ |
# | `"c_tilde"` | candidate, in an LSTM and in a GRU | through tanh |
# | `"c"`, `"h"` | cell state, hidden state | carried to the next step |
# | `"r"` | reset gate of a GRU | multiplies $h_{t-1}$ inside the candidate |
# | `"z"` | update gate of a GRU: the share of the old state that is **kept**, as in Keras | multiplies $h_{t-1}$ |
# | `"1 - z"` | the share that is **written** | multiplies the candidate |
# | `"t"` | the step | |
#
# And this is what the documents print.
#
# | | slide | formula |
# | --- | --- | --- |
# | D1 | D1.7 *Рекуррентные сети IV (1/3)* | $h_k = \sigma_h(U x_k + W h_{k-1} + b_h)$, $\;y_k = \sigma_y(V h_k + b_y)$ |
# | | D1.17 *Рекуррентные сети VII (3/6): Forget gate* | $f_k = \sigma(W_f x_k + U_f h_{k-1} + b_f)$, the other gates likewise |
# | | D1.18 *Рекуррентные сети VII (4/6): Input gate & activation* | $\tilde c_k = \tanh(W_c x_k + U_c h_{k-1} + b_c)$ |
# | | D1.23 *Рекуррентные сети X — GRU* | $z_k = \sigma(W_z x_k + U_z h_{k-1} + b_z)$, $\;h_k = (1 - z_k) * h_{k-1} + z_k * \tilde h_k$ |
# | D2 | D2.8 | $h_t = \sigma_h(W_h x_t + U_h h_{t-1} + b_h)$, $\;y_t = \sigma_y(W_y h_t + b_y)$ |
# | | D2.14 | $f_t = \sigma(W_f * [h_{t-1}, x_t] + b_f)$, $\;\tilde C_t = \tanh(W_C * [h_{t-1}, x_t] + b_C)$, $\;C_t = f_t * C_{t-1} + i_t * \tilde C_t$ |
# | D3 | D3.18 | $u_t = \tanh(W^{(u)} x_t + U^{(u)} h_{t-1} + b^{(u)})$, $\;c_t = i_t \odot u_t + f_t \odot c_{t-1}$ |
# | D4 | D4.10 | $h_t = f_h(V x_t + W h_{t-1} + b_h)$, $\;\hat y_t = f_y(U h_t + b_y)$ |
# | | D4.33 | $g_t = \tilde f(V_g x_t + W_g h_{t-1} + b_g)$ |
# | | D4.44 | $g_t = \tilde f(V_g x_t + W_g (h_{t-1} \cdot r_t) + b_g)$, $\;h_t = (1 - u_t) \cdot g_t + u_t \cdot h_{t-1}$ |
# | D5 | D5.9 *LSTM (3/6): забвение* | $f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)$ |
# | | D5.10 *LSTM (4/6): гипотеза и обновление*, D5.11 | $\tilde C_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)$, $\;C_t = f_t * C_{t-1} + i_t * \tilde C_t$ |
#
# **Write** `rename`, a dict with an entry for each document: a dict from these symbols to the kit's names.
#
# | document | symbols |
# | --- | --- |
# | `"D1"` | `"U"`, `"W"`, `"V"`, `"k"` of D1.7; `"W_f"`, `"U_f"` for the matrices of all gates; `"c~"`; `"z"` |
# | `"D2"` | `"W_h"`, `"U_h"`, `"W_y"`; `"W_f"` for the matrices of all gates; `"C"`, `"C~"` |
# | `"D3"` | `"W"`, `"U"`, `"u"` |
# | `"D4"` | `"V"`, `"W"`, `"U"`; `"g"`, `"r"`, `"u"` |
# | `"D5"` | `"W_f"` for the matrices of all gates; `"C"`, `"C~"` |
#
# **Checked for:** every formula of a document is computed over seven steps with the numbers that your names give its symbols, and the hidden states must be those
# of the kit, to $10^{-12}$. The matrices are square and all different, so a wrong name gives wrong numbers and no error, as in life.

# %% tags=["stub", "E00.2"]
rename = None  # replace this line

# %% tags=["solution", "E00.2"]
rename = {
    "D1": {"U": "W", "W": "U", "V": "V", "k": "t", "W_f": "W", "U_f": "U", "c~": "c_tilde", "z": "1 - z"},
    "D2": {"W_h": "W", "U_h": "U", "W_y": "V", "W_f": "[U; W]", "C": "c", "C~": "c_tilde"},
    "D3": {"W": "W", "U": "U", "u": "c_tilde"},
    "D4": {"V": "W", "W": "U", "U": "V", "g": "c_tilde", "r": "r", "u": "z"},
    "D5": {"W_f": "[U; W]", "C": "c", "C~": "c_tilde"},
}

# %% tags=["check", "E00.2"]
check("E00.2")

# %% tags=["hint", "E00.2"]
# hint("E00.2", 1)

# %% tags=["figure", "E00.2"]
course.five_notations(rename)

# %% [markdown]
# On the left what the slides print, on the right the same lines in the kit's notation, written with your names. Three groups, and in
# each the right-hand sides must be one and the same line. If one differs, look at the left: which letter stands next to $x$? The figure shows the
# update of the GRU without its gates; that the *weights* of $z$ change sign between D1 and D4 is not to be seen in it.

# %% [markdown]
# **To think about.** Someone trains a GRU in Keras, takes the weights and computes D1.23 with them by hand. Nothing fails, all shapes fit, and the
# numbers are wrong. What has to be done to the weights, and why does it work?

# %% [markdown] tags=["solution", "E00.2"]
# **Answer.** Keras' $z$ keeps, D1's writes, so D1's $z$ must be 1 minus Keras'. Since $1 - \sigma(a) = \sigma(-a)$, it is enough to change the sign of
# the input weights, recurrent weights and bias of $z$. Notebook 11 does it.

# %% [markdown] tags=["slide:D5.26", "slide:D5.27"]
# ## Read before you run
#
# ### E00.3 Read the snippet
#
# Slides: D5.26 *iPavlov.ai: Definition of iPavlov project* (the project as code, 1); D5.27 *How you are related to the iPavlov project* (the
# project as code, 2).
#
# The lecturer presents his project as a piece of Python. It is a joke, and a good exercise: code on a slide is read by people, and nobody runs it. D5.26 defines a function,
#
# ```python
# def iPavlov(talent, ideas):
#     research = ideas * talent
#     AI = development(research)
#     return AI
# ```
#
# and D5.27 asks whether you belong to it:
#
# ```python
# if YOU in ['researcher', 'developer']
#     and YOU is ('ai_geek' & 'performer' & 'team_player'):
#     iPavlov(YOU.talent, YOU.ideas)
# ```
#
# Two facts help. `and` computes its second half only if the first is true. And `is` does not ask whether two things are equal,
# but whether they are one and the same object in memory:

# %%
one = "team player"
other = " ".join(["team", "player"])
print("equal:", one == other, "  the same object:", one is other)


def development(research):
    return research


# %% [markdown]
# **Write** three things.
#
# `prediction`, before you run anything: a dict that says which error is raised, one of `"SyntaxError"`, `"NameError"`, `"TypeError"`, `"AttributeError"` or `"nothing"`, in three situations:
#
# - `"printed"`: the three lines of D5.27 as they stand above;
# - `"researcher"`: the condition alone, joined into one line, with `YOU = "researcher"`;
# - `"poet"`: the same line with `YOU = "poet"`.
#
# `related(role, skills)`, what the condition was meant to say: `role` is a text, `skills` a list of texts, and the answer is `True` if the role is one of the two *and* all three of
# `"ai_geek"`, `"performer"`, `"team_player"` are among the skills. Further skills do no harm.
#
# `iPavlov(talent, ideas)` as on D5.26, so that it runs. The slide does not say what `development` does; in the cell above it gives back what it gets.
#
# **Checked for:** the predictions, against what Python does; `related` on six people; `iPavlov(3, 4)` and another pair.

# %% tags=["stub", "E00.3"]
prediction = None  # replace this line: {"printed": ..., "researcher": ..., "poet": ...}


def related(role, skills):
    """Whether somebody with this role (a text) and these skills (a list of texts) belongs to the project."""
    return None  # replace this line


def iPavlov(talent, ideas):
    """What becomes of talent and ideas (numbers)."""
    return None  # replace this line


# %% tags=["solution", "E00.3"]
prediction = {"printed": "SyntaxError", "researcher": "TypeError", "poet": "nothing"}


def related(role, skills):
    """Whether somebody with this role (a text) and these skills (a list of texts) belongs to the project."""
    return role in ["researcher", "developer"] and all(s in skills for s in ["ai_geek", "performer", "team_player"])


def iPavlov(talent, ideas):
    """What becomes of talent and ideas (numbers)."""
    research = ideas * talent
    return development(research)


# %% tags=["check", "E00.3"]
check("E00.3")

# %% tags=["hint", "E00.3"]
# hint("E00.3", 1)

# %% tags=["figure", "E00.3"]
start_here.truth_table(related)

# %% [markdown]
# Three roles and the eight sets that can be made of the three skills. Two entries may say yes, both at the right edge. A whole block of yes means that one
# skill was enough. The table has no further skills in it; the check has.

# %% [markdown]
# **To think about.** Suppose `&` did work on texts. Would `YOU is (...)` then be what the slide means?

# %% [markdown] tags=["solution", "E00.3"]
# **Answer.** No. `YOU` is one text, the role, and was just found to be `'researcher'` or `'developer'`; it cannot at the same time be a combination of three others.
# The slide uses one name for a person who *has* a role, skills, talent and ideas. And even between equal texts `is` may say no, as the cell above shows.

# %% [markdown]
# ## The checker, from the inside
#
# An exercise is a name and a few cases. A case asks the answer for something, computes what is due, and compares. Here is a whole one,
# "double every entry", with a single case, and a function that puts it to an answer of yours. `expect` and the four states are what all exercises of the course are made of.

# %%
from course_kit.checking import Exercise, LocalAnswer, expect, run

toy = Exercise("E00.0", "Double every entry", slides=(), names=("double",), hints=("Twice x.", "2 * x"))


@toy.case("values")
def _(answer, draw):
    x = draw.normal(2, 3)
    expect(answer.double(x), 2 * x, "y")


def ask(double):
    """What the checker says of this answer to "double every entry"."""
    return run(toy, LocalAnswer({"double": double}))


# %% [markdown]
# It is put to a function that fails, and the fourth state shows: the error, its line and nothing of ours. Errors are your code's own affair and are told apart from wrong numbers.


# %%
def fails(x):
    return x + "x"


ask(fails)

# %% [markdown]
# ### E00.4 Three answers of the checker
#
# No slide: this one is about the tool. The other three states you bring about yourself. That you can make a check say "wrong" on purpose is the best
# proof that its "right" means something.
#
# **Write** four functions of a table `x` of shape $(2, 3)$.
#
# - `untouched(x)`: an answer to "double every entry" that the checker takes for a stub. It is there already.
# - `wrong(x)`: an answer that it calls wrong: a table $(2, 3)$ that differs from `2 * x` in at least two entries, and is right at `[0, 0]`.
# - `right(x)`: an answer that it calls right.
# - `first_wrong(x)`: the index of the wrong entry of `wrong(x)` that the message will name, as a tuple such as `(1, 2)`.
#
# Use `ask(wrong)` and so on to see what the checker says, and read the line "first at".
#
# **Checked for:** the three states; the index, for three tables with different signs. In all of them `x[0, 0]` is above zero and two entries
# are below, so an answer may depend on the sign.


# %% tags=["stub", "E00.4"]
def untouched(x):
    """What the checker takes for a stub."""
    return None


def wrong(x):
    """A wrong answer to "double every entry": wrong in two or more entries, right at [0, 0]."""
    return None  # replace this line


def right(x):
    """A right answer to "double every entry"."""
    return None  # replace this line


def first_wrong(x):
    """The index of the wrong entry of wrong(x) that the message names, as a tuple."""
    return None  # replace this line


# %% tags=["solution", "E00.4"]
def untouched(x):
    """What the checker takes for a stub."""
    return None


def wrong(x):
    """A wrong answer to "double every entry": wrong in two or more entries, right at [0, 0]."""
    return 2 * np.abs(x)


def right(x):
    """A right answer to "double every entry"."""
    return 2 * x


def first_wrong(x):
    """The index of the wrong entry of wrong(x) that the message names, as a tuple."""
    places = np.argwhere(x < 0)
    return int(places[0, 0]), int(places[0, 1])


# %% tags=["check", "E00.4"]
check("E00.4")

# %% tags=["hint", "E00.4"]
# hint("E00.4", 1)

# %% tags=["figure", "E00.4"]
start_here.first_wrong_place(wrong, first_wrong)

# %% [markdown]
# The answer of `wrong` for one table, with what would have been due in the shaded places, and a ring where you say that the message points. If the ring is not
# on the first shaded entry, row by row, your index is another one. A message names one place only; the number of wrong entries stands in its first line.

# %% [markdown]
# And this is what the checker says of your three:

# %%
for answer in (untouched, wrong, right):
    print(ask(answer), "\n")

# %% [markdown]
# **To think about.** The checker compares with a tolerance of $10^{-12}$ and not with `==`. Which right answers would `==` refuse?

# %% [markdown] tags=["solution", "E00.4"]
# **Answer.** Those that add up in another order. `(a + b) + c` and `a + (b + c)` are the same number on paper and often differ in the last digit of a float64, by about
# $10^{-16}$ of its size. A wrong formula differs by far more, so between the two there is ample room.

# %% [markdown]
# ## In short
#
# A slide has a number, a number has a notebook, and the map says which. A letter means what stands next to it. A check says one of four words, and "wrong" comes
# with a place to look at. Next: notebook 01, or 03 if you know what a recurrent network is.

# %% tags=["figure"]
progress()
