"""Runs tests/clients/node/client.js, a JavaScript client, against a server of its own."""

import pathlib
import shutil
import subprocess
import sys

import harness

CLIENT = pathlib.Path(__file__).resolve().parent / "node"


def main():
    if shutil.which("node") is None or not (CLIENT / "node_modules").is_dir():
        print("skipped: node or its packages are not there; scripts/bootstrap --tests installs them")
        return 77
    with harness.temporary_folder() as folder:
        serve = harness.Serve(folder)
        try:
            return subprocess.run(["node", str(CLIENT / "client.js"), serve.process.address, str(harness.ARTICLE)], timeout=90).returncode
        finally:
            serve.stop()


if __name__ == "__main__":
    sys.exit(main())
