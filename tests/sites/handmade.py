"""A portal that its owner wrote by hand: home, categories, a pager, articles by number; no feed, API or sitemap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from tests.sites.corpus import DemoArticle
from tests.sites.server import Answer, LocalServer, Request

HOST = "suara-kampung.example.id"
BASE = f"https://{HOST}"
EACH = 12
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober")


class HandMade(LocalServer):
    """index.php?halaman=2, kategori.php?id=3, baca.php?id=12; what it links of that may be switched off."""

    def __init__(
        self, articles: Iterable[DemoArticle], *, home_pager: bool = True, categories: bool = True, pretty: bool = False
    ) -> None:
        super().__init__()
        self.articles = sorted(articles, key=lambda one: one.created_at)
        self.home_pager, self.categories, self.pretty = home_pager, categories, pretty
        self.sections = sorted({one.section for one in self.articles})

    def link(self, number: int) -> str:
        return f"/baca/{number}/{self.articles[number - 1].slug}" if self.pretty else f"/baca.php?id={number}"

    def answer(self, request: Request) -> Answer:
        page, number = int(request.query("halaman") or 1), request.query("id")
        steps = request.route.strip("/").split("/")
        if self.pretty and steps[0] in ("baca", "kategori") and len(steps) > 1:
            number = steps[1]
        numbers = range(len(self.articles), 0, -1)
        match steps[0].removesuffix(".php"):
            case "" | "index":
                return self._list("", numbers, page, pager=self.home_pager)
            case "kategori" if self.categories and number.isdigit() and 0 < int(number) <= len(self.sections):
                name = self.sections[int(number) - 1]
                mine = [one for one in numbers if self.articles[one - 1].section == name]
                return self._list(name, mine, page, pager=True)
            case "baca" if number.isdigit() and 0 < int(number) <= len(self.articles):
                return self._article(int(number))
            case "kontak":
                return Answer(
                    self._page("Kontak", "<h1>Kontak</h1><p>Kirim surat ke balai warga di Jalan Kenanga.</p>")
                )
        return Answer(self._page("Tidak ada", "<p>Halaman yang dicari tidak ada.</p>"), 404)

    def _list(self, name: str, numbers: Sequence[int], page: int, *, pager: bool) -> Answer:
        shown = numbers[(page - 1) * EACH : page * EACH]
        items = "".join(
            f'<div class="berita"><h3><a href="{self.link(number)}">{escape(self.articles[number - 1].title)}</a></h3>'
            f"<small>{self._day(number)}</small></div>"
            for number in shown
        )
        here = f"/kategori/{self.sections.index(name) + 1}?" if self.pretty and name else ""
        here = here or (f"/kategori.php?id={self.sections.index(name) + 1}&amp;" if name else "/?")
        more = f'<a href="{here}halaman={page + 1}">Selanjutnya &raquo;</a>' if page * EACH < len(numbers) else ""
        return Answer(self._page(name or "Beranda", f"{items}<div class='hal'>{more if pager else ''}</div>"))

    def _day(self, number: int) -> str:
        at = self.articles[number - 1].created_at
        return f"{at.day} {_MONTHS[at.month - 1]} {at:%Y, %H:%M} WIB"

    def _article(self, number: int) -> Answer:
        article = self.articles[number - 1]
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.expected)
        head = f"<h1>{escape(article.title)}</h1><div>Oleh {article.author} | {self._day(number)}</div>"
        return Answer(self._page(article.title, f'<div id="isi">{head}{text}</div>'))

    def _page(self, title: str, inner: str) -> str:
        kinds = enumerate(self.sections, 1) if self.categories else ()
        link = "/kategori/{}" if self.pretty else "/kategori.php?id={}"
        menu = "".join(f'<li><a href="{link.format(number)}">{name}</a></li>' for number, name in kinds)
        return (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(title)} - Suara Kampung</title></head>"
            f"<body><div id='menu'><ul><li><a href='/'>Beranda</a></li>{menu}"
            f"<li><a href='/kontak.php'>Kontak</a></li></ul></div><div id='utama'>{inner}</div>"
            f"<div id='kaki'>Suara Kampung, sejak 2009</div></body></html>"
        )
