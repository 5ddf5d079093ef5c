"""Trains presets by PyTorch and by gradlab and prints the worst relative difference of their losses.

    python tests/pytorch.py [--gradlab target/release/gradlab] [--steps 200] spirals digits ...

Needs torch and numpy. Any experiment that gradlab takes will do, not only presets.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def losses(*command):
    """The losses of each step that `command` prints."""
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = map(json.loads, text.splitlines())
    return {row["step"]: (row["train_loss"], row["test_loss"]) for row in rows if "step" in row}


arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
arguments.add_argument("--gradlab", default=shutil.which("gradlab") or "target/release/gradlab")
arguments.add_argument("--steps", default="200")
arguments.add_argument("experiments", nargs="+")
given = arguments.parse_args()
if shutil.which(given.gradlab) is None:
    sys.exit(f"{given.gradlab} is not there: `cargo build --release`, or say where with --gradlab")
failed = False
for name in given.experiments:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "script.py")
        export = [given.gradlab, "export", name, "--to", "pytorch", "--steps", given.steps]
        subprocess.run([*export, "--out", script], check=True, stderr=subprocess.DEVNULL)
        theirs = losses(sys.executable, script)
    every_step = ["--steps", given.steps, "--set", "train.eval_every=1", "--format", "json"]
    ours = losses(given.gradlab, "run", name, *every_step)
    assert ours.keys() == theirs.keys(), name
    pairs = [pair for step in ours for pair in zip(ours[step], theirs[step])]
    worst = max(abs(a - b) / max(abs(b), 1e-12) for a, b in pairs)
    failed |= worst > 1e-3
    print(f"{name:24} {len(ours) - 1} steps, worst relative difference {worst:.1e}")
sys.exit(failed)
