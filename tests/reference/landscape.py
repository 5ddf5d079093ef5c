"""Writes landscape.json: the principal directions of paths through weight space by numpy's SVD, and the
shares of the variance that they hold.
"""

import json

import numpy

from reference import deliver


def path(seed, steps, size, kinds):
    """A random walk of float32 numbers that goes far along a few directions."""
    draw = numpy.random.default_rng(seed)
    mixing = draw.normal(size=(kinds, size)) * numpy.geomspace(1.0, 0.05, kinds)[:, None]
    walk = numpy.cumsum(draw.normal(size=(steps, kinds)), axis=0) @ mixing
    return numpy.asarray(walk + 0.3 * draw.normal(size=size), dtype=numpy.float32)


def case(name, states):
    states = states.astype(numpy.float64)
    # As sklearn's PCA, which the authors of the landscapes call, does with w_i - w_n: about the mean.
    away = states - states[-1]
    away -= away.mean(axis=0)
    _, sizes, directions = numpy.linalg.svd(away, full_matrices=False)
    shares = sizes**2 / numpy.sum(sizes**2)
    return {
        "name": name,
        "path": states.tolist(),
        "directions": directions[:2].tolist(),
        "shares": shares[:2].tolist(),
    }


cases = [
    case("more numbers than states", path(1, 9, 30, 6)),
    case("more states than numbers", path(2, 40, 7, 7)),
    case("within a plane", path(3, 12, 20, 2)),
]
text = ",\n".join(json.dumps(case) for case in cases)
source = f"numpy {numpy.__version__}, float64; see landscape.py"
deliver(
    {"landscape.json": f'{{"source": {json.dumps(source)}, "cases": [\n{text}\n]}}\n'},
    {case["name"]: 1e-9 for case in cases},
)
