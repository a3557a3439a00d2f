r"""Entries of the gallery: networks that read a sequence step by step, and how they are trained."""

from collections.abc import Callable

from course_kit import params
from course_kit.authoring.gallery import Entry


def counted(name: str, inputs: int = 5, **config) -> Callable[[], params.Count]:
    """The count of a class from a configuration, with the sizes of the course: m = 5, n = 7, o = 2."""
    known = {"module": "keras.layers"} if ">" not in name else {"registered_name": name}
    config = {"units": 7, "use_bias": True, **config}
    return lambda: params.count({"class_name": name.split(">")[-1], "config": config, **known}, inputs=inputs)


LSTM_GATES = r"""
\begin{aligned}
(a_i, a_f, a_c, a_o) &= x_t W + h_{t-1} U + b \\
c_t &= \sigma(a_f) \odot c_{t-1} + \sigma(a_i) \odot \tanh(a_c) \\
h_t &= \sigma(a_o) \odot \tanh(c_t)
\end{aligned}"""

ENTRIES = [
    Entry(
        "Fully recurrent network",
        r"s_{t+1} = \sigma(s_t U + x_t W + b)",
        counted("SimpleRNNCell"),
        "Five curves, one a node of a ring. A pulse enters node 1 at tick 2 and appears in node 2 one tick later, "
        "then in 3, 4, 5, and goes round again and again without further input.",
        "All nodes change at once, each from what all were a tick before: a pulse needs a tick from node to node.",
        "The network of `reference` adds each input to one node, so that W is fixed and mn parameters fewer are left.",
    ),
    Entry(
        "Elman network",
        r"h_t = \tanh(x_t W + h_{t-1} U + b_h), \qquad y_t = \sigma_y(h_t V + b_y)",
        counted("course_kit>ElmanCell", output_units=2),
        "Squared error against the bit to foretell: it is near 0.25, a guess, at two bits and falls to near zero at "
        "every third, which the two bits before it determine.",
        "Elman's XOR in time: only every third bit can be foretold, and only by one who remembers the last two.",
    ),
    Entry(
        "SimpleRNN",
        r"h_t = \tanh(x_t W + h_{t-1} U + b)",
        counted("SimpleRNNCell"),
        "Length of h against the step, on a logarithmic scale, after one input at step 0. With a largest eigenvalue "
        "of 0.5 it falls to a billionth within some thirty steps, with 0.9 slowly, with 1.3 it grows and stays.",
        "What is left of one input depends on the largest eigenvalue of the recurrent kernel.",
    ),
    Entry(
        "Jordan network",
        r"h_t = \tanh(x_t W + s_{t-1} U + b_h), \qquad y_t = \sigma_y(h_t V + b_y), \qquad s_t = \alpha s_{t-1} + y_t",
        counted("course_kit>JordanCell", output_units=2),
        "Context against the step for decays 0, 0.5 and 0.9 after inputs at steps 2, 14 and 16: a spike that is gone "
        "in a step, one that fades within five steps, and one that lasts and adds up.",
        "What comes back is the output: with a decay the context is a fading trace of the outputs so far.",
    ),
    Entry(
        "ODE as a recurrent network",
        r"\dot s = \tanh(s A + b)\, C, \qquad u = s A + b \;\Rightarrow\; \dot u = \tanh(u)\, U, \quad U = C A",
        counted("course_kit>ElmanCell", inputs=2, units=60, output_units=2),
        "Three phase planes of van der Pol's oscillator, two paths each, in grey; over them in dashes the network's "
        "paths. With 8 units they go astray, with 16 they come near, with 60 they lie on the equation's.",
        "A layer fitted to the vector field becomes a recurrent network; more units follow the equation more closely.",
        "The count is that of the Elman network which takes the same steps in time, with the force as its input.",
    ),
    Entry(
        "Backpropagation through time",
        r"""\frac{\partial L}{\partial U} = \sum_t \sum_{k \le t} \frac{\partial L_t}{\partial h_t}
\left(\prod_{j=k+1}^{t} \frac{\partial h_j}{\partial h_{j-1}}\right) \frac{\partial h_k}{\partial U}""",
        None,
        "Three maps over earlier and later steps of the logarithm of the size of the derivative. For a recurrent "
        "kernel of size 0.7 it fades fast away from the diagonal, for 1.0 more slowly, for 1.6 it stays bright "
        "everywhere.",
        "Each pair of steps is one summand: how much h at the earlier step bears on h at the later one.",
    ),
    Entry(
        "Truncated backpropagation",
        r"""\frac{\partial L}{\partial U} \approx \sum_t \sum_{k = t - k_2 + 1}^{t} \frac{\partial L_t}{\partial h_t}
\left(\prod_{j=k+1}^{t} \frac{\partial h_j}{\partial h_{j-1}}\right) \frac{\partial h_k}{\partial U}""",
        None,
        "Relative error of the gradient against the steps that each loss goes back. For recurrent kernels of size "
        "0.6, 0.9 and 1.1 it falls to zero, the more slowly the larger the kernel.",
        "Leaving out far steps costs little where the derivative over many steps is small anyway.",
    ),
    Entry(
        "Skip connections in time",
        r"h_t = \tanh\Big(x_t W + h_{t-1} U_1 + \sum_{k \in K} h_{t-k} U_k + b\Big)",
        counted("course_kit>LagSkipCell", lags=[3]),
        "Change of h on a logarithmic scale after a change of input 0. Without skips it falls along a line; with a "
        "skip over 5 or 10 steps it rises again at every multiple of that lag.",
        "A skip is a short way back in time: a change comes back after 5 or 10 steps, almost undiminished.",
        "Here K holds one lag; the letter K of the count is the number of lags.",
    ),
    Entry(
        "Skip connections in depth",
        r"x^1_t = m^1_t, \qquad x^l_t = m^l_t + x^{l-1}_t \quad (l = 2, \dots, L)",
        None,
        "Length of the gradient of each bias in a stack of twenty levels. In a plain stack it falls by many powers of "
        "ten towards the inputs; with links past each cell it is of one size at all levels.",
        "The sum hands the gradient down unchanged, past every cell.",
        "Links between levels of one width add none to those of the cells.",
    ),
    Entry(
        "LSTM of 1997, no forget gate",
        r"""
\begin{aligned}
(a_i, a_c, a_o) &= x_t W + h_{t-1} U + b \\
c_t &= c_{t-1} + \sigma(a_i) \odot \tanh(a_c) \\
h_t &= \sigma(a_o) \odot \tanh(c_t)
\end{aligned}""",
        counted("course_kit>LSTM1997Cell"),
        "Above, noisy inputs, one of them marked by a square. Below, the cell's state jumps there and then stays at "
        "one level for a hundred steps, while the state of a SimpleRNN wavers with the noise.",
        "The carousel: what the input gate let in once stays, until something is added to it.",
    ),
    Entry(
        "LSTM with forget gate",
        LSTM_GATES,
        counted("LSTMCell"),
        "Inputs of 0 and 1 and two marks; the forget gate is at 1 but for the marks, where it goes to 0; the state "
        "climbs with every input of 1 like a staircase and falls to 0 at the marks.",
        "The state counts what came in, and the forget gate starts the count over.",
    ),
    Entry(
        "LSTM with peepholes",
        r"""
\begin{aligned}
i_t &= \sigma(x_t W_i + h_{t-1} U_i + p_i \odot c_{t-1} + b_i), \qquad
f_t = \sigma(x_t W_f + h_{t-1} U_f + p_f \odot c_{t-1} + b_f) \\
c_t &= f_t \odot c_{t-1} + i_t \odot \tanh(x_t W_c + h_{t-1} U_c + b_c) \\
h_t &= \sigma(x_t W_o + h_{t-1} U_o + p_o \odot c_t + b_o) \odot \tanh(c_t)
\end{aligned}""",
        counted("course_kit>PeepholeLSTMCell"),
        "Two states that climb and fall back like saw teeth, one twice as often as the other, and below them outputs "
        "that are near zero but for a spike at the top of each tooth. There is no input.",
        "Gates that see the state can tell how full it is: a clock that runs by itself.",
    ),
    Entry(
        "GRU",
        r"""
\begin{aligned}
z_t &= \sigma(x_t W_z + h_{t-1} U_z + b_z), \qquad r_t = \sigma(x_t W_r + h_{t-1} U_r + b_r) \\
\tilde h_t &= \tanh(x_t W_h + (r_t \odot h_{t-1}) U_h + b_h) \\
h_t &= z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t
\end{aligned}""",
        counted("GRUCell", reset_after=False),
        "Noisy inputs, three of them marked; the state jumps towards each marked input and keeps that level until the "
        "next. Below, the gate z is at 1 but for the three marks.",
        "Sample and hold: z near 1 keeps the state, z near 0 writes the candidate.",
        "Keras' default, `reset_after=True`, has 3n more; `course_kit.params.conventions` compares the two.",
    ),
    Entry(
        "GRU with the update gate reversed",
        r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t",
        counted("course_kit>GRUCell", update="write", reset_after=False),
        "Two curves of the gate z that are mirror images about one half, and below them two curves of h that lie on "
        "each other.",
        "One network in both conventions: with the sign of z's weights changed, z is 1 - z, and nothing else changes.",
    ),
    Entry(
        "Bidirectional network",
        r"""\overrightarrow{h}_t = F(x_t, \overrightarrow{h}_{t-1}), \qquad
\overleftarrow{h}_t = B(x_t, \overleftarrow{h}_{t+1}), \qquad y_t = [\overrightarrow{h}_t, \overleftarrow{h}_t]""",
        lambda: params.count(
            {
                "class_name": "Bidirectional",
                "module": "keras.layers",
                "config": {"layer": {"class_name": "LSTM", "module": "keras.layers", "config": {"units": 7}}},
            },
            inputs=5,
        ),
        "Three maps of which input each output depends on: the triangle below the diagonal for the forward layer, the "
        "one above it for the backward layer, the whole square for both.",
        "Forward an output knows the past, backward the future, together the whole sequence.",
    ),
    Entry(
        "Gomez's numeric LSTM",
        LSTM_GATES,
        counted("LSTMCell", inputs=2, units=1),
        "Outputs of a single unit at its two steps, and the loss, over five hundred steps of gradient descent. The "
        "output of step 0 comes down towards its label of 0.5; that of step 1 climbs to 0.93 and stays there, far "
        "below its label of 1.25. The loss falls and stays above its floor.",
        "One unit, two steps, every number on paper. No output at step 1 can be above tanh(2), so 1.25 is out of "
        "reach.",
    ),
    Entry(
        "Embedding",
        r"e_t = E_{w_t}, \qquad E \in \mathbb{R}^{v \times d}",
        lambda: params.count(
            {"class_name": "Embedding", "module": "keras.layers", "config": {"input_dim": 5000, "output_dim": 32}}
        ),
        "Nine words in a plane: four nouns lie together in one corner, four verbs in another, the full stop by itself.",
        "Words that are followed by the same words get vectors that lie together; nobody told the network of nouns.",
    ),
    Entry(
        "Dropout, L1 and L2",
        r"""\tilde h = \frac{\text{mask} \odot h}{1 - p}, \qquad
L + \lambda_1 \sum |w| \quad \text{or} \quad L + \lambda_2 \sum w^2""",
        None,
        "Left, units kept and dropped over time, redrawn at each step; middle, one mask for all steps, horizontal "
        "stripes; right, sixty weights by size on a logarithmic scale: L1 brings two thirds of them below a "
        "thousandth, L2 makes the large ones smaller.",
        "A recurrent network wants one mask for all steps. L1 leaves few weights, L2 small ones.",
    ),
]
