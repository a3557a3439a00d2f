"""The closed answers of notebook 00 against the slide inventory, from which they were not made."""

from course_kit.exercises.e00_start_here import DOCUMENTS, E00_1, SLIDES
from course_kit.exercises.inventory import inventory

# The inventory's words for a slide's kind, and the ones that the notebook uses.
KINDS = {"title": "title", "outline": "outline", "section": "section", "reference": "reading", "admin": "advert"}
MONTHS = {"April": "04", "January": "01", "September": "09", "June": "06"}


def sources():
    import yaml

    from course_kit.exercises.inventory import PATH

    return {d["id"]: d for d in yaml.safe_load(PATH.read_text(encoding="utf-8"))["documents"]}


def test_every_slide_of_the_exercise_is_sorted_by_the_kind_of_the_inventory():
    """The student sorts nineteen slides; the inventory names the kind of each."""
    obtained = {slide: kind for kind, text in SLIDES.items() for slide in text.split()}

    assert obtained == {slide: KINDS[inventory()["slides"][slide]["kind"]] for slide in E00_1.slides}


def test_language_lecturer_and_date_are_those_of_the_sources():
    """What the inventory says of each document holds the same language, name and date."""
    for document, entry in DOCUMENTS.items():
        source = sources()[document]
        told = source["source"] + " " + inventory()["slides"][f"{document}.1"]["claim"]

        assert entry["language"] == source["language"]
        assert entry["lecturer"] in (told if entry["lecturer"] != "nobody" else "nobody")
        if entry["date"] == "none":
            assert not any(month in told for month in MONTHS)
        else:
            year, month, day = entry["date"].split("-")
            assert any(f"{int(day)} {name} {year}" in told for name, number in MONTHS.items() if number == month)


def test_each_topic_is_the_documents_own():
    """A topic's notebook gets slides from one document alone, and that is the one the answer gives."""
    notebook = {"approximation": "04", "zoo": "16", "regularisation": "17", "validation": "18", "translation": "20"}
    for document, entry in DOCUMENTS.items():
        led = {
            s["document"] for s in inventory()["slides"].values() if s["notebook"].startswith(notebook[entry["topic"]])
        }

        assert led == {document}
