"""Small changes to a module's code, each of which some test should notice.

A mutant is one change of one node: a comparison turned round, a condition dropped or held true, a
constant altered, a refusal not raised, a call not made, one element of a collection left out.
"""

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
SWAPPED: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip
AND_OR: dict[type[ast.boolop], type[ast.boolop]] = {ast.And: ast.Or, ast.Or: ast.And}


@dataclass(frozen=True)
class Mutant:
    """A changed module: where, what was done, and its whole source."""

    line: int
    what: str
    source: str

    @property
    def name(self) -> str:
        return f"{self.line}: {self.what}"


def _unwanted(tree: ast.Module) -> set[int]:
    """Nodes that say nothing when they run: docstrings, annotations, words for translation."""
    out: set[int] = set()
    for node in ast.walk(tree):
        shut: list[ast.AST | None] = []
        match node:
            case ast.AnnAssign():
                shut = [node.annotation]
            case ast.Assign(value=ast.Subscript()):  # a name for a type
                shut = [node]
            case ast.FunctionDef():
                shut = [node.returns, *(a.annotation for a in ast.walk(node.args)
                                        if isinstance(a, ast.arg))]  # fmt: skip
                shut += node.decorator_list
            case ast.ClassDef():
                shut = [*node.decorator_list, *node.bases]
            case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
                shut = [node]
        for one in shut:
            out |= {id(inner) for inner in ast.walk(one)} if one is not None else set()
    return out


def _changes(node: Any) -> Iterator[tuple[str, ast.AST | None]]:
    """(what is done, what stands there afterwards) for one node; None takes a statement out."""
    new: Any
    match node:
        case ast.Compare(ops=[op]) if type(op) in TURNED:
            new = deepcopy(node)
            new.ops = [TURNED[type(op)]()]
            yield f"{type(op).__name__} turned round", new
        case ast.BoolOp():
            new = deepcopy(node)
            new.op = AND_OR[type(node.op)]()
            yield f"{type(node.op).__name__} swapped", new
            for at in range(len(node.values)):
                new = deepcopy(node)
                del new.values[at]
                yield f"part {at + 1} dropped", new if len(new.values) > 1 else new.values[0]
        case ast.BinOp() if type(node.op) in SWAPPED:
            new = deepcopy(node)
            new.op = SWAPPED[type(node.op)]()
            yield f"{type(node.op).__name__} swapped", new
        case ast.UnaryOp(op=ast.Not()):
            yield "not taken away", node.operand
        case ast.If() | ast.IfExp():
            for value in (True, False):
                new = deepcopy(node)
                new.test = ast.Constant(value)
                yield f"condition held {value}", new
        case ast.comprehension(ifs=ifs) if ifs:
            for at in range(len(ifs)):
                new = deepcopy(node)
                del new.ifs[at]
                yield "filter dropped", new
        case ast.Constant(value=bool() as value):
            yield f"{value} turned round", ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield f"{value} made one more", ast.Constant(value + 1)
        case ast.Return(value=value) if value is not None and not _says_nothing(value):
            yield "returns None", ast.Return(ast.Constant(None))
        case ast.Raise():
            yield "not raised", None
        case ast.Expr(value=ast.Call()):
            yield "call not made", None
        case ast.Set(elts=parts) | ast.Tuple(elts=parts, ctx=ast.Load()) if len(parts) > 1:
            for at, part in enumerate(parts):
                new = deepcopy(node)
                del new.elts[at]
                yield f"{ast.unparse(part)} left out", new
        case ast.Call(args=args, keywords=words):
            for at, word in enumerate(words):
                if word.arg is not None and not isinstance(word.value, ast.Constant):
                    new = deepcopy(node)
                    del new.keywords[at]
                    yield f"{word.arg}= left out", new
            if len(args) > 1 and isinstance(node.func, ast.Attribute):
                for at in range(len(args)):
                    new = deepcopy(node)
                    del new.args[at]
                    yield f"argument {at + 1} left out", new


def _says_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


class _Put(ast.NodeTransformer):
    """Puts something else in the place of the n-th node (in the order of ``ast.walk``)."""

    def __init__(self, old: ast.AST, new: ast.AST | None) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self.old:
            return ast.Pass() if self.new is None else self.new
        found: ast.AST = self.generic_visit(node)
        return found


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in order of its lines."""
    count = sum(1 for _ in ast.walk(ast.parse(source)))
    found: list[Mutant] = []
    shared = ast.parse(source)
    shut = _unwanted(shared)
    for at, node in enumerate(ast.walk(shared)):
        if id(node) in shut or at >= count:
            continue
        line = getattr(node, "lineno", getattr(getattr(node, "target", None), "lineno", 0))
        for what, new in _changes(node):
            fresh = ast.parse(source)
            old = next(one for n, one in enumerate(ast.walk(fresh)) if n == at)
            tree = ast.fix_missing_locations(_Put(old, new).visit(fresh))
            found.append(Mutant(line, f"{ast.unparse(node)[:60]!r}: {what}", ast.unparse(tree)))
    yield from sorted(found, key=lambda one: one.line)
