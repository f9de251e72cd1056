"""Detect files beside notes that a browser would execute rather than display when a reader opens them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from xml.parsers import expat

from inquiry_site.html.sanitize import is_safe_url

INERT = frozenset(
    (
        "7z apng arrow avif bib bmp bz2 csv do doc docx epub feather fasta fastq flac geojson gif gz h5 heic ico "
        "ipynb jl jpeg jpg json jsonl jsonld log m m4a mat mov mp3 mp4 nc ndjson npy npz odp ods odt oga ogg ogv "
        "opus parquet pdf png ppt pptx ps py qmd r rda rds ris rmd rst rtf sas sav sql srt stan tar tex tgz tif "
        "tiff toml tsv ttl txt vtt wav webm webp xls xlsx xz yaml yml zip zst"
    ).split()
)
"""Types of files in which browsers execute nothing. SVG is accepted too if it contains only a drawing."""

LARGEST_DRAWING = 32 * 1024 * 1024
"""The maximum size of a drawing that is parsed, in bytes."""
_ACTIVE_ELEMENTS = frozenset("audio canvas embed foreignobject handler iframe listener object script video".split())
_XHTML = "http://www.w3.org/1999/xhtml"
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp)[;,]")
_SCRIPTED = re.compile(r"href$|on")
_ACTIVE = frozenset("cgi css htm html js mhtml mjs php pl shtml svg xhtml xml xsl".split())
"""File extensions by which a server may choose the content type even if another extension follows."""


class _ActiveError(Exception):
    """Raised by a handler at the first construct that a browser would execute."""


def find_active_content(path: str, read: Callable[[], bytes]) -> str:
    """Return why a browser could execute something in a file, or an empty string if it only displays or saves it.

    Args:
        path: the path of the file; its extension determines the content type with which a server sends it.
        read: a function that returns the file's bytes; called for SVG only.

    Raises:
        OSError: ``read`` fails.
    """
    extension = posixpath.splitext(path)[1].removeprefix(".").lower()
    if extension == "svg":
        content = read()
        return _find_in_svg(content) if len(content) <= LARGEST_DRAWING else "it is too large to be checked"
    if extension in INERT:
        inner = next((part for part in posixpath.basename(path).lower().split(".")[1:-1] if part in _ACTIVE), "")
        return f"“.{inner}” in its name is a type, too" if inner else ""
    return f"its type is “.{extension}”" if extension else "its name has no ending"


def _find_in_svg(content: bytes) -> str:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = _refuse_element
    parser.ProcessingInstructionHandler = _refuse_stylesheet
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(content, True)
    except _ActiveError as construct:
        return f"it holds {construct} in line {parser.CurrentLineNumber}"
    except (expat.ExpatError, LookupError, ValueError) as error:
        return f"it cannot be parsed as XML ({error})"
    return ""


def _refuse_element(name: str, attributes: dict[str, str]) -> None:
    namespace, _, local = name.rpartition(" ")
    if local.lower() in _ACTIVE_ELEMENTS or namespace == _XHTML:
        raise _ActiveError(f"<{local}>")
    for qualified_name, value in attributes.items():
        attribute = qualified_name.rpartition(" ")[2].lower()
        if attribute.startswith("on"):
            raise _ActiveError(attribute)
        if attribute in {"href", "src"} and not is_safe_url(value) and not _PICTURE.match(value):
            raise _ActiveError(f'{attribute}="{value[:60]}"')
        if attribute == "attributename" and _SCRIPTED.match(value.strip().lower().rpartition(":")[2]):
            raise _ActiveError(f"<{local}> of {value[:60]}")


def _refuse_stylesheet(target: str, data: str) -> None:
    raise _ActiveError(f"<?{target}?>")


def _refuse_entity(name: str, *_: object) -> None:
    raise _ActiveError(f"the entity {name}")
