"""Run a module as if some days had passed since: ``python -m tests.later 300 uvicorn admin_app.asgi:app``."""

import runpy
import sys
from datetime import UTC, datetime, timedelta

import time_machine


def run(days: int, module: str, arguments: list[str]) -> None:
    """Run it to its end; its clock goes on from there."""
    sys.argv = [module, *arguments]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
