"""Lists, files, tracks, signs in, acts, and meets a problem, with openapi-python-client."""

import os
from uuid import UUID

from citizens_charter_client import AuthenticatedClient, Client
from citizens_charter_client.api.service_requests import (
    change_service_request,
    create_service_request,
    get_service_request,
)
from citizens_charter_client.api.services import get_service, list_services
from citizens_charter_client.api.sessions import open_session
from citizens_charter_client.api.tracking import get_tracking
from citizens_charter_client.models import (
    Category,
    Credentials,
    Problem,
    Receipt,
    ServicePage,
    ServiceRequest,
    ServiceRequestInput,
    Tokens,
    Tracking,
    TransitionInput,
)


url = os.environ["CHARTER_URL"]
api = Client(base_url=url)

page = list_services.sync(client=api, category=Category.CITIZEN, limit=1)
assert isinstance(page, ServicePage)
service = page.items[0]
application = ServiceRequestInput(
    service_id=service.id, name="রহিমা", address="খুলনা", mobile="01711123456", request="সংশোধন", documents_confirmed=True
)
receipt = create_service_request.sync(client=api, body=application)
assert isinstance(receipt, Receipt)
tracking = get_tracking.sync(receipt.tracking_code, client=api)
assert isinstance(tracking, Tracking) and tracking.state == "submitted" and "withdraw" in tracking.available_actions

credentials = Credentials(email=os.environ["CHARTER_OFFICER"], password=os.environ["CHARTER_PASSWORD"])
tokens = open_session.sync(client=api, body=credentials)
assert isinstance(tokens, Tokens)
officer = AuthenticatedClient(base_url=url, token=tokens.access_token)
seen = get_service_request.sync(receipt.id, client=officer)
assert isinstance(seen, ServiceRequest) and seen.name == "রহিমা"
acted = change_service_request.sync(
    receipt.id, client=officer, body=TransitionInput(action="acknowledge", version=seen.version)
)
assert isinstance(acted, ServiceRequest) and acted.state == "in_progress"

stale = change_service_request.sync(
    receipt.id, client=officer, body=TransitionInput(action="complete", version=seen.version)
)
nothing = get_service.sync(UUID("00000000-0000-7000-8000-000000000000"), client=api)
assert isinstance(stale, Problem) and isinstance(nothing, Problem)
assert (stale.code, nothing.code) == ("version_mismatch", "not_found"), (stale, nothing)
print(f"Python: {receipt.tracking_code} filed, tracked, acted on; {stale.code}, {nothing.code}")
