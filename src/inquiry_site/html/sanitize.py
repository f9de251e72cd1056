"""Sanitise authors' HTML by an allow-list.

Authors are not trusted, because their files arrive by pull request. ``clean`` removes from their HTML whatever could
run a script, load a program, link to anything but a web page or a mailbox, or imitate parts of the surrounding page.
``unsafe_parts`` returns the same parts of a single tag, so that a check can report them where they are written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

import nh3

from inquiry_site.html.syntax import OPENING_TAG, attributes_of

SCHEMES = frozenset({"http", "https", "mailto"})
"""Allowed schemes of a URL; a URL without one belongs to the site."""

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
_SPACED_ELEMENTS = frozenset({"mo", "mpadded", "mspace", "mtable"})
_SVG = (
    "circle clipPath defs desc ellipse g line linearGradient path polygon polyline radialGradient rect stop svg text "
    "tspan"
).split()

ELEMENTS = frozenset((*_TEXT, *_MEDIA, *_MATHML, *_SVG))
"""Allowed elements. The tags of all others are removed, and the content of ``script``, ``style`` and the like."""

_MATHML_ATTRIBUTES = (
    "accent accentunder align columnalign columnlines columnspacing depth display displaystyle encoding fence "
    "form frame height largeop linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize "
    "movablelimits notation rowalign rowlines rowspacing rspace scriptlevel separator stretchy symmetric voffset "
    "width xmlns"
).split()
_SVG_ATTRIBUTES = (
    "clip-path cx cy d dx dy fill fill-opacity fill-rule font-family font-size font-weight gradientTransform "
    "gradientUnits height offset opacity points preserveAspectRatio r rx ry stop-color stop-opacity stroke "
    "stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor transform viewBox width x "
    "x1 x2 xmlns y y1 y2"
).split()
_CELL_ATTRIBUTES = "abbr align colspan headers rowspan scope valign width".split()

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "*": _GLOBAL,
    **dict.fromkeys(_MATHML, frozenset(_MATHML_ATTRIBUTES)),
    **dict.fromkeys(_SVG, frozenset(_SVG_ATTRIBUTES)),
    **dict.fromkeys(("td", "th"), frozenset(_CELL_ATTRIBUTES)),
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
"""Allowed attributes by element; ``*`` for those allowed on every element."""

STYLES = frozenset(
    "background-color color font-style font-weight text-align text-decoration vertical-align width".split()
)
"""CSS properties that a ``style`` may set. None of them moves an element from its position."""

_URL_ATTRIBUTES = frozenset("cite href poster src".split())
_ID_ATTRIBUTES = frozenset("for id name".split())
_RESERVED = re.compile(r"iq-|__(?!(?:tabbed|code|codelineno|span)[_-])")
"""Prefixes of ids and names by which our scripts and the theme's find their own elements."""
_RESERVED_CLASS = re.compile(
    r"iq-|md-(?!button(?:--primary)?$|icon$|tag$|typeset__)|mermaid$|tabbed-(?:button|control)$"
)
_PARTLY_REMOVED = (" style=", "iq-", "md-", "mermaid")
"""Strings that indicate an attribute whose value ``clean`` may remove only in part."""
_UNSAFE_ID = re.compile(r"[\s\"'<>\\]")
_SPACE_ATTRIBUTES = frozenset("depth height lspace rspace voffset width".split())
_SMALL_LENGTH = re.compile(r"[+-]?[0-2]?(?:\.\d+)?em|0")
_POSITIVE_LENGTH = re.compile(r"\d{1,3}(?:\.\d+)?(?:cm|em|ex|in|mm|pc|pt|px|%)?|0?\.\d+(?:em|ex)")
"""Limits on MathML spacing: padding of less than three em, and no other negative space."""
_ROLES = re.compile(r"doc-[a-z]+|img|list|listitem|math|none|note|presentation")
_LONGEST = 4096
"""The maximum length of an attribute's value, in characters; no page needs a longer one."""
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_IGNORED = re.compile(r"[\x00-\x20]+")
_INPUT = re.compile(r'<input((?: [a-z]+="[^"]*")*)>')
_TOGGLE = re.compile(r' type="(?P<kind>checkbox|radio)"')


def clean(converted: str) -> str:
    """Return HTML reduced to the allow-list, parsed as browsers do, with every element closed.

    Args:
        converted: the output of the Markdown converter, including any HTML that the author wrote.
    """
    cleaned = _CLEANER.clean(converted)
    return _INPUT.sub(_only_toggles, cleaned) if "<input" in cleaned else cleaned


def may_have_removed(converted: str, cleaned: str) -> bool:
    """Return whether ``clean`` may have removed something. Quick; may wrongly return True, but never False."""
    if any(sign in converted for sign in _PARTLY_REMOVED):
        return True
    return any(converted.count(sign) != cleaned.count(sign) for sign in "<=")


def find_unsafe(converted: str) -> Iterator[str]:
    """Yield the parts that ``clean`` removes from converted HTML, in the form of ``unsafe_parts``."""
    position = 0
    while position >= 0:
        start = converted.find("<!--", position)
        for tag in OPENING_TAG.finditer(converted, position, start if start >= 0 else len(converted)):
            yield from unsafe_parts(tag["name"].lower(), attributes_of(tag["attributes"]))
        position = converted.find("-->", start) if start >= 0 else -1


def scheme_of(address: str) -> str:
    """Return the scheme of a URL as browsers parse it, in lower case, or an empty string for a relative URL.

    Args:
        address: the URL as written in HTML or Markdown, including character references.
    """
    match = _SCHEME.match(_IGNORED.sub("", html.unescape(address)))
    return match[1].lower() if match else ""


def is_safe_url(address: str) -> bool:
    """Return whether a URL points to a web page, a mailbox, or the site itself."""
    return scheme_of(address) in {"", *SCHEMES}


def unsafe_parts(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    """Yield the parts of a tag that ``clean`` removes: ``<script>``, ``onclick``, or an attribute with its value.

    Args:
        name: the lower-case name of the element; empty for an attribute list in Markdown, whose element is unknown, so
            that only parts forbidden on every element are yielded.
        attributes: values by lower-case name.
    """
    if name and name not in _ALLOWED:
        yield f"<{name}>"
        return
    if name == "input" and attributes.get("type", "").lower() not in {"checkbox", "radio"}:
        yield "<input>"
        return
    for attribute, value in attributes.items():
        is_allowed = attribute in _ALLOWED[name] if name else not attribute.startswith("on")
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
    """Return whether an id is reserved for elements that our scripts or the theme's look up."""
    return _RESERVED.match(name) is not None


def _filtered(element: str, attribute: str, value: str) -> str | None:
    """Return the harmless part of an attribute's value, or None to remove the attribute."""
    if len(html.escape(value)) > _LONGEST or (attribute in _URL_ATTRIBUTES and not is_safe_url(value)):
        return None
    if attribute in _ID_ATTRIBUTES:
        return None if _RESERVED.match(value) or _UNSAFE_ID.search(value) else value
    # Themes insert titles into tooltips as HTML.
    if attribute in {"aria-label", "title"} and "<" in value:
        return None
    if attribute in _SPACE_ATTRIBUTES and element in _SPACED_ELEMENTS:
        allowed = _SMALL_LENGTH if element == "mpadded" else _POSITIVE_LENGTH
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
    """Remove input fields other than checkboxes and radio buttons, because a text field could ask for a password.

    Checkboxes are those of task lists, which readers cannot change.
    """
    kind = _TOGGLE.search(tag[1])
    if kind is None:
        return ""
    is_open = kind["kind"] == "checkbox" and ' disabled="' not in tag[1]
    return f'<input{tag[1]} disabled="">' if is_open else tag[0]


_ALLOWED = {
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
