"""What can be broken in a module, one place at a time: operators, numbers, conditions, returns, words of SQL.

Left alone is what says nothing to a machine (types, docstrings, messages, logging) and what cannot happen.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any, NamedTuple

Change = Callable[[ast.AST], None]


class Mutant(NamedTuple):
    """One broken place: the change is made to the node of that number in ast.walk()."""

    path: str
    line: int
    node: int
    before: str
    after: str
    change: Change
    lines: (
        range  # of the statement, or of a head's expression; empty outside of functions, which run as they are loaded
    )

    @property
    def told(self) -> str:
        return f"{self.path}: {self.before} -> {self.after}"


# ---------------------------------------------------------------------- what can be broken

_COMPARES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift,
}  # fmt: skip
_CALLS = {
    "min": "max", "max": "min", "any": "all", "all": "any", "fullmatch": "match", "match": "search",
    "most_common": "elements",
    "startswith": "endswith", "endswith": "startswith", "lstrip": "rstrip", "rstrip": "lstrip",
    "partition": "rpartition", "rpartition": "partition", "union": "intersection", "isdisjoint": "issubset",
}  # fmt: skip
_SQL = re.compile(r"\b(?:SELECT|UPDATE|INSERT|DELETE|WHERE|FROM|SET|CASE)\b")
_WORDS_OF_SQL = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\bAND\b", "OR"), (r"\bOR\b(?! IGNORE| REPLACE)", "AND"), (r"\bNOT (?!NULL)", ""),
        (r"\bIS NOT NULL", "IS NULL"),
        (r"(?<![<>=])<=", "<"), (r"(?<![<>=])<(?![=>])", "<="), (r"(?<![<>=])>=", ">"), (r"(?<![<>=])>(?![=>])", ">="),
        (r"<>", "="), (r"\bDESC\b", "ASC"), (r"\bmax\(", "min("), (r"\bmin\(", "max("), (r"\+ 1\b", "+ 2"),
        (r"\bcoalesce\(([a-z_.:]+|\?), ([a-z_.:]+|\?|:[a-z]+)\)", r"coalesce(\2, \1)"),
    )
)  # fmt: skip
_AROUND = ((re.compile(r"\(\?!"), "(?="), (re.compile(r"\(\?<!"), "(?<="))


def mutants_of(path: str, text: str) -> list[Mutant]:
    """Return all mutants of a module; path is from the project's root, with slashes."""
    tree = ast.parse(text)
    left_out = set(_left_out(tree))
    anchors = _anchors(tree)
    inside = set(_inside_functions(tree))
    found = []
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in left_out:
            continue
        anchor = anchors[id(node)]
        place = next(place for place, inner in enumerate(ast.walk(anchor)) if inner is node)
        for change in _changes(node):
            broken = copy.deepcopy(anchor)
            change(next(inner for at, inner in enumerate(ast.walk(broken)) if at == place))
            shown = _beside(_on_a_line(anchor), _on_a_line(broken))
            lines = _lines(anchor) if id(node) in inside else range(0)
            found.append(Mutant(path, getattr(node, "lineno", 0), number, *shown, change, lines))
    return found


def compiled(mutant: Mutant, text: str, file: str) -> CodeType:
    """Return a module's code with the change made; raises SyntaxError where that is no Python."""
    tree = ast.parse(text)
    mutant.change(next(node for number, node in enumerate(ast.walk(tree)) if number == mutant.node))
    return compile(ast.fix_missing_locations(tree), file, "exec")


def _left_out(tree: ast.AST) -> Iterator[int]:
    """Yield the nodes that say nothing to a machine: types, decorators, docstrings, messages, what cannot happen."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            parts += node.decorator_list
            parts += [getattr(node, "returns", None)]
        if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id == "Protocol" for b in node.bases):
            parts += [node]
        if isinstance(node, ast.arg | ast.AnnAssign):
            parts += [node.annotation]
        if isinstance(node, ast.keyword) and node.arg == "repr":
            parts += [node]
        if isinstance(node, ast.Raise):
            parts += [node.exc, *([node] if "AssertionError" in ast.dump(node) else [])]
        if isinstance(node, ast.If) and (
            "TYPE_CHECKING" in ast.dump(node.test) or "AssertionError" in ast.dump(node.body[0])
        ):
            parts += [node]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts += [node]
        call = node.value if isinstance(node, ast.Expr) else node
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith(("logger.", "logging.", "warnings.")):
            parts += [node]
        if isinstance(node, ast.JoinedStr) and not _SQL.search(ast.unparse(node)):
            parts += [inner for inner in ast.walk(node) if isinstance(inner, ast.Slice)]  # how much of it is shown
        for part in filter(None, parts):
            yield from (id(inner) for inner in ast.walk(part))


def _changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            yield lambda n, place=place, op=op: n.ops.__setitem__(place, _COMPARES[type(op)]())
    elif isinstance(node, ast.BoolOp):
        yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _SUMS:
        yield lambda n: setattr(n, "op", _SUMS[type(n.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield lambda n: setattr(n, "operand", ast.UnaryOp(ast.Not(), n.operand))
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        for truth in (True, False)[isinstance(node, ast.While) :]:
            yield lambda n, truth=truth: setattr(n, "test", ast.Constant(truth))
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield lambda n: n.ifs.clear()
    elif (isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield lambda n: setattr(n, "value", ast.Constant(None))
    elif isinstance(node, ast.Break | ast.Continue | ast.Raise):
        yield lambda n: setattr(n, "__class__", ast.Pass)
    elif isinstance(node, ast.Call):
        where, name = (
            ("id", node.func.id) if isinstance(node.func, ast.Name) else ("attr", getattr(node.func, "attr", ""))
        )
        if name in _CALLS:
            yield lambda n, where=where: setattr(n.func, where, _CALLS[getattr(n.func, where)])
    elif isinstance(node, ast.Constant):
        yield from (lambda n, value=value: setattr(n, "value", value) for value in _instead_of(node.value))


def _instead_of(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1) if abs(value) < 100 else (value * 5 // 4,)
    elif isinstance(value, float):
        yield from (value * 1.1, value * 0.9) if value else (1.0,)
    elif isinstance(value, str):
        for pattern, instead in (*(_WORDS_OF_SQL if _SQL.search(value) else ()), *_AROUND):
            for found in pattern.finditer(value):
                yield value[: found.start()] + found.expand(instead) + value[found.end() :]


def _anchors(tree: ast.AST) -> dict[int, ast.AST]:
    """Return for each node what is shown of it: its statement, or where that has a body the expression in its head."""
    anchors: dict[int, ast.AST] = {}

    def visit(node: ast.AST, anchor: ast.AST) -> None:
        anchors[id(node)] = anchor
        has_body = hasattr(node, "body") and isinstance(node.body, list)
        for child in ast.iter_child_nodes(node):
            visit(child, child if has_body or isinstance(child, ast.stmt) else anchor)

    visit(tree, tree)
    return {**anchors, **{id(node): node for node in ast.walk(tree) if isinstance(node, ast.If | ast.While)}}


def _inside_functions(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (id(inner) for statement in node.body for inner in ast.walk(statement))


def _lines(anchor: ast.AST) -> range:
    """Return the lines on which something runs that a change of an anchor changes."""
    node: Any = anchor.test if isinstance(anchor, ast.If | ast.While) else anchor
    first = getattr(node, "lineno", None)
    return range(first, node.end_lineno + 1) if first else range(0)


def _on_a_line(node: ast.AST) -> str:
    if isinstance(node, ast.If | ast.While):
        return f"{type(node).__name__.lower()} {ast.unparse(node.test)}"
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())


def _beside(before: str, after: str) -> tuple[str, str]:
    """Return two lines; of long ones only what stands around the first difference."""
    if max(len(before), len(after)) <= 100:
        return before, after
    same = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    start = max(0, same - 60)
    return tuple(("..." if start else "") + line[start : start + 100] for line in (before, after))
