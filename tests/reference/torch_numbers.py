"""Writes the reference numbers that are PyTorch's own, in float64. Needs torch.

activations.json  losses.json  networks.json  optimizers.json  schedules.json  surfaces.json

Inputs come from one random stream, so the order in which `NOTES` names the files is part of the
recipe. They are rounded to what a float32 holds, so that a run in float32 meets the same numbers.
"""

import json
import math

import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

from reference import deliver

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)


def f32(tensor):
    return tensor.to(torch.float32).to(torch.float64)


def normal(*shape):
    return f32(torch.randn(*shape))


# Activations

POINTS = [1e-6, 1e-3, 0.01, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 88]
POINTS += [100, 1000]
ELEMENTWISE = [
    ("identity", {}, lambda x: x * 1),
    ("relu", {}, F.relu),
    ("relu6", {}, F.relu6),
    ("leaky_relu", {"negative_slope": 0.01}, F.leaky_relu),
    ("leaky_relu", {"negative_slope": 0.2}, F.leaky_relu),
    ("prelu", {"init": 0.25}, lambda x, init: F.prelu(x, torch.tensor(init))),
    ("elu", {"alpha": 1.0}, F.elu),
    ("elu", {"alpha": 0.5}, F.elu),
    ("celu", {"alpha": 1.0}, F.celu),
    ("celu", {"alpha": 2.0}, F.celu),
    ("selu", {}, F.selu),
    ("gelu", {"approximate": "none"}, F.gelu),
    ("gelu", {"approximate": "tanh"}, F.gelu),
    ("silu", {}, F.silu),
    ("mish", {}, F.mish),
    ("sigmoid", {}, torch.sigmoid),
    ("log_sigmoid", {}, F.logsigmoid),
    ("tanh", {}, torch.tanh),
    ("tanhshrink", {}, F.tanhshrink),
    ("softplus", {"beta": 1.0, "threshold": 20.0}, F.softplus),
    ("softplus", {"beta": 2.0, "threshold": 20.0}, F.softplus),
    ("softsign", {}, F.softsign),
    ("hardtanh", {"min_val": -1.0, "max_val": 1.0}, F.hardtanh),
    ("hardsigmoid", {}, F.hardsigmoid),
    ("hardswish", {}, F.hardswish),
    ("hardshrink", {"lambd": 0.5}, F.hardshrink),
    ("softshrink", {"lambd": 0.5}, F.softshrink),
    ("threshold", {"threshold": 0.1, "value": -2.0}, F.threshold),
]
ROWWISE = [
    ("softmax", lambda x: F.softmax(x, -1)),
    ("softmin", lambda x: F.softmin(x, -1)),
    ("log_softmax", lambda x: F.log_softmax(x, -1)),
    ("glu", lambda x: F.glu(x, -1)),
]


def elementwise(name, params, f):
    x = f32(torch.tensor([-p for p in reversed(POINTS)] + [0.0] + POINTS)).requires_grad_()
    y = f(x, **params)
    y.sum().backward()
    numbers = {"x": x.tolist(), "y": y.tolist(), "dy_dx": x.grad.tolist()}
    return {"name": name, "params": params, "kind": "elementwise", **numbers}


def rowwise(name, f):
    """Five rows of usual size, two of large numbers and one of equal large ones."""
    x = torch.cat([normal(5, 6), 30 * normal(2, 6), torch.full((1, 6), 1000.0)]).requires_grad_()
    y = f(x)
    upstream = normal(*y.shape)
    y.backward(upstream)
    numbers = {"x": x.tolist(), "y": y.tolist(), "upstream": upstream.tolist(), "dx": x.grad.tolist()}
    return {"name": name, "params": {}, "kind": "rowwise", **numbers}


def activations():
    return [elementwise(*case) for case in ELEMENTWISE] + [rowwise(*case) for case in ROWWISE]


# Optimizers

CLASSES = {
    "sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW,
    "nadam": torch.optim.NAdam, "radam": torch.optim.RAdam, "adamax": torch.optim.Adamax,
    "adagrad": torch.optim.Adagrad, "adadelta": torch.optim.Adadelta,
    "rmsprop": torch.optim.RMSprop, "rprop": torch.optim.Rprop, "asgd": torch.optim.ASGD,
    "adafactor": torch.optim.Adafactor, "muon": torch.optim.Muon, "lbfgs": torch.optim.LBFGS,
}
OPTIMIZERS = [
    ("sgd", {"lr": 0.1}),
    ("sgd", {"lr": 0.05, "momentum": 0.9}),
    ("sgd", {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    ("sgd", {"lr": 0.05, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    ("adam", {"lr": 0.001}),
    ("adam", {"lr": 0.01, "betas": [0.8, 0.99], "eps": 1e-06}),
    ("adam", {"lr": 0.01, "weight_decay": 0.1}),
    ("adam", {"lr": 0.01, "amsgrad": True}),
    ("adamw", {"lr": 0.01}),
    ("adamw", {"lr": 0.01, "weight_decay": 0.1, "amsgrad": True}),
    ("nadam", {"lr": 0.002}),
    ("nadam", {"lr": 0.01, "momentum_decay": 0.01, "weight_decay": 0.05}),
    ("nadam", {"lr": 0.01, "weight_decay": 0.05, "decoupled_weight_decay": True}),
    ("radam", {"lr": 0.01}),
    ("radam", {"lr": 0.01, "weight_decay": 0.05, "decoupled_weight_decay": True}),
    ("adamax", {"lr": 0.002}),
    ("adamax", {"lr": 0.02, "weight_decay": 0.05}),
    ("adagrad", {"lr": 0.01}),
    ("adagrad", {"lr": 0.1, "lr_decay": 0.05, "initial_accumulator_value": 0.1, "weight_decay": 0.01}),
    ("adadelta", {"lr": 1.0}),
    ("adadelta", {"lr": 0.5, "rho": 0.8, "eps": 0.0001, "weight_decay": 0.01}),
    ("rmsprop", {"lr": 0.01}),
    ("rmsprop", {"lr": 0.01, "alpha": 0.9, "momentum": 0.9, "centered": True}),
    ("rmsprop", {"lr": 0.01, "weight_decay": 0.05, "centered": True}),
    ("rprop", {"lr": 0.01}),
    ("rprop", {"lr": 0.05, "etas": [0.4, 1.3], "step_sizes": [0.0001, 0.5]}),
    ("asgd", {"lr": 0.05}),
    ("asgd", {"lr": 0.05, "lambd": 0.01, "alpha": 0.5, "t0": 5.0, "weight_decay": 0.01}),
    ("adafactor", {"lr": 0.01}),
    ("adafactor", {"lr": 0.05, "beta2_decay": -0.6, "d": 1.5, "weight_decay": 0.05}),
    ("muon", {"lr": 0.02}),
    ("muon", {"lr": 0.02, "momentum": 0.9, "nesterov": False, "weight_decay": 0.0}),
]


def gradients(name, steps):
    """Gradients whose scale leaps between 1e-3 and 10."""
    grads = [f32(normal(3, 4) * 10.0 ** torch.randint(-3, 2, (1,))) for _ in range(steps)]
    if name == "rprop":
        # It looks at signs alone: gradients of one scale, but for every third, an earlier draw.
        grads = [grads[t - 1] if t > 0 and t % 3 == 0 else normal(3, 4) for t in range(steps)]
    return grads


def trajectory(name, params):
    start = normal(3, 4)
    grads = gradients(name, 30)
    parameter = start.clone().requires_grad_()
    optimizer = CLASSES[name]([parameter], **params)
    path = []
    for grad in grads:
        parameter.grad = grad.clone()
        optimizer.step()
        path.append(parameter.tolist())
    numbers = {"start": start.tolist(), "grads": [grad.tolist() for grad in grads], "trajectory": path}
    return {"name": name, "params": params, **numbers}


def optimizers():
    return [trajectory(*case) for case in OPTIMIZERS]


# Losses

LOSSES = [
    ("mse", {}, F.mse_loss, "values"),
    ("l1", {}, F.l1_loss, "values"),
    ("smooth_l1", {"beta": 0.7}, F.smooth_l1_loss, "values"),
    ("huber", {"delta": 1.5}, F.huber_loss, "values"),
    ("bce_with_logits", {}, F.binary_cross_entropy_with_logits, "bits"),
    ("cross_entropy", {}, F.cross_entropy, "classes"),
    ("cross_entropy", {"label_smoothing": 0.1}, F.cross_entropy, "classes"),
    ("hinge", {}, F.multi_margin_loss, "classes"),
]


def losses():
    """All losses at the same outputs, of which the last two samples are extreme."""
    extreme = torch.tensor([[80.0, -80.0, 0.0, 1.0], [1000.0, -1000.0, 0.0, 0.0]])
    outputs = torch.cat([2 * normal(6, 4), extreme])
    targets = {
        "values": torch.cat([normal(6, 4), torch.zeros(2, 4)]),
        "classes": torch.randint(0, 4, (8,)),
        "bits": (torch.rand(8, 4) > 0.5).to(torch.float64),
    }
    cases = []
    for name, params, f, kind in LOSSES:
        x, target = outputs.clone().requires_grad_(), targets[kind]
        loss = f(x, target, **params)
        loss.backward()
        numbers = {"input": x.tolist(), "target": target.tolist()}
        numbers |= {"loss": loss.item(), "dinput": x.grad.tolist()}
        cases.append({"name": name, "params": params, **numbers})
    return cases


# Networks

def optimizer(name, **params):
    return {"name": name, "params": params}


def xor_target(x):
    return (x[:, :1] * x[:, 1:2] > 0).to(torch.float64)


def sine_target(x):
    return f32(torch.sin(x[:, :1]))


def random_classes(count):
    """Random labels, to be memorised."""
    return lambda x: torch.randint(0, count, (len(x),))


OBJECTIVES = {"bce_with_logits": F.binary_cross_entropy_with_logits, "cross_entropy": F.cross_entropy}
OBJECTIVES |= {"mse": F.mse_loss}
FUNCTIONS = {
    "tanh": torch.tanh, "relu": F.relu, "gelu": F.gelu, "silu": F.silu, "elu": F.elu,
    "sigmoid": torch.sigmoid, "softmax": lambda x: F.softmax(x, -1), "identity": lambda x: x,
}
NETWORKS = [
    {
        "name": "xor-tanh-adam", "layers": [2, 8, 8, 1], "activations": ["tanh", "tanh", "identity"],
        "loss": "bce_with_logits", "optimizers": [optimizer("adam", lr=0.01)] * 3,
        "clip_norm": None, "target": xor_target, "batch": 10,
    },
    {
        "name": "three-optimizers", "layers": [4, 16, 12, 3], "activations": ["relu", "gelu", "identity"],
        "loss": "cross_entropy", "optimizers": [
            optimizer("sgd", lr=0.05, momentum=0.9), optimizer("adam", lr=0.005),
            optimizer("rmsprop", lr=0.002),
        ],
        "clip_norm": None, "target": random_classes(3), "batch": 8,
    },
    {
        "name": "regression-clip", "layers": [3, 10, 6, 1], "activations": ["silu", "elu", "identity"],
        "loss": "mse", "optimizers": [
            optimizer("adagrad", lr=0.05), optimizer("adamw", lr=0.01, weight_decay=0.1),
            optimizer("nadam", lr=0.005),
        ],
        "clip_norm": 0.5, "target": sine_target, "batch": 6,
    },
    {
        "name": "sigmoid-deep", "layers": [2, 6, 6, 6, 6, 2], "activations": ["sigmoid"] * 4 + ["identity"],
        "loss": "cross_entropy", "optimizers": [optimizer("sgd", lr=0.5)] * 5,
        "clip_norm": None, "target": random_classes(2), "batch": 12,
    },
    {
        "name": "softmax-hidden", "layers": [5, 7, 5, 1], "activations": ["softmax", "tanh", "identity"],
        "loss": "mse", "optimizers": [optimizer("adam", lr=0.01)] * 3,
        "clip_norm": None, "target": sine_target, "batch": 8,
    },
]


def lists(parameters):
    return [{"weight": weight.tolist(), "bias": bias.tolist()} for weight, bias in parameters]


def trained(case):
    """60 steps over 48 samples, in their order and over again."""
    case = dict(case)
    target, size = case.pop("target"), case.pop("batch")
    shapes = list(zip(case["layers"], case["layers"][1:]))
    weights = [f32(normal(outputs, inputs) / math.sqrt(inputs)) for inputs, outputs in shapes]
    parameters = list(zip(weights, [f32(0.1 * normal(outputs)) for _, outputs in shapes]))
    case["init"] = lists(parameters)
    x = normal(48, case["layers"][0])
    y = target(x)
    batches = [[(step * size + i) % 48 for i in range(size)] for step in range(60)]
    for tensor in sum(parameters, ()):
        tensor.requires_grad_()
    rules = [
        CLASSES[rule["name"]](layer, **rule["params"]) for rule, layer in zip(case["optimizers"], parameters)
    ]
    losses = []
    for batch in batches:
        a = x[batch]
        for (weight, bias), name in zip(parameters, case["activations"]):
            a = FUNCTIONS[name](F.linear(a, weight, bias))
        loss = OBJECTIVES[case["loss"]](a, y[batch])
        for rule in rules:
            rule.zero_grad()
        loss.backward()
        if case["clip_norm"]:
            torch.nn.utils.clip_grad_norm_(sum(parameters, ()), case["clip_norm"])
        for rule in rules:
            rule.step()
        losses.append(loss.item())
    numbers = {"x": x.tolist(), "y": y.tolist(), "batches": batches, "loss_per_step": losses}
    return {**case, **numbers, "final": lists(parameters)}


def networks():
    return [trained(case) for case in NETWORKS]


# Schedules

SCHEDULES = [
    ("step", lr_scheduler.StepLR, {"step_size": 7, "gamma": 0.5}),
    ("multi_step", lr_scheduler.MultiStepLR, {"milestones": [5, 12, 30], "gamma": 0.3}),
    ("exponential", lr_scheduler.ExponentialLR, {"gamma": 0.97}),
    ("cosine", lr_scheduler.CosineAnnealingLR, {"t_max": 50, "eta_min": 0.001}),
    ("cosine_restarts", lr_scheduler.CosineAnnealingWarmRestarts, {"t_0": 10, "t_mult": 2, "eta_min": 0.001}),
    ("linear", lr_scheduler.LinearLR, {"start_factor": 0.1, "end_factor": 1.0, "total_iters": 20}),
    ("polynomial", lr_scheduler.PolynomialLR, {"total_iters": 40, "power": 2.0}),
    ("constant", lr_scheduler.ConstantLR, {"factor": 0.25, "total_iters": 9}),
    ("one_cycle", lr_scheduler.OneCycleLR, {"max_lr": 0.1, "total_steps": 60, "pct_start": 0.3}),
    (
        "cyclic", lr_scheduler.CyclicLR,
        {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 8, "mode": "triangular2"},
    ),
]
SPELLING = {"t_max": "T_max", "t_0": "T_0", "t_mult": "T_mult"}
BASE_LR = 0.1


def rates(name, cls, params):
    sgd = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=BASE_LR, momentum=0.9)
    schedule = cls(sgd, **{SPELLING.get(key, key): value for key, value in params.items()})
    lr = []
    for _ in range(60):
        lr.append(float(sgd.param_groups[0]["lr"]))
        sgd.step()
        if len(lr) < 60:
            schedule.step()
    return {"name": name, "params": params, "base_lr": BASE_LR, "lr": lr}


def schedules():
    return [rates(*case) for case in SCHEDULES]


# Surfaces

def rastrigin(x, y):
    return 20 + x**2 - 10 * torch.cos(2 * math.pi * x) + y**2 - 10 * torch.cos(2 * math.pi * y)


SURFACES = {
    "rosenbrock": ([-1.5, 2.0], lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2),
    "beale": (
        [-1.0, 1.5],
        lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    ),
    "rastrigin": ([2.25, -1.75], rastrigin),
    "himmelblau": ([-0.5, -0.5], lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2),
    "saddle": ([1.0, 0.001], lambda x, y: x**2 - y**2),
    "quadratic": ([-4.0, 1.0], lambda x, y: 0.5 * (x**2 + 25 * y**2)),
}
DESCENTS = [
    ("sgd", {"lr": 0.0005}),
    ("sgd", {"lr": 0.0005, "momentum": 0.9}),
    ("adam", {"lr": 0.05}),
    ("rmsprop", {"lr": 0.01}),
    ("adagrad", {"lr": 0.3}),
    ("lbfgs", {"lr": 1.0, "max_iter": 4, "line_search_fn": "strong_wolfe"}),
]


def descent(surface, name, params):
    start, height = SURFACES[surface]
    point = torch.tensor(start).requires_grad_()
    optimizer = CLASSES[name]([point], **params)

    def loss():
        optimizer.zero_grad()
        value = height(point[0], point[1])
        value.backward()
        return value

    path, losses = [], []
    for _ in range(10 if name == "lbfgs" else 60):
        losses.append(optimizer.step(loss).item())
        path.append(point.tolist())
    numbers = {"start": start, "loss_before_step": losses, "path": path}
    return {"name": surface, "optimizer": name, "params": params, **numbers}


def surfaces():
    """Every optimizer on every surface, but for L-BFGS on the saddle, which is unbounded below."""
    return [
        descent(surface, *case)
        for surface in SURFACES
        for case in DESCENTS
        if (surface, case[0]) != ("saddle", "lbfgs")
    ]


def text(note, cases):
    source = f"PyTorch {torch.__version__.split('+')[0]}, float64"
    return json.dumps({"source": source, "note": note, "cases": cases}).replace('{"name"', '\n{"name"')


NOTES = {
    activations: "elementwise: y=f(x) and dy_dx at each x. rowwise: one sample a row; dx is the gradient "
    "reaching x when `upstream` reaches y. Subgradients at kinks are PyTorch's.",
    optimizers: "one matrix parameter; step t is given grads[t]; trajectory[t] is the parameter after it. "
    "Parameter names and defaults are torch.optim's.",
    losses: "mean reduction, as torch.nn.functional. hinge is multi_margin_loss.",
    networks: "weight is [out][in], as torch.nn.Linear: z = x W^T + b. One optimizer instance a layer "
    "(weight and bias together). loss_per_step[t] is the batch loss before step t's update.",
    schedules: f"lr[t] is the learning rate used at step t (t from 0), base learning rate {BASE_LR}.",
    surfaces: "2-D test functions minimised from `start`; path[t] is the point after step t, "
    "loss_before_step[t] the loss the step saw.",
}
deliver({f"{write.__name__}.json": text(note, write()) for write, note in NOTES.items()})
