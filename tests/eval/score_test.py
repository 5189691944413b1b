"""Scores extraction on labelled documents: those of the evaluation set where it lies beside the project (../shared/eval), and our own sets (open, train, train2, train3, blind).

Prints a table for each set. Checked: every document is answered, all values carry evidence whose quote is the text between its offsets,
the scorer can read the answers, and the score of no set falls below its floor (the last recorded one minus 0.01; raise it with the score).
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared" / "eval"
# Floors of F1 over all slots and of incidents, by set.
FLOORS = {
    "dev": (0.779, 0.922),
    "open": (0.746, 0.903),
    "train": (0.661, 0.837),
    "train2": (0.627, 0.887),
    "train3": (0.650, 0.831),
    "blind": (0.557, 0.754),
}
INTERDICT = str(pathlib.Path(os.environ.get("INTERDICT_BIN", ROOT / "build" / "bin")) / "interdict")


def evidence_problems(value, text, path=""):
    """Walks an answer; yields where a quote is not what stands between its offsets."""
    if isinstance(value, dict):
        if "quote" in value:
            begin, end = value.get("beginByte", 0), value["endByte"]
            if text[begin:end] != value["quote"].encode():
                yield f"{path}: '{value['quote']}' is not at {begin}–{end}"
            return
        for key, each in value.items():
            yield from evidence_problems(each, text, f"{path}.{key}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            if isinstance(each, dict) and "confidence" in each and "derivation" in each and not each.get("evidence"):
                yield f"{path}[{number}] has no evidence"
            yield from evidence_problems(each, text, f"{path}[{number}]")


def check_floors(name, table, floors, problems):
    """Compares the F1 of the total and of the incidents with the set's floors."""
    for label, floor in zip(("ALL SLOTS (micro)", "incidents"), floors):
        line = next((line for line in table.splitlines() if line.startswith(label)), None)
        found = float(line[len(label):].split()[2]) if line else 0.0
        if found < floor:
            problems.append(f"{name}: {label} F1 {found:.3f} is below the floor of {floor:.3f}")


def score(name, folder, gold, floors, problems):
    answers = subprocess.run([INTERDICT, "extract", "--format", "json", str(folder)], capture_output=True, text=True, check=False)
    if answers.returncode != 0:
        problems.append(f"{name}: {answers.stderr}")
    records = [json.loads(line) for line in answers.stdout.splitlines()]
    expected = {path.stem for path in folder.iterdir()}
    if {record["id"] for record in records} != expected:
        problems.append(f"{name}: not every document was answered once")
    for record in records:
        text = record["document"]["text"].encode()
        problems += [f"{record['id']}{problem}" for problem in evidence_problems(record.get("reports", []), text)]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as predicted:
        predicted.write(answers.stdout)
        predicted.flush()
        table = subprocess.run([sys.executable, str(SHARED / "score.py"), str(gold), predicted.name], capture_output=True, text=True, check=False)
    print(f"{name}\n{table.stdout}")
    if table.returncode != 0 or "ALL SLOTS" not in table.stdout:
        problems.append(f"{name}: the scorer failed: {table.stderr}")
    check_floors(name, table.stdout, floors, problems)


def main():
    if not (SHARED / "score.py").is_file():
        print("skipped: the scorer and the evaluation set are not beside the project (../shared/eval)")
        return 77
    problems = []
    score("evaluation set (dev)", SHARED / "dev" / "text", SHARED / "dev" / "gold.jsonl", FLOORS["dev"], problems)
    for name in ("open", "train", "train2", "train3", "blind"):
        folder = ROOT / "tests" / "eval" / name
        score(f"own {name} set", folder / "text", folder / "gold.jsonl", FLOORS[name], problems)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
