"""The example plug-in extractor beside the real server: healthy, slow, lying, dying and coming back."""

import pathlib
import sys
import threading
import time
import unittest

import grpc
import harness
from interdict.v1 import extractor_service_pb2_grpc, ingest_service_pb2, ingest_service_pb2_grpc, query_service_pb2, query_service_pb2_grpc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "examples" / "extractor_plugin"))
import german_customs

STORY = (
    "Rostock, 3. Mai 2021. Zöllner haben am Montag im Hafen von Rostock einen Lastwagen angehalten und durchsucht. "
    "Dabei wurden 40 Gewehre und 1.200 Patronen sichergestellt, wie das Hauptzollamt am Dienstag mitteilte. "
    "Der Fahrer, ein 43 Jahre alter Mann, wurde vorläufig festgenommen. Die Ermittlungen dauern an. Nummer {number}."
)
State = ingest_service_pb2.PluginResult.State


class Unreliable(extractor_service_pb2_grpc.ExtractorServiceServicer):
    """The example, made slow or a liar by the test."""

    def __init__(self):
        self.wait_until_set = None
        self.lie = False
        self.example = german_customs.GermanCustoms()

    def Extract(self, request, context):
        if self.wait_until_set:
            self.wait_until_set.wait(timeout=60)
        answer = self.example.Extract(request, context)
        if self.lie:
            goods = answer.facts[0].goods.add(description="20 Panzer", category="ML6", confidence=0.9)
            goods.evidence.add(begin_byte=0, end_byte=9, quote="20 Panzer")
        return answer


class PluginExtractorTest(unittest.TestCase):
    def setUp(self):
        self.plugin = Unreliable()
        self.server, self.port = german_customs.start("127.0.0.1:0", self.plugin)
        self.addCleanup(lambda: self.server.stop(grace=None))
        folder = harness.temporary_folder()
        self.serve = harness.Serve(folder.__enter__(), "--extractor", f"127.0.0.1:{self.port}", "--extractor-timeout-seconds", "1")
        self.addCleanup(folder.__exit__, None, None, None)
        self.addCleanup(self.serve.stop)
        self.channel = grpc.insecure_channel(self.serve.process.address)
        self.addCleanup(self.channel.close)
        self.ingest = ingest_service_pb2_grpc.IngestServiceStub(self.channel)
        self.query = query_service_pb2_grpc.QueryServiceStub(self.channel)

    def submit(self, number):
        request = ingest_service_pb2.SubmitDocumentRequest()
        request.document.content = STORY.format(number=number).encode()
        return self.ingest.SubmitDocument(request, timeout=30)

    def goods_of(self, answer):
        """Categories of the incident that the plug-in's report became, and the quotes that they rest on."""
        found = self.query.SearchIncidents(query_service_pb2.SearchIncidentsRequest(query="Gewehre", read_after=answer.position), timeout=30)
        document = self.query.GetDocument(query_service_pb2.GetDocumentRequest(name=answer.document), timeout=30).document
        goods = []
        for incident in found.incidents:
            if answer.document not in [source.document for source in incident.sources]:
                continue
            for each in incident.facts.goods:
                for span in each.evidence:
                    self.assertEqual(document.text.encode()[span.begin_byte:span.end_byte].decode(), span.quote)
                goods.append((each.category, each.description))
        return goods

    def test_a_language_that_interdict_does_not_read(self):
        answer = self.submit(1)
        self.assertEqual(list(answer.reports), [])
        self.assertEqual(answer.plugin.state, State.STATE_REPORTED, answer.plugin.problem)
        self.assertEqual((answer.plugin.extractor.name, len(answer.plugin.reports)), ("german-customs-example", 1))
        self.assertEqual(self.goods_of(answer), [("ML1", "40 Gewehre"), ("ML3", "1.200 Patronen")])

    def test_an_english_document_is_declined_and_stored(self):
        request = ingest_service_pb2.SubmitDocumentRequest()
        request.document.content = harness.ARTICLE.read_bytes()
        answer = self.ingest.SubmitDocument(request, timeout=30)
        self.assertTrue(answer.reports)
        self.assertEqual(answer.plugin.state, State.STATE_DECLINED)

    def test_lies_are_dropped(self):
        self.plugin.lie = True
        answer = self.submit(1)
        self.assertEqual((answer.plugin.state, answer.plugin.dropped_values), (State.STATE_REPORTED, 1))
        self.assertEqual(self.goods_of(answer), [("ML1", "40 Gewehre"), ("ML3", "1.200 Patronen")])

    def test_a_slow_one_costs_its_own_report_only(self):
        self.plugin.wait_until_set = threading.Event()
        answer = self.submit(1)
        self.assertEqual(answer.outcome, ingest_service_pb2.SUBMISSION_OUTCOME_ACCEPTED)
        self.assertEqual(answer.plugin.state, State.STATE_FAILED)
        self.assertIn("DEADLINE_EXCEEDED", answer.plugin.problem)
        self.plugin.wait_until_set.set()
        self.plugin.wait_until_set = None
        again = self.submit(1)
        self.assertEqual(again.outcome, ingest_service_pb2.SUBMISSION_OUTCOME_REEXTRACTED)
        self.assertEqual(again.plugin.state, State.STATE_REPORTED)

    def test_a_dead_one_is_left_alone_and_found_again(self):
        self.server.stop(grace=None).wait()
        states = [self.submit(number).plugin.state for number in range(7)]
        self.assertEqual(states, [State.STATE_FAILED] * 5 + [State.STATE_SKIPPED] * 2)
        self.serve.process.wait_for("the plug-in extractor fails; it is not asked for a while")
        self.server, _ = german_customs.start(f"127.0.0.1:{self.port}", self.plugin)
        # The breaker lets a probe through after ten seconds.
        for _ in range(60):
            answer = self.submit(100)
            if answer.plugin.state == State.STATE_REPORTED:
                break
            time.sleep(1)
        self.assertEqual(answer.plugin.state, State.STATE_REPORTED)
        self.serve.process.wait_for("the plug-in extractor answers again")
        self.assertEqual(self.submit(3).plugin.state, State.STATE_REPORTED)


if __name__ == "__main__":
    unittest.main(verbosity=2)
