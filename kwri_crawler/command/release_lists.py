"""Print releases, leagues and carriers on a terminal, as CSV, XLSX or JSON."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kwri_crawler import copies, exports
from kwri_crawler.archive.release_queries import Carrier, Link, ReleaseLine, Unreported
from kwri_crawler.clock import local_text, moment_of
from kwri_crawler.command.differences import differences_as_object, show_differences
from kwri_crawler.command.helps import as_typed
from kwri_crawler.command.options import speaking
from kwri_crawler.copies.differences import Differences, differences
from kwri_crawler.screen import complain, say, say_json, shown_file, table
from kwri_crawler.whole_file import whole_file

if TYPE_CHECKING:
    from kwri_crawler.screen.spoken import Spoken

_MOST_TITLE = 90  # characters in a table


def show(lines: Sequence[NamedTuple], fields: Sequence[str], opts: argparse.Namespace) -> None:
    """Print rows as JSON, CSV or a table."""
    if opts.json:
        say_json([line._asdict() for line in lines], indent=2)
        return
    if opts.csv or opts.xlsx:
        write_list(fields, lines, opts)
        return
    words = speaking(opts)
    if lines:
        shown = [place for place, name in enumerate(fields) if name != "span" or lines[0][place] is not None]
        heads = [fields[place] for place in shown]
        rows = [[_shown(fields[place], line[place], words) for place in shown] for line in lines]
        say(table([words(head) for head in heads], rows, [words(name) for name in ("span", "unit", "portal")]))
    else:
        say(as_typed(words("no_releases")))


def _shown(field: str, value: object, words: Spoken) -> object:
    """Return a figure of a league as a person reads it."""
    if not isinstance(value, float):
        return "-" if value is None else value
    return words.percent(value) if field == "share" else words.number(value, 1)


def write_list(fields: Sequence[str], rows: Iterable[Sequence[object]], opts: argparse.Namespace) -> None:
    """Write rows as CSV on standard output, or as the workbook that was asked for."""
    with whole_file(opts.xlsx or "-") as out:
        if opts.xlsx:
            number = exports.write_sheet("releases", fields, rows, out)
        else:
            exports.write_rows(fields, rows, shown_file(out))
    if opts.xlsx:
        complain(f"{number} rows" + ("" if opts.xlsx == "-" else f" in {opts.xlsx}"))


def show_list(lines: list[ReleaseLine], opts: argparse.Namespace) -> None:
    """Print releases, one a line, and how many ran."""
    if opts.json or opts.csv or opts.xlsx or not lines:
        show(lines, ReleaseLine._fields, opts)
        return
    words = speaking(opts)
    rows = [
        (line.release, shown_time(line), line.unit or "", line.articles, line.portals,
         line.first_portal or words("nowhere"), "" if line.first_hours is None else signed(line.first_hours, words),
         line.title[:_MOST_TITLE])
        for line in lines
    ]  # fmt: skip
    heads = [words(key) for key in ("release", "sent", "unit", "articles", "portals", "first", "hours", "title")]
    say(table(heads, rows, [words(key) for key in ("sent", "unit", "first", "title")]))
    ran = sum(line.articles > 0 for line in lines)
    counted = {"ran": words.number(ran), "nowhere": words.number(len(lines) - ran)}
    say(words("ran_of", releases=words.count(len(lines), "releases"), **counted))


def signed(hours: float, words: Spoken) -> str:
    """Write hours with their sign: below 0, out before the release."""
    return ("-" if hours < 0 else "+") + words.number(abs(hours), 1)


def shown_time(line: ReleaseLine) -> str:
    """Return when a release was sent, as exactly as it is known."""
    return line.released_local[: 10 if line.released_precision == "day" else 16].replace("T", " ")


def show_release(line: ReleaseLine, body: str, carriers: list[Carrier], opts: argparse.Namespace) -> None:
    """Print one release: who carried it, when, under which headline, and what each changed."""
    if opts.csv or opts.xlsx:
        names = Carrier._fields[:-1]
        write_list(names, ([getattr(one, name) for name in names] for one in carriers), opts)
        return
    told = [(one, differences(copies.cut_ends(body, one.body, 0), one.body)) for one in carriers]
    if opts.json:
        say_json({**line._asdict(), "body": body, "carriers": [_as_object(*each) for each in told]}, indent=2)
        return
    words = speaking(opts)
    say(words("release_head", number=str(line.release), title=line.title))
    say("  " + words("sent_by", name=line.name, unit=line.unit or words("no_unit"), at=shown_time(line)))
    on = {"articles": words.count(line.articles, "articles"), "portals": words.count(line.portals, "portals")}
    say("  " + (words("ran_on", **on) if line.articles else words("ran_nowhere")))
    for one, found in told:
        lag, at = _after(one, words)
        say("", f"{lag:>9}  {at}  {one.portal}{words(f'of_{one.kind}')}")
        say("     " + (words("same_headline") if one.same_title else f"{words('headline')}: {one.title}"))
        say(f"     {one.url}")
        if one.share is not None and one.own is not None:
            say("     " + words("shares", share=words.percent(one.share), own=words.percent(one.own)))
        if one.kind == "copy":
            show_differences(found, words)


def _after(one: Carrier, words: Spoken) -> tuple[str, str]:
    """Return how long after the release an article came out, and when; in days where one of the hours is not known."""
    if one.lag_hours is not None:
        return f"{signed(one.lag_hours, words)} {words('h')}", local_text(moment_of(one.out_at))
    lag = f"{one.lag_days:+d} {words('d')}" if one.lag_days else words("same_day")
    return lag, (one.published_local or one.out_at)[:10]


def _as_object(one: Carrier, found: Differences) -> dict[str, Any]:
    return {**one._asdict(), **differences_as_object(found)}


def show_links(
    links: list[Link],
    missing: list[Unreported],
    without: int,
    portals: dict[str, str | None],
    opts: argparse.Namespace,
) -> None:
    """Print what each pasted address is, then the carriers that nobody named."""
    if opts.json:
        told = [{**link._asdict(), "portal": portals[link.url]} for link in links]
        say_json({"links": told, "unreported": [one._asdict() for one in missing], "lines_without_address": without}, 2)
        return
    rows = [(link.state, link.release, portals[link.url], link.url, link.title, link.reason) for link in links]
    rows += [("carries it, not reported", one.release, one.portal, one.url, one.title, None) for one in missing]  # type: ignore[misc]
    heads = ("state", "release", "portal", "url", "title", "reason")
    if opts.csv or opts.xlsx:
        write_list(heads, rows, opts)
        return
    words = speaking(opts)
    if rows:
        named = [words(head) for head in heads]
        say(table(named, [(words(f"state_{state}"), *others) for state, *others in rows], named))
    counted = {"lines": words.number(without), "carriers": words.number(len(missing))}
    say(words("links_of", addresses=words.count(len(portals), "addresses"), **counted))
