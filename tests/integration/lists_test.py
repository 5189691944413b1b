"""Reference lists from the publisher's file to what is in force, through the programs: one process, three, and with shards."""

import os
import pathlib
import unittest

import grpc
import harness
from interdict.v1 import ingest_service_pb2, ingest_service_pb2_grpc, query_service_pb2, query_service_pb2_grpc, reference_list_pb2

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "testdata" / "lists"
BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE sdnList [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sdnList>&b;</sdnList>"""


def ofac(entries, date="03/14/2021"):
    """An OFAC file of (uid, name) rows."""
    rows = "".join(f"<sdnEntry><uid>{uid}</uid><lastName>{name}</lastName><sdnType>Entity</sdnType></sdnEntry>" for uid, name in entries)
    return f"<sdnList><publshInformation><Publish_Date>{date}</Publish_Date></publshInformation>{rows}</sdnList>".encode()


class Lists:
    """Runs on self.deployment, which the classes below make in their ways."""

    def setUp(self):
        self.folder = harness.temporary_folder()
        self.deployment = self.deploy(self.folder.name)
        self.ingest = ingest_service_pb2_grpc.IngestServiceStub(harness.channel(self.deployment.ingest_address))
        self.query = query_service_pb2_grpc.QueryServiceStub(harness.channel(self.deployment.query_address))

    def tearDown(self):
        codes = self.deployment.stop()
        self.folder.cleanup()
        self.assertEqual(set(codes), {0}, "a process did not stop cleanly")

    def import_list(self, content, list_id="ofac-sdn", format=reference_list_pb2.REFERENCE_LIST_FORMAT_OFAC_XML, piece=1000, **fields):
        def messages():
            yield ingest_service_pb2.ImportReferenceListRequest(
                list=ingest_service_pb2.ReferenceListImport(list_id=list_id, format=format, **fields))
            for at in range(0, len(content), piece):
                yield ingest_service_pb2.ImportReferenceListRequest(content=content[at:at + piece])

        return self.ingest.ImportReferenceList(messages(), timeout=60)

    def lists(self, position=""):
        return self.query.ListReferenceLists(query_service_pb2.ListReferenceListsRequest(read_after=position), timeout=30).lists

    def refused(self, content, reason, **fields):
        with self.assertRaises(grpc.RpcError) as raised:
            self.import_list(content, **fields)
        self.assertEqual(raised.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        details = dict(raised.exception.trailing_metadata())
        self.assertIn(reason.encode(), details["grpc-status-details-bin"])
        return raised.exception.details()

    def test_versions_differ_delist_and_come_back(self):
        first = self.import_list(ofac([(1, "ALPHA"), (2, "BETA"), (3, "GAMMA")]), title="Example list")
        self.assertEqual((first.added_count, first.changed_count, first.delisted_count, first.unchanged), (3, 0, 0, False))
        (listed,) = self.lists(first.position)
        self.assertEqual((listed.name, listed.title, listed.version, listed.entry_count), ("lists/ofac-sdn", "Example list", "2021-03-14", 3))
        self.assertTrue(listed.import_time.seconds)
        same = self.import_list(ofac([(3, "GAMMA"), (1, "ALPHA"), (2, "BETA")]))
        self.assertTrue(same.unchanged)
        self.assertEqual(same.position, "")
        younger = self.import_list(ofac([(1, "ALPHA"), (2, "BETA"), (3, "GAMMA")], date="03/15/2021"))
        self.assertTrue(younger.unchanged)
        self.assertEqual(self.lists(younger.position)[0].version, "2021-03-15")
        dry = self.import_list(ofac([(1, "ALPHA"), (4, "DELTA")], date="03/16/2021"), validate_only=True)
        self.assertEqual((dry.added_count, dry.delisted_count, dry.position), (1, 2, ""))
        second = self.import_list(ofac([(1, "ALPHA"), (2, "BETA LTD"), (4, "DELTA")], date="03/16/2021"))
        self.assertEqual((second.added_count, second.changed_count, second.delisted_count), (1, 1, 1))
        self.assertEqual(second.previous_version, "2021-03-15")
        (listed,) = self.lists(second.position)
        self.assertEqual((listed.entry_count, listed.delisted_count, listed.title), (3, 1, "Example list"))
        third = self.import_list(ofac([(1, "ALPHA"), (2, "BETA LTD"), (3, "GAMMA"), (4, "DELTA")], date="03/17/2021"))
        self.assertEqual((third.added_count, third.changed_count, third.delisted_count), (1, 0, 0))
        self.assertEqual(self.lists(third.position)[0].delisted_count, 0)

    def test_bad_files_change_nothing(self):
        good = ofac([(1, "ALPHA"), (2, "BETA")])
        before = self.import_list(good)
        self.assertIn("line 1, column", self.refused(good[:-20], "LIST_MALFORMED"))
        self.assertIn("entities", self.refused(BILLION_LAUGHS, "LIST_MALFORMED"))
        self.refused(ofac([]), "LIST_EMPTY")
        self.refused(ofac([(1, "!!! ...")]), "LIST_EMPTY")
        self.refused(b"", "LIST_MALFORMED")
        self.refused(good, "INVALID_FIELD", list_id="No such id")
        self.refused(good, "INVALID_FIELD", format=0)
        self.refused(good, "INVALID_FIELD", version_date="yesterday")
        self.refused(good, "LIST_MALFORMED", format=reference_list_pb2.REFERENCE_LIST_FORMAT_UN_XML)
        (listed,) = self.lists(before.position)
        self.assertEqual(listed.entry_count, 2)

    def test_many_entries_come_in_chunks(self):
        names = [(uid, f"EXAMPLE COMPANY NUMBER {uid} " + "X" * 300) for uid in range(1, 12001)]
        answer = self.import_list(ofac(names), piece=1 << 20)
        self.assertEqual(answer.added_count, 12000)
        self.assertEqual(self.lists(answer.position)[0].entry_count, 12000)
        answer = self.import_list(ofac(names[1:], date="03/15/2021"), piece=1 << 20)
        self.assertEqual((answer.added_count, answer.changed_count, answer.delisted_count), (0, 0, 1))

    def test_command(self):
        server = self.deployment.ingest_address
        out = harness.run("list", "import", str(SAMPLES / "un.xml"), "--list", "un", "--format", "un-xml", "--server", server)
        self.assertIn("lists/un, version 2021-03-02: 2 entries; 2 added, 0 changed, 0 delisted", out)
        out = harness.run("list", "import", str(SAMPLES / "ofac.xml"), "--list", "ofac-sdn", "--format", "ofac-xml", "--server", server, "--json")
        self.assertEqual(harness.json_lines(out)[0]["leftOutCount"], "1")
        out = harness.run("list", "status", "--server", self.deployment.query_address)
        self.assertIn("lists/ofac-sdn", out)
        self.assertIn("version 2021-03-02", out)
        self.assertIn("days old", out)
        message = harness.run_failing("list", "import", str(SAMPLES / "un.xml"), "--list", "un", "--format", "eu-xml", "--server", server)
        self.assertIn("root element", message)


class ServeListsTest(Lists, unittest.TestCase):
    def deploy(self, folder):
        return harness.Serve(folder, "--intake-partitions", "2", "--incident-partitions", "2")

    def test_rebuild_gives_the_same_and_all_is_sound(self):
        self.import_list(ofac([(1, "ALPHA"), (2, "BETA"), (3, "GAMMA")]))
        self.import_list(ofac([(1, "ALPHA"), (2, "BETA 2")], date="03/16/2021"))
        server = self.deployment.ingest_address
        harness.run("admin", "verify", "--server", server)
        harness.run("admin", "rebuild", "--require-same-digest", "--server", server)
        (listed,) = self.lists()
        self.assertEqual((listed.entry_count, listed.delisted_count), (2, 1))


class ShardedListsTest(Lists, unittest.TestCase):
    """Two shards of the index, each a process."""

    def deploy(self, folder):
        return Sharded(folder)


class Sharded:
    def __init__(self, folder):
        self.first = harness.Process("index", "--data", os.path.join(folder, "0"), "--incident-partitions", "2", "--shard", "0/2").wait_ready()
        self.second = harness.Process("index", "--log", self.first.address, "--data", os.path.join(folder, "1"), "--shard", "1/2").wait_ready()
        self.ingest = harness.Process("ingest", "--index", self.first.address).wait_ready()
        self.query = harness.Process("query", "--index", f"{self.first.address},{self.second.address}").wait_ready()

    ingest_address = property(lambda self: self.ingest.address)
    query_address = property(lambda self: self.query.address)

    def stop(self):
        return [process.stop() for process in (self.ingest, self.query, self.second, self.first)]


if __name__ == "__main__":
    unittest.main()
