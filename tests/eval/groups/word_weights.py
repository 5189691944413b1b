"""Weighs words by how common they are in general and in this project's texts: the less common, the more it tells that two reports share one.

usage: word_weights.py CORPORA OPEN_TEXTS TRIGGERS > word_weights.tsv
CORPORA holds treebanks/*.conllu and names/{re3d-train,wikigold}.conll; OPEN_TEXTS the texts of tests/eval/open;
TRIGGERS is the extractor's list of words that tell of acts and responses.
"""

import collections
import math
import pathlib
import re
import sys
import unicodedata

# Words that say nothing in a name: titles, ranks, company forms, particles.
SILENT = """mr mrs ms miss dr prof professor sir madam sheikh haji general gen colonel col major captain capt lieutenant lt
sergeant sgt admiral commander president minister ambassador ltd limited llc llp lp inc incorporated co corp corporation
company gmbh ag kg sa sal sas sarl srl spa bv nv plc oy oyj ab as asa aps pte pty jsc ojsc pjsc ooo zao oao fze fzco fzc dmcc
est bhd sdn pvt kk the of and for de da do dos di del della la le les el al bin ibn bint van von der den mv mt ms ss fv""".split()
LEAST, MOST = 0.05, 0.95
# What every report of this field says: words that tell of acts and responses weigh no more than this.
TRADE = 0.3


def fold(word):
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in decomposed if c.isalnum())


def words_of_conllu(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) == 10 and fields[0].isdigit():
            yield fields[1]


def words_of_conll(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if len(fields) >= 2 and not line.startswith("-DOCSTART-"):
            yield fields[0]


def general_counts(corpora):
    counts = collections.Counter()
    for path in sorted((corpora / "treebanks").glob("*.conllu")):
        counts.update(part for word in words_of_conllu(path) for part in map(fold, re.split(r"\W+", word)) if part)
    for name in ("re3d-train.conll", "wikigold.conll"):
        counts.update(part for word in words_of_conll(corpora / "names" / name) for part in map(fold, re.split(r"\W+", word)) if part)
    return counts


def document_counts(folder):
    counts, documents = collections.Counter(), 0
    for path in sorted(folder.iterdir()):
        text = re.sub(r"<[^>]*>", " ", path.read_text(encoding="utf-8", errors="replace"))
        counts.update({fold(word) for word in re.split(r"\W+", text)} - {""})
        documents += 1
    return counts, documents


def trade_words(triggers):
    for line in triggers.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        row = line.split("\t")
        for word in row[0].split() + (row[4].replace("|", " ").split() if len(row) > 4 else []):
            word = fold(word)
            stem = word.rstrip("e")
            yield from (word, word + "s", word + "d", word + "ed", stem + "ing", stem + "ed", stem + "es")


def main():
    general = general_counts(pathlib.Path(sys.argv[1]))
    ours, documents = document_counts(pathlib.Path(sys.argv[2]))
    total = sum(general.values())
    weights = {}
    for word in set(general) | set(ours):
        if word.isdigit():
            continue
        # 1 in 1,000 words tells nothing, 1 in a million all; a word in all of our texts nothing, in one all.
        by_language = (math.log10(total / general[word]) - 3) / 2.3 if general[word] > 1 else 1
        by_domain = 1 - math.log(max(1, ours[word] - 1)) / math.log(documents) if word in ours else 1
        weight = max(LEAST, min(by_language, by_domain))
        if weight < MOST:
            weights[word] = f"{weight:.2f}"
    for word in trade_words(pathlib.Path(sys.argv[3])):
        weights[word] = f"{min(TRADE, float(weights.get(word, 1))):.2f}"
    for word in SILENT:
        weights[word] = "0"
    print("# How much it tells that two reports share a word: 0 nothing, 1 (not listed) all. Written by scripts/fit-resolution words. Learned from counts in")
    print("# UD English GUM (CC BY, CC BY-SA or public domain by genre), EWT (CC BY-SA 4.0) and PUD (CC BY-SA 3.0), re3d (OGL and CC BY by source), wikigold")
    print("# (CC BY 4.0) and the open texts of this project. Words of weight 0 are titles, company forms and particles.")
    for word in sorted(weights):
        print(f"{word}\t{weights[word]}")


if __name__ == "__main__":
    main()
