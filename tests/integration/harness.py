"""Starts and stops the real programs for the integration tests, each with its own folder and free ports.

Needs INTERDICT_BIN (folder of the `interdict` program) and, for typed calls, the generated Python stubs on PYTHONPATH.
"""

import json
import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time

import grpc

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
INTERDICT = str(pathlib.Path(os.environ.get("INTERDICT_BIN", ROOT / "build" / "bin")) / "interdict")
ARTICLE = ROOT / "tests" / "testdata" / "articles" / "czech-dprk-2021.txt"
# Generous: a start under a sanitizer on a busy machine. No test waits this long when all is well.
START_LIMIT_SECONDS = 60


class Process:
    """A running service process. Knows its ports from its own log."""

    def __init__(self, verb, *arguments, environment=None):
        command = [INTERDICT, verb, *arguments]
        if "--listen" not in arguments:
            command += ["--listen", "127.0.0.1:0"]
        self.arguments = arguments
        self.verb = verb
        self.log = []
        self.port = 0
        self.child = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()

    def _read_log(self):
        for line in self.child.stderr:
            with self._changed:
                try:
                    self.log.append(json.loads(line))
                except ValueError:
                    self.log.append({"message": line.strip(), "level": "raw"})
                entry = self.log[-1]
                if entry.get("message") == "serving" and entry.get("port"):
                    self.port = entry["port"]
                self._changed.notify_all()
        self.child.stderr.close()
        with self._changed:
            self.log.append({"message": "end of log"})
            self._changed.notify_all()

    def wait_for(self, message):
        """Waits until the log has a line with this message; returns it."""
        deadline = time.monotonic() + START_LIMIT_SECONDS
        with self._changed:
            while True:
                for entry in self.log:
                    if entry.get("message") == message:
                        return entry
                if self.log and self.log[-1].get("message") == "end of log":
                    raise AssertionError(f"{self.verb} ended before '{message}': {self.log}")
                if not self._changed.wait(timeout=max(0.0, deadline - time.monotonic())) and time.monotonic() > deadline:
                    raise AssertionError(f"{self.verb} did not log '{message}': {self.log[-5:]}")

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def wait_ready(self):
        self.wait_for("ready")
        return self

    def stop(self):
        """SIGTERM; returns the exit code."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(timeout=START_LIMIT_SECONDS)
        self._reader.join(timeout=START_LIMIT_SECONDS)
        return code

    def kill(self):
        """kill -9."""
        self.child.kill()
        self.child.wait()
        self._reader.join(timeout=START_LIMIT_SECONDS)


class Serve:
    """`interdict serve`: one process, one address."""

    def __init__(self, folder, *arguments):
        self.folder = folder
        self.process = Process("serve", "--data", folder, *arguments).wait_ready()

    @property
    def ingest_address(self):
        return self.process.address

    query_address = index_address = ingest_address

    def stop(self):
        return [self.process.stop()]

    def kill(self):
        self.process.kill()


class ThreeProcesses:
    """ingest, index and query as programs of their own, over TCP."""

    def __init__(self, folder):
        self.folder = folder
        self.index = Process("index", "--data", folder).wait_ready()
        self.ingest = Process("ingest", "--index", self.index.address).wait_ready()
        self.query = Process("query", "--index", self.index.address).wait_ready()

    ingest_address = property(lambda self: self.ingest.address)
    query_address = property(lambda self: self.query.address)
    index_address = property(lambda self: self.index.address)

    def stop(self):
        return [process.stop() for process in (self.ingest, self.query, self.index)]

    def kill(self):
        for process in (self.ingest, self.query, self.index):
            process.kill()


def run(*arguments, expect=0, stdin=None):
    """Runs a client verb to its end; returns its standard output. Standard error is part of the message if the code is another."""
    result = subprocess.run([INTERDICT, *arguments], capture_output=True, text=True, input=stdin, timeout=300)
    assert result.returncode == expect, f"interdict {' '.join(arguments)}: exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result.stdout


def run_failing(*arguments, code=1, stdin=None):
    """Runs a verb that must fail with this exit code; returns what it wrote to standard error."""
    result = subprocess.run([INTERDICT, *arguments], capture_output=True, text=True, input=stdin, timeout=300)
    assert result.returncode == code, f"interdict {' '.join(arguments)}: exit {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result.stderr


def json_lines(output):
    return [json.loads(line) for line in output.splitlines() if line]


def channel(address):
    return grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", 64 << 20), ("grpc.max_send_message_length", 256 << 20)])


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="interdict-")


# Places, conveyances and people of seizures that have nothing to do with each other.
_CASES = (
    ("Piraeus", "lorry", "Nikos Galanis", "14 January 2003"), ("Tema", "fishing boat", "Kofi Asare", "2 March 2011"),
    ("Odesa", "railway wagon", "Taras Melnyk", "27 May 1998"), ("Callao", "yacht", "Julio Quispe", "9 August 2015"),
    ("Karachi", "minibus", "Imran Baloch", "30 October 2007"), ("Aqaba", "tanker lorry", "Yazan Haddad", "18 December 2019"),
    ("Rotterdam", "reefer container", "Pieter Kuiper", "6 February 2012"), ("Mombasa", "dhow", "Juma Mwangi", "21 April 2005"),
    ("Gdansk", "caravan", "Marek Zielinski", "11 June 2009"), ("Da Nang", "barge", "Pham Quoc Bao", "3 July 2017"),
    ("Tangier", "camper van", "Driss Amrani", "25 September 2001"), ("Santos", "tugboat", "Caio Barreto", "16 November 2013"),
    ("Baku", "horse box", "Elchin Guliyev", "8 January 2021"), ("Durban", "hearse", "Sipho Ndlovu", "29 March 1995"),
    ("Trieste", "ferry cabin", "Goran Babic", "12 May 2014"), ("Chittagong", "rickshaw", "Rafiq Hossain", "4 August 2018"),
)


def unlike_case(number):
    """A short text about a seizure of Kalashnikov rifles; with each number another seizure, which no resolver should merge."""
    place, conveyance, person, day = _CASES[number % len(_CASES)]
    year = int(day[-4:]) + number // len(_CASES)
    return (f"{place}: {person} was arrested on {day[:-4]}{year} when police found {37 * number + 12} Kalashnikov rifles in a {conveyance}. "
            f"The {conveyance} had come into {place} overnight; {person.split()[-1]} faces a charge of arms smuggling.")
