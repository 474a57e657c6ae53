"""Web addresses: which may be linked, what is wrong with the others, and which are the same.

A story keeps its address character for character; identity is the exact text (`url_key`), near
matches (`match_key`) are only suggested. Nothing here ever opens a connection.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import idna
import tldextract
from w3lib.url import canonicalize_url

MAX_LENGTH = 4_096
"""The longest address that raises no doubt; browsers and caches cut or refuse longer ones."""

# Schemes that run a program in the reader's browser or open a local file.
_DANGEROUS = frozenset(
    {
        *("about", "blob", "data", "feed", "file", "filesystem", "intent", "jar", "javascript"),
        *("livescript", "mhtml", "mocha", "ms-appx", "res", "resource", "vbscript"),
        *("view-source", "wyciwyg", "x-javascript"),
    }
)
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
# What browsers drop before they look for the scheme.
_DROPPED = re.compile("[\x00-\x20\x7f-\xa0\u200b\u2028\u2029\ufeff]")
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_COMMON = re.compile(
    r"https?://([a-z0-9.-]+)(?:/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*)?"
    r"(?:\?[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*)?(?:#[A-Za-z0-9/._~!$&'()*+,;=:@%?-]*)?"
)
_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE | re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")

_PRIVATE_SUFFIXES = (
    *(".localhost", ".local", ".localdomain", ".internal", ".intranet", ".corp", ".lan"),
    ".home.arpa",
)

# Scripts that are written together; any other mixture in one label imitates something.
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
# Letters of other scripts that look like Latin ones: a label of nothing else imitates Latin.
_LOOK_ALIKES = frozenset("аеорсухіјѕһԁԛԝӏѵαορνυικχօոսհցզɑɡᴀᴄᴏ")

# Browsers take them for the dot between two labels; everybody else sees one long name.
_DOTS = "\u3002\uff0e\uff61"

_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def url_problem(url: str) -> str | None:
    """Return the issue code of an address that may not be linked, or `None` for a good one.

    The codes: `url.unsafe` (a program or local file), `url.invalid` (no absolute http(s) address),
    `url.credentials`, `url.confusable`, `url.private_host`, `url.long`.
    """
    common = _COMMON.fullmatch(url)
    if common is not None and len(url) <= MAX_LENGTH:
        return _host_problem(common[1])
    return _careful_problem(url)


def _careful_problem(url: str) -> str | None:
    scheme = _SCHEME.match(_DROPPED.sub("", url[:200]))
    if scheme is not None and scheme[1].lower() in _DANGEROUS:
        return "url.unsafe"
    text = url.strip(" ")
    parts = _PARTS.fullmatch(text)
    if parts is None or _FORBIDDEN.search(text) or "\\" in parts[2] + parts[3]:
        return "url.invalid"
    if "@" in parts[2]:
        return "url.credentials"
    host = _host_of(parts[2])
    if host is None:
        return "url.invalid"
    return _host_problem(host) or ("url.long" if len(url) > MAX_LENGTH else None)


def _host_of(authority: str) -> str | None:
    host, colon, port = authority, "", ""
    if not authority.endswith("]"):
        head, colon, port = authority.rpartition(":")
        host = head if colon else authority
    if colon and port and not _is_port(port):
        return None
    return host or None


def _is_port(port: str) -> bool:
    # Python refuses to read thousands of digits as a number.
    digits = port.lstrip("0")
    return port.isascii() and port.isdigit() and 0 < len(digits) < 6 and int(digits) < 65536


@lru_cache(maxsize=16_384)
def _host_problem(host: str) -> str | None:
    if host.startswith("["):
        return _address_problem(host)
    if not host.isascii() and _imitates(host):
        return "url.confusable"
    name = ascii_host(host)
    if name is None:
        return "url.invalid"
    if _hides_imitation(name):
        return "url.confusable"
    if is_private_host(name):
        return "url.private_host"
    return None


def _address_problem(host: str) -> str | None:
    try:
        ipaddress.IPv6Address(host.strip("[]"))
    except ValueError:
        return "url.invalid"
    return "url.private_host" if is_private_host(host) else None


def ascii_host(host: str) -> str | None:
    """Return a host name in plain lower-case ASCII (`xn--...`), or `None` if it cannot be one."""
    name = host.lower().removesuffix(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    labels = name.split(".")
    good = len(name) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    # To a browser a name that ends in a number is an IPv4 address, or nothing.
    is_number = _IPV4_NUMBER.fullmatch(labels[-1]) is not None and _ip_address(name) is None
    return name if good and not is_number else None


def _hides_imitation(name: str) -> bool:
    return "xn--" in name and _imitates(".".join(map(_decoded, name.split("."))))


def _decoded(label: str) -> str:
    try:
        return str(idna.decode(label)) if label.startswith("xn--") else label
    except (idna.IDNAError, UnicodeError):
        return label


def _imitates(host: str) -> bool:
    """Whether a name mixes scripts, or uses forms and letters that only look like others."""
    name = host.lower()
    if any(unicodedata.category(c) == "Cf" or c in _DOTS for c in name):
        return True
    if unicodedata.normalize("NFKC", name) != unicodedata.normalize("NFC", name):
        return True
    # Under .рф or .ελ a name in that script imitates nobody.
    latin_zone = name.removesuffix(".").rpartition(".")[2].isascii()
    return any(_label_imitates(label, latin_zone=latin_zone) for label in name.split("."))


def _label_imitates(label: str, *, latin_zone: bool) -> bool:
    letters = [c for c in label if c.isalpha()]
    foreign = [c for c in letters if not c.isascii()]
    if latin_zone and foreign and all(c in _LOOK_ALIKES for c in foreign):
        return True
    scripts = {unicodedata.name(c, "UNKNOWN").split()[0] for c in letters}
    return len(scripts) > 1 and not any(scripts <= group for group in _TOGETHER)


def is_private_host(host: str) -> bool:
    """Say whether a host is a machine of the reader's or of ours, in any spelling of it.

    Knows names (`localhost`, `*.internal`, names without a dot), IPv6, IPv4-in-IPv6 and every
    odd IPv4 form that browsers take (`127.1`, `2130706433`, `0x7f.1`). Looks nothing up.
    """
    name = host.lower().strip("[]").removesuffix(".")
    address = _ip_address(name)
    if address is not None:
        return not address.is_global or address.is_multicast
    return "." not in name or f".{name}".endswith(_PRIVATE_SUFFIXES)


def _ip_address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    if ":" in name:
        try:
            six = ipaddress.IPv6Address(name)
        except ValueError:
            return None
        return six.ipv4_mapped or six.sixtofour or _translated(six) or six
    parts = name.split(".")
    if len(parts) > 4 or not all(_IPV4_NUMBER.fullmatch(part) for part in parts):
        return None
    return _odd_ipv4([_ipv4_number(part) for part in parts])


def _translated(six: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address behind one that a network translates (NAT64), or that only extends it."""
    is_inside = six in _NAT64 or 1 < int(six) < 2**32
    return ipaddress.IPv4Address(int(six) & 0xFFFFFFFF) if is_inside else None


def _ipv4_number(part: str) -> int:
    if len(part) > 40:
        return 2**32
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    if part.startswith("0") and set(part) <= set("01234567"):
        return int(part, 8)
    return int(part)


def _odd_ipv4(numbers: list[int]) -> ipaddress.IPv4Address | None:
    *firsts, last = numbers
    if any(n > 255 for n in firsts) or last >= 256 ** (5 - len(numbers)):
        return None
    value = last + sum(n << (24 - 8 * place) for place, n in enumerate(firsts))
    return ipaddress.IPv4Address(value)


def safe_href(url: str | None) -> str | None:
    """Return what may stand in an `href`: percent-encoded, host in ASCII; else `None`.

    Only absolute http(s) addresses without credentials, look-alike letters or private hosts.
    """
    if not url or url_problem(url) not in {None, "url.long"}:
        return None
    parts = _PARTS.fullmatch(url.strip(" "))
    if parts is None:
        return None
    scheme, authority, path, query, fragment = parts.groups(default="")
    host = _ascii_authority(authority)
    if host is None:
        return None
    rest = _encoded(path, "/:@!$&'()*+,;=~") + _encoded(query) + _encoded(fragment)
    return f"{scheme.lower()}://{host}{rest}"


def picture_href(url: str | None) -> str:
    """Return the address from which a browser may load a picture: safe and https, else empty."""
    href = safe_href(url) or ""
    return href if href.startswith("https:") else ""


def _ascii_authority(authority: str) -> str | None:
    if authority.isascii():
        return authority
    host, colon, port = authority.partition(":")
    name = ascii_host(host)
    return None if name is None else name + colon + port


def _encoded(text: str, safe: str = "/:@!$&'()*+,;=~?#[]") -> str:
    whole = _PERCENT.sub("%25", text)
    marks = safe + "%"
    if text[:1] == "#":
        return "#" + quote(whole[1:], safe=marks.replace("#", ""))
    return quote(whole, safe=marks)


def url_key(url: str) -> str:
    """Return the stored identity of an address: 32 hex digits of its exact text."""
    return hashlib.blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# Parameters that say how a reader came, never what is read.
_TRACKING = re.compile(
    r"utm_\w+|(?:fb|g|dc|y|ms|tw|igsh|wbra|gbra|tt)clid|igshid|gclsrc|mc_[ce]id|_hs(?:enc|mi)|"
    r"mkt_tok|cmp(?:id)?|ocid|ref(?:_src|_url)?|smid|smtyp|spm|ns_\w+|sr_share|"
    r"guce\w*|guccounter|at_\w+|feature|amp|outputtype|_amp|__twitter_impression",
    re.IGNORECASE,
)
_AMP_CACHE = re.compile(
    r"https?://(?:[^/]+\.cdn\.ampproject\.org/(?:c|v|a)|(?:www\.)?google\.[a-z.]+/amp)/(s/)?(.+)",
    re.IGNORECASE,
)
_HOST_PREFIX = re.compile(r"(?:www\d?|amp|m|mobile)\.(?=[^.]+\.)")
_AMP_PATH = re.compile(
    r"(?:^/amp(?=/))|(?:/amp/?$)|(?:[./]amp(?=\.html?$))|(?:/google-amp(?=/))", re.I
)
_INDEX_PAGE = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


@lru_cache(maxsize=4_096)
def match_key(url: str) -> str:
    """Return what near-equal addresses of one article share; `""` if it cannot be linked.

    Scheme, `www.`, letter case of the host, tracking parameters, fragment, closing slash and AMP
    forms (pages and caches) do not count. For suggestions only, never for identity.
    """
    href = safe_href(url)
    if href is None:
        return ""
    cached = _AMP_CACHE.fullmatch(href)
    # What stands behind the cache's name need not be an address.
    page = safe_href(f"https://{cached[2]}") if cached else None
    parts = urlsplit(_canonical(page or href))
    host = _HOST_PREFIX.sub("", (parts.hostname or "").removesuffix("."), count=1)
    path = _INDEX_PAGE.sub("", _AMP_PATH.sub("", parts.path)).rstrip("/")
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name)
    ]
    return host + path + ("?" + urlencode(sorted(kept)) if kept else "")


def _canonical(href: str) -> str:
    try:
        return str(canonicalize_url(href))
    except ValueError:
        # A port of thousands of noughts and a number: browsers take it, Python does not read it.
        return href


@lru_cache(maxsize=16_384)
def registrable_domain(host: str) -> str:
    """Return the domain one registers (`theregister.co.uk`), the host itself where none is known.

    Uses the list of public suffixes that comes with the library; never fetches one. What the list
    does not know ends in one label, as the list's own rule says.
    """
    name = ascii_host(host) or host.lower()
    parts = _extract(name)
    if parts.suffix or _ip_address(name):
        return str(parts.top_domain_under_public_suffix) or name
    return ".".join(name.split(".")[-2:])


_IFRAME = re.compile(r"\s*<iframe((?:\s+[a-z]+(?:=\"[^\"<>]*\")?)*)\s*>\s*</iframe>\s*")
_ATTRIBUTE = re.compile(r"([a-z]+)(?:=\"([^\"<>]*)\")?")
_PLAYER = re.compile(
    r"https://www\.youtube(?:-nocookie)?\.com/embed/([A-Za-z0-9_-]{11})"
    r"(?:\?(?:start|end|rel|si|feature|controls|modestbranding)=[A-Za-z0-9_.-]*"
    r"(?:&(?:amp;)?(?:start|end|rel|si|feature|controls|modestbranding)=[A-Za-z0-9_.-]*)*)?"
)
_SIZE = re.compile(r"[0-9]{1,5}%?")
_WORDS = re.compile(r"[A-Za-z0-9 ;,.'*-]*")
_HARMLESS = {
    "width": _SIZE,
    "height": _SIZE,
    "frameborder": _SIZE,
    "allow": _WORDS,
    "allowfullscreen": _WORDS,
    "loading": _WORDS,
    "referrerpolicy": _WORDS,
    "title": re.compile(r"[^<>\"]*"),
    "src": _PLAYER,
}


def youtube_id(html: str) -> str | None:
    """Return the video id of exactly one YouTube player and nothing else, otherwise `None`.

    Every attribute has to be one that a player needs; anything more is somebody's program.
    """
    frame = _IFRAME.fullmatch(html)
    if frame is None:
        return None
    attributes = _ATTRIBUTE.findall(frame[1])
    names = [name for name, _ in attributes]
    if len(set(names)) != len(names):
        return None
    if not all(n in _HARMLESS and _HARMLESS[n].fullmatch(v) for n, v in attributes):
        return None
    player = _PLAYER.fullmatch(dict(attributes).get("src", ""))
    return player[1] if player else None
