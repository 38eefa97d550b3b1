"""From which network somebody asks: a whole address is more than we need to keep."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request


def network(request: Request) -> str:
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ip_network((address, 24 if address.version == 4 else 56), strict=False))
