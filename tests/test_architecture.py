"""The shape of the code: who may import whom, where a policy is due, how large a piece may be."""

import ast
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
APPS = ("admin_app", "portal_app")
SHARED = ("front_door", "proposal_view", "training_view")
"""What both apps stand on, besides core."""
PACKAGES = ("core", *SHARED, *APPS)
GROUND = "settings clock ids errors failpoints keys actor tenancy db rows fields format i18n typeset export"
DOMAINS = (
    "audit mail access companies timeline partners contacts meetings proposals engagement vault nda training deals"
    " questions library commissions"
)
TOP = "tables today imports worker migrations demo"
LEVELS = [*GROUND.split(), *DOMAINS.split(), *TOP.split()]
"""The modules and packages of core, lowest first; each imports only earlier ones."""

NOT_FOR_CORE = ("streamlit", "starlette", "st_aggrid", "uvicorn", *SHARED, *APPS, "tests")
GUARDED = (
    "service.py",
    "queries.py",
    "readers.py",
    "calls.py",
    "cohorts.py",
    "overview.py",
    "acts.py",
    "room_service.py",
    "room_queries.py",
    "actions.py",
    "decisions.py",
    "trouble.py",
    "reset.py",
    "fetching.py",
    "text_service.py",
    "evidence_service.py",
    "agreement_queries.py",
    "stepping_aside.py",
    "recording.py",
    "register.py",
    "registering.py",
    "sale_queries.py",
    "order_queries.py",
    "quote_queries.py",
    "attachments.py",
    "orders.py",
    "invoicing.py",
    "quoting.py",
    "deciding.py",
    "listing.py",
    "dossier.py",
    "progress.py",
    "analytics.py",
    "own_queries.py",
    "own_service.py",
    "catalogue.py",
    "catalogue_queries.py",
    "queue_views.py",
    "plan_service.py",
    "protections.py",
    "protection_queries.py",
    "pre_check.py",
    "reseller_queries.py",
    "desk.py",
    "home_queries.py",
    "authoring.py",
    "learning.py",
    "my_modules.py",
    "certificates.py",
    "team_queries.py",
    "asking.py",
    "answering.py",
    "canned.py",
    "faq.py",
)
"""Files whose public functions are operations or reads, so that each needs a policy."""
PART_OF_ANOTHER_ACT = {
    "core.audit.service.record",
    "core.timeline.service.note",
    "core.contacts.listing.rows",
    "core.deals.dossier.documents_of",
    "core.deals.dossier.reviews_of",
    "core.deals.registering.register_for",
}
"""Writes with no policy of their own: the operation that calls them has one. The apps may not import them."""

DRAWERS_OF_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc"}
MOST_LINES_OF_A_FUNCTION = 45
MOST_LINES_OF_A_FILE = 300


def sources(root: Path, *packages: str) -> Iterator[Path]:
    """The Python files of some packages."""
    for package in packages:
        yield from sorted((root / package).rglob("*.py"))


def module_of(root: Path, file: Path) -> str:
    """The dotted name of a file."""
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(root: Path, file: Path) -> set[str]:
    """The dotted names a file imports, wherever in it; ``from a import b`` counts as ``a.b``."""
    package = list(file.relative_to(root).parent.parts)
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            names |= {f"{origin}.{alias.name}" for alias in node.names}
    return names


def level_of(module: str) -> str:
    """The part of core that a dotted name belongs to."""
    return module.split(".")[1] if module.count(".") else ""


def upward_imports(root: Path) -> list[str]:
    """Files of core that import a part standing above their own, and parts without a level; commands stand on top."""
    found = []
    for file in sources(root, "core"):
        own = level_of(module_of(root, file))
        if file.name == "__main__.py":
            continue
        if own and own not in LEVELS:
            found.append(f"core/{own} has no level")
            continue
        above = set(LEVELS[LEVELS.index(own) + 1 :]) if own else set(LEVELS)
        for name in sorted(imports(root, file)):
            if name.startswith("core.") and level_of(name) in above:
                found.append(f"{file.relative_to(root)} imports {name}")
    return found


def imports_of(root: Path, packages: tuple[str, ...], forbidden: tuple[str, ...]) -> list[str]:
    """Files of some packages that import something forbidden to them."""
    return [
        f"{file.relative_to(root)} imports {name}"
        for file in sources(root, *packages)
        for name in sorted(imports(root, file))
        if any(name == other or name.startswith(f"{other}.") for other in forbidden)
    ]


def files_saying(root: Path, word: str, *packages: str) -> list[str]:
    """Files of some packages that contain a word."""
    return [str(file.relative_to(root)) for file in sources(root, *packages) if word in file.read_text().lower()]


def bad_names(root: Path) -> list[str]:
    """Modules named like a drawer of nothing, and modules beside a ``main.py`` that hide the standard library's."""
    found = [str(f.relative_to(root)) for f in sources(root, *PACKAGES) if f.stem in DRAWERS_OF_NOTHING]
    for app in APPS:
        beside = {path.stem for path in (root / app).glob("*") if path.suffix == ".py" or path.is_dir()}
        found += [f"{app}/{name}" for name in sorted(beside & sys.stdlib_module_names)]
    return found


def without_policy(module: ModuleType) -> list[str]:
    """Public functions of a module that take a session and that no policy guards."""
    return [
        f"{module.__name__}.{name}"
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and function.__module__ == module.__name__
        and next(iter(inspect.signature(function).parameters), "") == "session"
        and not hasattr(function, "__act__")
    ]


def too_long(root: Path, *packages: str) -> list[str]:
    """Functions and files longer than a reader can hold; migrations are lists and may be long."""
    found = []
    for file in sources(root, *packages):
        if "migrations" in file.parts:
            continue
        text = file.read_text()
        if (lines := text.count("\n")) > MOST_LINES_OF_A_FILE:
            found.append(f"{file.relative_to(root)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > MOST_LINES_OF_A_FUNCTION:
                    found.append(f"{file.relative_to(root)}: {node.name} has {size} lines")
    return found


def policed_modules() -> list[str]:
    """The modules that hold operations and reads."""
    return [module_of(ROOT, file) for file in sources(ROOT, "core") if file.name in GUARDED]


class TestCore:
    def test_imports_only_downwards(self):
        assert upward_imports(ROOT) == []

    def test_knows_no_user_interface(self):
        assert imports_of(ROOT, ("core",), NOT_FOR_CORE) == []

    @pytest.mark.parametrize("name", policed_modules())
    def test_lets_nothing_happen_without_a_policy(self, name: str):
        assert set(without_policy(importlib.import_module(name))) - PART_OF_ANOTHER_ACT == set()


class TestApps:
    def test_do_not_import_each_other(self):
        assert imports_of(ROOT, ("admin_app",), ("portal_app", "tests")) == []
        assert imports_of(ROOT, ("portal_app",), ("admin_app", "tests")) == []
        assert imports_of(ROOT, SHARED, (*APPS, "tests")) == []

    def test_never_see_the_database(self):
        assert files_saying(ROOT, "sqlalchemy", *SHARED, *APPS) == []

    def test_never_write_history_themselves(self):
        part_of_an_act = tuple(name.rpartition(".")[0] for name in PART_OF_ANOTHER_ACT)
        assert imports_of(ROOT, (*SHARED, *APPS), part_of_an_act) == []


class TestEverything:
    def test_has_a_name_that_says_what_it_is(self):
        assert bad_names(ROOT) == []

    def test_is_short_enough_to_read(self):
        assert too_long(ROOT, *PACKAGES, "bench", "tests") == []


@pytest.fixture
def sample(tmp_path: Path) -> Callable[[str, str], Path]:
    """A function that adds a file to a sample tree, and answers the tree."""

    def write(name: str, text: str) -> Path:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        return tmp_path

    return write


class TestTheseChecks:
    """Each check finds the defect it is there for."""

    @pytest.mark.parametrize(
        "line",
        (
            "import core.deals.models",
            "from core.deals import service",
            "from core import deals",
            "from .. import deals",
        ),
    )
    def test_find_an_import_upwards(self, sample, line):
        assert len(upward_imports(sample("core/partners/service.py", line))) == 1

    def test_find_an_import_upwards_inside_a_function(self, sample):
        tree = sample("core/db.py", "def late():\n    from core.audit import models\n")
        assert upward_imports(tree) == ["core/db.py imports core.audit.models"]

    def test_allow_an_import_downwards_and_sideways(self, sample):
        assert (
            upward_imports(sample("core/deals/service.py", "from core import db\nfrom core.deals import models")) == []
        )

    def test_find_a_part_without_a_level(self, sample):
        assert upward_imports(sample("core/surprise/models.py", "")) == ["core/surprise has no level"]

    def test_find_a_user_interface_in_core(self, sample):
        tree = sample("core/deals/service.py", "import streamlit.components\nimport streamlitish")
        assert imports_of(tree, ("core",), NOT_FOR_CORE) == ["core/deals/service.py imports streamlit.components"]

    def test_find_the_database_in_an_app(self, sample):
        assert files_saying(sample("admin_app/x.py", "# SQLAlchemy"), "sqlalchemy", "admin_app") == ["admin_app/x.py"]

    def test_find_bad_names(self, sample):
        sample("core/deals/helpers.py", "")
        assert bad_names(sample("portal_app/email.py", "")) == ["core/deals/helpers.py", "portal_app/email"]

    def test_find_an_operation_without_a_policy(self, sample, monkeypatch):
        text = "def open_door(session): ...\ndef _inner(session): ...\ndef pure(value): ...\n"
        text += "def guarded(session): ...\nguarded.__act__ = 'read'\n"
        monkeypatch.syspath_prepend(sample("unguarded_sample.py", text))
        assert without_policy(importlib.import_module("unguarded_sample")) == ["unguarded_sample.open_door"]

    def test_find_what_is_too_long(self, sample):
        sample("core/long.py", "x = 1\n" * (MOST_LINES_OF_A_FILE + 1))
        tree = sample("core/wide.py", "def wide():\n" + "    x = 1\n" * MOST_LINES_OF_A_FUNCTION)
        assert too_long(tree, "core") == ["core/long.py: 301 lines", "core/wide.py: wide has 46 lines"]
