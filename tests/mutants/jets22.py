"""Wrong answers to notebook 22, its jets: E22.9 to E22.12."""

from tests.mutants import Mutant


def one(signature, value):
    return f"def {signature}:\n    return {value}"


def rotate(angle, turn="np.array([[c, s], [-s, c]])"):
    return f"""
def rotate(jet, second):
    angle = {angle}
    c, s = np.cos(angle), np.sin(angle)
    return np.column_stack([jet[:, 0], jet[:, 1:] @ {turn}])
"""


def prepared(steps):
    return f"""
def prepared_jet(jet, first, second):
    scaled = jet / np.array([600.0, 1.0, 1.0])
    return {steps}
"""


def merge(
    weight="min(pt[i] ** -2, pt[j] ** -2)", alone="pt[i] ** -2", scale="R**2", result="min(found, key=found.get)"
):
    return f"""
def next_merge(particles, R):
    pt, found = particles[:, 0], {{}}
    for i in range(len(pt)):
        found[i, i] = {alone}
        for j in range(i + 1, len(pt)):
            found[i, j] = {weight} * ((particles[i, 1:] - particles[j, 1:]) ** 2).sum() / {scale}
    return {result}
"""


def walk(parts):
    return f"""
def depth_first(merges, node_pt):
    n = len(merges) + 1
    def walk(node):
        return [node] if node < n else [leaf for part in {parts} for leaf in walk(part)]
    return walk(len(node_pt) - 1)
"""


def compare(error, verdict="'open' if abs(mean) <= 2 * error else 'other' if mean > 0 else 'one'", mean="d.mean()"):
    return f"""
def compare_orders(one, other):
    d = one.sum(axis=1) - other.sum(axis=1)
    counted = (one != other).sum(axis=1).mean()
    mean, error = {mean}, {error}
    return float(mean), float(error), {verdict}
"""


RIGHT = "np.sqrt(counted + d.var(ddof=1) / len(d))"

JETS = {
    "E22.9": [
        Mutant("moved away", one("translate(jet, origin)", "jet + np.array([0.0, *origin])"), "the wrong way"),
        Mutant("pT moved", one("translate(jet, origin)", "jet - np.array([origin[0], *origin])"), "pT was moved"),
        Mutant("other way", rotate("np.pi / 2 + np.arctan2(second[1], second[0])"), "the other way round"),
        Mutant("above", rotate("np.pi / 2 - np.arctan2(second[1], second[0])"), "belongs below"),
        Mutant("to the right", rotate("-np.arctan2(second[1], second[0])"), "to the right"),
        Mutant("arctan2 swapped", rotate("-np.pi / 2 - np.arctan2(second[0], second[1])"), "phi first"),
        Mutant("arctan", rotate("-np.pi / 2 - np.arctan(second[1] / second[0])"), "arctan2 knows the side"),
        Mutant(
            "more on the left",
            one("flip(jet)", "jet * [1, -1 if jet[jet[:, 1] > 0, 0].sum() > jet[jet[:, 1] < 0, 0].sum() else 1, 1]"),
            "more pT lies on the left",
        ),
        Mutant(
            "counted",
            one("flip(jet)", "jet * [1, -1 if (jet[:, 1] < 0).sum() > (jet[:, 1] > 0).sum() else 1, 1]"),
            "the side with more constituents",
        ),
        Mutant("absolute", one("flip(jet)", "np.column_stack([jet[:, 0], abs(jet[:, 1]), jet[:, 2]])"), "each eta"),
        Mutant(
            "second stays",
            prepared("flip(rotate(translate(scaled, first), second))"),
            "the second group did not move with the jet",
        ),
        Mutant("not scaled", prepared("flip(rotate(translate(jet, first), second - first))"), "pT is not scaled"),
        Mutant("not turned", prepared("flip(translate(scaled, first))"), "it was not turned"),
    ],
    "E22.10": [
        Mutant("kt", merge("min(pt[i], pt[j]) ** 2", "pt[i] ** 2"), "this is kt"),
        Mutant("nearest", merge("1.0", "1.0"), "this is the nearest pair"),
        Mutant("softer", merge("max(pt[i] ** -2, pt[j] ** -2)"), "the larger of the two"),
        Mutant("no beam", merge(alone="np.inf"), "a single particle has a distance too"),
        Mutant("no R", merge(scale="1.0"), "R is missing"),
        Mutant("j, i", merge(result="min(found, key=found.get)[::-1]"), "i < j"),
        Mutant("softer first", walk("sorted(merges[node - n], key=lambda k: node_pt[k])"), "the softer part"),
        Mutant("as it stands", walk("merges[node - n]"), "as they stand in merges"),
        Mutant(
            "by pT",
            one("depth_first(merges, node_pt)", "[int(k) for k in np.argsort(-node_pt[: len(merges) + 1])]"),
            "this is the order by pT",
        ),
        Mutant(
            "level by level",
            """
def depth_first(merges, node_pt):
    n, found, due = len(merges) + 1, [], [len(node_pt) - 1]
    while due:
        node = due.pop(0)
        if node < n:
            found.append(node)
        else:
            due += sorted(merges[node - n], key=lambda k: -node_pt[k])
    return found
""",
            "level by level",
        ),
    ],
    "E22.11": [
        Mutant(
            "relative",
            one("rejection_error(passed, background)", "((1 - passed / background) / passed) ** 0.5"),
            "relative",
        ),
        Mutant("Poisson", one("rejection_error(passed, background)", "background / passed**1.5"), "1 - n/N is missing"),
        Mutant(
            "of the count",
            one("rejection_error(passed, background)", "(passed * (1 - passed / background)) ** 0.5"),
            "the error of the number that passes",
        ),
        Mutant(
            "passing", one("background_needed(rejection, relative)", "(1 - 1 / rejection) / relative**2"), "must pass"
        ),
        Mutant("no 1 - eps", one("background_needed(rejection, relative)", "rejection / relative**2"), "is missing"),
        Mutant("not squared", one("background_needed(rejection, relative)", "(rejection - 1) / relative"), "square it"),
        Mutant(
            "unpaired",
            one("paired_difference(one, other)", "(one.sum() - other.sum() + 0.0, (one.sum() + other.sum()) ** 0.5)"),
            "on them the taggers agree",
        ),
        Mutant(
            "sign",
            one("paired_difference(one, other)", "(other.sum() - 1.0 * one.sum(), (one != other).sum() ** 0.5)"),
            "wrong sign",
        ),
        Mutant(
            "no root",
            one("paired_difference(one, other)", "(one.sum() - 1.0 * other.sum(), (one != other).sum())"),
            "the root of a + b",
        ),
    ],
    "E22.12": [
        Mutant("seeds help", compare("np.sqrt((counted + d.var(ddof=1)) / len(d))"), "tested on the same jets"),
        Mutant("counting alone", compare("np.sqrt(counted)"), "the seeds scatter as well"),
        Mutant("seeds alone", compare("np.sqrt(d.var(ddof=1) / len(d))"), "the jets are a sample as well"),
        Mutant("not the mean's", compare("np.sqrt(counted + d.var(ddof=1))"), "divided by S"),
        Mutant("ddof", compare("np.sqrt(counted + d.var() / len(d))"), "ddof=1"),
        Mutant("no root", compare("counted + d.var(ddof=1) / len(d)"), "the root is missing"),
        Mutant("sums", compare(RIGHT, mean="d.sum()"), "sums over the seeds"),
        Mutant(
            "upside down",
            compare(RIGHT, "'open' if abs(mean) <= 2 * error else 'one' if mean > 0 else 'other'"),
            "upside down",
        ),
        Mutant("never open", compare(RIGHT, "'other' if mean > 0 else 'one'"), "no verdict"),
        Mutant("all falls", "more_seeds = 'a'", "only one of the two terms"),
        Mutant("nothing falls", "more_seeds = 'c'", "does become smaller"),
        Mutant("difference grows", "more_seeds = 'd'", "the same number"),
    ],
}
