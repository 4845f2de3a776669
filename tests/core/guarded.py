"""Every function of core that a policy guards, and what else of core the apps call with a session."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.test_architecture import APPS, ROOT, SHARED, module_of, sources

Guarded = Callable[..., Any]


def guarded() -> list[Guarded]:
    """Every function with a policy, wherever in core it stands."""
    return [
        function
        for file in sources(ROOT, "core")
        if "@permits(" in file.read_text() and "migrations" not in file.parts
        for module in [importlib.import_module(module_of(ROOT, file))]
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if hasattr(function, "__act__") and function.__module__ == module.__name__
    ]


def called(function: Guarded) -> str:
    """A function's name with its module, such as ``vault.service.upload``."""
    return f"{function.__module__.removeprefix('core.')}.{function.__name__}"


def asked_without_policy() -> set[str]:
    """The functions of core with no policy that the apps name and that take a session."""
    return {
        called(function)
        for function in named_by_apps()
        if next(iter(inspect.signature(function).parameters), "") == "session" and not hasattr(function, "__act__")
    }


def named_by_apps() -> set[Callable[..., Any]]:
    """Every function of core that the apps name."""
    return {function for file in sources(ROOT, *SHARED, *APPS) for function in _named_in(file)}


def _named_in(file: Path) -> Iterator[Callable[..., Any]]:
    """The functions of core that a file imports, or takes from a module that it imports."""
    tree = ast.parse(file.read_text())
    known: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "core":
            for alias in node.names:
                known[alias.asname or alias.name] = _value(node.module or "", alias.name)
    yield from filter(inspect.isfunction, known.values())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            of = known.get(node.value.id)
            found = getattr(of, node.attr, None) if isinstance(of, ModuleType) else None
            if inspect.isfunction(found):
                yield found


def _value(module: str, name: str) -> Any:
    of = importlib.import_module(module)
    return getattr(of, name) if hasattr(of, name) else importlib.import_module(f"{module}.{name}")
