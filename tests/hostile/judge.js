/* Lists what authors' text must not put into a page. */
() => {
  const found = [];
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  const addresses = /^(href|src|action|formaction|data|poster|xlink:href|ping|background|cite|longdesc|manifest|values|from|to|by|dynsrc|lowsrc|codebase|classid|profile|srcset|srcdoc)$/i;
  const safe = ["http:", "https:", "mailto:"];
  const content = document.querySelector("article") || document.body;
  for (const element of document.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (/^on/i.test(attribute.name)) say("event attribute", element);
      if (!addresses.test(attribute.name) || !content.contains(element)) continue;
      let scheme = "";
      try { scheme = new URL(attribute.value, document.baseURI).protocol; } catch { continue; }
      if (!safe.includes(scheme)) say("address", element);
    }
    if (/^(object|embed|iframe|frame|frameset|base|applet|portal|fencedframe|foreignobject|animate|set|use)$/i.test(element.localName)) {
      say("element", element);
    }
    if (!content.contains(element) || element.closest(".iq-filters, .iq-map, .iq-switch, .iq-preview > .iq-preview-bar > button, #iq-trail, .iq-propose > :is(form, noscript)")) continue;
    if (/^(script|style|link|meta|form|select|textarea|dialog|template|noscript|plaintext|xmp|title|button|marquee)$/i.test(element.localName)) {
      if (!element.classList.contains("md-clipboard") && !element.closest(".md-code__nav, .md-clipboard, .tabbed-control")) {
        say("element", element);
      }
    }
    if (element.localName === "input" && !["radio", "checkbox"].includes(element.type)) say("input", element);
    if (/^__(?!(tabbed|codelineno|span|code|annotation|clipboard|toc|nav))/.test(element.id)) say("id", element);
    const position = getComputedStyle(element).position;
    if (position === "fixed" && !element.closest(".iq-preview, .md-tooltip, .md-tooltip2, [popover]")) say("fixed", element);
  }
  const inside = new Set(content.querySelectorAll("[id]"));
  for (const id of ["__config", "__search", "__drawer", "iq-question"]) {
    const bearers = [...document.querySelectorAll(`[id="${id}"]`)];
    if (bearers.length > 1) say("id twice", bearers[0]);
    if (id.startsWith("__") && bearers.some((one) => inside.has(one))) say("id of the theme", bearers[0]);
  }
  if (document.querySelector("meta[http-equiv=refresh]")) found.push("refresh");
  if (typeof document.title !== "string" || !(document.currentScript === null)) found.push("clobbered");
  if (document.body.innerText.includes("1337")) found.push("a template ran");
  return { ran: window.ran || ["no window.ran"], found };
}
