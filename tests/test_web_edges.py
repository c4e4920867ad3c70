"""Hosts, addresses, packed answers and pauses: the last that is taken, and the first that is not."""

import gzip
import random
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import brotli
import pytest
from backports import zstd
from scrapy import Request, Spider
from scrapy.exceptions import DownloadFailedError, ResponseDataLossError
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler
from twisted.internet.error import ConnectError

from kwri_crawler.causes import Cause
from kwri_crawler.items import Page
from kwri_crawler.web import reachability
from kwri_crawler.web.addresses import (
    ANOTHER_HOST,
    MAX_LENGTH,
    NAMES_A_USER,
    NOT_AN_ADDRESS,
    NOT_HTTP,
    ODD_PORT,
    PRIVATE_HOST,
    TOO_LONG,
    canonical,
    host_of,
    http_fault,
    join,
    refuse_reason,
    url_key,
)
from kwri_crawler.web.cookies import MAX_COOKIES, Cookies
from kwri_crawler.web.hosts import is_public_address, is_public_host, plain_host
from kwri_crawler.web.middlewares import Guard
from kwri_crawler.web.network import LONGEST, explain_no_answer, move
from kwri_crawler.web.pace import Pace, is_challenge
from kwri_crawler.web.refusals import AskedToWait, Refused
from kwri_crawler.web.unpacking import (
    MAX_LAYERS,
    MAX_MEMBERS,
    CutOff,
    NotTaken,
    encodings_in,
    gunzip,
    is_text,
    is_whole,
    unpack,
    unpack_announced_or_not,
    unpacked,
)
from tests.archives import PORTAL
from tests.sites.server import TEXT, Answer, LocalServer
from tests.sites.server import Request as Asked

# ---------------------------------------------------------------------- hosts


@pytest.mark.parametrize(("host", "plain"), [
    ("Portal.ID", "portal.id"), ("portal.id.", "portal.id"), ("portal.id..", "portal.id"), ("[::1]", "::1"),
    ("[FE80::1%eth0]", "fe80::1"), ("[::g]", ""), ("münchen.id", "xn--mnchen-3ya.id"), ("a" * 253, "a" * 253),
    ("a" * 254, ""), ("a..b", ""), ("-a.id", ""), ("a-.id", "a-.id"), ("a.id-", "a.id-"), ("_dmarc.id", "_dmarc.id"),
    ("a b", ""), ("", ""), ("\u2024", ""), ("ａ.id", "a.id"), ("a", "a"),
])  # fmt: skip
def test_a_host_is_spelt_one_way_or_is_none(host: str, plain: str) -> None:
    assert plain_host(host) == plain


@pytest.mark.parametrize(("address", "public"), [
    ("8.8.8.8", True), ("192.0.0.192", False), ("192.0.1.1", True), ("191.255.255.255", True), ("192.88.99.255", False),
    ("192.88.98.1", True), ("192.88.100.0", True), ("168.63.129.16", False), ("168.63.129.15", True),
    ("168.63.129.17", True),
    ("223.255.255.255", True), ("224.0.0.0", False), ("239.255.255.255", False), ("240.0.0.1", False),
    ("100.63.255.255", True),
    ("100.64.0.0", False), ("100.128.0.0", True), ("172.15.255.255", True), ("172.32.0.0", True),
    ("9.255.255.255", True),
    ("2606:4700::1111", True), ("2000::1", True), ("1fff::1", False), ("4000::1", False), ("fc00::1", False),
    ("64:ff9b::808:808", True), ("64:ff9b::a00:1", False), ("64:ff9c::808:808", False), ("2002:808:808::", True),
    ("2002:a00:1::", False), ("::ffff:8.8.8.8", True), ("::ffff:10.0.0.1", False), ("fe80::1%eth0", False),
    ("8.8.8.8%1", True), ("8.8.8", False), ("", False),
])  # fmt: skip
def test_an_address_is_public_or_inside_of_a_network(address: str, public: bool) -> None:
    assert is_public_address(address) is public


@pytest.mark.parametrize(("host", "public"), [
    ("134744072", True), ("0x08080808", True), ("010.8.8.8", True), ("8.8.2056", True), ("8.526344", True),
    ("8.8.8.0x8", True),
    ("8.8.8.255", True), ("8.8.8.256", False), ("256.8.8.8", False), ("8.256.8.8", False), ("8.8.65535", True),
    ("8.8.65536", False), ("8.16777215", True), ("8.16777216", False), ("4294967295", False), ("4294967296", False),
    ("3758096383", True), ("8.8.8.8.8", False), ("0000000000000010.8.8.8", True), ("00000000000000010.8.8.8", False),
    ("08.8.8.8", False), ("a.8", False), ("8.a", True), ("8", False), ("0x", False),
    ("1e3.id", True), ("id.8x", True),
])  # fmt: skip
def test_a_number_is_read_as_the_address_that_a_resolver_makes_of_it(host: str, public: bool) -> None:
    assert is_public_host(host) is public


@pytest.mark.parametrize("name", [
    "a.localhost", "a.local", "a.localdomain", "a.internal", "a.intranet", "a.private", "a.corp", "a.home", "a.lan",
    "a.home.arpa", "metadata.google.internal", "portal",
])  # fmt: skip
def test_a_name_that_means_something_only_inside_is_refused(name: str) -> None:
    assert not is_public_host(name)
    assert is_public_host(f"{name}.id")


# ---------------------------------------------------------------------- addresses


@pytest.mark.parametrize(("printed", "spelt"), [
    ("https://portal.id:80/a", "https://portal.id:80/a"), ("http://portal.id:443/a", "http://portal.id:443/a"),
    ("http://portal.id:80/a", "http://portal.id/a"), ("https://portal.id?a=1", "https://portal.id/?a=1"),
    ("https://portal.id/a?", "https://portal.id/a"), ("https://portal.id/a?&&b=1&", "https://portal.id/a?b=1"),
    ("https://[2606:4700::1111]/a", "https://[2606:4700::1111]/a"),
    ("https://portal.id/%zz", "https://portal.id/%25zz"),
    ("https://portal.id/a/..", "https://portal.id/"), ("https://portal.id/a/.", "https://portal.id/a/"),
    ("https://portal.id/../a", "https://portal.id/a"), ("https://portal.id/a/../../b", "https://portal.id/b"),
    ("https://portal.id/.well/..a", "https://portal.id/.well/..a"), ("https://portal.id/a\tb", "https://portal.id/ab"),
    ("https://portal.id/a/b/../c", "https://portal.id/a/c"), ("https://portal.id/a/b/.././../c/./d/", "https://portal.id/c/d/"),
    ("https://portal.id/a?x='", "https://portal.id/a?x=%27"), ("https://portal.id/'", "https://portal.id/'"),
    ("https://portal.id/%2d%2F", "https://portal.id/-%2F"),
    (" \u0001https://portal.id/é ", "https://portal.id/%C3%A9"), ("https://portal.id/\ud800", "https://portal.id/%EF%BF%BD"),
    ("https://portal.id/a;jsessionid=1/b", "https://portal.id/a/b"), ("https://a@portal.id/", "https://a@portal.id/"),
    ("https://portal.id/?s=08", "https://portal.id/?s=08"), ("https://portal.id/a?s=08", "https://portal.id/a"),
    ("https://portal.id/a?s=banjir", "https://portal.id/a?s=banjir"),
    ("https://portal.id/a?from=2024", "https://portal.id/a?from=2024"),
    ("https://portal.id/a?sid=" + "a1" * 12, "https://portal.id/a"),
    ("https://portal.id/a?sid=1" + "a1" * 11, "https://portal.id/a?sid=1" + "a1" * 11),
    ("https://portal.id/a?sid=" + "a" * 30, "https://portal.id/a?sid=" + "a" * 30),
])  # fmt: skip
def test_an_address_is_spelt_as_it_is_asked_for(printed: str, spelt: str) -> None:
    assert canonical(printed) == spelt
    assert canonical(spelt) == spelt


@pytest.mark.parametrize(("url", "key"), [
    ("https://portal.id/", "portal.id"), ("https://portal.id/a//b/", "portal.id/a/b"),
    ("https://www.portal.id:8080/a", "portal.id:8080/a"),
    ("https://mobile.portal.id/a", "portal.id/a"), ("https://m.id/a", "m.id/a"),
    ("https://www.m.portal.id/a", "m.portal.id/a"),
    ("https://portal.id/Kabar-Kota/X1", "portal.id/kabar-kota/X1"), ("https://portal.id/amp", "portal.id/amp"),
    ("https://portal.id/a/amp/", "portal.id/a"), ("https://portal.id/a/print", "portal.id/a"),
    ("https://portal.id/amp/news-12-x", "portal.id/news-12-x"),
    ("https://portal.id/amp/berita-x", "portal.id/amp/berita-x"),
    ("https://portal.id/a?b=2&a=1", "portal.id/a?a=1&b=2"),
    ("https://portal.id/?b&a", "portal.id?b&a"), ("https://portal.id/?b&a=1", "portal.id?b&a=1"),
    ("https://portal.id/?x=2&x=1", "portal.id?x=2&x=1"), ("https://portal.id/a?m=2", "portal.id/a?m=2"),
    ("https://portal.id/a?m=0", "portal.id/a"),
    ("https://portal.id/a?print=true", "portal.id/a"), ("https://portal.id/a?amp=0", "portal.id/a?amp=0"),
    ("https://portal.id/a?page=10", "portal.id/a?page=10"),
    ("mailto:a@portal.id", ":mailto:a@portal.id"), (" x ", ":x"),
])  # fmt: skip
def test_an_article_has_one_key(url: str, key: str) -> None:
    assert url_key(url) == key


@pytest.mark.parametrize(("url", "reason"), [
    ("https://contoh.id/" + "a" * (MAX_LENGTH - 18), None), ("https://contoh.id/" + "a" * (MAX_LENGTH - 17), TOO_LONG),
    ("https://www.contoh.id/", None), ("https://contoh.id:443/", None), ("https://contoh.id:8080/", ODD_PORT),
    ("https://lain.id/", ANOTHER_HOST), ("https://10.0.0.1/", PRIVATE_HOST), ("ftp://contoh.id/", NOT_HTTP),
    ("https://a@contoh.id/", NAMES_A_USER), ("https:///a", NOT_AN_ADDRESS), ("contoh.id/a", NOT_AN_ADDRESS),
])  # fmt: skip
def test_an_address_is_asked_for_or_refused_with_its_reason(url: str, reason: str | None) -> None:
    assert refuse_reason(url, ("WWW.Contoh.id",)) == reason
    if reason in (NOT_HTTP, NAMES_A_USER, NOT_AN_ADDRESS):
        assert http_fault(url) == reason
    else:
        assert http_fault(url) is None


@pytest.mark.parametrize(("url", "host"), [
    ("https://WWW.Portal.id:8080/a", "www.portal.id"), ("https://[::1]/", "::1"), ("ftp://portal.id/a", "portal.id"),
    ("https://a@portal.id/", "portal.id"), ("https://[::1", ""), ("portal.id", ""), ("", ""),
])  # fmt: skip
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(("link", "whole"), [
    ("b", "https://portal.id/x/b"), ("/b", "https://portal.id/b"), ("//lain.id/b", "https://lain.id/b"),
    ("?p=2", "https://portal.id/x/a?p=2"),
    (" https://lain.id/b#c ", "https://lain.id/b"), ("HTTP://lain.id/b", "http://lain.id/b"),
    ("mailto:a@b.id", "mailto:a@b.id"),
    ("//[x", "//[x"), ("", "https://portal.id/x/a"),
])  # fmt: skip
def test_a_link_is_resolved_against_its_page(link: str, whole: str) -> None:
    assert join("https://portal.id/x/a", link) == whole


# ---------------------------------------------------------------------- packed answers

PACK = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
BYTES = bytes(range(256)) * 4  # no text


def packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


@pytest.mark.parametrize("name", PACK)
def test_an_answer_of_the_largest_size_is_taken_and_one_byte_more_is_not(name: str) -> None:
    body = PACK[name](BYTES)
    assert unpack(body, (name,), len(BYTES)) == BYTES
    with pytest.raises(NotTaken, match="larger than 0 MiB when decompressed"):
        unpack(body, (name,), len(BYTES) - 1)
    with pytest.raises(CutOff, match=f"the {name} answer is not whole"):
        unpack(body[:-1] if name != "gzip" else body[:-9], (name,), 10_000)


def test_bare_deflate_is_undone_too() -> None:
    bare = zlib.compress(BYTES, wbits=-15)
    assert unpack(bare, ("deflate",), 10_000) == BYTES


WHOLE = b"<html>" + bytes(range(32, 127)) * 40 + b"</html>"


@pytest.mark.parametrize("body", [
    packed(WHOLE)[:-8], packed(WHOLE)[:-8] + bytes(8), packed(WHOLE)[:-3], b"\xef\xbb\xbf\r\n" + packed(WHOLE),
    zlib.compress(WHOLE), brotli.compress(WHOLE), b"\n" + packed(packed(WHOLE)),
    packed(WHOLE)[:3] + b"\x08" + packed(WHOLE)[4:10] + b"hal.html\0" + packed(WHOLE)[10:-4],
], ids=["no sum", "wrong sum", "cut sum", "mark", "deflate", "brotli", "twice", "with a name"])  # fmt: skip
def test_a_whole_document_is_taken_whatever_is_wrong_with_its_packing(body: bytes) -> None:
    assert unpack_announced_or_not(body, ("gzip",), len(WHOLE)) == WHOLE
    with pytest.raises((NotTaken, CutOff)):
        unpack_announced_or_not(body, ("gzip",), len(WHOLE) - 1)


@pytest.mark.parametrize("body", [packed(WHOLE[:-1])[:-8], packed(WHOLE)[:-20], packed(BYTES)[:-8] + bytes(8)])
def test_what_may_have_been_cut_is_not_taken(body: bytes) -> None:
    with pytest.raises(CutOff):
        unpack_announced_or_not(body, ("gzip",), 10_000)


def test_so_many_layers_are_undone_and_no_more() -> None:
    body = BYTES
    for _ in range(MAX_LAYERS):
        body = gzip.compress(body)
    assert unpack(body, ["identity", *["gzip"] * MAX_LAYERS], 10_000) == BYTES
    assert unpack_announced_or_not(body, (), 10_000) == BYTES, "without a header too"
    with pytest.raises(NotTaken, match="encoded 4 times over"):
        unpack(body, ["gzip"] * (MAX_LAYERS + 1), 10_000)
    assert unpack_announced_or_not(gzip.compress(body), (), 10_000)[:2] == b"\x1f\x8b", "a fourth stays packed"


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_so_many_streams_in_a_row_are_one_answer_and_no_more(name: str) -> None:
    one = PACK[name](b"a")
    assert unpack(one * MAX_MEMBERS, (name,), 1000) == b"a" * MAX_MEMBERS
    with pytest.raises(NotTaken, match="more than 100 pieces"):
        unpack(one * (MAX_MEMBERS + 1), (name,), 1000)


def test_what_is_named_as_we_cannot_read_is_text_or_not_taken() -> None:
    assert unpack(b"<html>", ("none",), 1000) == b"<html>"
    assert unpack(b"<html>", ("gzip",), 1000) == b"<html>", "said gzip of plain text"
    assert unpack(gzip.compress(b"a"), ("utf-8",), 1000) == b"a", "the bytes are believed before the header"
    with pytest.raises(NotTaken, match="encoded as 'compress', which we cannot read"):
        unpack(BYTES, ("compress",), 1000)


@pytest.mark.parametrize(("header", "names"), [
    ("gzip", ("gzip",)), (" GZIP , br,", ("gzip", "br")), ("", ()), (",", ()),
])  # fmt: skip
def test_a_header_names_encodings_in_order(header: str, names: tuple[str, ...]) -> None:
    assert encodings_in(header) == names


@pytest.mark.parametrize(("body", "text"), [
    (b"", False), (b"a", True), (b"\x00", False), (b"\x1b(B", True), (b"\t\n\r", True), (b"\x7f", False),
    ("é".encode(), True),
    ("é".encode()[:1], True), (b"abc" + "é".encode()[:1], True), (b"\xe9abc", False), (b"\xe9" + b"abc " * 256, True),
    (b"a" * 1023 + "é".encode() * 9, True), (b"\xff\xfea\x00", True), (b"\xff\xfea", False),
    (b"\xff\xfe" + b"a\x00" * 600 + b"b", True),
    (b"abc\xe9ab", True), (b"abc\xe9abc", False),  # the last character is cut in half, or none
    ("abc😀".encode()[:-1], True), (b"a" * 1021 + "😀".encode(), True),
    (b"\xfe\xff\x00a", True), (b"\xfe\xff\x00", False), (b"\xff\xfe\x00a" * 300, True),
    (b"a" * 1024 + b"\x00", True), (b"a" * 1023 + b"\x00", False), (b"a\x1a", False), (b"a\x0e", False),
])  # fmt: skip
def test_text_is_told_from_packed_bytes_by_its_beginning(body: bytes, text: bool) -> None:
    assert is_text(body) is text


@pytest.mark.parametrize(("body", "whole"), [
    (b"<html></html>", True), (b"<html></HTML >\n<!-- 0.2 s -->", True), (b"</html>" + b" " * 4089, True),
    (b"</html>" + b" " * 4090, False),
    (b"<html>", False), (b"</rss>", True), (b"</feed>", True), (b"</rdf:RDF>", True), (b"</urlset>", True),
    (b"</sm:urlset>", True),
    (b"</sitemapindex>", True), (b'[{"id": 1}]', True), (b' {"a": 1}\n', True), (b'[{"id": 1}', False),
    (b"1", False), (b"", False),
    (b"[" * 200_000, False),
])  # fmt: skip
def test_a_document_is_whole_when_its_end_came(body: bytes, whole: bool) -> None:
    assert is_whole(body) is whole


@pytest.mark.parametrize(("body", "out", "whole"), [
    (packed(b"abc"), b"abc", True), (packed(b"abc") + b"\n", b"abc", True),
    (packed(b"ab") + packed(b"c"), b"abc", True),
    (packed(b"abc")[:-9], b"abc", False), (packed(b"abcd"), b"abcd", True),
    (packed(b"abcde"), b"abcd", False),
    (packed(b"abc") + b"\x1f\n", b"abc", True), (packed(b"abc") + b"\x1f\x8b\x08rusak", b"abc", False),
    (packed(b"abc") + packed(b"d") + b"\0", b"abcd", True), (packed(b"abc") + packed(b"de"), b"abcd", False),
    (packed(b"abcdefgh")[:-9], b"abcd", False), (b"x" + packed(b"abc"), b"", False),
    (b"\x1f\x8b\x08junk-no-gzip", b"", False), (packed(b"") * MAX_MEMBERS, b"", True),
    (packed(b"") * (MAX_MEMBERS + 1), b"", False),
    (b"", b"", False),
])  # fmt: skip
def test_gzip_is_undone_as_far_as_it_is_whole(body: bytes, out: bytes, whole: bool) -> None:
    assert gunzip(body, 4) == (out, whole)


def test_a_large_gzip_keeps_what_came_before_the_break() -> None:
    noise = bytes(n * n % 251 for n in range(300_000))
    body = gzip.compress(noise, 1)
    assert gunzip(body, 1 << 20) == (noise, True)
    assert gunzip(body + packed(b"x"), 1 << 20) == (noise + b"x", True)


def test_of_a_broken_gzip_no_more_is_lost_than_the_piece_that_is_broken() -> None:
    noise = random.Random(1).randbytes(200_000)
    body = bytearray(gzip.compress(noise))
    body[150_000:150_100] = bytes(100)
    out, whole = gunzip(bytes(body), 1 << 20)
    assert not whole
    assert noise.startswith(out[:149_000])
    assert len(out) > 150_000 - 65_536


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_streams_in_a_row_are_bounded_together(name: str) -> None:
    one = PACK[name](BYTES)
    assert unpack(one * 3, (name,), 3 * len(BYTES)) == BYTES * 3
    with pytest.raises(NotTaken, match="larger than"):
        unpack(one * 3, (name,), 3 * len(BYTES) - 1)
    assert unpack(one + b"<!-- 0.2 s -->" + one, (name,), len(BYTES)) == BYTES, "what stands behind is left out"


@pytest.mark.parametrize("size", [*range(12), 255, 256, 257, 65_535, 65_536, 65_537, 1 << 20])
@pytest.mark.parametrize("name", PACK)
def test_an_answer_of_any_size_comes_out_as_it_was(name: str, size: int) -> None:
    body = (b"<p>Warga memperbaiki jembatan.</p>" + bytes(range(256))) * (size // 290 + 1)
    packed_body = PACK[name](body[:size])
    assert unpack(packed_body, (name,), size) == body[:size]
    assert unpack(packed_body, (name,), 2 * size + 9) == body[:size]


def test_bytes_that_no_header_announced_are_left_as_they_are() -> None:
    for body in (BYTES, BYTES + b"\x1f\x8b\x08", b"\x1f\x8b" + BYTES):
        assert unpack_announced_or_not(body, (), 10_000) == body
    assert unpack_announced_or_not(zlib.compress(BYTES), ("deflate",), 10_000) == BYTES


@pytest.mark.parametrize("name", PACK)
def test_a_name_is_believed_by_the_bytes_alone_for_gzip_and_zstd(name: str) -> None:
    known = name in ("gzip", "x-gzip", "zstd")
    if known:
        assert unpack(PACK[name](BYTES), ("lain",), 10_000) == BYTES
    else:
        with pytest.raises(NotTaken, match="we cannot read"):
            unpack(PACK[name](BYTES), ("lain",), 10_000)


@pytest.mark.parametrize("error", [
    ConnectError(string="x" * 900), RuntimeError("x" * 900), DownloadFailedError("x" * 900),
    ResponseDataLossError("x" * 900),
])  # fmt: skip
def test_what_a_library_says_is_cut(error: Exception) -> None:
    assert len(explain_no_answer(error, "contoh.id").text) == LONGEST


def test_a_page_is_unpacked_whatever_its_header_says() -> None:
    page = Page("https://a.id/", b"<html>", "text/html", datetime(2024, 1, 1, tzinfo=UTC))
    assert unpacked(page, 100) is page
    body = packed(b"<html>")
    for made in (replace(page, body=body), replace(page, body=body, packed=("gzip",))):
        assert unpacked(made, 100) == page


# ---------------------------------------------------------------------- pauses, guards, challenges


def crawler_of(spider: Spider | None = None, **settings: Any) -> Any:
    crawler = get_crawler(Spider, {"CRAWL_DELAY_MAX_S": 30, "RETRY_AFTER_MAX_S": 120, "BACK_OFF_S": 5, **settings})
    crawler.spider = spider or crawler._create_spider("uji")
    return crawler


def answer(status: int, tried: int = 0, body: bytes = b"", **headers: str) -> Response:
    request = Request("https://contoh.id/a", meta={"retry_times": tried})
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return HtmlResponse(request.url, status=status, headers=named, body=body, request=request)


@pytest.mark.parametrize(("status", "tried", "headers", "wait"), [
    (200, 0, {"Retry_After": "50"}, 0), (404, 0, {}, 0), (403, 0, {}, 0), (429, 0, {"Retry_After": "50"}, 50),
    (503, 0, {"Retry_After": "120"}, 120), (503, 0, {}, 5), (503, 1, {}, 10), (500, 2, {}, 20), (502, 4, {}, 80),
    (504, 5, {}, 120), (522, 9, {}, 120), (524, 0, {}, 5), (408, 0, {}, 5), (501, 0, {}, 0),
])  # fmt: skip
def test_a_host_is_left_alone_for_as_long_as_it_asks_or_longer_each_time(
    status: int, tried: int, headers: dict[str, str], wait: float
) -> None:
    pace = Pace(crawler_of())
    response = answer(status, tried, **headers)
    before = time.monotonic()
    assert pace.process_response(response.request, response) is response  # type: ignore[arg-type]
    after = time.monotonic()
    until = pace._not_before.get("contoh.id")
    assert (until is not None) is (wait > 0)
    assert until is None or before + wait <= until <= after + wait
    shorter = answer(503, 0, Retry_After="1")
    pace.process_response(shorter.request, shorter)  # type: ignore[arg-type]
    assert until is None or pace._not_before["contoh.id"] >= until, "a longer pause is not cut short"


def test_the_first_error_of_a_host_is_waited_for_once() -> None:
    pace, request = Pace(crawler_of()), Request("https://contoh.id/a")
    before = time.monotonic()
    pace.process_response(request, HtmlResponse(request.url, 503))
    assert before + 5 <= pace._not_before["contoh.id"] <= time.monotonic() + 5


@pytest.mark.parametrize(("status", "headers", "cause"), [
    (429, {"Retry_After": "121"}, Cause.BLOCK), (503, {"Retry_After": "121"}, Cause.SERVER_ERROR),
    (503, {"Retry_After": "3600", "cf_mitigated": "challenge"}, Cause.BLOCK),
    (408, {"Retry_After": "3600"}, Cause.TIME_OUT),
])  # fmt: skip
def test_a_longer_pause_than_a_crawl_waits_is_left_to_a_later_one(
    status: int, headers: dict[str, str], cause: Cause
) -> None:
    response, before = answer(status, 0, **headers), datetime.now(UTC)
    with pytest.raises(
        AskedToWait, match=f"HTTP {status}: the portal asks to wait {headers['Retry_After']} s"
    ) as raised:
        Pace(crawler_of()).process_response(response.request, response)  # type: ignore[arg-type]
    asked = timedelta(seconds=int(headers["Retry_After"]))
    assert before + asked <= raised.value.until <= datetime.now(UTC) + asked
    assert raised.value.cause is cause


@pytest.mark.parametrize(("response", "challenge"), [
    (answer(403, cf_mitigated="challenge"), True), (answer(503, body=b"<script>window._cf_chl_opt = {}"), True),
    (answer(503, body=b"slowAES.decrypt(c)"), True), (answer(403, body=b"<p>Harap tunggu</p>"), False),
    (answer(403, body=b" " * 199_987 + b"_cf_chl_opt"), True),
    (answer(403, body=b" " * 250_000 + b"_cf_chl_opt"), False),
])  # fmt: skip
def test_a_challenge_to_browsers_is_known_by_what_only_it_has(response: Response, challenge: bool) -> None:
    assert is_challenge(response) is challenge


class _Bounded(Spider):
    name = "uji"
    robots = None

    def refuse(self, url: str) -> str | None:
        return None if url.startswith("https://contoh.id/") else "another host"


@pytest.mark.parametrize(("url", "hops", "cause", "words"), [
    ("https://contoh.id/a", 0, None, ""), ("https://lain.id/a", 0, Cause.RULE, "another host"),
    ("https://lain.id/a", 1, Cause.MOVED, "redirected to https://lain.id/a: another host"),
])  # fmt: skip
def test_a_guard_refuses_what_its_spider_refuses_and_says_when_it_was_a_redirect(
    url: str, hops: int, cause: Cause | None, words: str
) -> None:
    request = Request(url, meta={"redirect_times": hops})
    Guard(crawler_of()).process_request(request)  # scrapy shell: a spider without bounds
    guard = Guard(crawler_of(_Bounded()))
    if cause is None:
        guard.process_request(request)
        return
    with pytest.raises(Refused) as raised:
        guard.process_request(request)
    assert (raised.value.cause, str(raised.value)) == (cause, words)


def test_of_a_host_so_many_cookies_are_kept_and_those_that_are_there_change_and_end() -> None:
    cookies = Cookies()
    for number in range(MAX_COOKIES + 2):
        cookies.keep("https://www.contoh.id/a", [f"c{number}=1; Path=/".encode()])
    cookies.keep("https://contoh.id/b", [b"c0=2", b"rusak", b"c1=; Max-Age=0"])
    header = cookies.header("https://contoh.id/") or b""
    assert header.split(b"; ") == [b"c0=2", *(f"c{number}=1".encode() for number in range(2, MAX_COOKIES))]
    assert cookies.header("https://lain.id/") is None


# ---------------------------------------------------------------------- is a portal there at all?


class _Robots(LocalServer):
    """Answers robots.txt as told."""

    said = Answer("User-agent: *\nAllow: /", content_type=TEXT)

    def answer(self, _: Asked) -> Answer:
        return self.said


HOST = PORTAL.home.split("/")[2]


@pytest.mark.parametrize(("said", "verdict", "words"), [
    (Answer("User-agent: *\nAllow: /", content_type=TEXT), "ok", "it lets us in"),
    (Answer("", 404), "ok", "it has none"),
    (Answer("", 410), "ok", "it has none"), (Answer("", 403), "warn", "HTTP 403"),
    (Answer("", 499), "warn", "HTTP 499"),
    (Answer("", 429), "fail", "HTTP 429"), (Answer("", 500), "fail", "HTTP 500"), (Answer("", 503), "fail", "HTTP 503"),
    (Answer("User-agent: *\nDisallow: /", content_type=TEXT), "warn", "it forbids us its home page"),
    (Answer("User-agent: *\nDisallow: /posts", content_type=TEXT), "warn", f"it forbids {PORTAL.home}posts"),
    (Answer("User-agent: lain\nDisallow: /", content_type=TEXT), "ok", "it lets us in"),
    (Answer(gzip.compress("User-agent: *\nDisallow: /".encode("utf-16")), content_type=TEXT), "warn",
     "it forbids us its home page"),
])  # fmt: skip
def test_each_answer_of_robots_txt_is_told_with_its_cure(said: Answer, verdict: str, words: str) -> None:
    with _Robots() as site:
        site.said = said
        settings = Settings({"CONNECT_TO": {HOST: site.address}, "CONTACT": "a@example.org"})
        rows = list(reachability.check_reachability([PORTAL], settings))
        ((_, path, _, headers),) = site.requests
    assert path == "/robots.txt"
    assert headers["Host"] == HOST
    assert "a@example.org" in headers["User-Agent"]
    (row, clock) = rows
    assert (row[0], row[1]) == ("robots", verdict)
    assert words in row[2]
    assert bool(row[3]) is (verdict != "ok")
    assert clock[:2] == ("clock", "ok")


def test_without_another_place_a_portal_is_asked_at_its_own_address() -> None:
    with _Robots() as site:
        portal = replace(PORTAL, home=f"http://{site.address}/berita/")
        (row, _) = reachability.check_reachability([portal], Settings({"CONNECT_TO": {}, "CONTACT": ""}))
        ((_, path, _, headers),) = site.requests
    assert (row[:2], path, headers["Host"]) == (("robots", "ok"), "/robots.txt", site.address)


def test_a_portal_that_is_not_there_is_told_and_says_nothing_of_the_clock() -> None:
    settings = Settings({"CONNECT_TO": {"*": "127.0.0.1:9"}, "CONTACT": ""})
    (row,) = reachability.check_reachability([PORTAL], settings)
    assert row[:2] == ("robots", "fail")
    assert "did the portal move?" in row[3]


@pytest.mark.parametrize(("off_s", "portals", "verdict"), [
    (-111, 2, "ok"), (111, 2, "ok"), (129, 2, "fail"), (-129, 3, "fail"),  # a loaded machine may take seconds
    (3600, 1, "ok"),  # one server may be wrong itself
])  # fmt: skip
def test_a_clock_that_is_two_minutes_off_is_told_by_two_portals(off_s: int, portals: int, verdict: str) -> None:
    class Late(_Robots):
        def answer(self, _: Asked) -> Answer:
            def write(connection: Any) -> None:
                date = format_datetime(datetime.now(UTC) + timedelta(seconds=off_s), usegmt=True)
                connection.sendall(f"HTTP/1.0 404 Not Found\r\nDate: {date}\r\n\r\n".encode())

            return Answer(status=404, raw=write)

    with Late() as site:
        settings = Settings({"CONNECT_TO": {"*": site.address}, "CONTACT": ""})
        *rows, clock = reachability.check_reachability([PORTAL] * portals, settings)
    assert [row[1] for row in rows] == ["ok"] * portals
    assert clock[1] == verdict
    assert f"{portals} servers' clocks differ" in clock[2]


@pytest.mark.parametrize(("date", "known"), [
    ("{:%a, %d %b %Y %H:%M:%S} -0000", True), ("{:%a, %d %b %Y %H:%M:%S} +0000", True), ("kemarin", False),
])  # fmt: skip
def test_a_servers_clock_is_read_in_whatever_zone_it_writes(date: str, known: bool) -> None:
    class Zoned(_Robots):
        def answer(self, _: Asked) -> Answer:
            head = f"HTTP/1.0 404 Not Found\r\nDate: {date.format(datetime.now(UTC))}\r\n\r\n"
            return Answer(status=404, raw=lambda connection: connection.sendall(head.encode()))

    with Zoned() as site:
        settings = Settings({"CONNECT_TO": {"*": site.address}, "CONTACT": ""})
        _, *clock = reachability.check_reachability([PORTAL], settings)
    assert len(clock) == known
    assert all(-60 < float(row[2].split(" by ")[1].split(" s")[0]) < 60 for row in clock)


def test_a_host_of_its_own_place_is_asked_there_and_all_others_at_the_one_for_all() -> None:
    places = {"contoh.id": "127.0.0.1:81", "*": "[::1]:82"}
    for url, moved_to, host in (
        ("https://Contoh.id/a?b=1", "http://127.0.0.1:81/a?b=1", b"contoh.id"),
        ("http://contoh.id:8080/a", "http://127.0.0.1:81/a", b"contoh.id:8080"),
        ("https://lain.id/a", "http://[::1]:82/a", b"lain.id"),
    ):
        moved = move(Request(url, headers={"X-A": "1"}), places)
        assert moved is not None
        assert (moved.url, moved.headers["Host"], moved.headers["X-A"]) == (moved_to, host, b"1")
    assert move(Request("https://lain.id/a"), {"contoh.id": "127.0.0.1:81"}) is None
    assert move(Request("https://lain.id/a"), {}) is None


def test_the_middle_clock_counts_and_an_answer_without_one_does_not() -> None:
    dates = iter([0, 0, 9000, None])

    class Some(_Robots):
        def answer(self, _: Asked) -> Answer:
            off_s = next(dates)
            date = "" if off_s is None else format_datetime(datetime.now(UTC) + timedelta(seconds=off_s), usegmt=True)
            head = f"HTTP/1.0 404 Not Found\r\n{f'Date: {date}' if date else 'X: y'}\r\n\r\n"
            return Answer(status=404, raw=lambda connection: connection.sendall(head.encode()))

    with Some() as site:
        settings = Settings({"CONNECT_TO": {"*": site.address}, "CONTACT": ""})
        *_, clock = reachability.check_reachability([PORTAL] * 4, settings)
    assert (clock[1], clock[2][:9]) == ("ok", "3 servers")
