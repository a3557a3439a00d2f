r"""Entries of the gallery: windows, memories, lanes, layers and dimensions, trees, and networks that settle."""

from course_kit import params
from course_kit.authoring.gallery import Entry, Stated
from course_kit.authoring.gallery_nets import counted

ENTRIES = [
    Entry(
        "Attention window",
        r"o_k = \sum_{i=0}^{2n} a_i h_{k + i - n}, \qquad \sum_i a_i = 1",
        counted("course_kit>LocalAttention", window=9, attention="learned"),
        "Noisy states that jump between -1 and 1. The mean of nine neighbours rounds the corners; the mean weighted "
        "by content follows the jumps, and lies further from zero than most states.",
        "A window over neighbouring states. Weights by content, here dot products, look at states that are alike, "
        "which leaves edges sharp, and at long ones.",
        "Here n is the half of the window. Learned weights are a softmax of one number a place; a fixed window has "
        "none.",
    ),
    Entry(
        "Neural Turing Machine",
        r"""
\begin{aligned}
r_t &= w^r_t M_t, \qquad M_t = M_{t-1} \odot (1 - w^{w\top}_t e_t) + w^{w\top}_t a_t \\
w^g_t &= g_t\, \text{softmax}(\beta_t \cos(k_t, M)) + (1 - g_t)\, w_{t-1}, \qquad
w_t \propto (\text{shift}_{s_t} w^g_t)^{\gamma_t}
\end{aligned}""",
        counted(
            "course_kit>NTMCell",
            output_units=2,
            memory_slots=16,
            memory_width=8,
            read_heads=1,
            write_heads=1,
            shift_range=1,
        ),
        "Above, five random columns that are read and the same five that are put out later. Below, where the heads "
        "point: the write head goes from row to row while the columns come in, and the read head goes over the same "
        "rows after.",
        "A machine that has learned to copy: it writes row after row, then reads the same rows in the same order.",
        "The order of writing and reading, and where the heads start, are choices that the paper leaves open.",
    ),
    Entry(
        "ConvLSTM with peepholes",
        r"""
\begin{aligned}
i_t &= \sigma(W_{xi} * X_t + W_{hi} * H_{t-1} + W_{ci} \odot C_{t-1} + b_i) \\
f_t &= \sigma(W_{xf} * X_t + W_{hf} * H_{t-1} + W_{cf} \odot C_{t-1} + b_f) \\
C_t &= f_t \odot C_{t-1} + i_t \odot \tanh(W_{xc} * X_t + W_{hc} * H_{t-1} + b_c) \\
o_t &= \sigma(W_{xo} * X_t + W_{ho} * H_{t-1} + W_{co} \odot C_t + b_o), \qquad H_t = o_t \odot \tanh(C_t)
\end{aligned}""",
        lambda: params.count(
            {
                "class_name": "PeepholeConvLSTM2D",
                "registered_name": "course_kit>PeepholeConvLSTM2D",
                "config": {"filters": 4, "kernel_size": [3, 3], "peepholes": "channel", "use_bias": True},
            },
            inputs=2,
        ),
        "Four pictures of a point that moves, and below them four of the cell's state, in which the point has a tail "
        "that grows longer and fades.",
        "States are pictures: where the point was is kept by the forget gate and spread by the convolution.",
        "With a peephole for each channel; the paper has one for each place and channel, 3FRS in a picture of R by S.",
    ),
    Entry(
        "Grid LSTM",
        r"""
\begin{aligned}
H &= [h_1, \dots, h_N], \qquad (a_i, a_f, a_c, a_o) = H W_k + b_k \\
m'_k &= \sigma(a_f) \odot m_k + \sigma(a_i) \odot \tanh(a_c), \qquad h'_k = \tanh(\sigma(a_o) \odot m'_k)
\end{aligned}""",
        counted(
            "course_kit>GridLSTMCell",
            depth=3,
            tied="layers",
            input_memory="projected",
            depth_dimension="lstm",
        ),
        "Length of the gradient of the inputs' kernel against the number of layers. In a stack of LSTMs it falls by "
        "ten powers of ten within ten layers, in a Grid LSTM by two.",
        "A memory along depth does for layers what the LSTM's does for steps.",
    ),
    Entry(
        "Depth-gated LSTM",
        r"""
\begin{aligned}
d_t &= \sigma(x^{l+1}_t W_d + w_c \odot c^{l+1}_{t-1} + w_l \odot c^{l}_t + b_d) \\
c^{l+1}_t &= f_t \odot c^{l+1}_{t-1} + i_t \odot \tanh(a_c) + d_t \odot c^{l}_t
\end{aligned}""",
        counted("course_kit>DepthGatedLSTMCell", depth=2, peepholes=True),
        "Two curves against the bias of the depth gates: how much a change in the memory of layer 1 changes that of "
        "layer 4, near 0 while the gates are shut and then rising, and the mean gate, which goes from 0 to 1.",
        "The depth gate lets the memory of one layer into the next, past the nonlinearity.",
    ),
    Entry(
        "Array LSTM",
        r"""c^k_t = f^k_t \odot c^k_{t-1} + i^k_t \odot \tilde c^k_t, \qquad
h_t = \sum_{k=1}^{K} o^k_t \odot \tanh(c^k_t)""",
        counted("course_kit>ArrayLSTMCell", lanes=2),
        "Above, the memories of three lanes, which go different ways. Below, the output and, dotted on it, the sum "
        "over the lanes; it leaves the band from -1 to 1.",
        "Several memories behind one output: h is a sum of K terms, so that it can be larger than 1.",
    ),
    Entry(
        "Densely connected BiLSTM",
        r"""h^l = \text{BiLSTM}_n([x, h^1, \dots, h^{l-1}]) \quad (l = 1, \dots, L), \qquad
y = \text{mean over time of } \text{BiLSTM}_t([x, h^1, \dots, h^L])""",
        counted("course_kit>DenselyConnectedBiLSTM", inputs=300, units=13, depth=15, last_units=100),
        "Left, bars of what each of sixteen layers reads: 300 numbers of the word and 26 more from each layer below. "
        "Right, parameters added up layer by layer: all sixteen stay below one BiLSTM of 300 units.",
        "Every layer reads all layers below it; since each is narrow, fifteen of them cost less than one wide one.",
        "Letters of the count: m the word's width, n the narrow layers' units, L their number, t the last layer's "
        "units.",
    ),
    Entry(
        "Recursive network",
        r"p = \tanh([a, b]\, W + c)",
        counted("course_kit>RecursiveNetwork", units=3),
        "Three trees over the words: the old man saw the dog. One number of each node is shown in colour: the words' "
        "at the leaves, above them those made of their children.",
        "One small network at every node: a phrase is a vector of the same kind as a word.",
    ),
    Entry(
        "Recursive tensor network",
        r"p_k = \tanh\Big(\sum_{ij} x_i V^{[k]}_{ij} x_j + (x W)_k + c_k\Big), \qquad x = [a, b]",
        counted("course_kit>RecursiveTensorNetwork", units=3),
        "Two maps of a parent over its two children. In a recursive network it rises along one diagonal; in a tensor "
        "network it is their product, of one sign in two opposite corners and of the other in the other two.",
        "With a tensor one child can turn the meaning of the other round, as a negation does.",
    ),
    Entry(
        "Tree-LSTM, child-sum and N-ary",
        r"""
\begin{aligned}
i, o &= \sigma(x W + \textstyle\sum_k h_k U + b), \quad u = \tanh(x W_u + \textstyle\sum_k h_k U_u + b_u), \quad
f_k = \sigma(x W_f + h_k U_f + b_f) \\
c &= i \odot u + \textstyle\sum_k f_k \odot c_k, \qquad h = o \odot \tanh(c)
\end{aligned}""",
        counted("course_kit>ChildSumTreeLSTM"),
        "A tree over the words: the old man saw the dog. Nodes have the colour of their h; each link to a child is as "
        "thick as that child's forget gate, whose number stands beside it.",
        "Every child has a forget gate of its own: a node can keep one branch and drop the other.",
        "The N-ary form has weights for each place of a child, $4mn + (3N + N^2) n^2 + 4n$.",
    ),
    Entry(
        "Hopfield network",
        r"""W = \tfrac{1}{n} \sum_p \xi^{p\top} \xi^p - \tfrac{P}{n} I, \qquad
s_i \leftarrow \text{sgn}\Big(\sum_j w_{ij} s_j\Big), \qquad E = -\tfrac12 s W s^\top""",
        lambda: Stated(r"\frac{n(n-1)}{2}", params.hopfield(7), {"n": 7}),
        "A letter of 30 points with seven wrong ones, the same half way, and whole again; beside them the energy, "
        "which falls with every change.",
        "Recall from a noisy copy: each change of a unit lowers the energy, until none can.",
        "The couplings are computed from the patterns in one step; no gradient trains them.",
    ),
    Entry(
        "Bidirectional associative memory",
        r"M = \sum_p a^{p\top} b^p, \qquad b \leftarrow \text{sgn}(a M), \qquad a \leftarrow \text{sgn}(b M^\top)",
        lambda: Stated("np", params.bam(6, 4), {"n": 6, "p": 4}),
        "A matrix of six by four couplings of -2, 0 and 2, and three columns of zeros and ones: a probe, the first "
        "side and the second side that it brings back.",
        "Kosko's example: a probe with one point missing brings back both sides of the second pair.",
        "The couplings are a sum over the pairs; no gradient trains them.",
    ),
    Entry(
        "Echo state network",
        r"h_t = (1 - a)\, h_{t-1} + a \tanh(x_t W + h_{t-1} U + b), \qquad y_t = h_t V + b_y",
        counted("course_kit>EchoStateCell", output_units=2, input_skip=False),
        "A chaotic series in grey and, dashed over it, what the network goes on with by itself: the two lie on each "
        "other for five hundred steps.",
        "Only the read-out was fitted, by one regression; fed with its own outputs the network goes on with the "
        "series.",
    ),
    Entry(
        "History compressor",
        r"""\text{level 2 reads } (t, x_t) \text{ where } x_t \ne \hat x_t, \qquad
\hat x_t = \text{what level 1 expects}""",
        lambda: Stated(
            r"n_1(2m + n_1 + 1) + m + n_2(2k + n_2 + 1) + k",
            params.history_compressor(4, 7, 9, 5),
            {"m": 4, "n_1": 7, "k": 9, "n_2": 5},
        ),
        "A row of letters, abc again and again with an x and a y put in. Most are grey; arrows lead up from the few "
        "that level 1 did not expect, and these alone stand on level 2.",
        "What was foreseen need not be told: the few letters above are enough to write down the whole row again.",
        "Two Elman networks, one that reads m symbols and one that reads k events; other predictors have other counts.",
    ),
]
