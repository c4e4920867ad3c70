"""JSON APIs that a portal's file describes: what is read from their answers, when they are whole, what cannot harm."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kwri_crawler.catalogue import CatalogueError, Listing, ListingKind, Portal, read_portal
from kwri_crawler.catalogue.json_api import MOST_PATHS, JsonApi, read_description, text_at, value_at
from kwri_crawler.causes import Cause
from kwri_crawler.listings import ListingError, ListingPage, read_listing, seen_before
from kwri_crawler.pages.embedded import data_of
from tests.crawling import value
from tests.offline import Offline
from tests.sites.server import Answer, Request
from tests.sites.small import JSON
from tests.test_reach import article, sentences

HOST = "warga.example.id"
HOME = f"https://{HOST}/"
API = JsonApi(items=("data.posts",), address="/{category.slug}/{id}/{slug}", date=("published_at",), title=("title",))


def with_template(api: JsonApi, url: str) -> JsonApi:
    return replace(api, template=url.replace("{", "%7B").replace("}", "%7D"))


PAGED = with_template(replace(API, more=("data.more",)), f"{HOME}api?page={{page}}")
COUNTED = replace(PAGED, more=(), total=("data.total",))
LINKED = replace(API, next=("data.next",))


def portal(*listings: Listing) -> Portal:
    return Portal("warga", "Warga", HOME, "general", None, "Asia/Jakarta", listings, hosts=(HOST, "api.example.id"))


def post(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "slug": f"kabar-{number}",
        "title": f"Kabar {number}",
        "published_at": f"2026-03-{number:02} 08:00:00",
        "category": {"slug": "desa", "name": "Desa"},
        **more,
    }


def answer(*posts: Any, **more: Any) -> bytes:
    return json.dumps({"data": {"posts": list(posts), **more}}).encode()


def read(body: bytes, api: JsonApi = API, url: str = f"{HOME}api") -> ListingPage:
    return read_listing(ListingKind.API, body, url, portal(), api=api)


# ---------------------------------------------------------------------- what is read


def test_an_answer_names_addresses_dates_and_facts() -> None:
    tagged = post(2, tags=[{"name": "Sawah"}, {"name": "Air"}], user={"name": "Sari"})
    api = replace(API, tags=("tags.name",), author=("user.name",), section=("category.name",))
    page = read(answer(post(3), tagged), api)
    assert [entry.url for entry in page.entries] == [f"{HOME}desa/3/kabar-3", f"{HOME}desa/2/kabar-2"]
    assert [entry.printed_date for entry in page.entries] == ["2026-03-03 08:00:00", "2026-03-02 08:00:00"]
    told = page.entries[1].told
    assert told is not None
    assert (told.title, told.html, told.tags, told.author, told.section) == (
        "Kabar 2", "", ("Sawah", "Air"), "Sari", "Desa",
    )  # fmt: skip
    assert (page.complete, page.paged, page.more) == (True, False, ())


@pytest.mark.parametrize(
    ("address", "item", "url"),
    [
        ("{link}", {"link": "https://warga.example.id/a/b?c=1"}, f"{HOME}a/b?c=1"),
        ("{link}", {"link": "/a/b"}, f"{HOME}a/b"),
        ("/baca/{id}", {"id": 7}, f"{HOME}baca/7"),
        ("{kanal}/{slug}", {"kanal": "/desa/kota", "slug": "a"}, f"{HOME}%2Fdesa%2Fkota/a"),  # not the whole of it
        ("/baca/{slug}", {"slug": "a b/../c?d#e"}, f"{HOME}baca/a%20b%2F..%2Fc%3Fd%23e"),
        ("/{kanal.0.slug}/{id}", {"id": "7", "kanal": [{"slug": "desa"}]}, f"{HOME}desa/7"),
        ("https://warga.example.id/{id}", {"id": 0}, f"{HOME}0"),
    ],
)
def test_an_address_is_made_of_what_lies_at_its_paths(address: str, item: dict[str, Any], url: str) -> None:
    (entry,) = read(answer(item), replace(API, address=address)).entries
    assert entry.url == url


@pytest.mark.parametrize(
    "bad", [{}, {"id": None}, {"id": True}, {"id": 1.5}, {"id": []}, {"id": " "}, 7, None, "x", []]
)
def test_an_item_without_an_address_costs_itself_and_is_counted(bad: Any) -> None:
    page = read(answer(post(3), bad, post(1)), replace(API, address="/baca/{id}"))
    assert [entry.url for entry in page.entries] == [f"{HOME}baca/3", f"{HOME}baca/1"]
    (refused,) = page.refused
    assert refused.reason == f"an item without {'id' if isinstance(bad, dict) else 'item'}"
    assert refused.cause is Cause.UNREAD
    assert page.complete


def test_of_several_paths_the_first_that_is_there_counts() -> None:
    api = replace(API, items=("data.articles.data", "props.list", "data.posts"))
    assert [entry.key for entry in read(answer(post(1)), api).entries] == ["warga.example.id/desa/1/kabar-1"]
    data = {"a": 0, "b": None, "c": {"d": ""}, "e": [{"f": "x"}, {"g": 1}, {"f": "y"}]}
    assert value_at(data, ("b", "a")) == 0
    assert value_at(data, ("z.y", "b")) is None
    assert text_at(data, ("c.d", "c", "a")) == "0"
    assert text_at(data, ("e.f",)) == "x"
    assert text_at(data, ("e.2.f", "a")) == "y"
    assert text_at(data, ("e.3.f", "e.-1.f")) == ""


def test_items_of_several_groups_are_all_taken() -> None:
    body = json.dumps({"hari": [{"isi": [post(3)]}, {"isi": [post(2), post(1)]}]}).encode()
    assert len(read(body, replace(API, items=("hari.isi",))).entries) == 3
    as_php = json.dumps({"data": {"posts": {"0": post(3), "2": post(1)}}}).encode()
    assert len(read(as_php).entries) == 2
    assert len(read(json.dumps([post(1)]).encode(), replace(API, items=(".",))).entries) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no JSON"),
        (b"galat", "no JSON"),
        (b'{"data": {"posts": [', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"data": {"posts": null}}', r"no list at data\.posts$"),
        (b'{"data": {"posts": {"id": 1}}}', r"no list at data\.posts"),
        (b'{"errors": [{"message": "publisherId is needed"}]}', "it says 'publisherId is needed'"),
        (b'{"message": "Unauthenticated."}', "it says 'Unauthenticated.'"),
        (answer({"x": 1}, {"y": 2}), "none of its 2 items has an address"),
        (b"<!DOCTYPE html><html><body>Sedang dirawat</body></html>", "an HTML page without data in it"),
        (b'<html><script id="__NEXT_DATA__">{"props": {}}</script></html>', r"no list at data\.posts"),
    ],
)
def test_what_is_no_answer_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(ListingError, match=reason):
        read(body)


def test_an_empty_list_is_an_answer() -> None:
    page = read(answer())
    assert (page.entries, page.complete) == ((), True)


FORMS: list[Callable[[str], str]] = [
    lambda data: f'<script id="__NEXT_DATA__" type="application/json" crossorigin="anonymous">{data}</script>',
    lambda data: f"<script>window.__INITIAL_STATE__ = {data};(function(){{}})()</script>",
    lambda data: f"<script>window.__NUXT__={data}</script>",
    lambda data: f"<script>window.__NUXT__=(function(a,b){{return {data}}}(1,{{}}));</script>",
    lambda data: f'<div id="app" data-page="{data.replace(chr(34), "&quot;")}"></div>',
]


@pytest.mark.parametrize("form", FORMS, ids=["next", "state", "nuxt", "nuxt 2", "inertia"])
def test_the_data_that_a_page_carries_for_its_scripts_is_read_as_an_answer(form: Callable[[str], str]) -> None:
    body = f"<!DOCTYPE html><html><body>{form(answer(post(3), post(2)).decode())}</body></html>"
    assert [entry.url for entry in read(body.encode()).entries] == [f"{HOME}desa/3/kabar-3", f"{HOME}desa/2/kabar-2"]


def test_what_nuxt_writes_as_one_list_is_unfolded() -> None:
    shared = [
        ["ShallowReactive", 1], {"data": 2}, {"posts": 3}, [4],
        {"id": 5, "slug": 6, "category": 7, "published_at": 8, "x": 0}, 7, "kabar", {"slug": 6},
        ["Date", "2026-03-01T08:00:00Z"],
    ]  # fmt: skip
    body = f'<html><script type="application/json" id="__NUXT_DATA__">{json.dumps(shared)}</script></html>'
    (entry,) = read(body.encode()).entries
    assert (entry.url, entry.printed_date) == (f"{HOME}kabar/7/kabar", "2026-03-01T08:00:00Z")


def test_of_a_pages_data_what_is_no_json_is_passed_over() -> None:
    page = (
        b'<script id="__NEXT_DATA__">{"cut": [</script><script>window.__NUXT__=(function(a){return a()}(1))</script>'
        b"<p data-page='{\"a\": 1}'></p><script>window.__INITIAL_STATE__={\"b\": [2]};</script><p data-page='teks'></p>"
    )
    assert list(data_of(page)) == [{"a": 1}, {"b": [2]}]
    assert list(data_of(page.replace(b"__", b"--").replace(b"data-page", b"data-hal"))) == []


# ---------------------------------------------------------------------- where it goes on


@pytest.mark.parametrize(
    ("api", "url", "body", "more"),
    [
        (PAGED, "api?page=1", answer(post(9), more=True), "api?page=2#seen=1&page=2"),
        (PAGED, "api?page=2#seen=40&page=2", answer(post(9), post(8), more=1), "api?page=3#seen=42&page=3"),
        (PAGED, "api?page=2#seen=40&page=2", answer(post(9), more="true"), "api?page=3#seen=41&page=3"),
        (PAGED, "api?page=2#seen=40&page=2", answer(post(9), more=False), None),
        (PAGED, "api?page=2#seen=40&page=2", answer(post(9), more="0"), None),
        (PAGED, "api?page=2#seen=40&page=2", answer(), None),  # it says nothing, and names nothing
        (PAGED, "api?page=2#seen=40&page=2", answer(post(9)), "api?page=3#seen=41&page=3"),
        (replace(with_template(API, f"{HOME}?p={{page}}"), first=0), "?p=0", answer(post(9)), "?p=1#seen=1&page=1"),
        (with_template(API, f"{HOME}?skip={{seen}}"), "?skip=0", answer(post(9), post(8)), "?skip=2#seen=2&page=2"),
        (COUNTED, "api", answer(post(9), total=2), "api?page=2#seen=1&page=2"),
        (COUNTED, "api?page=2#seen=1&page=2", answer(post(9), total="2"), None),
        (LINKED, "api", answer(post(9), next="/api?after=9"), "api?after=9#seen=1"),
        (LINKED, "api", answer(post(9), next=f"{HOME}x"), "x#seen=1"),
        (LINKED, "api", answer(post(9), next=None), None),
        (
            with_template(LINKED, f"{HOME}api?cursor={{next}}"),
            "api?cursor=", answer(post(9), next="a+b/="), "api?cursor=a%2Bb%2F%3D#seen=1",
        ),
    ],
)  # fmt: skip
def test_an_answer_leads_to_the_next_page(api: JsonApi, url: str, body: bytes, more: str | None) -> None:
    page = read(body, api, HOME + url)
    assert page.more == ((HOME + more,) if more else ())
    assert page.paged
    assert page.complete
    if more:
        assert seen_before(page.more[0]) == seen_before(HOME + url) + len(page.entries)


@pytest.mark.parametrize(
    ("api", "body", "reason"),
    [
        (PAGED, answer(more=True), "it says that it goes on, and names nothing"),
        (LINKED, answer(post(9), next="https://lain.example/api"), "on another host: 'lain.example'"),
        (LINKED, answer(post(9), next="javascript:x()"), "on another host"),
    ],
)  # fmt: skip
def test_an_end_that_is_not_proven_is_no_end(api: JsonApi, body: bytes, reason: str) -> None:
    page = read(body, api, f"{HOME}api?page=4#seen=60&page=4")
    assert page.incomplete is not None
    assert reason in page.incomplete


@pytest.mark.parametrize(("body", "seen", "whole"), [
    (answer(post(9)), 0, False),  # it never named a next page: the name may be another by now
    (answer(post(9), total=1), 0, True), (answer(post(9), total=2), 0, False),
    (answer(post(9), next=None), 0, True), (answer(post(9)), 60, True), (answer(), 0, True),
    (answer(post(9), more=True), 60, False), (answer(post(9), more=False), 0, True),
])  # fmt: skip
def test_an_answer_that_names_no_next_page_is_the_last_only_where_that_is_certain(
    body: bytes, seen: int, whole: bool
) -> None:
    api = replace(LINKED, total=("data.total",), more=("data.more",))
    assert read(body, api, f"{HOME}api#seen={seen}" if seen else f"{HOME}api").complete is whole


def test_hostile_answers_are_read_in_time_that_their_size_allows() -> None:
    began = time.process_time()
    for body in (
        b"<html>" + b"<script>window.__STATE__={</script>" * 60_000,
        b"<html>" + b'<script id="__NEXT_DATA__">' * 60_000,
        b"<html>" + b"<p data-page='" * 100_000,
        b'<html><script id="__NUXT_DATA__">' + json.dumps([[0, 0]] * 3).encode() + b"</script>",
        b'<html><script id="__NUXT_DATA__">'
        + json.dumps([[1] * 500, [2] * 500, [3] * 500, "x"]).encode()
        + b"</script>",
        b'{"data": {"posts": ' + b"9" * 2_000_000 + b"}}",
        b'{"data":' * 50_000,
    ):
        with pytest.raises(ListingError):
            read(body)
    assert time.process_time() - began < 10


# ---------------------------------------------------------------------- the portal's file

FILE = """
name = "Warga"
home = "https://warga.example.id/"
family = "general"
zone = "Asia/Jakarta"
hosts = ["api.example.id"]
listings = [{ kind = "api", url = 'https://api.example.id/g?query={posts(page:{page}){id}}' }]
[api]
items = "data.posts"
address = "/baca/{id}"
tags = ["tags.name", "labels"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "warga.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_describes_an_api(tmp_path: Path) -> None:
    (listing,) = read_portal(written(tmp_path, FILE)).listings
    assert listing.url == "https://api.example.id/g?query=%7Bposts(page:1)%7Bid%7D%7D"
    assert listing.api is not None
    assert listing.api.url(page=3) == "https://api.example.id/g?query=%7Bposts(page:3)%7Bid%7D%7D"
    assert (listing.api.items, listing.api.tags, listing.api.date) == (("data.posts",), ("tags.name", "labels"), ())
    assert listing.api.is_paged


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (FILE[FILE.index("[api]") :], "", r"needs a table \[api\]"),
        ('items = "data.posts"', "", "api: 'items' is missing"),
        ('address = "/baca/{id}"', "", "api: 'address' is missing"),
        ('"/baca/{id}"', '"/baca/"', "needs paths in braces"),
        ('"/baca/{id}"', '"/baca/{id"', "needs paths in braces"),
        ('"/baca/{id}"', '"/baca/{i d}"', "address: 'i d' is no path"),
        ('"/baca/{id}"', "7", "needs paths in braces"),
        ('"data.posts"', '"data..posts"', r"items: 'data\.\.posts' is no path"),
        ('"data.posts"', '"a' + ".a" * 12 + '"', "is no path"),
        ('"data.posts"', "[]", "items must be a path or a list"),
        ('"data.posts"', "[7]", "items: 7 is no path"),
        ('tags = ["tags.name", "labels"]', "first = 2", "first must be 0 or 1"),
        ("tags =", "tag =", "unknown key of api 'tag'.*did you mean 'tags'"),
        ('hosts = ["api.example.id"]', "", "is on another host"),
    ],
)
def test_a_wrong_description_is_named_with_the_cure(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in FILE
    with pytest.raises(CatalogueError, match=fault):
        read_portal(written(tmp_path, FILE.replace(old, new)))


def test_a_path_may_have_twelve_steps_and_the_first_page_names_nothing_before_it(tmp_path: Path) -> None:
    text = FILE.replace('"data.posts"', '"a' + ".a" * 11 + '"').replace("page:{page}", "page:{page},skip:{seen}")
    (listing,) = read_portal(written(tmp_path, text)).listings
    assert listing.url.endswith("page:1,skip:0)%7Bid%7D%7D")


def test_a_description_has_bounds() -> None:
    table: dict[str, Any] = {"items": "data", "address": "/{a}"}
    most = "/".join("{a}" for _ in range(MOST_PATHS))
    assert read_description({**table, "address": most}).address == most
    with pytest.raises(ValueError, match="needs paths in braces"):
        read_description({**table, "address": f"{most}/{{a}}"})
    assert [read_description({**table, "first": first}).first for first in (0, 1)] == [0, 1]
    for first in (-1, 2, True, "1"):
        with pytest.raises(ValueError, match="first must be 0 or 1"):
            read_description({**table, "first": first})


@pytest.mark.parametrize(
    ("said", "text"),
    [(" satu ", "satu"), (7, "7"), (0, "0"), (10**18 - 1, "9" * 18), (10**18, ""), (-(10**18), ""), (True, ""),
     (1.5, ""), (None, ""), (["satu"], "")],
)  # fmt: skip
def test_a_text_or_a_whole_number_is_a_text(said: Any, text: str) -> None:
    assert text_at({"a": said}, ("a",)) == text


def test_no_description_reads_no_answer() -> None:
    with pytest.raises(ListingError, match="nothing says how"):
        read_listing(ListingKind.API, answer(post(1)), f"{HOME}api", portal())
    with pytest.raises(ValueError, match="address"):
        read_description({"items": "x", "address": "{a}{b}{c}{d}{e}{f}{g}{h}{i}"})


# ---------------------------------------------------------------------- whole crawls


class Newsroom:
    """A portal of one API, newest first, and its articles' pages."""

    def __init__(self, count: int, size: int = 3) -> None:
        self.numbers, self.size = list(range(count, 0, -1)), size
        self.deaf = False  # it looks at no page number
        self.empty_from: int | None = None  # from this page on it names nothing, and says that it goes on
        self.accepted = ""

    def answer(self, request: Request) -> Answer:
        if request.route.startswith("/desa/"):
            return Answer(article(int(request.route.split("/")[2]), "2026-03-02"))
        if request.route != "/api":
            return Answer("tidak ada", 404)
        self.accepted = request.headers.get("Accept", "")
        page = 1 if self.deaf else int(request.query("page") or 1)
        named = self.numbers[(page - 1) * self.size : page * self.size]
        more = self.deaf or page * self.size < len(self.numbers)
        if self.empty_from is not None and page >= self.empty_from:
            named, more = [], True
        return Answer(
            answer(*(post(n, published_at="2026-03-02T08:00:00+07:00") for n in named), more=more), content_type=JSON
        )


def crawled(site: Newsroom, api: JsonApi, archive: Path) -> Offline:
    return Offline(site, portal(Listing(ListingKind.API, api.url(), api=api)), archive)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


def finished(archive: Path) -> Any:
    return value(archive, "SELECT complete_crawl IS NOT NULL FROM listings")


def test_a_listing_that_was_read_to_its_proven_end_is_known_ground_the_next_time(archive: Path) -> None:
    site = Newsroom(7)
    crawl = crawled(site, PAGED, archive)
    assert crawl.crawl().finish == "finished"
    assert [path for path in crawl.asked if path.startswith("/api")] == ["/api?page=1", "/api?page=2", "/api?page=3"]
    assert value(archive, "SELECT count(*) FROM articles") == 7
    assert finished(archive) == 1
    assert site.accepted.startswith("application/json")
    site.numbers = [*range(11, 7, -1), *site.numbers]
    assert crawl.crawl().finish == "finished"
    assert [path for path in crawl.asked if path.startswith("/api")] == ["/api?page=1", "/api?page=2", "/api?page=3"]
    assert value(archive, "SELECT count(*) FROM articles") == 11
    crawl.crawl()
    assert [path for path in crawl.asked if path.startswith("/api")] == ["/api?page=1"]


def test_an_api_that_looks_at_no_page_number_is_never_whole(archive: Path) -> None:
    site = Newsroom(7)
    site.deaf = True
    crawl = crawled(site, PAGED, archive)
    crawl.crawl()
    assert [path for path in crawl.asked if path.startswith("/api")] == ["/api?page=1", "/api?page=2"]
    assert value(archive, "SELECT count(*) FROM articles") == 3
    assert finished(archive) == 0


def test_an_api_that_says_that_it_goes_on_and_names_nothing_is_not_whole(archive: Path) -> None:
    site = Newsroom(7)
    site.empty_from = 3
    summary = crawled(site, PAGED, archive).crawl()
    assert summary.finish == "no listing"  # none was read to its end
    assert value(archive, "SELECT count(*) FROM articles") == 6
    assert finished(archive) == 0


def test_an_api_without_pages_holds_the_newest_alone(archive: Path) -> None:
    api = with_template(API, f"{HOME}api")
    crawled(Newsroom(3), api, archive).crawl()
    assert value(archive, "SELECT count(*) FROM articles") == 3
    assert finished(archive) == 0
    assert value(archive, "SELECT paged FROM listings") == 0


def test_an_api_that_names_fewer_than_it_counts_is_not_whole(archive: Path) -> None:
    site = Newsroom(4)
    api = replace(PAGED, total=("total",))
    whole = site.answer

    def counting(request: Request) -> Answer:
        found = whole(request)
        if request.route != "/api":
            return found
        return replace(found, body=json.dumps({**json.loads(found.body), "total": 40}))

    site.answer = counting  # type: ignore[method-assign]
    summary = crawled(site, api, archive).crawl()
    assert summary.finish == "no listing"  # none was read to its end
    assert "says that it has 40 articles, and names 4" in (summary.reason or "")
    assert finished(archive) == 0


def test_texts_that_an_api_brings_are_compared_with_one_page_and_then_believed(archive: Path) -> None:
    site = Newsroom(6)
    plain = site.answer

    def telling(request: Request) -> Answer:
        found = plain(request)
        if request.route != "/api":
            return found
        data = json.loads(found.body)
        for one in data["data"]["posts"]:
            one["content"] = "".join(f"<p>{text}</p>" for text in sentences(one["id"]))
        return replace(found, body=json.dumps(data))

    site.answer = telling  # type: ignore[method-assign]
    crawl = crawled(site, replace(PAGED, body=("content",)), archive)
    assert crawl.crawl().finish == "finished"
    assert len([path for path in crawl.asked if path.startswith("/desa/")]) == 1
    assert value(archive, "SELECT count(*) FROM articles WHERE reader = 'json-api'") == 6
    assert value(archive, "SELECT tells FROM listings") == 1
