"""Writes the answers of recurrent.json anew, by PyTorch in float64.

The layers, their inputs and what the outputs are multiplied by stay as they stand there.
"""

import json
import sys
from pathlib import Path

import torch

FILE = Path(__file__).with_name("recurrent.json")
TENSORS = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
LAYERS = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}


def tensor(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def answers(case):
    options = {"nonlinearity": case["params"]["activation"]} if case["name"] == "rnn" else {}
    x = tensor(case["x"]).requires_grad_()
    units = len(case["weight_hh"][0])
    layer = LAYERS[case["name"]](x.shape[2], units, batch_first=True, **options).double()
    own = dict(zip(TENSORS, layer.parameters()))
    with torch.no_grad():
        for name, parameter in own.items():
            parameter.copy_(tensor(case[name]))
    output = layer(x)[0]

    def gradients(product):
        found = torch.autograd.grad(product, [x, *own.values()], retain_graph=True)
        return {name: grad.tolist() for name, grad in zip(["x", *own], found)}

    return {
        "output": output.tolist(),
        "gradients_last": gradients((tensor(case["upstream_last"]) * output[:, -1]).sum()),
        "gradients_all": gradients((tensor(case["upstream_all"]) * output).sum()),
    }


def differs(a, b):
    if isinstance(a, dict):
        return any(differs(a[key], b[key]) for key in a)
    a, b = tensor(a), tensor(b)
    return bool(((a - b).abs() > 1e-12 * b.abs().clamp(min=1)).any())


reference = json.loads(FILE.read_text())
wrong = False
for case in reference["cases"]:
    new = answers(case)
    if "--check" in sys.argv:
        for key in new:
            if differs(new[key], case[key]):
                wrong = True
                print(f"{case['name']} {case['params']}: {key} differs")
    case.update(new)
if "--check" in sys.argv:
    sys.exit(wrong)
FILE.write_text(json.dumps(reference))
