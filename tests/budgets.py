"""The budgets of the house: how long a module and a function may be, and that a flow is data only.

Run by `make check`; a line for each breach, exit 1 if there is any.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "flows", "storage", "locales")
MODULE_LINES = 300
FUNCTION_LINES = 40
NOT_DATA = (ast.FunctionDef, ast.AsyncFunctionDef, ast.If, ast.Lambda, ast.JoinedStr, ast.For, ast.While, ast.ListComp)


def breaches(root: Path = ROOT) -> Iterator[str]:
    """A line for everything over budget, and for every flow that is more than data."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            yield from _too_long(root, path)
    for path in sorted((root / "flows" / "helpline").glob("*.py")):
        yield from _more_than_data(root, path)


def _too_long(root: Path, path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if (lines := len(text.splitlines())) > MODULE_LINES:
        yield f"{path.relative_to(root)}: {lines} lines, at most {MODULE_LINES}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES and "migrations/versions" not in path.as_posix():
                yield f"{path.relative_to(root)}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES}"


def _more_than_data(root: Path, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, NOT_DATA):
            yield f"{path.relative_to(root)}:{node.lineno}: a flow is data only, no {type(node).__name__}"


if __name__ == "__main__":
    found = list(breaches())
    sys.stdout.writelines(f"{line}\n" for line in found)
    raise SystemExit(bool(found))
