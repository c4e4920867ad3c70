"""What the middlewares make of answers that lie, break off or ask for a pause."""

import gzip
import importlib.util
import sys
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request, Spider
from scrapy.exceptions import ResponseDataLossError
from scrapy.http import HtmlResponse, Response
from scrapy.spidermiddlewares.referer import RefererMiddleware
from scrapy.utils.test import get_crawler

from kwri_crawler.items import Page
from kwri_crawler.web import unpacking
from kwri_crawler.web.cookies import Cookies
from kwri_crawler.web.middlewares import Decompress, Redirect
from kwri_crawler.web.pace import LONGEST_WAIT_S, retry_after_s
from kwri_crawler.web.refusals import RedirectedWithoutEnd, Refused
from kwri_crawler.web.robots import plain_rules
from kwri_crawler.web.unpacking import MAX_MEMBERS, NotTaken, unpacked

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
PAGE = b"<html><body>" + b"<p>Pompa air Kampung Baru mulai dipasang pekan ini.</p>" * 200 + b"</body></html>"
PACKED = gzip.compress(PAGE, mtime=0)
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def decompress(body: bytes, *encodings: str, tried: int = 2, maximum: int = 1 << 20) -> Request | Response:
    crawler = get_crawler(Spider, {"RETRY_TIMES": 2, "DOWNLOAD_MAXSIZE": maximum})
    crawler.spider = crawler._create_spider("uji")
    request = Request("https://kabar.co.id/pompa", meta={"retry_times": tried})
    headers = [("Content-Encoding", encoding) for encoding in encodings]
    response = HtmlResponse(request.url, headers=headers, body=body, request=request)
    return Decompress(crawler).process_response(request, response)


@pytest.mark.parametrize("encoding", COMPRESS)
def test_an_encoded_page_is_decoded(encoding: str) -> None:
    response = decompress(COMPRESS[encoding](PAGE), encoding)
    assert isinstance(response, Response)
    assert response.body == PAGE
    assert "Content-Encoding" not in response.headers


def test_encodings_are_undone_from_the_last_to_the_first() -> None:
    twice = zstd.compress(gzip.compress(PAGE))
    for encodings in (("gzip", "zstd"), ("gzip, zstd",), ("identity, GZIP", " zstd ,")):
        response = decompress(twice, *encodings)
        assert isinstance(response, Response)
        assert response.body == PAGE


def test_where_there_is_no_isal_zlib_undoes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal", None)
    spec = importlib.util.find_spec("kwri_crawler.web.unpacking")
    assert spec is not None
    assert spec.loader is not None
    without = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(without)
    assert without.zlib is zlib
    packed = gzip.compress(PAGE)
    for bodies in (
        (packed, packed + b"\n"),
        (packed * 2,),
        (packed[:-9], packed[:40], b"\0<html>", packed[:-4] + b"junk"),
    ):
        found = []
        for module in (unpacking, without):
            for body in bodies:
                try:
                    found.append(module.unpack(body, ("gzip",), 1 << 20))
                except (unpacking.CutOff, without.CutOff):
                    found.append(None)
        assert found[: len(bodies)] == found[len(bodies) :]
        assert (None in found) == (len(bodies) == 4)


def test_an_answer_without_encoding_passes_as_it_is() -> None:
    for encodings in ((), ("identity",), ("",)):
        response = decompress(PAGE, *encodings)
        assert isinstance(response, Response)
        assert response.body == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_several_streams_in_a_row_are_one_page(encoding: str) -> None:
    response = decompress(COMPRESS[encoding](PAGE[:900]) + COMPRESS[encoding](PAGE[900:]), encoding)
    assert isinstance(response, Response)
    assert response.body == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
@pytest.mark.parametrize("rest", [b"\n", b"\r\n\r\n", b"<!-- 0.2 s -->", b"\0\0"])
def test_what_a_server_appends_to_a_whole_page_costs_no_page(encoding: str, rest: bytes) -> None:
    response = decompress(COMPRESS[encoding](PAGE) + rest, encoding)
    assert isinstance(response, Response)
    assert response.body == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_sixteen_megabytes_of_empty_streams_are_refused_at_once(encoding: str) -> None:
    empty = COMPRESS[encoding](b"")
    begun = time.process_time()
    with pytest.raises(Refused, match=f"more than {MAX_MEMBERS} pieces"):
        decompress(empty * ((16 << 20) // len(empty)), encoding, maximum=16 << 20)
    assert time.process_time() - begun < 10, "read to its end it takes half an hour and more"


def test_layers_beyond_count_are_refused() -> None:
    with pytest.raises(Refused, match="encoded 50 times over"):
        decompress(gzip.compress(PAGE), *["gzip"] * 50)


@pytest.mark.parametrize("encoding", COMPRESS)
def test_a_bomb_is_refused_and_not_asked_for_again(encoding: str) -> None:
    with pytest.raises(Refused, match="larger than 1 MiB when decompressed"):
        decompress(COMPRESS[encoding](bytes(50 << 20)), encoding, tried=0)


@pytest.mark.parametrize("encoding", COMPRESS)
def test_an_answer_that_is_not_whole_is_asked_for_again_plain(encoding: str) -> None:
    broken = COMPRESS[encoding](PAGE)[:-20]
    for tried in (0, 1):
        again = decompress(broken, encoding, tried=tried)
        assert isinstance(again, Request)
        assert again.headers["Accept-Encoding"] == b"identity"
        assert again.meta["retry_times"] == tried + 1
    with pytest.raises(ResponseDataLossError, match=f"the {encoding} answer is not whole"):
        decompress(broken, encoding, tried=2)


@pytest.mark.parametrize(
    "encoding", [*COMPRESS, "x-gzip", "none", "UTF-8", "8bit", "binary", "text/html", "gzip, gzip"]
)
@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        b"User-agent: *\nDisallow: /cetak/\n",
        "Kafé Zoë buka pukul 5–10.".encode() * 100,
        "Kafé Zoë buka.".encode("cp1252") * 100,
        "\ufeff<rss/>".encode("utf-16"),
    ],
)
def test_plain_text_is_taken_whatever_its_header_names(encoding: str, text: bytes) -> None:
    response = decompress(text, encoding, tried=0)
    assert isinstance(response, Response)
    assert response.body == text
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("header", ["none", "UTF-8", "br", "deflate", "zstd"])
def test_gzip_is_known_by_its_bytes_under_any_header(header: str) -> None:
    response = decompress(gzip.compress(PAGE), header)
    assert isinstance(response, Response)
    assert response.body == PAGE


def test_bytes_that_are_no_text_under_a_name_that_we_do_not_know_are_refused() -> None:
    with pytest.raises(Refused, match="'compress', which we cannot read"):
        decompress(b"\x1f\x9d\x90" + bytes(range(256)), "compress")


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("announced", [0, 1])
def test_a_page_that_is_packed_oftener_than_its_header_names_is_read(times: int, announced: int) -> None:
    body = PAGE
    for _ in range(times):
        body = gzip.compress(body)
    page = Page("https://kabar.co.id/pompa", body, "text/html", NOW, packed=("gzip",) * announced)
    assert unpacked(page, 1 << 20).body == PAGE
    with pytest.raises(NotTaken, match="larger"):
        unpacked(page, len(PAGE) - 1)


@pytest.mark.parametrize("text", ["User-agent: *\nDisallow: /cetak/\n", "User-agent: *\r\nDisallow: /é/"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_rules_are_read_in_whatever_charset_they_come(text: str, charset: str) -> None:
    assert plain_rules(text.encode(charset)).decode() == text
    assert plain_rules(gzip.compress(text.encode(charset))).decode() == text


def test_rules_that_are_packed_are_unpacked_up_to_eight_megabytes() -> None:
    rules = b"#" * (8 << 20)
    assert plain_rules(gzip.compress(rules, 1)) == rules
    packed = gzip.compress(rules + b"#", 1)
    assert plain_rules(packed) == packed


def test_rules_with_a_stray_zero_behind_their_beginning_stay_as_they_are() -> None:
    assert plain_rules(b"Us\0er-agent: *") == b"Us\0er-agent: *"


@pytest.mark.parametrize("body", [b"", b"\0", b"\xff", b"\x1f\x8b\x08rusak", gzip.compress(bytes(20 << 20), mtime=0)])
def test_no_rules_break_their_reading(body: bytes) -> None:
    assert isinstance(plain_rules(body), bytes)


def test_a_cookie_of_a_redirect_is_brought_back_to_its_host_until_it_ends() -> None:
    cookies = Cookies()
    url = "https://kabar.co.id/feed/"
    cookies.keep(
        url, [b"sesi=a1; Path=/; HttpOnly", b'lain = "2" ;Secure', b"rusak", b"=x", b"a\r\nb=1", b"x=" + b"y" * 5000]
    )
    assert cookies.header("https://www.kabar.co.id/warta") == b'sesi=a1; lain="2"'
    assert cookies.header("https://lain.co.id/") is None
    cookies.keep(url, [b"sesi=; Max-Age=0", b"lain=; expires=Thu, 01 Jan 1970 00:00:00 GMT", b"c=3; Max-Age=600"])
    assert cookies.header(url) == b"c=3"
    cookies.keep(url, [b"n%d=1" % n for n in range(100)])
    assert (cookies.header(url) or b"").count(b";") == 19


def a_redirect() -> Redirect:
    middleware = Redirect(get_crawler(Spider, {"REDIRECT_MAX_TIMES": 5}).settings)
    middleware._referer_spider_middleware = RefererMiddleware(get_crawler(Spider).settings)
    middleware.crawler = get_crawler(Spider)
    middleware.crawler.spider = middleware.crawler._create_spider("uji")
    return middleware


def redirect(location: str, status: int = 302, *cookies: str, **meta: int) -> Request | Response:
    middleware = a_redirect()
    request = Request("https://kabar.co.id/pompa", meta=dict(meta))
    headers = [("Location", location), *(("Set-Cookie", cookie) for cookie in cookies)]
    found = middleware.process_response(request, Response(request.url, status, headers=headers, request=request))
    if isinstance(found, Request):
        middleware.process_request(found)
    return found


@pytest.mark.parametrize(
    "location", ["ftp://kabar.co.id/a", "file:///etc/hostname", "javascript:void(0)", "MAILTO:a@b.id"]
)
def test_a_redirect_to_what_is_no_web_address_is_refused(location: str) -> None:
    with pytest.raises(Refused, match="not http"):
        redirect(location)


def test_a_redirect_to_itself_is_followed_with_the_cookie_that_it_set() -> None:
    again = redirect("/pompa", 302, "sesi=1; Path=/")
    assert isinstance(again, Request)
    assert (again.url, again.headers["Cookie"]) == ("https://kabar.co.id/pompa", b"sesi=1")
    away = redirect("https://lain.co.id/", 302, "sesi=1; Path=/")
    assert isinstance(away, Request)
    assert "Cookie" not in away.headers


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_each_kind_of_redirect_is_followed_to_a_web_address_alone(status: int) -> None:
    followed = redirect("/go?to=mailto:x", status)
    assert isinstance(followed, Request)
    assert followed.url == "https://kabar.co.id/go?to=mailto:x"
    with pytest.raises(Refused, match=r"redirected to 'ftp://kabar\.co\.id/a': not http"):
        redirect("ftp://kabar.co.id/a", status)
    with pytest.raises(Refused, match=r"redirected to 'http://\[x': not an address"):
        redirect("http://[x", status)


@pytest.mark.parametrize("status", [200, 300, 304, 400, 404])
def test_what_is_no_redirect_leads_nowhere(status: int) -> None:
    found = redirect("ftp://kabar.co.id/a", status)
    assert isinstance(found, Response)
    assert found.status == status


@pytest.mark.parametrize(
    ("status", "kept"), [(200, False), (299, False), (300, True), (302, True), (399, True), (400, False)]
)
def test_only_the_cookies_of_a_redirect_are_kept(status: int, kept: bool) -> None:
    middleware = a_redirect()
    request = Request("https://kabar.co.id/pompa", meta={"dont_redirect": True})
    headers = {"Set-Cookie": "sesi=1", "Location": "/lain"}
    middleware.process_response(request, Response(request.url, status, headers=headers, request=request))
    again = Request("https://kabar.co.id/lain")
    middleware.process_request(again)
    assert again.headers.get("Cookie") == (b"sesi=1" if kept else None)


def test_a_redirect_is_followed_so_often_and_no_more() -> None:
    assert isinstance(redirect("/lain", 302, redirect_times=4), Request)
    with pytest.raises(RedirectedWithoutEnd):
        redirect("/lain", 302, redirect_times=5)


@pytest.mark.parametrize(("length", "kept"), [(4096, True), (4097, False)])
def test_a_cookie_is_as_long_as_browsers_allow(length: int, kept: bool) -> None:
    cookies = Cookies()
    cookies.keep("https://kabar.co.id/", [b"a=" + b"x" * (length - 2)])
    assert (cookies.header("https://kabar.co.id/") is not None) is kept


def test_what_stands_behind_a_broken_cookie_is_none() -> None:
    cookies = Cookies()
    cookies.keep("https://kabar.co.id/", [b"rusak; a=1", b"\xffb=1", b"c=3 ", b"d="])
    assert cookies.header("https://kabar.co.id/") == b"c=3; d="


def test_what_we_can_read_is_said_unless_the_request_says_it() -> None:
    middleware = Decompress(get_crawler(Spider))
    request, plain = (
        Request("https://kabar.co.id/"),
        Request("https://kabar.co.id/", headers={"Accept-Encoding": "identity"}),
    )
    middleware.process_request(request)
    middleware.process_request(plain)
    assert (request.headers["Accept-Encoding"], plain.headers["Accept-Encoding"]) == (
        b"gzip, deflate, br, zstd", b"identity"
    )  # fmt: skip


def test_an_answer_that_was_packed_is_a_text_once_it_is_unpacked() -> None:
    crawler = get_crawler(Spider)
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
    response = Response("https://kabar.co.id/", 200, headers, gzip.compress(PAGE))
    found = Decompress(crawler).process_response(Request("https://kabar.co.id/"), response)
    assert isinstance(found, HtmlResponse)
    assert found.text.startswith("<html>")


@pytest.mark.parametrize(("method", "body", "meta"), [
    ("HEAD", PACKED, {}), ("GET", b"", {}), ("GET", PACKED, {"packed": True}),
])  # fmt: skip
def test_what_is_not_unpacked_stays_as_it_came(method: str, body: bytes, meta: dict[str, bool]) -> None:
    request = Request("https://kabar.co.id/", method=method, meta=dict(meta))
    response = HtmlResponse(request.url, headers={"Content-Encoding": "gzip"}, body=body, request=request)
    assert Decompress(get_crawler(Spider)).process_response(request, response) is response
    assert response.headers["Content-Encoding"] == b"gzip"


def test_without_a_spider_an_answer_that_broke_off_is_an_error() -> None:
    request = Request("https://kabar.co.id/")
    response = HtmlResponse(
        request.url, headers={"Content-Encoding": "br"}, body=brotli.compress(PAGE)[:-9], request=request
    )
    with pytest.raises(ResponseDataLossError):
        Decompress(get_crawler(Spider)).process_response(request, response)


def test_an_answer_that_breaks_off_says_how_much_came() -> None:
    with pytest.raises(ResponseDataLossError, match=r"^6 bytes came, and fewer than were announced$"):
        short(b"<html>", tried=2)


def short(body: bytes, *encodings: str, tried: int = 2, **meta: bool) -> Request | Response:
    crawler = get_crawler(Spider, {"RETRY_TIMES": 2, "DOWNLOAD_MAXSIZE": 1 << 20})
    crawler.spider = crawler._create_spider("uji")
    request = Request("https://kabar.co.id/pompa", meta={"retry_times": tried, **meta})
    headers = [("Content-Encoding", encoding) for encoding in encodings]
    response = HtmlResponse(request.url, headers=headers, body=body, request=request, flags=["dataloss"])
    return Decompress(crawler).process_response(request, response)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "body",
    [PAGE, PAGE + b"\n<!-- 0.2 s -->", b"<rss><channel></channel></rss>\n", b"<s:urlset></s:urlset>", b'[{"id": 1}]\n'],
)
def test_a_document_that_is_whole_is_taken_though_fewer_bytes_came_than_were_announced(
    packed: bool, body: bytes
) -> None:
    response = short(body, tried=0, packed=packed)
    assert isinstance(response, Response)
    assert response.body == body
    assert isinstance(short(gzip.compress(body), "gzip", tried=0, packed=packed), Response)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("body", [PAGE[:-9], b"<rss><channel></channel>", b'[{"id": 1},', b"[" * 100_000])
def test_a_document_that_breaks_off_is_asked_for_again_and_never_taken(packed: bool, body: bytes) -> None:
    assert isinstance(short(body, tried=0, packed=packed), Request)
    with pytest.raises(ResponseDataLossError):
        short(body, tried=2, packed=packed)


def test_rules_that_break_off_are_asked_for_again_and_taken_when_no_better_ones_come() -> None:
    rules = b"User-agent: *\nDisallow: /cetak"
    assert isinstance(short(rules + b"\n", tried=0, dont_obey_robotstxt=True), Response)
    assert isinstance(short(rules, tried=0, dont_obey_robotstxt=True), Request)
    assert isinstance(short(rules, tried=2, dont_obey_robotstxt=True), Response)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"0", 0),
        (b"120", 120),
        (b" 120 ", 120),
        (b"1.5", 1.5),
        (b"9999999999", LONGEST_WAIT_S),
        (b"9" * 5000, LONGEST_WAIT_S),
        (b"Wed, 01 Jul 2026 12:00:30 GMT", 30),
        (b"Wed, 01 Jul 2026 12:00:30 -0000", 30),  # as RFC 5322 writes a zone that is not told
        (b"Wed, 01 Jul 2026 12:00:01 GMT", 1),
        (b"Wed, 01 Jul 2026 12:00:00 GMT", None),
        (b"Wed, 01 Jul 2026 11:59:59 GMT", None),
        (b"2592000", 30 * 86_400),
        (b"2592001", 30 * 86_400),
        (b"Wed, 01 Jul 2026 19:00:30 +0700", 30),
        (b"Wednesday, 01-Jul-26 12:00:30 GMT", 30),
        (b"Fri, 31 Dec 9999 23:59:59 -2359", LONGEST_WAIT_S),
        (b"Wed, 21 Oct 2015 07:28:00 GMT", None),
        (b"Mon, 01 Jan 0001 00:00:00 +2300", None),
        (b"Wed, 01 Jul 2026 12:00:30 +" + b"9" * 20, None),
        (b"Wed, 01 Jul 2026 12:00:30 +99999999", None),
        (b"Wed, 99 Foo 2026 99:99:99 GMT", None),
        (b"", None),
        (b"-5", None),
        (b"inf", None),
        (b"nan", None),
        (b"1e9", None),
        (b"\xb2", None),
        (b"nanti", None),
        (None, None),
    ],
)
def test_a_retry_after_is_read_as_seconds_or_as_nothing(header: bytes | None, seconds: float | None) -> None:
    assert retry_after_s(header, NOW) == seconds


@given(st.binary(max_size=60))
def test_no_retry_after_raises(header: bytes) -> None:
    seconds = retry_after_s(header, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_WAIT_S


@given(st.integers(1, int(LONGEST_WAIT_S)))
def test_a_date_ahead_is_read_to_the_second(seconds: int) -> None:
    header = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True).encode()
    assert retry_after_s(header, NOW) == seconds
