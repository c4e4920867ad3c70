"""Answer requests for the desk's pages, and store the notes that are sent."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hmac import compare_digest
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from datasette import Response

from kwri_crawler import exports
from kwri_crawler.archive import ArchiveError, Database, desk_queries, notes, reading
from kwri_crawler.archive.notes import Tone
from kwri_crawler.clock import now_text
from kwri_crawler.desk_site.guard import Options
from kwri_crawler.desk_site.pages import Ask, Elsewhere, NotThere, Shown, Wrong
from kwri_crawler.desk_site.words import DeskWords
from kwri_crawler.desk_site.writing import write
from kwri_crawler.languages import LANGUAGES

SECONDS = 1.0  # a page may read the archive for: Datasette's own limit
LONGEST = {"topic": 100, "note": 4_000}  # characters
_COOKIE = "desk_lang"
_BACK = re.compile(r"/desk(?:[/?#]|$)")

Build = Callable[[Database, Ask], Shown]


@dataclass(frozen=True, eq=False)
class Site:
    """A desk that is served."""

    archive: Path
    options: Options
    templates: Path | None

    def database(self, datasette: Any) -> Any:
        """Return the archive as Datasette has it."""
        return next(one for one in datasette.databases.values() if one.path == str(self.archive))


def page(site: Site, build: Build) -> Any:
    """Return what answers a request with a page, or with the same rows as CSV."""

    async def answer(datasette: Any, request: Any) -> Any:
        ask = Ask(dict(parse_qsl(request.query_string)), unquote(request.url_vars.get("name", "")))
        lang = _lang(site, request)
        database = site.database(datasette)
        frame = {
            "w": DeskWords(lang),
            "database": datasette.urls.database(database.name),
            "actor": request.actor,
            "here": request.path,
            "query": {name: value for name, value in ask.args.items() if name != "lang"},
            "style": f"/desk/style.css?{style_hash()}",
        }

        def shown(connection: Any) -> tuple[int, str | bytes]:
            try:
                found = desk_queries.look(connection, SECONDS, lambda db: build(db, ask))
            except Elsewhere as found_at:
                return 302, str(found_at)
            except (NotThere, Wrong, desk_queries.TooLong) as error:
                status = {NotThere: 404, Wrong: 400}.get(type(error), 503)
                values = {"status": status, "text": str(error) if status == 400 else ""}
                return status, write("wrong.html", {**frame, **values}, site.templates)
            if "csv" in ask.args:
                return 200, _csv(found)
            return 200, write(found.template, {**frame, **found.values}, site.templates)

        status, body = await database.execute_fn(shown)
        if status == 302:
            return Response.redirect(body)
        if isinstance(body, bytes):
            return Response(body, content_type="text/csv; charset=utf-8")
        response = Response.html(body, status=status)
        if ask.args.get("lang") in LANGUAGES:
            response.set_cookie(_COOKIE, lang, max_age=365 * 86_400)
        return response

    return answer


def note(site: Site) -> Any:
    """Return what takes a form with a tone, a topic, words or a star; what it leaves out stays."""

    async def answer(datasette: Any, request: Any) -> Any:
        if request.method != "POST":
            return Response.text("POST", status=405, headers={"allow": "POST"})
        if not request.actor:
            return Response.text("Enter first: by the address that `kwri desk` printed.", status=403)
        name = unquote(request.url_vars["name"])
        try:
            number = Ask({}, name).number()
            form = await request.post_vars()
            given = _given(form)
        except NotThere:
            return Response.text("no such article", status=404)
        except ValueError as error:  # also of bytes that are no UTF-8
            return Response.text(str(error), status=400)
        by_whom = str(request.actor.get("id") or "desk")

        def put(connection: Any) -> bool:
            return notes.note_down(connection, number, given, by_whom, now_text())

        try:
            with reading(site.archive):  # Datasette 1.0 begins the transaction, and meets a lock, itself
                is_there = await site.database(datasette).execute_write_fn(put)
        except ArchiveError as error:
            return Response.text(str(error), status=503)
        if not is_there:
            return Response.text("no such article", status=404)
        back = form.get("back", "")
        is_ours = _BACK.match(back) and back.isascii() and back.isprintable()
        return Response.redirect(back if is_ours else f"/desk/article/{name}")

    return answer


def _given(form: dict[str, str]) -> dict[str, Any]:
    """Return what a form says of a note; raises ValueError."""
    given: dict[str, Any] = {}
    if "tone" in form:
        tones = {tone.value: tone for tone in Tone}
        if form["tone"] and form["tone"] not in tones:
            raise ValueError(f"tone: {', '.join(tones)}, or empty")
        given["tone"] = tones.get(form["tone"])
    for name, most in LONGEST.items():
        if name in form:
            lines = "".join(sign for sign in form[name] if sign.isprintable() or sign == "\n")
            text = lines.strip() if name == "note" else " ".join(lines.split())
            if len(text) > most:
                raise ValueError(f"{name}: at most {most} characters")
            given[name] = text or None
    if "starred" in form:
        if form["starred"] not in ("0", "1"):
            raise ValueError("starred: 0 or 1")
        given["starred"] = form["starred"] == "1"
    return given


def enter(site: Site) -> Any:
    """Return what lets in who has the key that the command printed."""

    async def answer(datasette: Any, request: Any) -> Any:
        if not compare_digest(request.args.get("key", "").encode(), site.options.key.encode()):
            return Response.text("Not the key of this start: `kwri desk` prints another each time.", status=403)
        response = Response.redirect("/desk")
        actor = datasette.sign({"a": {"id": site.options.user}}, "actor")
        response.set_cookie("ds_actor", actor, httponly=True, samesite="strict")
        return response

    return answer


async def style(request: Any) -> Any:
    """Answer with a style sheet."""
    cached = {"cache-control": "max-age=31536000, immutable"}
    return Response(_sheet(request.url_vars["name"]), content_type="text/css; charset=utf-8", headers=cached)


async def to_the_desk() -> Any:
    """Lead from the first address to the desk's."""
    return Response.redirect("/desk")


def _lang(site: Site, request: Any) -> str:
    for lang in (request.args.get("lang"), request.cookies.get(_COOKIE)):
        if lang in LANGUAGES:
            return str(lang)
    return site.options.lang


def _csv(found: Shown) -> bytes:
    out = io.BytesIO()
    fields = getattr(found.rows[0], "_fields", ()) if found.rows else ()
    exports.write_rows(fields, found.rows, out)
    return out.getvalue()


@cache
def _sheet(name: str) -> str:
    """Return a style sheet: the report's own and what the desk adds, or what Datasette's tables get."""
    ours = files("kwri_crawler.desk_site")
    if name == "tables":
        return ours.joinpath("tables.css").read_text(encoding="utf-8")
    report = files("kwri_crawler.report").joinpath("page.css").read_text(encoding="utf-8")
    return f"{report}\n{ours.joinpath('desk.css').read_text(encoding='utf-8')}"


@cache
def style_hash() -> str:
    """Return what changes an address of the style sheets when one of them changes."""
    return hashlib.sha256((_sheet("style") + _sheet("tables")).encode()).hexdigest()[:12]
