"""A portal without feed, API and sitemap: every article, or a plain word of what is out of reach, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import IMPATIENT, assert_sound, crawl, rows, run
from tests.sites.corpus import ARTICLES
from tests.sites.handmade import BASE, EACH, HOST, HandMade

SOME = tuple(one for one in ARTICLES if one.post_type == "article" and not one.source_url)[:40]


@pytest.mark.parametrize(
    ("how", "stored", "code"),
    [
        ({}, 40, 0),
        ({"home_pager": False}, 40, 3),  # sections may leave articles out: nothing proves that these do not
        ({"home_pager": False, "pretty": True}, 40, 3),
        ({"categories": False, "pretty": True}, 40, 0),
        ({"home_pager": False, "categories": False}, EACH, 3),
    ],
    ids=["all", "categories alone", "categories alone, pretty", "a pager at home, pretty", "the newest alone"],
)
def test_every_article_is_stored_or_a_bound_beyond_reach_is_said(
    how: dict[str, Any], stored: int, code: int, tmp_path: Path
) -> None:
    (tmp_path / "portals").mkdir()
    archive, given = tmp_path / "a.sqlite", {**IMPATIENT, "PORTALS_PATH": str(tmp_path / "portals")}
    with HandMade(SOME, **how) as site:
        places = {HOST: site.address}
        added = run("addportal", f"{BASE}/", "--id", "suara", CONNECT_TO=json.dumps(places), **given)
        assert added.code == 0, added.out + added.log
        done = crawl(archive, places, portal="suara", **given)
        assert done.code == 0, done.out + done.log
        assert code == 0 or "lead back to" in done.out, done.out
        bounded = crawl(archive, places, "-a", "since=2023-01-01", portal="suara", **given)
    assert bounded.code == code, bounded.out
    if code:
        oldest = sorted(SOME, key=lambda one: one.created_at)[-stored].created_at
        assert "no listing leads as far back as -a since asks" in bounded.out
        assert f"the oldest article that one names is of {oldest:%Y-%m-%d}" in bounded.out
    found = {row["title"]: row["published_local"] for row in rows(archive, "SELECT * FROM articles")}
    newest = sorted(SOME, key=lambda one: one.created_at)[-stored:]
    assert found == {one.title: f"{one.created_at.isoformat()}+07:00" for one in newest}
    assert_sound(archive)
