"""Code as a set of pieces that stay the same when names, comments, layout and order are changed."""

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field

SMALLEST = 8  # nodes of an expression that is a piece of its own: x @ W + b has 7
BUILTIN = frozenset(dir(builtins))  # sum and len are no names of the student's
UNSAID = ("ctx", "annotation", "returns", "type_comment", "kind")
ANY_ORDER = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)


@dataclass(frozen=True)
class Piece:
    """A statement, or a large expression in one; ``key`` is what is left of it, ``inner`` the pieces in it."""

    key: str
    line: str
    inner: tuple["Piece", ...] = field(default=(), repr=False)


def pieces(tree: ast.Module) -> tuple[Piece, ...]:
    """The pieces of a cell. Docstrings, annotations, imports and ``pass`` are nobody's own words.

    >>> one, two = (pieces(ast.parse(s))[0] for s in ("h = f(x) + 2 * b  # mine", "state = gate(u) + t * 2"))
    >>> one.key == two.key
    True
    """
    return tuple(_of_statements(tree.body))


def every(found: Iterable[Piece]) -> Iterable[Piece]:
    """All pieces, those in others too."""
    for piece in found:
        yield piece
        yield from every(piece.inner)


def _of_statements(body: list[ast.stmt]) -> Iterable[Piece]:
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass | ast.Global | ast.Nonlocal):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        blocks = [b for _, b in ast.iter_fields(statement) if isinstance(b, list) and b and isinstance(b[0], ast.stmt)]
        handlers = [handler.body for handler in getattr(statement, "handlers", ())]
        inner = [piece for block in (*blocks, *handlers) for piece in _of_statements(block)]
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from inner  # a definition's own name and arguments are given by the exercise
            continue
        own = [
            child for child in ast.iter_child_nodes(statement) if not isinstance(child, ast.stmt | ast.ExceptHandler)
        ]
        inner += [piece for child in own for piece in _of_expression(child)]
        key = f"{type(statement).__name__}({','.join(_numbered(own))})"
        yield Piece(key, _line(statement), tuple(inner))


def _of_expression(node: ast.AST) -> Iterable[Piece]:
    # A sum of five terms is one piece, not a nest of four sums in the order in which somebody wrote them.
    any_order = isinstance(node, ast.BinOp) and isinstance(node.op, ANY_ORDER)
    children = _operands(node, type(node.op)) if any_order else ast.iter_child_nodes(node)
    inner = [piece for child in children for piece in _of_expression(child)]
    if isinstance(node, ast.expr) and sum(1 for _ in ast.walk(node)) >= SMALLEST:
        yield Piece(",".join(_numbered([node])), _line(node), tuple(inner))
    else:
        yield from inner


def _numbered(nodes: list[ast.AST]) -> list[str]:
    """Each node written out, its names counted in the order in which they come: v0, v1, ..."""
    names: dict[str, str] = {}
    return [_write(node, names) for node in nodes]


def _write(node, names: dict[str, str] | None) -> str:
    """``node`` written out; ``names`` None writes all names alike, so that one may sort by it."""
    if isinstance(node, list):
        return f"[{','.join(_write(n, names) for n in node)}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    if isinstance(node, ast.Name) and node.id in BUILTIN:
        return node.id
    if isinstance(node, ast.Name):
        return "v" if names is None else names.setdefault(node.id, f"v{len(names)}")
    if isinstance(node, ast.arg):
        return "v" if names is None else names.setdefault(node.arg, f"v{len(names)}")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ANY_ORDER):
        parts = sorted(_operands(node, type(node.op)), key=lambda part: _write(part, None))
        return f"{type(node.op).__name__}({','.join(_write(part, names) for part in parts)})"
    shown = (
        value
        for name, value in ast.iter_fields(node)
        if name not in ("ctx", "annotation", "returns", "type_comment", "kind")
    )
    return f"{type(node).__name__}({','.join(_write(value, names) for value in shown)})"


def _operands(node: ast.expr, kind: type) -> Iterable[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, kind):
        yield from _operands(node.left, kind)
        yield from _operands(node.right, kind)
    else:
        yield node


def _line(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0][:200]
