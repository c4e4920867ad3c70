"""Days and hosts as people write them, and the word that they meant."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from kwri_crawler import clock
from kwri_crawler.clock import local_text, read_day
from kwri_crawler.nearest import nearest
from kwri_crawler.web.hosts import bare_host


def test_a_day_is_read_in_one_form_only() -> None:
    assert read_day("2024-02-29") == date(2024, 2, 29)
    for text in ("", "2023-02-29", "2024-13-01", "20240627", "2024-W26-4", "2024-6-27", "27-06-2024", " 2024-06-27"):
        with pytest.raises(ValueError, match="not a day; write it as 2024-06-27"):
            read_day(text)


def test_www_is_left_out_once_and_nothing_else() -> None:
    assert bare_host("www.kabar.id") == "kabar.id"
    assert bare_host("www.www.kabar.id:8080") == "www.kabar.id:8080"
    assert bare_host("wwwkabar.id") == "wwwkabar.id"


def test_the_nearest_word_is_one_that_is_like_it_or_none() -> None:
    assert nearest("kwri-jatm", ("indonesiasatu", "kwri-jatim")) == "kwri-jatim"
    assert nearest("xyz", ("indonesiasatu", "kwri-jatim")) is None


def test_people_read_a_moment_on_this_machines_clock_with_its_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2024, 6, 27, 20, 10, tzinfo=UTC)
    try:
        for zone, told in (("Asia/Jakarta", "2024-06-28 03:10 WIB"), ("UTC", "2024-06-27 20:10 UTC")):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            assert local_text(moment) == told
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_clock_that_is_set_again_to_the_same_moment_goes_on() -> None:
    try:
        clock.set_clock("2031-03-02T10:00:00+07:00")
        time.sleep(0.01)
        before = clock.now()
        clock.set_clock("2031-03-02T10:00:00+07:00")
        assert clock.now() > before
        clock.set_clock("2031-03-02T11:00:00+07:00")
        assert clock.now() - before > timedelta(minutes=59)
    finally:
        clock.set_clock("")
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
