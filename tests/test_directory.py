"""The directory of portals that are known of: its form, what a row is worth, what `scrapy directory` finds in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kwri_crawler.catalogue import ListingKind, read_catalogue
from kwri_crawler.catalogue.directory import (
    PUBLIC_CODE,
    DirectoryError,
    Row,
    State,
    Sure,
    portals_by_row,
    read_directory,
    search,
)
from kwri_crawler.scout.regions import REGIONS
from kwri_crawler.web.addresses import http_fault, url_key
from tests.crawling import PROJECT, run_here

ROWS = read_directory()
EMPTY = Row(*[""] * len(Row._fields))


def row(**cells: str) -> Row:
    return EMPTY._replace(**{"home": f"https://{cells.get('host', 'contoh.id')}/", **cells})


def test_every_row_is_in_the_form_that_the_page_on_it_describes() -> None:
    provinces = {region.name for region in REGIONS} | {""}
    kinds = {"", "api", *ListingKind, *(f"{kind}?" for kind in ListingKind)}
    for one in ROWS:
        assert urlsplit(one.home).hostname == one.host, one
        assert all(http_fault(url) is None for url in (one.home, one.listing_url, one.article_url) if url), one
        assert one.province in provinces, one
        assert one.listing_kind in kinds, one
        assert bool(one.listing_kind) == bool(one.listing_url), one
        assert one.state in {"", *State}, one
        assert re.fullmatch(r"(?:~?20\d\d(?:-\d\d){0,2})?", one.last_seen), one
        assert one.sources, one
        assert not re.search(r"code-index|\.\./|\bshared/", "\t".join(one)), one
        assert all(cell == cell.strip() for cell in one), one


def test_a_portal_stands_there_once_and_in_order() -> None:
    homes = [url_key(one.home) for one in ROWS]
    assert len(set(homes)) == len(homes) > 1_400
    assert list(ROWS) == sorted(ROWS, key=lambda one: (one.host, one.home))


def test_the_page_on_the_directory_names_every_column_and_every_word() -> None:
    said = (PROJECT / "docs" / "directory.md").read_text(encoding="utf-8")
    for name in (*Row._fields, *Sure, *State):
        assert f"`{name}`" in said, name


@pytest.mark.parametrize(
    ("cells", "sure"),
    [
        ({"sources": PUBLIC_CODE}, Sure.HINT),
        ({"sources": PUBLIC_CODE, "listing_kind": "feed", "listing_url": "https://contoh.id/feed"}, Sure.HINT),
        ({"sources": "no trace in public code"}, Sure.HINT),
        ({"sources": ""}, Sure.HINT),
        ({"sources": f"budi/warta; {PUBLIC_CODE}"}, Sure.NAMED),
        ({"sources": "a saved page"}, Sure.NAMED),
        ({"sources": "budi/warta", "listing_kind": "feed?", "listing_url": "https://contoh.id/feed"}, Sure.NAMED),
        ({"sources": "budi/warta", "listing_kind": "feed", "listing_url": "https://contoh.id/feed"}, Sure.READ),
    ],
)
def test_a_row_is_worth_what_its_sources_are(cells: dict[str, str], sure: Sure) -> None:
    assert row(**cells).sure is sure


MADIUN = row(host="warta-madiun.id", name="Warta Kota", province="Jawa Timur", network="Disway", family="disway")
PALU = row(host="kabar.id", name="Kabar Palu", province="Sulawesi Tengah", regency="Kota Palu", network="RMOL")


@pytest.mark.parametrize(
    ("words", "cells", "found"),
    [
        ((), {}, (MADIUN, PALU)),
        (("MADIUN",), {}, (MADIUN,)),
        (("kota",), {}, (MADIUN, PALU)),
        (("kota", "palu"), {}, (PALU,)),
        (("jawa timur",), {}, (MADIUN,)),
        (("rmol",), {}, (PALU,)),
        (("bali",), {}, ()),
        ((), {"province": "jawa timur"}, (MADIUN,)),
        ((), {"province": "jawa"}, ()),
        ((), {"network": "DISWAY", "family": "disway"}, (MADIUN,)),
        (("palu",), {"network": "Disway"}, ()),
    ],
)
def test_a_search_looks_at_every_word_and_at_whole_cells(
    words: tuple[str, ...], cells: dict[str, str], found: tuple[Row, ...]
) -> None:
    assert search((MADIUN, PALU), words, **cells) == found


def test_a_channel_of_a_host_is_a_portal_of_its_own(tmp_path: Path) -> None:
    for name, home in (("kabar", "https://www.kabar.id/"), ("kanal", "https://besar.id/jatim/")):
        (tmp_path / f"{name}.toml").write_text(
            f'name = "K"\nhome = "{home}"\nfamily = "general"\nzone = "Asia/Jakarta"\n'
            'listings = [{ kind = "feed", url = "/feed" }]\n'
        )
    jatim, bali = (row(host="besar.id", home=f"https://besar.id/{kanal}/") for kanal in ("jatim", "bali"))
    root, palu = row(host="besar.id"), row(host="kabar.id")
    portals = read_catalogue(tmp_path).portals
    assert portals_by_row((jatim, bali, root, palu), portals) == {jatim: "kanal", palu: "kabar"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1 must name the columns"),
        ("host\tname\n", "line 1 must name the columns"),
        ("\t".join(Row._fields) + "\nkabar.id\tKabar\n", "line 2 has 2 cells"),
    ],
)
def test_a_table_in_another_form_is_refused_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "directory.tsv"
    path.write_text(text)
    with pytest.raises(DirectoryError, match=fault):
        read_directory(path)


# ---------------------------------------------------------------------- the command


def test_without_a_word_the_command_counts() -> None:
    done = run_here("directory")
    assert done.code == 0
    known = len(portals_by_row(ROWS, read_catalogue().portals))
    assert known > 80
    assert f"{len(ROWS):,} portals are known; {known} of them are in the catalogue" in done.out
    assert re.search(r"^ +74  Disway$", done.out, re.MULTILINE)


def test_it_prints_what_it_found_and_what_the_catalogue_has() -> None:
    done = run_here("directory", "--network", "kwri/indonesia satu")
    assert done.code == 0
    line = next(line for line in done.out.splitlines() if line.startswith("jatim.kwri.or.id"))
    assert line.split()[-1] == "kwri-jatim"
    assert "7 of 1,437 portals; 6 are in the catalogue" in done.out


def test_one_portal_is_shown_whole_with_what_to_do_next() -> None:
    done = run_here("directory", "tribratanews.sumut")
    assert "wp-json/wp/v2/posts read by five public files" in done.out
    assert re.search(r"^portal +polri-sumut, off$", done.out, re.MULTILINE)
    assert "try it: scrapy addportal https://tribratanews.sumut.polri.go.id/" in done.out
    known = run_here("directory", "sumut.indonesiasatu").out
    assert re.search(r"^portal +indonesiasatu-sumut$", known, re.MULTILINE)
    assert "try it" not in known
    assert "try it: scrapy addportal https://mediahub.polri.go.id/" in run_here("directory", "mediahub").out
    assert "try it: scrapy addportal https://portal.humas.polri.go.id/" in run_here("directory", "portal.humas").out
    lapsed = run_here("directory", "tribratanewspolresmajalengka")
    assert "gambling" in lapsed.out
    assert "try it" not in lapsed.out


def test_as_json_it_is_an_object_a_line_with_the_evidence() -> None:
    done = run_here("directory", "--province", "bali", "--json")
    found = [json.loads(line) for line in done.out.splitlines()]
    assert {one["province"] for one in found} == {"Bali"}
    assert set(found[0]) == {*Row._fields, "sure", "portal", "active"}


def test_what_is_not_there_is_3_and_a_slip_is_2_with_what_was_meant() -> None:
    assert run_here("directory", "tidak-ada-di-mana-pun").code == 3
    slip = run_here("directory", "--province", "jawa timr")
    assert slip.code == 2
    assert "did you mean Jawa Timur?" in slip.log
