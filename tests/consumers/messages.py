"""Takes the messages to an applicant with a mail server and an SMS gateway of others, set up as the documentation says."""

import email
import email.policy
import queue
import socket
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

from aiosmtpd.controller import Controller
from service import OFFICER, Service

PATIENCE = 60
mails, texts = queue.Queue(), queue.Queue()


class Mailbox:
    async def handle_DATA(self, _server, _session, envelope):
        mails.put((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 taken"


class Gateway(BaseHTTPRequestHandler):
    def do_GET(self):
        texts.put(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"OK 1")

    def log_message(self, *_):
        pass


gateway = HTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=gateway.serve_forever, daemon=True).start()
# the library has to be told a port
with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
server = Controller(Mailbox(), hostname="127.0.0.1", port=port)
server.start()

settings = {
    "CHARTER_SMTP_URL": f"smtp://127.0.0.1:{port}",
    "CHARTER_EMAIL_FROM": "জেলা কার্যালয়, খুলনা <charter@example.gov.bd>",
    "CHARTER_PUBLIC_URL": "https://charter.example.gov.bd",
    "CHARTER_SMS_URL": f"http://127.0.0.1:{gateway.server_address[1]}/api?to={{digits}}&message={{text}}",
    "CHARTER_SMS_ACCEPTED": "OK",
}
with Service(sys.argv[1], **settings) as service:
    service.officer()
    services, _ = service.ask("GET", "/v1/services?category=citizen&limit=1")
    application = {
        "service_id": services["items"][0]["id"], "name": "রহিমা", "address": "খুলনা", "mobile": "০১৭১১-১২৩৪৫৬",
        "email": "rahima@example.org", "request": "সংশোধন", "documents_confirmed": True, "language": "en",
    }
    receipt, _ = service.ask("POST", "/v1/service-requests", application)
    code = receipt["tracking_code"]
    token = service.sign_in(OFFICER)
    done = {"action": "complete", "version": 1, "message": "সংশোধন করা হয়েছে।"}
    service.ask("POST", f"/v1/service-requests/{receipt['id']}/transitions", done, token)

    for subject, words in [("Your request was received.", code), ("The decision on your request", "সংশোধন করা হয়েছে।")]:
        recipients, mail = mails.get(timeout=PATIENCE)
        assert recipients == ["rahima@example.org"], recipients
        assert mail["subject"].startswith(subject) and code in mail["subject"], mail["subject"]
        assert mail["from"].addresses[0].addr_spec == "charter@example.gov.bd", mail["from"]
        assert words in mail.get_content() and f"https://charter.example.gov.bd/track?code={code}" in mail.get_content()
        text = texts.get(timeout=PATIENCE)
        assert text["to"] == "8801711123456" and code in text["message"], text
    print("2 e-mails and 2 text messages, as they were written")
server.stop()
