"""Writes reference numbers for optimizers that PyTorch itself lacks or that look at the slope again.

Needs torch and pytorch_optimizer; in float64. It writes

optimizers_more.json   as optimizers.json: `start`, `grads[t]`, `trajectory[t]`
surfaces_more.json     as surfaces.json: `start`, `path[t]`, `loss_before_step[t]`

L-BFGS is torch.optim.LBFGS(params, **params).step(closure). SAM is written out here after the
authors' description (Foret et al. 2021, algorithm 1; Kwon et al. 2021 for `adaptive`).
"""

import json
import math

import torch
from pytorch_optimizer import AggMo, Fromage, Lookahead, NovoGrad, SM3

from reference import deliver

torch.set_default_dtype(torch.float64)
torch.manual_seed(11)

STEPS = 30


def trajectory(build, start, grads):
    parameter = start.clone().requires_grad_()
    optimizer = build([parameter])
    path = []
    for grad in grads:
        parameter.grad = grad.clone()
        optimizer.step()
        path.append(parameter.detach().tolist())
    return path


def base(text, lr):
    """`sgd:momentum=0.9` as gradlab spells it."""
    name, *pairs = text.split(":")
    given = {key: {"true": True}.get(value) or float(value) for key, value in (p.split("=") for p in pairs)}
    cls = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[name]
    return lambda parameters: cls(parameters, lr=lr, **given)


def lookahead(params):
    inner = base(params["base"], params["lr"])
    return lambda parameters: Lookahead(inner(parameters), k=params["k"], alpha=params["alpha"])


def plain(cls):
    return lambda params: lambda parameters: cls(parameters, **params)


OPTIMIZERS = [
    ("lookahead", lookahead, {"lr": 0.01, "base": "adam", "k": 5, "alpha": 0.5}),
    ("lookahead", lookahead, {"lr": 0.05, "base": "sgd:momentum=0.9", "k": 3, "alpha": 0.8}),
    ("novograd", plain(NovoGrad), {"lr": 0.01, "betas": [0.95, 0.98], "eps": 1e-8}),
    ("novograd", plain(NovoGrad), {"lr": 0.01, "betas": [0.9, 0.5], "weight_decay": 0.05}),
    ("sm3", plain(SM3), {"lr": 0.1, "momentum": 0.9}),
    ("sm3", plain(SM3), {"lr": 0.05, "momentum": 0.0}),
    ("fromage", plain(Fromage), {"lr": 0.01}),
    ("fromage", plain(Fromage), {"lr": 0.3}),
    ("aggmo", plain(AggMo), {"lr": 0.01, "betas": [0.0, 0.9, 0.99]}),
    ("aggmo", plain(AggMo), {"lr": 0.05, "betas": [0.5, 0.95], "weight_decay": 0.02}),
]

SOURCE = "pytorch_optimizer 4.1.0"


def optimizers():
    cases = []
    for name, build, params in OPTIMIZERS:
        shape = (1, 5) if name == "sm3" and params["momentum"] == 0.0 else (3, 4)
        start = torch.randn(shape)
        grads = [torch.randn(shape) + 0.3 * start for _ in range(STEPS)]
        cases.append({
            "name": name,
            "source": SOURCE,
            "params": params,
            "start": start.tolist(),
            "grads": [grad.tolist() for grad in grads],
            "trajectory": trajectory(build(params), start, grads),
        })
    # A parameter whose norm is 0 moves all the same.
    start = torch.zeros(2, 2)
    grads = [torch.randn(2, 2) for _ in range(5)]
    cases.append({
        "name": "fromage",
        "source": SOURCE,
        "params": {"lr": 0.1},
        "start": start.tolist(),
        "grads": [grad.tolist() for grad in grads],
        "trajectory": trajectory(plain(Fromage)({"lr": 0.1}), start, grads),
    })
    return cases


SURFACES = {
    "rosenbrock": ([-1.2, 1.0], lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2),
    "quadratic": ([-4.0, 2.0], lambda x, y: 0.5 * (x**2 + 25 * y**2)),
    "booth": ([-5.0, 5.0], lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2),
}


def descent(surface, steps, move):
    """`move(point, loss)` takes one step; `loss()` leaves the gradient beside the point."""
    start, height = SURFACES[surface]
    point = torch.tensor(start).requires_grad_()

    def loss():
        point.grad = None
        value = height(point[0], point[1])
        value.backward()
        return value

    path, losses = [], []
    for _ in range(steps):
        losses.append(height(point[0], point[1]).item())
        move(point, loss)
        path.append(point.detach().tolist())
    return {"start": start, "path": path, "loss_before_step": losses}


def lbfgs(params):
    given = dict(params)
    if given.get("line_search_fn") == "none":
        given["line_search_fn"] = None
    made = {}

    def move(point, loss):
        if not made:
            made["it"] = torch.optim.LBFGS([point], **given)
        made["it"].step(loss)

    return move


def sam(params):
    rho, adaptive = params.get("rho", 0.05), params.get("adaptive", False)
    made = {}

    def move(point, loss):
        if not made:
            made["it"] = base(params["base"], params["lr"])([point])
        loss()
        with torch.no_grad():
            start, grad = point.clone(), point.grad.clone()
            scale = start.abs() if adaptive else torch.ones_like(start)
            norm = math.sqrt((scale * grad).square().sum().item())
            point.add_(rho / (norm + 1e-12) * scale**2 * grad)
        loss()
        with torch.no_grad():
            point.copy_(start)
        made["it"].step()

    return move


WOLFE, FIXED = {"line_search_fn": "strong_wolfe"}, {"line_search_fn": "none"}
DESCENTS = [
    ("rosenbrock", "lbfgs", lbfgs, {**WOLFE}, 3),
    ("rosenbrock", "lbfgs", lbfgs, {**WOLFE, "max_iter": 1}, 40),
    ("rosenbrock", "lbfgs", lbfgs, {**WOLFE, "max_iter": 3, "history_size": 2, "lr": 0.5}, 20),
    ("quadratic", "lbfgs", lbfgs, {**WOLFE, "tolerance_grad": 1e-3}, 4),
    ("quadratic", "lbfgs", lbfgs, {**FIXED, "lr": 0.5, "max_iter": 5}, 8),
    ("booth", "lbfgs", lbfgs, {**FIXED, "lr": 0.3, "max_iter": 2, "history_size": 1}, 20),
    ("booth", "lbfgs", lbfgs, {**WOLFE, "max_iter": 2, "tolerance_change": 1e-4}, 6),
    ("rosenbrock", "sam", sam, {"lr": 0.0005, "base": "sgd:momentum=0.9", "rho": 0.05}, 60),
    ("rosenbrock", "sam", sam, {"lr": 0.05, "base": "adam", "rho": 0.1}, 60),
    ("booth", "sam", sam, {"lr": 0.01, "base": "sgd", "rho": 0.5, "adaptive": True}, 60),
]


def surfaces():
    return [
        {"name": surface, "optimizer": name, "params": params, **descent(surface, steps, build(params))}
        for surface, name, build, params, steps in DESCENTS
    ]


def text(cases):
    source = f"torch {torch.__version__.split('+')[0]}, {SOURCE}, float64"
    return json.dumps({"source": source, "note": "by whole.py", "cases": cases}) + "\n"


deliver({"optimizers_more.json": text(optimizers()), "surfaces_more.json": text(surfaces())})
