"""``course-kit params``: a saved model in, a table and an exit code out."""

import io
import json
import subprocess
import sys
import zipfile

import keras
import pytest
from rich.console import Console

from course_kit.cells import PeepholeLSTMCell
from course_kit.params.command import run

L = keras.layers


def spoken(path) -> tuple[int, str]:
    """Exit code and screen."""
    screen = io.StringIO()
    return run(str(path), Console(file=screen, width=100)), screen.getvalue()


@pytest.fixture
def saved(tmp_path):
    """Save a Sequential model of these layers."""

    def save(*layers, shape=(None, 5)):
        path = tmp_path / "model.keras"
        keras.Sequential([keras.Input(shape), *layers], name="saved").save(path)
        return path

    return save


def test_a_saved_model_with_the_kits_cells_agrees(saved):
    """Exit code 0, and the table."""
    code, screen = spoken(saved(L.RNN(PeepholeLSTMCell(7)), L.Dense(1, name="score")))
    assert code == 0
    assert "4(n^2 + mn + n) + 3n" in screen
    assert "385" in screen
    assert "393 trainable, 0 not trainable." in screen


def test_a_model_that_disagrees_ends_with_1(saved):
    """A script can tell."""
    layer = L.Dense(3)
    path = saved(layer, shape=(5,))
    model = keras.saving.load_model(path)
    model.layers[0].enable_lora(2)
    model.save(path)
    code, screen = spoken(path)
    assert code == 1
    assert "lora_kernel_a (5, 2)" in screen


def test_a_file_that_is_not_there(tmp_path):
    """The path, and what to do."""
    path = tmp_path / "none.keras"
    sentence = f"{path} does not exist. Give the path of a model saved with model.save('name.keras').\n"
    assert spoken(path) == (2, sentence)


@pytest.mark.parametrize("kind", ["folder", "text", "other ending", "zip", "list"])
def test_what_is_no_keras_file(tmp_path, kind):
    """One line, whatever it is."""
    path = tmp_path / ("model.h5" if kind == "other ending" else "model.keras")
    if kind == "folder":
        path.mkdir()
    elif kind in ("text", "other ending"):
        path.write_text("weights")
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("config.json" if kind == "list" else "readme", "[]")
    assert spoken(path) == (2, f"{path} is not a .keras file. Save the model with model.save('name.keras').\n")


def test_an_unbuilt_model_gets_the_sentence_of_explain(tmp_path):
    """There is nothing to compare with."""
    path = tmp_path / "model.keras"
    with pytest.warns(UserWarning, match="not yet been built"):
        keras.Sequential([L.Dense(3)], name="empty").save(path)
    code, screen = spoken(path)
    assert code == 2
    assert screen.startswith("empty is not built")


def test_a_class_that_nobody_knows_is_named(tmp_path, saved):
    """The file is edited, since a class of this process would be known."""
    path = saved(L.Dense(3, name="dense"), shape=(5,))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(parts["config.json"])
    config["config"]["layers"][1].update(module="their.code", class_name="Thing", registered_name="theirs>Thing")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (parts | {"config.json": json.dumps(config).encode()}).items():
            archive.writestr(name, data)
    code, screen = spoken(path)
    assert code == 2
    assert screen == (
        f"{path} needs classes that are not in Keras or the kit: theirs>Thing. "
        "Import them in Python, load the model there and call course_kit.params.explain(model).\n"
    )


def test_python_code_in_a_file_is_not_run(saved):
    """A Lambda layer in a stranger's file stays asleep."""
    code, screen = spoken(saved(L.Lambda(lambda x: print("run from the file") or x), shape=(5,)))
    assert code == 2
    assert "holds a Lambda layer, that is Python code, which is not run from a file." in screen
    assert "run from the file" not in screen


def test_tensorflow_says_nothing_on_the_screen(saved):
    """A fresh process, from start to table: no line of its log."""
    path = saved(L.LSTM(7))
    code = "import sys, rich.console as c; from course_kit.params.command import run; run(sys.argv[1], c.Console())"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.startswith("Parameters of saved")
