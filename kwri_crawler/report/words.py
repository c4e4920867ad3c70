"""The words of the report in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kwri_crawler.forms import Language
from kwri_crawler.health import Reason
from kwri_crawler.health.sentences import WORDS
from kwri_crawler.languages import pick

# what a page is about: what stands in the texts below for it, in Indonesian and in English
_KINDS = {
    "month": (
        {"kind": "bulan", "Kind": "Bulan", "end": "bulan", "earlier": "bulan-bulan"},
        {"kind": "month", "on": "in", "earlier": "months"},
    ),
    "week": (
        {"kind": "pekan", "Kind": "Pekan", "end": "pekan itu", "earlier": "empat pekan"},
        {"kind": "week", "on": "in", "earlier": "four weeks"},
    ),
    "day": (
        {"kind": "hari", "Kind": "Hari", "end": "hari itu", "earlier": "empat pekan"},
        {"kind": "day", "on": "on", "earlier": "four weeks"},
    ),
}
# key: (Indonesian, English)
_TEXTS = {
    "title": ("Laporan pers daerah", "Regional press report"),
    "lede": (
        "{portals} menerbitkan {articles}. {texts} tayang di lebih dari satu alamat; "
        "{share} dari seluruh artikel adalah salinan dari portal lain.",
        "{portals} published {articles}. {texts} ran at more than one address; "
        "{share} of all articles are copies of another portal's.",
    ),
    "empty": ("Arsip tidak menyimpan artikel dari {kind} ini.", "The archive holds no article of this {kind}."),
    "empty_hint": (
        "Jalankan perayapan untuk {kind} ini, atau pilih {kind} lain. Keadaan portal ada di bawah.",
        "Crawl the {kind}, or choose another one. How the portals are stands below.",
    ),
    "articles": ("Artikel", "Articles"),
    "portals": ("Portal", "Portals"),
    "texts": ("Teks", "Texts"),
    "words": ("Kata", "Words"),
    "stories": ("Cerita", "Stories"),
    "copies": ("Salinan", "Copies"),
    "copied_share": ("Porsi salinan", "Share of copies"),
    "days_title": ("Artikel per hari", "Articles by day"),
    "days_note": ("Hari menurut jam setempat tiap portal.", "Days are those of each portal's own clock."),
    "day": ("Hari", "Day"),
    "total": ("Jumlah", "Total"),
    "others": ("Lainnya", "Others"),
    "calendar": ("Kalender portal", "Calendar of the portals"),
    "calendar_note": (
        "Satu kotak satu hari: makin kuat warnanya, makin banyak artikel. Kotak kosong: tidak ada yang terbit.",
        "A box is a day: the stronger its colour, the more articles. An empty box: nothing was published.",
    ),
    "sections": ("Rubrik", "Sections"),
    "no_section": ("tanpa rubrik", "without a section"),
    "places": ("Tempat", "Places"),
    "places_note": (
        "Tempat yang membuka teks berita; {number} artikel tidak menyebutnya.",
        "The place that a text opens with; {number} articles name none.",
    ),
    "largest": ("Cerita terbesar", "The largest stories"),
    "fastest": ("Cerita tercepat", "The fastest stories"),
    "stories_note": (
        "Cerita adalah semua artikel dengan teks yang sama. Yang pertama terbit adalah asalnya.",
        "A story is all articles that carry one text. The first to publish is its original.",
    ),
    "no_stories": ("Tidak ada teks yang tayang dua kali pada {kind} ini.", "No text ran twice {on} this {kind}."),
    "first": ("Pertama", "First"),
    "story": ("Cerita", "Story"),
    "within_6h": ("Portal lain dalam 6 jam", "Other portals in 6 hours"),
    "first_copy": ("Salinan pertama setelah", "First copy after"),
    "lasted": ("Rentang", "Span"),
    "spread": ("Cara cerita terbesar menyebar", "How the largest stories spread"),
    "spread_note": (
        "Satu titik satu artikel; ke kanan: jam setelah asalnya. Nomor sama dengan daftar di atas.",
        "A dot is an article; to the right: hours after the original. Numbers are those of the list above.",
    ),
    "hours_after": ("jam setelah asal", "hours after the original"),
    "league": ("Asal dan salinan", "Originals and copies"),
    "alone": ("Hanya di sini", "Only here"),
    "originals": ("Asal, disalin portal lain", "Originals that others ran"),
    "copied": ("Salinan portal lain", "Copies of others"),
    "repeats": ("Ulangan sendiri", "Repeats of its own"),
    "who": ("Siapa menyalin siapa", "Who ran whose texts"),
    "ran_by": ("Ditayangkan lagi oleh", "Ran again by"),
    "median_lag": ("Jeda tengah", "Median delay"),
    "releases": ("Siaran pers sendiri", "Our own releases"),
    "releases_note": (
        "{sent} dikirim pada {kind} ini; {ran} tayang, {nowhere} tidak tayang di mana pun. Tayang berarti teksnya "
        "dimuat; yang ditulis ulang seluruhnya tidak terhitung.",
        "{sent} were sent {on} this {kind}; {ran} ran, {nowhere} ran nowhere. Ran means that the text is shared; what "
        "was rewritten wholly is not counted.",
    ),
    "sent": ("Dikirim", "Sent"),
    "unit": ("Satuan", "Unit"),
    "headline": ("Judul", "Headline"),
    "nowhere": ("tidak tayang", "nowhere"),
    "ran": ("Tayang", "Ran"),
    "after": ("Setelah", "After"),
    "units": ("Satuan pengirim", "Units"),
    "carrying": ("Portal yang memuat", "Portals that ran them"),
    "more_releases": ("dan {number} lagi", "and {number} more"),
    "terms": ("Kata yang naik", "Terms that rose"),
    "terms_note": (
        "Dibanding {stories} cerita dari {months}. Tiap cerita dihitung sekali, jadi salinan tidak menaikkan kata.",
        "Against {stories} stories of {months}. Each story counts once, so copies raise no term.",
    ),
    "no_terms": (
        "Tidak ada kata yang naik melampaui kebetulan.",
        "No term rose beyond chance.",
    ),
    "no_base": (
        "Arsip tidak menyimpan artikel dari {earlier} sebelumnya, jadi tidak ada pembanding.",
        "The archive holds no article of the {earlier} before, so there is nothing to compare with.",
    ),
    "too_few": (
        "Terlalu sedikit artikel: dari {number} cerita tidak dapat dibedakan mana kata yang naik dan mana kebetulan.",
        "Too few articles: of {number} stories nobody can say which words rose and which are chance.",
    ),
    "sampled": (
        "Dihitung dari sampel: satu dari tiap {now} cerita, dan satu dari tiap {before} cerita pembanding.",
        "Counted in a sample: one of each {now} stories, and one of each {before} of those before.",
    ),
    "institutions": ("Lembaga", "Institutions"),
    "institutions_note": (
        "Cerita yang menyebut tiap lembaga dari tabel institutions; salinan dihitung pada Artikel.",
        "Stories that name each institution of the table institutions; copies count under Articles.",
    ),
    "term": ("Kata", "Term"),
    "now": ("{Kind} ini", "This {kind}"),
    "before": ("Sebelumnya", "Before"),
    "per_100": ("per 100 cerita", "per 100 stories"),
    "certainty": ("Kepastian (z)", "Certainty (z)"),
    "health": ("Keadaan portal", "How the portals are"),
    "health_note": (
        "Keadaan pada akhir {end}, porsi artikel yang lengkap, dan alamat yang tidak membawa artikel.",
        "How each was at the {kind}'s end, how much of its articles is complete, and addresses that brought none.",
    ),
    "state": ("Keadaan", "State"),
    "with_author": ("Penulis", "Author"),
    "with_section": ("Rubrik", "Section"),
    "with_image": ("Gambar", "Image"),
    "to_the_minute": ("Jam terbit", "Time of day"),
    "mean_words": ("Kata per artikel", "Words an article"),
    "undated": ("Tanpa tanggal", "Undated"),
    "lost": ("Alamat hilang", "Lost addresses"),
    "since": ("sejak", "since"),
    **WORDS,
    "unknown": ("belum dinilai", "not judged"),
    "table": ("Tabel", "Table"),
    "generated": ("Dibuat {at} dengan kwri-crawler {version}.", "Made on {at} by kwri-crawler {version}."),
    "share": ("Porsi", "Share"),
    "contents": ("Isi", "Contents"),
}


@dataclass(frozen=True)
class Words(Language):
    """One language's words and forms."""

    kind: str = "month"  # or week, day: what the page is about
    texts: ClassVar[Mapping[str, tuple[str, str]]] = _TEXTS

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of a key, with its values and what names this kind of page put in."""
        return super().__call__(key, **{**pick(self.lang, _KINDS[self.kind]), **values})

    def period(self, since: str, until: str) -> str:
        """Write the days that the page is about: Juni 2024; 24 Juni – 30 Juni 2024; 27 Juni 2024."""
        if self.kind == "month":
            return self.day(since, "MMMM y")
        return self.day(since) if since == until else f"{self.day(since, 'd MMMM')} – {self.day(until)}"

    def base_period(self, since: str, until: str) -> str:
        """Write the days before that terms are compared with; of a month in months."""
        if self.kind != "month":
            return f"{self.day(since)} – {self.day(until)}"
        first, last = (self.day(day, "MMMM y") for day in (since, until))
        return first if first == last else f"{first}–{last}"

    def reasons(self, why: str, reasons: tuple[Reason, ...]) -> list[tuple[str, str]]:
        """Write why a portal got its word, in pieces, each with its language; old rows have the English only."""
        if self.lang != "id" or not reasons:
            return [("en", why)]
        pieces: list[tuple[str, str]] = []
        for reason in reasons:
            pieces += [("id", "; ")] if pieces else []
            pieces += [("en" if is_told else "id", text) for text, is_told in reason.pieces("id")]
        return pieces
