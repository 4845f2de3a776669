"""``python -m core.migrations upgrade``: bring the database of the settings to the newest step."""

import sys

from core import db
from core.migrations import upgrade


def main(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    if arguments != ["upgrade"]:
        print("usage: python -m core.migrations upgrade")
        return 2
    upgrade(db.url())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
