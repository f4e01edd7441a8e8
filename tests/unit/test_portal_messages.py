"""Threads, mail that tells of them and of nothing else, reminders before the deadline, and the end of old drafts."""

import email
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy

import pytest
from click.testing import CliRunner

from ingestion import ledger
from ingestion.catalogue import roster_countries
from ingestion.cli.main import pcm
from ingestion.errors import UsageError
from ingestion.ledger.messages import thread, unsent_mails, write_message
from ingestion.portal import upkeep
from ingestion.portal.app import make_portal
from ingestion.portal.correspondence import mail
from ingestion.portal.entrance import accounts
from ingestion.portal.sending import drafts
from ingestion.settings import Settings, load_settings
from ingestion.store.home import Home
from tests.portal_visits import patient_portal, signed_in
from tests.unit import test_portal as portal
from tests.unit import test_stewardship as small

pytestmark = pytest.mark.usefixtures("cheap_hashes")
cheap_hashes = portal.cheap_hashes
DEADLINE = datetime(2026, 12, 15, tzinfo=UTC)


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as it takes to be given a mail; `refused` addresses are not known here."""

    def handle(self):
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                self.say("354 go on")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                self.server.mails.append(email.message_from_bytes(b"".join(lines), policy=policy.default))
            is_refused = line.upper().startswith("RCPT") and self.server.refused in line
            self.say("550 nobody" if is_refused else "221 bye" if line.upper() == "QUIT" else "250 fine")
            if line.upper() == "QUIT":
                return

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(refused="?"):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.mails, server.refused, server.daemon_threads = [], refused, True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def with_mail(settings, server):
    address = {"mail_host": "127.0.0.1", "mail_port": server.server_address[1], "mail_from": "o@x.org"}
    return replace(settings, **address)


def said_to(server):
    return sorted(message["To"] for message in server.mails)


@pytest.fixture
def app(settings):
    small._send(settings, "LU", 1)
    for name, role in (("contact", "contact"), ("approver", "approver"), ("viewer", "viewer"), ("ada", "steward")):
        portal.invited(settings, f"{name}@example.org", role)
    return patient_portal(settings)


def write(client, text="Is 2024 right?", submission_id="LU-1"):
    return client.post(f"/submissions/{submission_id}/messages", data={"token": client.token, "text": text})


@pytest.fixture
def answered(monkeypatch):
    """The page of a submission shows its receipt, which is not of these tests."""
    monkeypatch.setattr("ingestion.portal.sending.file_pages._answer_values", lambda *_: {"answer": None})
    monkeypatch.setattr("ingestion.portal.sending.file_pages.asked_of", lambda *_: [])
    monkeypatch.setattr("ingestion.portal.sending.file_pages.proof_of", lambda *_: None)


def test_a_thread_goes_to_and_fro_as_text(settings, app, answered):
    steward, contact = (signed_in(app, f"{who}@example.org") for who in ("ada", "contact"))
    assert write(steward, "Is <b>2024</b>\r\nright?").status_code == 303
    shown = contact.get("/submissions/LU-1").text
    assert "Is &lt;b&gt;2024&lt;/b&gt;\nright?" in shown
    assert "ada@example.org (steward)" in shown
    assert ["Messages that wait" in client.get("/").text for client in (contact, steward)] == [True, False]
    write(contact, "Yes.")
    write(contact, "Yes.")
    assert [each["text"] for each in thread(settings, "LU-1")] == ["Is <b>2024</b>\nright?", "Yes."]
    assert "Messages that wait" in steward.get("/steward").text
    viewer = signed_in(app, "viewer@example.org")
    assert "right?" not in viewer.get("/submissions/LU-1").text


def test_what_is_sent_twice_at_once_is_said_once(settings):
    submission_id = small._send(settings, "LU", 1)
    at_once = threading.Barrier(2)

    def say(text):
        at_once.wait()
        write_message(settings, submission_id, "a", text, is_steward=False)

    texts = [f"Which year? {number}" for number in range(10)]
    for text in texts:
        clicks = [threading.Thread(target=say, args=(text,)) for _ in range(2)]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()
    assert [message["text"] for message in thread(settings, submission_id)] == texts


@pytest.mark.parametrize("text", ["", " \r\n", "x" * 2001])
def test_a_message_has_some_length(settings, app, text):
    assert write(signed_in(app, "contact@example.org"), text).status_code == 400
    assert thread(settings, "LU-1") == []


def test_a_flood_of_messages_is_stopped(settings, app):
    client = signed_in(app, "contact@example.org")
    write(client)
    app.state.messages.most = 2
    assert [write(client, f"{number}").status_code for number in range(3)] == [303, 429, 429]
    assert len(thread(settings, "LU-1")) == 2


def test_mail_tells_of_news_once_a_day_and_holds_no_data(settings, app):
    with mail_server() as server:
        client = signed_in(make_portal(with_mail(settings, server)), "ada@example.org")
        for text in ("12 patients?", "f.csv is odd"):
            write(client, text)
    assert said_to(server) == ["contact@example.org"]
    [message] = server.mails
    told = message["Subject"] + message.get_content()
    assert "http://127.0.0.1:8091/" in told
    assert not [secret for secret in ("12", "f.csv", "LU", "LU-1", "ada") if secret in told.replace("127.0.0.1", "")]
    assert message.get_content().startswith("Vous avez quelque chose")  # the first language of Luxembourg


def test_one_wrong_address_does_not_keep_mail_from_others(settings, app):
    portal.invited(settings, "gone@example.org")
    portal.invited(settings, "jörg@example.org")  # this server can write no such address
    with mail_server(refused="gone@example.org") as server:
        mail.tell_of_news(settings, "LU", "send")
        assert mail.deliver(with_mail(settings, server)) == 1
        assert mail.deliver(with_mail(settings, server)) == 0
    assert said_to(server) == ["contact@example.org"]
    assert [each["attempts"] for each in unsent_mails(settings, most_attempts=9)] == [2, 2]


def test_mail_waits_for_a_server_that_is_down(settings, app):
    with mail_server() as server:
        later = with_mail(settings, server)
    mail.tell_of_news(settings, "LU", "send")
    assert mail.deliver(later) == 0
    assert [each["attempts"] for each in unsent_mails(settings, most_attempts=9)] == [0]  # a night is many attempts
    accounts.disable(settings, "contact@example.org")
    with mail_server() as server:
        assert mail.deliver(with_mail(settings, server)) == 0
    assert server.mails == []
    assert unsent_mails(settings, most_attempts=9) == []


def test_no_password_goes_over_an_open_line(settings, app):
    with mail_server() as server:
        made = with_mail(settings, server)
        mail.tell_of_news(settings, "LU", "send")
        assert mail.deliver(replace(made, mail_user="o", mail_password="secret")) == 0
    assert server.mails == []


def test_a_mail_server_needs_an_address_and_its_password_is_not_shown():
    with pytest.raises(UsageError, match="PCM_MAIL_FROM"):
        load_settings(environ={"PCM_MAIL_HOST": "mail.example.org"})
    assert "pass-phrase" not in repr(Settings(mail_password="pass-phrase"))


def test_contacts_of_silent_countries_are_reminded_once_for_each_day(settings, app):
    portal.invited(settings, "be@example.org", countries=("BE",))
    quiet = [upkeep.remind(settings, now=DEADLINE - timedelta(days=days)) for days in (20, 15)]
    assert quiet == [0, 0]
    found = [upkeep.remind(settings, now=DEADLINE - timedelta(days=days)) for days in (14, 13, 6, 7, 1, 0, -1)]
    assert found == [1, 0, 1, 0, 1, 0, 0]
    assert {each["kind"] for each in unsent_mails(settings, most_attempts=1)} == {"reminder"}
    be = mail.message_of(settings, accounts.sign_in(settings, "be@example.org", portal.PASSWORD), mail.REMINDER)
    assert "15" in be.get_content()


def test_the_command_names_the_silent_countries(settings, app, let_round_close):
    let_round_close(datetime.now(UTC).date() + timedelta(days=7))
    portal.invited(settings, "be@example.org", countries=("BE",))
    said = CliRunner().invoke(pcm, ["--home", str(settings.home), "remind"])
    assert said.exit_code == 0, said.output
    assert "BE            " in said.output
    assert "LU " not in said.output
    assert "Contacts reminded now: 1." in said.output
    assert unsent_mails(settings, most_attempts=9) == []  # without a server a line in the log stands for it


def test_where_every_country_has_reported_the_command_says_so(settings, let_round_close):
    let_round_close(date.max)
    for number, country_code in enumerate(roster_countries()):
        small._send(settings, country_code, number)
    said = CliRunner().invoke(pcm, ["--home", str(settings.home), "remind"])
    assert said.stdout.startswith("Every country has reported in round 2026: there is nobody to remind.\n")


@pytest.mark.parametrize(("days", "said"), [(7, "7 days left"), (1, "1 day left"), (-1, "the deadline has passed")])
def test_contacts_read_the_deadline_on_their_first_page(settings, app, let_round_close, days, said):
    let_round_close(datetime.now(UTC).date() + timedelta(days=days))
    portal.invited(settings, "be@example.org", countries=("BE",))
    assert said in signed_in(app, "be@example.org").get("/").text


def test_the_clock_ends_old_drafts_and_tells_of_holds(settings, app):
    account = portal.invited(settings, "contact@example.org")
    upload_id = portal._kept(settings, account)
    small._hold(settings, "LU-1")
    now = datetime.now(UTC)
    upkeep.sweep(settings, now=now + timedelta(days=drafts.DRAFT_DAYS - 1))
    assert drafts.find_draft(settings, upload_id)
    with mail_server() as server:
        small._hold(settings, "LU-1", "REV_OTHER")
        upkeep.sweep(with_mail(settings, server), now=now + timedelta(days=drafts.DRAFT_DAYS + 1))
    assert said_to(server) == ["contact@example.org"]
    assert drafts.find_draft(settings, upload_id) is None
    assert ledger.submissions(settings)[0]["submission_id"] == "LU-1"
    assert Home(settings.home).portal.is_dir()
