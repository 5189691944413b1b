"""Three shards with two replicas each, as programs over one log: they answer as one index does, also when replicas are killed."""

import os
import time
import unittest

import grpc
import harness
from interdict.v1 import ingest_service_pb2, ingest_service_pb2_grpc, query_service_pb2, query_service_pb2_grpc, search_pb2

CASE = (
    "Customs officers at the port of Piraeus seized {number} Kalashnikov rifles hidden in a container on 4 March 2019. "
    "The container had been loaded in Mersin and was bound for Misrata, Libya, the Greek coast guard said."
)
SHARDS = 3


class ShardsTest(unittest.TestCase):
    def setUp(self):
        self.folder = harness.temporary_folder()
        self.running = []
        # The first replica of shard 0 hosts the log and the resolver.
        self.host = self.start("index", "--data", self.path("0a"), "--incident-partitions", str(SHARDS), "--shard", f"0/{SHARDS}")
        self.replicas = {(0, "a"): self.host}
        for shard in range(SHARDS):
            for replica in "ab":
                if (shard, replica) != (0, "a"):
                    self.replicas[shard, replica] = self.start_replica(shard, replica)
        self.whole = self.start("index", "--log", self.host.address, "--data", self.path("whole"))
        self.ingest_process = self.start("ingest", "--index", self.host.address)
        addresses = ",".join(f"{self.replicas[shard, 'a'].address}|{self.replicas[shard, 'b'].address}" for shard in range(SHARDS))
        self.sharded_process = self.start("query", "--index", addresses)
        self.single_process = self.start("query", "--index", self.whole.address)
        self.ingest = ingest_service_pb2_grpc.IngestServiceStub(harness.channel(self.ingest_process.address))
        self.sharded = query_service_pb2_grpc.QueryServiceStub(harness.channel(self.sharded_process.address))
        self.single = query_service_pb2_grpc.QueryServiceStub(harness.channel(self.single_process.address))

    def tearDown(self):
        codes = [process.stop() for process in reversed(self.running) if process.child.poll() is None]
        self.folder.cleanup()
        self.assertEqual(set(codes), {0}, "a process did not stop cleanly")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def start(self, *arguments):
        process = harness.Process(*arguments).wait_ready()
        self.running.append(process)
        return process

    def start_replica(self, shard, replica, port=0):
        return self.start("index", "--log", self.host.address, "--data", self.path(f"{shard}{replica}"), "--shard", f"{shard}/{SHARDS}",
                          "--listen", f"127.0.0.1:{port}")

    def submit(self, text):
        request = ingest_service_pb2.SubmitDocumentRequest()
        request.document.content = text.encode()
        return self.ingest.SubmitDocument(request, timeout=60)

    def search(self, stub, query, position="", **fields):
        return stub.SearchIncidents(query_service_pb2.SearchIncidentsRequest(query=query, read_after=position, **fields), timeout=60)

    def pages(self, stub, query, after_page=None, **fields):
        names, token = [], ""
        while True:
            page = self.search(stub, query, page_token=token, **fields)
            self.assertEqual(len(page.missing_shards), 0)
            names += [incident.name for incident in page.incidents]
            token = page.next_page_token
            if not token:
                return names
            if after_page:
                after_page()
                after_page = None

    def test_three_shards_answer_as_one_and_go_on_without_a_replica(self):
        positions = [self.submit(harness.unlike_case(number)) for number in range(12)]
        positions.append(self.submit(harness.ARTICLE.read_text()))
        for answer in positions:
            # A client reads its own write, wherever it is.
            documents = [stub.GetDocument(query_service_pb2.GetDocumentRequest(name=answer.document, read_after=answer.position), timeout=60).document
                         for stub in (self.sharded, self.single)]
            self.assertTrue(documents[0].incidents)
            self.assertEqual(sorted(documents[0].incidents), sorted(documents[1].incidents))
        for query in ("", "Kalashnikov", "tanks", "nothing-at-all"):
            names = self.pages(self.single, query, page_size=3)
            self.assertEqual(sorted(self.pages(self.sharded, query, page_size=3)), sorted(names), query)
            total = self.search(self.sharded, query, count=search_pb2.COUNT_MODE_EXACT).total
            self.assertEqual((total.count, total.exact), (len(names), True))
        everything = self.pages(self.sharded, "", page_size=3)
        self.assertGreaterEqual(len(everything), 14)
        spread = {shard: self.counted(shard) for shard in range(SHARDS)}
        self.assertTrue(all(spread.values()), f"a shard has nothing to answer: {spread}")
        streamed = [message.incident.name for message in self.sharded.StreamIncidents(query_service_pb2.StreamIncidentsRequest(), timeout=60)]
        self.assertEqual(streamed, everything)

        # One replica of each of two shards is killed in the middle of a list.
        def kill():
            self.replicas[1, "a"].kill()
            self.replicas[2, "b"].kill()
        self.assertEqual(self.pages(self.sharded, "", kill, page_size=3), everything)
        later = self.submit(harness.unlike_case(13))
        self.assertGreater(len(self.search(self.sharded, "", later.position, page_size=1000).incidents), len(everything))

        # A shard without replicas: an error, or a marked answer for those who ask for one.
        self.replicas[1, "b"].kill()
        with self.assertRaises(grpc.RpcError) as refused:
            self.search(self.sharded, "")
        self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAVAILABLE)
        partial = self.search(self.sharded, "", allow_partial=True, page_size=1000)
        self.assertEqual([missing.shard for missing in partial.missing_shards], [1])
        self.assertTrue(0 < len(partial.incidents) < len(everything))
        warning = harness.run_failing("search", "--server", self.sharded_process.address)
        self.assertIn("INDEX_UNAVAILABLE", warning)
        harness.run("search", "--server", self.sharded_process.address, "--partial", "--limit", "100")

        # A replica that comes back catches up and is asked again.
        self.start_replica(1, "a", self.replicas[1, "a"].port)
        complete = self.search_when_reconnected(later.position)
        self.assertTrue(set(everything) <= {incident.name for incident in complete.incidents})

    def search_when_reconnected(self, position):
        """gRPC tries a lost address again after a pause of its own."""
        end = time.monotonic() + harness.START_LIMIT_SECONDS
        while True:
            try:
                return self.search(self.sharded, "", position, page_size=1000)
            except grpc.RpcError as error:
                self.assertEqual(error.code(), grpc.StatusCode.UNAVAILABLE)
                self.assertLess(time.monotonic(), end, "the replica that came back is not asked")
            time.sleep(0.2)

    def counted(self, shard):
        """Incidents of a shard alone, told by the shard itself."""
        output = harness.run("status", "--server", self.replicas[shard, "a"].address, "--json")
        return int(harness.json_lines(output)[0].get("incidentCount", 0))

    def test_a_takedown_reaches_every_shard(self):
        answer = self.submit(CASE.format(number=4242))
        document = self.sharded.GetDocument(query_service_pb2.GetDocumentRequest(name=answer.document, read_after=answer.position), timeout=60).document
        self.assertTrue(document.incidents)
        removed = self.ingest.RemoveDocument(ingest_service_pb2.RemoveDocumentRequest(name=answer.document, reason="court order"), timeout=60)
        self.assertEqual(len(self.search(self.sharded, "Kalashnikov", removed.position).incidents), 0)
        for process in (*self.replicas.values(), self.whole):
            self.assertIn("0 problem(s)", harness.run("admin", "verify", "--server", process.address))
        digests = [harness.json_lines(harness.run("admin", "digest", "--server", self.replicas[2, replica].address, "--json"))[0]["digest"]
                   for replica in "ab"]
        self.assertEqual(digests[0], digests[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
