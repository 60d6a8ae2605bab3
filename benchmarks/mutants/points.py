"""Where a module can be changed, and its text with one change made."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

Change = tuple[str, ast.AST]
"""The operator's name, and what stands in the node's place."""

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add, ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}  # fmt: skip
SHORT_TABLE = 2
"""Literals with fewer members are arguments rather than tables."""


@dataclass(frozen=True, slots=True)
class Point:
    """One possible change: module relative to the checkout, line and function's first line (0: the module's own)."""

    module: str
    line: int
    function: int
    operator: str
    was: str
    index: int
    key: str  # the same in every version of the module that holds this function and expression


def points(module: str, source: str, seed: int) -> list[Point]:
    """Every point of a module, in the order in which `changed` counts them."""
    found: list[Point] = []
    times: dict[str, int] = {}
    for index, (place, node, operator, _) in enumerate(_changes(ast.parse(source))):
        was = " ".join(ast.unparse(node).split())[:70]
        name = f"{module.removesuffix('.py')} {place.name} {operator} {was}"
        times[name] = times.get(name, 0) + 1
        key = hashlib.sha256(f"{seed} {name} {times[name]}".encode()).hexdigest()
        found.append(Point(module, getattr(node, "lineno", place.line), place.line, operator, was, index, key))
    return found


def changed(source: str, index: int) -> str:
    """The module's text with its change number `index` made."""
    tree = ast.parse(source)
    for number, (_, node, _, change) in enumerate(_changes(tree)):
        if number == index:
            return ast.unparse(ast.fix_missing_locations(_Swap(node, change).visit(tree)))
    raise IndexError(index)


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    line: int


def _changes(tree: ast.Module) -> Iterator[tuple[_Place, ast.AST, str, ast.AST]]:
    yield from _below(tree, _Place("", 0))


def _below(node: ast.AST, place: _Place) -> Iterator[tuple[_Place, ast.AST, str, ast.AST]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        name = f"{place.name}.{node.name}"
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        place = _Place(name, place.line if isinstance(node, ast.ClassDef) else first)
    for operator, new in _own(node):
        yield place, node, operator, new
    for child in _children(node):
        yield from _below(child, place)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Children that may be changed: no annotation, docstring, decorator, import, or block for the type checker."""
    skipped = {"annotation", "returns", "decorator_list", "type_params", "bases", "keywords_of_class"}
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or field in skipped or isinstance(child, ast.Import | ast.ImportFrom):
                continue
            if isinstance(child, ast.If) and ast.unparse(child.test) in {"TYPE_CHECKING", "__name__ == '__main__'"}:
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if isinstance(child, ast.Assign) and ast.unparse(child.targets[0]) in {"__all__", "__slots__"}:
                continue
            if isinstance(child, ast.JoinedStr):
                continue  # texts for people, and their positions
            yield child


def _own(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            new = copy.deepcopy(node)
            new.ops[place] = COMPARED[type(operator)]()
            yield "comparison", new
    elif isinstance(node, ast.BoolOp):
        yield "and/or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.BinOp) and type(node.op) in COUNTED:
        yield "arithmetic", ast.BinOp(node.left, COUNTED[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant):
        yield from _constant(node.value)
    elif isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict):
        yield from _table(node)
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        negated = copy.copy(node)
        negated.test = ast.UnaryOp(ast.Not(), node.test)
        yield "condition negated", negated
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield (
            "condition negated",
            ast.comprehension(
                node.target, node.iter, [ast.UnaryOp(ast.Not(), node.ifs[0]), *node.ifs[1:]], node.is_async
            ),
        )
    elif isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
        yield "return value dropped", ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break | ast.Delete):
        yield "statement dropped", ast.Pass()


def _constant(value: object) -> Iterator[Change]:
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "number + 1", ast.Constant(value + 1)
        yield "number - 1", ast.Constant(value - 1)
    elif isinstance(value, float):
        yield "number x 1.25", ast.Constant(value * 1.25)
        yield "number x 0.8", ast.Constant(value * 0.8)


def _table(node: ast.List | ast.Tuple | ast.Set | ast.Dict) -> Iterator[Change]:
    """A table of strings or bytes (a dict: by its keys) without one of its rows."""
    members = node.keys if isinstance(node, ast.Dict) else node.elts
    if len(members) <= SHORT_TABLE or not all(
        isinstance(member, ast.Constant) and isinstance(member.value, str | bytes) for member in members
    ):
        return
    for row in range(len(members)):
        new = copy.copy(node)
        if isinstance(new, ast.Dict):
            new.keys, new.values = new.keys[:row] + new.keys[row + 1 :], new.values[:row] + new.values[row + 1 :]
        else:
            new.elts = new.elts[:row] + new.elts[row + 1 :]
        yield f"row {row + 1} dropped", new


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """The tree with the one node replaced."""
        return self.new if node is self.old else self.generic_visit(node)
