"""A small plug-in extractor: reads German customs reports, a language that Interdict itself does not read.

    python3 german_customs.py --listen 127.0.0.1:8700
    interdict serve --extractor 127.0.0.1:8700

It is an example of the contract (proto/interdict/v1/extractor_service.proto), not of good extraction: a word list and one
pattern. A language model goes where `read` stands: let it name the words that support each value, find them in the text, and
send their byte offsets. Ingest drops every value whose span does not hold.

Needs Debian's python3-grpcio and the generated stubs on PYTHONPATH (docs/extractor_plugin.md).
"""

import argparse
import concurrent.futures
import re
import signal
import threading

import grpc
from interdict.v1 import evidence_pb2, extractor_service_pb2, extractor_service_pb2_grpc, incident_pb2

NAME = "german-customs-example"
VERSION = "1.0.0"

# German noun → category of the labelling guidelines, and the offence of trafficking in it.
GOODS = {
    "Gewehre": ("ML1", "OFFENCE_ARMS_TRAFFICKING"),
    "Pistolen": ("ML1", "OFFENCE_ARMS_TRAFFICKING"),
    "Patronen": ("ML3", "OFFENCE_ARMS_TRAFFICKING"),
    "Zigaretten": ("TOBACCO", "OFFENCE_EXCISE_SMUGGLING"),
    "Kokain": ("NARCOTICS", "OFFENCE_NARCOTICS_TRAFFICKING"),
}
SEIZED = re.compile(r"\b(beschlagnahmten?|beschlagnahmt|sichergestellt|stellten? sicher)\b")
GOODS_PATTERN = re.compile(r"\b(?:(\d[\d.]*)\s+)?(" + "|".join(GOODS) + r")\b")


def cite(text, match_begin, match_end):
    """Evidence of a span in characters: offsets count bytes of the UTF-8 text."""
    begin = len(text[:match_begin].encode())
    return evidence_pb2.Evidence(begin_byte=begin, end_byte=begin + len(text[match_begin:match_end].encode()))


def read(text):
    """The facts of the one incident that such a report tells; None where it tells none."""
    seized = SEIZED.search(text)
    found = list(GOODS_PATTERN.finditer(text))
    if not seized or not found:
        return None
    facts = incident_pb2.IncidentFacts()
    action = facts.actions.add(type="ACTION_TYPE_SEIZURE", status="ACTION_STATUS_DONE", confidence=0.8, derivation="DERIVATION_NORMALISED")
    action.evidence.append(cite(text, *seized.span()))
    offences = set()
    for match in found:
        category, offence = GOODS[match.group(2)]
        goods = facts.goods.add(description=match.group(0), category=category, confidence=0.7, derivation="DERIVATION_NORMALISED")
        goods.evidence.append(cite(text, *match.span()))
        if match.group(1):
            goods.quantities.add(value=float(match.group(1).replace(".", "")))
        if offence not in offences:
            offences.add(offence)
            facts.offences.add(offence=offence, confidence=0.6, derivation="DERIVATION_INFERRED").evidence.append(cite(text, *match.span()))
    return facts


class GermanCustoms(extractor_service_pb2_grpc.ExtractorServiceServicer):
    def Extract(self, request, context):
        if request.document.language != "de":
            # Not counted as a failure: ingest goes on and asks for the next document.
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "this extractor reads German")
        answer = extractor_service_pb2.ExtractResponse()
        answer.extractor.name, answer.extractor.version = NAME, VERSION
        facts = read(request.document.text)
        if facts is not None:
            answer.facts.append(facts)
        return answer


def start(address, servicer=None):
    """Serves on HOST:PORT (port 0: any free one); returns the server and its port."""
    options = [("grpc.max_receive_message_length", 20 << 20), ("grpc.max_send_message_length", 20 << 20), ("grpc.so_reuseport", 0)]
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=8), options=options)
    extractor_service_pb2_grpc.add_ExtractorServiceServicer_to_server(servicer or GermanCustoms(), server)
    port = server.add_insecure_port(address)
    if port == 0:
        raise OSError(f"cannot listen on {address}")
    server.start()
    return server, port


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--listen", default="127.0.0.1:8700", help="HOST:PORT (default %(default)s)")
    arguments = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server, port = start(arguments.listen)
    print(f"serving ExtractorService on port {port}", flush=True)
    stop.wait()
    server.stop(grace=5).wait()


if __name__ == "__main__":
    main()
