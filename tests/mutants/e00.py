"""Wrong answers to notebook 00."""

from tests.mutants import Mutant


def entry(document: str, field: str, value: str) -> str:
    return f"course_map = {{**course_map, {document!r}: {{**course_map[{document!r}], {field!r}: {value!r}}}}}"


def renamed(document: str, **names: str) -> str:
    return f"rename = {{**rename, {document!r}: {{**rename[{document!r}], **{names!r}}}}}"


RELATED = "def related(role, skills): return "
TWO, ALL = "role in ['researcher', 'developer']", "all(s in skills for s in ['ai_geek', 'performer', 'team_player'])"

MUTANTS = {
    "E00.1": [
        Mutant("date of the news", entry("D5", "date", "2016-08-29"), says="news item on D5.24"),
        Mutant("day and year exchanged", entry("D3", "date", "2013-09-17"), says="13/09/17 is day, month, year"),
        Mutant("somebody else's topic", entry("D3", "topic", "zoo"), says="course_map['D3']['topic'] is not right"),
        Mutant("company as lecturer", entry("D3", "lecturer", "Sages"), says="must be one of Adel, Burtsev"),
        Mutant(
            "one document left out",
            "course_map = {k: course_map[k] for k in ('D1', 'D2')}",
            says="lacks the entry 'D3'",
        ),
        Mutant(
            "outline is no border",
            "slide_kinds = {**slide_kinds, 'outline': 'border'}",
            says="an outline lists all parts",
        ),
        Mutant(
            "outline among the sections",
            "slides_of = {**slides_of, 'section': slides_of['section'] + ' D1.2'}",
            says="names D1.2, which is of another kind",
        ),
        Mutant(
            "one slide forgotten",
            "slides_of = {**slides_of, 'advert': 'D5.24 D5.28'}",
            says="1 of 3 slides are missing",
        ),
    ],
    "E00.2": [
        Mutant("D1 letter by letter", renamed("D1", U="U", W="W"), says="D1.7 was read letter by letter"),
        Mutant("one name twice", renamed("D1", U="U", W="U"), says="gives U and W of D1.7 the same name"),
        Mutant("D1.17 like D1.7", renamed("D1", W_f="U", U_f="W"), says="D1.17 turns the letters"),
        Mutant("z keeps", renamed("D1", z="z"), says="the share that is written"),
        Mutant("x before h", renamed("D5", W_f="[W; U]"), says="the h comes first"),
        Mutant("D4 letter by letter", renamed("D4", V="V", W="W", U="U"), says="D4 was read letter by letter"),
        Mutant("u writes", renamed("D4", u="1 - z"), says="the share that is kept"),
        Mutant("candidate taken for a gate", renamed("D3", u="o"), says="D3's u is no output gate"),
        Mutant("a matrix for a state", renamed("D2", C="c_tilde"), says="is carried from step to step"),
        Mutant("a document left out", "rename = {'D1': rename['D1']}", says="rename lacks D2"),
    ],
    "E00.3": [
        Mutant(
            "runs as printed", "prediction = {**prediction, 'printed': 'TypeError'}", says="before it runs any of it"
        ),
        Mutant(
            "no error for a researcher",
            "prediction = {**prediction, 'researcher': 'nothing'}",
            says="between two texts",
        ),
        Mutant(
            "error for a poet",
            "prediction = {**prediction, 'poet': 'TypeError'}",
            says="does not look at its second half",
        ),
        Mutant(
            "any skill", RELATED + f"{TWO} and {ALL.replace('all(', 'any(')}", says="one skill of the three was enough"
        ),
        Mutant("or", RELATED + f"{TWO} or {ALL}", says="joined by or"),
        Mutant("role in a text", RELATED + f"role in 'researcher developer' and {ALL}", says="inside a text"),
        Mutant(
            "exactly three", RELATED + f"{TWO} and len(skills) == 3 and {ALL}", says="more than the three was refused"
        ),
        Mutant("sum", "def iPavlov(talent, ideas): return development(ideas + talent)", says="the slide multiplies"),
    ],
    "E00.4": [
        Mutant(
            "untouched answers",
            "def untouched(x): return 2 * x",
            says="untouched must make the checker say not attempted",
        ),
        Mutant(
            "wrong is right", "def wrong(x): return x + x", says="wrong must make the checker say wrong. It says right"
        ),
        Mutant("right is wrong", "def right(x): return x ** 2", says="right must make the checker say right"),
        Mutant("guess", "def wrong(x): return 3 * x\ndef first_wrong(x): return 0, 0", says="must be right at [0, 0]"),
        Mutant(
            "one place",
            "def wrong(x):\n    y = 2 * x\n    y[1, 2] += 1\n    return y",
            says="at least two",
        ),
        Mutant("wrong shape", "def wrong(x): return 2 * x.ravel()", says="wrong in its values"),
        Mutant(
            "by columns",
            "def first_wrong(x): return tuple(min(np.argwhere(x < 0).tolist(), key=lambda p: p[::-1]))",
            says="read down its columns",
        ),
        Mutant(
            "counted from 1",
            "f = first_wrong\ndef first_wrong(x): return tuple(k + 1 for k in f(x))",
            says="are counted from 0",
        ),
        Mutant("in place", "def wrong(x):\n    x *= 2\n    return x", says="in place"),
    ],
}
