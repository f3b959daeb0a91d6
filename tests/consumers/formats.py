"""Reads what the service says in the formats of others with the tools of others: linked data is held against the shapes of CPSV-AP,
records of HSDS against their JSON Schema."""

import json
import os
import pathlib
import sys
import urllib.request

import rdflib
from jsonschema import Draft202012Validator
from pyshacl import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from service import OFFICE, Service

HERE = pathlib.Path(__file__).parent
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
CPSV = rdflib.Namespace("http://purl.org/vocab/cpsv#")
SCHEMA = rdflib.Namespace("https://schema.org/")

shapes = rdflib.Graph().parse(os.environ.get("CPSV_AP_SHAPES", HERE / "cpsv-ap.ttl"))


def linked(url):
    request = urllib.request.Request(url, headers={"Accept": "application/ld+json"})
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["Content-Type"] == "application/ld+json", answer.headers["Content-Type"]
        return rdflib.Graph().parse(data=answer.read(), format="json-ld", publicID=url)


def is_valid(graph):
    conforms, _, report = validate(graph, shacl_graph=shapes)
    return conforms, report


def check_linked_data(service):
    services, _ = service.ask("GET", f"/v1/services?office={OFFICE}&limit=100")
    one = f"/v1/services/{services['items'][0]['id']}"
    for path in [one, f"/v1/services?office={OFFICE}&limit=100", f"/v1/offices/{OFFICE}/charter"]:
        graph = linked(service.url + path)
        conforms, report = is_valid(graph)
        assert conforms, f"{path}: {report}"
        count = len(set(graph.subjects(rdflib.RDF.type, CPSV.PublicService)))
        assert count == (1 if path == one else len(services["items"])), (path, count)
        assert len(set(graph.subjects(rdflib.RDF.type, SCHEMA.GovernmentService))) == count
        # identifiers are addresses that answer
        subject = rdflib.URIRef(service.url + one)
        titles = {title.language: str(title) for title in graph.objects(subject, DCT.title)}
        assert titles == services["items"][0]["name"], titles
        # the shapes would have seen a fault
        graph.remove((subject, DCT.title, None))
        assert not is_valid(graph)[0], f"{path}: a service without a title was taken"
    return len(services["items"])


def check_hsds(service):
    directory = HERE / "hsds-3.0"
    schemas = {path.name: json.loads(path.read_text()) for path in directory.glob("*.json")}
    resources = [(name, Resource(contents=schema, specification=DRAFT202012)) for name, schema in schemas.items()]
    validator = Draft202012Validator(
        schemas["service.json"],
        registry=Registry().with_resources(resources),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    records, cursor = [], ""
    while cursor is not None:
        page, _ = service.ask("GET", f"/v1/services?profile=hsds&office={OFFICE}&limit=10{cursor}")
        assert page["size"] == len(page["contents"]) and page["first_page"] == (cursor == ""), page["size"]
        records += page["contents"]
        cursor = f"&cursor={page['next_cursor']}" if "next_cursor" in page else None
        assert page["last_page"] == (cursor is None)
    for record in records:
        faults = [fault.message for fault in validator.iter_errors(record)]
        assert not faults, faults
        unknown = set(record) - set(schemas["service.json"]["properties"])
        assert not unknown, unknown
        assert not validator.is_valid({**record, "status": "open"}) and not validator.is_valid({**record, "contacts": [{}]})
    return len(records)


with Service(sys.argv[1]) as service:
    linked_services, records = check_linked_data(service), check_hsds(service)
    assert linked_services == records > 20, (linked_services, records)
    print(f"{linked_services} services as linked data and {records} as HSDS records, every one valid")
