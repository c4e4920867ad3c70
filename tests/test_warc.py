"""WARC out and in: standard tools open what we write, and what others wrote becomes kept pages, counted to the last."""

import contextlib
import gzip
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kwri_crawler import kept
from kwri_crawler.catalogue import read_catalogue
from kwri_crawler.items import KeptPage
from kwri_crawler.kept.warc import WarcError, read_warc
from tests.crawling import HOST, PORTAL, Crawled, assert_sound, contents, crawl, rows, run_here
from tests.sites.corpus import ARTICLES
from tests.sites.varient import VarientPortal

SOME = ARTICLES[:12]
HTML = b"<html><body><h1>Judul</h1><p>" + b"Isi berita yang cukup panjang untuk dibaca. " * 40 + b"</p></body></html>"


def scrapy(archive: Path, *words: str) -> Crawled:
    return run_here(*words, ARCHIVE_PATH=str(archive))


def warcio(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from warcio.cli import main; main()", *map(str, words)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the archive of a crawl, made once: these tests only read it."""
    archive = tmp_path_factory.mktemp("crawled") / "kwri.sqlite"
    with VarientPortal(articles=SOME) as site:
        assert crawl(archive, {HOST: site.address}).code == 0
    return archive


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "kwri.sqlite"


def kept_pages(archive: Path) -> list[dict[str, Any]]:
    pages = archive.with_name("kwri-pages.sqlite")
    return rows(
        pages, "SELECT portal, key, asked_url, url, status, headers, body, received_at FROM pages ORDER BY key, 8"
    )


# ---------------------------------------------------------------- out


@pytest.mark.parametrize("name", ["press.warc.gz", "press.warc"])
def test_what_is_exported_and_imported_again_is_the_same(
    name: str, crawled: Path, archive: Path, tmp_path: Path
) -> None:
    file = tmp_path / name
    assert scrapy(crawled, "warc", "export", str(file)).code == 0
    assert (file.read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")
    done = scrapy(archive, "warc", "import", str(file))
    assert done.code == 0, done.log
    assert kept_pages(archive) == kept_pages(crawled)
    again = scrapy(archive, "warc", "import", str(file))
    assert f": 0 pages were taken in, {len(kept_pages(crawled))} were there already" in again.out


def test_standard_tools_find_no_fault_and_see_the_page(crawled: Path, tmp_path: Path) -> None:
    file = tmp_path / "press.warc.gz"
    scrapy(crawled, "warc", "export", str(file))
    checked = warcio("check", "-v", file)
    assert checked.returncode == 0, checked.stdout
    assert "digest pass" in checked.stdout
    index = warcio("index", "-f", "warc-type,warc-target-uri,http:content-type,http:status", file)
    assert f'"warc-target-uri": "https://{HOST}/' in index.stdout
    with file.open("rb") as stream:
        info, *records = ArchiveIterator(stream)
    assert info.rec_type == "warcinfo"
    found = {row["url"]: row for row in kept_pages(crawled)}
    assert len(records) == len(found)
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            if record.rec_type != "response":
                continue
            assert record.rec_headers.get_header("WARC-Payload-Digest").startswith("sha1:")
            assert record.http_headers.get_statuscode() == "200"
            assert record.http_headers.get_header("Content-Encoding") == "gzip"
            row = found[record.rec_headers.get_header("WARC-Target-URI")]
            assert record.rec_headers.get_header("WARC-Date") == row["received_at"]
            assert record.content_stream().read() == gzip.decompress(row["body"])


def test_a_changed_byte_is_found_by_the_digest(crawled: Path, tmp_path: Path) -> None:
    file = tmp_path / "press.warc"
    scrapy(crawled, "warc", "export", str(file))
    data = bytearray(file.read_bytes())
    data[data.rindex(b"\x1f\x8b") + 500] ^= 1
    file.write_bytes(data)
    assert warcio("check", file).returncode == 1


def test_an_export_can_be_narrowed_and_overwrites_nothing(crawled: Path, tmp_path: Path) -> None:
    file = tmp_path / "press.warc.gz"
    done = scrapy(crawled, "warc", "export", str(file), "--portal", PORTAL, "--since", "2026-01-01")
    assert f"{len(kept_pages(crawled))} pages" in done.out
    before = file.read_bytes()
    again = scrapy(crawled, "warc", "export", str(file))
    assert again.code == 2
    assert "there is such a file already" in again.out + again.log
    assert file.read_bytes() == before
    assert "0 pages" in scrapy(crawled, "warc", "export", str(tmp_path / "none.warc"), "--since", "2999-01-01").out
    assert "0 pages" in scrapy(crawled, "warc", "export", str(tmp_path / "b.warc"), "--portal", "indonesiasatu").out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.warc", "none.warc", "press.warc.gz"]


# ---------------------------------------------------------------- in


class ForeignFile:
    """A WARC file as other programs write them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=True)

    def add(
        self, path: str, body: bytes = HTML, kind: str = "response", status: str = "200 OK", host: str = HOST,
        url: str | None = None, date: str = "2019-05-04T03:02:01Z", fields: dict[str, str] | None = None,
        **headers: str,
    ) -> None:  # fmt: skip
        named = [(name.replace("_", "-"), text) for name, text in {"Content_Type": "text/html", **headers}.items()]
        http = StatusAndHeaders(status, named, protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            url or f"http://{host}/{path}", kind, payload=BytesIO(body), http_headers=http,
            warc_headers_dict={"WARC-Date": date, **(fields or {})},
        )  # fmt: skip
        self._writer.write_record(record)

    def close(self) -> Path:
        self._file.close()
        return self.path


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[ForeignFile]:
    file = ForeignFile(tmp_path / "foreign.warc.gz")
    yield file
    file.close()


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 700] for at in range(0, len(body), 700)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_pages_as_other_programs_write_them_are_understood(foreign: ForeignFile, archive: Path) -> None:
    packed = gzip.compress(HTML)
    foreign.add("polos")
    foreign.add("wget", url=f"<https://www.{HOST}/wget>")
    foreign.add("gzip", packed, Content_Encoding="gzip")
    foreign.add("chunked", chunked(packed), Content_Encoding="gzip", Transfer_Encoding="chunked")
    foreign.add("said-chunked", packed, Content_Encoding="gzip", Transfer_Encoding="chunked")
    foreign.add("said-gzip", HTML, Content_Encoding="gzip")
    foreign.add("pecahan-detik", date="2019-05-04T03:02:01.987654Z")
    done = scrapy(archive, "warc", "import", str(foreign.close()))
    assert done.code == 0, done.log
    assert "left out" not in done.out
    found = {row["key"].rpartition("/")[2]: row for row in kept_pages(archive)}
    assert set(found) == {"polos", "wget", "gzip", "chunked", "said-chunked", "said-gzip", "pecahan-detik"}
    for name in ("polos", "wget", "said-gzip", "pecahan-detik"):
        assert found[name]["body"] == HTML
        assert "Encoding" not in found[name]["headers"]
    for name in ("gzip", "chunked", "said-chunked"):
        assert gzip.decompress(found[name]["body"]) == HTML
        assert "Content-Encoding" in found[name]["headers"]
        assert "Transfer-Encoding" not in found[name]["headers"]
    assert {row["received_at"] for row in found.values()} == {"2019-05-04T03:02:01Z"}
    assert {row["portal"] for row in found.values()} == {PORTAL}
    assert found["wget"]["url"] == f"https://www.{HOST}/wget"


def test_what_is_no_page_of_ours_is_left_out_and_counted_by_its_reason(foreign: ForeignFile, archive: Path) -> None:
    foreign.add("ini-baik")
    foreign.add("a", kind="request")
    foreign.add("b", kind="revisit")
    foreign.add("c", host="example.com")
    foreign.add("d", status="404 Not Found")
    foreign.add("e", status="301 Moved Permanently", Location="/x")
    foreign.add("f", b"\x89PNG", Content_Type="image/png")
    foreign.add("g", gzip.compress(HTML)[:-200], Content_Encoding="gzip")
    foreign.add("h", chunked(HTML)[:-300], Transfer_Encoding="chunked")
    foreign.add("i", fields={"WARC-Truncated": "length"})
    foreign.add("j", b"")
    foreign.add("k", url="dns:jatim.kwri.or.id")
    foreign.add("l", gzip.compress(b" " * (17 << 20)), Content_Encoding="gzip")
    foreign.add("m", date="kemarin")
    foreign.add("n", b"\x00\xff" + HTML[::-1], Content_Encoding="rot13")
    done = scrapy(archive, "warc", "import", str(foreign.close()))
    assert done.code == 0, done.log
    lines = {line.strip() for line in done.out.splitlines()}
    assert lines >= {
        "left out: 1 request record",
        "left out: 1 revisit record",
        "left out: 1 of no portal in the catalogue",
        "left out: 2 not a success",
        "left out: 1 not a page",
        "left out: 3 cut off",
        "left out: 1 empty",
        "left out: 1 not an answer to HTTP",
        "left out: 2 too large, or in an unknown encoding",
        "left out: 1 without a date",
    }
    assert [row["key"] for row in kept_pages(archive)] == [f"{HOST}/ini-baik"]


def test_imported_pages_become_articles_of_their_portal_without_a_request(
    crawled: Path, archive: Path, tmp_path: Path
) -> None:
    file = tmp_path / "press.warc.gz"
    scrapy(crawled, "warc", "export", str(file))
    scrapy(archive, "warc", "import", str(file))
    assert scrapy(archive, "reread", "--apply").code == 0
    assert contents(archive) == contents(crawled)
    assert_sound(archive)
    crawls = rows(archive, "SELECT portal, finish, requests FROM crawls")
    assert crawls == [{"portal": PORTAL, "finish": "imported", "requests": 0}]
    assert "nothing changes" in scrapy(archive, "reread", "--apply").out
    with VarientPortal(articles=SOME) as site:
        assert crawl(archive, {HOST: site.address}).code == 0
        asked = {path for _, path, *_ in site.requests}
    assert not asked & {f"/{article.slug}" for article in SOME}, "what was imported was asked for again"
    assert_sound(archive)


def test_an_address_after_a_redirect_keeps_both_its_names(archive: Path, tmp_path: Path) -> None:
    page = KeptPage(
        PORTAL, f"https://{HOST}/lama", f"https://{HOST}/baru", 200,
        (("Content-Type", "text/html"), ("X-Nama", "Redaksi")), HTML, datetime(2026, 1, 2, tzinfo=UTC),
    )  # fmt: skip
    kept.add(kept.open_pages(archive.with_name("kwri-pages.sqlite")), [page])
    file, other = tmp_path / "press.warc.gz", tmp_path / "other" / "kwri.sqlite"
    assert scrapy(archive, "warc", "export", str(file)).code == 0
    assert scrapy(other, "warc", "import", str(file)).code == 0
    assert kept_pages(other) == kept_pages(archive)
    assert warcio("check", file).returncode == 0


def test_a_file_that_is_cut_off_brings_what_came_before(foreign: ForeignFile, archive: Path) -> None:
    for number in range(5):
        foreign.add(f"artikel-{number}")
    file = foreign.close()
    whole = file.read_bytes()
    file.write_bytes(whole[:-100])
    done = scrapy(archive, "warc", "import", str(file))
    assert done.code in (0, 3)
    assert "Traceback" not in done.log
    assert len(kept_pages(archive)) >= 4


# ---------------------------------------------------------------- in, from whoever means harm


def record(name: str, body: bytes = HTML, *, drop: str = "", **fields: str) -> bytes:
    """Return a record as it stands in a file that is not packed; `drop` is a field to leave out."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    named = {
        "WARC-Type": "response",
        "WARC-Target-URI": f"https://{HOST}/{name}",
        "WARC-Date": "2019-05-04T03:02:01Z",
        "Content-Length": str(len(answer)),
    } | {field.replace("_", "-"): value for field, value in fields.items()}
    head = "".join(f"{field}: {value}\r\n" for field, value in named.items() if field != drop)
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + answer + b"\r\n\r\n"


def imported(archive: Path, file: bytes) -> tuple[Crawled, set[str]]:
    """Import a file; return what was said, and the names of the pages that were taken in."""
    path = archive.with_name("jahat.warc")
    path.write_bytes(file)
    done = scrapy(archive, "warc", "import", str(path))
    return done, {row["key"].rpartition("/")[2] for row in kept_pages(archive)}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record("x", WARC_Date="0001-01-01T00:00:00+14:00"), "without a date"),
        (record("x", WARC_Date="9999-12-31T23:59:59-12:00"), "without a date"),
        (record("x", WARC_Date="0001-01-01T00:00:00Z"), "of a day that cannot be true"),
        (record("x", WARC_Date="9998-01-01T00:00:00Z"), "of a day that cannot be true"),
        (record("x", WARC_Date="2026-10-07\x1b[31m"), "without a date"),
        (record("x", drop="WARC-Target-URI"), "not an answer to HTTP"),
        (record("x", drop="WARC-Type"), "record of another kind"),
        (record("x", WARC_Type="\x1b[2Jhapus" * 99), "record of another kind"),
        (record("x", drop="Content-Length"), "without a length"),
        (record("x", Content_Length="-5"), "without a length"),
        (record("x", Content_Length="9" * 5000), "without a length"),
        (record("x", Content_Length="300"), "cut off"),
        (record("x", WARC_Target_URI="https://example.com/a \x1b]0;judul\x07 b"), "of no portal in the catalogue"),
        (b"bukan catatan \x1b[2J\r\n" * 3, "damaged, or no record"),
        (b"WARC/1.0\r\n" + b"X-Isi: " + b"a" * (2 << 20) + b"\r\n\r\n", "damaged, or no record"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_a_bad_record_is_left_out_with_one_line_and_the_others_are_taken(
    bad: bytes, reason: str, packed: bool, archive: Path
) -> None:
    pack = gzip.compress if packed else bytes
    done, names = imported(archive, pack(record("satu")) + pack(bad) + pack(record("dua")))
    assert names == {"satu", "dua"}
    lines = [line for line in done.out.splitlines() if "left out" in line]
    assert f"  left out: 1 {reason}" in lines
    assert len(lines) <= 2  # what stands behind a length that is wrong is damage of its own
    assert "\x1b" not in done.out + done.log
    assert "Traceback" not in done.log
    assert done.code == (3 if "damaged" in done.out else 0)


def test_behind_a_damaged_member_of_a_packed_file_the_next_is_found(archive: Path) -> None:
    one, two, three = (bytearray(gzip.compress(record(name))) for name in ("satu", "dua", "tiga"))
    two[30:60] = bytes(30)
    done, names = imported(archive, bytes(one + two + three))
    assert done.code == 3
    assert {"satu", "tiga"} <= names
    assert "parts of the file are damaged" in done.out + done.log


def test_a_file_packed_in_one_piece_is_read_to_its_end(archive: Path) -> None:
    done, names = imported(archive, gzip.compress(record("satu") + record("dua")))
    assert (done.code, names) == (0, {"satu", "dua"})


def test_a_small_file_that_is_huge_when_unpacked_costs_no_memory() -> None:
    huge = [
        gzip.compress(record("a", b"a" * (64 << 20)), 1),
        gzip.compress(record("b", b"a\n" * (32 << 20), drop="Content-Length"), 1),
        gzip.compress(b"WARC/1.0\r\n" + b"X: " + b"a" * (64 << 20), 1),
        gzip.compress(b"WARC/1.0\r\n" + b"X: a\r\n" * (9 << 20), 1),
    ]
    file = gzip.compress(record("satu")) + b"".join(huge) + gzip.compress(record("dua"))
    portals = read_catalogue().portals
    tracemalloc.start()
    try:
        found = list(read_warc(BytesIO(file), portals, 16 << 20))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [page.url.rpartition("/")[2] for page in found if isinstance(page, KeptPage)] == ["satu", "dua"]
    assert [found[1], found[2]] == ["too large", "without a length"]
    assert peak < 48 << 20, f"{peak >> 20} MiB"


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_damaged_nothing_is_raised_but_a_word_about_the_file(seed: int) -> None:
    chance = random.Random(seed)
    parts = [record(str(n), chunked(HTML)) for n in range(4)]
    file = bytearray(b"".join(map(gzip.compress, parts) if seed % 2 else parts))
    for _ in range(chance.randint(1, 30)):
        file[chance.randrange(len(file))] = chance.choice(b"\0\n\r: -0123456789WARC\x1f\x8b\xff")
    with contextlib.suppress(WarcError):
        for found in read_warc(BytesIO(bytes(file)), read_catalogue().portals, 1 << 20):
            assert isinstance(found, KeptPage | str)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("warc",), 2, "scrapy warc export FILE"),
        (("warc", "import", "{tmp}/none.warc"), 3, "No such file"),
        (("warc", "import", "{tmp}/text.warc"), 3, "not a WARC file"),
        (("warc", "export", "{tmp}/x.warc"), 5, "no pages are kept there"),
        (("warc", "export", "{tmp}/x.warc", "--portal", "kwri-jatm"), 2, "no such portal"),
        (("warc", "export", "{tmp}/x.warc", "--since", "1 Mei"), 2, "not a day"),
    ],
)
def test_what_cannot_be_done_is_explained(
    words: tuple[str, ...], code: int, says: str, archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.warc").write_text("Ini bukan berkas WARC.\n" * 100, encoding="utf-8")
    done = scrapy(archive, *(word.format(tmp=tmp_path) for word in words))
    assert done.code == code, done.log
    assert says in done.out + done.log
    assert "Traceback" not in done.log
    assert not (tmp_path / "x.warc.part").exists()
