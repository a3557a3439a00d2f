"""The responder: state from turn to turn, reranking, and what the shipped one remembers."""

import keras
import numpy as np
import pytest

from course_kit.datasets.dialogue import DULL, known_answers
from course_kit.models.translator import talking, translating
from course_kit.models.translator.responder import Conversation, Responder, anyway
from course_kit.models.translator.writing import Writer


@pytest.fixture(scope="module")
def shipped():
    return Writer(translating.load_responder())


def test_turns_taught_at_once_are_turns_read_one_by_one():
    """The model's own loop over turns gives what a `Writer` gives that is handed the state."""
    keras.utils.set_random_seed(0)
    model = Responder(["hello", "you", "there"], ["yes", "no"], units=4, embedding=3)
    model.build(None)
    turns = [[["hello"], ["you", "there"]], [["there"], ["hello"]]]
    source = np.stack([np.pad(model.source.encode(t), ((0, 0), (0, 3)))[:, :3] for t in turns], axis=1)
    target = np.array([[[1, 4]] * 2] * 2)
    whole = np.asarray(keras.ops.log_softmax(model({"source": source, "target": target})))

    writer, state = Writer(model), None
    for k, said in enumerate(turns):
        reading = writer.read(said, state)
        state = reading.state
        log_p, _, _ = writer.step(np.array([1, 1]), (reading.memory, reading.mask, reading.state))
        assert np.abs(log_p - whole[:, k, 0]).max() < 1e-5


def test_saved_responder_loads_as_one(tmp_path):
    """The class is in the file."""
    model = Responder(["hello"], ["yes"], units=4, embedding=3)
    model.build(None)
    translating.save(model, tmp_path / "r.keras")

    assert isinstance(keras.saving.load_model(tmp_path / "r.keras"), Responder)


def test_state_decides_what_is_remembered(shipped):
    """Told one turn before: right with the state carried, not without."""
    found = talking.memory_test(shipped, 60)

    assert found["carried"][1] >= 0.8
    assert found["reset"][1] <= 0.2


def test_forgetting_is_a_new_beginning(shipped):
    """After `forget` the first answer comes again."""
    talk = Conversation(shipped)
    first = talk.say("how are you")
    talk.say("my name is anna")
    talk.forget()
    assert talk.say("how are you") == first


def test_reranking_lets_fitting_answers_through(shipped):
    """What is most probable is the dull answer; with a weight of 0.5 most answers fit."""
    remarks = [
        "how are you",
        "what a lovely evening",
        "you are stupid",
        "are you offended",
        "my name is anna",
        "i like tea",
    ]
    plain = [Conversation(shipped).say(said) for said in remarks]
    reranked = [Conversation(shipped, diversity=0.5).say(said) for said in remarks]

    assert plain.count(DULL) >= 5
    assert sum(answer in known_answers(said) for said, answer in zip(remarks, reranked, strict=True)) >= 4


def test_dull_answer_is_likely_anyway(shipped):
    """ln P without anything said: the dull answer before one that needs a reason."""
    vocabulary = shipped.model.target
    dull, fitting = (vocabulary.encode([text.split()])[0][:-1] for text in (DULL, "i like tea too"))
    log_p = anyway(shipped, [dull.tolist(), fitting.tolist()])

    assert log_p[0] > log_p[1] + 1
