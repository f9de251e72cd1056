/* Comfort for readers: previews of what a sentence cites, and the sentence that a source led back to.
   Every page works without this file. */
(() => {
  "use strict";
  const CITATION = ".iq-prose a.iq-cite";
  const OTHER_PAGES = ["notes", "lines"].map((folder) => `.md-content__inner > :not(.iq) a[href*="${folder}/"]`);
  const TERM = "a.iq-term";
  const LINKS = [
    CITATION,
    TERM,
    ".iq-relations a",
    "#iq-related a",
    ".iq-brief a",
    ".iq-cut .iq-title a",
    ".iq-preview a:not(.iq-preview-open)",
    ".iq-map svg a",
    ...OTHER_PAGES,
  ].join();
  const DELAY = 300;
  const GRACE = 250;
  const own = document.currentScript.src;
  const root = new URL("../../", own);
  const pages = new Map();
  let open = [];
  let timer = 0;
  let closing = 0;
  let silent = null;
  let touched = null;

  const supported = "popover" in HTMLElement.prototype;

  /* The address of the page that a link may be previewed from; nothing for other links. */
  const pageOf = (link) => {
    const url = new URL(link.getAttribute("href"), link.baseURI);
    if (url.origin !== root.origin || !url.pathname.startsWith(root.pathname)) return null;
    const path = url.pathname.slice(root.pathname.length);
    if (link.matches(TERM)) return /^glossary(\/|\/index\.html|\.html)$/.test(path) ? url.href : null;
    if (!/^(notes|lines|sources)\/(?!index\.html$)[^/]+(\/|\/index\.html|\.html)?$/.test(path)) return null;
    url.hash = "";
    return url.pathname === location.pathname ? null : url.href;
  };

  const load = (url) => {
    const address = url.split("#")[0];
    if (!pages.has(address)) {
      const found = fetch(address)
        .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
        .then((text) => new DOMParser().parseFromString(text, "text/html"));
      found.catch(() => pages.delete(address));
      pages.set(address, found);
    }
    return pages.get(address);
  };

  /* A term of the glossary and its definitions; of other pages, what they offer. */
  const partsOf = (page, address) => {
    const { hash, pathname } = new URL(address);
    if (!hash || !pathname.slice(root.pathname.length).startsWith("glossary")) {
      const parts = [...page.querySelectorAll(".iq [data-iq-preview]")];
      parts.sort((one, other) => one.dataset.iqPreview - other.dataset.iqPreview);
      return [page.querySelector(".iq h1"), parts];
    }
    const title = page.getElementById(decodeURIComponent(hash.slice(1)));
    const parts = [];
    let next = title && title.nextElementSibling;
    while (next && (next.matches("dd") || (next.matches("dt") && !parts.length))) {
      if (next.matches("dd")) parts.push(next);
      next = next.nextElementSibling;
    }
    return [title, parts];
  };

  const meaningOf = (definition) => {
    const copy = document.createElement("div");
    copy.dataset.iqPreview = "";
    copy.append(...document.importNode(definition, true).childNodes);
    return copy;
  };

  const fill = (box, page, address) => {
    const [title, parts] = partsOf(page, address);
    if (!title || !parts.length) return false;
    const heading = document.createElement("p");
    heading.className = "iq-title";
    const link = document.createElement("a");
    link.className = "iq-preview-open";
    link.href = address;
    link.dir = "auto";
    link.textContent = title.textContent;
    heading.append(link);
    box.setAttribute("aria-label", title.textContent);
    box.append(heading);
    for (const part of parts) {
      const copy = part.matches("dd") ? meaningOf(part) : document.importNode(part, true);
      for (const element of [copy, ...copy.querySelectorAll("*")]) {
        element.removeAttribute("id");
        if (element.hasAttribute("href")) {
          element.setAttribute("href", new URL(element.getAttribute("href"), address).href);
        }
      }
      box.append(copy);
    }
    return true;
  };

  /* Where there is no pointer to leave a preview with, it ends in what opens the page and what closes the preview. */
  const offer = (box, page, address) => {
    const [opened, here] = [page, document].map((one) => one.querySelector("[data-iq-close]")?.dataset);
    const bar = document.createElement("span");
    bar.className = "iq-preview-bar";
    if (opened) {
      const link = document.createElement("a");
      link.className = "iq-preview-open";
      link.href = address;
      link.textContent = opened.iqOpen;
      bar.append(link);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", (opened || here)?.iqClose || "×");
    button.addEventListener("click", () => {
      touched = null;
      close(open.findIndex((one) => one.box === box), true);
    });
    bar.append(button);
    box.append(bar);
  };

  /* On small screens a preview lies along the lower edge, and the text moves up so that its sentence stays in view; at the
     end of a page, which cannot move, the preview lies along the upper edge. */
  const uncover = (box, link) => {
    if (link.closest(".iq-preview")) return;
    const covered = () => link.getBoundingClientRect().bottom + 16 - box.getBoundingClientRect().top;
    scrollBy({ top: Math.max(0, covered()), behavior: "instant" });
    if (covered() > 1) box.style.inset = "0 0 auto";
  };

  /* Beside the line of the link that was pointed at. */
  const place = (box, link, point) => {
    if (matchMedia("(max-width: 44em)").matches) return uncover(box, link);
    // The rings of a map grow with it, so their previews lie at the pointer.
    const isDrawn = point && link.closest("svg");
    const lines = isDrawn ? [new DOMRect(point.x, point.y - 8, 0, 16)] : [...link.getClientRects()];
    const line = lines.find((r) => point && point.y >= r.top - 2 && point.y <= r.bottom + 2) || lines[0];
    if (!line) return;
    const width = box.offsetWidth;
    const height = box.offsetHeight;
    const edge = 8;
    const left = Math.min(Math.max(edge, (point ? point.x - 40 : line.left)), innerWidth - width - edge);
    const below = line.bottom + 6;
    const top = below + height <= innerHeight - edge ? below : Math.max(edge, line.top - height - 6);
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${top + scrollY}px`;
  };

  const depthOf = (element) => open.findIndex((one) => one.box.contains(element));

  const close = (depth = 0, refocus = false) => {
    for (const one of open.splice(depth).reverse()) {
      const inside = one.box.contains(document.activeElement);
      one.link.removeAttribute("aria-describedby");
      one.box.remove();
      if (refocus && inside) {
        silent = one.link;
        one.link.focus();
      }
    }
  };

  const show = async (link, point) => {
    const address = pageOf(link);
    if (!supported || !address || open.some((one) => one.link === link)) return;
    if (beside && link.matches(CITATION)) return putBeside(link);
    const box = document.createElement("span");
    box.className = "iq-preview";
    box.setAttribute("role", "dialog");
    box.popover = "manual";
    let page;
    try {
      page = await load(address);
    } catch {
      return;
    }
    const wanted = link.isConnected && (link.matches(":hover, :focus") || link === touched);
    if (!wanted || open.some((one) => one.link === link) || !fill(box, page, address)) return;
    close(depthOf(link) + 1);
    box.id = `iq-preview-${open.length + 1}`;
    offer(box, page, address);
    // A drawing displays no HTML.
    (link.closest("svg") || link).after(box);
    box.showPopover();
    place(box, link, point);
    const claim = box.querySelector("[data-iq-preview]");
    claim.id = `${box.id}-claim`;
    link.setAttribute("aria-describedby", claim.id);
    open.push({ box, link });
  };

  const linkAt = (target) => (target instanceof Element ? target.closest(LINKS) : null);

  const soon = (link, point) => {
    clearTimeout(timer);
    clearTimeout(closing);
    timer = setTimeout(() => show(link, point), DELAY);
  };

  /* What the pointer or the focus is in stays, with everything that it was opened from. */
  const later = () => {
    clearTimeout(closing);
    closing = setTimeout(() => {
      const held = open.findLastIndex(
        ({ box, link }) =>
          box.matches(":hover") ||
          link.matches(":hover") ||
          box.contains(document.activeElement) ||
          link === document.activeElement ||
          link === touched,
      );
      close(held + 1);
    }, GRACE);
  };

  document.addEventListener("pointerover", (event) => {
    const link = linkAt(event.target);
    if (event.pointerType === "touch") return;
    if (link) soon(link, { x: event.clientX, y: event.clientY });
    else {
      clearTimeout(timer);
      if (open.length) later();
    }
  });

  document.addEventListener("focusin", (event) => {
    const link = linkAt(event.target);
    if (link && link !== silent && !touched && link.matches(":focus-visible")) soon(link);
    else if (open.length) later();
    silent = null;
  });

  /* The first tap on a citation shows what it cites, the second one goes there. */
  document.addEventListener(
    "click",
    (event) => {
      const link = linkAt(event.target);
      const byTouch = event.pointerType === "touch" && !event.target.closest(".iq-cut");
      if (byTouch && link && supported && pageOf(link) && !open.some((one) => one.link === link)) {
        event.preventDefault();
        touched = link;
        show(link);
      } else if (depthOf(event.target) < 0 && !link) {
        touched = null;
        close();
      }
    },
    true,
  );

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    clearTimeout(timer);
    touched = null;
    if (open.length) {
      event.stopPropagation();
      close(open.length - 1, true);
    }
  });

  /* The whole sentence that a source led back to, where the browser can mark a range. */
  const markSentence = () => {
    if (!window.CSS || !CSS.highlights || !window.Intl || !Intl.Segmenter) return;
    CSS.highlights.delete("iq-sentence");
    const place = location.hash.startsWith("#iq-c") && document.getElementById(location.hash.slice(1));
    const block = place && place.closest("p, li, td, dd, blockquote");
    if (!block) return;
    const before = document.createRange();
    before.setStart(block, 0);
    before.setEndBefore(place);
    const at = before.toString().length;
    const sentences = [...new Intl.Segmenter(document.documentElement.lang, { granularity: "sentence" }).segment(block.textContent)];
    const within = sentences.findLast((one) => one.index <= Math.max(at - 1, 0));
    if (!within) return;
    const end = Math.max(within.index + within.segment.trimEnd().length, at + place.textContent.length);
    const range = document.createRange();
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    let reached = 0;
    let begun = false;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const length = node.data.length;
      if (!begun && within.index < reached + length) {
        range.setStart(node, within.index - reached);
        begun = true;
      }
      if (end <= reached + length) {
        range.setEnd(node, end - reached);
        break;
      }
      reached += length;
    }
    CSS.highlights.set("iq-sentence", new Highlight(range));
  };

  /* On wide screens the same may stand beside the text, where the reader asked for it: what the sentence at hand cites,
     which is the one that was pointed at last, or the last one that has come up to the line of reading. */
  const BESIDE = `iq-beside:${root.pathname}`;
  const READING = 0.4;
  let beside = null;
  let shown = null;

  const remember = (wanted) => {
    try {
      if (wanted) localStorage.setItem(BESIDE, "yes");
      else localStorage.removeItem(BESIDE);
    } catch {
      /* Then it is asked for anew on each page. */
    }
  };
  const remembered = () => {
    try {
      return localStorage.getItem(BESIDE) === "yes";
    } catch {
      return false;
    }
  };

  const unmark = () => {
    for (const link of document.querySelectorAll(".iq-at-hand")) link.classList.remove("iq-at-hand");
  };

  const putBeside = async (link) => {
    if (link === shown) return;
    shown = link;
    const address = pageOf(link);
    const page = address && (await load(address).catch(() => null));
    if (!page || !beside || link !== shown) return;
    unmark();
    link.classList.add("iq-at-hand");
    beside.replaceChildren();
    fill(beside, page, address);
    beside.parentElement.setAttribute("aria-label", beside.getAttribute("aria-label"));
    beside.removeAttribute("aria-label");
    beside.parentElement.scrollTop = 0;
  };

  const follow = () => {
    if (!beside) return;
    const line = innerHeight * READING;
    const cited = [...document.querySelectorAll(CITATION)];
    const link = cited.findLast((one) => one.getBoundingClientRect().top <= line) || cited[0];
    if (link) putBeside(link);
  };

  const standBeside = (wanted) => {
    document.querySelector(".iq-beside")?.remove();
    beside = shown = null;
    unmark();
    if (wanted) {
      close();
      const aside = document.createElement("aside");
      aside.className = "iq-beside md-typeset";
      beside = document.createElement("div");
      beside.className = "iq";
      aside.append(beside);
      document.querySelector(".md-main__inner").append(aside);
      follow();
    }
    document.documentElement.classList.toggle("iq-has-beside", wanted);
    document.querySelector(".iq-switch").setAttribute("aria-pressed", String(wanted));
  };

  const offerBeside = () => {
    const button = document.querySelector(".iq-switch");
    if (!button || !document.querySelector(".md-main__inner") || !document.querySelector(CITATION)) return;
    const wide = matchMedia("(min-width: 76.25em)");
    const arrange = () => {
      button.hidden = !wide.matches;
      standBeside(wide.matches && remembered());
    };
    button.addEventListener("click", () => {
      remember(!beside);
      standBeside(!beside);
    });
    wide.addEventListener("change", arrange);
    addEventListener("scroll", () => requestAnimationFrame(follow), { passive: true });
    arrange();
  };

  /* Scripts that only some pages need are asked for there. */
  const NEEDED = { ".iq-filters": "filters.js", "[data-iq-map]": "map.js", "[data-iq-propose]": "propose.js" };

  const begin = () => {
    for (const [part, name] of Object.entries(NEEDED)) {
      if (!document.querySelector(part)) continue;
      const script = document.createElement("script");
      script.src = new URL(name, own).href;
      document.head.append(script);
    }
    for (const link of document.querySelectorAll("a[data-iq-form]")) link.href = link.dataset.iqForm;
    markSentence();
    offerBeside();
  };

  addEventListener("hashchange", markSentence);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
