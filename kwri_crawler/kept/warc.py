"""Export kept pages to WARC and import them; from foreign files only whole pages of known portals are taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from typing import IO

from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from kwri_crawler.catalogue import Portal
from kwri_crawler.clock import now, utc_text
from kwri_crawler.items import KeptPage
from kwri_crawler.kept.warc_records import Record, records
from kwri_crawler.version import __version__
from kwri_crawler.web.addresses import canonical, host_of, http_fault
from kwri_crawler.web.unpacking import CutOff, NotTaken, encodings_in, unpack

# WARC allows fields of one's own. After a redirect the address that was asked for is not the record's target.
ASKED = "X-Asked-URI"
DAMAGED = "damaged, or no record"
_KINDS = frozenset({"warcinfo", "resource", "request", "metadata", "revisit", "conversion", "continuation"})
_FIRST_PAGE = datetime(1991, 8, 6, tzinfo=UTC)  # when the first page of the web was published
_AHEAD = timedelta(days=1)  # that the clock of another machine may be


class WarcError(ValueError):
    """A file that cannot be read as WARC; the message says what would do."""


def write_warc(pages: Iterable[KeptPage], file: IO[bytes], name: str, *, gzip: bool) -> int:
    """Write pages as response records, each with its payload's digest; return how many.

    warcio percent-encodes what is not ASCII in a header; all else is written as it was received.
    """
    writer = WARCWriter(file, gzip=gzip)
    info = {
        "software": f"kwri-crawler/{__version__}",
        "format": "WARC File Format 1.0",
        "description": "pages of news portals as received; bodies are content-encoded, chunked transfer is undone",
    }
    writer.write_record(writer.create_warcinfo_record(name, info))
    count = 0
    for page in pages:
        fields = {"WARC-Date": utc_text(page.received_at)}
        if page.asked_url != page.url:
            fields[ASKED] = page.asked_url
        record = writer.create_warc_record(
            page.url,
            "response",
            payload=BytesIO(page.body),
            length=len(page.body),
            http_headers=StatusAndHeaders(_status_line(page.status), list(page.headers), protocol="HTTP/1.1"),
            warc_headers_dict=fields,
        )
        writer.write_record(record)
        count += 1
    return count


def read_warc(file: IO[bytes], portals: Iterable[Portal], maximum: int) -> Iterator[KeptPage | str]:
    """Yield each record as a page, or say in a fixed phrase why it is none; raises WarcError.

    maximum is the most bytes that a page may have, packed or not. ARC files are read as well. What is DAMAGED is no
    record that can be read; the records behind it are looked for.
    """
    owners = {host: portal.id for portal in portals for host in portal.hosts}
    try:
        for record in records(file):
            yield DAMAGED if record is None else _page(record, owners, maximum)
    except ArchiveLoadFailed as error:
        raise WarcError(f"not a WARC file: {error}") from error


def _page(found: Record, owners: dict[str, str], maximum: int) -> KeptPage | str:
    record = found.parsed
    if record.rec_type != "response":
        return f"{record.rec_type} record" if record.rec_type in _KINDS else "record of another kind"
    if not found.has_length:
        return "without a length"
    fields = record.rec_headers
    url = canonical((fields.get_header("WARC-Target-URI") or "").strip("<>"))  # wget writes the brackets
    if http_fault(url) is not None or record.http_headers is None:
        return "not an answer to HTTP"
    portal = owners.get(host_of(url))
    if portal is None:
        return "of no portal in the catalogue"
    received_at = _moment(fields.get_header("WARC-Date"))
    if received_at is None:
        return "without a date"
    if not _FIRST_PAGE <= received_at <= now() + _AHEAD:
        return "of a day that cannot be true"
    status = record.http_headers.get_statuscode() or ""
    if not (status.isdecimal() and len(status) == 3 and 200 <= int(status) < 300):
        return "not a success"
    content_type = (record.http_headers.get_header("Content-Type") or "text/html").lower()
    if "html" not in content_type:
        return "not a page"
    if fields.get_header("WARC-Truncated"):
        return "cut off"
    if record.length > maximum:
        return "too large"
    headers = tuple((str(name), str(value)) for name, value in record.http_headers.headers)
    body = found.page()
    if body is None:
        return "cut off"
    whole = _whole(body, headers, maximum)
    if isinstance(whole, str):
        return whole
    body, headers = whole
    asked = canonical(fields.get_header(ASKED) or url)
    return KeptPage(portal, asked if host_of(asked) in owners else url, url, int(status), headers, body, received_at)


def _whole(
    body: bytes, headers: tuple[tuple[str, str], ...], maximum: int
) -> tuple[bytes, tuple[tuple[str, str], ...]] | str:
    """Return a body with chunked transfer undone and the headers that are true of it, or why it cannot be used."""
    if "chunked" in _value(headers, "transfer-encoding"):
        unchunked = _unchunk(body)
        if unchunked is None:
            return "cut off"
        body, headers = unchunked, _without(headers, "transfer-encoding")
    try:
        if unpack(body, encodings_in(_value(headers, "content-encoding")), maximum) == body:
            headers = _without(headers, "content-encoding")  # some tools unpack the body and leave the header
    except CutOff:
        if not body.lstrip().startswith(b"<"):
            return "cut off"
        headers = _without(headers, "content-encoding")
    except NotTaken:
        return "too large, or in an unknown encoding"
    return (body, headers) if body.strip() else "empty"


def _unchunk(body: bytes) -> bytes | None:
    """Undo chunked transfer, where it was not undone by whoever wrote the file; null when the end is missing."""
    size = body.partition(b"\r\n")[0].partition(b";")[0].strip()
    if not 0 < len(size) <= 8 or not all(digit in b"0123456789abcdefABCDEF" for digit in size):
        return body
    reader = ChunkedDataReader(BytesIO(body), raise_exceptions=True)
    whole = b""
    try:
        while part := reader.read():
            whole += part
    except ChunkedDataException:
        return None
    return whole if reader.all_chunks_read else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):  # before year 1 in UTC, or after 9999
        return None


def _value(headers: tuple[tuple[str, str], ...], wanted: str) -> str:
    return ",".join(value for name, value in headers if name.lower() == wanted).lower()


def _without(headers: tuple[tuple[str, str], ...], unwanted: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if name.lower() != unwanted)


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"{status} Unknown"
