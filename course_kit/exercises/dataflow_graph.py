"""Notebook 19, TensorFlow's data-flow graph: E19.6."""

from collections import Counter

from course_kit.checking import Exercise, expect, require

E19_6 = Exercise(
    "E19.6",
    "Data-flow graph",
    slides=("D5.19",),
    names=("ops_and_edges",),
    hints=(
        "tf.function(function).get_concrete_function(...) runs your function once with symbols and has the graph in "
        ".graph; "
        "get_operations() lists its nodes.",
        "spec = [tf.TensorSpec((), tf.float32)] * count; ops = "
        "tf.function(function).get_concrete_function(*spec).graph."
        "get_operations(); number = {op.name: k for k, op in enumerate(ops)}; types [op.type for op in ops]; edges "
        "(number"
        "[i.op.name], number[op.name]) for op in ops for i in op.inputs.",
    ),
    limit=30.0,
)
# What a line of a dealt program is called in TensorFlow's graph.
TYPES = {"add": "AddV2", "mul": "Mul", "sub": "Sub", "max": "Maximum", "tanh": "Tanh", "neg": "Neg"}
SLIDE = (2, [("mul", 0, 1), ("add", 2, 1)])  # (a * b) + b


def graph_probe(names, count, program):
    """ops_and_edges of a function of ``count`` numbers that computes ``program`` line by line and returns the last."""
    import tensorflow as tf

    do = {
        "add": lambda a, b: a + b,
        "mul": lambda a, b: a * b,
        "sub": lambda a, b: a - b,
        "max": tf.maximum,
        "tanh": lambda a, b: tf.tanh(a),
        "neg": lambda a, b: -a,
    }

    def two(a, b):
        return run(a, b)

    def three(a, b, c):
        return run(a, b, c)

    def run(*values):
        values = list(values)
        for op, i, j in program:
            values.append(do[op](values[i], values[j]))
        return values[-1]

    found = names["ops_and_edges"](two if count == 2 else three, count)
    if not (isinstance(found, tuple | list) and len(found) == 2):
        return found if found is None else f"a {type(found).__name__}"
    ops, edges = found
    return [str(op) for op in ops], [[int(i), int(j)] for i, j in edges]


def due_graph(count: int, program) -> tuple[list[str], list[list[int]]]:
    """The nodes in the order in which tracing makes them, and the edges, sorted."""
    ops = ["Placeholder"] * count + [TYPES[op] for op, _, _ in program] + ["Identity"]
    edges = []
    for k, (op, i, j) in enumerate(program):
        edges += [[i, count + k]] if op in ("tanh", "neg") else [[i, count + k], [j, count + k]]
    edges.append([count + len(program) - 1, count + len(program)])
    return ops, sorted(edges)


def judge(answer, count, program, what) -> None:
    found = answer.probe(graph_probe, count, [list(line) for line in program])
    require(isinstance(found, tuple | list), f"ops_and_edges must return two lists, ops and edges. Got {found}.")
    ops, edges = found
    due_ops, due_edges = due_graph(count, program)
    inner = due_ops[count:-1]
    known = {
        "the placeholders, the graph's inputs, are nodes too": due_ops[count:],
        "the Identity at the end, which hands the result out, is a node too": due_ops[:-1],
        "placeholders and Identity are nodes too: a graph has its inputs and its output in it": inner,
    }
    named = any("/" in op or op[:1].islower() or op[-2:-1] == "_" for op in ops)
    require(not (named and Counter(ops) != Counter(due_ops)), f"{what}: types of ops are due, not names: op.type.")
    expect(ops, due_ops, f"{what}: ops", known=known)
    pairs = sorted(edges)
    slips = {
        "every edge is turned round: (from, to), from the op that makes the tensor": sorted(
            [j, i] for i, j in due_edges
        ),
        "the edges from the placeholders are missing": [e for e in due_edges if e[0] >= count],
        "the edge to the Identity is missing": [e for e in due_edges if e[1] != len(due_ops) - 1],
        "an op that uses one tensor twice has two edges from it": sorted(
            [list(e) for e in {tuple(e) for e in due_edges}]
        ),
        "only the first input of each op has an edge": sorted({e[1]: e for e in reversed(due_edges)}.values()),
    }
    slips = {sentence: value for sentence, value in slips.items() if value != due_edges}
    expect(pairs, due_edges, f"{what}: edges", known=slips)


@E19_6.case("(a * b) + b")
def _(answer, draw):
    judge(answer, *SLIDE, "(a * b) + b")


@E19_6.case("another program", hint="Ask the graph; a list that is written down fits one function only.")
def _(answer, draw):
    count = draw.integer(2, 3)
    program = []
    for k in range(draw.integer(3, 5)):
        program.append((draw.choice(tuple(TYPES)), count + k - 1, draw.integer(0, count + k - 1)))
    judge(answer, count, program, f"{count} numbers and {len(program)} lines")


@E19_6.case("a tensor used twice by one op", hint="op.inputs has the tensor twice: two edges.")
def _(answer, draw):
    judge(answer, 2, [("mul", 0, 1), ("mul", 2, 2)], "(a * b) * (a * b)")
