"""What a first visit loads over a slow mobile connection, compressed as the server sends it."""

import re
from functools import cache
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from identity.people.models import Person
from portal.dev.demo import load
from services.cases import queries
from services.catalogue import queries as catalogue
from tests import walk
from tests.city import seed_city

pytestmark = pytest.mark.django_db
KB = 1000
HOME, MORE_FOR_FILING = 130 * KB, 30 * KB
BUILT = Path(settings.BASE_DIR) / "static" / "build"
LINKED = re.compile(r'(?:href|src)="/static/(?:[\w/-]+/)?([\w-]+)(?:\.[0-9a-f]{12})?\.(css|js|svg)(?:#[\w-]*)?"')
FONT = re.compile(r"fonts/([\w-]+?)(?:\.[0-9a-f]{12})?\.woff2")


@cache
def weight(path: Path) -> int:
    """Bytes on the wire; fonts are compressed already."""
    content = path.read_bytes()
    return len(content) if path.suffix == ".woff2" else len(brotli.compress(content, quality=11))


def visit(client: Client, address: str) -> tuple[int, dict[str, int]]:
    """Bytes of the page itself, and of each file it makes a browser load."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    page = client.get(address).content.decode()
    files = {f"{name}.{kind}" for name, kind in LINKED.findall(page)}
    loaded = {name: weight(BUILT / name) for name in files}
    for style in [name for name in files if name.endswith(".css")]:
        for font in FONT.findall((BUILT / style).read_text()):
            loaded[font] = weight(BUILT / "fonts" / f"{font}.woff2")
    assert answer.headers["Content-Encoding"] == "gzip"
    return len(answer.content), loaded


@pytest.mark.usefixtures("media")
def test_first_visits_are_light(client: Client) -> None:
    seed_city()
    page, files = visit(client, "/")
    assert {"app.css", "app.js", "be-vietnam-pro-vietnamese-400-normal"} <= set(files)
    assert page + sum(files.values()) <= HOME, files
    person = Person.objects.get(phone=load("people")["residents"][0]["phone"])
    version = catalogue.version_of("1.013225")
    case = walk.draft(person, version, catalogue.agencies_for(version)[0])
    client.force_login(person)
    steps = [reverse("file_page", args=[case.key, page.key]) for page in queries.definition_of(case).pages_shown(case.answers)]
    for step in [reverse("file_start", args=["1.013225"]), *steps, reverse("file_documents", args=[case.key])]:
        own, loaded = visit(client, step)
        more = own + sum(size for name, size in loaded.items() if name not in files)
        assert more <= MORE_FOR_FILING, (step, own, loaded)
