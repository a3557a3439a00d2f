"""``course-kit characters``: what it writes, its errors in a sentence, and an end without a traceback."""

import os
import signal
import subprocess
import sys
import time

import pytest

from course_kit.cli import main
from course_kit.models.characters import saved, training
from tests.models.characters.test_counting_and_writing import net


def test_sample_writes_as_seeded(capsys):
    """The prompt, then so many characters; the same seed, the same text."""
    texts = []
    for seed in ("3", "3", "4"):
        assert 0 == main(["characters", "sample", "--prompt", "The class ", "--length", "40", "--seed", seed])
        texts.append(capsys.readouterr().out)

    assert texts[0] == texts[1] != texts[2]
    assert texts[0].startswith("the class ") and len(texts[0]) == len("the class ") + 40 + 1


def test_sample_reads_another_model(tmp_path, capsys):
    """One that was trained on another alphabet."""
    saved.save(net(), tmp_path / "abc.npz")

    assert 0 == main(["characters", "sample", "--model", str(tmp_path / "abc.npz"), "--length", "30"])
    assert set(capsys.readouterr().out) <= set(" abc\n")


def test_mirror_turns_words_round(capsys):
    """The sentence of the assignment."""
    assert 0 == main(["characters", "mirror", "The quick brown fox"])
    assert "eht kciuq nworb xof" in capsys.readouterr().out


WRONG = {
    "no model": (["sample", "--model", "nowhere.npz"], "nowhere.npz must be a model file"),
    "prompt": (["sample", "--prompt", "50%"], "a prompt for this model"),
    "no text": (["train", "--text", "nowhere.txt"], "nowhere.txt must be a text file"),
    "letters": (["mirror", "3 men"], "words must be made of"),
}


@pytest.mark.parametrize("arguments,says", WRONG.values(), ids=WRONG)
def test_wrong_use_is_one_sentence(arguments, says, capsys):
    """And exit code 2."""
    assert 2 == main(["characters", *arguments])
    out = capsys.readouterr().out
    assert says in out and 1 == len(out.strip().splitlines())


@pytest.mark.parametrize("arguments", [["--temperature", "-1"], ["--temperature", "warm"], ["--length", "x"]])
def test_bad_numbers_are_refused(arguments, capsys):
    """By the parser, before anything is loaded."""
    with pytest.raises(SystemExit) as caught:
        main(["characters", "sample", *arguments])

    assert 2 == caught.value.code


def test_train_stops_and_goes_on(tmp_path, monkeypatch, capsys):
    """Ctrl-C says how to go on; at the end the model is there, and the work in between is not."""
    model, calls = tmp_path / "m.npz", []

    def train(text, plan, folder, say):
        calls.append((plan, folder))
        folder.mkdir(exist_ok=True)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return net(symbols=text.symbols)

    monkeypatch.setattr(training, "train", train)
    monkeypatch.setattr(training, "nats", lambda net, text: 1.5)
    command = ["characters", "train", "--model", str(model), "--limit", "5000", "--units", "8", "--pairs"]

    assert 1 == main(command)
    assert "the same command goes on" in capsys.readouterr().out
    assert 0 == main(command)
    out = capsys.readouterr().out
    assert "trigram" in out and "1.500 nats" in out and str(model) in out.replace("\n", "")
    assert calls[0] == calls[1] and calls[0][0].pairs and calls[0][0].n == 8
    assert saved.load(model).symbols and not calls[0][1].exists()


def test_endless_writing_ends_with_ctrl_c():
    """Text comes while it runs; the signal ends it with code 0 and no traceback."""
    command = [sys.executable, "-m", "course_kit.cli", "characters", "sample", "--length", "0"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    first = process.stdout.read(50)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)

    assert 50 == len(first) and b"" == errors and rest.endswith(b"\n")
    assert 0 == process.returncode


def test_a_reader_that_goes_ends_it_quietly():
    """As with `| head`."""
    read, write = os.pipe()
    command = [sys.executable, "-m", "course_kit.cli", "characters", "sample", "--length", "0"]
    process = subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert os.read(read, 20)
    os.close(read)

    _, errors = process.communicate(timeout=60)

    assert b"" == errors and 0 == process.returncode
