"""`explain`: every layer of a model against its formula, and no guess where there is none."""

import io

import keras
import pytest
from rich.console import Console

from course_kit.cells import ElmanCell, JordanCell, LSTM1997Cell, PeepholeLSTMCell
from course_kit.params import explain
from tests.params.models import RECURRENT, drawn

L = keras.layers


class Unheard(L.Dense):
    """A class the table does not know, with weights its parent has not."""

    def build(self, input_shape):
        super().build(input_shape)
        self.add_weight(shape=(2, 3), name="extra")


def everything() -> keras.Model:
    """A model with a layer of every kind, a model inside, and a layer that is used twice."""
    encoder = keras.Sequential(
        [keras.Input((6, 5)), L.Dense(5, name="inner_dense"), L.GRU(5, return_sequences=True, name="inner_gru")],
        name="encoder",
    )
    inputs = keras.Input((6,), name="words")
    x = L.Embedding(50, 5, name="embedding")(inputs)
    x = L.Dropout(0.1, name="dropout")(x)
    x = encoder(x)
    twice = L.Dense(5, name="twice")
    x = twice(twice(x))
    x = L.SimpleRNN(4, return_sequences=True, name="simple")(x)
    x = L.LSTM(3, return_sequences=True, use_bias=False, name="lstm")(x)
    x = L.GRU(4, return_sequences=True, reset_after=False, name="slide_gru")(x)
    x = L.Bidirectional(L.GRU(3, return_sequences=True), name="both_ways")(x)
    x = L.RNN([L.LSTMCell(4), L.GRUCell(3)], return_sequences=True, name="stack")(x)
    x = L.RNN(ElmanCell(4, 2), return_sequences=True, name="elman")(x)
    x = L.RNN(JordanCell(5, 3), return_sequences=True, name="jordan")(x)
    x = L.RNN(LSTM1997Cell(4), return_sequences=True, name="old")(x)
    x = L.BatchNormalization(name="norm")(x)
    x = L.RNN(PeepholeLSTMCell(6), name="peephole")(x)
    x = Unheard(3, name="unheard")(x)
    return keras.Model(inputs, L.Dense(1, name="score")(x), name="everything")


@pytest.fixture(scope="module")
def model():
    return everything()


def test_every_known_layer_agrees_and_the_stranger_is_unknown(model):
    """Expected against the layer's own count; the total leaves out the one without a formula."""
    table = explain(model)
    rows = {row.layer: row for row in table.rows}
    assert [row.layer for row in table.unknown] == ["unheard"]
    assert rows["unheard"].expected is None
    assert rows["unheard"].actual == model.get_layer("unheard").count_params() == 6 * 3 + 3 + 6
    for name, row in rows.items():
        if name != "unheard" and not name.startswith("encoder/"):
            assert (row.verdict, row.expected, row.actual) == ("agrees", *[model.get_layer(name).count_params()] * 2)
    assert table.agrees
    assert table.verdict == "unknown"
    assert table.actual == model.count_params()
    assert table.expected == model.count_params() - 27
    assert table.trainable == sum(weight.size for weight in model.get_weights()) - table.non_trainable
    assert table.non_trainable == 2 * 4  # mean and variance of the normalisation


def test_a_model_inside_is_opened(model):
    """Its layers stand under its name."""
    encoder = model.get_layer("encoder")
    rows = {row.layer: row.actual for row in explain(model).rows if row.layer.startswith("encoder/")}
    assert rows["encoder/inner_gru"] == 3 * (25 + 25 + 10)
    assert sum(rows.values()) == encoder.count_params()


@pytest.mark.parametrize("name", RECURRENT)
@pytest.mark.parametrize("seed", [10, 11])
def test_one_layer_alone_agrees(name, seed):
    """Random sizes, biases on and off, read from the layer's configuration and compared with its weights."""
    m, n, o, bias = drawn(seed)
    layer = RECURRENT[name](n, o, bias)
    layer.build((None, 6, m))
    (row,) = explain(layer).rows
    assert (row.verdict, row.expected, row.actual) == ("agrees", layer.count_params(), layer.count_params())


def test_a_layer_that_holds_more_than_its_formula_disagrees_and_says_what():
    """Keras' low-rank adapters add two tensors to a Dense layer."""
    layer = L.Dense(3, name="adapted")
    model = keras.Sequential([keras.Input((5,)), layer])
    layer.enable_lora(2)
    table = explain(model)
    assert not table.agrees
    assert (table.rows[0].expected, table.rows[0].actual) == (18, 34)
    assert table.rows[0].notes == (
        "The layer holds lora_kernel_a (5, 2), lora_kernel_b (2, 3), which the formula has not.",
    )


def test_a_shared_layer_is_counted_once():
    """A layer that stands in the model and in a model inside it has one set of weights."""
    shared = L.Dense(5, name="shared")
    inner = keras.Sequential([keras.Input((5,)), shared], name="inner")
    inputs = keras.Input((5,))
    model = keras.Model(inputs, shared(inner(inputs)))
    table = explain(model)
    assert sorted(row.verdict for row in table.rows if row.layer.endswith("shared")) == ["agrees", "counted above"]
    assert table.agrees
    assert table.expected == table.actual == model.count_params() == 30


def test_a_subclassed_model_shows_what_it_holds_itself_and_what_was_never_called():
    """Weights outside the layers are unknown; a layer that no call has reached has none."""

    class Model(keras.Model):
        def __init__(self):
            super().__init__(name="own")
            self.used, self.idle = L.LSTM(3, name="used"), L.Dense(9, name="idle")
            self.scale = self.add_weight(shape=(3,), name="scale")

        def build(self, input_shape):
            self.used.build(input_shape)

        def call(self, inputs):
            return self.used(inputs) * self.scale

    model = Model()
    model(keras.ops.zeros((2, 4, 5)))
    table = explain(model)
    assert [(row.layer, row.actual, row.verdict) for row in table.rows] == [
        ("used", 4 * (9 + 15 + 3), "agrees"),
        ("idle", None, "not built"),
        ("(itself)", 3, "unknown"),
    ]
    assert table.actual == model.count_params()
    assert table.agrees


def test_a_model_inside_time_distributed_is_opened():
    """The same model at every step has one set of weights."""
    frame = keras.Sequential([keras.Input((5,)), L.Dense(4, name="dense")], name="frame")
    model = keras.Sequential([keras.Input((6, 5)), L.TimeDistributed(frame, name="each")])
    table = explain(model)
    assert [(row.layer, row.actual) for row in table.rows] == [("each/dense", 24)]
    assert table.verdict == "agrees"


def test_an_unbuilt_model_gets_one_sentence():
    """It has nothing to compare with."""
    with pytest.raises(ValueError) as refusal:
        explain(keras.Sequential([L.Dense(3)], name="empty"))
    assert str(refusal.value) == (
        "empty is not built, so it has no weights to compare: call it on a batch or model.build(...) first."
    )
    with pytest.raises(TypeError, match="explain takes a Keras model or layer. Got 3."):
        explain(3)


def test_the_table_as_text():
    """Word for word: the model of the wiki text, 213301 parameters (slide D2.19)."""
    model = keras.Sequential(
        [
            keras.Input((80,)),
            L.Embedding(5000, 32, name="embedding"),
            L.LSTM(100, name="lstm"),
            L.Dense(1, name="dense"),
        ]
    )
    assert str(explain(model)) == "\n".join(
        [
            "layer      class      formula          numbers put in           expected  actual",
            "---------  ---------  ---------------  -----------------------  --------  ------  ------",
            "embedding  Embedding  vd               5000·32                    160000  160000  agrees",
            "lstm       LSTM       4(n^2 + mn + n)  4(100^2 + 32·100 + 100)     53200   53200  agrees",
            "dense      Dense      mn + n           100·1 + 1                     101     101  agrees",
            "---------  ---------  ---------------  -----------------------  --------  ------  ------",
            "total                                                             213301  213301  agrees",
            "213301 trainable, 0 not trainable.",
        ]
    )


def test_a_note_is_printed_once_and_pointed_at():
    """Two GRUs share the reason; the numbers are each one's own."""
    model = keras.Sequential([keras.Input((None, 4)), L.GRU(5, return_sequences=True), L.GRU(5)])
    text = str(explain(model))
    assert text.count("keeps two bias vectors") == 1
    assert "GRU with m = 4, n = 5: 165 and not the slide's 150" in text
    assert "agrees [1] [2]" in text
    assert "agrees [3] [2]" in text


def test_html_and_terminal_show_names_as_they_are():
    """A layer may be called anything: brackets are no markup on a terminal, angles are no tags in a notebook."""
    model = keras.Sequential([keras.Input((None, 4)), L.LSTM(5, name="a[bold]<b>")])
    table = explain(model)
    page = table._repr_html_()
    assert "a[bold]&lt;b&gt;" in page
    assert "4(n<sup>2</sup> + mn + n)" in page
    screen = io.StringIO()
    Console(file=screen, width=80).print(table)
    assert "a[bold]<b>" in screen.getvalue()
    assert "= 4(5^2 + 4·5 + 5)" in screen.getvalue()
    assert max(map(len, screen.getvalue().splitlines())) <= 80
