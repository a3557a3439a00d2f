"""HTML, script, markup and formulas in every text that reaches a report."""

from tests.grading_front.conftest import GATE, notebook
from tests.hostile.case import Case, after, answer, in_gate, text

SCRIPT = "<script>hostile()</script>"
IMAGE = "<img src=x onerror=hostile()>"

CASES = [
    Case("error", "script in an error's text", in_gate(f"raise ValueError({SCRIPT!r})"), "CRR", "ValueError"),
    Case(
        "error-type",
        "script in an error's type",
        in_gate(f"raise type({SCRIPT!r}, (Exception,), {{}})({IMAGE!r})"),
        "CRR",
        SCRIPT,
    ),
    Case(
        "error-line",
        "script in the line that fails",
        in_gate(f"raise ValueError  # {SCRIPT}{IMAGE}"),
        "CRR",
        "ValueError",
    ),
    Case("cell-error", "script in the error of a cell", after(f"raise ValueError({IMAGE!r})"), note="ValueError"),
    Case("output", "script in the output", after(f"print({SCRIPT!r}, {IMAGE!r}, '</pre></details>')")),
    Case("code", "script in the answer's cell", text(notebook(gate=f"# </code></pre>{SCRIPT}{IMAGE}\n{GATE}"))),
    Case(
        "type",
        "script in the type of an answer",
        answer(f"type({SCRIPT!r}, (), {{}})()"),
        "WRR",
        "g is of type __main__.<script>",
    ),
    Case(
        "text", "script as an answer", text(notebook(misprint=f"misprint = {SCRIPT!r}")), "RWR", "misprint is not right"
    ),
    Case(
        "argument",
        "script in a name",
        text(notebook(misprint=f"globals()[{IMAGE!r}] = 1\nmisprint = {IMAGE!r}")),
        "RWR",
        "misprint is not right",
    ),
    Case("keys", "script in the keys of a dict", answer(f"{{{SCRIPT!r}: 1}}"), "WRR", "g is a dict"),
    Case("formula", "a formula in an error's text", in_gate("raise ValueError('=cmd()')"), "CRR", "=cmd()"),
    Case(
        "formula-first",
        "a formula where a field begins",
        after("raise type('=HYPERLINK', (Exception,), {})('@x')"),
        note="=HYPERLINK",
    ),
    Case(
        "escapes",
        "codes that repaint a terminal",
        after(r"raise ValueError('\x1b[2J\x1b]0;owned\x07\x9b31m\u202e')"),
        note="\\x1b[2J",
    ),
    Case(
        "rich", "the markup of our own console", after("raise ValueError('[red][link=http://x]y[/link]')"), note="[red]"
    ),
    Case(
        "lines",
        "lines that look like rows",
        after(r"raise ValueError('a\nvictim-0,99_three,E99.1,wrong,0,1,0,\r\nb')"),
        note="ValueError",
    ),
    Case(
        "template",
        "the templates' own language",
        in_gate("raise ValueError('{{ 7 * 191 }} {% raw %} ${7*191} <%= 7*191 %>')"),
        "CRR",
        "{{ 7 * 191 }}",
    ),
    Case(
        "entities",
        "entities and quotes",
        in_gate("raise ValueError('\\' onload=hostile() &lt;b&gt; &#60;')"),
        "CRR",
        "onload",
    ),
]
