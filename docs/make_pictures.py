"""Make the README's pictures: ``python docs/make_pictures.py [INDEX_HTML]``, with the index page of a graded class.

They are photographs of what the kit really shows, so they are made again when it looks different. Needs Chromium.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from course_kit.checking import LocalAnswer, find, run

PICTURES = Path(__file__).parent / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",  # Chromium's own refuses to start as root, and the pages are ours
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
WRONG = '''def forget_gate(x, h, W_f, U_f, b_f):
    """Forget gate f of shape (N, n)."""
    return 1 / (1 + np.exp(-(x @ W_f + h @ U_f)))'''
RIGHT = WRONG.replace("h @ U_f)", "h @ U_f + b_f)")
CHECK = 'check("E08.1")'
# The look of JupyterLab's light theme, near enough: prompt at the left, grey cell, output beneath.
NOTEBOOK = """<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 0; padding: 18px 24px 18px 0; width: 776px; font: 14px/1.5 system-ui, "DejaVu Sans", sans-serif }
.row { display: grid; grid-template-columns: 76px 1fr; margin-top: 8px }
.prompt { color: #307fc1; font: 13px/1.4 "DejaVu Sans Mono", monospace; text-align: right; padding: 7px 10px 0 0 }
.cell { background: #f5f5f5; border: 1px solid #e0e0e0; padding: 6px 10px }
.cell pre { margin: 0; font: 13px/1.4 "DejaVu Sans Mono", monospace }
%s
</style>%s"""


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine."""


def report_picture(index: Path, out: Path = PICTURES / "report.png", tallest: int = 1900) -> Path:
    """Photograph ``index``, an index page that grading wrote, down to the last whole row within ``tallest`` pixels."""
    return _photograph(Path(index), out, width=1200, height=6000, tallest=tallest)


def check_picture(out: Path = PICTURES / "check.png") -> Path:
    """Photograph a check that answers a known wrong form, and then the right one."""
    rows = []
    for number, source in ((4, WRONG), (6, RIGHT)):
        names: dict = {}
        exec(f"import numpy as np\n{source}", names)
        answer = run(find("E08.1"), LocalAnswer(names))
        rows += [_cell(number, source), _cell(number + 1, CHECK), _output(answer._repr_html_())]
    colours = HtmlFormatter(style="default").get_style_defs(".cell")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "check.html"
        page.write_text(NOTEBOOK % (colours, "".join(rows)), encoding="utf-8")
        return _photograph(page, out, width=800, height=900, tallest=900)


def _cell(number: int, source: str) -> str:
    code = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    return f'<div class="row"><div class="prompt">[{number}]:</div><div class="cell"><pre>{code}</pre></div></div>'


def _output(html: str) -> str:
    return f'<div class="row"><div class="prompt"></div><div>{html}</div></div>'


def _photograph(page: Path, out: Path, width: int, height: int, tallest: int, scale: float = 1.5) -> Path:
    """A picture of ``page`` in its light colours, ``scale`` pixels for each of the page's, cropped."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise NoBrowser(f"no picture of {page.name} was made: install Chromium (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        command = [browser, *FLAGS, f"--user-data-dir={folder}/profile", f"--screenshot={shot}"]
        command += [f"--window-size={width},{height}", f"--force-device-scale-factor={scale}", page.resolve().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        picture = Image.open(shot).convert("RGB")
    out.parent.mkdir(parents=True, exist_ok=True)
    _crop(picture, round(tallest * scale), round(16 * scale)).quantize(128).save(out, optimize=True)
    return out


def _crop(picture: Image.Image, tallest: int, margin: int) -> Image.Image:
    """Cut the empty foot off; cut what is taller than ``tallest`` between two lines or rows, so that none is halved."""
    pixels = np.asarray(picture)
    filled = np.flatnonzero((pixels != pixels[-1, -1]).any(axis=(1, 2)))
    bottom = filled[-1] + margin
    if bottom > tallest:
        # A table's frame stands at both sides, so only the middle is asked: nothing but one colour, for a margin.
        inside = pixels[:tallest, picture.width // 20 : -picture.width // 20]
        quiet = (inside == inside[:, :1]).all(axis=(1, 2))
        room = margin // 2
        gaps = [k for k in range(room, tallest) if quiet[k - room : k].all()]
        bottom = gaps[-1] if gaps else tallest
    return picture.crop((0, 0, picture.width, min(int(bottom), picture.height)))


if __name__ == "__main__":
    try:
        print(check_picture())
        for index in sys.argv[1:]:
            print(report_picture(Path(index)))
    except NoBrowser as error:
        sys.exit(str(error))
