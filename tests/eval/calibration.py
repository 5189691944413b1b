#!/usr/bin/env python3
"""How often values are right against how sure they say they are; and the map that makes the two agree.

    calibration.py SCORER SET…                 prints a table for each set
    calibration.py SCORER --fit TRAIN… --unseen SET [--write]
                                               learns confidence.tsv from the training sets and prints the tables of
                                               all sets, before and after

The training sets are those that the rules were written with, so that rules do better there than on other texts. What that is worth
is one number, a shift of all log odds, learned from the totals of the unseen set. The check of it is crossed: each half of that set
with the shift of the other half.

A SET is a folder that holds `text/` and `gold.jsonl`. SCORER is the scorer of the labelling guidelines (score.py): incidents
are paired and values compared exactly as it does. Only totals are printed, never a text or a value, so that a blind set stays blind.
Needs INTERDICT_BIN, or build/bin beside the sources.
"""

import argparse
import collections
import datetime
import importlib.util
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KNOWLEDGE = ROOT / "services" / "ingest" / "knowledge"
INTERDICT = str(pathlib.Path(os.environ.get("INTERDICT_BIN", ROOT / "build" / "bin")) / "interdict")
BINS = [0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0001]
# With fewer values than this, a derivation has no line of its own but shares that of its slot.
ENOUGH = 40
# Each point of a line is drawn towards the slot's mean as by so many values.
PRIOR = 6

Value = collections.namedtuple("Value", "slot derivation stated right document")


def load_scorer(path):
    spec = importlib.util.spec_from_file_location("score", path)
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def extract(texts, knowledge=None):
    command = [INTERDICT, "extract", "--format", "json", str(texts)] + (["--knowledge", str(knowledge)] if knowledge else [])
    answers = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in answers.stdout.splitlines()]


def stated(scorer, facts):
    """(slot, value as the scorer sees it) → (confidence, derivation); of equal values the surest."""
    found = {}

    def put(slot, value, fact):
        mine = (fact.get("confidence", 0.0), scorer.bare(fact.get("derivation"), "DERIVATION_").lower())
        found[slot, value] = max(found.get((slot, value), (0.0, "")), mine)

    for fact in facts.get("offences", []):
        put("offences", scorer.bare(fact.get("offence"), "OFFENCE_"), fact)
    for fact in facts.get("actions", []):
        if fact.get("status", "ACTION_STATUS_DONE").endswith("_DONE"):
            put("actions", scorer.bare(fact.get("type"), "ACTION_TYPE_"), fact)
    for fact in facts.get("places", []):
        put(scorer.bare(fact.get("role"), "PLACE_ROLE_").lower(), fact.get("countryCode") or fact.get("regionCode"), fact)
    for fact in facts.get("parties", []):
        vessel = fact.get("kind") in ("PARTY_KIND_VESSEL", "PARTY_KIND_AIRCRAFT")
        slot = "vessels" if vessel else scorer.ROLE_SLOT.get(scorer.bare(fact.get("role"), "PARTY_ROLE_"))
        put(slot, fact.get("name", ""), fact)
    for fact in facts.get("goods", []):
        put("goods", fact.get("description", ""), fact)
    for fact in facts.get("legalBasis", []):
        put("legal", fact.get("instrument", ""), fact)
    for fact in facts.get("fieldEvidence", []):
        if fact.get("path") == "stage":
            put("stage", scorer.bare(facts.get("stage"), "STAGE_"), fact)
    if facts.get("occurred"):
        put("occurred", facts["occurred"].get("edtf"), facts["occurred"])
    if facts.get("verification"):
        put("verification", scorer.bare(facts["verification"].get("status"), "VERIFICATION_STATUS_"), facts["verification"])
    return found


def judge(scorer, gold, predicted, sure, document):
    """Pairs one incident's values with gold (None: no such incident) as the scorer's compare does."""
    g = scorer.fillers(gold) if gold else {slot: [] for slot in scorer.SLOTS}
    p = scorer.fillers(predicted)
    for slot in scorer.SLOTS:
        left = list(p[slot])
        right = []
        for value in sorted(g[slot], key=lambda v: v[2]):
            hit = next((x for x in left if scorer.agree(slot, value, x)), None)
            if hit is not None:
                left.remove(hit)
                right.append(hit)
        for value, is_right in [(v, 1) for v in right] + [(v, 0) for v in left]:
            if (slot, value[0]) in sure:
                yield Value(slot, sure[slot, value[0]][1], sure[slot, value[0]][0], is_right, document)


def values_of(scorer, folder, knowledge=None):
    gold = {record["id"]: record for record in map(json.loads, (folder / "gold.jsonl").read_text().splitlines())}
    values = []
    for answer in extract(folder / "text", knowledge):
        golds = gold[answer["id"]]["incidents"]
        guesses = scorer.from_answer(answer)["incidents"]
        pairs = {p: g for g, p in scorer.pair(golds, guesses)}
        for number, guess in enumerate(guesses):
            sure = stated(scorer, answer["reports"][number].get("facts", {}))
            values += judge(scorer, golds[pairs[number]] if number in pairs else None, guess, sure, answer["id"])
    return values


def expected_error(values):
    """Mean distance of confidence and accuracy over the bins, weighted by their values."""
    error = 0.0
    for low, high in zip(BINS, BINS[1:]):
        mine = [v for v in values if low <= v.stated < high]
        if mine:
            error += abs(sum(v.stated for v in mine) - sum(v.right for v in mine))
    return error / len(values) if values else 0.0


def table(name, values):
    print(f"{name}: {len(values)} values, {sum(v.right for v in values) / max(1, len(values)):.3f} of them right, "
          f"expected calibration error {expected_error(values):.3f}, Brier score "
          f"{sum((v.stated - v.right) ** 2 for v in values) / max(1, len(values)):.3f}")
    print(f"  {'confidence':>11} {'values':>7} {'stated':>7} {'right':>7}")
    for low, high in zip(BINS, BINS[1:]):
        mine = [v for v in values if low <= v.stated < high]
        if mine:
            print(f"  {low:.1f} to {min(high, 1):.1f} {len(mine):8} {sum(v.stated for v in mine) / len(mine):7.3f} "
                  f"{sum(v.right for v in mine) / len(mine):7.3f}")


def rising(points):
    """Pools neighbours that fall (pool adjacent violators). Points are (x, y, weight), by x."""
    pools = []
    for x, y, weight in points:
        pools.append([[x], y, weight])
        while len(pools) > 1 and pools[-2][1] > pools[-1][1]:
            xs, y2, w2 = pools.pop()
            pools[-1] = [pools[-1][0] + xs, (pools[-1][1] * pools[-1][2] + y2 * w2) / (pools[-1][2] + w2), pools[-1][2] + w2]
    return [(x, y) for xs, y, _ in pools for x in ((xs[0], xs[-1]) if len(xs) > 1 else xs)]


def line_of(values, mean):
    groups = collections.defaultdict(list)
    for value in values:
        groups[round(value.stated * 20) / 20].append(value)
    points = []
    for group in groups.values():
        x = sum(v.stated for v in group) / len(group)
        y = (sum(v.right for v in group) + PRIOR * mean) / (len(group) + PRIOR)
        points.append((x, y, len(group)))
    return rising(sorted(points))


def fit(values):
    """(slot, derivation) → knots."""
    lines = {}
    for slot in sorted({v.slot for v in values}):
        mine = [v for v in values if v.slot == slot]
        mean = (sum(v.right for v in mine) + 1) / (len(mine) + 2)
        lines[slot, "any"] = line_of(mine, mean)
        for derivation in sorted({v.derivation for v in mine}):
            some = [v for v in mine if v.derivation == derivation]
            if derivation and ENOUGH <= len(some) < len(mine):
                lines[slot, derivation] = line_of(some, mean)
    return lines


def logit(p):
    return math.log(p / (1 - p))


def shifted(p, shift):
    return 1 / (1 + math.exp(-logit(min(0.98, max(0.02, p))) - shift))


def shift_for(values):
    """The shift of log odds after which the values are as sure as they are right, on the whole."""
    right = sum(v.right for v in values)
    low, high = -5.0, 5.0
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if sum(shifted(v.stated, middle) for v in values) > right else (middle, high)
    return low


def halves(values):
    """Every other document of a set, and the rest."""
    first = set(sorted({v.document for v in values})[::2])
    return [v for v in values if v.document in first], [v for v in values if v.document not in first]


def crossed(values):
    """Each half with the shift of the other: how well the shift does on what it was not learned from."""
    first, second = halves(values)
    return [v._replace(stated=shifted(v.stated, shift))
            for half, shift in ((first, shift_for(second)), (second, shift_for(first))) for v in half]


def to_table(lines, sets, count, shift):
    rows = ["#columns\tslot\tderivation\tstated\tright",
            f"# Learned by tests/eval/calibration.py on {datetime.date.today()} from {count} values of the sets {', '.join(sets)}: how often values",
            f"# that the rules state with a confidence are right, less {-shift:.2f} in log odds for texts that no rule was written with. Linear",
            "# between the knots. Do not edit; learn again when rules change."]
    for (slot, derivation), knots in sorted(lines.items()):
        before = (-1.0, -1.0)
        for x, y in knots:
            x, y = round(x, 3), round(shifted(y, shift), 3)
            if x > before[0]:
                rows.append(f"{slot}\t{derivation}\t{x:.3f}\t{max(y, before[1]):.3f}")
                before = (x, max(y, before[1]))
    return "\n".join(rows) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scorer", type=pathlib.Path)
    parser.add_argument("sets", nargs="*", type=pathlib.Path)
    parser.add_argument("--fit", nargs="+", type=pathlib.Path, default=[])
    parser.add_argument("--unseen", type=pathlib.Path)
    parser.add_argument("--write", action="store_true", help="write services/ingest/knowledge/confidence.tsv")
    parser.add_argument("--limit", type=float, default=1.0, help="fail where the expected calibration error of a set is above it")
    arguments = parser.parse_args()
    if not arguments.scorer.is_file():
        print("skipped: the scorer is not beside the project (../shared/eval/score.py)")
        return 77
    scorer = load_scorer(arguments.scorer)
    failed = False
    for folder in arguments.sets:
        values = values_of(scorer, folder)
        table(folder.name, values)
        failed = failed or expected_error(values) > arguments.limit
    if not arguments.fit:
        return 1 if failed else 0
    with tempfile.TemporaryDirectory(prefix="interdict-") as temporary:
        # The rules' own confidences: the knowledge without the map.
        knowledge = pathlib.Path(temporary) / "knowledge"
        shutil.copytree(KNOWLEDGE, knowledge)
        (knowledge / "confidence.tsv").unlink(missing_ok=True)
        before = {folder: values_of(scorer, folder, knowledge) for folder in arguments.fit}
        training = [value for folder in arguments.fit for value in before[folder]]
        lines, names, shift = fit(training), [folder.name for folder in arguments.fit], 0.0
        (knowledge / "confidence.tsv").write_text(to_table(lines, names, len(training), shift))
        if arguments.unseen:
            unshifted = values_of(scorer, arguments.unseen, knowledge)
            shift = min(0.0, shift_for(unshifted))
        learned = to_table(lines, names, len(training), shift)
        (knowledge / "confidence.tsv").write_text(learned)
        for folder in arguments.fit:
            table(f"{folder.name} (rules were written with it), as the rules state it", before[folder])
            table(f"{folder.name}, calibrated", values_of(scorer, folder, knowledge))
        if arguments.unseen:
            print(f"shift for unseen texts: {shift:.2f} in log odds")
            name = arguments.unseen.name
            (knowledge / "confidence.tsv").unlink()
            table(f"{name}, as the rules state it", values_of(scorer, arguments.unseen, knowledge))
            (knowledge / "confidence.tsv").write_text(learned)
            table(f"{name}, calibrated without the shift", unshifted)
            table(f"{name}, calibrated, checked crosswise", crossed(unshifted))
    if arguments.write:
        (KNOWLEDGE / "confidence.tsv").write_text(learned)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
