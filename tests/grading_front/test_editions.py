"""Every notebook of the course goes through the judge as it stands: solved all right, untouched not attempted."""

import pytest

from course_kit.authoring.source import edition, sources, text
from course_kit.checking import State
from course_kit.grading.judge import Judge
from course_kit.grading.server import WorkerServer
from course_kit.grading.submissions import find_submissions
from tests.grading_front.conftest import hand_in

EDITIONS = {
    f"{source.stem[:2]} {state}": (source, solved, state)
    for source in sources()
    for solved, state in ((True, State.RIGHT), (False, State.NOT_ATTEMPTED))
}


@pytest.fixture(scope="module")
def full_server(sandbox):
    """Workers with TensorFlow, as in a real run."""
    with WorkerServer(sandbox=sandbox) as running:
        yield running


@pytest.mark.parametrize("source,solved,state", EDITIONS.values(), ids=EDITIONS)
def test_edition_is_graded_as_it_is_checked(full_server, tmp_path, source, solved, state):
    """The kit is out of the worker's sight, and no cell of ours minds: there is not one note."""
    hand_in(tmp_path, "ada", text(edition(source, solved)), f"{source.stem}.ipynb")
    (submission,) = find_submissions(tmp_path)

    result = Judge(full_server, seed=5).grade(submission)

    assert {state} == {o.state for o in result.outcomes}, [str(o) for o in result.outcomes if o.state is not state]
    assert () == result.notes
