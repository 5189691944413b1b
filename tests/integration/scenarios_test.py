"""The same scenarios through `interdict serve` and through three processes: from a file to what a query answers."""

import json
import unittest

import grpc
import harness
from interdict.v1 import document_pb2, ingest_service_pb2, ingest_service_pb2_grpc, query_service_pb2, query_service_pb2_grpc, search_pb2

DOCUMENT = (
    "Customs officers at the port of Piraeus seized 1,200 Kalashnikov rifles hidden in a container on 4 March 2019. "
    "The container had been loaded in Mersin and was bound for Misrata, Libya, the Greek coast guard said."
)


class Scenarios:
    """Runs on self.deployment, which the two classes below make in their ways."""

    def setUp(self):
        self.folder = harness.temporary_folder()
        self.deployment = self.deploy(self.folder.name)
        self.ingest = ingest_service_pb2_grpc.IngestServiceStub(harness.channel(self.deployment.ingest_address))
        self.query = query_service_pb2_grpc.QueryServiceStub(harness.channel(self.deployment.query_address))

    def tearDown(self):
        codes = self.deployment.stop()
        self.folder.cleanup()
        self.assertEqual(set(codes), {0}, "a process did not stop cleanly")

    def submit(self, text, **fields):
        request = ingest_service_pb2.SubmitDocumentRequest()
        request.document.content = text.encode()
        request.request_id = fields.pop("request_id", "")
        for key, value in fields.items():
            setattr(request.document, key, value)
        return self.ingest.SubmitDocument(request, timeout=30)

    def document(self, name, position):
        return self.query.GetDocument(query_service_pb2.GetDocumentRequest(name=name, read_after=position), timeout=30).document

    def search(self, words, position="", **fields):
        return self.query.SearchIncidents(
            query_service_pb2.SearchIncidentsRequest(query=words, read_after=position, **fields), timeout=30)

    def test_reprocess_passes_over_what_is_up_to_date(self):
        submitted = self.submit(DOCUMENT, url="https://news.example/piraeus")
        self.document(submitted.document, submitted.position)
        answers = list(self.ingest.ReprocessDocuments(ingest_service_pb2.ReprocessDocumentsRequest(), timeout=60))
        self.assertTrue(answers[-1].done)
        self.assertEqual((answers[-1].examined_count, answers[-1].skipped_count, answers[-1].reprocessed_count), (1, 1, 0))
        told = harness.run("reprocess", "--server", self.deployment.ingest_address, "--dry-run")
        self.assertIn("1 of 1 entries looked at: 0 documents to read again, 1 passed over, 0 failed", told)
        with self.assertRaises(grpc.RpcError) as refused:
            list(self.ingest.ReprocessDocuments(ingest_service_pb2.ReprocessDocumentsRequest(resume_token="x"), timeout=60))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.assertEqual(self.document(submitted.document, "").sightings[0].count, 1)

    def test_article_from_file_to_search(self):
        lines = harness.json_lines(harness.run("submit", "--server", self.deployment.ingest_address, "--json", str(harness.ARTICLE)))
        self.assertEqual([line["id"] for line in lines], ["czech-dprk-2021"])
        self.assertEqual(lines[0]["outcome"], "accepted")
        again = self.submit(harness.ARTICLE.read_text())
        self.assertEqual(again.outcome, ingest_service_pb2.SUBMISSION_OUTCOME_DUPLICATE)
        self.assertEqual(again.document, lines[0]["document"])
        document = self.document(again.document, again.position)
        self.assertGreaterEqual(len(document.incidents), 2)
        self.assertEqual(sum(sighting.count for sighting in document.sightings), 2)
        found = self.search("tanks diplomat Šticha", again.position)
        self.assertTrue(found.read_position)
        names = [incident.name for incident in found.incidents]
        self.assertTrue(set(names) <= set(document.incidents) and names)
        # Diacritics and case do not count.
        self.assertEqual([incident.name for incident in self.search("TANKS sticha").incidents], names)
        # The command tells the same.
        printed = harness.json_lines(harness.run("search", "--server", self.deployment.query_address, "--json", "tanks", "diplomat", "Šticha"))
        self.assertEqual([line["name"] for line in printed], names)

    def test_evidence_bytes_are_those_of_the_text(self):
        answer = self.submit(harness.ARTICLE.read_text())
        text = self.document(answer.document, answer.position).text.encode()
        incident = self.query.GetIncident(
            query_service_pb2.GetIncidentRequest(name=self.document(answer.document, "").incidents[0]), timeout=30).incident
        spans = [evidence for party in incident.facts.parties for evidence in party.evidence]
        self.assertTrue(any("Šticha" in evidence.quote for evidence in spans))
        for evidence in spans:
            self.assertEqual(text[evidence.begin_byte:evidence.end_byte].decode(), evidence.quote)

    def test_changed_page_supersedes(self):
        first = self.submit(DOCUMENT, url="https://example.org/a")
        second = self.submit(DOCUMENT + " Two men were arrested.", url="https://example.org/a")
        self.assertNotEqual(first.document, second.document)
        self.assertEqual(self.document(first.document, second.position).superseded_by, second.document)
        self.assertEqual(self.document(second.document, "").supersedes, first.document)

    def test_request_id_counts_once(self):
        first = self.submit(DOCUMENT, request_id="request-1")
        # Whatever the index knew by then, the second is no further sighting.
        self.document(first.document, first.position)
        second = self.submit(DOCUMENT, request_id="request-1")
        self.assertEqual(second.outcome, ingest_service_pb2.SUBMISSION_OUTCOME_REPLAYED)
        document = self.document(first.document, second.position)
        self.assertEqual([sighting.count for sighting in document.sightings], [1])

    def test_removed_document_is_gone(self):
        answer = self.submit(DOCUMENT)
        incidents = self.document(answer.document, answer.position).incidents
        self.assertTrue(incidents)
        harness.run("admin", "erase", "--server", self.deployment.ingest_address, answer.document, "--reason", "court order 12") \
            if self.deployment.ingest_address == self.deployment.query_address else \
            self.ingest.RemoveDocument(ingest_service_pb2.RemoveDocumentRequest(name=answer.document, reason="court order 12"), timeout=60)
        removed = self.ingest.RemoveDocument(ingest_service_pb2.RemoveDocumentRequest(name=answer.document, reason="again"), timeout=60)
        document = self.document(answer.document, removed.position)
        self.assertEqual(document.state, document_pb2.Document.STATE_REMOVED)
        self.assertEqual(document.text, "")
        self.assertEqual(len(self.search("Kalashnikov").incidents), 0)
        with self.assertRaises(grpc.RpcError) as refused:
            self.submit(DOCUMENT)
        self.assertEqual(refused.exception.code(), grpc.StatusCode.FAILED_PRECONDITION)

    def test_stream_answers_each_document(self):
        def requests():
            for number in range(60):
                request = ingest_service_pb2.SubmitDocumentsRequest()
                request.submission.document.content = b"" if number % 10 == 9 else f"{DOCUMENT} Case {number}.".encode()
                yield request
        answers = {answer.ordinal: answer for answer in self.ingest.SubmitDocuments(requests(), timeout=120)}
        self.assertEqual(sorted(answers), list(range(60)))
        for number, answer in answers.items():
            if number % 10 == 9:
                self.assertEqual((answer.error.code, answer.error.field), (grpc.StatusCode.INVALID_ARGUMENT.value[0], "document.content"))
            else:
                self.assertEqual(answer.response.outcome, ingest_service_pb2.SUBMISSION_OUTCOME_ACCEPTED)

    def test_pages_follow_each_other(self):
        answers = [self.submit(harness.unlike_case(number)) for number in range(7)]
        for answer in answers:
            self.document(answer.document, answer.position)
        seen, token = [], ""
        while True:
            page = self.search("Kalashnikov", page_size=3, page_token=token)
            seen += [incident.name for incident in page.incidents]
            token = page.next_page_token
            # What comes in meanwhile does not shift the pages.
            self.submit(harness.unlike_case(10 + len(seen)))
            if not token:
                break
        self.assertEqual(len(seen), 7)
        self.assertEqual(len(set(seen)), 7)

    def test_a_stream_goes_on_behind_its_token(self):
        answers = [self.submit(harness.unlike_case(number)) for number in range(5)]
        for answer in answers:
            self.document(answer.document, answer.position)
        request = query_service_pb2.StreamIncidentsRequest(query="Kalashnikov")
        messages = list(self.query.StreamIncidents(request, timeout=30))
        names = [message.incident.name for message in messages]
        self.assertEqual(names, [incident.name for incident in self.search("Kalashnikov").incidents])
        self.assertEqual(len(names), 5)
        request.resume_token = messages[1].resume_token
        rest = [message.incident.name for message in self.query.StreamIncidents(request, timeout=30)]
        self.assertEqual(rest, names[2:])
        request.query = "Piraeus"
        with self.assertRaises(grpc.RpcError) as refused:
            list(self.query.StreamIncidents(request, timeout=30))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)

    def test_counts_say_how_exact_they_are(self):
        answer = self.submit(DOCUMENT)
        found = self.search("Kalashnikov", answer.position, count=search_pb2.COUNT_MODE_EXACT)
        self.assertEqual((found.total.count, found.total.exact), (len(found.incidents), True))
        self.assertFalse(self.search("Kalashnikov").HasField("total"))

    def test_bad_input_is_answered_with_its_field(self):
        cases = [
            (lambda: self.submit(""), grpc.StatusCode.INVALID_ARGUMENT, "document.content"),
            (lambda: self.submit("<html><body><script>1</script></body></html>", content_type="text/html"), grpc.StatusCode.INVALID_ARGUMENT,
             "document.content"),
            (lambda: self.submit(DOCUMENT, content_type="application/pdf"), grpc.StatusCode.INVALID_ARGUMENT, "document.content_type"),
            (lambda: self.submit(DOCUMENT, published="2021-02-30"), grpc.StatusCode.INVALID_ARGUMENT, "document.published"),
            (lambda: self.submit(DOCUMENT, published="2999-01-01"), grpc.StatusCode.INVALID_ARGUMENT, "document.published"),
            (lambda: self.submit(DOCUMENT, tlp=77), grpc.StatusCode.INVALID_ARGUMENT, "document.tlp"),
            (lambda: self.search("x", page_size=-1), grpc.StatusCode.INVALID_ARGUMENT, "page_size"),
            (lambda: self.search("x", filter="x" * 20000), grpc.StatusCode.INVALID_ARGUMENT, "filter"),
            (lambda: self.query.AggregateIncidents(query_service_pb2.AggregateIncidentsRequest()), grpc.StatusCode.INVALID_ARGUMENT, "by"),
            (lambda: list(self.query.StreamIncidents(query_service_pb2.StreamIncidentsRequest(resume_token="garbage"))),
             grpc.StatusCode.INVALID_ARGUMENT, "resume_token"),
            (lambda: self.search("x", page_token="garbage"), grpc.StatusCode.INVALID_ARGUMENT, "page_token"),
            (lambda: self.search("x", position="garbage"), grpc.StatusCode.INVALID_ARGUMENT, "read_after"),
            (lambda: self.query.GetIncident(query_service_pb2.GetIncidentRequest(name="incidents/\0")), grpc.StatusCode.INVALID_ARGUMENT, "name"),
            (lambda: self.query.GetIncident(query_service_pb2.GetIncidentRequest(name="")), grpc.StatusCode.INVALID_ARGUMENT, "name"),
            (lambda: self.query.GetIncident(query_service_pb2.GetIncidentRequest(name="incidents/" + "0" * 32)), grpc.StatusCode.NOT_FOUND, ""),
        ]
        for number, (call, code, field) in enumerate(cases):
            with self.subTest(number=number), self.assertRaises(grpc.RpcError) as refused:
                call()
            self.assertEqual(refused.exception.code(), code)
            self.assertIn(field, refused.exception.details())
        # A page size beyond the limit is lowered, not refused.
        self.search("x", page_size=10**9)

    def test_a_document_far_too_large_is_refused_and_the_server_lives(self):
        with self.assertRaises(grpc.RpcError) as refused:
            self.submit("x" * (100 << 20))
        self.assertIn(refused.exception.code(), (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INVALID_ARGUMENT))
        self.assertEqual(self.submit(DOCUMENT).outcome, ingest_service_pb2.SUBMISSION_OUTCOME_ACCEPTED)

    def test_invalid_utf8_is_read_and_counted_not_fatal(self):
        request = ingest_service_pb2.SubmitDocumentRequest()
        request.document.content = (DOCUMENT + " Šticha, Kőszeg, Łódź, Příbram.").encode() + b" \xff broken"
        request.document.content_type = "text/plain; charset=utf-8"
        answer = self.ingest.SubmitDocument(request, timeout=30)
        self.assertIn("\ufffd", self.document(answer.document, answer.position).text)

    def test_logs_hold_no_text(self):
        self.submit(DOCUMENT)
        self.search("Kalashnikov")
        processes = [value for value in vars(self.deployment).values() if isinstance(value, harness.Process)]
        logs = json.dumps([process.log for process in processes])
        for word in ("Kalashnikov", "Piraeus", "Misrata"):
            self.assertNotIn(word, logs)


class ServeTest(Scenarios, unittest.TestCase):
    def deploy(self, folder):
        return harness.Serve(folder)


class ThreeProcessesTest(Scenarios, unittest.TestCase):
    def deploy(self, folder):
        return harness.ThreeProcesses(folder)


if __name__ == "__main__":
    unittest.main(verbosity=2)
