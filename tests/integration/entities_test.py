"""Entities through the programs: who bears a name, who is who, who is tied to whom; in one process, and with shards."""

import os
import unittest

import grpc
import harness
from interdict.v1 import entity_pb2, entity_search_pb2, incident_pb2, ingest_service_pb2, ingest_service_pb2_grpc, judgement_pb2
from interdict.v1 import query_service_pb2, query_service_pb2_grpc, reference_list_pb2
from lists_test import Sharded

LIST = """<sdnList><publshInformation><Publish_Date>03/14/2021</Publish_Date></publshInformation>
<sdnEntry><uid>77</uid><firstName>Chol Nam</firstName><lastName>KIM</lastName><sdnType>Individual</sdnType>
<dateOfBirthList><dateOfBirthItem><uid>1</uid><dateOfBirth>24 Oct 1963</dateOfBirth><mainEntry>true</mainEntry></dateOfBirthItem></dateOfBirthList></sdnEntry>
<sdnEntry><uid>78</uid><lastName>EXAMPLE MERIDIAN SHIPPING</lastName><sdnType>Entity</sdnType></sdnEntry></sdnList>""".encode()

# Titles of incidents that nobody takes for one another.
STORIES = [
    "Drones for an embargoed country were found in a warehouse at Antwerp",
    "A shipment of cigarettes was stopped on the road to Gdansk",
    "Two tons of ivory left Mombasa as timber",
    "Gold bars were hidden in a coffin at the airport of Entebbe",
]
COUNTRIES = ["BE", "PL", "KE", "UG"]


class Entities:
    def setUp(self):
        self.folder = harness.temporary_folder()
        self.deployment = self.deploy(self.folder.name)
        self.server = self.deployment.query_address
        self.ingest = ingest_service_pb2_grpc.IngestServiceStub(harness.channel(self.deployment.ingest_address))
        self.query = query_service_pb2_grpc.QueryServiceStub(harness.channel(self.server))
        self.count = 0

    def tearDown(self):
        codes = self.deployment.stop()
        self.folder.cleanup()
        self.assertEqual(set(codes), {0}, "a process did not stop cleanly")

    def report(self, *parties):
        """A report of an incident of its own with these parties, as fields of the party."""
        self.count += 1
        request = ingest_service_pb2.SubmitReportRequest()
        title = STORIES[self.count % len(STORIES)]
        text = f"{title}. Named in it: " + "; ".join(party["name"] for party in parties) + "."
        request.input.content = text.encode()
        request.input.content_type = "text/plain"
        request.extractor.name, request.extractor.version = "tests", "1.0.0"
        facts = request.facts.add(title=title)
        facts.field_evidence.add(path="title").evidence.add(begin_byte=0, end_byte=len(title.encode()))
        facts.occurred.edtf = f"20{10 + self.count}-03-{self.count:02}"
        facts.occurred.evidence.add(begin_byte=0, end_byte=len(title.encode()))
        place = facts.places.add(country_code=COUNTRIES[self.count % len(COUNTRIES)], role=incident_pb2.PLACE_ROLE_LOCATION)
        place.evidence.add(begin_byte=0, end_byte=len(title.encode()))
        for party in parties:
            begin = text.encode().index(party["name"].encode())
            told = facts.parties.add(named=True, **party)
            told.evidence.add(begin_byte=begin, end_byte=begin + len(party["name"].encode()))
        return self.ingest.SubmitReport(request, timeout=60)

    def match(self, name, position="", **fields):
        query = entity_search_pb2.MatchQuery(name=name, **fields)
        messages = list(self.query.MatchEntities(
            entity_search_pb2.MatchEntitiesRequest(queries=[query], explain=True, read_after=position), timeout=60))
        self.assertEqual(len(messages), 1)
        return messages[0]

    def entities(self, name, position=""):
        return [match.entity.name for match in self.match(name, position).results[0].matches if match.HasField("entity")]

    def import_list(self):
        def messages():
            yield ingest_service_pb2.ImportReferenceListRequest(list=ingest_service_pb2.ReferenceListImport(
                list_id="ofac-sdn", format=reference_list_pb2.REFERENCE_LIST_FORMAT_OFAC_XML))
            yield ingest_service_pb2.ImportReferenceListRequest(content=LIST)

        return self.ingest.ImportReferenceList(messages(), timeout=60)

    def test_a_name_alone_is_a_suggestion_for_list_and_entities(self):
        position = self.import_list().position
        person = dict(name="Kim Chol Nam", kind=entity_pb2.PARTY_KIND_PERSON, role=entity_pb2.PARTY_ROLE_SUSPECT)
        self.report(dict(person, nationality_code="KP", acting_for="KOMID"))
        last = self.report(dict(person, name="KIM, Chol Nam"))
        found = self.match("Kim Chol Nam", last.position)
        names = [match.entity.name or match.entry.name for match in found.results[0].matches]
        self.assertEqual(len(names), 3)
        self.assertIn("lists/ofac-sdn/entries/77", names)
        self.assertTrue(all(match.score < 1 for match in found.results[0].matches))
        self.assertEqual([(one.name, one.version) for one in found.lists], [("lists/ofac-sdn", "2021-03-14")])
        certain = self.match("Kim Chol Nam", position, birth_date="1963-10-24").results[0].matches[0]
        self.assertEqual((certain.entry.entry_id, certain.score), ("77", 1.0))
        nobody = self.match("Zbigniew Nowhere")
        self.assertEqual((len(nobody.results[0].matches), len(nobody.lists)), (0, 1))
        one, other = self.entities("Kim Chol Nam")
        entity = self.query.GetEntity(entity_search_pb2.GetEntityRequest(name=one), timeout=60)
        self.assertEqual([match.entity.name for match in entity.similar_entities], [other])
        self.assertEqual([match.entry.entry_id for match in entity.list_matches], ["77"])
        self.assertEqual(len(entity.appearances), 1)

    def test_commands(self):
        position = self.import_list().position
        organization = dict(kind=entity_pb2.PARTY_KIND_ORGANIZATION, role=entity_pb2.PARTY_ROLE_SUSPECT)
        police = dict(name="Example Customs", kind=entity_pb2.PARTY_KIND_ORGANIZATION, role=entity_pb2.PARTY_ROLE_AUTHORITY)
        names = ["Alpha Example Trading", "Beta Sample Logistics", "Gamma Model Freight", "Delta Pattern Holding"]
        alpha, beta, gamma, delta = [dict(organization, name=name) for name in names]
        self.report(alpha, beta, police)
        self.report(beta, gamma)
        last = self.report(delta, police)
        (alpha_id,), (gamma_id,), (delta_id,) = [self.entities(name, last.position) for name in (names[0], names[2], names[3])]
        out = harness.run("match", "Example Meridian Shipping Ltd", "--server", self.server)
        self.assertIn("lists/ofac-sdn/entries/78", out)
        self.assertIn("searched lists/ofac-sdn, version 2021-03-14", out)
        out = harness.run("match", "Qwertzuiop Nobody", "--server", self.server)
        self.assertIn("no match", out)
        self.assertIn("searched lists/ofac-sdn", out)
        lines = harness.json_lines(harness.run("match", *names, "--json", "--server", self.server))
        self.assertEqual([line["matches"][0]["entity"]["displayName"] for line in lines[:4]], names)
        out = harness.run("entity", alpha_id, "--server", self.server)
        self.assertIn("Alpha Example Trading", out)
        self.assertIn("suspect", out)
        out = harness.run("network", alpha_id, "--depth", "2", "--server", self.server)
        self.assertIn("Beta Sample Logistics", out)
        self.assertIn("Gamma Model Freight", out)
        self.assertNotIn("Customs", out)
        self.assertNotIn("Delta", out)
        out = harness.run("network", alpha_id, "--depth", "3", "--observers", "--server", self.server)
        self.assertIn("Delta Pattern Holding", out)
        out = harness.run("network", alpha_id, "--to", gamma_id, "--depth", "2", "--server", self.server)
        self.assertIn("Beta Sample Logistics", out)
        harness.run("network", alpha_id, "--to", delta_id, "--depth", "4", "--server", self.server)
        self.assertIn("ENTITY_NOT_FOUND", harness.run_failing("entity", "0" * 32, "--server", self.server))

    def test_a_takedown_takes_the_entity_along(self):
        person = dict(name="Xaviera Qoph Zzyzx", kind=entity_pb2.PARTY_KIND_PERSON, role=entity_pb2.PARTY_ROLE_SUSPECT)
        answer = self.report(person)
        self.assertEqual(len(self.entities("Xaviera Qoph Zzyzx", answer.position)), 1)
        removed = self.ingest.RemoveDocument(ingest_service_pb2.RemoveDocumentRequest(name=answer.document, reason="court order"), timeout=60)
        self.assertEqual(self.entities("Xaviera Qoph Zzyzx", removed.position), [])
        self.assertEqual(self.left_behind(b"Zzyzx", b"zzyzx", b"ZZYZX", b"zyzx"), [])

    def judgements(self, position, *states, **fields):
        """Names of the judgements in these states, read page by page."""
        names, token = [], ""
        while True:
            request = query_service_pb2.ListJudgementsRequest(states=states, page_token=token, read_after=position, **fields)
            page = self.query.ListJudgements(request, timeout=60)
            names += [judgement.name for judgement in page.judgements]
            token = page.next_page_token
            if not token:
                return names

    def test_judgements_are_made_listed_by_state_and_undone(self):
        person = dict(kind=entity_pb2.PARTY_KIND_PERSON, role=entity_pb2.PARTY_ROLE_SUSPECT)
        reports = [self.report(dict(person, name=name)).reports[0] for name in ("Petra Sample", "Ivan Example", "Otto Muster")]
        made = []
        for one, other in ((reports[0], reports[1]), (reports[1], reports[2])):
            judgement = judgement_pb2.Judgement(author="analyst", reason="read both")
            judgement.same.subjects.extend([one, other])
            answer = self.ingest.SubmitJudgement(ingest_service_pb2.SubmitJudgementRequest(judgement=judgement), timeout=60)
            made.append(answer.judgement.name)
        state = judgement_pb2.Judgement
        self.assertEqual(self.judgements(answer.position, state.STATE_ACTIVE, page_size=1), made[::-1])
        undone = self.ingest.UndoJudgement(ingest_service_pb2.UndoJudgementRequest(name=made[0], author="analyst", reason="a slip"), timeout=60)
        self.assertEqual(self.judgements(undone.position, state.STATE_UNDONE), made[:1])
        self.assertEqual(self.judgements(undone.position, state.STATE_ACTIVE), made[1:])
        self.assertEqual(self.judgements(undone.position, state.STATE_ORPHANED, state.STATE_INVALID), [])
        self.assertEqual(self.judgements(undone.position), made[::-1])
        listed = harness.run("judgements", "--state", "undone", "--server", self.server)
        self.assertIn(made[0], listed)
        self.assertNotIn(made[1], listed)
        for wrong in (state.STATE_UNSPECIFIED, 77):
            with self.assertRaises(grpc.RpcError) as refused:
                self.query.ListJudgements(query_service_pb2.ListJudgementsRequest(states=[wrong]), timeout=60)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
            self.assertIn("states", refused.exception.details())

    def left_behind(self, *traces):
        found = []
        for folder, _, files in os.walk(self.folder.name):
            for name in files:
                with open(os.path.join(folder, name), "rb") as file:
                    content = file.read()
                found += [os.path.join(folder, name) for trace in traces if trace in content]
        return found


class ServeEntitiesTest(Entities, unittest.TestCase):
    def deploy(self, folder):
        return harness.Serve(folder)

    def test_rebuild_gives_the_same_and_all_is_sound(self):
        person = dict(kind=entity_pb2.PARTY_KIND_PERSON, role=entity_pb2.PARTY_ROLE_SUSPECT)
        one = self.report(dict(person, name="Petra Sample"), dict(person, name="Ivan Example"))
        other = self.report(dict(person, name="Petra Sample"))
        judgement = judgement_pb2.Judgement(author="analyst", reason="read both")
        judgement.same.subjects.extend([one.reports[0], other.reports[0]])
        answer = self.ingest.SubmitJudgement(ingest_service_pb2.SubmitJudgementRequest(judgement=judgement), timeout=60)
        self.assertEqual(len(self.entities("Petra Sample", answer.position)), 2)
        harness.run("admin", "verify", "--server", self.server)
        harness.run("admin", "rebuild", "--require-same-digest", "--server", self.server)
        self.assertEqual(len(self.entities("Petra Sample")), 2)


class ShardedEntitiesTest(Entities, unittest.TestCase):
    """Two shards of the index, each a process."""

    def deploy(self, folder):
        return Sharded(folder)


if __name__ == "__main__":
    unittest.main()
