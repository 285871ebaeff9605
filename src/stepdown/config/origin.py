"""Where a request comes from: its network address, and whether it was made on this machine."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

# A proxy has touched the request, so that its network address says nothing about the browser.
PROXY_HEADERS = frozenset(
    {
        "HTTP_FORWARDED",
        "HTTP_VIA",
        "HTTP_X_REAL_IP",
        "HTTP_X_CLIENT_IP",
        "HTTP_X_CLUSTER_CLIENT_IP",
        "HTTP_X_ORIGINAL_HOST",
        "HTTP_TRUE_CLIENT_IP",
        "HTTP_CF_CONNECTING_IP",
    }
)


def _loopback(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _host_of(request: HttpRequest) -> str:
    host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    return host.removeprefix("[").removesuffix("]")


def on_this_machine(request: HttpRequest) -> bool:
    """Whether the browser runs on the machine that serves the hub, as far as can be known.

    Three things must agree: the network address, the name in the address bar, and no sign of a
    proxy. Over a Unix socket there is no network address, so the answer is no.
    """
    if any(key in PROXY_HEADERS or key.startswith("HTTP_X_FORWARDED") for key in request.META):
        return False
    host = _host_of(request)
    return _loopback(request.META.get("REMOTE_ADDR", "")) and (
        host == "localhost" or _loopback(host)
    )


def address_of(request: HttpRequest) -> str | None:
    """The client's network address for counting attempts; None where it cannot be known.

    Of an IPv6 address it is the first 64 bits: one subscriber has all the others.

    Behind proxies (``STEPDOWN_PROXIES`` says how many), it is what the outermost of them saw. What
    a client itself writes into the header stands further left and is never read.
    """
    trusted: int = settings.STEPDOWN_PROXIES
    if trusted:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        text = hops[-trusted].strip() if len(hops) >= trusted else ""
    else:
        text = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((int(address), 64), strict=False).network_address)
    return str(address)
