"""Writing of reference numbers and checking of the committed ones, shared by their generators.

Every generator hands its files to `deliver` as text. Run plainly it writes them beside itself;
with `--check` it compares them with the committed ones, prints the worst difference of each case
and exits with 1 if a case differs by more than is tolerated.
"""

import argparse
import json
import math
from pathlib import Path

FOLDER = Path(__file__).parent
RELATIVE = 1e-12


def deliver(files, tolerances=None):
    """Writes `files`, a dictionary from name to text, or checks them if the command line says so.

    `tolerances` has those of the cases, by name, that do not reproduce to `RELATIVE` everywhere.
    """
    parser = argparse.ArgumentParser(description="Writes " + ", ".join(files))
    parser.add_argument("--check", action="store_true", help="compare with the committed files")
    if parser.parse_args().check:
        failures = sum(check(name, text, tolerances or {}) for name, text in files.items())
        raise SystemExit(min(failures, 1))
    for name, text in files.items():
        (FOLDER / name).write_text(text)


def check(name, text, tolerances):
    """Prints each case's worst difference; returns the number of cases that differ."""
    committed, computed = json.loads((FOLDER / name).read_text()), json.loads(text)
    if committed["source"] != computed["source"]:
        print(f"{name}: committed from {committed['source']}, here {computed['source']}")
    failures = 0
    for key in sorted((committed.keys() | computed.keys()) - {"source", "note"}):
        pairs = committed.get(key, []), computed.get(key, [])
        if len(pairs[0]) != len(pairs[1]):
            print(f"{name}: {len(pairs[0])} {key} committed, {len(pairs[1])} computed")
            failures += 1
        for case, again in zip(*pairs):
            worst = difference(case, again)
            failed = not worst <= tolerances.get(case["name"], RELATIVE)
            failures += failed
            print(f"{name}  {title(case)}  {worst:.1e}{'  DIFFERS' if failed else ''}")
    return failures


def title(case):
    """The name of a case with what tells it from others of that name."""
    params = case.get("params", {}).items()
    words = [case["name"], case.get("optimizer"), *(f"{key}={value}" for key, value in params)]
    return " ".join(word for word in words if word)


def difference(a, b):
    """The largest relative difference of two nested values; infinite if anything but numbers differs."""
    if isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b):
        return max((difference(a[key], b[key]) for key in a), default=0.0)
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return max(map(difference, a, b), default=0.0)
    if a == b:
        return 0.0
    if isinstance(a, float) and isinstance(b, float) and a != 0.0 and math.isfinite(b):
        return abs(a - b) / abs(a)
    return math.inf
