"""Runs the benchmarks: python -m tests.benchmarks [--quick] [name...]"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.report import HEADER


def names() -> list[str]:
    """Every benchmark: the modules of this folder that have a `measure`."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = (name for name in sorted(found) if name != "__main__" and not name.startswith("test_"))
    return [name for name in modules if hasattr(_module(name), "measure")]


def _module(name: str) -> object:
    return importlib.import_module(f"tests.benchmarks.{name}")


def lines(chosen: list[str], *, quick: bool) -> Iterator[str]:
    """What each benchmark reports, as it comes."""
    yield HEADER
    for name in chosen:
        for line in _module(name).measure(quick=quick):  # type: ignore[attr-defined]
            yield str(line)


def main(arguments: list[str]) -> int:
    """Print the figures; 2 where a name is no benchmark's. A goal that is missed is told, and no error."""
    quick = "--quick" in arguments
    asked = [argument for argument in arguments if not argument.startswith("--")]
    known = names()
    if unknown := [name for name in asked if name not in known]:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for line in lines(asked or known, quick=quick):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
