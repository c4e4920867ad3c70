"""Addresses: one spelling to fetch, one key to compare, and who may be asked; refuses hosts that are not the portal's.

Nothing here raises for any text. What is no http address goes through canonical() as it is, and refuse_reason() says
why it is of no use, so that a caller can count it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from kwri_crawler.web.hosts import bare_host, is_public_host, plain_host

NOT_AN_ADDRESS = "not an address"
NOT_HTTP = "not http"
NAMES_A_USER = "names a user"
PRIVATE_HOST = "private host"
ANOTHER_HOST = "another host"
ODD_PORT = "odd port"
TOO_LONG = "address too long"

MAX_LENGTH = 2083  # Scrapy drops longer ones without a word (URLLENGTH_LIMIT)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Classes of the links to a post's further pages, in WordPress's themes.
WORDPRESS_PAGERS = ("page-links", "post-page-numbers", "jeg_pagelinks", "page-nav-post")

# What mail, advertising and social networks hang on an address to count clicks: none of it chooses the article. From
# what these services document of themselves, and what browsers (Firefox, Brave) and feed readers (miniflux) strip.
_TRACKING = re.compile(
    r"fbclid|fbc|fb_(?:source|ref|comment_id|action_.*|xd_fragment)|mibextid|sfnsn|extid|__(?:tn|xts|cft|eep)__.*|"
    r"gclid|gclsrc|dclid|gbraid|wbraid|gad(?:_.*)?|gaa_.*|srsltid|shem|ved|usg|_ga(?:_.*)?|_gl|_gac_.*|gps_.*|_x_tr_.*|"
    r"noamp|amp_(?:gsa|js_v|lite|r|tf|ct)|__amp_source_origin|usqp|aoh|"
    r"msclkid|yclid|ymclid|ysclid|_openstat|twclid|__twitter_impression|ttclid|_t|_r|li_fat_id|trk|trkinfo|igshid|igsh|"
    r"epik|sccid|rdt_cid|zarsrc|tblci|dicbo|oborigurl|irclickid|irgwc|cjevent|"
    r"trk_(?:contact|msg|module|sid)|syclid|unicorn_click_id|bbeml|vgo_ee|oft_(?:c|ck|d|id|ids|k|lk|sk)|hss_channel|mkevt|"
    r"ref_src|ref_url|mkt_tok|vero_.*|oly_enc_id|oly_anon_id|rb_clickid|wickedid|_hsenc|_hsmi|__hs[a-z]{2}|hsctatracking|"
    r"_branch_(?:match_id|referrer)|_bhlid|__readwiselocation|__s|_k[ex]|_bta_.*|bsft_.*|dm_i|elq.*|et_rid|ck_subscriber_id|"
    r"ml_subscriber(?:_hash)?|ss_(?:source|campaign_.*|email_id)|sfmc_.*|sc_(?:cid|customer|eh|lid|llid|uid)|s_(?:cid|kwcid)|"
    r"ef_id|ncid|icid|cmpid|wt_z?mc(?:_.*)?|xtor|ns_(?:mchannel|source|campaign|linkname|fee)|guccounter|guce_.*|spm|wprov|"
    r"at_(?:medium|campaign.*|custom\d*|link_.*|ptr_.*|recipient_.*|format)|campaign_(?:id|medium|name|source|term|content)|"
    r"replytocom|ocid|soc_(?:src|trk)|phpsessid|jsessionid|asp\.net_sessionid|aspsessionid.*|ci_session|session_?id|cfid|cftoken|"
    r"(?:utm|ytm|itm|hmb|mc|pk|mtm|hsa|piwik|matomo|_hs)_.*",
    re.IGNORECASE,
)
# These names may choose an article, so they go only with a value that cannot.
_SOURCE = re.compile(
    r"(?:ref|source|share|from)=(?:facebook|fb|twitter|tw|x|whatsapp|wa|telegram|tg|instagram|ig|line|linkedin|threads|"
    r"tiktok|youtube|google|googlenews|rss|feed|email)",
    re.IGNORECASE,
)
_SHARED = re.compile(r"s=\d\d")  # X's app counts so where a page was shared; "/?s=08" searches on WordPress
_SESSION = re.compile(r"sid=(?=.*\d)[0-9a-z,-]{24,}", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)

# In a key only: other forms of the same page. "?p=1" is an article on WordPress and stays.
_FORM = re.compile(r"amp(?:=|=1|=true)?|outputType=amp|m=[01]|page=1|print=(?:1|true)")
_FORM_AT_END = re.compile(r"(?<=[^/])/(?:amp|print)/*$")
_FORM_OF_HOST = re.compile(r"^(?:www|m|mobile|amp)\.(?=[^.]+\.[^.]+)")
_BEFORE_A_QUERY = re.compile(r"[^?#]*")
_SLASHES = re.compile(r"/{2,}")
_SLUG = re.compile(r"[^/]*-[^/]*")  # words in an address; a token without hyphens may differ by its case alone
_AMP_NEWS = re.compile(r"^/amp/(?=news-\d+-)")  # surabayapagi.com, selalu.id

_ESCAPE_PATH = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/]+?")
_ESCAPE_QUERY = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&()*+,;=:@/?]+?")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_KEPT = 4096  # addresses taken apart: each is spelt, keyed and judged, when it is listed and when it is asked for
# What browsers cut from both ends of an address, and signs without width that an editor pasted along.
_TRIM = "".join(map(chr, range(33))) + "\u00a0\u200b\u200e\u200f\u2060\ufeff"
_DROPPED_INSIDE = str.maketrans("", "", "\t\r\n")


class _Parts(NamedTuple):
    scheme: str
    host: str  # lower-case; an IPv6 address has its brackets
    port: int | None  # null when it is the scheme's own
    path: str
    query: str


def canonical(url: str) -> str:
    """Spell an address as we fetch and keep it, without fragment, tracking and session; what is no address as it is."""
    text = _trim(url)
    parts = _parts(text)
    if parts is None:
        return text
    port = "" if parts.port is None else f":{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.host}{port}{parts.path}{query}"


def join(base: str, link: str) -> str:
    """Resolve a link printed on the page at base and spell it canonically; one that cannot be stays as it is."""
    link = _trim(link)
    if "\\" in link:  # which browsers read as a slash
        path = _BEFORE_A_QUERY.match(link)
        link = link if path is None else path[0].replace("\\", "/") + link[path.end() :]
    try:
        return canonical(link if link.startswith(("https://", "http://")) else urljoin(base, link))
    except ValueError:
        return link


@lru_cache(maxsize=_KEPT)
def url_key(url: str) -> str:
    """Name the article that an address leads to: equal for its http, www, mobile, AMP, print and first-page forms.

    Errs towards two keys for one article, never one key for two. The key of what is no http address starts with ":".
    """
    parts = _parts(_trim(url))
    if parts is None:
        return f":{_trim(url)}"
    host = _FORM_OF_HOST.sub("", parts.host)
    port = "" if parts.port is None else f":{parts.port}"
    path = parts.path
    if "//" in path:
        path = _SLASHES.sub("/", path)
    if not path.islower():
        path = _SLUG.sub(lambda slug: slug[0].lower(), path)
    path = _FORM_AT_END.sub("", _AMP_NEWS.sub("/", path)).rstrip("/")
    return f"{host}{port}{path}{_query_key(parts.query)}"


def _query_key(query: str) -> str:
    pairs = [pair for pair in query.split("&") if pair and not _FORM.fullmatch(pair)]
    if not pairs:
        return ""
    if all("=" in pair for pair in pairs):
        pairs.sort(key=lambda pair: pair.partition("=")[0])  # values of one name keep their order
    return "?" + "&".join(pairs)


def host_of(url: str) -> str:
    """Give the lower-case host without port and brackets, or "" when there is none."""
    text = _trim(url)
    parts = _parts(text)
    if parts is not None:
        return parts.host.strip("[]")
    try:
        return plain_host(urlsplit(text).hostname or "")
    except ValueError:
        return ""


def refuse_reason(url: str, allowed_hosts: Iterable[str], *, private: bool = False) -> str | None:
    """Say in a fixed phrase why a crawl must not ask for an address, or null when it may.

    allowed_hosts are the portal's own, with or without "www."; "host:8080" allows that port too. private lets a host of
    the own network pass, if it is among them: for tests against loopback.
    """
    parts = _parts(_trim(url))
    if parts is None:
        return http_fault(url)
    if not private and not is_public_host(parts.host):
        return PRIVATE_HOST
    allowed = {bare_host(entry.lower()) for entry in allowed_hosts}
    host = bare_host(plain_host(parts.host))
    with_port = f"{bare_host(parts.host)}:{parts.port}"
    if host not in allowed and with_port not in allowed:
        return ANOTHER_HOST
    if parts.port is not None and with_port not in allowed:
        return ODD_PORT
    return TOO_LONG if len(canonical(url)) > MAX_LENGTH else None


def http_fault(url: str) -> str | None:
    """Say in a fixed phrase why an address is not one that HTTP could ask for, or null when it is."""
    text = _trim(url)
    if _parts(text) is not None:
        return None
    try:
        split = urlsplit(text)
    except ValueError:
        return NOT_AN_ADDRESS
    if split.scheme and split.scheme not in _DEFAULT_PORTS:
        return NOT_HTTP
    return NAMES_A_USER if "@" in split.netloc else NOT_AN_ADDRESS


@lru_cache(maxsize=_KEPT)
def _trim(url: str) -> str:
    if url.isascii() and url.isprintable():
        return url.strip(" ")
    return _SURROGATES.sub("\ufffd", url).translate(_DROPPED_INSIDE).strip(_TRIM)


@lru_cache(maxsize=_KEPT)
def _parts(text: str) -> _Parts | None:
    """Take a trimmed http address apart into its canonical parts; null for all else."""
    try:
        split = urlsplit(text)
        port = split.port
        host = plain_host(split.hostname or "")
    except ValueError:
        return None
    if split.scheme not in _DEFAULT_PORTS or not host or "@" in split.netloc:
        return None
    if port == _DEFAULT_PORTS[split.scheme]:
        port = None
    path = _without_dots(_SESSION_IN_PATH.sub("", _ESCAPE_PATH.sub(_escape, split.path)))
    query = ""
    if split.query:
        pairs = _ESCAPE_QUERY.sub(_escape, split.query).split("&")
        shared = path.strip("/") != ""
        query = "&".join(pair for pair in pairs if pair and not _is_noise(pair, shared))
    return _Parts(split.scheme, f"[{host}]" if ":" in host else host, port, path or "/", query)


def _escape(match: re.Match[str]) -> str:
    digits = match[1]
    if digits is None:
        return quote(match[0], safe="")
    char = chr(int(digits, 16))
    return char if _UNRESERVED.fullmatch(char) else f"%{digits.upper()}"


def _is_noise(pair: str, shared: bool) -> bool:
    name = pair.partition("=")[0]
    noise = _TRACKING.fullmatch(name) or _SOURCE.fullmatch(pair) or _SESSION.fullmatch(pair)
    return bool(noise or (shared and _SHARED.fullmatch(pair)))


def _without_dots(path: str) -> str:
    """Walk "." and ".." segments as a browser does before it asks."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
