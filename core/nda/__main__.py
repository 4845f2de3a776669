"""``python -m core.nda verify-bundle FILE``: check an evidence bundle offline; exit status 1 when a check fails."""

import argparse
import sys
from pathlib import Path

from core.nda.bundle_check import check_bundle
from core.nda.seal import load_chain


def main(arguments: list[str]) -> int:
    """Run the command and return its exit status."""
    asked = _parser().parse_args(arguments)
    key = asked.key_file.read_bytes().strip() if asked.key_file else None
    trust = load_chain(asked.trust.read_bytes()) if asked.trust else None
    checks = check_bundle(asked.file.read_bytes(), key=key, trust=trust)
    for check in checks:
        print(f"{'ok    ' if check.ok else 'FAILED'}  {check.name}{f': {check.note}' if check.note else ''}")
    failed = [check for check in checks if not check.ok]
    if failed:
        print(f"REFUSED: {failed[0].name}: {failed[0].note}")
        return 1
    print("VERIFIED" + ("" if key else ", but for the audit log's keyed links, which need --key-file"))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.nda")
    commands = parser.add_subparsers(required=True)
    verify = commands.add_parser("verify-bundle", help="check an evidence bundle, with no database and no network")
    verify.add_argument("file", type=Path)
    verify.add_argument("--key-file", type=Path, help="the key of the audit log")
    verify.add_argument("--trust", type=Path, help="certificates (PEM) known to be the company's")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
