"""`python -m bench [NAME ...]`: run the named benchmarks, or all, one after another."""

import importlib
import pkgutil
import sys

import bench

#: Parts of benchmarks, and the load test, which takes minutes and has options of its own (`make load`).
HELPERS = {"__main__", "harness", "bare", "phones", "load"}


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in HELPERS)


def main(wanted: list[str]) -> None:
    """Run `wanted`, or all when empty. Exits with 2 for a name that is not there."""
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(names())}")
        sys.exit(2)
    for name in wanted or names():
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
