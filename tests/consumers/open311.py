"""Uses Open311 GeoReport with `three`, a client that cities use, as it is published."""

import itertools
import sys
import xml.etree.ElementTree as ElementTree

# the library was written for Python 2, where this was a function of its own
itertools.ifilter = filter

from service import OFFICE, OFFICER, Service  # noqa: E402
from three import Three  # noqa: E402

with Service(sys.argv[1]) as service:
    service.officer()
    city = Three(f"{service.url}/open311/v2", jurisdiction=OFFICE)
    assert city.discovery()["endpoints"][0]["formats"] == ["application/json", "application/xml"]

    services = city.services()
    listed, _ = service.ask("GET", f"/v1/services?office={OFFICE}&limit=100")
    public = [entry for entry in listed["items"] if entry["category"] != "internal"]
    assert [entry["service_code"] for entry in services] == [entry["id"] for entry in public]
    code = services[0]["service_code"]
    definition = city.services(code)
    assert [attribute["code"] for attribute in definition["attributes"] if attribute["required"]] == ["documents_confirmed"]

    refused = city.post(code, name="Rahima Khatun", phone="01711123456", description="সংশোধন")
    assert refused[0]["code"] == 400 and "address_string" in refused[0]["description"], refused
    application = {"attribute[documents_confirmed]": "true", "attribute[language]": "bn"}
    filed = city.post(
        code, name="Rahima Khatun", address="খালিশপুর, খুলনা", phone="01711123456", description="সংশোধন", **application
    )
    request_id = filed[0]["service_request_id"]
    tracking_code = filed[0]["service_notice"].split("tracking code: ")[1].split(" ")[0]
    assert city.token(tracking_code)[0]["service_request_id"] == request_id

    assert city.request(request_id)[0]["status"] == "open"
    assert [entry["service_request_id"] for entry in city.requests(code)] == [request_id]
    assert city.requests(services[1]["service_code"]) == []
    token = service.sign_in(OFFICER)
    for act in ({"action": "acknowledge", "version": 1}, {"action": "complete", "version": 2}):
        service.ask("POST", f"/v1/service-requests/{request_id}/transitions", act, token)
    assert city.requests(status="open") == []
    shown = city.requests(status="closed")
    assert [entry["status_notes"] for entry in shown] == ["completed"], shown
    for secret in ("Rahima", "01711123456", "+8801711123456", "খালিশপুর", "সংশোধন চাই", tracking_code):
        assert secret not in str(shown), secret

    # the same in XML, which the library gives as it came
    city.configure(format="xml")
    root = ElementTree.fromstring(city.requests(convert=False))
    assert root.tag == "service_requests" and root.findtext("request/service_request_id") == request_id
    names = [element.text for element in ElementTree.fromstring(city.services(convert=False)).iter("service_name")]
    assert names == [entry["name"]["bn"] for entry in public]
    error = ElementTree.fromstring(city.request("nobody", convert=False))
    assert (error.tag, error.findtext("error/code")) == ("errors", "404")
    print(f"{len(services)} services, one request filed, followed and found closed, in JSON and in XML")
