"""Trains experiments by PyTorch and by gradlab and prints the worst relative difference of their losses.

    python tests/pytorch.py [--gradlab target/release/gradlab] [--steps 200] spirals digits ...
    python tests/pytorch.py --random 100 [--seed 1]

Needs torch and numpy. Any experiment that gradlab takes will do, not only presets; --random draws some
from the catalog, each of which must agree, or be refused with the part that PyTorch lacks.
"""

import argparse
import json
import math
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def losses(*command):
    """The losses of each step that `command` prints; none of a step where they are not finite."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    rows = map(json.loads, done.stdout.splitlines())
    return {row["step"]: (row["train_loss"], row["test_loss"]) for row in rows if "step" in row}


def catalog(kind):
    done = subprocess.run([given.gradlab, "list", kind, "--format", "json"], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def drawn(seed):
    """Random experiments over the catalog without end, most of them of parts that PyTorch has."""
    draw = random.Random(seed)
    parts = {kind: catalog(kind) for kind in ["activations", "optimizers", "schedules", "norms", "losses"]}

    def pick(kind):
        """One of `kind`; one that PyTorch has four times out of five."""
        known = [entry["name"] for entry in parts[kind] if entry.get("pytorch")]
        every = [entry["name"] for entry in parts[kind]]
        return draw.choice(known if known and draw.random() < 0.8 else every)

    def layer():
        units = draw.choice([4, 6, 8, 12])
        norm = "+" + pick("norms") if draw.random() < 0.2 else ""
        own = "@" + pick("optimizers") + ":lr=0.01" if draw.random() < 0.15 else ""
        return f"{units}-{pick('activations')}{norm}{own}"

    heads = [
        ("moons:samples=200", "2-softmax", ["cross_entropy"]),
        ("iris", "3-softmax", ["cross_entropy"]),
        ("iris", "3-identity", ["multi_margin", "mse"]),
        ("xor:samples=200", "1-sigmoid", ["bce"]),
        ("xor:samples=200", "1-identity", ["multi_margin", "bce"]),
        ("plane:samples=200", "1-identity", ["mse", "l1", "huber", "smooth_l1", "log_cosh"]),
    ]
    while True:
        data, output, wanted = draw.choice(heads)
        settings = [
            f"loss={draw.choice(wanted)}",
            f"batch_size={draw.choice([8, 16, 32, 1000])}",
            f"seed={draw.randrange(1000)}",
            f"optimizer={pick('optimizers')}",
            f"lr={draw.choice([0.001, 0.01, 0.03])}",
        ]
        if draw.random() < 0.4:
            settings.append(f"schedule={pick('schedules')}")
        for key in ["l1", "l2", "clip_norm", "clip_value"]:
            if draw.random() < 0.1:
                settings.append(f"{key}=0.01")
        hidden = "/".join(layer() for _ in range(draw.choice([1, 1, 2])))
        yield f"{data}/{hidden}/{output}/{','.join(settings)}"


def difference(name):
    """The worst relative difference of the losses of `name`, or why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "script.py")
        export = [given.gradlab, "export", name, "--to", "pytorch", "--steps", given.steps]
        done = subprocess.run([*export, "--out", script], stderr=subprocess.PIPE, text=True)
        if done.returncode:
            return " ".join(done.stderr.split())
        theirs = losses(sys.executable, script)
    every_step = ["--steps", given.steps, "--set", "train.eval_every=1", "--format", "json"]
    ours = losses(given.gradlab, "run", name, *every_step)
    pairs = [pair for step in ours.keys() & theirs.keys() for pair in zip(ours[step], theirs[step])]
    finite = [(a, b) for a, b in pairs if a is not None and math.isfinite(b)]
    return max(abs(a - b) / max(abs(b), 1e-6) for a, b in finite)


arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
arguments.add_argument("--gradlab", default=shutil.which("gradlab") or "target/release/gradlab")
arguments.add_argument("--steps")
arguments.add_argument("--random", type=int, default=0, metavar="N")
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("experiments", nargs="*")
given = arguments.parse_args()
given.steps = given.steps or ("30" if given.random else "200")
if shutil.which(given.gradlab) is None:
    sys.exit(f"{given.gradlab} is not there: `cargo build --release`, or say where with --gradlab")
agreed, refused, failed = 0, 0, 0


def judge(name, most):
    """Counts and prints how `name` did; false if gradlab itself does not take it."""
    global agreed, refused, failed
    worst = difference(name)
    if isinstance(worst, str):
        if "PyTorch has no twin of" not in worst:
            return False
        refused += 1
        print(f"{name}: {worst}", flush=True)
        return True
    agreed += worst <= most
    failed += worst > most
    print(f"{name}: worst relative difference {worst:.1e}{'' if worst <= most else ', too much'}", flush=True)
    return True


for name in given.experiments:
    if not judge(name, 1e-3):
        sys.exit(f"gradlab does not take {name}")
experiments = drawn(given.seed)
for _ in range(given.random):
    while not judge(next(experiments), 1e-4):
        pass
print(f"{agreed} agree, {refused} refused, {failed} differ")
sys.exit(failed > 0)
