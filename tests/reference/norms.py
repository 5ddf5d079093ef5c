"""Writes norms.json, reference numbers for normalisations: PyTorch in float64. Needs torch.

Its `cases` are one pass forward and backward of one norm; its `networks` are a few steps of training
with one.
"""

import json

import torch
from torch import nn

from reference import deliver

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)

NORMS = {"batch_norm": nn.BatchNorm1d, "layer_norm": nn.LayerNorm, "rms_norm": nn.RMSNorm}
CASES = [
    ("batch_norm", {"eps": 1e-5}, 5),
    ("batch_norm", {"eps": 0.1, "momentum": 0.3}, 16),
    ("batch_norm", {"eps": 1e-5, "affine": False}, 20),
    ("layer_norm", {"eps": 1e-5}, 5),
    ("layer_norm", {"eps": 0.1, "affine": False}, 17),
    ("layer_norm", {"eps": 1e-5}, 1),
    ("rms_norm", {"eps": 1e-6}, 5),
    ("rms_norm", {"eps": 0.1, "affine": False}, 17),
    ("rms_norm", {"eps": 1e-6}, 1),
]
UNITS = 4


def build(name, params, units):
    params = dict(params)
    if name != "batch_norm" and "affine" in params:
        params["elementwise_affine"] = params.pop("affine")
    return NORMS[name](units, **params)


def f32(*shape):
    """Numbers that a float32 holds exactly."""
    return torch.randn(*shape).to(torch.float32).to(torch.float64)


def learnt(norm):
    """γ and β, where there are any."""
    return [t for t in (getattr(norm, "weight", None), getattr(norm, "bias", None)) if t is not None]


def running(norm):
    if not isinstance(norm, nn.BatchNorm1d):
        return [], []
    return norm.running_mean.tolist(), norm.running_var.tolist()


def one(name, params, batch):
    norm = build(name, params, UNITS)
    with torch.no_grad():
        for tensor in learnt(norm):
            tensor.copy_(f32(UNITS))
    z, upstream = (3 * f32(batch, UNITS) + 1).requires_grad_(), f32(batch, UNITS)
    n = norm(z)
    n.backward(upstream)
    mean, variance = running(norm)
    return {
        "name": name, "params": params, "learnt": [t.tolist() for t in learnt(norm)],
        "z": z.tolist(), "upstream": upstream.tolist(), "n": n.tolist(), "dz": z.grad.tolist(),
        "dlearnt": [t.grad.tolist() for t in learnt(norm)],
        "running_mean": mean, "running_var": variance, "evaluated": norm.eval()(z).tolist(),
    }


def network(name, params):
    """2 inputs, 6 tanh, 6 relu, 2 outputs; the hidden layers normalised; 8 steps of SGD."""
    linears = [nn.Linear(2, 6), nn.Linear(6, 6), nn.Linear(6, 2)]
    norms = [build(name, params, 6) for _ in range(2)]
    net = nn.Sequential(linears[0], norms[0], nn.Tanh(), linears[1], norms[1], nn.ReLU(), linears[2])
    with torch.no_grad():
        for linear in linears:
            linear.weight.copy_(f32(*linear.weight.shape))
            linear.bias.copy_(f32(*linear.bias.shape))
    init = [{"weight": l.weight.tolist(), "bias": l.bias.tolist()} for l in linears]
    x, labels = f32(24, 2), torch.arange(24) * 7 % 2
    batches = [list(range(0, 16)), list(range(16, 24)), [5, 3, 1, 20, 11], list(range(24))] * 2
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for batch in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x[batch]), labels[batch])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    evaluated = nn.functional.cross_entropy(net.eval()(x), labels).item()
    return {
        "name": name, "params": params, "init": init, "x": x.tolist(), "y": labels.tolist(),
        "batches": batches, "loss_per_step": losses, "evaluated": evaluated,
        "final": [
            {
                "weight": linear.weight.tolist(),
                "learnt": [t.tolist() for t in learnt(norm)] if norm else [],
                "running_mean": running(norm)[0], "running_var": running(norm)[1],
            }
            for linear, norm in zip(linears, [*norms, None])
        ],
    }


def lines(cases):
    return ",\n".join(json.dumps(case) for case in cases)


source = f"PyTorch {torch.__version__.split('+')[0]}, float64; see norms.py"
deliver({
    "norms.json": f'{{"source": {json.dumps(source)}, "cases": [\n'
    + lines(one(*case) for case in CASES)
    + '\n], "networks": [\n'
    + lines(network(*case[:2]) for case in CASES if case[2] == 5)
    + "\n]}\n"
})
