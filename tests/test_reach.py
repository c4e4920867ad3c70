"""How far back listings lead, what a crawl brought and what it lost: what its summary, exit code and archive show."""

from pathlib import Path

import pytest

from kwri_crawler.catalogue import Listing, ListingKind, Portal
from tests.crawling import value
from tests.offline import Offline
from tests.sites.server import Answer, Request

HOST = "warga.example.id"
HOME = f"https://{HOST}/"
TOPICS = ("jembatan", "panen", "sekolah", "pasar", "irigasi", "puskesmas", "pelabuhan", "terminal")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "a.sqlite"


def portal(*listings: tuple[ListingKind, str]) -> Portal:
    made = tuple(Listing(kind, HOME + path) for kind, path in listings)
    return Portal("warga", "Warga", HOME, "general", None, "Asia/Jakarta", made, hosts=(HOST,))


FEED_ONLY = portal((ListingKind.FEED, "feed"))


def sentences(number: int) -> list[str]:
    topic = TOPICS[number % len(TOPICS)]
    return [
        f"Warga desa {number} menata {topic} bersama perangkat desa pada rapat ke-{number} pekan ini.",
        f"Biaya {topic} sebesar {number + 11} juta rupiah ditanggung kas desa, kata bendahara {number}.",
        f"Kepala dusun {number} berharap {topic} selesai sebelum musim hujan, {number + 3} hari lagi.",
    ]


def article(number: int, day: str, *more: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in (*sentences(number), *more))
    return (
        f'<!DOCTYPE html><html lang="id"><head><title>Kabar {number}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{day}T08:00:00+07:00"></head><body><article>'
        f"<h1>Kabar warga nomor {number}</h1>{text}</article></body></html>"
    )


class Site:
    """Answers what it was given by route; 404 for all else."""

    def __init__(self, **routes: str | Answer) -> None:
        self.routes: dict[str, str | Answer] = {f"/{name}": answer for name, answer in routes.items()}

    def answer(self, request: Request) -> Answer:
        found = self.routes.get(request.route, Answer("tidak ada", 404))
        return Answer(found) if isinstance(found, str) else found

    def publish(self, number: int, day: str, *more: str) -> None:
        self.routes[f"/kabar-{number}"] = article(number, day, *more)


def rss(*named: tuple[int, str]) -> str:
    items = "".join(
        f"<item><title>Kabar warga nomor {number}</title><link>{HOME}kabar-{number}</link>"
        f"<pubDate>{day}T08:00:00+07:00</pubDate></item>"
        for number, day in named
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Warga</title>{items}</channel></rss>'


def atom(number: int, *more: str) -> str:
    text = "".join(f"<p>{one}</p>" for one in (*sentences(number), *more))
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Warga</title>'
        f'<entry><title>Kabar warga nomor {number}</title><link href="{HOME}kabar-{number}"/>'
        "<published>2026-03-02T01:00:00Z</published><updated>2026-03-02T01:00:00Z</updated>"
        f'<content type="html"><![CDATA[{text}]]></content></entry></feed>'
    )


@pytest.mark.parametrize(("more", "revisions"), [(("Ralat: biayanya dua belas juta, bukan tiga belas.",), 1), ((), 0)])
def test_a_whole_text_is_compared_when_it_comes_whatever_its_stamp_says(
    more: tuple[str, ...], revisions: int, archive: Path
) -> None:
    site = Site(feed=atom(1))
    site.publish(1, "2026-03-02")
    offline = Offline(site, FEED_ONLY, archive)
    assert offline.crawl({"NOW": "2026-05-01T10:00:00+07:00"}).counts["stored"] == 1
    site.routes["/feed"] = atom(1, *more)
    offline.crawl({"NOW": "2026-05-01T15:00:00+07:00"})
    assert offline.asked == ["/feed"]
    assert value(archive, "SELECT count(*) FROM revisions") == revisions
