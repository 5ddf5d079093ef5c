"""Writes the answers of ranks.json: all pairs of arms by sign flips, the step-down maximum of |t|
(Romano & Wolf 2005), and confidence sets of ranks (Mogstad et al. 2024). The values stand there."""

import itertools
import json
import pathlib
import sys

import numpy as np

PATH = pathlib.Path(__file__).with_name("ranks.json")
ALPHA = 0.05


def t_of(differences):
    deviation = differences.std(axis=0, ddof=1)
    return differences.mean(axis=0) / deviation * np.sqrt(len(differences))


def answers(values):
    values = np.array(values)
    seeds, arms = values.shape
    pairs = list(itertools.combinations(range(arms), 2))
    differences = np.stack([values[:, i] - values[:, j] for i, j in pairs], axis=1)
    t = t_of(differences)
    flips = [(1,) + rest for rest in itertools.product([1, -1], repeat=seeds - 1)]
    flipped = np.abs([t_of(differences * np.array(signs)[:, None]) for signs in flips])
    order = np.argsort(-np.abs(t))
    adjusted, least = np.empty(len(pairs)), 0.0
    for place, pair in enumerate(order):
        largest = flipped[:, order[place:]].max(axis=1)
        least = max(least, np.mean(largest >= np.abs(t[pair]) - 1e-9))
        adjusted[pair] = least
    worse_than = [[] for _ in range(arms)]
    for (i, j), statistic, p in zip(pairs, t, adjusted):
        if p <= ALPHA:
            worse, better = (i, j) if statistic > 0 else (j, i)
            worse_than[worse].append(better)
    worse_than = [sorted(better) for better in worse_than]
    ranks = [
        [1 + len(worse_than[arm]), arms - sum(arm in better for better in worse_than)]
        for arm in range(arms)
    ]
    return {
        "pairs": [list(pair) for pair in pairs],
        "t": t.tolist(),
        "adjusted_p": adjusted.tolist(),
        "alpha": ALPHA,
        "worse_than": worse_than,
        "rank_sets": ranks,
    }


def main():
    file = json.loads(PATH.read_text())
    for number, case in enumerate(file["cases"]):
        found = answers(case["log_loss"])
        if "--check" in sys.argv:
            near = np.allclose(found["t"], case["t"], rtol=1e-12, atol=0)
            rest = all(found[key] == case[key] for key in found if key != "t")
            if not (near and rest):
                sys.exit(f"case {number} differs")
        else:
            case.update(found)
    if "--check" not in sys.argv:
        PATH.write_text(json.dumps(file, indent=1) + "\n")


if __name__ == "__main__":
    main()
