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


def apart(ours, theirs):
    """The relative difference of each step's losses that are finite in both, step after step."""
    for step in sorted(ours.keys() & theirs.keys()):
        pairs = [(a, b) for a, b in zip(ours[step], theirs[step]) if a is not None and math.isfinite(b)]
        yield max((abs(a - b) / max(abs(b), 1e-6) for a, b in pairs), default=0.0)


def twins(script):
    """The same script from weights that differ by one rounding: what PyTorch itself then does otherwise."""
    text = script.read_text()
    start = "tensor(name).requires_grad_()"
    assert start in text, "the exported script makes its parameters in another way"
    for seed in range(4):
        twin = script.with_name(f"twin{seed}.py")
        rounded = "(lambda t: t * (1 + (torch.rand_like(t) - 0.5).sign() * 2**-23))(tensor(name))"
        begun = f"torch.manual_seed({seed})\n\n\ndef parameter"
        twin.write_text(text.replace(start, f"{rounded}.requires_grad_()").replace("def parameter", begun))
        shutil.copy(script.with_suffix(".npz"), twin.with_suffix(".npz"))
        yield twin


def difference(name, most):
    """The worst relative difference of the losses of `name`, and what it may be; or why there is none.

    Some experiments turn one rounding into a large difference: a line search takes another branch, a bias
    before a batch norm moves by a gradient that is rounding alone. There gradlab must stay as near to
    PyTorch as PyTorch to itself from weights of which each is rounded otherwise, at every step."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "script.py")
        export = [given.gradlab, "export", name, "--to", "pytorch", "--steps", given.steps]
        done = subprocess.run([*export, "--out", script], stderr=subprocess.PIPE, text=True)
        if done.returncode:
            return " ".join(done.stderr.split())
        if "optim.Muon" in script.read_text():
            # PyTorch's Muon rounds its matrices to bfloat16 on the way: everything else is compared.
            exact = "import torch\ntorch.bfloat16 = torch.float32\n"
            script.write_text(script.read_text().replace("import torch\n", exact, 1))
        theirs = losses(sys.executable, script)
        every_step = ["--steps", given.steps, "--set", "train.eval_every=1", "--format", "json"]
        ours = losses(given.gradlab, "run", name, *every_step)
        worst = max(apart(ours, theirs))
        if worst <= most:
            return worst, most
        others = [list(apart(losses(sys.executable, twin), theirs)) for twin in twins(script)]
        noise = 0.0
        for mine, *theirs_apart in zip(apart(ours, theirs), *others):
            noise = max(noise, *theirs_apart)
            if mine > most + 3 * noise:
                return mine, most + 3 * noise
        return worst, worst


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
agreed, refused, failed, rounding = 0, 0, 0, 0


def judge(name, most):
    """Counts and prints how `name` did; false if gradlab itself does not take it."""
    global agreed, refused, failed, rounding
    found = difference(name, most)
    if isinstance(found, str):
        if "PyTorch has no twin of" not in found:
            return False
        refused += 1
        print(f"{name}: {found}", flush=True)
        return True
    worst, allowed = found
    agreed += worst <= most
    rounding += most < worst <= allowed
    failed += worst > allowed
    verdict = "" if worst <= most else ", rounding alone" if worst <= allowed else ", too much"
    print(f"{name}: worst relative difference {worst:.1e}{verdict}", flush=True)
    return True


for name in given.experiments:
    if not judge(name, 1e-3):
        sys.exit(f"gradlab does not take {name}")
experiments = drawn(given.seed)
for _ in range(given.random):
    while not judge(next(experiments), 1e-4):
        pass
print(f"{agreed} agree, {rounding} but for rounding, {refused} refused, {failed} differ")
sys.exit(failed > 0)
