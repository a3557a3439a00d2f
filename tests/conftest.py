"""What tests of several folders share."""

import pytest


@pytest.fixture(scope="session")
def book_folder(tmp_path_factory):
    """The book of the solved notebooks: from the executed ones where they lie in build/, else from the bare ones."""
    import nbformat

    from course_kit.authoring import book
    from course_kit.authoring.command import _executed_path
    from course_kit.authoring.source import edition, solution_path, sources

    folder = tmp_path_factory.mktemp("book")
    executed = {}
    for source in sources():
        executed[source] = _executed_path(solution_path(source))
        if not executed[source].exists():
            executed[source] = folder / f"{source.stem}.ipynb"
            nbformat.write(edition(source, solved=True), executed[source])
    book.write(executed, folder / "pages")
    return folder / "pages"
