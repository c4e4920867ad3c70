"""`scrapy clipping`: a day, release, story, search or unit as HTML, PDF, DOCX or XLSX; reads the archive only."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from scrapy.exceptions import UsageError

from kwri_crawler import exports, kept
from kwri_crawler.archive import Database, clipping_queries, release_queries, stories
from kwri_crawler.archive.clipping_queries import Clip
from kwri_crawler.archive.extracts import Wanted
from kwri_crawler.clock import moment_of, now, read_day
from kwri_crawler.command import Exit, ProjectCommand, add_days, add_lang, add_portal, add_zone, count, days_of
from kwri_crawler.nearest import did_you_mean
from kwri_crawler.screen import complain, say
from kwri_crawler.whole_file import whole_file

if TYPE_CHECKING:
    from kwri_crawler.clipping import Capture, Clipping, NoCapture, Scope, Template

FORMATS = ("html", "pdf", "docx", "xlsx")
MOST = 400  # articles of a PDF or DOCX: some 26 CPU-seconds and 400 MB
MOST_CAPTURES = 100  # .7 CPU-seconds and 330 kB each

_HELP = """\
examples:
  scrapy clipping yesterday                            output/clipping-2024-06-27-id.pdf
  scrapy clipping 2024-06-27 --format pdf,docx,xlsx --text full --template kop/
  scrapy clipping --since 2024-06-01 --until 2024-06-30 --unit "Polres Ngawi" --format docx
  scrapy clipping --release 12 --captures --text full  with each kept page: bukti tayang
  scrapy clipping --search 'pilkada AND surabaya' --since 2024-06-20 --lang en --out pilkada.pdf
  scrapy clipping yesterday --watch pilkada
  scrapy clipping --starred --format xlsx --every-copy
  scrapy clipping yesterday --quiet-if-empty           in a cron line

One article a story, with the others that ran it below: of those that are wanted the first one. Articles of a desk's own
portals are left out, unless --portal names one. Days are local to each portal; an article without a date is on no day.
Nothing is asked of any portal. --template names a folder with desk.toml (docs/clipping.md): letterhead, kesimpulan,
saran and signature; an article's medium, time and address are always printed. Texts are the portals': the whole ones
are printed with --text full alone.
"""


class Command(ProjectCommand):
    """Write a clipping."""

    takes = "[DAY | --since DAY --until DAY] [options]"
    does = "Write a desk's clipping of a day, release, story or search as PDF, DOCX, XLSX or HTML"
    about = _HELP
    ends = {  # noqa: RUF012
        Exit.DONE: "written; where no article is wanted, one page that says so",
        Exit.SETUP: "the template is wrong, or what writes the format is missing: pip install 'kwri-crawler[desk]'",
        Exit.PART: "there is no such release, unit, watch or story",
        Exit.ARCHIVE: "the archive cannot be opened or read, or the file not be written",
    }

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options and examples."""
        super().add_options(parser)
        add_days(parser, "published on this day or later", "published on this day or earlier")
        parser.add_argument("--release", metavar="RELEASE", help="that carry this release: its number or name")
        parser.add_argument("--unit", metavar="NAME", help="that carry a release of this unit")
        parser.add_argument("--story", type=count, metavar="N", help="of this story")
        parser.add_argument("--search", metavar="QUERY", help="whose title or body holds this, by full-text search")
        add_portal(parser, "of this portal")
        parser.add_argument("--watch", metavar="NAME", help="of the stories that this watch told")
        parser.add_argument("--starred", action="store_true", help="that somebody of the desk gave a star")
        parser.add_argument("--format", type=formats, metavar="NAME,...", help=f"{', '.join(FORMATS)} (pdf)")
        parser.add_argument("--text", choices=("full", "lead", "none"), default="lead", help="how much of each (lead)")
        parser.add_argument("--every-copy", action="store_true", help="print every copy, not one article a story")
        parser.add_argument("--template", metavar="FOLDER", help="a folder with desk.toml and its logo")
        parser.add_argument("--captures", action="store_true", help="put each kept page beside it, drawn by chromium")
        add_lang(parser, "the language (id)", "id")
        add_zone(parser)
        parser.add_argument("--quiet-if-empty", action="store_true", help="write nothing where no article is wanted")
        parser.add_argument("--out", metavar="FILE", help="where to write it; - is standard output")

    def act(self, args: list[str], opts: argparse.Namespace) -> None:
        """Ask the archive, write the clipping."""
        since, until = self._days(args, opts)
        given = (opts.release, opts.unit, opts.story, opts.search, opts.portal, opts.watch, opts.starred, since, until)
        if not any(given):
            raise UsageError("say a day, as `scrapy clipping yesterday`, or what to print: --release, --search, ...")
        outs = self._outs(opts, since, until)
        from kwri_crawler.clipping import TemplateError

        try:
            writers, template = load(outs, opts)
        except TemplateError as error:
            self.fail(error, Exit.SETUP)
            return
        db = self.open_archive()
        try:
            self.check_portal(opts.portal, db)
            found = find(db, opts, since, until)
            if isinstance(found, str):
                self.fail(found, Exit.PART)
                return
            ids = clipping_queries.choose(db, found.wanted, opts.every_copy)
            check_size(ids, outs, opts)
            clips = clipping_queries.read_clips(db, ids, not opts.every_copy, found.with_own)
            tones = clipping_queries.tones(db, ids)
        finally:
            db.close()
        if not clips and opts.quiet_if_empty:
            return
        captures = self._captures(clips) if opts.captures else None
        clipping = assemble(clips, found.scope, template, captures, tones, opts)
        for name, out in outs.items():
            data = writers[name](clipping, opts.lang)
            with whole_file(out) as file:
                file.write(data)
            if out != "-":
                say(f"{out}: {len(clips)} articles")
        if not clips:
            complain("no article is wanted of those in the archive; the clipping says so")

    def _days(self, args: list[str], opts: argparse.Namespace) -> tuple[str | None, str | None]:
        if not args:
            return days_of(opts)
        if len(args) > 1 or opts.since or opts.until:
            raise UsageError("scrapy clipping takes one day, or --since and --until")
        try:
            one = day_named(args[0], now().astimezone(ZoneInfo(opts.zone)).date())
        except ValueError as error:
            raise UsageError(f"{args[0]}: {error}, today or yesterday") from None
        return one, one

    def _outs(self, opts: argparse.Namespace, since: str | None, until: str | None) -> dict[str, str]:
        """Return the file of each format; raises UsageError."""
        suffix = Path(opts.out).suffix.lower()[1:] if opts.out and opts.out != "-" else ""
        names = opts.format or ((suffix,) if suffix in FORMATS else ("pdf",))
        if opts.out == "-":
            if len(names) > 1:
                raise UsageError("--out -: of one format at a time")
            return {names[0]: "-"}
        if opts.out and len(names) == 1:
            outs = {names[0]: opts.out}
        else:
            base = opts.out[: -len(suffix) - 1] if suffix in FORMATS else opts.out
            outs = {name: f"{base or self._default(opts, since, until)}.{name}" for name in names}
        for out in outs.values():
            self.check_out(out)
        return outs

    def _default(self, opts: argparse.Namespace, since: str | None, until: str | None) -> Path:
        days = [since] if since == until else [since or "", until or ""]
        kinds = [f"story-{opts.story}" if opts.story else "", "starred" if opts.starred else "", opts.portal or ""]
        kinds += [kind for kind in ("release", "unit", "search", "watch") if getattr(opts, kind)]
        return self.archive_path.parent / "-".join(filter(None, ("clipping", *days, *kinds, opts.lang)))

    def _captures(self, clips: Sequence[Clip]) -> dict[int, Capture | NoCapture]:
        """Return each article's kept page as a browser draws it."""
        from kwri_crawler.clipping import NoCapture
        from kwri_crawler.clipping.captures import Capturer

        path = kept.pages_path(self.given["PAGES_PATH"], self.archive_path)
        drawn: dict[int, Capture | NoCapture] = {}
        if not path.exists():
            return dict.fromkeys((clip.article for clip in clips), NoCapture.NOT_KEPT)
        with Capturer() as capturer, closing(kept.open_pages(path, make=False)) as pages:
            for clip in clips:
                at = moment_of(clip.fetched_at)
                page = kept.page_of(pages, clip.shown.portal, clip.page_keys, at)
                is_own = page is not None and page.received_at == at
                drawn[clip.article] = capturer.draw(page, clip.shown.title, is_own)
        return drawn


Writers = dict[str, "Callable[[Clipping, str], bytes]"]


def load(outs: dict[str, str], opts: argparse.Namespace) -> tuple[Writers, Template]:
    """Return what writes each format, and the template; raises LibraryMissing and TemplateError."""
    from kwri_crawler.clipping import Template, read_template

    template = read_template(Path(opts.template)) if opts.template else Template()
    return {name: writer_of(name) for name in outs}, template


class Found(NamedTuple):
    """What is asked of the archive, and how the clipping names it."""

    wanted: Wanted
    scope: Scope
    with_own: bool  # carriers of a desk's own portals too


def find(db: Database, opts: argparse.Namespace, since: str | None, until: str | None) -> Found | str:
    """Return what is wanted, or why there is no such thing."""
    from kwri_crawler.clipping import Scope

    release = None
    if opts.release is not None:
        told = release_queries.find_release(db, opts.release)
        if told is None:
            return f"{opts.release}: no such release; `scrapy releases` lists them"
        release = told[0]
    if opts.unit is not None:
        known = clipping_queries.units(db)
        if opts.unit not in known:
            hint = did_you_mean(opts.unit, known, "`scrapy releases --units` names them")
            return f"{opts.unit}: no release is of such a unit; {hint}"
    if opts.watch is not None and opts.watch not in (known := clipping_queries.watches(db)):
        return f"{opts.watch}: no such watch; {did_you_mean(opts.watch, known, '`scrapy watches` lists them')}"
    if opts.story is not None and not stories.story_of(db, opts.story):
        return f"{opts.story}: no such story; `scrapy stories` lists some"
    wanted = Wanted(since, until, opts.portal, opts.story, opts.search, release and release.release, opts.unit,
                    press=opts.portal is None, starred=opts.starred, watch=opts.watch)  # fmt: skip
    scope = Scope(
        since, until, opts.portal and clipping_queries.portal_name(db, opts.portal), opts.story, opts.search,
        release and release.title, opts.unit, opts.starred, opts.watch, every_copy=opts.every_copy,
    )  # fmt: skip
    return Found(wanted, scope, opts.portal is not None)


def check_size(ids: Sequence[int], outs: dict[str, str], opts: argparse.Namespace) -> None:
    """Raise UsageError for a clipping that would take a machine's memory."""
    cure = "choose fewer days, a portal or a search"
    if len(ids) > MOST and {"pdf", "docx"} & set(outs):
        raise UsageError(f"{len(ids)} articles: a PDF or DOCX takes {MOST}; {cure}, or --format xlsx", print_help=False)
    if opts.captures and len(ids) > MOST_CAPTURES:
        raise UsageError(f"{len(ids)} articles: --captures takes {MOST_CAPTURES}; {cure}", print_help=False)


def assemble(
    clips: Sequence[Clip],
    scope: Scope,
    template: Template,
    captures: dict[int, Capture | NoCapture] | None,
    tones: dict[int, str],
    opts: argparse.Namespace,
) -> Clipping:
    """Return the clipping, made now."""
    from kwri_crawler.clipping import Clipping, Text

    made_at = now().astimezone(ZoneInfo(opts.zone))
    return Clipping(clips, scope, Text(opts.text), made_at, template, captures, tones)


def writer_of(name: str) -> Callable[[Clipping, str], bytes]:
    """Return what writes a format; raises LibraryMissing where it is not installed."""
    if name == "pdf":
        from kwri_crawler.clipping import pdf

        pdf.check_pdf()
        return pdf.write_pdf
    if name == "docx":
        from kwri_crawler.clipping import word

        word.check_word()
        return word.write_word
    if name == "xlsx":
        from kwri_crawler.clipping import sheet

        exports.check_sheets()
        return sheet.write_sheet
    from kwri_crawler.clipping import page

    return lambda clipping, lang: page.render(clipping, lang).encode()


def formats(text: str) -> tuple[str, ...]:
    """Read the option --format."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",")))
    for name in names:
        if name not in FORMATS:
            raise argparse.ArgumentTypeError(f"{name or repr(text)}: no such format; there are {', '.join(FORMATS)}")
    return names


def day_named(text: str, today: date) -> str:
    """Return a day that is written as 2024-06-27, today or yesterday; raises ValueError."""
    ago = {"today": 0, "yesterday": 1}.get(text)
    return (read_day(text) if ago is None else today - timedelta(days=ago)).isoformat()
