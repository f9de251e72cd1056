/* Opens the search: by its link in the header, by “/”, or by an address with ?q=. What it needs beyond this is asked for
   then. Without this file the link leads to the lists. */
(() => {
  "use strict";
  const own = document.currentScript.src;
  if (!/^https?:/.test(location.protocol)) return;
  let dialog = null;

  const part = (name) => new URL(name, own).href;

  /* Text can be typed at once; what belongs around it follows. */
  const make = (name) => {
    dialog = document.createElement("dialog");
    dialog.className = "iq-search-dialog";
    dialog.setAttribute("aria-label", name);
    const field = document.createElement("input");
    field.autocomplete = "off";
    field.spellcheck = false;
    field.enterKeyHint = "search";
    field.setAttribute("aria-label", name);
    const bar = document.createElement("div");
    bar.className = "iq-search-bar";
    bar.append(field);
    dialog.append(bar);
    dialog.style.opacity = 0;
    // The theme has keys of its own, which lead away from the page.
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    document.body.append(dialog);
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = part("search.css");
    style.onload = style.onerror = () => dialog.style.removeProperty("opacity");
    const script = document.createElement("script");
    script.src = part("search-dialog.js");
    document.head.append(style, script);
    dialog.worker = new Worker(part("search-worker.js"));
  };

  const open = (query) => {
    const link = document.querySelector(".iq-search");
    if (!dialog?.isConnected) make(link ? link.textContent : "Search");
    if (dialog.open) return;
    const field = dialog.querySelector("input");
    if (query) field.value = query;
    dialog.showModal();
    field.focus();
    field.select();
    dialog.dispatchEvent(new Event("iq-open"));
  };

  document.addEventListener("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!plain || !(event.target instanceof Element) || !event.target.closest(".iq-search")) return;
    event.preventDefault();
    open();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const here = event.target instanceof HTMLElement ? event.target : document.body;
    if (here.isContentEditable || here.matches("input, textarea, select")) return;
    event.preventDefault();
    open();
  });

  const begin = () => {
    for (const link of document.querySelectorAll(".iq-search")) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-haspopup", "dialog");
    }
    const query = new URLSearchParams(location.search).get("q");
    if (query) open(query);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
