"""Addresses: spelling, identity, and whom a crawl may ask."""

from __future__ import annotations

import re

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


CLICKS = re.findall(
    r"\S+",
    """
srsltid=AfmBOo gad_source=1 gad_campaignid=22 gclid=a gclsrc=a dclid=a gbraid=a wbraid=a _gl=1*a _ga_AB12=2
_ga=1.2 gaa_at=la fbclid=a mibextid=Zxz2cZ sfnsn=wa __tn__=R __cft__[0]=AZ fb_action_ids=1 igshid=a igsh=a
twclid=a __twitter_impression=true s=08 s=20 ttclid=a msclkid=a yclid=a ysclid=a _openstat=a li_fat_id=a epik=a
noamp=mobile amp_js_v=a9 usqp=mq331 replytocom=7 mc_cid=a mc_eid=a mkt_tok=a vero_id=a vero_conv=a oly_anon_id=a
oly_enc_id=a trk_msg=a trk_contact=a trk_module=a trk_sid=a syclid=a unicorn_click_id=a bbeml=a vgo_ee=a
oft_id=a oft_lk=a oft_ids=a hss_channel=tw-1 mkevt=1
rb_clickid=a wickedid=a _hsenc=a _hsmi=a __hssc=a __hstc=a __hsfp=a hsCtaTracking=a hsa_cam=a
_branch_match_id=1 _branch_referrer=a _bhlid=a __readwiseLocation=a __s=a _ke=a _kx=a ml_subscriber=a
ml_subscriber_hash=a sc_cid=a s_cid=a at_recipient_id=a wt_mc=a xtor=RSS-1 ns_campaign=a guccounter=1
hmb_source=a ocid=a soc_src=a
guce_referrer=a campaign_id=1 campaign_medium=a campaign_source=a utm_id=a mtm_cid=a pk_campaign=a itm_source=a
ytm_source=a
""",
)


@pytest.mark.parametrize("click", CLICKS)
def test_a_click_counter_is_no_part_of_an_address(click: str) -> None:
    assert canonical(f"https://portal.id/warta-pagi?{click}") == "https://portal.id/warta-pagi"
    name, _, value = click.partition("=")
    if len(name) > 1:
        assert canonical(f"https://portal.id/baca.php?{name.upper()}={value}&id=7") == "https://portal.id/baca.php?id=7"


@pytest.mark.parametrize(
    "query",
    [
        "id=48213",
        "p=8",
        "s=harga+beras",
        "s=7",
        "t=1",
        "ref=12",
        "cid=3",
        "source=2",
        "sc=1",
        "ga=1",
        "at=2",
        "hal=2",
        "amp_id=1",
        "spma=1",
        "vedio=3",
        "trkasi=1",
        "xgclid=1",
        "ref=facebooks",
        "sharer=wa",
        "sid=" + "a1" * 11,
    ],
)
def test_a_query_that_may_choose_the_article_stays(query: str) -> None:
    assert canonical(f"https://portal.id/baca.php?{query}") == f"https://portal.id/baca.php?{query}"


def test_a_search_on_the_home_page_is_no_count_of_clicks() -> None:
    assert canonical("https://portal.id/?s=08") == "https://portal.id/?s=08"


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


def test_a_backslash_in_a_link_is_a_slash_as_browsers_read_it_but_not_in_its_query() -> None:
    assert join("https://portal.id/posts", r"https:\\portal.id\a\b?c=\d") == "https://portal.id/a/b?c=%5Cd"
    assert join("https://portal.id/posts/x", r"..\a") == "https://portal.id/a"


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
