#!/usr/bin/env python3
"""Learns the weights of the learned decisions (decisions.tsv) from labelled documents, and says what they are worth on documents that they
were not learned from.

    train_decisions.py SCORER EXPORTER KNOWLEDGE SET… [--negatives FOLDER] [--write FILE] [--only NAME,…]

A SET is a folder that holds `text/` and `gold.jsonl`. EXPORTER is the program export_candidates. Reports are paired with the labelled
incidents as SCORER (score.py) pairs them; a candidate is right where it agrees with a filler of the slot. FOLDER holds documents that
report nothing, for the decision on the whole text only.

Each decision is a logistic model with an L2 penalty. It is judged by cross-validation over documents: five folds, each predicted by a
model of the other four; thresholds and the table printed come from these predictions alone. Where another case opens ("another") is learned
first, from the sentences at which the text first tells of another labelled incident (sentences_of_incidents.py); all documents are then read
again, each fold with the openings that the other folds teach, and the other decisions are learned from that. Deterministic; standard library
only.
"""

import argparse
import importlib.util
import json
import math
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import sentences_of_incidents

FOLDS = 5
EPOCHS = 12
RATE = 0.15
# A feature that fewer candidates carry is a name, not a class.
FEWEST = 4
PLACES = ("origin", "transit", "destination", "location")
PARTIES = {"suspect": "suspects", "authority": "authorities", "beneficiary": "beneficiaries", "vessel": "vessels"}
ROLE = {"suspect": "SUSPECT", "authority": "AUTHORITY", "beneficiary": "BENEFICIARY", "vessel": "SUSPECT"}
L2 = {"report": 0.02, "another": 0.03}
OPENING_THRESHOLDS = (0.25, 0.3, 0.35, 0.4, 0.5)
L2_OTHER = 0.012


class Model:
    """A logistic model, learned by AdaGrad in an order that a fixed seed shuffles; the weights of all steps are averaged."""

    def __init__(self, rows, l2):
        counts = {}
        for features, _, _ in rows:
            for name in features:
                counts[name] = counts.get(name, 0) + 1
        names = sorted(name for name, count in counts.items() if count >= FEWEST)
        number = {name: i for i, name in enumerate(names)}
        packed = [([(number[n], v) for n, v in sorted(f.items()) if n in number], y, w) for f, y, w in rows]
        size = len(names)
        weights, squares, total, bias, bias_square, bias_total = [0.0] * size, [1e-6] * size, [0.0] * size, 0.0, 1e-6, 0.0
        generator = random.Random(7)
        order = list(range(len(packed)))
        kept = 0
        for epoch in range(EPOCHS):
            generator.shuffle(order)
            for i in order:
                features, label, importance = packed[i]
                z = bias
                for n, v in features:
                    z += weights[n] * v
                error = (1 / (1 + math.exp(-max(-30, min(30, z)))) - label) * importance
                for n, v in features:
                    gradient = error * v + l2 * weights[n]
                    squares[n] += gradient * gradient
                    weights[n] -= RATE * gradient / math.sqrt(squares[n])
                bias_square += error * error
                bias -= RATE * error / math.sqrt(bias_square)
            if epoch * 2 >= EPOCHS:
                kept += 1
                bias_total += bias
                for n in range(size):
                    total[n] += weights[n]
        self.bias = bias_total / max(1, kept)
        self.weights = {name: total[i] / max(1, kept) for i, name in enumerate(names)}

    def probability(self, features):
        z = self.bias + sum(self.weights.get(n, 0.0) * v for n, v in features.items())
        return 1 / (1 + math.exp(-max(-30, min(30, z))))


def load_scorer(path):
    spec = importlib.util.spec_from_file_location("score", path)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def rows_of(decision, model, threshold):
    """The rows of decisions.tsv for a decision."""
    yield f"{decision}\t(bias)\t{model.bias:.3f}\n{decision}\t(threshold)\t{threshold}\n"
    for name, weight in sorted(model.weights.items()):
        if abs(weight) >= 0.005:
            yield f"{decision}\t{name}\t{weight:.3f}\n"


def export(exporter, knowledge, paths, opening=None):
    """The exporter's lines, made with the rules alone, or with a model and threshold of where another case opens."""
    with tempfile.TemporaryDirectory() as folder:
        for path in pathlib.Path(knowledge).glob("*.tsv"):
            if path.name != "decisions.tsv":
                shutil.copy(path, folder)
        if opening:
            (pathlib.Path(folder) / "decisions.tsv").write_text("#columns\tdecision\tfeature\tweight\n" + "".join(rows_of("another", *opening)), encoding="utf-8")
        run = subprocess.run([exporter, folder, *map(str, paths)], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


class Document:
    def __init__(self, scorer, line, gold, where):
        self.key = f"{where}/{line['id']}"
        self.line = line
        self.gold = gold
        self.guesses = scorer.from_answer(line)["incidents"]
        self.golds = gold.get("incidents", []) if gold else []
        self.pairs = dict((p, g) for g, p in scorer.pair(self.golds, self.guesses))
        self.probabilities = {}
        self.candidates = {}
        for number, c in enumerate(line["candidates"]):
            c["number"] = number
            self.candidates.setdefault(c["decision"], []).append(c)

    def relevant(self):
        """1 where it reports, 0 where not, None where readers differ."""
        if not self.golds:
            return 0
        return None if all(g.get("optional") for g in self.golds) else 1


def is_transport(candidate):
    return candidate["kind"] in ("PARTY_KIND_VESSEL", "PARTY_KIND_AIRCRAFT")


def labels(scorer, document, decision):
    """(candidate, label) of a decision; candidates that may be right or wrong are left out."""
    if decision == "report":
        relevant = document.relevant()
        return [] if relevant is None else [(c, relevant) for c in document.candidates.get("report", [])]
    family = "place" if decision in PLACES else "date" if decision == "occurred" else "party"
    slot = PARTIES.get(decision, decision)
    out = []
    by_report = {}
    for c in document.candidates.get(family, []):
        if family == "party" and is_transport(c) != (decision == "vessel"):
            continue
        by_report.setdefault(c["report"], []).append(c)
    for report, candidates in by_report.items():
        if report not in document.pairs:
            continue
        left = sorted(scorer.fillers(document.golds[document.pairs[report]])[slot], key=lambda v: v[2])
        value = lambda c: (c["key"], c["aliases"], False)
        # The first to take a filler is the one that says it in the gold's own words.
        exact = lambda c: min([abs(len(c["key"]) - len(v[0])) + (0 if c["key"] == v[0] else 1) for v in left if scorer.agree(slot, v, value(c))] or [999])
        taken = set()
        for c in sorted(candidates, key=lambda c: (exact(c), c["number"])):
            hits = [i for i, v in enumerate(left) if scorer.agree(slot, v, value(c))]
            free = [i for i in hits if i not in taken or family == "date"]
            if not free:
                out.append((c, 0))
            else:
                taken.add(free[0])
                if not left[free[0]][2]:
                    out.append((c, 1))
    return out


def opening_labels(scorer, document):
    """(candidate, label) of where another case opens: right where the text first tells of another labelled incident, or at the next candidate
    near by. Where that incident is optional neither answer is wrong."""
    candidates = {int(c["key"]): c for c in document.candidates.get("another", [])}
    sentences = document.line["sentences"]
    label = dict.fromkeys(candidates, 0)
    if len(document.golds) > 1 and sentences:
        for at, incident in sentences_of_incidents.openings(sentences_of_incidents.incident_of_sentences(scorer, sentences, document.golds)):
            near = next((s for s in (at, at + 1, at - 1, at + 2) if s in candidates), None)
            if near is not None:
                label[near] = None if document.golds[incident].get("optional") else 1
    return [(c, label[s]) for s, c in candidates.items() if label[s] is not None]


def fold_of(document, order):
    return order[document.key] % FOLDS


def may_overrule(features):
    """As MayOverrule of the pipeline: whether a text that the rules turn away may be a report all the same."""
    stopped = any(f"f:ACTION_TYPE_{a}" in features for a in ("SEIZURE", "INTERDICTION", "ARREST"))
    return stopped and any(name.startswith("m:goods:") for name in features) and features["relevance"] >= 0.8


def decide(document, thresholds):
    """The document's incidents with the decisions in place of the rules."""
    p = document.probabilities
    report = document.candidates.get("report")
    if "report" in thresholds and report and p[report[0]["number"], "report"] < thresholds["report"]:
        return []
    if not report or ("report" in thresholds and report[0]["features"].get("rule:no") and not may_overrule(report[0]["features"])):
        return []
    if "report" not in thresholds and report[0]["features"].get("rule:no"):
        return []
    out = []
    for number, guess in enumerate(document.guesses):
        guess = {**guess, "places": {k: list(v) for k, v in guess["places"].items()}, "parties": [dict(x) for x in guess["parties"]]}
        for c in document.candidates.get("place", []):
            if c["report"] != number:
                continue
            for role in PLACES:
                if role not in thresholds:
                    continue
                mine = guess["places"][role]
                if p[c["number"], role] >= thresholds[role]:
                    if c["key"] not in mine:
                        mine.append(c["key"])
                elif c["key"] in mine:
                    mine.remove(c["key"])
        for c in document.candidates.get("party", []):
            if c["report"] == number:
                decide_party(guess, c, p, thresholds)
        if "occurred" in thresholds:
            dates = [(p[c["number"], "occurred"], -c["number"], c["key"]) for c in document.candidates.get("date", []) if c["report"] == number]
            best = max(dates, default=None)
            guess["occurred"] = best[2] if best and best[0] >= thresholds["occurred"] else None
        out.append(guess)
    return out


def decide_party(guess, c, p, thresholds):
    roles = ["vessel"] if is_transport(c) else ["suspect", "authority", "beneficiary"]
    roles = [r for r in roles if r in thresholds]
    if not roles:
        return
    margin, role = max((p[c["number"], r] - thresholds[r], -i, r) for i, r in enumerate(roles))[::2]
    found = next((x for x in guess["parties"] if x["name"] == c["key"]), None)
    if margin >= 0:
        if found:
            # As KeepsRuledRole of the pipeline.
            if found["role"] != "BENEFICIARY" or "beneficiary" in thresholds or margin + thresholds[role] >= 0.5:
                found["role"] = ROLE[role]
        else:
            guess["parties"].append({"name": c["key"], "aliases": c["aliases"], "kind": c["kind"][len("PARTY_KIND_"):], "role": ROLE[role], "named": True})
    elif found and (is_transport(c) or found["role"] in [ROLE[r] for r in roles]):
        if is_transport(c):
            guess["parties"].remove(found)
        else:
            found["role"] = "OTHER"


def by_set(documents):
    sets = {}
    for d in documents:
        sets.setdefault(d.key.split("/")[0], []).append(d)
    return sets


def score(scorer, documents, thresholds):
    """F1 by slot, over all and of incidents; irrelevant documents left empty, and how many there are."""
    total = {s: [0, 0, 0] for s in scorer.SLOTS}
    found, clean = [0, 0, 0], [0, 0]
    for d in documents:
        guesses = decide(d, thresholds)
        if not d.golds:
            clean = [clean[0] + (not guesses), clean[1] + 1]
        pairs = scorer.pair(d.golds, guesses)
        counted = [(g, p) for g, p in pairs if not d.golds[g].get("optional")]
        missed = [g for g in set(range(len(d.golds))) - {g for g, _ in pairs} if not d.golds[g].get("optional")]
        extra = set(range(len(guesses))) - {p for _, p in pairs}
        parts = [scorer.compare(d.golds[g], guesses[p]) for g, p in counted]
        parts += [scorer.compare(d.golds[g], None) for g in missed]
        parts += [scorer.compare(None, guesses[p]) for p in extra]
        found = [found[0] + len(counted), found[1] + len(extra), found[2] + len(missed)]
        for part in parts:
            for slot, counts in part.items():
                for i in range(3):
                    total[slot][i] += counts[i]
    micro = [sum(total[s][i] for s in scorer.SLOTS) for i in range(3)]
    return {**{s: scorer.f1(*total[s])[2] for s in scorer.SLOTS}, "micro": scorer.f1(*micro)[2], "incidents": scorer.f1(*found)[2], "clean": clean}


def order_of(documents):
    """A number for each document; it gives the fold."""
    keys = sorted(d.key for d in documents)
    random.Random(3).shuffle(keys)
    return {key: i for i, key in enumerate(keys)}


def predict(scorer, documents, negatives, decisions):
    """Probabilities of all candidates by models of the other folds."""
    order = order_of(documents)
    for decision in decisions:
        rows = [(fold_of(d, order), c["features"], y) for d in documents for c, y in labels(scorer, d, decision)]
        extra = [(c["features"], 0, 0.05) for n in negatives for c in n["candidates"] if c["decision"] == "report"] if decision == "report" else []
        for fold in range(FOLDS):
            model = Model([(f, y, 1.0) for k, f, y in rows if k != fold] + extra, L2.get(decision, L2_OTHER))
            for d in documents:
                if fold_of(d, order) != fold:
                    continue
                for c in d.line["candidates"]:
                    d.probabilities[c["number"], decision] = model.probability(c["features"])


def choose(scorer, documents, decisions):
    """Thresholds, one after the other: each where it serves the total best; a decision that does not serve it stays with the rules."""
    thresholds = {}
    best = score(scorer, documents, thresholds)["micro"]
    for decision in decisions:
        options = []
        for step in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
            options.append((score(scorer, documents, {**thresholds, decision: step})["micro"], step))
        value, step = max(options)
        print(f"{decision}: {best:.4f} by the rules, {value:.4f} learned, threshold {step}", file=sys.stderr)
        if value > best:
            thresholds[decision], best = step, value
    return thresholds


class Reader:
    """Reads the labelled documents with the exporter."""

    def __init__(self, scorer, exporter, knowledge, folders):
        self.scorer, self.exporter, self.knowledge = scorer, exporter, knowledge
        self.golds, self.paths = {}, {}
        for folder in map(pathlib.Path, folders):
            with open(folder / "gold.jsonl", encoding="utf-8") as lines:
                golds = {g["id"]: g for g in map(json.loads, lines)}
            for path in sorted((folder / "text").iterdir()):
                if path.stem in golds:
                    self.golds[f"{folder.name}/{path.stem}"] = golds[path.stem]
                    self.paths[f"{folder.name}/{path.stem}"] = path

    def read(self, keys, opening=None):
        out = []
        for where in sorted({key.split("/")[0] for key in keys}):
            paths = [self.paths[key] for key in keys if key.split("/")[0] == where]
            for line in export(self.exporter, self.knowledge, paths, opening):
                out.append(Document(self.scorer, line, self.golds[f"{where}/{line['id']}"], where))
        return out


def learn_openings(scorer, reader, documents, negatives, decisions):
    """(documents read with openings learned from other folds, model of all documents, threshold): the threshold serves the total of all
    decisions best. Without a model where the rules alone serve it better."""
    order = order_of(documents)
    rows = [(fold_of(d, order), c["features"], y) for d in documents for c, y in opening_labels(scorer, d)]
    models = [Model([(f, y, 1.0) for k, f, y in rows if k != fold], L2["another"]) for fold in range(FOLDS)]

    def worth(read):
        predict(scorer, read, negatives, decisions)
        return score(scorer, read, choose(scorer, read, decisions))["micro"]

    best = (worth(documents), documents, None, None)
    for threshold in OPENING_THRESHOLDS:
        read = []
        for fold in range(FOLDS):
            read += reader.read([key for key in reader.paths if order[key] % FOLDS == fold], (models[fold], threshold))
        value = worth(read)
        print(f"another: {best[0]:.4f} so far, {value:.4f} at threshold {threshold}", file=sys.stderr)
        if value > best[0]:
            best = (value, read, Model([(f, y, 1.0) for _, f, y in rows], L2["another"]), threshold)
    return best[1:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scorer")
    parser.add_argument("exporter")
    parser.add_argument("knowledge")
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--negatives")
    parser.add_argument("--write")
    parser.add_argument("--only")
    args = parser.parse_args()
    scorer = load_scorer(args.scorer)
    reader = Reader(scorer, args.exporter, args.knowledge, args.sets)
    documents = by_rules = reader.read(list(reader.paths))
    negatives = export(args.exporter, args.knowledge, [args.negatives]) if args.negatives else []
    decisions = args.only.split(",") if args.only else ["another", "report", *PLACES, *PARTIES, "occurred"]
    opening = None
    if "another" in decisions:
        decisions.remove("another")
        documents, opening, opening_threshold = learn_openings(scorer, reader, documents, negatives, decisions)
    predict(scorer, documents, negatives, decisions)
    thresholds = choose(scorer, documents, decisions)
    before, after = score(scorer, by_rules, {}), score(scorer, documents, thresholds)
    print(f"{len(documents)} documents, cross-validated: by the rules, and with the learned decisions")
    for name in after:
        print(f"{name:16} {before[name]:.3f} {after[name]:.3f}" if name != "clean" else f"{name:16} {before[name]} {after[name]}")
    ruled = by_set(by_rules)
    for name, part in by_set(documents).items():
        table = [score(scorer, ruled[name], {}), score(scorer, part, thresholds)]
        print(f"{name}: all slots {table[0]['micro']:.3f} {table[1]['micro']:.3f}, incidents {table[0]['incidents']:.3f} {table[1]['incidents']:.3f}, "
              f"empty {table[0]['clean'][0]} {table[1]['clean'][0]} of {table[0]['clean'][1]}")
    if not args.write:
        return
    with open(args.write, "w", encoding="utf-8") as out:
        out.write("#columns\tdecision\tfeature\tweight\n# Learned by scripts/train-decisions; do not edit. Features: services/ingest/pipeline/learned.\n")
        if opening:
            out.writelines(rows_of("another", opening, opening_threshold))
        for decision in sorted(thresholds):
            rows = [(c["features"], y, 1.0) for d in documents for c, y in labels(scorer, d, decision)]
            if decision == "report":
                rows += [(c["features"], 0, 0.05) for n in negatives for c in n["candidates"] if c["decision"] == "report"]
            model = Model(rows, L2.get(decision, L2_OTHER))
            out.writelines(rows_of(decision, model, thresholds[decision]))


if __name__ == "__main__":
    main()
