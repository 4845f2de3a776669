"""Words that may not stand in the code, each with the reason a reader needs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from core.settings import Settings

ROOT = Path(__file__).parent.parent
SHOWN = ("front_door", "proposal_view", "training_view", "admin_app", "portal_app")
SCREENS = tuple(f"{package}/**/*.py" for package in SHOWN)
SCRIPTS = tuple(f"{package}/**/*.js" for package in SHOWN)
OURS = ("core/**/*.py", *SCREENS)
BUNDLED = (".min.js", ".bundle.js")
UNREAD = {"var", "node_modules", "__pycache__"}
READ_THOUGH_HIDDEN = {".ci", ".streamlit", ".github"}
TEXTS = {"", ".md", ".py", ".toml", ".txt", ".sh", ".js", ".css", ".json", ".html", ".mjml", ".typ", ".conf", ".yml"}


@dataclass(frozen=True)
class Rule:
    """A pattern that may not match a line of some files, except in the files of ``but``."""

    name: str
    why: str
    pattern: str
    where: tuple[str, ...]
    but: tuple[str, ...] = ()


RULES = (
    Rule("raw_html", "markup with data in it runs in the reader's page", r"unsafe_allow_html|\bst\.html\(", SCREENS),
    Rule("frames", "a frame's script reaches the page around it", r"\bst\.iframe\(|components\.v1", SCREENS),
    Rule("grid_code", "a cell's text would run as code", r"\bJsCode\(|allow_unsafe_jscode\s*=\s*True", SCREENS),
    # No file is exempt: exports too go through a route that checks who asks and records it.
    Rule("media", "Streamlit's media addresses ask nobody who they are", r"\bst\.download_button\b", SCREENS),
    Rule("shared_cache", "one company's rows would be shown to another", r"\b(st\.)?cache_data\b", SCREENS),
    Rule("script_markup", "data becomes markup; use textContent", r"innerHTML|outerHTML|insertAdjacentHTML", SCRIPTS),
    Rule(
        "clock",
        "one clock, so that tests can move it",
        r"\bdatetime\.now\(|utcnow\(|\bdate\.today\(",
        OURS,
        ("core/clock.py",),
    ),
    Rule("environment", "one reader of the environment", r"\bos\.(environ|getenv)\b", OURS, ("core/settings.py",)),
    Rule("money", "money is Decimal", r"\bfloat\(", ("core/deals/*.py", "core/commissions/*.py")),
    Rule("broad_except", "name the failure that is meant", r"except( \(?(Base)?Exception\b|:)", OURS),
    Rule("later", "what is not done is not landed", r"\b(TODO|FIXME|XXX|HACK)\b", (*OURS, "tests/**/*.py")),
)
THIS_FILE = "tests/test_text_rules.py"
NOT_THE_PRODUCT = re.compile(
    r"/work/|/root/|/Users/|registry\.npmjs\.org|pypi\.org|pythonhosted\.org|proxy\.golang\.org"
)


def files(root: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    """Our own files that match; third-party bundles are not ours."""
    for pattern in patterns:
        yield from (f for f in sorted(root.glob(pattern)) if not f.name.endswith(BUNDLED))


def breaches(rule: Rule, root: Path) -> list[str]:
    """Where a rule is broken: ``file:line``."""
    return [
        f"{name}:{number}"
        for file in files(root, rule.where)
        if (name := file.relative_to(root).as_posix()) not in (*rule.but, THIS_FILE)
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if re.search(rule.pattern, line)
    ]


def texts(root: Path) -> Iterator[Path]:
    """Every text file of the repository; where it is one of several working trees, ``.git`` is a file of git's."""
    for path in sorted(root.iterdir()):
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name not in READ_THOUGH_HIDDEN
            yield from () if hidden or path.name in UNREAD else texts(path)
        elif path.suffix in TEXTS and path.name != ".git":
            yield path


def foreign_words(root: Path) -> list[str]:
    """Where the repository speaks of a machine it was built on, or of where packages came from."""
    return [
        f"{name}:{number}"
        for file in texts(root)
        if (name := file.relative_to(root).as_posix()) not in (THIS_FILE, ".env")
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1)
        if NOT_THE_PRODUCT.search(line)
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_code_keeps(rule: Rule):
    assert breaches(rule, ROOT) == [], rule.why


def test_the_repository_speaks_of_the_product_alone():
    assert foreign_words(ROOT) == []


def example_of(name: str, field: FieldInfo) -> str:
    """How the example file shows a setting."""
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    return f"\n# {field.description}\n# {name.upper()}={default}\n"


def test_every_setting_is_explained_in_the_example():
    _, _, settings = (ROOT / ".env.example").read_text().partition("\n")
    assert settings == "".join(example_of(name, field) for name, field in Settings.model_fields.items())


@pytest.mark.parametrize(
    ("name", "file", "line"),
    (
        ("raw_html", "admin_app/views/a.py", 'st.markdown(x, unsafe_allow_html=True)'),
        ("raw_html", "portal_app/views/a.py", "st.html(x)"),
        ("frames", "admin_app/widgets/a.py", "import streamlit.components.v1 as components"),
        ("frames", "proposal_view/a.py", "st.iframe(address)"),
        ("grid_code", "admin_app/widgets/grid.py", "JsCode('x')"),
        ("grid_code", "admin_app/widgets/grid.py", "allow_unsafe_jscode = True"),
        ("media", "portal_app/views/a.py", "st.download_button('x', data)"),
        ("shared_cache", "admin_app/shell.py", "@st.cache_data"),
        ("script_markup", "proposal_view/tracker.js", "card.innerHTML = name"),
        ("clock", "core/deals/service.py", "datetime.now(UTC)"),
        ("clock", "admin_app/views/a.py", "date.today()"),
        ("environment", "core/db.py", "os.environ['X']"),
        ("money", "core/commissions/rates.py", "float(rate)"),
        ("broad_except", "core/db.py", "except Exception as error:"),
        ("broad_except", "core/db.py", "except:"),
        ("later", "tests/test_a.py", "# TODO"),
    ),
)  # fmt: skip
def test_each_rule_finds_what_it_is_for(tmp_path: Path, name: str, file: str, line: str):
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(f"\n{line}\n")
    rule = next(rule for rule in RULES if rule.name == name)
    assert breaches(rule, tmp_path) == [f"{file}:2"]


def test_an_exempt_file_is_exempt(tmp_path: Path):
    (tmp_path / "core").mkdir()
    (tmp_path / "core/clock.py").write_text("datetime.now(UTC)")
    rule = next(rule for rule in RULES if rule.name == "clock")
    assert breaches(rule, tmp_path) == []


def test_what_git_keeps_for_itself_is_not_ours(tmp_path: Path):
    (tmp_path / ".git").write_text("gitdir: /work/x\n")
    assert foreign_words(tmp_path) == []


def test_a_foreign_word_is_found(tmp_path: Path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").write_text("fine\nsee /work/x\n")
    assert foreign_words(tmp_path) == ["docs/a.md:2"]
