#!/usr/bin/env python3
"""Draws search_curve.svg from search_curve.tsv: median time of a query by number of records, one panel a class.

    docs/pictures/search_curve.py            reads and writes beside itself
    docs/pictures/search_curve.py --collect  first makes the table from the harness's results:
                                             WORK/out/{10k,100k,1m,5m}/results.{lucene,interdict}.tsv, WORK from the environment
"""
import math
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
TABLE, PICTURE = HERE / "search_curve.tsv", HERE / "search_curve.svg"
SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000, "5m": 5_000_000}
CLASSES = ["rare", "common", "and2", "or", "phrase", "filter", "facets", "newest"]
COLOURS = {"lucene": "#b35900", "interdict": "#00539f"}
NAMES = {"lucene": "Lucene 8.7", "interdict": "Interdict"}
WIDTH, HEIGHT, MARGIN_LEFT, MARGIN_TOP, GAP = 210, 150, 46, 48, 44
LOW, HIGH = 0.001, 100  # milliseconds


def collect(work):
    rows = ["records\tengine\tclass\tmedian_ms\tp99_ms"]
    for scale, records in SIZES.items():
        for engine in NAMES:
            file = work / "out" / scale / f"results.{engine}.tsv"
            if not file.exists():
                continue
            for line in file.read_text().splitlines():
                cells = line.split("\t")
                if cells[1] in CLASSES:
                    rows.append(f"{records}\t{engine}\t{cells[1]}\t{cells[2]}\t{cells[3]}")
    TABLE.write_text("\n".join(rows) + "\n")


def read():
    points = {}
    for line in TABLE.read_text().splitlines()[1:]:
        records, engine, cls, median, _ = line.split("\t")
        points.setdefault((cls, engine), []).append((int(records), float(median)))
    return points


def x_of(records):
    return WIDTH * (math.log10(records) - 4) / (math.log10(5_000_000) - 4)


def y_of(milliseconds):
    share = (math.log10(max(milliseconds, LOW)) - math.log10(LOW)) / (math.log10(HIGH) - math.log10(LOW))
    return HEIGHT * (1 - share)


def text(x, y, content, anchor="middle", size=11, colour="#333"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{content}</text>'


def panel(cls, points, left, top):
    parts = [f'<g transform="translate({left},{top})">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff" stroke="#999"/>']
    parts.append(text(WIDTH / 2, -8, cls, size=13))
    for exponent in range(-3, 3):
        y = y_of(10**exponent)
        parts.append(f'<line x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e4e4e4"/>')
        parts.append(text(-5, y + 4, f"{10**exponent:g}", "end"))
    for name, records in SIZES.items():
        parts.append(text(x_of(records), HEIGHT + 15, name.replace("m", "M")))
    for engine, colour in COLOURS.items():
        line = sorted(points.get((cls, engine), []))
        path = " ".join(f"{x_of(records):.1f},{y_of(ms):.1f}" for records, ms in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x_of(r):.1f}" cy="{y_of(ms):.1f}" r="3" fill="{colour}"/>' for r, ms in line]
    return parts + ["</g>"]


def draw(points):
    width = 4 * (WIDTH + GAP) + MARGIN_LEFT
    height = 2 * (HEIGHT + GAP) + MARGIN_TOP + 10
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">']
    parts.append(f'<rect width="{width}" height="{height}" fill="#fff"/>')
    parts.append(text(MARGIN_LEFT, 18, "Median time of a query in milliseconds by number of records", "start", 14))
    for i, (engine, colour) in enumerate(COLOURS.items()):
        parts.append(text(width - 200 + i * 100, 18, NAMES[engine], "start", 13, colour))
    for i, cls in enumerate(CLASSES):
        parts += panel(cls, points, MARGIN_LEFT + i % 4 * (WIDTH + GAP), MARGIN_TOP + i // 4 * (HEIGHT + GAP))
    return "\n".join(parts + ["</svg>"]) + "\n"


if __name__ == "__main__":
    if "--collect" in sys.argv:
        collect(pathlib.Path(os.environ["WORK"]))
    PICTURE.write_text(draw(read()))
