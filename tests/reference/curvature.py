"""Writes the answers in curvature.json anew from the networks and data in it: PyTorch in float64, by
its Hessian of all parameters at once. Needs torch.
"""

import json
import pathlib

import torch
from torch.nn import functional as F

from reference import deliver

torch.set_default_dtype(torch.float64)
FILE = pathlib.Path(__file__).with_name("curvature.json")
ACTIVATIONS = {
    "gelu": F.gelu,
    "identity": lambda z: z,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "silu": F.silu,
    "softplus": F.softplus,
    "tanh": torch.tanh,
}
LOSSES = {
    "bce_with_logits": F.binary_cross_entropy_with_logits,
    "cross_entropy": F.cross_entropy,
    "mse": F.mse_loss,
}


def objective(case):
    """The mean loss over all samples, of the parameters in one row."""
    x, y = torch.tensor(case["x"]), torch.tensor(case["y"])

    def loss(parameters):
        a, start = x, 0
        for inputs, units, name in zip(case["layers"], case["layers"][1:], case["activations"]):
            weight = parameters[start : start + units * inputs].reshape(units, inputs)
            start += units * inputs
            a = ACTIVATIONS[name](a @ weight.T + parameters[start : start + units])
            start += units
        return LOSSES[case["loss"]](a, y)

    return loss


def answers(case):
    loss, parameters = objective(case), torch.tensor(case["parameters"], requires_grad=True)
    value = loss(parameters)
    (gradient,) = torch.autograd.grad(value, parameters)
    hessian = torch.autograd.functional.hessian(loss, parameters.detach())
    eigenvalues = torch.linalg.eigvalsh(hessian)
    root = (torch.tensor(case["second_moment"]).sqrt() + case["eps"]).rsqrt()
    return {
        "value": value.item(),
        "gradient": gradient.tolist(),
        "hessian_times_direction": (hessian @ torch.tensor(case["direction"])).tolist(),
        "largest_eigenvalues": eigenvalues.flip(0)[:3].tolist(),
        "smallest_eigenvalue": eigenvalues[0].item(),
        "trace": eigenvalues.sum().item(),
        "preconditioned_largest": torch.linalg.eigvalsh(root[:, None] * hessian * root)[-1].item(),
    }


def lines(cases):
    return ",\n".join(json.dumps(case) for case in cases)


file = json.loads(FILE.read_text())
cases = [case | answers(case) for case in file["cases"]]
source = f"PyTorch {torch.__version__.split('+')[0]}, float64; see curvature.py"
text = f'{{"source": {json.dumps(source)}, "note": {json.dumps(file["note"])}, "cases": [\n'
# Small elements of a product lose more digits than large ones.
deliver(
    {"curvature.json": text + lines(cases) + "\n]}\n"},
    {case["name"]: 1e-9 for case in cases},
)
