"""House rules that no linter knows; `make lint` runs this, and it takes a second.

Each rule is a function of the tree that yields findings; the list of rules is `RULES`. A finding
is one line: place, what is there, what is allowed.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FILE_LINES_MAX = 400
DECLARATION_LINES_MAX = 500
"""For modules of structs and enums only: a vocabulary is read from top to bottom, once."""
TEST_LINES_MAX = 600
"""A test file is a list; its length costs a reader nothing until it mirrors a module too large."""
FUNCTION_LINES_MAX = 60
TEST_FUNCTION_LINES_MAX = 120
"""A story is told from its beginning to its end."""

CODE_FOLDERS = ("src/aipx", "tests", "tools", "benchmarks", "examples")
SKIPPED_PARTS = frozenset({".venv", ".git", "build", "dist", "out", "__pycache__", "aipx_api"})

MIRRORED_PACKAGES = ("model", "rules", "engine", "strategies", "wire", "simulator")
"""Every module of these has a unit test of its own name, and every such test has its module."""

APPROVED_MAKER = "src/aipx/engine/risk.py"

TEXT_SUFFIXES = frozenset(
    {".py", ".md", ".toml", ".yaml", ".yml", ".proto", ".cfg", ".txt", ".sh", ".json", ""}
)
BINARY_SUFFIXES = frozenset({".whl", ".so", ".pyc", ".parquet", ".db", ".sqlite", ".gz", ".zip"})

# An absolute path of one person's machine works there only. Put together here, else this file
# would find itself.
FORBIDDEN_TEXTS = (*(f"/{folder}/" for folder in ("home", "Users", "work", "root")), "FIX" + "ME")
TODO = re.compile(r"\bTODO\b(?!\(#\d+\))")
TITLE = re.compile(r"^# \S", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Finding:
    """One broken rule: where, and what to do."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


@dataclass(frozen=True)
class Source:
    """One file of the tree, read once."""

    path: str
    """Relative to the root, with forward slashes."""
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module, empty where it does not parse; only asked for on `.py`."""
        try:
            return ast.parse(self.text, filename=self.path)
        except SyntaxError:
            return ast.Module(body=[], type_ignores=[])

    @property
    def is_code(self) -> bool:
        """True for Python below the code folders."""
        return self.path.endswith(".py") and self.path.startswith(CODE_FOLDERS)

    @property
    def is_test(self) -> bool:
        """True for a file of tests."""
        return self.path.rpartition("/")[2].startswith("test_")


Tree = Sequence[Source]
Rule = Callable[[Tree], Iterator[Finding]]


def python_parses(tree: Tree) -> Iterator[Finding]:
    """The oldest Python that we support can read it: this one, in CI."""
    for source in tree:
        if not source.path.endswith(".py"):
            continue
        try:
            ast.parse(source.text, filename=source.path)
        except SyntaxError as error:
            yield Finding(source.path, error.lineno or 1, f"does not parse: {error.msg}")


def file_length(tree: Tree) -> Iterator[Finding]:
    """Files hold one subject."""
    for source in tree:
        lines = source.text.count("\n")
        if not source.is_code or lines <= FILE_LINES_MAX:
            continue
        lines_max = _file_lines_max(source)
        if lines > lines_max:
            yield Finding(source.path, 1, f"{lines} lines, at most {lines_max}: split by subject")


def _file_lines_max(source: Source) -> int:
    if source.is_test:
        return TEST_LINES_MAX
    is_vocabulary = "/model/" in source.path and _holds_only_declarations(source.tree)
    return DECLARATION_LINES_MAX if is_vocabulary else FILE_LINES_MAX


def function_length(tree: Tree) -> Iterator[Finding]:
    """Functions hold one thought."""
    for source in tree:
        if not source.is_code:
            continue
        lines_max = TEST_FUNCTION_LINES_MAX if source.is_test else FUNCTION_LINES_MAX
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > lines_max:
                text = f"{node.name}() has {lines} lines, at most {lines_max}"
                yield Finding(source.path, node.lineno, text)


def module_docstring(tree: Tree) -> Iterator[Finding]:
    """Every module says what it is; of a test file, its name does."""
    for source in tree:
        if not source.is_code or source.is_test:
            continue
        if source.tree.body and ast.get_docstring(source.tree) is None:
            yield Finding(source.path, 1, "no module docstring")


def tests_mirror_modules(tree: Tree) -> Iterator[Finding]:
    """A module of the core has its unit test, and a unit test its module."""
    paths = {source.path for source in tree}
    for source in tree:
        test = _unit_test_of(source)
        if test is not None and test not in paths and not _holds_only_declarations(source.tree):
            yield Finding(source.path, 1, f"no unit test: {test} is not there")
        module = _module_of_unit_test(source.path)
        if module is not None and module not in paths:
            yield Finding(source.path, 1, f"tests no module: {module} is not there")


def _unit_test_of(source: Source) -> str | None:
    parts = source.path.split("/")
    is_mirrored = parts[:2] == ["src", "aipx"] and len(parts) > 3 and parts[2] in MIRRORED_PACKAGES
    if not is_mirrored or not source.path.endswith(".py") or parts[-1] == "__init__.py":
        return None
    return "/".join(["tests", "unit", *parts[2:-1], f"test_{parts[-1]}"])


def _module_of_unit_test(path: str) -> str | None:
    parts = path.split("/")
    is_mirror = parts[:2] == ["tests", "unit"] and len(parts) > 3 and parts[2] in MIRRORED_PACKAGES
    if not is_mirror or not parts[-1].startswith("test_"):
        return None
    name = parts[-1].removeprefix("test_")
    folder = "/".join(["src", "aipx", *parts[2:-1]])
    return f"{folder}/__init__.py" if name == "init.py" else f"{folder}/{name}"


def _holds_only_declarations(tree: ast.Module) -> bool:
    """True where nothing can go wrong at run time: structs, enums, types, constants."""
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return all(_is_one_return(function) for function in functions)


def _is_one_return(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = [node for node in function.body if not _is_docstring(node)]
    return len(body) == 1 and isinstance(body[0], ast.Return) and len(function.args.args) <= 1


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def todo_names_an_issue(tree: Tree) -> Iterator[Finding]:
    """What is left to do is in the issue tracker."""
    for source in tree:
        if source.path.endswith((".md", "tools/tidy.py", "test_tidy.py")):
            continue
        for number, line in enumerate(source.text.splitlines(), start=1):
            if TODO.search(line):
                yield Finding(source.path, number, "a TODO without its issue; write TODO(#12)")


def approved_is_made_by_risk(tree: Tree) -> Iterator[Finding]:
    """The type that says "yes" is made where the checks are, and nowhere else."""
    for source in tree:
        if not source.path.startswith("src/") or source.path == APPROVED_MAKER:
            continue
        if not source.path.endswith(".py"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and _called_name(node) == "Approved":
                yield Finding(source.path, node.lineno, f"Approved() outside {APPROVED_MAKER}")


def _called_name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def one_title(tree: Tree) -> Iterator[Finding]:
    """A page has one `# Title`, so that links and tables of contents work."""
    for source in tree:
        if not source.path.endswith(".md"):
            continue
        titles = len(TITLE.findall(FENCE.sub("", source.text)))
        if titles != 1:
            yield Finding(source.path, 1, f"{titles} titles (`# ...`), exactly 1 is allowed")


def forbidden_text(tree: Tree) -> Iterator[Finding]:
    """Nothing depends on one person's machine."""
    for source in tree:
        for number, line in enumerate(source.text.splitlines(), start=1):
            for text in FORBIDDEN_TEXTS:
                if text in line:
                    yield Finding(source.path, number, f"{text!r} is not allowed here")


def no_built_files(tree: Tree) -> Iterator[Finding]:
    """Wheels, data and caches are made, never committed."""
    for source in tree:
        if Path(source.path).suffix in BINARY_SUFFIXES:
            yield Finding(source.path, 1, "a built or recorded file does not belong in the tree")


RULES: tuple[Rule, ...] = (
    python_parses,
    file_length,
    function_length,
    module_docstring,
    tests_mirror_modules,
    todo_names_an_issue,
    approved_is_made_by_risk,
    one_title,
    forbidden_text,
    no_built_files,
)


def read_tree(root: Path) -> tuple[Source, ...]:
    """Return the text files below `root`, sorted by path; binary ones with empty text."""
    return tuple(_read(root, path) for path in sorted(root.rglob("*")) if _belongs(root, path))


def _belongs(root: Path, path: Path) -> bool:
    parts = path.relative_to(root).parts
    is_hidden_cache = any(part.startswith(".") and part.endswith("_cache") for part in parts)
    is_skipped = bool(SKIPPED_PARTS.intersection(parts)) or ".hypothesis" in parts
    is_kept_kind = path.suffix in TEXT_SUFFIXES | BINARY_SUFFIXES
    return path.is_file() and is_kept_kind and not is_hidden_cache and not is_skipped


def _read(root: Path, path: Path) -> Source:
    text = "" if path.suffix in BINARY_SUFFIXES else path.read_text("utf-8", errors="replace")
    return Source(path.relative_to(root).as_posix(), text)


def findings(tree: Tree) -> list[Finding]:
    """Return every finding of every rule, by place."""
    found = [finding for rule in RULES for finding in rule(tree)]
    return sorted(found, key=lambda finding: (finding.path, finding.line, finding.text))


def main() -> int:
    """Print the findings; 1 when there are any."""
    found = findings(read_tree(Path(__file__).resolve().parent.parent))
    for finding in found:
        print(finding)
    print(f"tidy: {len(found)} findings" if found else "tidy: clean")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
