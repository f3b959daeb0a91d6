"""Takes webhooks with the library of Standard Webhooks, from a program that was started for it on SQLite.

The target refuses the first attempt, is down for the second one, and takes the third; whatever it takes has to verify.
"""

import queue
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from service import ADMINISTRATOR, OFFICE, Service
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

# as long as three attempts take, and more
PATIENCE = 120

taken = queue.Queue()


class Target(BaseHTTPRequestHandler):
    """Puts what it gets into a queue, and answers what its server was told to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        taken.put((dict(self.headers), body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_):
        pass


def target(port, answer):
    server = HTTPServer(("127.0.0.1", port), Target)
    server.answer = answer
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def verified(secret, headers, body):
    """The message, once the library has found its signature right; a changed one it has to find wrong."""
    message = Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
    try:
        Webhook(secret).verify(body + b" ", {name.lower(): value for name, value in headers.items()})
    except WebhookVerificationError:
        return message
    sys.exit("a message that was changed on its way was taken")


with Service(sys.argv[1], CHARTER_WEBHOOK_NETWORKS="127.0.0.0/8") as service:
    ask = service.ask
    token = service.sign_in(ADMINISTRATOR)

    refusing = target(0, 500)
    port = refusing.server_address[1]
    subscription = {"url": f"http://127.0.0.1:{port}/hook", "events": ["charter_changed"], "office": OFFICE}
    webhook, _ = ask("POST", "/v1/webhooks", subscription, token)
    secret, _ = ask("POST", f"/v1/webhooks/{webhook['id']}/secret", token=token)
    secret = secret["secret"]

    page, _ = ask("GET", "/v1/upazila-offices?limit=1")
    path = f"/v1/upazila-offices/{page['items'][0]['id']}"
    entry, headers = ask("GET", path)
    entry["name"]["en"] = "Renamed"
    ask("PUT", path, entry, token, If_Match=headers["ETag"])

    refused = taken.get(timeout=PATIENCE)
    refusing.shutdown()
    refusing.server_close()
    # the second attempt finds nobody; the next one finds a target that takes it
    deliveries = f"/v1/webhooks/{webhook['id']}/deliveries"
    while ask("GET", deliveries, token=token)[0]["items"][0]["attempts"] < 2:
        threading.Event().wait(0.5)
    taking = target(port, 204)
    came = taken.get(timeout=PATIENCE)

    first, again = (verified(secret, *message) for message in (refused, came))
    assert first == again, "the same message, however often it is sent"
    assert first["type"] == "charter_changed" and first["data"]["upazila_office"]["name"]["en"] == "Renamed", first
    ids = {dict((name.lower(), value) for name, value in headers.items())["webhook-id"] for headers, _ in (refused, came)}
    assert len(ids) == 1, ids

    ask("POST", f"/v1/webhooks/{webhook['id']}/test", token=token)
    test = verified(secret, *taken.get(timeout=PATIENCE))
    assert test["type"] == "test" and test["data"] == {}, test
    while any(item["state"] == "pending" for item in ask("GET", deliveries, token=token)[0]["items"]):
        threading.Event().wait(0.2)
    listed, _ = ask("GET", deliveries, token=token)
    assert [(item["event"], item["attempts"]) for item in listed["items"]] == [("test", 1), ("charter_changed", 3)], listed
    print("3 attempts, 2 messages, every signature right")
