"""Writes reference numbers for the activations and losses that PyTorch lacks.

Values come from the formula in each one's paper, in 50 digits; derivatives from mpmath's numerical
differentiation, so that neither shares code or algebra with gradlab. Needs mpmath.
Writes analytic_activations.json and analytic_losses.json.
"""

import json

from mpmath import cos, cosh, diff, erf, exp, log, mp, mpf, sin, sqrt, tanh

from reference import deliver

mp.dps = 50


def sigmoid(x):
    return 1 / (1 + exp(-x))


def normal_cdf(x):
    return (1 + erf(x / sqrt(2))) / 2


def relu(x):
    return max(x, mpf(0))


ELEMENTWISE = [
    ("quick_gelu", {}, lambda x: x * sigmoid(mpf("1.702") * x)),
    # In evaluation, where the slope is the mean of both.
    ("rrelu", {"lower": 0.125, "upper": 0.375}, lambda x: x if x >= 0 else x / 4),
    ("squareplus", {"b": 4.0}, lambda x: (x + sqrt(x * x + 4)) / 2),
    ("squareplus", {"b": 0.5}, lambda x: (x + sqrt(x * x + mpf("0.5"))) / 2),
    ("serf", {}, lambda x: x * erf(log(1 + exp(x)))),
    ("tanh_exp", {}, lambda x: x * tanh(exp(x))),
    ("elish", {}, lambda x: (x if x >= 0 else exp(x) - 1) * sigmoid(x)),
    ("smelu", {"beta": 1.0}, lambda x: smelu(x, mpf(1))),
    ("smelu", {"beta": 2.0}, lambda x: smelu(x, mpf(2))),
    ("isru", {"alpha": 1.0}, lambda x: x / sqrt(1 + x * x)),
    ("isru", {"alpha": 3.0}, lambda x: x / sqrt(1 + 3 * x * x)),
    ("isrlu", {"alpha": 3.0}, lambda x: x if x >= 0 else x / sqrt(1 + 3 * x * x)),
    ("relu_squared", {}, lambda x: relu(x) ** 2),
    ("star_relu", {"s": 0.5, "b": -0.25}, lambda x: relu(x) ** 2 / 2 - mpf("0.25")),
    ("lecun_tanh", {}, lambda x: mpf("1.7159") * tanh(2 * x / 3)),
    ("penalized_tanh", {"a": 0.25}, lambda x: tanh(x) if x > 0 else tanh(x) / 4),
    ("gaussian", {}, lambda x: exp(-x * x)),
    ("sine", {"omega": 30.0}, lambda x: sin(30 * x)),
    ("sine", {"omega": 1.0}, lambda x: sin(x)),
    ("snake", {"alpha": 1.0}, lambda x: x + sin(x) ** 2),
    ("snake", {"alpha": 2.0}, lambda x: x + sin(2 * x) ** 2 / 2),
    ("gcu", {}, lambda x: x * cos(x)),
]


def smelu(x, beta):
    return mpf(0) if x <= -beta else x if x >= beta else (x + beta) ** 2 / (4 * beta)


GATES = [
    ("swiglu", lambda b: b * sigmoid(b)),
    ("geglu", lambda b: b * normal_cdf(b)),
    ("reglu", relu),
    ("bilinear", lambda b: b),
]


def sparsemax(xs):
    """By the sort of the paper's algorithm 1."""
    total, k, tau = mpf(0), 0, None
    for x in sorted(xs, reverse=True):
        k, total = k + 1, total + x
        if 1 + k * x > total:
            tau = (total - 1) / k
    return [relu(x - tau) for x in xs]


def rowwise(name, f, samples):
    """Vector-Jacobian products by central differences of 1e-15 in 50 digits."""
    h = mpf(10) ** -15
    ys, upstreams, dxs = [], [], []
    for s, xs in enumerate(samples):
        y = f(xs)
        upstream = [mpf((3 * s + 5 * i) % 7 - 3) / 4 for i in range(len(y))]
        dx = []
        for i in range(len(xs)):
            ahead = f([x + h if j == i else x for j, x in enumerate(xs)])
            behind = f([x - h if j == i else x for j, x in enumerate(xs)])
            dx.append(sum(u * (a - b) for u, a, b in zip(upstream, ahead, behind)) / (2 * h))
        ys.append(floats(y)), upstreams.append(floats(upstream)), dxs.append(floats(dx))
    return {
        "name": name, "params": {}, "kind": "rowwise", "x": [floats(xs) for xs in samples],
        "y": ys, "upstream": upstreams, "dx": dxs,
    }


def floats(xs):
    return [float(x) for x in xs]


def elementwise(name, params, f):
    # Away from kinks, where a slope is a matter of convention; exact in f32.
    xs = [mpf(k) / 8 for k in range(-45, 46, 4)] + [mpf(k) for k in (-1000, -100, -30, 30, 100, 1000)]
    if name in ("sine", "snake", "gcu"):
        xs = [x for x in xs if abs(x) <= 100]
    return {
        "name": name, "params": params, "kind": "elementwise", "x": floats(xs),
        "y": floats(f(x) for x in xs), "dy_dx": floats(diff(f, x) for x in xs),
    }


def gated(function):
    return lambda xs: [a * function(b) for a, b in zip(xs[: len(xs) // 2], xs[len(xs) // 2 :])]


SAMPLES = [[mpf((7 * s + 11 * i + s * i) % 23 - 11) / 4 + mpf(i) / 32 for i in range(6)] for s in range(8)]


def pinball(q):
    return lambda z, y: max(q * (y - z), (q - 1) * (y - z))


def focal(alpha, gamma):
    def loss(z, y):
        p = sigmoid(z) if y == 1 else 1 - sigmoid(z)
        return -(alpha if y == 1 else 1 - alpha) * (1 - p) ** gamma * log(p)

    return loss


LOSSES = [
    ("log_cosh", {}, lambda z, y: log(cosh(z - y)), False),
    ("quantile", {"q": 0.9}, pinball(mpf("0.9")), False),
    ("poisson_nll", {}, lambda z, y: exp(z) - y * z, False),
    ("focal", {"alpha": 0.25, "gamma": 2.0}, focal(mpf("0.25"), 2), True),
    ("focal", {"alpha": 0.6, "gamma": 0.5}, focal(mpf("0.6"), mpf("0.5")), True),
]


def loss(name, params, f, classes):
    """The mean over all elements."""
    outputs = [[8 * x for x in xs] if s == 0 else xs for s, xs in enumerate(SAMPLES)]
    targets = [[mpf((3 * s + i) % 5 % (2 if classes else 5)) for i in range(6)] for s in range(8)]
    pairs = [list(zip(*rows)) for rows in zip(outputs, targets)]
    count = 6 * len(SAMPLES)
    return {
        "name": name, "params": params,
        "input": [floats(xs) for xs in outputs], "target": [floats(ys) for ys in targets],
        "loss": float(sum(f(z, y) for row in pairs for z, y in row) / count),
        "dinput": [floats(diff(lambda z: f(z, y), z) / count for z, y in row) for row in pairs],
    }


def text(cases):
    lines = ",\n".join(json.dumps(case) for case in cases)
    return '{"source": "mpmath, 50 digits; see analytic.py", "cases": [\n' + lines + "\n]}\n"


activations = [elementwise(*case) for case in ELEMENTWISE]
activations += [rowwise(name, gated(function), SAMPLES) for name, function in GATES]
activations.append(rowwise("sparsemax", sparsemax, SAMPLES + [[x / 8 for x in xs] for xs in SAMPLES]))
deliver({
    "analytic_activations.json": text(activations),
    "analytic_losses.json": text([loss(*case) for case in LOSSES]),
})
