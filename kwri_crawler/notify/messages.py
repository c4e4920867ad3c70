"""Send a short text to a person: to an address of the setting NOTIFY, which the optional library apprise understands.

An address is a secret: no word of it is logged or raised but its kind, and the host where the kind has one that is no
token. However slowly a host answers, it has SEND_TIMEOUT_S.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from kwri_crawler.languages import LANGUAGES
from kwri_crawler.missing import LibraryMissing
from kwri_crawler.nearest import did_you_mean

if TYPE_CHECKING:
    from apprise import NotifyBase
    from scrapy.settings import BaseSettings

_Said = TypeVar("_Said")

# A mail server may keep a stranger waiting for 5 to 20 s before it greets; who is given up too early is told twice.
SEND_TIMEOUT_S = 30.0
WAIT_S = 20.0  # for a connection, and for each part of an answer; apprise's own 4 s cut a slow server off
# Their address names a host; of the others (a chat's bot, a push service) what stands there may be the token.
_WITH_HOST = frozenset(("json", "jsons", "form", "forms", "xml", "xmls", "mailto", "mailtos"))
# Libraries that print whole addresses: urllib3 at DEBUG, apprise a topic at INFO.
_NAME = re.compile(r"[\w-]{1,40}")
_TALKERS = ("apprise", "urllib3", "requests_oauthlib", "oauthlib")


class Failed(StrEnum):
    """Why a message was not taken, where it was not an HTTP status."""

    LATE = "no answer in time"
    NO_TIME = "no time is left"
    NO_NAME = "NOTIFY has no such name"
    NO_SERVICE = "apprise does not understand the address"
    NOT_TAKEN = "no connection, or not accepted"


class AddressError(ValueError):
    """A name that NOTIFY does not have, or an address that nobody understands; the message holds no secret."""


def addresses_of(settings: BaseSettings) -> dict[str, str]:
    """Return the setting NOTIFY, checked: an address by each name of letters, digits, - and _; raises AddressError."""
    try:
        table = settings.getdict("NOTIFY")
    except ValueError as error:
        raise AddressError('NOTIFY: not a table; write it as {"mail": "mailto://..."}') from error
    if settings["NOTIFY_LANG"] not in LANGUAGES:
        raise AddressError(f"NOTIFY_LANG {settings['NOTIFY_LANG']}: write id or en")
    found: dict[str, str] = {}
    for name, address in table.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise AddressError(f"{name}: a name in the setting NOTIFY has letters, digits, - and _ alone")
        if not isinstance(address, str) or not address:
            raise AddressError(f"{name}: its address in the setting NOTIFY must be a text")
        found[name] = address
    return found


def check(addresses: Mapping[str, str], names: Iterable[str]) -> None:
    """Raise AddressError unless each name has an address that apprise takes; LibraryMissing without apprise."""
    for name in names:
        if name not in addresses:
            known = f"it has {', '.join(sorted(addresses))}" if addresses else "it is empty"
            hint = did_you_mean(name, addresses, known)
            raise AddressError(f"{name}: the setting NOTIFY has no such name; {hint}")
        if _service(addresses[name]) is None:
            raise AddressError(
                f"{name}: apprise does not understand its address in NOTIFY; for example mailto://, json://, ntfy://"
            )


def place(address: str) -> str:
    """Return what may be shown of an address: its host where that is no secret, else its kind; may be empty."""
    kind, mark, _ = address.partition("://")
    if kind.lower() not in _WITH_HOST:
        return kind.lower() if mark and kind.isalnum() else ""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def label(name: str, address: str) -> str:
    """Return what may be logged of a receiver: its name, and the place of its address."""
    return f"{name} ({place(address)})" if place(address) else name


def send(address: str, title: str, text: str) -> str | None:
    """Send a text; return None when it was taken, else why not, in words without a secret. Raises LibraryMissing."""
    service = _service(address)
    if service is None:
        return Failed.NO_SERVICE

    def notify() -> str | None:
        was_taken = _notify(service, title, text)
        status = _ears.statuses.pop(threading.get_ident(), None)
        return None if was_taken else f"HTTP {status}" if status else Failed.NOT_TAKEN

    return in_time(notify, SEND_TIMEOUT_S)


def in_time(ask: Callable[[], _Said], seconds: float) -> _Said | str:
    """Return what a function that asks a host returns; Failed.LATE where it takes longer.

    In a thread: a socket's own time-out begins anew with every byte, and a look-up of the host has none. A daemon:
    any other is waited for when the process ends, as apprise's own are, however long they hang.
    """
    said: list[_Said | str] = [Failed.LATE]

    def run() -> None:
        said[0] = ask()

    thread = threading.Thread(target=run, name="message", daemon=True)
    thread.start()
    thread.join(seconds)
    return said[0]


class _Ears(logging.Filter):
    """Lets nothing pass that apprise logs, and keeps the HTTP status of it, which is no secret."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: dict[int, int] = {}  # by thread

    def filter(self, record: logging.LogRecord) -> bool:
        """Look for a status among a record's values; its words may hold anything."""
        values = record.args if isinstance(record.args, tuple) else ()
        status = next((value for value in values if type(value) is int and 300 <= value <= 599), None)
        if status is not None and record.thread is not None:
            self.statuses[record.thread] = status
        return False


_ears = _Ears()


def _service(address: str) -> NotifyBase | None:
    """Return apprise's sender for an address; None where it knows none."""
    apprise = _library()
    asset = apprise.AppriseAsset(app_id="kwri-crawler", async_mode=False, storage_mode="memory")
    service = apprise.Apprise.instantiate(address, asset=asset)
    if service is not None and "cto=" not in address:
        service.socket_connect_timeout = WAIT_S
    if service is not None and "rto=" not in address:
        service.socket_read_timeout = WAIT_S
    return service if isinstance(service, apprise.NotifyBase) else None


def _notify(service: NotifyBase, title: str, text: str) -> bool:
    from apprise import conversion

    convert: Any = conversion.convert_between
    try:
        body = convert("text", service.resolve_format("text"), content=text)
        return bool(service.notify(title=title, body=body, body_format="text"))
    except Exception:  # a plug-in's own fault; its words may hold the address
        return False


def _library() -> Any:
    for name in _TALKERS:
        logging.getLogger(name).setLevel(logging.INFO if name == "apprise" else logging.CRITICAL)
    logging.getLogger("apprise").addFilter(_ears)  # once, however often it is added
    try:
        import apprise
    except ImportError as error:
        raise LibraryMissing("NOTIFY needs apprise: pip install 'kwri-crawler[desk]'") from error
    return apprise
