"""report.html: one file that stands alone, with the figures in it and every text from outside escaped."""

from pathlib import Path

import jinja2

from course_kit.models.imdb.runs.files import write_bytes
from course_kit.models.imdb.runs.mistakes import Mistake
from course_kit.plots import Shown


def write_report(path: Path, config: dict, metrics: dict, figures: dict[str, Shown], mistakes: list[Mistake]) -> None:
    """Write the page. ``figures`` are shown in their order; ``mistakes`` are those of the part that metrics name."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html").render(
        config=config,
        metrics=metrics,
        parts=[name for name in ("validation", "test") if name in metrics],
        figures=[figure._repr_html_() for figure in figures.values()],
        taken_for_positive=[m for m in mistakes if not m.positive],
        taken_for_negative=[m for m in mistakes if m.positive],
    )
    write_bytes(path, page.encode("utf-8", "replace"))
