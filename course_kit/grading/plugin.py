"""The pytest door: ``pytest --submissions DIR``.

Pytest imports this module in every project of an environment where the kit is installed, so it holds four options
and nothing else; the rest is imported when they are used.
"""


def pytest_addoption(parser):
    group = parser.getgroup("course kit")
    group.addoption(
        "--submissions",
        metavar="DIR",
        help="grade the notebooks in DIR; items are student::notebook::exercise::case",
    )
    group.addoption(
        "--kit-seed",
        metavar="N",
        type=int,
        help="deals the inputs of --submissions; random by default, and printed",
    )
    group.addoption(
        "--kit-sandbox",
        choices=("auto", "none"),
        default="auto",
        help="none runs the code of --submissions with your own rights, unprotected",
    )
    group.addoption(
        "--kit-config",
        metavar="FILE",
        help="limits of --submissions; by default grading.toml in the current folder, if it is there",
    )


def pytest_configure(config):
    if config.getoption("--submissions") is not None:
        from course_kit.grading import pytest_items

        pytest_items.register(config)
