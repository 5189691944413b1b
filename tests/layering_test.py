"""Reads every #include line and checks that dependencies point one way: services → storage → proto."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.MULTILINE)

# Longest folder first: the first that matches a file rules it. What is listed may be included; of what RULED
# lists, everything else is a violation.
ALLOWED = [
    ("storage/ids/", ["storage/ids/", "openssl/"]),
    ("storage/database/", ["storage/database/", "rocksdb/"]),
    ("storage/log/rocksdb_log", ["storage/", "interdict/", "rocksdb/"]),
    ("storage/log/", ["storage/log/", "storage/ids/", "interdict/internal/"]),
    ("storage/records/", ["storage/", "interdict/", "rocksdb/"]),
    ("services/server/", ["services/server/", "grpc", "google/rpc/", "spdlog/", "prometheus/", "nlohmann/"]),
    ("services/log/", ["services/log/", "services/server/", "storage/log/", "interdict/internal/", "grpc"]),
    ("services/ingest/pipeline/", ["services/ingest/pipeline/", "storage/ids/", "interdict/v1/", "unicode/", "gumbo.h", "cld2/", "nlohmann/"]),
    ("services/ingest/lists/", ["services/ingest/", "services/server/", "storage/log/", "storage/ids/", "interdict/", "grpc", "unicode/", "expat.h", "nlohmann/"]),
    ("services/ingest/formats/", ["services/ingest/formats/", "services/ingest/pipeline/", "interdict/v1/", "unicode/", "expat.h", "zlib.h"]),
    ("services/ingest/", ["services/ingest/", "services/server/", "storage/log/", "storage/ids/", "interdict/", "grpc", "unicode/"]),
    ("services/index/", ["services/index/", "services/server/", "storage/", "interdict/", "grpc", "unicode/", "openssl/"]),
    ("services/query/", ["services/query/", "services/server/", "storage/log/", "storage/ids/", "interdict/", "grpc", "unicode/"]),
    ("services/cli/", ["services/", "storage/", "interdict/", "grpc", "CLI/", "nlohmann/", "unicode/"]),
]
# Prefixes that are ruled; headers of the standard library and of the operating system are free.
RULED = ("storage/", "services/", "tests/", "interdict/", "rocksdb/", "grpc", "google/rpc/", "spdlog/", "prometheus/", "nlohmann/",
         "unicode/", "expat.h", "zlib.h", "gumbo.h", "cld2/", "openssl/", "CLI/", "gtest/", "gmock/", "benchmark/")


def violations():
    for folder in ("storage", "services"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".h", ".cc"):
                continue
            name = path.relative_to(ROOT).as_posix()
            allowed = next((rule for prefix, rule in ALLOWED if name.startswith(prefix)), None)
            if allowed is None:
                yield f"{name}: no rule for this folder; add one to tests/layering_test.py"
                continue
            for include in INCLUDE.findall(path.read_text()):
                if include.startswith(RULED) and not include.startswith(tuple(allowed)):
                    yield f"{name} includes {include}; it may include only {', '.join(allowed)}"


def main():
    found = list(violations())
    for violation in found:
        print(violation, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
