"""House rules of the Python package: who may import what, how long files are, and no circles."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "plugins" / "learning_warehouse"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAY_IMPORT = {"airflow": {"tasks.py"}, "requests": {"http.py"}}
INSIDE_FUNCTIONS_ONLY = {"great_expectations", "dbt", "pandas", "scipy", "matplotlib", "statsmodels"}
MAY_TOUCH_ENVIRONMENT = {"settings.py", "airflow_home.py", "supervisor.py"}
LONGEST = 400


def _name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.AST, *, top_level: bool) -> set[str]:
    """Dotted names imported anywhere, or only by statements that run when the module is imported."""
    found: set[str] = set()
    waiting = list(ast.iter_child_nodes(tree))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
        if top_level and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if top_level and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        waiting += ast.iter_child_nodes(node)
    return found


def _libraries(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


TREES = {path: ast.parse(path.read_text()) for path in MODULES}


@pytest.mark.parametrize("library", sorted(MAY_IMPORT))
def test_only_the_named_modules_import_it(library):
    importers = {path.name for path, tree in TREES.items() if library in _libraries(_imports(tree, top_level=False))}
    assert importers <= MAY_IMPORT[library]


def test_slow_libraries_are_imported_inside_functions():
    guilty = {
        f"{_name(path)} imports {name}"
        for path, tree in TREES.items()
        for name in _imports(tree, top_level=True)
        if name.split(".")[0] in INSIDE_FUNCTIONS_ONLY
    }
    assert guilty == set()


def test_imports_are_absolute():
    froms = [(path, node) for path, tree in TREES.items() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert [_name(path) for path, node in froms if node.level] == []


def test_no_module_is_longer_than_four_hundred_lines():
    lengths = {_name(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_every_module_says_what_it_is_for():
    assert [_name(path) for path, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_every_public_function_and_class_has_a_docstring_in_what_others_call():
    """Modules that other modules call by name; nested and private things and methods explain themselves."""
    bare = []
    for path, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                bare.append(f"{_name(path)}.{node.name}")
    assert len(bare) <= 40, bare


def test_imports_at_start_form_no_circle():
    ours = {_name(path) for path in MODULES}
    graph = {_name(path): _imports(tree, top_level=True) & ours - {_name(path)} for path, tree in TREES.items()}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join([*trail[trail.index(module) :], module])
        if module not in done:
            for other in sorted(graph[module]):
                visit(other, (*trail, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_airflow_does_not_execute_the_package_as_plugins():
    """Airflow runs every .py below plugins/ by its file stem: http.py would replace the standard library's."""
    assert (PACKAGE.parent / ".airflowignore").read_text().split() == ["learning_warehouse/"]
    assert [path.name for path in PACKAGE.parent.glob("*.py")] == ["learning_warehouse_plugin.py"]


def test_dags_tests_and_plugins_are_no_packages():
    root = PACKAGE.parents[1]
    assert not [path for name in ("dags", "tests", "plugins") for path in (root / name).glob("__init__.py")]
    assert not list((root / "tests").rglob("__init__.py"))
