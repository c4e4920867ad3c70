"""Which portals a command is asked for: by name, field and health, with the nearest known name for a slip."""

from __future__ import annotations

import pytest
from scrapy.exceptions import UsageError

from kwri_crawler.catalogue import Portal
from kwri_crawler.catalogue.directory import read_directory
from kwri_crawler.command.choosing import Choice, check_field, choose, named_or_active


def portal(id_: str, region: str | None, *, active: bool = True) -> Portal:
    home = f"https://{id_}.example.com/"
    return Portal(id_, id_, home, "general", region, "Asia/Jakarta", (), active=active, network="Kabar")


BALI, RIAU, OLD = portal("bali", "Bali"), portal("riau", "Riau"), portal("old", None, active=False)
ALL = (BALI, OLD, RIAU)


@pytest.mark.parametrize(
    ("choice", "words", "chosen"),
    [
        (Choice(), None, ALL),
        (Choice(regions=("bali",)), None, (BALI,)),
        (Choice(regions=("RIAU", "Bali")), None, (BALI, RIAU)),
        (Choice(networks=("kabar",), regions=("riau",)), None, (RIAU,)),
        (Choice(words=("broken",)), None, ALL),
        (Choice(words=("broken",)), {"riau": "broken", "bali": "well"}, (RIAU,)),
        (Choice(words=("broken",)), {}, ()),
        (Choice(), {}, ALL),
    ],
)
def test_a_portal_is_chosen_that_is_one_of_each_kind_asked_for(
    choice: Choice, words: dict[str, str] | None, chosen: tuple[Portal, ...]
) -> None:
    assert choose(ALL, choice, words) == chosen


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("region", "Bally", "Bally: no portal is of this region; did you mean Bali?"),
        ("region", "Antarktika", "Antarktika: no portal is of this region; known: Bali, Riau"),
        ("network", "Kabbar", "Kabbar: no portal is of this network; did you mean Kabar?"),
        ("region", "", ": no portal is of this region; known: Bali, Riau"),
    ],
)
def test_a_value_that_no_portal_has_is_a_slip_and_the_nearest_is_named(name: str, value: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        check_field(name, value, (getattr(one, name) for one in ALL))
    assert str(error.value) == told
    check_field("region", "bali", ["Riau", "Bali", None])


def test_where_nothing_is_known_or_much_the_hint_says_so() -> None:
    with pytest.raises(UsageError, match=r"known: none$"):
        check_field("region", "Bali", [None, ""])
    with pytest.raises(UsageError) as error:
        check_field("network", "0", (row.network for row in read_directory()))
    listed = str(error.value).partition("known: ")[2].split(", ")
    assert (len(listed), listed[-1]) == (21, "...")
    assert "" not in listed


@pytest.mark.parametrize(
    ("named", "chosen"), [((), [BALI, RIAU]), (("old",), [OLD]), (["riau", "old"], [OLD, RIAU]), (("none",), [])]
)
def test_what_is_named_is_taken_though_it_is_not_active(named: list[str], chosen: list[Portal]) -> None:
    assert named_or_active(ALL, named) == chosen
