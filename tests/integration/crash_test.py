"""kill -9 in the middle of a stream of submissions and judgements, again and again: every acknowledged document and judgement is there, none
twice, and the store equals a rebuild from the log. INTERDICT_CRASH_ROUNDS sets how many rounds (default 6)."""

import os
import random
import threading
import time
import unittest

import grpc
import harness
from interdict.v1 import incident_pb2, ingest_service_pb2, ingest_service_pb2_grpc, query_service_pb2, query_service_pb2_grpc

ROUNDS = int(os.environ.get("INTERDICT_CRASH_ROUNDS", "6"))
SEED = int(os.environ.get("INTERDICT_CRASH_SEED", "1"))


def text_of(number):
    """Of every two documents one tells of a seizure of its own, and one retells a seizure that grows and grows."""
    if number % 2:
        return f"{harness.unlike_case(number // 2)} File {number}."
    return (f"Customs officers in Mombasa seized {number + 2} tonnes of ivory on 3 May 2016. Two men were arrested. "
            f"The container was bound for Vietnam, the Kenya Revenue Authority said. File {number}.")


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
        self.judgements = {}  # judgement name → whether it was undone

    def submit_until_killed(self, address, kill):
        """Streams documents; calls `kill` at a random moment, and streams on until the process is back; keeps what was acknowledged."""
        sent = []
        stop = threading.Event()

        def requests():
            while not stop.is_set() and len(sent) < 300:
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

    def judge_until_killed(self, ingest_address, query_address, kill):
        """Judges what stands, and takes some of it back, until the process is killed and back; keeps what was acknowledged."""
        ingest = ingest_service_pb2_grpc.IngestServiceStub(harness.channel(ingest_address))
        query = query_service_pb2_grpc.QueryServiceStub(harness.channel(query_address))
        known = sorted(self.acknowledged)
        killer = threading.Timer(self.random.uniform(0.02, 0.6), kill)
        killer.start()
        for _ in range(100):
            if not killer.is_alive():
                break
            try:
                if self.judgements and self.random.random() < 0.3:
                    name = self.random.choice(sorted(self.judgements))
                    ingest.UndoJudgement(ingest_service_pb2.UndoJudgementRequest(name=name, author="crash", reason="test"), timeout=20)
                    self.judgements[name] = True
                    continue
                pair = [query.GetDocument(query_service_pb2.GetDocumentRequest(name=name), timeout=20).document
                        for name in self.random.sample(known, 2)]
                request = ingest_service_pb2.SubmitJudgementRequest()
                request.judgement.author, request.judgement.reason = "crash", "test"
                incidents = sorted({document.incidents[0] for document in pair if document.incidents})
                if len(incidents) == 2:
                    request.judgement.same.subjects.extend(incidents)
                elif incidents:
                    request.judgement.confirm.incident = incidents[0]
                else:
                    continue
                self.judgements[ingest.SubmitJudgement(request, timeout=20).judgement.name] = False
            except grpc.RpcError:
                continue  # killed in the middle, or another judgement was faster; what was not acknowledged counts for nothing
        killer.join()

    def check(self, ingest_address, query_address, index_address):
        """All that was ever acknowledged can be read, once, and the digest is that of a rebuild."""
        query = query_service_pb2_grpc.QueryServiceStub(harness.channel(query_address))
        for name, (number, position) in self.acknowledged.items():
            document = query.GetDocument(query_service_pb2.GetDocumentRequest(name=name, read_after=position), timeout=60, wait_for_ready=True).document
            self.assertTrue(document.text.endswith(f"File {number}."), name)
            self.assertEqual(sum(sighting.count for sighting in document.sightings), 1, f"{name} was counted twice")
        # Judgements that nobody waits for move reports until they are all decided.
        deadline = time.monotonic() + 60
        while (lost := self.lost_reports(query)) and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(lost, [])
        self.check_judgements(query)
        answer = harness.run("admin", "rebuild", "--server", index_address)
        self.assertIn("(the same)", answer)
        self.assertIn("0 problem(s)", harness.run("admin", "verify", "--server", index_address))

    def lost_reports(self, query):
        """What does not hold of the incidents that the acknowledged documents report; nothing when all is decided."""
        reported, lost = {}, []  # incident → acknowledged documents that report it
        for name in self.acknowledged:
            incidents = query.GetDocument(query_service_pb2.GetDocumentRequest(name=name), timeout=60).document.incidents
            if len(incidents) == 1:
                reported.setdefault(incidents[0], []).append(name)
            else:
                lost.append(f"{name} makes {len(incidents)} incidents")
        for incident, documents in reported.items():
            record = query.GetIncident(query_service_pb2.GetIncidentRequest(name=incident), timeout=60).incident
            if record.state != incident_pb2.Incident.STATE_ACTIVE:
                lost.append(f"{incident} is in state {record.state}")
            # What was sent and not acknowledged may be there as well.
            if record.report_count < len(documents):
                lost.append(f"{incident} has {record.report_count} reports, {len(documents)} documents report it")
        if len(reported) >= len(self.acknowledged):
            lost.append("nothing was merged: the test means less than it should")
        return lost

    def check_judgements(self, query):
        listed, token = {}, ""
        while True:
            page = query.ListJudgements(query_service_pb2.ListJudgementsRequest(page_token=token), timeout=60)
            for judgement in page.judgements:
                self.assertNotIn(judgement.name, listed, "listed twice")
                listed[judgement.name] = judgement
            token = page.next_page_token
            if not token:
                break
        for name, undone in self.judgements.items():
            self.assertIn(name, listed, "an acknowledged judgement is lost")
            if undone:
                self.assertEqual(listed[name].state, listed[name].STATE_UNDONE, name)

    def test_serve(self):
        serve = Restartable("serve", "--data", self.folder.name)
        for number in range(ROUNDS):
            self.submit_until_killed(serve.address, serve.kill_and_restart)
            if number % 2 and len(self.acknowledged) > 1:
                self.judge_until_killed(serve.address, serve.address, serve.kill_and_restart)
        self.assertGreater(len(self.judgements), 0)
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
            if len(self.acknowledged) > 1:
                self.judge_until_killed(ingest.address, query.address, victim.kill_and_restart)
        self.assertGreater(len(self.judgements), 0)
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
