"""A Python service as a client: generated stubs, one call to submit, one to search, offsets checked as Python counts."""

import unittest

import grpc
import harness
from interdict.v1 import ingest_service_pb2, ingest_service_pb2_grpc, query_service_pb2, query_service_pb2_grpc


class PythonClientTest(unittest.TestCase):
    def test_submit_and_search(self):
        with harness.temporary_folder() as folder:
            serve = harness.Serve(folder)
            with grpc.insecure_channel(serve.process.address) as channel:
                request = ingest_service_pb2.SubmitDocumentRequest()
                request.document.content = harness.ARTICLE.read_bytes()
                submitted = ingest_service_pb2_grpc.IngestServiceStub(channel).SubmitDocument(request, timeout=30)
                query = query_service_pb2_grpc.QueryServiceStub(channel)
                found = query.SearchIncidents(query_service_pb2.SearchIncidentsRequest(query="tanks", read_after=submitted.position), timeout=30)
                streamed = [message.incident.name for message in query.StreamIncidents(query_service_pb2.StreamIncidentsRequest(query="tanks"), timeout=30)]
                self.assertEqual(streamed, [incident.name for incident in found.incidents])
                self.assertEqual(len(found.hits), len(found.incidents))
                document = query.GetDocument(query_service_pb2.GetDocumentRequest(name=submitted.document), timeout=30).document
            self.assertTrue(found.incidents)
            source = next(party for incident in found.incidents for party in incident.facts.parties if "Šticha" in party.name)
            for evidence in source.evidence:
                self.assertEqual(document.text.encode()[evidence.begin_byte:evidence.end_byte].decode(), evidence.quote)
            self.assertEqual(serve.stop(), [0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
