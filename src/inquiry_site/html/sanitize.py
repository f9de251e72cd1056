"""Which HTML an author may write: an allow-list, and what enforces it.

Authors are strangers whose files arrive by pull request. ``clean`` removes from their HTML whatever could run a
script, load a program, lead to anything but a web page or a mailbox, or imitate a part of the page around it.
``unsafe_parts`` names the same things in a single tag, so that a check can report them where they are written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

import nh3

SCHEMES = frozenset({"http", "https", "mailto"})
"""Schemes an address may have; an address without one belongs to the site."""

_GLOBAL = frozenset("aria-hidden aria-label class dir id lang role style title translate".split())
_TEXT = (
    "a abbr address aside b bdi bdo blockquote br caption center cite code col colgroup data dd del "
    "details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd "
    "label li mark ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td "
    "tfoot th thead time tr tt u ul var wbr"
).split()
_MEDIA = "audio video source track".split()
_MATHML = (
    "annotation math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts "
    "mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics"
).split()
_OF_SPACE = frozenset({"mo", "mpadded", "mspace", "mtable"})
_SVG = (
    "circle clipPath defs desc ellipse g line linearGradient path polygon polyline radialGradient rect stop svg text "
    "tspan"
).split()

ELEMENTS = frozenset((*_TEXT, *_MEDIA, *_MATHML, *_SVG))
"""Elements that pass. The others are left out, and with ``script`` and ``style`` what they contain."""

_OF_MATHML = (
    "accent accentunder align columnalign columnlines columnspacing depth display displaystyle encoding fence "
    "form frame height largeop linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize "
    "movablelimits notation rowalign rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset "
    "width xmlns"
).split()
_OF_SVG = (
    "clip-path cx cy d dx dy fill fill-opacity fill-rule font-family font-size font-weight gradientTransform "
    "gradientUnits height offset opacity points preserveAspectRatio r rx ry stop-color stop-opacity stroke "
    "stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor transform viewBox width x "
    "x1 x2 xmlns y y1 y2"
).split()
_OF_CELL = "abbr align colspan headers rowspan scope valign width".split()

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "*": _GLOBAL,
    **dict.fromkeys(_MATHML, frozenset(_OF_MATHML)),
    **dict.fromkeys(_SVG, frozenset(_OF_SVG)),
    **dict.fromkeys(("td", "th"), frozenset(_OF_CELL)),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6", "p"), frozenset({"align"})),
    **dict.fromkeys(("audio", "video"), frozenset("controls height loop muted poster preload src width".split())),
    **dict.fromkeys(("blockquote", "q"), frozenset({"cite"})),
    **dict.fromkeys(("del", "ins"), frozenset({"cite", "datetime"})),
    **dict.fromkeys(("col", "colgroup"), frozenset({"span"})),
    "a": frozenset("download href hreflang name rel target".split()),
    "data": frozenset({"value"}),
    "details": frozenset({"name", "open"}),
    "div": frozenset({"align", "data-tabs"}),
    "img": frozenset("align alt height loading src width".split()),
    "input": frozenset("checked disabled name type".split()),
    "label": frozenset({"for"}),
    "li": frozenset({"value"}),
    "ol": frozenset("reversed start type".split()),
    "source": frozenset({"src", "type"}),
    "span": frozenset({"data-linenos"}),
    "table": frozenset({"align", "border"}),
    "time": frozenset({"datetime"}),
    "track": frozenset("default kind label src srclang".split()),
}
"""Attributes that pass, by element; ``*`` for those of every element."""

STYLES = frozenset(
    "background-color color font-style font-weight text-align text-decoration vertical-align width".split()
)
"""Properties that a ``style`` may set: none of them moves an element out of its place."""

_ADDRESSES = frozenset("cite href poster src".split())
_NAMES = frozenset("for id name".split())
_RESERVED = re.compile(r"iq-|__(?!(?:tabbed|code|codelineno|span)[_-])")
"""How names begin by which our scripts and the theme's find their own elements."""
_RESERVED_CLASS = re.compile(
    r"iq-|md-(?!button(?:--primary)?$|icon$|tag$|typeset__)|mermaid$|tabbed-(?:button|control)$"
)
_CUT = (" style=", "iq-", "md-", "mermaid")
"""Where an attribute may lose a part of its value."""
_UNSAFE_ID = re.compile(r"[\s\"'<>\\]")
_SPACES = frozenset("depth height lspace rspace voffset width".split())
_SMALL = re.compile(r"[+-]?[0-2]?(?:\.\d+)?em|0")
_POSITIVE = re.compile(r"\d{1,3}(?:\.\d+)?(?:cm|em|ex|in|mm|pc|pt|px|%)?|0?\.\d+(?:em|ex)")
"""How far MathML may move or spread what it contains: padding by two letters at most, other spaces never backwards."""
_ROLES = re.compile(r"doc-[a-z]+|img|list|listitem|math|none|note|presentation")
_LONGEST = 4096
"""Characters of an attribute's value; no page needs a longer one."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20]+")
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)
TAG = re.compile(r"<(?P<name>[a-zA-Z][^\s/<>]*)(?P<attributes>(?:[^<>\"']+|\"[^\"]*\"|'[^']*')*+)>")
"""A tag that opens an element."""
_INPUT = re.compile(r'<input((?: [a-z]+="[^"]*")*)>')
_TOGGLE = re.compile(r' type="(?:checkbox|radio)"')


def clean(converted: str) -> str:
    """Return HTML without anything that is not on the allow-list, as browsers parse it: each element closed.

    Args:
        converted: HTML as Markdown produced it, with whatever HTML an author wrote into it.
    """
    cleaned = _CLEANER.clean(converted)
    return _INPUT.sub(_only_toggles, cleaned) if "<input" in cleaned else cleaned


def may_have_lost(converted: str, cleaned: str) -> bool:
    """Return whether cleaning may have taken something out: a quick comparison that errs on the side of yes."""
    if any(sign in converted for sign in _CUT):
        return True
    return any(converted.count(sign) != cleaned.count(sign) for sign in "<=")


def find_unsafe(converted: str) -> Iterator[str]:
    """Yield what ``clean`` takes out of HTML that Markdown produced, as ``unsafe_parts`` names it."""
    position = 0
    while position >= 0:
        start = converted.find("<!--", position)
        for tag in TAG.finditer(converted, position, start if start >= 0 else len(converted)):
            yield from unsafe_parts(tag["name"].lower(), attributes_of(tag["attributes"]))
        position = converted.find("-->", start) if start >= 0 else -1


def attributes_of(written: str) -> dict[str, str]:
    """Return the attributes of a tag by their names in lower case; of two with one name browsers read the first."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        value = next((match[kind] for kind in ("double", "single", "bare") if match[kind] is not None), "")
        found.setdefault(match["name"].lower(), value)
    return found


def scheme_of(address: str) -> str:
    """Return the scheme of an address as browsers read it, in lower case; empty for one relative to the page.

    Args:
        address: as written in HTML or Markdown, character references included.
    """
    found = _SCHEME.match(_IGNORED.sub("", html.unescape(address)))
    return found[1].lower() if found else ""


def is_safe_address(address: str) -> bool:
    """Return whether an address leads to a web page, a mailbox, or a place of the site itself."""
    return scheme_of(address) in {"", *SCHEMES}


def unsafe_parts(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """Yield what ``clean`` takes out of a tag: ``<script>``, ``onclick``, or an attribute with its value.

    Args:
        name: of the element, in lower case; empty where attributes are given to a piece of Markdown, whose element is
            not known: only what no element may have is named then.
        attributes: their values by their names in lower case.
    """
    if name and name not in _KNOWN:
        yield f"<{name}>"
        return
    if name == "input" and attributes.get("type", "").lower() not in {"checkbox", "radio"}:
        yield "<input>"
        return
    for attribute, value in attributes.items():
        is_allowed = attribute in _KNOWN[name] if name else not attribute.startswith("on")
        if not is_allowed:
            yield attribute
        elif _is_changed(name, attribute, html.unescape(value)):
            yield f'{attribute}="{value}"'


def _is_changed(element: str, attribute: str, value: str) -> bool:
    if attribute == "style":
        properties = [part.partition(":")[0].strip().lower() for part in value.split(";")]
        return any(name and name not in STYLES for name in properties)
    return _filtered(element, attribute, value) != value


def is_reserved(name: str) -> bool:
    """Return whether an id is one by which scripts of ours or of the theme find their elements."""
    return _RESERVED.match(name) is not None


def _filtered(element: str, attribute: str, value: str) -> str | None:
    """An attribute's value as far as it is harmless; None for an attribute that is left out."""
    if len(html.escape(value)) > _LONGEST or (attribute in _ADDRESSES and not is_safe_address(value)):
        return None
    if attribute in _NAMES:
        return None if _RESERVED.match(value) or _UNSAFE_ID.search(value) else value
    # Themes put titles into tooltips as HTML.
    if attribute in {"aria-label", "title"} and "<" in value:
        return None
    if attribute in _SPACES and element in _OF_SPACE:
        allowed = _SMALL if element == "mpadded" else _POSITIVE
        return value if allowed.fullmatch(value) else None
    if attribute == "class":
        kept = [token for token in value.split() if not _RESERVED_CLASS.match(token)]
        return value if len(kept) == len(value.split()) else " ".join(kept) or None
    if attribute == "target":
        return value if value == "_blank" else None
    if attribute == "role":
        return value if _ROLES.fullmatch(value) else None
    return value


def _only_toggles(tag: re.Match[str]) -> str:
    """A field to type into could ask for a password; a box to tick cannot."""
    return tag[0] if _TOGGLE.search(tag[1]) else ""


_KNOWN = {
    name.lower(): frozenset(attribute.lower() for attribute in ATTRIBUTES.get(name, frozenset()) | _GLOBAL)
    for name in ELEMENTS
}
_CLEANER = nh3.Cleaner(
    tags=set(ELEMENTS),
    clean_content_tags={"script", "style", "title", "noscript", "template", "iframe", "object"},
    attributes={name: set(allowed) for name, allowed in ATTRIBUTES.items()},
    attribute_filter=_filtered,
    filter_style_properties=set(STYLES),
    link_rel=None,
    url_schemes=set(SCHEMES),
)
