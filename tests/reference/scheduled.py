"""Writes scheduled.json: optimizers whose rate changes from step to step.

Needs torch; in float64. Run in this folder. A case is as in optimizers.json, with the rate of each
step in `rates`. Those that PyTorch has are torch.optim's with the rate set before each step. The
others are written out here: AdaBound after the authors' code, where final_lr goes with the rate;
schedule-free SGD and Prodigy after the papers, with the weights that the authors' code takes.
"""

import json
import math

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(5)

STEPS = 24
LR = {"rprop": 0.01, "adadelta": 1.0, "schedule_free_sgd": 0.2, "prodigy": 1.0}


def rates(lr):
    """A warm-up, a plateau, two falls and a rise."""
    factors = [0.25, 0.5, 0.75] + [1.0] * 5 + [0.1] * 6 + [0.01] * 5 + [0.5] * 5
    return [lr * factor for factor in factors]


def by_torch(cls, **params):
    def run(start, grads, lrs):
        parameter = start.clone().requires_grad_()
        # As under a scheduler: the rate of the first step is set before it.
        optimizer = cls([parameter], lr=lrs[0], **params)
        path = []
        for grad, lr in zip(grads, lrs):
            optimizer.param_groups[0]["lr"] = lr
            parameter.grad = grad.clone()
            optimizer.step()
            path.append(parameter.detach().tolist())
        return path

    return run


def adabound(lr):
    final, gamma, beta1, beta2, eps = 0.1, 0.001, 0.9, 0.999, 1e-8

    def run(w, grads, lrs):
        m, v, path = torch.zeros_like(w), torch.zeros_like(w), []
        for t, (g, now) in enumerate(zip(grads, lrs), 1):
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            end = final * now / lr
            size = now * math.sqrt(1 - beta2**t) / (1 - beta1**t) / (v.sqrt() + eps)
            low, high = end * (1 - 1 / (gamma * t + 1)), end * (1 + 1 / (gamma * t))
            w = w - size.clamp(low, high) * m
            path.append(w.tolist())
        return path

    return run


def schedule_free_sgd(y, grads, lrs, averages):
    x, z, total, largest, path = y.clone(), y.clone(), 0.0, 0.0, []
    for g, lr in zip(grads, lrs):
        largest = max(largest, lr)
        total += largest**2
        z = z - lr * g
        x = x + largest**2 / total * (z - x)
        averages.append(x.tolist())
        y = 0.9 * x + 0.1 * z
        path.append(y.tolist())
    return path


def prodigy(w, grads, lrs):
    beta1, beta2, eps, first = 0.9, 0.999, 1e-8, 1e-3
    start, d, r, path = w.clone(), first, 0.0, []
    m, v, s = (torch.zeros_like(w) for _ in range(3))
    for t, (g, lr) in enumerate(zip(grads, lrs), 1):
        rate = d * lr * math.sqrt(1 - beta2**t) / (1 - beta1**t)
        m = beta1 * m + (1 - beta1) * d * g
        v = beta2 * v + (1 - beta2) * (d * g) ** 2
        r = math.sqrt(beta2) * r + d / first * rate * (g * (start - w)).sum().item()
        s = math.sqrt(beta2) * s + d / first * rate * g
        d = max(d, r / s.abs().sum().item())
        w = w - rate * m / (v.sqrt() + d * eps)
        path.append(w.tolist())
    return path


RUNS = [
    ("sgd", {"momentum": 0.9}, by_torch(torch.optim.SGD, momentum=0.9)),
    ("adam", {}, by_torch(torch.optim.Adam)),
    ("adamw", {"weight_decay": 0.1}, by_torch(torch.optim.AdamW, weight_decay=0.1)),
    ("nadam", {}, by_torch(torch.optim.NAdam)),
    ("radam", {}, by_torch(torch.optim.RAdam)),
    ("adamax", {}, by_torch(torch.optim.Adamax)),
    ("rmsprop", {"momentum": 0.9}, by_torch(torch.optim.RMSprop, momentum=0.9)),
    ("adagrad", {"lr_decay": 0.1}, by_torch(torch.optim.Adagrad, lr_decay=0.1)),
    ("adadelta", {}, by_torch(torch.optim.Adadelta)),
    ("adafactor", {"weight_decay": 0.1}, by_torch(torch.optim.Adafactor, weight_decay=0.1)),
    ("rprop", {}, by_torch(torch.optim.Rprop)),
    ("asgd", {"lambd": 0.2}, by_torch(torch.optim.ASGD, lambd=0.2)),
    ("asgd", {"lambd": 0.5, "t0": 4.0}, by_torch(torch.optim.ASGD, lambd=0.5, t0=4.0)),
    ("adabound", {}, adabound(0.05)),
    ("schedule_free_sgd", {}, schedule_free_sgd),
    ("prodigy", {"estim_lr0": 1e-3}, prodigy),
]

cases = []
for name, params, run in RUNS:
    lr = LR.get(name, 0.05)
    start = torch.randn(3, 4)
    grads = [torch.randn(3, 4) + 0.3 * start for _ in range(STEPS)]
    averages = []
    more = {"averages": averages} if run is schedule_free_sgd else {}
    cases.append({
        "name": name,
        "params": {"lr": lr, **params},
        "rates": rates(lr),
        "start": start.tolist(),
        "grads": [grad.tolist() for grad in grads],
        "trajectory": run(start, grads, rates(lr), **more),
        **({"eval": averages} if averages else {}),
    })
with open("scheduled.json", "w") as out:
    source = f"torch {torch.__version__.split('+')[0]}, float64"
    json.dump({"source": source, "note": "by scheduled.py", "cases": cases}, out)
    out.write("\n")
