"""An article's opening to the place and the days that it names; a portal's name is no place, a sentence no dateline."""

import csv
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kwri_crawler.dates import with_dates
from kwri_crawler.dates.datelines import read_dateline, read_event_dates
from kwri_crawler.dates.running import _IN_TEXT, _dates_in
from kwri_crawler.items import Article, DateKind, DateSource, DateText
from tests.score_datelines import zone_of

DEV = Path(__file__).resolve().parents[2] / "shared" / "data" / "datelines_dev.tsv"
PUBLISHED = datetime.fromisoformat("2024-06-27T14:10:00+07:00")
TEXT = " Warga menanam pohon di tepi sungai."


@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("SURABAYA – Warga", "Surabaya"),
        ("SURABAYA-Warga", "Surabaya"),
        ("Surabaya, Surya Indonesia.net – Warga", "Surabaya"),
        ("Sampang (beritajatim.com) – Warga", "Sampang"),
        ("TRIBUNPONTIANAK.CO.ID, KAYONG UTARA – Warga", "Kayong Utara"),
        ("KBRN, Surabaya : Warga", "Surabaya"),
        ("KONTAN.CO.ID - JAKARTA. Warga", "Jakarta"),
        ("KRJOGJA.com - SLEMAN - Warga", "Sleman"),
        ("BANDUNG, (PR).- Warga", "Bandung"),
        ("JAKARTA, KOMPAS.com Warga", "Jakarta"),
        ("Liputan6.com, JakartaWarga", "Jakarta"),
        ("KARIMUN, POSMETRO.CO:Warga", "Karimun"),
        ("Jakarta\n-\nWarga", "Jakarta"),
        ("Jakarta, NU Online\nWarga", "Jakarta"),
        ("Laporan: Budi\nEditor: Ani\nMALANG - Warga", "Malang"),
        ("Budi Santoso - detikJatim\nSurabaya - Warga", "Surabaya"),
        ("Daftar Isi\nTanam Bareng\nBogor\n-\nWarga", "Bogor"),
        ("KAB. MALANG - Warga", "Malang"),
        ("Kota Agung - Warga", "Kota Agung"),
        ("KOTA BATU - Warga", "Batu"),
        ("OKU TIMUR - Warga", "OKU Timur"),
        ("METRO, Lampungpro.co - Warga", "Metro"),
        ("Selong, Lombok Timur – Warga", "Selong"),
        ("Jatim, Surabaya - Warga", "Surabaya"),
        ("Nganjuk, Kamis (27/6/2024) - Warga", "Nganjuk"),
        ("*MALANG* – Warga", "Malang"),
        ("Den Haag - Warga", "Den Haag"),
        ("REPUBLIKA.CO.ID, RIO DE JANEIRO -- Warga", "Rio de Janeiro"),
        ("ALCANIZ - Warga", "Alcaniz"),
        ("Reggio Emilia\n-\nWarga", "Reggio Emilia"),
        ("JATIM - Warga", "Jatim"),
    ],
)
def test_a_dateline_is_read_as_its_place(head: str, place: str) -> None:
    assert read_dateline(head + TEXT) == place


@pytest.mark.parametrize(
    "head",
    [
        "TRIBUN-TIMUR.COM - Warga Makassar",
        "POSMETRO MEDAN- Warga",
        "JawaPos.com - Warga",
        "PIKIRAN RAKYAT - Warga",
        "INFO NASIONAL - Warga",
        "Jakarta-Bandung kini 45 menit.",
        "Dari Jakarta - Surabaya 10 jam.",
        "Polisi menangkap dua orang di Jakarta - Bogor.",
        "Ahmad Yani - nama pahlawan - lahir di Purworejo.",
        "Persebaya Surabaya - juara lama - menang.",
        "Pemkot Surabaya – Warga",
        "Polres Sampang – Warga",
        "Opini - Warga",
        "ADVERTORIAL – Warga",
        "Oleh: Budi Santoso - Warga",
        '"Kami menanam," kata Budi - ketua RT.',
        "BREAKING NEWS - Warga",
        "Baca juga: Warga",
        "Menurut Budi, JakartaWarga",
    ],
)
def test_a_portals_name_or_a_sentence_is_no_dateline(head: str) -> None:
    assert read_dateline(head + TEXT) is None


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["Malang", "-", "–", "\n", ",", "(", "KOTA", "x.com", "27/6"])).map(" ".join)
)
def test_no_opening_of_any_kind_raises(opening: str) -> None:
    place = read_dateline(opening)
    assert place is None or 0 < len(place) <= 60
    read_event_dates(opening, PUBLISHED, "Asia/Jakarta")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*"aj 19/-.(", "27", "2024", "26/6", "juni", "mei. ", "sept ", " 5, 2024", " dan "])).map(
        "".join
    )
)
def test_no_day_is_missed_by_looking_only_at_digits(text: str) -> None:
    assert [found.span() for found in _dates_in(text)] == [found.span() for found in _IN_TEXT.finditer(text)]


def test_the_days_of_an_opening_are_named_once_each_with_their_flags() -> None:
    text = (
        "Warga menanam pohon, Rabu (26/6). Senin (24/6/2024) mereka rapat; Rabu (26/6) mulai. Kamis (26/6/2024) usai."
    )
    found = read_event_dates(text, PUBLISHED, "Asia/Jakarta")
    assert [(one.day, one.flags) for one in found] == [("2024-06-26", ("year inferred",)), ("2024-06-24", ())]


def test_only_the_opening_names_the_event() -> None:
    paragraphs = ("MALANG – Warga menanam, Rabu (26/6).", "Dua.", "Tiga.", "Rapat digelar Senin (24/6/2024).")
    article = Article(
        "x", "Asia/Jakarta", "https://x.example/a", "Senin (3/6/2024) Ramai", paragraphs, PUBLISHED, "general",
        dates=(DateText(DateKind.PUBLISHED, DateSource.BYLINE, "27 Juni 2024 14:10 WIB"),),
    )  # fmt: skip
    dated = with_dates(article)
    assert dated.dateline == "Malang"
    assert [one.day for one in dated.event_dates] == ["2024-06-26"]


def test_the_openings_of_the_dev_file_meet_the_bars() -> None:
    if not DEV.exists():
        pytest.skip(f"{DEV} is not here; its openings are third parties' and stay out of the repository")
    with DEV.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    places = first_days = 0
    for row in rows:
        opening = row["body_opening"].replace("\\n", "\n")
        published = datetime.fromisoformat(row["publish_date"])
        days = [one.day for one in read_event_dates(opening, published, zone_of(published))] or [""]
        places += (read_dateline(opening) or "") == row["place"]
        first_days += days[0] == row["event_dates"].split(";")[0]
    assert places >= 0.99 * len(rows)
    assert first_days >= 0.99 * len(rows)
