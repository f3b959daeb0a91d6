"""Starts the program on a new SQLite database, for a consumer to talk to.

As a program, it runs a command beside the service: `service.py PROGRAM COMMAND...`. The command finds the service at CHARTER_URL,
and signs in as CHARTER_OFFICER (the responsible officer of Khulna's services) with CHARTER_PASSWORD.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.request

PASSWORD = "correct horse battery staple"
OFFICE = "doict-khulna"
ADMINISTRATOR = "admin@example.org"
OFFICER = "officer@example.org"


class Service:
    def __init__(self, program, **settings):
        self.program = os.path.abspath(program)
        self.errors = []
        self.directory = tempfile.TemporaryDirectory()
        database = f"sqlite:{self.directory.name}/charter.db"
        self.environment = {"DATABASE_URL": database, "CHARTER_LISTEN": "127.0.0.1:0", **settings}

    def __enter__(self):
        self.process = subprocess.Popen([self.program], env=self.environment, stderr=subprocess.PIPE, text=True)
        line = next((line for line in self.process.stderr if "serving on" in line), None)
        if line is None:
            sys.exit("the service does not start")
        self.url = "http://" + line.split("http://")[1].split(" ")[0]
        threading.Thread(target=self.listen, daemon=True).start()
        self.account(ADMINISTRATOR, "--role", "administrator")
        return self

    def listen(self):
        for line in self.process.stderr:
            # what is no HTTP is told of by the HTTP library, as an error
            if " ERROR citizens_charter" in line or "panicked" in line:
                self.errors.append(line.rstrip())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.directory.cleanup()

    def account(self, email, *of):
        create = [self.program, "account", "create", "--email", email, *of, "--password-stdin"]
        subprocess.run(create, env=self.environment, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)

    def officer(self):
        """An account of the officer who answers for the services."""
        services, _ = self.ask("GET", f"/v1/services?office={OFFICE}&limit=1")
        responsible = services["items"][0]["responsible_officer"]["id"]
        self.account(OFFICER, "--role", "officer", "--office", OFFICE, "--officer", responsible)
        return OFFICER

    def ask(self, method, path, body=None, token=None, **headers):
        """The JSON of an answer, and its headers."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer), answer.headers

    def sign_in(self, email):
        """An access token."""
        session, _ = self.ask("POST", "/v1/auth/login", {"email": email, "password": PASSWORD})
        return session["access_token"]


if __name__ == "__main__":
    with Service(sys.argv[1], CHARTER_RATE_LIMIT="0") as service:
        who = {"CHARTER_URL": service.url, "CHARTER_OFFICER": service.officer(), "CHARTER_PASSWORD": PASSWORD}
        sys.exit(subprocess.run(sys.argv[2:], env={**os.environ, **who}).returncode)
