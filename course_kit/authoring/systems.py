"""Every system of the five lectures and every notebook: the tables of the README are written from here."""

from dataclasses import dataclass
from pathlib import Path

from course_kit.authoring.source import ROOT, read, sources
from course_kit.checking import notebook_exercises
from course_kit.exercises.inventory import exercises_of


@dataclass(frozen=True)
class System:
    """One row.

    Args:
        name: str, the field's name for it.
        slides: str, where the lectures speak of it.
        source: str, author and year.
        use: str, the line that brings it in.
        proof: str, what it was found to agree with, and to how many digits.
    """

    name: str
    slides: str
    source: str
    use: str
    proof: str

    @property
    def notebooks(self) -> str:
        """The notebooks whose exercises its slides became, as far as they are there: "08, 10"."""
        there = {path.stem[:2] for path in sources()} - {"00"}
        found = {e[1:3] for slide in slides_of(self.slides) for e in exercises_of(slide)}
        return ", ".join(sorted(found & there))


def slides_of(ranges: str) -> list[str]:
    """The slides that a short form names.

    >>> slides_of("D1.24, D4.44-45")
    ['D1.24', 'D4.44', 'D4.45']
    """
    found = []
    for part in ranges.split(", "):
        document, _, numbers = part.partition(".")
        first, _, last = numbers.partition("-")
        found += [f"{document}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


SYSTEMS = (
    System(
        "Fully recurrent network",
        "D2.4",
        "Williams & Zipser 1989",
        "from course_kit.reference.fully_recurrent import fully_recurrent_forward",
        "Keras SimpleRNN with a fixed input kernel (1e-14), node by node (1e-14)",
    ),
    System(
        "Elman network",
        "D1.5, D2.8",
        "Elman 1990",
        "from course_kit.cells import ElmanCell",
        "onnxruntime RNN (1e-6), neurolab newelm (1e-14)",
    ),
    System(
        "SimpleRNN",
        "D1.6, D4.30",
        "Keras",
        "from keras.layers import SimpleRNN",
        "Keras' own layer; NumPy twin (1e-14)",
    ),
    System(
        "Jordan network",
        "D1.5, D2.9",
        "Jordan 1986",
        "from course_kit.cells import JordanCell",
        "SimpleRNN with a low-rank recurrent kernel (1e-14)",
    ),
    System(
        "ODE as a recurrent network",
        "D1.7-9",
        "Funahashi & Nakamura 1993; Chow & Li 2000",
        "from course_kit.reference import OdeNetwork",
        "SciPy's integrator on van der Pol (1e-3), Runge-Kutta on the fitted field itself (1e-10)",
    ),
    System(
        "Backpropagation through time",
        "D1.10-12, D4.11-18",
        "Werbos 1990",
        "from course_kit.reference import bptt",
        "GradientTape (1e-14), central differences (1e-8)",
    ),
    System(
        "Truncated backpropagation",
        "D4.22-24",
        "Williams & Peng 1990",
        "from course_kit.gradients import truncated_gradients",
        "by hand, GradientTape with stop_gradient, stateful layers in pieces (1e-10)",
    ),
    System(
        "Skip connections in time",
        "D4.25",
        "Lin et al. 1996",
        "from course_kit.cells import LagSkipCell",
        "interleaved SimpleRNNs (1e-14), linear SimpleRNN on the whole memory (1e-14)",
    ),
    System(
        "Skip connections in depth",
        "D4.25, D5.14-17",
        "Wu et al. 2016",
        "from course_kit.cells import ResidualStack",
        "Keras layers with Add between them (1e-14)",
    ),
    System(
        "LSTM of 1997, no forget gate",
        "D1.15, D4.33-39",
        "Hochreiter & Schmidhuber 1997",
        "from course_kit.cells import LSTM1997Cell",
        "12 weight counts and the learning rule of its paper (1e-12), Keras LSTM with an open forget gate (1e-14)",
    ),
    System(
        "LSTM with forget gate",
        "D1.16-21, D2.12, D3.14-22, D4.41, D5.7-13",
        "Gers, Schmidhuber & Cummins 2000",
        "from keras.layers import LSTM",
        "Keras' own layer; NumPy twin (1e-14)",
    ),
    System(
        "LSTM with peepholes",
        "D1.22",
        "Gers & Schmidhuber 2000",
        "from course_kit.cells import PeepholeLSTMCell",
        "onnxruntime LSTM (1e-6), TensorFlow BlockLSTM in value (1e-6) and gradient (1e-5)",
    ),
    System(
        "GRU",
        "D1.23, D2.13, D4.44",
        "Cho et al. 2014",
        "from keras.layers import GRU",
        "Keras' own layer; NumPy twin (1e-14)",
    ),
    System(
        "GRU with the update gate reversed",
        "D1.23",
        "Chung et al. 2014",
        "from course_kit.cells import GRUCell",
        "onnxruntime GRU, both resets (1e-6), TensorFlow GRUBlockCell (1e-6), Keras GRU with its sign changed (1e-14)",
    ),
    System(
        "Bidirectional network",
        "D1.24, D4.45",
        "Schuster & Paliwal 1997",
        "from keras.layers import Bidirectional",
        "two layers, the second on the reversed sequence, exactly; for every cell of the kit",
    ),
    System(
        "Attention window",
        "D1.25",
        "lecture",
        "from course_kit.layers import LocalAttention",
        "Keras DepthwiseConv1D, numpy.convolve, Keras dot_product_attention with a band mask (1e-14 each)",
    ),
    System(
        "Neural Turing Machine",
        "D1.26",
        "Graves, Wayne & Danihelka 2014",
        "from course_kit.layers import NTM",
        "NumPy twin (1e-12); its addressing: SciPy's cosine (1e-5), a Fourier transform (1e-15), limit cases; "
        "learns to copy",
    ),
    System(
        "Gomez's numeric LSTM",
        "D1.27",
        "Gomez 2016",
        "from course_kit.reference import gomez",
        "Keras LSTM under the tape (1e-12), central differences (1e-8)",
    ),
    System(
        "ConvLSTM with peepholes",
        "D1.28",
        "Shi et al. 2015",
        "from course_kit.layers import PeepholeConvLSTM2D",
        "Keras ConvLSTM2D without peepholes (1e-14), onnxruntime LSTM with P at each pixel (1e-6)",
    ),
    System(
        "Grid LSTM",
        "D1.28",
        "Kalchbrenner, Danihelka & Graves 2015",
        "from course_kit.layers import GridLSTM",
        "Keras LSTMCells along both dimensions (1e-12), a stack of Keras LSTMs with the identity along depth (1e-13)",
    ),
    System(
        "Depth-gated LSTM",
        "D1.28",
        "Yao et al. 2015",
        "from course_kit.layers import DepthGatedLSTM",
        "stacks of onnxruntime LSTMs with P (1e-6) and of Keras LSTMs (1e-14), Keras LSTMCells and Dense gates (1e-12)",
    ),
    System(
        "Array LSTM",
        "D1.28",
        "Rocki 2016",
        "from course_kit.layers import ArrayLSTM",
        "the package array-lstm, with and without attention (1e-14), one Keras LSTM of all lanes (1e-13)",
    ),
    System(
        "Densely connected BiLSTM",
        "D1.28",
        "Ding et al. 2018",
        "from course_kit.layers import DenselyConnectedBiLSTM",
        "a functional Keras model with the same weights (1e-14), 1 406 560 parameters at its paper's size",
    ),
    System(
        "Recursive network",
        "D1.30, D2.5",
        "Goller & Küchler 1996",
        "from course_kit.layers import RecursiveNetwork",
        "Keras SimpleRNN on a tree that leans left (1e-14), recursion tree by tree (1e-13)",
    ),
    System(
        "Recursive tensor network",
        "D1.31",
        "Socher et al. 2013",
        "from course_kit.layers import RecursiveTensorNetwork",
        "the recursive network where V = 0, exactly; numpy.einsum (1e-14), recursion tree by tree (1e-13)",
    ),
    System(
        "Tree-LSTM, child-sum and N-ary",
        "D2.5",
        "Tai, Socher & Manning 2015",
        "from course_kit.layers import ChildSumTreeLSTM, NaryTreeLSTM",
        "Keras LSTM on a chain (1e-14), recursion tree by tree (1e-13)",
    ),
    System(
        "Hopfield network",
        "D2.6",
        "Hopfield 1982",
        "from course_kit.memories import Hopfield",
        "all 1024 states of a small one by force; NumPy twin, exactly; the modern form: Keras Attention to 14 digits",
    ),
    System(
        "Bidirectional associative memory",
        "D2.7",
        "Kosko 1988",
        "from course_kit.memories import BAM",
        "Kosko's example and the Hopfield network of both layers, exactly; NumPy twin",
    ),
    System(
        "Echo state network",
        "D2.10",
        "Jaeger 2001",
        "from course_kit.layers import EchoState",
        "reservoirpy to 15 digits (the twin: exactly); read-out: scikit-learn Ridge to 11 digits",
    ),
    System(
        "History compressor",
        "D2.11",
        "Schmidhuber 1992",
        "from course_kit.memories import HistoryCompressor",
        "what was compressed, exactly, with 49 pairs of predictors; NumPy twin",
    ),
    System(
        "Embedding",
        "D3.23",
        "Keras",
        "from keras.layers import Embedding",
        "Keras' own layer; a one-hot matrix product, exactly",
    ),
    System(
        "Dropout, L1 and L2",
        "D3.24-26",
        "Keras",
        "from keras.layers import Dropout",
        "Keras' own layers; in every cell of the kit: drawn anew for each batch, constant over time",
    ),
    System(
        "Character model",
        "D5.18-20",
        "Zaremba, Sutskever & Vinyals 2014",
        "from course_kit.models.characters.saved import load",
        "Keras' LSTM letter by letter (1e-5); held-out perplexity below every n-gram model",
    ),
    System(
        "Translator in GNMT's shape",
        "D5.14-17",
        "Wu et al. 2016",
        "from course_kit.models.translator.translating import translate",
        "NumPy encoder (1e-5), Keras AdditiveAttention (1e-12), beam search against brute force",
    ),
    System(
        "Jet tagger",
        "D1.33",
        "Egan et al. 2017",
        "from course_kit.models.jets import lstm_tagger",
        "preprocessing: NumPy one jet at a time (1e-6), SciPy's rotations; walk through the clustering: FastJet",
    ),
    System(
        "IMDB_LSTM",
        "D1.35, D2.15-20",
        "Maas et al. 2011; Wang & Manning 2012",
        "from course_kit.models.imdb import Recipe, train",
        "n-gram weights counted by hand, word vectors by a dense decomposition, segments one by one (1e-6)",
    ),
)


def systems_table() -> str:
    """The systems as Markdown."""
    lines = ["| system | slides | source | in the kit | notebooks | agrees with |", "| --- " * 6 + "|"]
    for s in SYSTEMS:
        lines.append(f"| {s.name} | {s.slides} | {s.source} | `{s.use}` | {s.notebooks} | {s.proof} |")
    return "\n".join(lines)


def notebooks_table() -> str:
    """The notebooks as Markdown, from their own titles and the exercises that are there."""
    rows = ["| notebook | what it teaches | exercises |", "| --- | --- | --- |"]
    for source in sources():
        title = read(source)[0].source.splitlines()[0].lstrip("# ")
        ids = [e.id for e in notebook_exercises(source.stem[:2])]
        rows.append(f"| [{source.stem}](notebooks/{source.stem}.ipynb) | {title} | {ids[0]} to {ids[-1]} |")
    return "\n".join(rows)


def replaced(page: str) -> str:
    """``page`` with the tables between their marks made new."""
    for name, table in (("systems", systems_table()), ("notebooks", notebooks_table())):
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        head, rest = page.split(begin)
        page = f"{head}{begin}\n{table}\n{end}{rest.split(end)[1]}"
    return page


def write(path: Path = ROOT / "README.md") -> None:
    """Make the tables of the README new."""
    path.write_text(replaced(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
