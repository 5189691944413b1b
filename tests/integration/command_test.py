"""The command as a person or a script uses it: verbs, exit codes, messages, config precedence, stopped stores."""

import gzip
import json
import os
import pathlib
import socket
import subprocess
import unittest
import urllib.request

import harness

TEXT = "Police in Durban arrested two men and seized 40 kg of rhino horn on 3 May 2022. The horn was bound for Vietnam, the police said."


class ClientVerbsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = harness.temporary_folder()
        cls.serve = harness.Serve(cls.folder.name + "/data", "--metrics-listen", "127.0.0.1:0")
        cls.server = ["--server", cls.serve.process.address]

    @classmethod
    def tearDownClass(cls):
        cls.serve.stop()
        cls.folder.cleanup()

    def path(self, name, content):
        path = pathlib.Path(self.folder.name) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return str(path)

    def test_submit_waits_and_names_the_incidents(self):
        lines = harness.json_lines(harness.run("submit", *self.server, "--json", "--wait", self.path("durban.txt", TEXT)))
        self.assertEqual([line["id"] for line in lines], ["durban", "durban"])
        self.assertIn("outcome", lines[0])
        self.assertTrue(lines[1]["incidents"])
        shown = harness.run("show", *self.server, lines[1]["incidents"][0])
        self.assertIn("rhino horn", shown)
        record = json.loads(harness.run("show", *self.server, "--json", lines[1]["incidents"][0]))
        self.assertEqual(record["name"], lines[1]["incidents"][0])
        self.assertTrue(record["reports"])
        self.assertIn("rhino horn", harness.run("show", *self.server, lines[0]["document"]))

    def test_submit_takes_folders_json_lines_and_standard_input(self):
        self.path("many/a.txt", TEXT + " A.")
        self.path("many/deep/b.html", f"<html><body><p>{TEXT} B.</p></body></html>")
        self.path("many/ignored.pdf", "no document")
        self.path("many/c.jsonl", json.dumps({"id": "line-1", "text": TEXT + " C.", "url": "https://example.org/c", "published": "2022-05-04"}) + "\n\n"
                  + json.dumps({"id": "line-2", "text": TEXT, "colour": "red"}) + "\n")
        result = subprocess.run([harness.INTERDICT, "submit", *self.server, "--json", self.folder.name + "/many"], capture_output=True, text=True)
        self.assertEqual(result.returncode, 1, "one line was refused")
        lines = {line["id"]: line for line in harness.json_lines(result.stdout)}
        self.assertEqual(sorted(lines), ["a", "b", "line-1", "line-2"])
        self.assertIn("colour", lines["line-2"]["error"]["message"])
        standard_input = harness.json_lines(harness.run("submit", *self.server, "--json", "-", stdin=TEXT + " D."))
        self.assertEqual(standard_input[0]["outcome"], "accepted")
        typed = harness.json_lines(harness.run("submit", *self.server, "--json", "--jsonl", "-", stdin=json.dumps({"text": TEXT + " E."})))
        self.assertEqual(typed[0]["outcome"], "accepted")

    def test_submit_takes_feeds_and_archives(self):
        samples = pathlib.Path(__file__).resolve().parent.parent / "testdata/intake"
        lines = harness.json_lines(harness.run("submit", *self.server, "--json", "--wait", str(samples / "harbour.rss"), str(samples / "islands.atom")))
        self.assertEqual(sorted(line["id"] for line in lines[:4]), ["harbour-1", "harbour-2", "islands-1", "islands-2"])
        incidents = {line["id"]: line["incidents"] for line in lines[4:]}
        self.assertTrue(incidents["harbour-1"] and incidents["islands-1"])
        self.assertFalse(incidents["harbour-2"])

        def record(kind, content, url=""):
            return (f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2022-05-04T10:00:00Z\r\n"
                    f"Content-Length: {len(content)}\r\n\r\n").encode() + content + b"\r\n\r\n"

        body = gzip.compress(("<html><head><title>Horn</title></head><body><p>" + TEXT.replace("Durban", "Москва, Durban") + "</p></body></html>").encode("cp1251"))
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1251\r\nContent-Encoding: gzip\r\n\r\n" + body
        archive = pathlib.Path(self.folder.name) / "crawl.warc.gz"
        members = [record("warcinfo", b"x"), record("request", b"GET / HTTP/1.1\r\n\r\n"), b"WARC/1.0\r\nbroken\r\n\r\n",
                   record("response", answer, "https://news.example/2022/05/04/horn"), record("response", b"HTTP/1.1 404 Not Found\r\n\r\nx")]
        archive.write_bytes(b"".join(gzip.compress(member) for member in members))
        result = subprocess.run([harness.INTERDICT, "submit", *self.server, "--json", str(archive)], capture_output=True, text=True)
        self.assertEqual(result.returncode, 1, "one record is broken")
        broken, accepted = sorted(harness.json_lines(result.stdout), key=lambda line: line["id"])
        self.assertIn("record at byte", broken["error"]["message"])
        self.assertIn("passed over 1 request, 1 response with status 404, 1 warcinfo", result.stderr)
        shown = harness.run("show", *self.server, accepted["document"])
        self.assertIn("https://news.example/2022/05/04/horn", shown)
        self.assertIn("Москва", shown)
        self.assertIn("windows-1251", shown)

    def test_a_language_that_is_not_read_is_stored_found_and_counted(self):
        french = ("Les douaniers du port de Marseille ont saisi mardi quarante fusils cachés sous un chargement d'oignons, a annoncé le ministère. "
                  "Deux hommes ont été arrêtés et placés en détention provisoire par le juge.")
        line = harness.json_lines(harness.run("submit", *self.server, "--json", "--wait", self.path("marseille.txt", french)))
        self.assertEqual(line[0]["outcome"], "accepted")
        self.assertEqual(line[0]["reports"], [])
        self.assertEqual(line[1]["incidents"], [])
        shown = harness.run("show", *self.server, line[0]["document"])
        self.assertIn("fr", shown)
        self.assertIn("language not read", shown)
        self.assertIn("oignons", shown)

    def test_submit_says_what_was_refused(self):
        message = harness.run_failing("submit", *self.server, self.path("empty.txt", ""))
        self.assertIn("document.content", message)
        self.assertIn("no such file", harness.run_failing("submit", *self.server, "/nowhere/at-all.txt", code=2))

    def test_search_finds_nothing_politely(self):
        self.assertIn("no incident found", harness.run("search", *self.server, "zzyzx"))

    def test_show_names_the_remedy(self):
        self.assertIn("incidents/", harness.run_failing("show", *self.server, "nonsense", code=2))
        self.assertIn("INCIDENT_NOT_FOUND", harness.run_failing("show", *self.server, "incidents/" + "0" * 32))

    def test_status_and_metrics(self):
        harness.run("submit", *self.server, "--wait", self.path("status.txt", TEXT + " F."))
        status = json.loads(harness.run("status", *self.server, "--json"))
        self.assertEqual([partition["log"] for partition in status["partitions"]], ["intake", "incidents"])
        self.assertIn("intake/0", harness.run("status", *self.server))
        port = self.serve.process.wait_for("serving")["metrics_port"] or next(
            entry["metrics_port"] for entry in self.serve.process.log if entry.get("metrics_port"))
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
        self.assertIn('interdict_rpc_handled_total{code="OK",method="/interdict.v1.IngestService/SubmitDocuments"}', text)
        self.assertRegex(text, r"(?m)^interdict_\w*lag\w*")


class ExtractVerbTest(unittest.TestCase):
    def test_one_line_a_document_without_a_server(self):
        lines = harness.json_lines(harness.run("extract", "--format", "json", str(harness.ARTICLE)))
        self.assertEqual(lines[0]["id"], "czech-dprk-2021")
        self.assertEqual(lines[0]["document"]["published"], "2021-04-11")
        self.assertEqual(lines[0]["document"]["language"], "en")
        self.assertGreaterEqual(len(lines[0]["reports"]), 2)
        text = lines[0]["document"]["text"].encode()
        goods = lines[0]["reports"][0]["facts"]["goods"]
        for evidence in (evidence for item in goods for evidence in item["evidence"]):
            self.assertEqual(text[evidence["beginByte"]:evidence["endByte"]].decode(), evidence["quote"])

    def test_text_shows_the_quoted_words(self):
        shown = harness.run("extract", str(harness.ARTICLE))
        self.assertIn("“parts for T-54 and T-55 tanks”", shown)

    def test_explain_tells_what_made_each_value_and_the_time(self):
        shown = harness.run("extract", "--explain", str(harness.ARTICLE))
        for words in ("made by  ", "triggers.tsv", "goods.tsv", "lost     ", "time per stage", "incident 1 of "):
            self.assertIn(words, shown)

    def test_html_is_one_page_of_one_document(self):
        page = harness.run("extract", "--html", str(harness.ARTICLE))
        self.assertTrue(page.startswith("<!doctype html>"))
        self.assertEqual(page.count("</html>"), 1)
        self.assertIn("<mark class=", page)
        self.assertIn("give one document", harness.run_failing("extract", "--html", str(harness.ARTICLE), str(harness.ARTICLE), code=2))
        harness.run_failing("extract", "--explain", "--format", "json", str(harness.ARTICLE), code=2)


class ProcessTest(unittest.TestCase):
    def setUp(self):
        self.folder = harness.temporary_folder()
        self.addCleanup(self.folder.cleanup)

    def refusal(self, *arguments, environment=None):
        result = subprocess.run([harness.INTERDICT, *arguments], capture_output=True, text=True, timeout=60, env={**os.environ, **(environment or {})})
        self.assertNotEqual(result.returncode, 0)
        return result.stderr

    def test_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            self.assertIn("in use", self.refusal("serve", "--data", self.folder.name, "--listen", address))

    def test_data_folder_locked_by_another_process(self):
        serve = harness.Serve(self.folder.name)
        try:
            self.assertIn("another process", self.refusal("serve", "--data", self.folder.name, "--listen", "127.0.0.1:0"))
        finally:
            serve.stop()

    def test_data_folder_that_cannot_be_made(self):
        path = self.folder.name + "/file"
        pathlib.Path(path).write_text("in the way")
        self.assertIn("--data", self.refusal("serve", "--data", path + "/data", "--listen", "127.0.0.1:0"))

    def test_plaintext_beyond_loopback_needs_a_word(self):
        self.assertIn("--insecure", self.refusal("serve", "--data", self.folder.name, "--listen", "0.0.0.0:0"))
        process = harness.Process("serve", "--data", self.folder.name, "--listen", "0.0.0.0:0", "--insecure")
        process.wait_ready()
        self.assertTrue(any("plaintext" in entry["message"] for entry in process.log))
        self.assertEqual(process.stop(), 0)

    def test_log_and_store_that_do_not_belong_together(self):
        for name in ("a", "b"):
            serve = harness.Serve(f"{self.folder.name}/{name}")
            serve.stop()
        os.rename(self.folder.name + "/a/log", self.folder.name + "/a/log-of-a")
        os.rename(self.folder.name + "/b/log", self.folder.name + "/a/log")
        message = self.refusal("serve", "--data", self.folder.name + "/a", "--listen", "127.0.0.1:0")
        self.assertIn("was made from log", message)
        self.assertIn("delete", message)

    def test_flag_wins_over_environment_over_config_file(self):
        config = pathlib.Path(self.folder.name) / "interdict.toml"

        def data_used(config_text, environment, arguments):
            config.write_text(config_text)
            process = harness.Process("serve", "--config", str(config), *arguments, environment=environment)
            process.wait_ready()
            process.stop()
            return {name for name in ("file", "environment", "flag", "section") if (pathlib.Path(self.folder.name) / name / "log").exists()}

        base = self.folder.name
        self.assertEqual(data_used(f'data = "{base}/file"\n', {}, []), {"file"})
        self.assertEqual(data_used(f'data = "{base}/file"\n[serve]\ndata = "{base}/section"\n', {}, []), {"file", "section"})
        self.assertEqual(data_used(f'data = "{base}/file"\n', {"INTERDICT_DATA": f"{base}/environment"}, []), {"file", "section", "environment"})
        self.assertEqual(data_used(f'data = "{base}/file"\n', {"INTERDICT_DATA": f"{base}/environment"}, ["--data", f"{base}/flag"]),
                         {"file", "section", "environment", "flag"})

    def test_bad_config_names_the_key(self):
        config = pathlib.Path(self.folder.name) / "interdict.toml"
        for text, word in (("datta = 'x'\n", "datta"), ("drain-seconds = 'soon'\n", "drain-seconds"), ("[server]\ndata = 'x'\n", "server")):
            config.write_text(text)
            message = self.refusal("serve", "--config", str(config))
            self.assertIn(word, message)
            self.assertIn("interdict.toml", message)
        self.assertIn("nowhere.toml", self.refusal("serve", "--config", "/nowhere.toml"))

    def test_no_server_says_how_to_start_one(self):
        self.assertIn("interdict serve", harness.run_failing("search", "--server", "127.0.0.1:1", "x"))


class StoppedStoreTest(unittest.TestCase):
    def test_admin_on_a_running_and_a_stopped_store(self):
        with harness.temporary_folder() as folder:
            serve = harness.Serve(folder)
            server = ["--server", serve.process.address]
            lines = harness.json_lines(harness.run("submit", *server, "--json", "--wait", str(harness.ARTICLE)))
            name = lines[0]["document"]
            running = json.loads(harness.run("admin", "digest", *server, "--json"))
            self.assertRegex(running["digest"], "^[0-9a-f]{64}$")
            self.assertIn("0 problem(s)", harness.run("admin", "verify", *server))
            self.assertIn("(the same)", harness.run("admin", "rebuild", *server))
            self.assertIn("Šticha", harness.run("admin", "dump", *server, "incidents"))
            self.assertIn(name.removeprefix("documents/"), harness.run("admin", "dump", *server, "log"))
            serve.stop()
            stopped = ["--data", folder]
            self.assertEqual(json.loads(harness.run("admin", "digest", *stopped, "--json"))["digest"], running["digest"])
            self.assertIn("0 problem(s)", harness.run("admin", "verify", *stopped))
            self.assertIn("(the same)", harness.run("admin", "rebuild", *stopped))
            harness.run("admin", "erase", *stopped, name, "--reason", "mistaken identity")
            self.assertNotIn("Šticha", harness.run("admin", "dump", *stopped))
            self.assertNotIn("Šticha", harness.run("admin", "dump", *stopped, "log"))
            self.assertIn("0 problem(s)", harness.run("admin", "verify", *stopped))
            self.assertIn("(the same)", harness.run("admin", "rebuild", *stopped))
            for path in pathlib.Path(folder).rglob("*"):
                if path.is_file():
                    self.assertNotIn("Šticha".encode(), path.read_bytes(), str(path))
            # It starts again, and shows the tombstone.
            again = harness.Serve(folder)
            self.assertIn("mistaken identity", harness.run("show", "--server", again.process.address, name))
            again.stop()

    def test_a_folder_without_a_log_is_refused(self):
        with harness.temporary_folder() as folder:
            self.assertIn("--data", harness.run_failing("admin", "digest", "--data", folder))


if __name__ == "__main__":
    unittest.main(verbosity=2)
