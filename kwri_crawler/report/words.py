"""The page's words in both languages, and numbers, days and spans as each language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from kwri_crawler.health import Reason
from kwri_crawler.report.reasons import in_indonesian

LANGUAGES = ("id", "en")

# key: (Indonesian, English)
_TEXTS = {
    "title": ("Laporan pers daerah", "Regional press report"),
    "of_portal": ("Portal", "Portal"),
    "lede": (
        "{portals} menerbitkan {articles}. {texts} tayang di lebih dari satu alamat; "
        "{share} dari seluruh artikel adalah salinan dari portal lain.",
        "{portals} published {articles}. {texts} ran at more than one address; "
        "{share} of all articles are copies of another portal's.",
    ),
    "empty": ("Arsip tidak menyimpan artikel dari bulan ini.", "The archive holds no article of this month."),
    "empty_hint": (
        "Jalankan perayapan untuk bulan ini, atau pilih bulan lain. Keadaan portal ada di bawah.",
        "Crawl the month, or choose another one. How the portals are stands below.",
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
    "no_stories": ("Tidak ada teks yang tayang dua kali pada bulan ini.", "No text ran twice in this month."),
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
        "{sent} dikirim pada bulan ini; {ran} tayang, {nowhere} tidak tayang di mana pun. Tayang berarti teksnya "
        "dimuat; yang ditulis ulang seluruhnya tidak terhitung.",
        "{sent} were sent in this month; {ran} ran, {nowhere} ran nowhere. Ran means that the text is shared; what was "
        "rewritten wholly is not counted.",
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
        "Arsip tidak menyimpan artikel dari bulan-bulan sebelumnya, jadi tidak ada pembanding.",
        "The archive holds no article of the months before, so there is nothing to compare with.",
    ),
    "term": ("Kata", "Term"),
    "now": ("Bulan ini", "This month"),
    "before": ("Sebelumnya", "Before"),
    "per_100": ("per 100 cerita", "per 100 stories"),
    "certainty": ("Kepastian (z)", "Certainty (z)"),
    "health": ("Keadaan portal", "How the portals are"),
    "health_note": (
        "Keadaan pada akhir bulan, porsi artikel yang lengkap, dan alamat yang tidak membawa artikel.",
        "How each was at the month's end, how much of its articles is complete, and addresses that brought none.",
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
    "well": ("baik", "well"),
    "quiet": ("sepi", "quiet"),
    "thin": ("tipis", "thin"),
    "blocked": ("diblokir", "blocked"),
    "broken": ("rusak", "broken"),
    "new": ("baru", "new"),
    "unknown": ("belum dinilai", "not judged"),
    "table": ("Tabel", "Table"),
    "generated": ("Dibuat {at} dengan kwri-crawler {version}.", "Made on {at} by kwri-crawler {version}."),
    "share": ("Porsi", "Share"),
    "contents": ("Isi", "Contents"),
    "skip": ("Langsung ke isi", "Skip to the contents"),
}


@dataclass(frozen=True)
class Words:
    """One language's words and forms."""

    lang: str

    def __call__(self, key: str, **values: str) -> str:
        """Return the words of a key, with its values put in."""
        text = _TEXTS[key][LANGUAGES.index(self.lang)]
        return text.format(**values) if values else text

    @property
    def _locale(self) -> Locale:
        return Locale.parse("id_ID" if self.lang == "id" else "en_GB")

    def number(self, value: float, digits: int = 0) -> str:
        """Write 1234.5 as 1.234,5 or 1,234.5."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=self._locale)

    def count(self, number: int, key: str) -> str:
        """Write a number of what a key names in the plural: 8 portal; 8 portals, 1 portal."""
        word = self(key).lower()
        return f"{self.number(number)} {word.removesuffix('s') if self.lang == 'en' and number == 1 else word}"

    def percent(self, share: float) -> str:
        """Write 0.256 as 26%."""
        return format_percent(share, format="#,##0%", locale=self._locale)

    def share(self, part: int, whole: int) -> str:
        """Write a part as a percentage of the whole; a dash where there is no whole."""
        return self.percent(part / whole) if whole else "–"

    def day(self, day: str, form: str = "d MMMM y") -> str:
        """Write an ISO day: 27 Juni 2024."""
        return format_date(date.fromisoformat(day[:10]), format=form, locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Write an aware moment, in UTC."""
        form = "d MMMM y, HH.mm" if self.lang == "id" else "d MMMM y, HH:mm"
        return format_datetime(at.astimezone(UTC), format=form, locale=self._locale) + " UTC"

    def reasons(self, why: str, reasons: tuple[Reason, ...]) -> list[tuple[str, str]]:
        """Write why a portal got its word, in pieces, each with its language; old rows have the English only."""
        return in_indonesian(reasons) if self.lang == "id" and reasons else [("en", why)]

    def span(self, hours: float | None) -> str:
        """Write a span: 24 menit, 2,5 jam; a dash for null."""
        if hours is None:
            return "–"
        if hours < 1:
            return f"{self.number(hours * 60)} {'menit' if self.lang == 'id' else 'min'}"
        return f"{self.number(hours, 1)} {'jam' if self.lang == 'id' else 'h'}"
