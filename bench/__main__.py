"""``python -m bench [name…]``: measure and put the tables into ``docs/performance.md``, each in its own section."""

import importlib
import pkgutil
import sys
from pathlib import Path

import bench

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"


def sections() -> list[str]:
    """The benches there are: the modules of this package that can ``run``."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    return [name for name in names if hasattr(_module(name), "run")]


def _module(name: str) -> object:
    server_needs_an_address = ("__main__", "beacon_server", "download_server")
    return None if name in server_needs_an_address else importlib.import_module(f"bench.{name}")


def put(page: str, name: str, text: str) -> str:
    """The page with the text between the marks of a section."""
    start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    if start not in page:
        return f"{page.rstrip()}\n\n{start}{text}\n{end}\n"
    head, rest = page.split(start, 1)
    return f"{head}{start}{text}\n{end}{rest.split(end, 1)[1]}"


def main(wanted: list[str]) -> int:
    """Run the benches asked for, or all of them."""
    known = sections()
    if unknown := set(wanted) - set(known):
        print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return 2
    for name in wanted or known:
        text = _module(name).run()  # type: ignore[attr-defined]
        print(f"## {name}\n\n{text}\n", flush=True)
        PAGE.write_text(put(PAGE.read_text() if PAGE.exists() else "# Performance\n", name, text))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
