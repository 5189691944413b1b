"""kill -9 in the middle of a stream of submissions, again and again: every acknowledged document is there, none twice, and the store equals a
rebuild from the log. INTERDICT_CRASH_ROUNDS sets how many rounds (default 6)."""

import os
import random
import threading
import unittest

import grpc
import harness
from interdict.v1 import ingest_service_pb2, ingest_service_pb2_grpc, query_service_pb2, query_service_pb2_grpc

ROUNDS = int(os.environ.get("INTERDICT_CRASH_ROUNDS", "6"))
SEED = int(os.environ.get("INTERDICT_CRASH_SEED", "1"))


def text_of(number):
    return f"{harness.unlike_case(number)} File {number}."


class Restartable:
    """A process that comes back at the same address."""

    def __init__(self, verb, *arguments):
        self.verb, self.arguments = verb, arguments
        self.process = harness.Process(verb, *arguments).wait_ready()
        self.address = self.process.address

    def kill_and_restart(self):
        self.process.kill()
        self.process = harness.Process(self.verb, *self.arguments, "--listen", self.address)
        self.process.wait_ready()

    def stop(self):
        return self.process.stop()


class CrashTest(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(SEED)
        self.folder = harness.temporary_folder()
        self.addCleanup(self.folder.cleanup)
        self.acknowledged = {}  # document name → (number, position)
        self.next_number = 0

    def submit_until_killed(self, address, kill):
        """Streams documents; calls `kill` at a random moment, and streams on until the process is back; keeps what was acknowledged."""
        sent = []
        stop = threading.Event()

        def requests():
            while not stop.is_set() and len(sent) < 100:
                request = ingest_service_pb2.SubmitDocumentsRequest()
                request.submission.document.content = text_of(self.next_number).encode()
                request.submission.request_id = f"crash-{self.next_number}"
                sent.append(self.next_number)
                self.next_number += 1
                yield request

        def kill_then_stop():
            kill()
            stop.set()

        killer = threading.Timer(self.random.uniform(0.02, 0.6), kill_then_stop)
        killer.start()
        stub = ingest_service_pb2_grpc.IngestServiceStub(harness.channel(address))
        try:
            for answer in stub.SubmitDocuments(requests(), timeout=20):
                if answer.HasField("response"):
                    self.acknowledged[answer.response.document] = (sent[answer.ordinal], answer.response.position)
                if not killer.is_alive() and answer.HasField("error"):
                    break
        except grpc.RpcError:
            pass  # the stream broke, as it should
        killer.join()

    def check(self, ingest_address, query_address, index_address):
        """All that was ever acknowledged can be read, once, and the digest is that of a rebuild."""
        query = query_service_pb2_grpc.QueryServiceStub(harness.channel(query_address))
        incidents = {}
        for name, (number, position) in self.acknowledged.items():
            document = query.GetDocument(query_service_pb2.GetDocumentRequest(name=name, read_after=position), timeout=60, wait_for_ready=True).document
            self.assertTrue(document.text.endswith(f"File {number}."), name)
            self.assertEqual(sum(sighting.count for sighting in document.sightings), 1, f"{name} was counted twice")
            incidents[name] = list(document.incidents)
            self.assertEqual(len(incidents[name]), 1, f"{name} makes {len(incidents[name])} incidents")
        for incident in {names[0] for names in incidents.values()}:
            record = query.GetIncident(query_service_pb2.GetIncidentRequest(name=incident), timeout=60).incident
            told = sum(names[0] == incident for names in incidents.values())
            self.assertGreaterEqual(record.report_count, told, f"{incident} has lost reports")
        answer = harness.run("admin", "rebuild", "--server", index_address)
        self.assertIn("(the same)", answer)
        self.assertIn("0 problem(s)", harness.run("admin", "verify", "--server", index_address))

    def test_serve(self):
        serve = Restartable("serve", "--data", self.folder.name)
        for _ in range(ROUNDS):
            self.submit_until_killed(serve.address, serve.kill_and_restart)
        self.check(serve.address, serve.address, serve.address)
        self.assertGreater(len(self.acknowledged), ROUNDS, "too little was acknowledged for the test to mean anything")
        self.assertEqual(serve.stop(), 0)

    def test_each_of_three_processes(self):
        index = Restartable("index", "--data", self.folder.name)
        ingest = Restartable("ingest", "--index", index.address)
        query = Restartable("query", "--index", index.address)
        for number in range(ROUNDS):
            victim = (index, ingest, query)[number % 3]
            self.submit_until_killed(ingest.address, victim.kill_and_restart)
        self.check(ingest.address, query.address, index.address)
        self.assertGreater(len(self.acknowledged), ROUNDS)
        # What was sent and not acknowledged may be there or not; sent again with its request id, it is there once.
        stub = ingest_service_pb2_grpc.IngestServiceStub(harness.channel(ingest.address))
        known = {number for number, _ in self.acknowledged.values()}
        for number in [number for number in range(self.next_number) if number not in known][-20:]:
            request = ingest_service_pb2.SubmitDocumentRequest(request_id=f"crash-{number}")
            request.document.content = text_of(number).encode()
            answer = stub.SubmitDocument(request, timeout=60, wait_for_ready=True)
            self.acknowledged[answer.document] = (number, answer.position)
        self.check(ingest.address, query.address, index.address)
        self.assertEqual([process.stop() for process in (ingest, query, index)], [0, 0, 0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
