"""Compiles every header of the project alone: each must include what it uses. Argument: the build folder.

A header that a source file of the build includes before all else was compiled alone there; only the others are compiled here.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def flags(build):
    """Include and define flags of all compiled files together, in order, each once."""
    seen = {}
    for command in json.loads((build / "compile_commands.json").read_text()):
        words = shlex.split(command["command"])
        for i, word in enumerate(words):
            if word.startswith(("-I", "-D")):
                seen[(word,)] = None
            elif word == "-isystem":
                seen[(word, words[i + 1])] = None
    return [word for words in seen for word in words if "INTERDICT_SOURCE_DIR" not in word]


def proven_by_build(build):
    """Headers that some source file of the build names in its first #include."""
    proven = set()
    for command in json.loads((build / "compile_commands.json").read_text()):
        source = pathlib.Path(command["file"])
        if source.is_relative_to(build) or not source.is_relative_to(ROOT):
            continue
        first = re.search(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', source.read_text(encoding="utf-8"), re.MULTILINE)
        if first:
            proven.add(ROOT / first.group(1))
    return proven


def compile_alone(header, arguments):
    command = ["g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-x", "c++", *arguments, str(header)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    errors = [line for line in result.stderr.splitlines() if "#pragma once in main file" not in line]
    return None if result.returncode == 0 else "\n".join(errors[:15])


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    arguments = flags(build)
    every = sorted(path for folder in ("storage", "services", "tests") for path in (ROOT / folder).rglob("*.h") if "node_modules" not in path.parts)
    proven = proven_by_build(build)
    headers = [path for path in every if path not in proven]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, problem in zip(headers, pool.map(lambda header: compile_alone(header, arguments), headers)):
            if problem is not None:
                failed += 1
                print(f"{header.relative_to(ROOT)} does not compile alone:\n{problem}", file=sys.stderr)
    print(f"{len(every)} headers, {len(every) - len(headers)} compiled alone by the build, {len(headers)} here; {failed} do not compile alone")
    return 1 if failed or not headers or not proven else 0


if __name__ == "__main__":
    sys.exit(main())
