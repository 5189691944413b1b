"""Which labelled incident each sentence of a document tells of, guessed from the words that the labels share with the sentences: gold records
carry no offsets. A sentence speaks for an incident by the words of its title, parties, goods, quantities and date that other incidents of the
document do not use; the best sequence of incidents (Viterbi) pays for each change from one to another."""

import re

MONTHS = "january february march april may june july august september october november december".split()
STOP = set(("the a an of and for in on to at by with from over is are was were as his her its their that this it be has have had not or two "
            "one three four who which after before said into out about against between under off up").split())
CHANGE = 1.6


def words(scorer, text):
    return [w[:-1] if len(w) > 3 and w.endswith("s") else w for w in scorer.tokens(re.sub(r"(\d),(\d)", r"\1\2", text or ""))]


def plain(value):
    return value["value"] if isinstance(value, dict) else value or ""


def telling_words(scorer, incident):
    """Words by which the incident is known, with weights: names most."""
    out = {}

    def add(text, weight):
        for word in words(scorer, text):
            if word not in STOP and len(word) > 1:
                out[word] = max(out.get(word, 0), weight)

    add(incident.get("title"), 1)
    for party in incident.get("parties") or []:
        for name in [party.get("name"), *(party.get("aliases") or [])]:
            add(name, 1.5 if party.get("named") else 0.7)
    for goods in incident.get("goods") or []:
        add(plain(goods.get("text")), 1)
        if goods.get("quantity"):
            add(f"{goods['quantity']:g}" if isinstance(goods["quantity"], (int, float)) else str(goods["quantity"]), 1.5)
    date = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", plain(incident.get("occurred")))
    if date:
        add(date[1], 0.7)
        if date[2] and 1 <= int(date[2]) <= 12:
            add(MONTHS[int(date[2]) - 1], 0.5)
        if date[3]:
            add(str(int(date[3])), 0.5)
    return out


def incident_of_sentences(scorer, sentences, incidents):
    """An index into `incidents` for each sentence; there must be at least one of both."""
    bags = [telling_words(scorer, incident) for incident in incidents]
    uses = {}
    for bag in bags:
        for word in bag:
            uses[word] = uses.get(word, 0) + 1
    others = max(1, len(bags) - 1)
    best, back = None, []
    for sentence in sentences:
        said = set(words(scorer, sentence))
        row = [sum(weight * (1 - (uses[word] - 1) / others) for word, weight in bag.items() if word in said) for bag in bags]
        if best is None:
            best = row
            continue
        top = max(range(len(bags)), key=lambda i: best[i])
        # A sentence that speaks for none stays with the incident before it, so a change comes as late as it may.
        from_ = [i if best[i] > best[top] - CHANGE + 1e-9 else top for i in range(len(bags))]
        best = [best[f] - (0 if f == i else CHANGE) + row[i] for i, f in enumerate(from_)]
        back.append(from_)
    path = [max(range(len(bags)), key=lambda i: best[i])]
    for from_ in reversed(back):
        path.append(from_[path[-1]])
    return path[::-1]


def openings(path):
    """(sentence, incident) where each incident but the first is told for the first time."""
    seen, out = {path[0]}, []
    for sentence, incident in enumerate(path):
        if incident not in seen:
            seen.add(incident)
            out.append((sentence, incident))
    return out
