"""Signs in for each run: who it is stands in CHARTER_EMAIL, or in CHARTER_CLIENT as `id:secret`; nobody where both are empty."""

import base64
import json
import os
import urllib.error
import urllib.parse
import urllib.request

import schemathesis

URL = os.environ["CHARTER_URL"]
EMAIL, CLIENT = os.environ.get("CHARTER_EMAIL", ""), os.environ.get("CHARTER_CLIENT", "")


def ask(path, data, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(URL + path, data, headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["access_token"]


def sign_in():
    if CLIENT:
        form = urllib.parse.urlencode({"grant_type": "client_credentials"}).encode()
        basic = base64.b64encode(CLIENT.encode()).decode()
        return ask("/v1/oauth/token", form, Authorization=f"Basic {basic}")
    body = json.dumps({"email": EMAIL, "password": os.environ["CHARTER_PASSWORD"]}).encode()
    return ask("/v1/auth/login", body, Content_Type="application/json")


if EMAIL or CLIENT:

    @schemathesis.auth(refresh_interval=300)
    class SignedIn:
        token = None

        def get(self, case, context):
            try:
                SignedIn.token = sign_in()
            except urllib.error.HTTPError:
                # an administrator may have disabled the account: it goes on with a token that is not good any more
                pass
            return SignedIn.token

        def set(self, case, data, context):
            SignedIn.token = SignedIn.token or self.get(case, context)
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {SignedIn.token}"}

    @schemathesis.hook
    def after_call(context, case, response):
        # a case may have signed out
        if case.operation.path.startswith("/v1/auth/"):
            SignedIn.token = None
