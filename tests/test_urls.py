"""Addresses: spelling, identity, and whom a crawl may ask."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from kwri_crawler.web.addresses import (
    ANOTHER_HOST,
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
from kwri_crawler.web.hosts import is_public_address, is_public_host

ADDRESSES = st.builds(
    lambda scheme, host, path, query, fragment: f"{scheme}://{host}/{path}?{query}#{fragment}",
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    st.sampled_from(
        ["Portal.id", "www.portal.id", "portal.id:443", "portal.id:8080", "127.1", "[::1]", "a@b.id", "é.id"]
    ),
    st.text(alphabet="aB0/.%4-~ é\\;=&?amp[]'\"\ud800", max_size=20),
    st.text(alphabet="utm_s=p1&%2Ba ;é'[]#/?", max_size=20),
    st.text(max_size=3),
)
ANY_TEXT = st.one_of(ADDRESSES, st.text(), st.text(st.characters()), st.from_regex(r"https?://\S*", fullmatch=True))


@given(ANY_TEXT)
@example("http://[::1")
@example("http://portal.id:99999999/")
@example("http://\ud800.id/\udfff")
@example("https://portal.id/%%34%31/%2e%2E/x")
def test_no_text_breaks_spelling_and_spelling_twice_changes_nothing(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert url_key(once) == url_key(text)
    assert host_of(once) == host_of(text) or http_fault(text) is not None
    once.encode("utf-8")
    refuse_reason(text, ("portal.id",))


@given(ADDRESSES)
def test_scrapy_asks_for_an_address_exactly_as_we_spell_it(text: str) -> None:
    once = canonical(text)
    if http_fault(once) is None:
        assert safe_url_string(once) == once


@pytest.mark.parametrize(
    ("printed", "spelt"),
    [
        ("HTTPS://Portal.ID:443", "https://portal.id/"),
        ("http://portal.id:8080/a", "http://portal.id:8080/a"),
        (" https://portal.id/A/b/\n#komentar", "https://portal.id/A/b/"),
        ("https://portal.id/%7euji%c3%a9 é", "https://portal.id/~uji%C3%A9%20%C3%A9"),
        ("https://portal.id/a/../b/./c", "https://portal.id/b/c"),
        ("https://portal.id/a?utm_source=x&b=2&fbclid=1&a=1", "https://portal.id/a?b=2&a=1"),
        ("https://portal.id/a?PHPSESSID=1&ref=facebook", "https://portal.id/a"),
        ("https://portal.id/a;jsessionid=9F?x=1", "https://portal.id/a?x=1"),
        ("https://portal.id/a?ref=12&source=buku&sid=7", "https://portal.id/a?ref=12&source=buku&sid=7"),
        ("https://portal.id/a?sid=0123456789abcdef0123456789abcdef", "https://portal.id/a"),
        ("https://portal.id./a", "https://portal.id/a"),
        ("javascript:void(0)", "javascript:void(0)"),
    ],
)
def test_an_address_is_spelt_one_way(printed: str, spelt: str) -> None:
    assert canonical(printed) == spelt


@pytest.mark.parametrize(
    "form",
    [
        "http://portal.id/warta-pagi",
        "https://www.portal.id/warta-pagi/",
        "https://portal.id/warta-pagi/amp",
        "https://portal.id/warta-pagi?amp=1",
        "https://portal.id//warta-pagi?page=1",
        "https://portal.id/warta-pagi/print/",
        "https://PORTAL.id/warta-pagi?m=1&utm_medium=wa#atas",
        "https://m.portal.id/warta-pagi",
        "https://amp.portal.id/warta-pagi?outputType=amp",
        "https://portal.id/Warta-Pagi",
        "https://portal.id/warta-pagi?PHPSESSID=9f&gclid=1",
    ],
)
def test_forms_of_one_article_share_its_key(form: str) -> None:
    assert url_key(form) == url_key("https://portal.id/warta-pagi") == "portal.id/warta-pagi"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://portal.id/?p=1", "https://portal.id/"),
        ("https://portal.id/?p=123", "https://portal.id/?p=124"),
        ("https://portal.id/a?page=2", "https://portal.id/a"),
        ("https://portal.id/a?page=2", "https://portal.id/a?page=3"),
        ("https://portal.id/a", "https://foto.portal.id/a"),
        ("https://portal.id/a", "https://portal.id:8080/a"),
        ("https://portal.id/Warta", "https://portal.id/warta"),
        ("https://portal.id/amp", "https://portal.id/"),
        ("https://m.id/a", "https://id/a"),
        ("https://portal.id/xY3", "https://portal.id/Xy3"),
        ("https://portal.id/a%2Fb", "https://portal.id/a/b"),
        ("https://portal.id/warta", "portal.id/warta"),
    ],
)
def test_two_articles_never_share_a_key(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


def test_the_order_of_named_values_does_not_make_another_article() -> None:
    assert url_key("https://portal.id/?id=7&mod=baca") == url_key("https://portal.id/?mod=baca&id=7")


def test_a_relative_link_is_resolved_against_its_page() -> None:
    assert join("https://portal.id/posts?page=2", "warta#x") == "https://portal.id/warta"
    assert join("https://portal.id/posts", "//foto.portal.id/a") == "https://foto.portal.id/a"
    assert join("https://portal.id/posts", "http://[salah") == "http://[salah"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://portal.id/warta", None),
        ("http://WWW.portal.id/warta", None),
        ("https://lain.id/warta", ANOTHER_HOST),
        ("https://foto.portal.id/", ANOTHER_HOST),
        ("https://portal.id.lain.id/", ANOTHER_HOST),
        ("https://portal.id:8443/", ODD_PORT),
        ("ftp://portal.id/warta", NOT_HTTP),
        ("file:///etc/passwd", NOT_HTTP),
        ("javascript:alert(1)", NOT_HTTP),
        ("https://portal.id@lain.id/", NAMES_A_USER),
        ("https://lain.id\\@portal.id/", NAMES_A_USER),
        ("/warta", NOT_AN_ADDRESS),
        ("https:///warta", NOT_AN_ADDRESS),
        ("https://[::1", NOT_AN_ADDRESS),
        ("https://portal.id:99999/", NOT_AN_ADDRESS),
        ("https://portal.id/" + "a" * 2083, TOO_LONG),
        ("http://127.0.0.1/", PRIVATE_HOST),
    ],
)
def test_only_the_portal_itself_is_asked(url: str, reason: str | None) -> None:
    assert refuse_reason(url, ("www.portal.id",)) == reason


def test_a_port_is_asked_when_the_portal_names_it() -> None:
    assert refuse_reason("http://portal.id:8080/a", ("portal.id", "portal.id:8080")) is None
    assert refuse_reason("http://portal.id:8081/a", ("portal.id", "portal.id:8080")) == ODD_PORT
    assert refuse_reason("http://127.0.0.1:8080/a", ("127.0.0.1:8080",), private=True) is None
    assert refuse_reason("http://127.0.0.2:8080/a", ("127.0.0.1:8080",), private=True) == ANOTHER_HOST


NUMBERS = "127.0.0.1 127.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 0 0.0.0.0 127.0.0.1. １２７.1 127。1"
NETWORKS = "10.1.2.3 192.168.0.1 172.16.0.1 100.64.0.1 224.0.0.1 255.255.255.255 240.0.0.1 256.1.1.1 1.2.3.4.5 0x"
METADATA = (
    "169.254.169.254 0xa9fea9fe 100.100.100.200 168.63.129.16 192.0.0.192 [fd00:ec2::254] metadata.google.internal"
)
V6 = "[::1] [::] [::ffff:127.0.0.1] [fe80::1%25eth0] [ff02::1] [64:ff9b::7f00:1] [2002:7f00:1::] [::127.0.0.1]"
NAMES = "localhost LOCALHOST. db.local x.localhost router intranet"
INSIDE_HOSTS = f"{NUMBERS} {NETWORKS} {METADATA} {V6} {NAMES}".split()


@pytest.mark.parametrize("host", ["", "a..b.id", "-x.id", "a b.id", *INSIDE_HOSTS])
def test_a_host_inside_a_network_is_known_in_every_notation(host: str) -> None:
    assert not is_public_host(host)
    assert refuse_reason(f"http://{host}/", (host.lower(),)) is not None


@pytest.mark.parametrize("host", ["jatim.kwri.or.id", "8.8.8.8", "[2606:4700::1111]", "1e100.net", "Portal.ID."])
def test_a_public_host_is_let_through(host: str) -> None:
    assert is_public_host(host)


@given(st.text())
def test_no_text_breaks_the_judges_of_hosts(text: str) -> None:
    is_public_host(text)
    is_public_address(text)


@given(st.ip_addresses(v=4))
def test_an_address_written_as_one_number_is_judged_as_in_dots(address: object) -> None:
    number = int(address)  # type: ignore[call-overload]
    assert is_public_host(str(number)) == is_public_host(hex(number)) == is_public_address(str(address))
