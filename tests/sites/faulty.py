"""A portal where everything that can go wrong does, one address a fault; good articles stand between them."""

from __future__ import annotations

import gzip
import socket
import struct
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
from backports import zstd

from tests.sites.corpus import ARTICLES
from tests.sites.server import HTML, TEXT, XML, Answer, LocalServer, Request, redirect
from tests.sites.varient import VarientPortal

HOST = "kabar-rusak.co.id"  # made up; the name only has to look public
DEAD_HOST = "mati.kabar-rusak.co.id"  # nobody listens where CONNECT_TO sends it
HOME = f"https://{HOST}/"
TEXT_OF_A_PAGE = "Warga “Kampung Baru” berkumpul – menunggu pompa air yang dijanjikan sejak bulan lalu."
_MEGABYTE = b"\0" * (1 << 20)


@dataclass(frozen=True)
class Fault:
    """What stands at one address, and how it must end."""

    answer: Callable[[Request, int], Answer]  # the request, and how often it came before
    outcome: str
    reason: str  # a pattern that the ledger's reason holds; of a stored article a pattern that its body holds


def page(body: str = TEXT_OF_A_PAGE, title: str = "Pompa Air Kampung Baru", charset: str = "UTF-8") -> str:
    """Return a Varient article of the classic theme, bare of furniture."""
    return f"""<!DOCTYPE html><html lang="id"><head><meta charset="{charset}"><title>{title}</title></head><body>
<div id="wrapper"><div id="content"><div class="post-content"><h1 class="title">{title}</h1>
<div class="post-meta"><span class="post-author-meta sp-left"><a href="/profile/a">Rahmat</a></span>
<div class="post-details-meta-date"><span class="sp-left">Jun 27, 2024&nbsp;-&nbsp;14:10</span></div></div>
<div class="post-text"><p>{body}<p>Pompa itu dipasang tahun ini juga, kata pejabat dinas kepada para warga.</div>
</div></div></div></body></html>"""


def _titled(title: str) -> bytes:
    """Return a page with words of its own, or the archive would rightly know it."""
    return page(f"{title}: {TEXT_OF_A_PAGE}", title).encode()


def _status(code: int, *headers: tuple[str, str]) -> Callable[[Request, int], Answer]:
    return lambda *_: Answer("<html><body>Maaf</body></html>", code, headers=headers)


def _to(location: str) -> Callable[[Request, int], Answer]:
    return lambda *_: redirect(location)


def _at_first(times: int, first: Callable[[Request, int], Answer], title: str) -> Callable[[Request, int], Answer]:
    # Each page that is got in the end has words of its own, or the archive would rightly know it.
    good = Answer(page(f"{title}: {TEXT_OF_A_PAGE}", title))
    return lambda request, before: first(request, before) if before < times else good


def _page(body: bytes | str, content_type: str = HTML, **more: object) -> Callable[[Request, int], Answer]:
    return lambda *_: Answer(body, content_type=content_type, compress=False, **more)  # type: ignore[arg-type]


def _encoded(name: str, body: bytes) -> Callable[[Request, int], Answer]:
    return _page(body, headers=(("Content-Encoding", name),))


def _moved(where: Callable[[Request], str], title: str = "") -> Callable[[Request, int], Answer]:
    """Send the reader on by markup; where it is empty the article stands."""

    def answer(request: Request, _: int) -> Answer:
        to = where(request)
        return Answer(
            f'<title>Pindah</title><meta http-equiv="refresh" content="0; url={to}">' if to else _titled(title)
        )

    return answer


def _raw(*pieces: bytes, pause_s: float = 0.0, reset: bool = False) -> Callable[[Request, int], Answer]:
    def send(connection: socket.socket) -> None:
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause_s)
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the crawl has hung up, as it should
        connection.close()

    return lambda *_: Answer(raw=send)


def _to_spaces(request: Request, _: int) -> Answer:
    if request.query("judul") == "pompa air “baru”":
        return Answer(page(f"Berspasi: {TEXT_OF_A_PAGE}", "Berspasi"))
    return _raw(
        "HTTP/1.1 302 Found\r\nLocation: /ke-alamat-berspasi?judul=pompa air “baru”\r\n"
        "Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )(request, _)


def _soon(*_: object) -> Answer:
    return _status(503, ("Retry-After", format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)))(*_)  # type: ignore[arg-type]


def _gzip_bomb(megabytes: int) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(squeeze.compress(_MEGABYTE) for _ in range(megabytes)), squeeze.flush()])


def _brotli_bomb(megabytes: int) -> bytes:
    squeeze = brotli.Compressor(quality=5)
    return b"".join([*(squeeze.process(_MEGABYTE) for _ in range(megabytes)), squeeze.finish()])


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n"
_WHOLE = page().encode()
_CP1252 = page(title="Air di Kampung Lama", body=f"Lama: {TEXT_OF_A_PAGE}").encode("cp1252")
_SHELL = (
    '<html><head><title>Kabar</title></head><body><div id="app"></div>' + "<script>x()</script>" * 4 + "</body></html>"
)
_SOFT_404 = (
    "<html><head><title>Halaman tidak ditemukan</title></head><body><h1>Halaman tidak ditemukan</h1></body></html>"
)
_CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"
)

FAULTS: dict[str, Fault] = {
    "403": Fault(_status(403), "failed", "HTTP 403"),
    "404": Fault(_status(404), "gone", "HTTP 404"),
    "410": Fault(_status(410), "gone", "HTTP 410"),
    "500": Fault(_status(500), "failed", "HTTP 500"),
    "429-lalu-baik": Fault(_at_first(1, _status(429, ("Retry-After", "1")), "Antre"), "stored", "Antre"),
    "503-tanggal": Fault(_at_first(1, _soon, "Tunggu"), "stored", "Tunggu"),
    "503-dua-kali": Fault(_at_first(2, _status(503), "Ketiga"), "stored", "Ketiga"),
    "bisu": Fault(_raw(b"", pause_s=4), "failed", "no answer in time"),
    "menetes": Fault(
        _raw(_OK + b"Content-Length: 90000\r\n\r\n", *[b"<p>"] * 20, pause_s=0.2), "failed", "no answer in time"
    ),
    "putus": Fault(_raw(_OK, reset=True), "failed", "the connection was lost before"),
    "lingkar": Fault(_to(f"{HOME}lingkar"), "failed", "redirected without end"),
    "ping": Fault(_to(f"{HOME}pong"), "failed", "redirected without end"),
    "makin-jauh": Fault(
        lambda request, _: redirect(f"{HOME}makin-jauh?n={int(request.query('n') or 0) + 1}"),
        "failed",
        "redirected without end",
    ),
    "pindah": Fault(_moved(lambda asked: "" if asked.query("ke") else "/pindah?ke=1", "Pindah"), "stored", "Pindah"),
    "pindah-terus": Fault(_moved(lambda asked: f"/pindah-terus?n={int(asked.query('n') or 0) + 1}"), "unreadable", "."),
    "pindah-balik": Fault(
        _moved(lambda asked: "/pindah-balik" if asked.query("n") else "/pindah-balik?n=1"), "unreadable", "."
    ),
    "pindah-portal": Fault(_moved(lambda _: "https://portal-lain.co.id/berita"), "unreadable", "."),
    "pindah-beranda": Fault(_moved(lambda _: HOME), "gone", "redirected to the portal's home page"),
    "ke-portal-lain": Fault(_to("https://portal-lain.co.id/berita"), "refused", "another host"),
    "ke-loopback": Fault(_to("http://127.0.0.1:80/"), "refused", "private host"),
    "ke-desimal": Fault(_to("http://2130706433/"), "refused", "private host"),
    "ke-heksa": Fault(_to("http://0x7f.1/"), "refused", "private host"),
    "ke-ipv6": Fault(_to("http://[::1]/"), "refused", "private host"),
    "ke-ipv4-dalam-ipv6": Fault(_to("http://[::ffff:10.0.0.1]/"), "refused", "private host"),
    "ke-metadata": Fault(_to("http://169.254.169.254/latest/meta-data/"), "refused", "private host"),
    "ke-localhost": Fault(_to("http://localhost/"), "refused", "private host"),
    "ke-berkas": Fault(_to("file:///etc/hostname"), "failed|refused", "."),
    "ke-data": Fault(_to("data:text/html,halo"), "failed|refused", "."),
    "ke-beranda": Fault(_to(HOME), "gone", "redirected to the portal's home page"),
    "tanpa-tujuan": Fault(_status(302), "failed", "HTTP 302"),
    "ke-alamat-berspasi": Fault(_to_spaces, "stored", "Berspasi"),
    "gzip-terpotong": Fault(_encoded("gzip", gzip.compress(_WHOLE)[:-40]), "failed", "not whole|cut off"),
    "brotli-terpotong": Fault(_encoded("br", brotli.compress(_WHOLE)[:-40]), "failed", "not whole|cut off"),
    "zstd-terpotong": Fault(_encoded("zstd", zstd.compress(_WHOLE)[:-40]), "failed", "not whole|cut off"),
    "gzip-tanpa-kepala": Fault(_page(gzip.compress(_titled("Tanpa Kepala"))), "stored", "Tanpa Kepala"),
    "gzip-berlapis": Fault(_encoded("gzip", gzip.compress(gzip.compress(_titled("Berlapis")))), "stored", "Berlapis"),
    "bukan-gzip": Fault(_encoded("gzip", _titled("Bukan Gzip")), "stored", "Bukan Gzip"),
    "sandi-none": Fault(_encoded("none", _titled("Sandi None")), "stored", "Sandi None"),
    "sandi-asing": Fault(_encoded("x-rahasia", zlib.compress(_WHOLE)), "refused", "x-rahasia"),
    "bom-gzip": Fault(_encoded("gzip", _gzip_bomb(200)), "refused", "larger than"),
    "bom-brotli": Fault(_encoded("br", _brotli_bomb(200)), "refused", "larger than"),
    "50-mb": Fault(_raw(_OK + b"Content-Length: 52428800\r\n\r\n", *[_MEGABYTE] * 50), "refused", "larger than"),
    "gzip-lalu-utuh": Fault(_at_first(1, _encoded("gzip", gzip.compress(_WHOLE)[:-40]), "Utuh"), "stored", "Utuh"),
    "gzip-terpotong-sekali": Fault(
        lambda request, _: (
            _encoded("gzip", gzip.compress(_WHOLE)[:-40])
            if request.accepts("gzip")
            else _page(page(f"Polos: {TEXT_OF_A_PAGE}", "Polos"))
        )(request, _),
        "stored",
        "Polos",
    ),
    "gzip-berekor": Fault(
        _encoded("gzip", gzip.compress(page(f"Ekor: {TEXT_OF_A_PAGE}", "Berekor").encode()) + b"\r\n"), "stored", "Ekor"
    ),
    "sejuta-gzip": Fault(_encoded("gzip", gzip.compress(b"") * 100_000), "refused", "more than 100 pieces"),
    "terlalu-pendek": Fault(
        _raw(_OK + b"Content-Length: 400\r\n\r\n" + _WHOLE), "unreadable", "no body|no article: a short text|too short"
    ),
    "tanpa-panjang": Fault(
        _raw(_OK + b"Connection: close\r\n\r\n" + page(f"Lepas: {TEXT_OF_A_PAGE}", "Lepas").encode()),
        "stored",
        "Lepas",
    ),
    "tanpa-panjang-terpotong": Fault(_raw(_OK + b"Connection: close\r\n\r\n" + _WHOLE[:600]), "failed", "cut off"),
    "panjang-negatif": Fault(
        _raw(_OK + b"Content-Length: -5\r\n\r\n" + page(f"Minus: {TEXT_OF_A_PAGE}", "Minus").encode()),
        "stored",
        "Minus",
    ),
    "panjang-ganda": Fault(
        _raw(_OK + b"Content-Length: 40\r\nContent-Length: 50\r\n\r\n" + _WHOLE),
        "unreadable",
        "no body|no article: a short text|too short",
    ),
    "bukan-http": Fault(_raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "failed", "no HTTP that we understand"),
    "kepala-raksasa": Fault(
        _raw(_OK + b"X-Isi: " + b"a" * 300_000 + b"\r\nContent-Length: 2\r\n\r\nok"), "failed", "connection was lost"
    ),
    "kue": Fault(
        _page(page(f"Kue: {TEXT_OF_A_PAGE}", "Kue"), headers=(("Set-Cookie", "sesi=1; Path=/"),)), "stored", "Kue"
    ),
    "jenis-jahat": Fault(
        _page(b"x", "application/pdf;\x1b[2J\rERROR palsu: baris yang tidak pernah ditulis"), "refused", "not a page"
    ),
    "judul-jahat": Fault(
        _page(page(f"Jahat: {TEXT_OF_A_PAGE}", "Pompa\u202e\u200b\ufeff air\x1b[31m &#10;ERROR palsu: judul")),
        "stored",
        "Jahat",
    ),
    "chunk-terpotong": Fault(
        _raw(_OK + b"Transfer-Encoding: chunked\r\n\r\n400\r\n" + _WHOLE[:300]), "failed", "cut off|ResponseDataLoss"
    ),
    "chunk-terakhir-hilang": Fault(
        _raw(_OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(_titled("Chunk")), _titled("Chunk"))),
        "stored",
        "Chunk",
    ),
    "kurang-panjang": Fault(
        _raw(_OK + b"Content-Length: 90000\r\n\r\n" + _titled("Kurang Panjang")), "stored", "Kurang Panjang"
    ),
    "kurang-panjang-terpotong": Fault(
        _raw(_OK + b"Content-Length: 90000\r\n\r\n" + _WHOLE[:600]), "failed", "cut off: 600 bytes came"
    ),
    "bohong-utf-8": Fault(_page(_CP1252), "stored", "“Kampung Baru” berkumpul – menunggu"),
    "tanpa-charset": Fault(
        _page(page("Tanpa: " + TEXT_OF_A_PAGE, "Tanpa Charset", "").encode("cp1252"), "text/html"), "stored", "“Kampung"
    ),
    "nul": Fault(_page(page("Nul:\0 " + TEXT_OF_A_PAGE, "Ada N\0ul\x08").encode()), "stored", "Nul: Warga"),
    "surogat": Fault(
        _page(page("Surogat: " + TEXT_OF_A_PAGE, "Surogat").encode().replace(b"Pompa", b"\xed\xa0\x80Pompa")),
        "stored",
        "Surogat: Warga",
    ),
    "kosong": Fault(_page(b""), "unreadable", "empty"),
    "204": Fault(_status(204), "unreadable", "empty"),
    "404-lunak": Fault(_page(_SOFT_404), "gone", "not there"),
    "tantangan-403": Fault(_status(403, ("cf-mitigated", "challenge")), "failed", "Cloudflare"),
    "tantangan-200": Fault(_page(_CHALLENGE), "unreadable", "challenge"),
    "cangkang": Fault(_page(_SHELL), "unreadable", "JavaScript shell"),
    "berkas.pdf": Fault(_page(b"%PDF-1.7 ...", "application/pdf"), "refused", "not a page: application/pdf"),
    "pdf-menyamar": Fault(_page(b"%PDF-1.7 ..."), "refused", "not a page: a PDF"),
    "json": Fault(_page(b'{"title": "x"}', "application/json"), "refused", "not a page"),
    "terpotong": Fault(_page(_WHOLE[: len(_WHOLE) // 2 + 300]), "failed|unreadable", "."),
    "terlarang": Fault(_page(_WHOLE), "refused", "robots.txt"),
}
IN_THE_SITEMAP = {  # addresses that no crawl may follow
    "javascript:alert(1)": "not http",
    "file:///etc/hostname": "not http",
    "ftp://kabar-rusak.co.id/berita": "not http",
    "https://portal-lain.co.id/berita": "another host",
    "http://10.0.0.1/berita": "private host",
    "http://2130706433/berita": "private host",
    "http://0x7f.0.0.1/berita": "private host",
    "http://0177.0.0.1/berita": "private host",
    "http://127.1/berita": "private host",
    "http://[::1]/berita": "private host",
    "http://[fd00::1]/berita": "private host",
    "http://[::ffff:7f00:1]/berita": "private host",
    "http://8.8.8.8/berita": "another host",
    f"https://{HOST}:8443/berita": "odd port",
    f"{HOME}{'panjang-' * 300}": "address too long",
}


class FaultyPortal(LocalServer):
    """Serve FAULTS between good articles; its sitemap names them all, and each listing in LISTING_FAULTS is broken."""

    def __init__(self, faults: Iterable[str] = FAULTS, robots: Answer | None = None) -> None:
        super().__init__()
        self.good = VarientPortal(articles=ARTICLES[:12], host=HOST)
        self.faults = {name: FAULTS[name] for name in faults}
        self.robots = robots or Answer("User-agent: *\nDisallow: /terlarang\n", content_type=TEXT)
        self.times: dict[str, list[float]] = {}  # path -> when it was asked for, monotonic seconds
        self._before: Counter[str] = Counter()

    def answer(self, request: Request) -> Answer:
        name = request.route.strip("/")
        self.times.setdefault(request.path, []).append(time.monotonic())
        if name == "robots.txt":
            return self.robots
        if name == "sitemap.xml":
            return Answer(self._sitemap(), content_type=XML)
        if name == "pong":
            return redirect(f"{HOME}ping")
        if name in self.faults:
            before = self._before[name]
            self._before[name] += 1
            return self.faults[name].answer(request, before)
        if name in LISTING_FAULTS:
            return LISTING_FAULTS[name][0](request, 0)
        return self.good.answer(request)

    def _sitemap(self) -> str:
        names = [article.slug for article in self.good.articles]
        urls = [f"{HOME}{name}" for name in (*self.faults, *names)] + list(IN_THE_SITEMAP)
        urls.append(f"https://{DEAD_HOST}/berita-mati")
        entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a "'
    + "a" * 1000
    + '">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>"
)
LISTING_FAULTS: dict[str, tuple[Callable[[Request, int], Answer], str, str]] = {  # answer, status, reason
    "ke-dalam.xml": (_to("http://169.254.169.254/sitemap.xml"), "refused", "private host"),
    "ke-luar.xml": (_to("https://portal-lain.co.id/sitemap.xml"), "refused", "another host"),
    "rusak.xml": (_status(500), "failed", "HTTP 500"),
    "html.xml": (_page(page()), "unreadable", "HTML in place of XML"),
    "kosong.xml": (_page(b"", XML), "failed|unreadable", "empty"),
    "bom.xml": (_page(f"{_BOMB}<urlset><url><loc>&j;</loc></url></urlset>", XML), "read", ""),
    "bom-umpan.xml": (
        _page(f"{_BOMB}<rss><channel><item><link>&j;</link></item></channel></rss>", XML),
        "read",
        "",
    ),
    "terpotong.xml": (
        _page(f"<urlset><url><loc>{HOME}{ARTICLES[0].slug}</loc></url><url><loc>{HOME}setengah", XML),
        "failed",
        "cut off",
    ),
    "lingkar.xml": (_to(f"{HOME}lingkar.xml"), "failed", "redirected without end"),
    "hilang.xml": (_status(404), "gone", "HTTP 404"),
}
