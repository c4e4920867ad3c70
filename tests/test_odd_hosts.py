"""Whatever answers at an address, `scrapy addportal` says one word of its fixed set, and the right one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kwri_crawler.catalogue import read_portal
from kwri_crawler.scout.verdicts import Verdict
from tests.bringing_up import Desk
from tests.sites.odd_hosts import ODD_HOSTS, Odd


@pytest.mark.parametrize("odd", ODD_HOSTS, ids=lambda odd: odd.name)
def test_an_odd_host_gets_the_word_that_a_person_would_say(odd: Odd, tmp_path: Path) -> None:
    work = Desk(odd.site, tmp_path).run(f"{odd.name}.example.id")
    assert not work.failed
    (decided,) = work.decided  # and nothing that it leads to is looked at as a portal
    assert decided.word in odd.word.split("|"), decided.why
    assert odd.told.lower() in decided.why.lower()
    active = [read_portal(path).active for path in tmp_path.glob("*.toml")]
    assert active == {Verdict.ADDED: [True], Verdict.CHECK: [False]}.get(decided.verdict, [])
