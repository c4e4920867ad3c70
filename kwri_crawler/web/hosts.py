"""Which hosts and IP addresses are the public internet; refuses all others in every notation that a resolver takes."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_-])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
# Names that only mean something inside a network (RFC 6761, 6762, 8375; the cloud's "metadata.google.internal").
_INSIDE = re.compile(r".*\.(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa)")

# Addresses that Python's own tables count as public, and that answer inside a network all the same.
_INSIDE_V4 = (
    ip_network("192.0.0.0/24"),  # IETF protocol assignments; Oracle's metadata service is 192.0.0.192
    ip_network("192.88.99.0/24"),  # 6to4 relays, withdrawn by RFC 7526
    ip_network("168.63.129.16/32"),  # Azure's host, from inside any of its machines
)
_GLOBAL_V6 = ip_network("2000::/3")  # all that IANA has given out
_NAT64 = ip_network("64:ff9b::/96")


def bare_host(host: str) -> str:
    """Return a host without the "www." that portals write and leave out at will; with its port if it has one."""
    return host.removeprefix("www.")


def is_of_domain(host: str, domain: str) -> bool:
    """Tell whether a host is a domain or below it: "m.example.com" is of "example.com"."""
    return host == domain or host.endswith(f".{domain}")


@lru_cache(maxsize=1024)  # a portal's addresses share one host
def plain_host(host: str) -> str:
    """Fold a host to lower-case ASCII without brackets, zone and last dot; "" when no resolver would take it."""
    host = host.strip("[]")
    if ":" in host:
        try:
            return str(IPv6Address(host.partition("%")[0]))
        except ValueError:
            return ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")  # also folds full-width digits and dots
        except UnicodeError:
            return ""
    host = host.lower().rstrip(".")
    return host if len(host) <= 253 and ".." not in host and _HOST.fullmatch(host) else ""


def is_public_host(host: str) -> bool:
    """Tell whether a printed host can be a public one; a name still has to be judged by its DNS answer."""
    host = plain_host(host)
    if ":" in host:
        return is_public_address(host)
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # a last label that is a number makes the whole an IPv4 address
        numeric = _read_ipv4(labels)
        return numeric is not None and is_public_address(str(numeric))
    return len(labels) > 1 and not _INSIDE.fullmatch(host)


def is_public_address(ip: str) -> bool:
    """Tell whether an IP address, as a DNS answer gives it, is on the public internet; False for what is no address."""
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public_address(str(inner))
        return address in _GLOBAL_V6 and address.is_global
    inside = address.is_multicast or address.is_reserved or any(address in network for network in _INSIDE_V4)
    return address.is_global and not inside


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine; a name is only if it is localhost."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _read_ipv4(labels: list[str]) -> IPv4Address | None:
    """Read decimal, octal, hexadecimal and short forms as inet_aton does: 2130706433, 0x7f.1, 0177.0.0.1."""
    if len(labels) > 4 or not all(_NUMBER.fullmatch(label) and len(label) <= 16 for label in labels):
        return None
    try:
        numbers = [_read_number(label) for label in labels]
    except ValueError:
        return None
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (5 - len(numbers)):
        return None
    value = last
    for place, number in enumerate(first):
        value += number << (8 * (3 - place))
    return IPv4Address(value)


def _read_number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") and len(label) > 1 else 10)
