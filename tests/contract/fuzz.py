"""Sends the service what its own OpenAPI document allows and what it forbids, without a token and with one of each role, and holds every
answer against the document. Arguments: the program, how many examples of an operation at most, and seeds.

The service runs on SQLite, or, with one seed, on the empty database that DATABASE_URL names."""

import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "consumers"))

from service import ADMINISTRATOR, OFFICE, PASSWORD, Service  # noqa: E402


def everybody(service):
    """Who signs in: the settings of each for the hooks."""
    services, _ = service.ask("GET", f"/v1/services?office={OFFICE}&limit=1")
    officers = {role: services["items"][0][f"{role}_officer"]["id"] for role in ["responsible", "alternate"]}
    administrator = service.sign_in(ADMINISTRATOR)
    of = {
        "officer": ["--office", OFFICE, "--officer", officers["responsible"]],
        "alternate_officer": ["--office", OFFICE, "--officer", officers["alternate"]],
        "appeal_officer": ["--office", OFFICE],
        "cell_officer": [],
        "administrator": [],
    }
    all = {"anyone": {}}
    for role, arguments in of.items():
        email = f"{role}@fuzz.example.org"
        service.account(email, "--role", role, *arguments)
        all[role] = {"CHARTER_EMAIL": email}
    client, _ = service.ask("POST", "/v1/clients", {"name": "Fuzz"}, administrator)
    secret, _ = service.ask("POST", f"/v1/clients/{client['id']}/secret", token=administrator)
    return all | {"client": {"CHARTER_CLIENT": f"{client['id']}:{secret['client_secret']}"}}


def run(service, who, settings, examples, seed):
    """Whether all went well, and how many cases there were."""
    st = os.path.join(os.path.dirname(sys.executable), "st")
    command = [st, "--config-file", f"{HERE}/schemathesis.toml", "run", f"{service.url}/openapi.json"]
    command += ["--checks", "all", "--max-examples", str(examples), "--seed", str(seed), "--no-color"]
    command += ["--suppress-health-check", "all", "--continue-on-failure", "--request-timeout", "30", "--warnings", "off"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": HERE, "CHARTER_URL": service.url}
    environment |= {"CHARTER_PASSWORD": PASSWORD, **settings}
    with tempfile.TemporaryDirectory() as directory:
        began = time.monotonic()
        done = subprocess.run(command, env=environment, cwd=directory, capture_output=True, text=True)
        seconds = time.monotonic() - began
    cases = re.search(r"([\d,]+) generated", done.stdout)
    cases = int(cases.group(1).replace(",", "")) if cases else 0
    print(f"{who}, seed {seed}: {cases} cases in {seconds:.0f} s{'' if done.returncode == 0 else ', with failures'}", flush=True)
    if done.returncode != 0:
        print(done.stdout, done.stderr, flush=True)
    return done.returncode == 0, cases


def main(program, examples, *seeds):
    fine, count = True, 0
    chosen = os.environ.get("CONTRACT_ROLES", "").split()
    settings = {"CHARTER_RATE_LIMIT": "0", "RUST_LOG": "warn,citizens_charter::cli=info"}
    if "DATABASE_URL" in os.environ:
        settings["DATABASE_URL"] = os.environ["DATABASE_URL"]
    for seed in seeds:
        with Service(program, **settings) as service:
            for who, of in everybody(service).items():
                if chosen and who not in chosen:
                    continue
                passed, cases = run(service, who, of, examples, seed)
                fine, count = fine and passed and cases > 0, count + cases
            if service.errors:
                fine = False
                print("the service had faults of its own:", *service.errors, sep="\n")
    print(f"{count} cases")
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
