"""Fits the weights of the pair model on labelled pairs: logistic regression, drawn towards the weights that stand in the prior file.

usage: fit.py PRIOR.tsv MODEL.tsv PAIRS.tsv…
PAIRS as `group_eval pairs` writes them. Only pairs that share a blocking key count, since no others are compared. Positive and negative pairs get the same
sum of weights times 1 : NEGATIVES. Signs of the prior are kept. Prints the calibration, each half of the groups by the weights learned from the other.
"""

import hashlib
import math
import sys

STRENGTH = 6.0  # of the prior: so many pairs' worth
NEGATIVES = 3.0
STEPS = 30
THRESHOLDS = ("join", "suggest")


def read_model(path):
    rows = {}
    for line in open(path, encoding="utf-8"):
        if not line.startswith("#") and line.strip():
            name, number = line.rstrip("\n").split("\t")
            rows[name] = float(number)
    return rows


def read_pairs(paths):
    pairs = []
    for path in paths:
        lines = open(path, encoding="utf-8").read().splitlines()
        names = lines[0].split("\t")[6:]
        for line in lines[1:]:
            fields = line.split("\t")
            if fields[1] == "1":
                values = [(i, float(v)) for i, v in enumerate(fields[6:]) if v != "0"]
                pairs.append((fields[0] == "1", fields[4], fields[5], values))
    return names, pairs


def sigmoid(x):
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, x))))


def score(weights, values):
    return weights[-1] + sum(weights[i] * v for i, v in values)


def solve(matrix, vector):
    """Gaussian elimination; the matrix is positive definite."""
    size = len(vector)
    rows = [row[:] + [v] for row, v in zip(matrix, vector)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            if factor:
                for c in range(i, size + 1):
                    rows[r][c] -= factor * rows[i][c]
    result = [0.0] * size
    for i in reversed(range(size)):
        result[i] = (rows[i][size] - sum(rows[i][c] * result[c] for c in range(i + 1, size))) / rows[i][i]
    return result


def fit(pairs, prior):
    """Newton steps; a weight that would change its sign stays at 0."""
    size = len(prior)
    weights = list(prior)
    positives = sum(1 for p in pairs if p[0]) or 1
    each = {True: 1.0, False: NEGATIVES * positives / max(1, len(pairs) - positives)}
    pull = [STRENGTH / (1 + abs(p)) for p in prior]
    pull[-1] = STRENGTH / 20
    held = set()
    for _ in range(STEPS):
        gradient = [c * (w - p) for c, w, p in zip(pull, weights, prior)]
        curvature = [[pull[i] if i == j else 0.0 for j in range(size)] for i in range(size)]
        for same, _, _, values in pairs:
            probability = sigmoid(score(weights, values))
            error = each[same] * (probability - same)
            bend = each[same] * probability * (1 - probability)
            items = values + [(size - 1, 1.0)]
            for i, v in items:
                gradient[i] += error * v
                for j, u in items:
                    curvature[i][j] += bend * v * u
        for i in held:
            gradient[i] = 0.0
            curvature[i] = [1.0 if j == i else 0.0 for j in range(size)]
            for row in range(size):
                if row != i:
                    curvature[row][i] = 0.0
        step = solve(curvature, gradient)
        for i in range(size):
            weights[i] -= 0.7 * step[i]
            if i < size - 1 and weights[i] * prior[i] < 0:
                weights[i] = 0.0
                held.add(i)
    return weights


def half(group):
    return hashlib.sha256(group.split("#")[0].encode()).digest()[0] % 2


def calibration(pairs, prior):
    table = [[0, 0.0, 0] for _ in range(10)]
    for side in (0, 1):
        learned = fit([p for p in pairs if half(p[1]) == side and half(p[2]) == side], prior)
        for same, a, b, values in pairs:
            if half(a) != side and half(b) != side:
                probability = sigmoid(score(learned, values))
                row = table[min(9, int(probability * 10))]
                row[0] += 1
                row[1] += probability
                row[2] += same
    print("probability  pairs  mean  same")
    for i, (count, total, same) in enumerate(table):
        if count:
            print(f"{i / 10:.1f}-{(i + 1) / 10:.1f}      {count:6d}  {total / count:.2f}  {same / count:.2f}")


def main():
    prior_rows = read_model(sys.argv[1])
    names, pairs = read_pairs(sys.argv[3:])
    prior = [prior_rows[name] for name in names] + [prior_rows["bias"]]
    print(f"{len(pairs)} pairs that meet, {sum(1 for p in pairs if p[0])} of them the same")
    calibration(pairs, prior)
    weights = fit(pairs, prior)
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write("# Weights of the pair model (pair_features.h) and its thresholds; written by scripts/fit-resolution.\n")
        out.write(f"bias\t{weights[-1]:.3f}\n")
        for name, weight in zip(names, weights):
            out.write(f"{name}\t{weight:.3f}\n")
        for name in THRESHOLDS:
            out.write(f"{name}\t{prior_rows[name]:g}\n")


if __name__ == "__main__":
    main()
