"""Writes optimizers_extra.json: optimizers that PyTorch lacks, each by the implementation it names.

Needs jax, numpy, optax, torch and pytorch_optimizer; in float64. SOAP decomposes matrices in float32
even so: LAPACKs round differently there, and its case is checked to 1e-7 only.
"""

import json
from importlib.metadata import version

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
import optax
import pytorch_optimizer
import torch
from optax import contrib

from reference import deliver

torch.set_default_dtype(torch.float64)


def rounded(array):
    """Doubles that a float32 holds exactly."""
    return array.astype(np.float32).astype(np.float64)


def inputs(rng, shape, exponents):
    """A start, and 30 gradients whose scale leaps from one power of ten to another."""
    start = rounded(rng.standard_normal(shape))
    grads = [rounded(rng.standard_normal(shape) * 10.0 ** rng.integers(*exponents)) for _ in range(30)]
    return start, grads


def by_optax(make):
    """A run of the gradient transformation that `make` returns for a case's parameters."""

    def run(params, start, grads):
        rule, point, path, evaluated = make(**params), jnp.asarray(start), [], []
        state = rule.init(point)
        for grad in grads:
            updates, state = rule.update(jnp.asarray(grad), state, point)
            point = optax.apply_updates(point, updates)
            path.append(point.tolist())
            if isinstance(state, contrib.ScheduleFreeState):
                evaluated.append(contrib.schedule_free_eval_params(state, point).tolist())
        return {"trajectory": path} | ({"eval": evaluated} if evaluated else {})

    return run


def plain(make):
    """A transformation whose parameters have the names of the case, but for the rate."""
    return by_optax(lambda lr, **rest: make(lr, **rest))


def numbered(make):
    """A transformation that takes `betas` one by one, as `b1`, `b2` …"""

    def build(lr, betas, **rest):
        return make(lr, **{f"b{i}": beta for i, beta in enumerate(betas, 1)}, **rest)

    return by_optax(build)


def signum(lr, momentum):
    return optax.chain(
        optax.ema(momentum, debias=False), optax.scale_by_sign(), optax.scale_by_learning_rate(lr)
    )


def by_pytorch_optimizer(cls):
    """A run of one of its classes."""

    def run(params, start, grads):
        parameter = torch.tensor(start).requires_grad_()
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in params.items()}
        optimizer, path = cls([parameter], **given), []
        for grad in grads:
            parameter.grad = torch.tensor(grad)
            optimizer.step()
            path.append(parameter.tolist())
        return {"trajectory": path}

    return run


def adan(params, start, grads):
    """Xie et al. 2022, algorithm 1, with the authors' β (1 − the paper's) and bias corrections.

    The difference of gradients enters with β₂, not 1 − β₂, both into n and into the step; ε is
    added to the root; the decay divides, as a proximal step does.
    """
    lr, (b1, b2, b3), eps, decay = (params[key] for key in ("lr", "betas", "eps", "weight_decay"))
    point, previous, path = start, grads[0], []
    m = v = n = np.zeros_like(start)
    for t, grad in enumerate(grads, 1):
        change, previous = grad - previous, grad
        m = b1 * m + (1 - b1) * grad
        v = b2 * v + (1 - b2) * change
        n = b3 * n + (1 - b3) * (grad + b2 * change) ** 2
        step = m / (1 - b1**t) + b2 * v / (1 - b2**t)
        point = (point - lr * step / (np.sqrt(n / (1 - b3**t)) + eps)) / (1 + lr * decay)
        path.append(point.tolist())
    return {"trajectory": path}


ALGORITHM_1 = "the paper's Algorithm 1 (betas as in the authors' code, decay as its proximal step)"
SIGNUM = "optax.chain(ema(0.9, debias=False), scale_by_sign, scale(-lr))"
ADAM_BETAS = {"betas": [0.9, 0.999]}
# Exponents of the scales of gradients, the upper bound left out.
WIDE, NARROW = (-3, 2), (-2, 1)
CASES = [
    (
        "lion", "optax.lion", {"lr": 0.001, "betas": [0.9, 0.99], "weight_decay": 0.0},
        numbered(optax.lion), WIDE,
    ),
    (
        "lion", "optax.lion", {"lr": 0.003, "betas": [0.95, 0.98], "weight_decay": 0.1},
        numbered(optax.lion), WIDE,
    ),
    (
        "adabelief", "optax.adabelief", {"lr": 0.01, **ADAM_BETAS, "eps": 1e-16, "eps_root": 1e-16},
        numbered(optax.adabelief), WIDE,
    ),
    ("yogi", "optax.yogi", {"lr": 0.01, **ADAM_BETAS, "eps": 0.001}, numbered(optax.yogi), WIDE),
    (
        "lamb", "optax.lamb", {"lr": 0.01, **ADAM_BETAS, "eps": 1e-06, "weight_decay": 0.01},
        numbered(optax.lamb), WIDE,
    ),
    (
        "lars", "optax.lars",
        {"lr": 0.1, "weight_decay": 0.01, "trust_coefficient": 0.001, "momentum": 0.9},
        plain(optax.lars), WIDE,
    ),
    (
        "adan", ALGORITHM_1, {"lr": 0.01, "betas": [0.98, 0.92, 0.99], "eps": 1e-08, "weight_decay": 0.02},
        adan, WIDE,
    ),
    ("sign_sgd", "optax.sign_sgd", {"lr": 0.01}, plain(optax.sign_sgd), WIDE),
    ("signum", SIGNUM, {"lr": 0.01, "momentum": 0.9}, plain(signum), WIDE),
    (
        "adopt", "optax.contrib.adopt", {"lr": 0.01, "betas": [0.9, 0.9999], "eps": 1e-06},
        numbered(contrib.adopt), WIDE,
    ),
    (
        "ademamix", "optax.contrib.ademamix",
        {"lr": 0.01, "betas": [0.9, 0.999, 0.9999], "alpha": 5.0, "eps": 1e-08, "weight_decay": 0.01},
        numbered(contrib.ademamix), WIDE,
    ),
    (
        "prodigy", "optax.contrib.prodigy", {"lr": 1.0, **ADAM_BETAS, "eps": 1e-08, "estim_lr0": 0.001},
        plain(contrib.prodigy), WIDE,
    ),
    (
        "schedule_free_sgd", "optax.contrib.schedule_free_sgd", {"lr": 0.05, "momentum": 0.9},
        by_optax(lambda lr, momentum: contrib.schedule_free_sgd(lr, b1=momentum)), NARROW,
    ),
    (
        "schedule_free_adamw", "optax.contrib.schedule_free_adamw",
        {"lr": 0.01, **ADAM_BETAS, "eps": 1e-08, "weight_decay": 0.0},
        numbered(contrib.schedule_free_adamw), NARROW,
    ),
    (
        "adabound", "pytorch_optimizer.AdaBound",
        {"lr": 0.01, "final_lr": 0.1, **ADAM_BETAS, "gamma": 0.001, "eps": 1e-08},
        by_pytorch_optimizer(pytorch_optimizer.AdaBound), NARROW,
    ),
    (
        "qhadam", "pytorch_optimizer.QHAdam", {"lr": 0.01, **ADAM_BETAS, "nus": [0.7, 1.0], "eps": 1e-08},
        by_pytorch_optimizer(pytorch_optimizer.QHAdam), NARROW,
    ),
    (
        "qhm", "pytorch_optimizer.QHM", {"lr": 0.05, "momentum": 0.9, "nu": 0.7},
        by_pytorch_optimizer(pytorch_optimizer.QHM), NARROW,
    ),
    (
        "shampoo", "pytorch_optimizer.Shampoo", {"lr": 0.05, "momentum": 0.0},
        by_pytorch_optimizer(pytorch_optimizer.Shampoo), NARROW,
    ),
    (
        "soap", "pytorch_optimizer.SOAP",
        {"lr": 0.003, "betas": [0.95, 0.95], "weight_decay": 0.0, "precondition_frequency": 3},
        by_pytorch_optimizer(pytorch_optimizer.SOAP), NARROW,
    ),
]


def cases():
    """The cases; all inputs but those of SOAP come from one stream."""
    rng = np.random.default_rng(11)
    for name, source, params, run, exponents in CASES:
        if name == "soap":
            start, grads = inputs(np.random.default_rng(51), (3, 2), exponents)
        else:
            start, grads = inputs(rng, (3, 4), exponents)
        given = {"start": start.tolist(), "grads": [grad.tolist() for grad in grads]}
        yield {"name": name, "source": source, "params": params, **given, **run(params, start, grads)}


SOURCE = f"optax {optax.__version__}, pytorch_optimizer {version('pytorch_optimizer')}, float64"
NOTE = (
    "as optimizers.json; `source` names the implementation whose semantics hold; "
    "`eval` is the point to evaluate a schedule-free run at"
)
text = json.dumps({"source": SOURCE, "note": NOTE, "cases": list(cases())})
deliver({"optimizers_extra.json": text}, tolerances={"soap": 1e-7})
