#!/usr/bin/env python3
"""Checks the knowledge files: columns, vocabulary, codes, duplicates, order.

Usage: lint_knowledge.py FOLDER   (folder of the .tsv files)
Prints each problem as file:line: text, and exits with 1 if there is any.
"""

import pathlib
import re
import sys
import unicodedata

CASES = {"Cased", "ANY", "EXACT"}
FUNCTIONS = {"INVESTIGATOR", "PROSECUTOR", "COURT", "REGULATOR"}
OFFENCES = {
    "ARMS_TRAFFICKING", "PROLIFERATION", "SANCTIONS_EVASION",
    "NARCOTICS_TRAFFICKING", "WILDLIFE_TRAFFICKING", "COUNTERFEIT_GOODS",
    "EXCISE_SMUGGLING", "CASH_SMUGGLING", "CULTURAL_PROPERTY_TRAFFICKING",
    "HUMAN_SMUGGLING", "OTHER_SMUGGLING",
}
CATEGORIES = (
    {f"ML{i}" for i in range(1, 23)} | {f"DU{i}" for i in range(10)} |
    set("NARCOTICS WILDLIFE TOBACCO ALCOHOL FUEL COAL METALS CASH LUXURY "
        "COUNTERFEIT ART PEOPLE OTHER".split()))
M49_REGIONS = set(
    "001 002 003 005 009 011 013 014 015 017 018 019 021 029 030 034 035 039 "
    "053 054 057 061 142 143 145 150 151 154 155 202 419".split())

# File -> columns, and for a column the allowed values (None: any text; a set;
# or "codes", "phrase", "filled"). Columns named in MANY hold several values.
SCHEMA = {
    "places": {"phrase": "phrase", "case": CASES,
               "kind": set("country demonym capital city port airport border "
                           "subdivision region sea".split()),
               "codes": "codes", "lat": r"-?\d{1,2}\.\d+|",
               "lon": r"-?\d{1,3}\.\d+|"},
    "country_info": {"code": r"[A-Z]{2}", "alpha3": r"[A-Z]{3}",
                     "name": "filled", "m49": r"\d{3}",
                     "regions": M49_REGIONS},
    "goods": {"phrase": "phrase", "case": CASES, "category": CATEGORIES,
              "offence": OFFENCES | {""}, "hs": r"\d\d|", "part": {"part", ""},
              "flags": {"generic", "head", ""}},
    "models": {"phrase": "phrase", "case": CASES, "category": CATEGORIES,
               "kind": set("weapon vehicle aircraft vessel drone electronics "
                           "other".split())},
    "part_words": {"phrase": "phrase"},
    "agencies": {"phrase": "phrase", "case": CASES, "code": "codes",
                 "function": FUNCTIONS, "acronym": None},
    "agency_heads": {"phrase": "phrase", "function": FUNCTIONS},
    "organisation_words": {"phrase": "phrase",
                           "class": set("company bank media government embassy "
                                        "armed_group university ngo suffix"
                                        .split())},
    "outlets": {"phrase": "phrase", "case": CASES, "code": "codes"},
    "person_nouns": {"phrase": "phrase",
                     "role": {"SUSPECT", "AUTHORITY", "SOURCE", "OTHER", ""},
                     "function": FUNCTIONS | {"SPOKESPERSON", ""},
                     "flags": {"generic", "official", ""}},
    "titles": {"phrase": "phrase", "kind": {"honorific", "rank", "office"}},
    "first_names": {"name": "phrase"},
    "surname_particles": {"phrase": "phrase"},
    "legal": {"phrase": "phrase", "case": CASES, "instrument": "filled"},
    "embargo": {"phrase": "phrase", "codes": "codes", "year": r"\d{4}|",
                "instrument": "filled"},
    "conveyances": {"phrase": "phrase", "case": CASES,
                    "kind": set("VESSEL AIRCRAFT VEHICLE CONTAINER PARCEL "
                                "VESSEL_PREFIX".split())},
    "currencies": {"phrase": "phrase", "case": CASES, "code": r"[A-Z]{3,4}"},
    "units": {"phrase": "phrase", "unit": "filled",
              "kind": {"mass", "volume", "length", "count"}},
    "relevance": {"phrase": r"[a-z0-9 .'-]+\*?",
                  "class": set("trade breach response force goods market policy "
                               "opinion lawful war".split())},
    "weasel": {"phrase": "phrase", "class": {"alleged", "unverified", "denied"}},
    "confidence": {"slot": set("offences stage actions occurred origin transit "
                               "destination location suspects beneficiaries "
                               "authorities vessels goods legal verification"
                               .split()),
                   "derivation": {"any", "stated", "normalised", "inferred"},
                   "stated": r"[01]\.\d+", "right": r"[01]\.\d+"},
    "decisions": {"decision": set("report origin transit destination location "
                                  "suspect authority beneficiary vessel occurred another"
                                  .split()),
                  "feature": "filled", "weight": r"-?\d+\.\d+"},
}
# Files whose rows are told apart by all their cells but the last ones, and
# stand in the order of their author.
KEY_CELLS = {"confidence": 3, "decisions": 2}
MANY = {"codes", "regions", "flags"}
# A file may name countries only in part; these files must have them.
CODES_NEEDED = {"places", "outlets"}


def fold(text):
  """The form in which phrases are compared: no case, no diacritics."""
  decomposed = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
  return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def rows_of(path, problems):
  """Yields (line number, section, cells) and checks the file's form."""
  data = path.read_bytes()
  try:
    text = data.decode("utf-8")
  except UnicodeDecodeError as error:
    problems.append(f"{path.name}:1: not UTF-8: {error}")
    return
  if "\r" in text:
    problems.append(f"{path.name}:1: carriage return; use plain newlines")
  if not text.endswith("\n"):
    problems.append(f"{path.name}:1: the last line has no newline")
  section = 0
  for number, line in enumerate(text.split("\n"), 1):
    if number == 1:
      if not line.startswith("#columns\t"):
        problems.append(f"{path.name}:1: the first line must be #columns")
      yield number, section, line.split("\t")
    elif not line:
      section += 1
    elif not line.startswith("# "):
      yield number, section, line.split("\t")


def check_value(name, rule, value, codes):
  """Returns what is wrong with one value, or None."""
  if rule is None:
    return None
  if rule == "filled" or rule == "phrase":
    return None if value else "must not be empty"
  if rule == "codes":
    return None if value in codes else f"unknown code '{value}'"
  if isinstance(rule, set):
    return None if value in rule else f"unknown value '{value}'"
  if re.fullmatch(rule, value):
    return None
  return f"'{value}' does not look like a {name}"


def check_file(path, columns, codes, problems):
  seen, previous, count = {}, None, 0
  for number, section, cells in rows_of(path, problems):
    where = f"{path.name}:{number}"
    if number == 1:
      if cells[1:] != list(columns):
        problems.append(f"{where}: columns must be {' '.join(columns)}")
      continue
    if len(cells) != len(columns):
      problems.append(f"{where}: {len(cells)} cells, {len(columns)} wanted")
      continue
    count += 1
    row = dict(zip(columns, cells))
    for name, value in row.items():
      if value != value.strip() or "  " in value:
        problems.append(f"{where}: {name} has stray spaces")
      if name in ("codes", "code") and columns[name] == "codes" and not value:
        if path.stem in CODES_NEEDED:
          problems.append(f"{where}: {name} must not be empty")
        continue
      values = value.split("|") if name in MANY else [value]
      if len(set(values)) != len(values):
        problems.append(f"{where}: {name} says a value twice")
      if path.stem == "country_info" and name == "regions" and not value:
        continue
      for one in values:
        problem = check_value(name, columns[name], one, codes)
        if problem:
          problems.append(f"{where}: {name}: {problem}")
    first = cells[0]
    if unicodedata.normalize("NFC", first) != first:
      problems.append(f"{where}: not in Unicode form NFC")
    key = ("exact", first) if row.get("case") == "EXACT" else fold(first)
    if path.stem in KEY_CELLS:
      key = tuple(cells[:KEY_CELLS[path.stem]])
    if key in seen:
      problems.append(f"{where}: '{first}' is already on line {seen[key]}")
    seen[key] = number
    order = (section, fold(first))
    if (previous is not None and order < previous
        and path.stem not in KEY_CELLS):
      problems.append(f"{where}: '{first}' is out of order in its section")
    previous = order
  if count == 0:
    problems.append(f"{path.name}:1: no rows")
  return count


def check_triggers(path, problems):
  """Triggers stand in sections by meaning, and their classes are the code's."""
  pipeline = path.parent.parent / "pipeline"
  code = "".join(p.read_text(encoding="utf-8")
                 for p in sorted(pipeline.rglob("*.cc")))
  seen, count = {}, 0
  for number, _, cells in rows_of(path, problems):
    where = f"{path.name}:{number}"
    if number == 1:
      if cells[1:] != ["phrase", "pos", "class", "value", "forms"]:
        problems.append(f"{where}: columns must be phrase pos class value forms")
      continue
    if not 4 <= len(cells) <= 5:
      problems.append(f"{where}: {len(cells)} cells, 4 or 5 wanted")
      continue
    count += 1
    phrase, pos, kind, value = cells[:4]
    for name, cell in zip(("phrase", "pos", "class", "value"), cells):
      # Only the value may be empty: not every class has values.
      if (not cell and name != "value") or cell != cell.strip() or "  " in cell:
        problems.append(f"{where}: {name} is empty or has stray spaces")
    if pos not in ("verb", "noun", "other"):
      problems.append(f"{where}: unknown pos '{pos}'")
    if len(cells) == 5 and cells[4] and pos != "verb":
      problems.append(f"{where}: only verbs have forms")
    if f'"{kind}"' not in code:
      problems.append(f"{where}: no stage reads the class '{kind}'")
    key = (fold(phrase), pos, kind, value)
    if key in seen:
      problems.append(f"{where}: '{phrase}' as {kind} {value} is already on "
                      f"line {seen[key]}")
    seen[key] = number
  return count


def main(arguments):
  if len(arguments) != 2:
    print(__doc__)
    return 2
  folder = pathlib.Path(arguments[1])
  problems = []
  info = folder / "country_info.tsv"
  codes = {"XZ"} | M49_REGIONS
  if info.exists():
    codes |= {cells[0] for number, _, cells in rows_of(info, [])
              if number > 1}
  total = 0
  for stem, columns in SCHEMA.items():
    path = folder / f"{stem}.tsv"
    if not path.exists():
      problems.append(f"{path.name}:1: missing")
      continue
    total += check_file(path, columns, codes, problems)
  for path in sorted(folder.glob("triggers*.tsv")):
    total += check_triggers(path, problems)
  known = set(SCHEMA) | {p.stem for p in folder.glob("triggers*.tsv")}
  for path in sorted(folder.glob("*.tsv")):
    if path.stem not in known:
      print(f"{path.name}: no schema here; its columns are not checked")
  for problem in problems:
    print(problem)
  print(f"{len(SCHEMA)} files, {total} rows, {len(problems)} problems")
  return 1 if problems else 0


if __name__ == "__main__":
  sys.exit(main(sys.argv))
