/* Where a reader has been, kept in this browser and sent nowhere: what was read is marked, and home says where to go on. */
(() => {
  "use strict";
  const root = new URL("../../", document.currentScript.src);
  const KEY = `iq-trail:${root.pathname}`;
  const MOST = 500;
  const PAGE = /^(notes|lines)\/(?!index\.html$)[^/]+(\/|\/index\.html|\.html)$/;

  const read = () => {
    try {
      const trail = JSON.parse(localStorage.getItem(KEY) || "[]");
      return Array.isArray(trail) ? trail.filter((one) => one && typeof one.path === "string") : [];
    } catch {
      return [];
    }
  };
  const write = (trail) => {
    try {
      if (trail.length) localStorage.setItem(KEY, JSON.stringify(trail.slice(0, MOST)));
      else localStorage.removeItem(KEY);
    } catch {
      /* A browser that keeps nothing has no trail. */
    }
  };
  const pathOf = (address) => {
    const url = new URL(address, location.href);
    const inside = url.origin === root.origin && url.pathname.startsWith(root.pathname);
    const path = inside ? url.pathname.slice(root.pathname.length) : "";
    return PAGE.test(path) ? path : "";
  };

  const begin = () => {
    const here = document.querySelector(".iq");
    if (!here || here.dataset.trailed) return;
    here.dataset.trailed = "yes";
    const trail = read();
    const seen = new Set(trail.map((one) => one.path));

    for (const link of document.querySelectorAll(".iq-title a, .iq-map a")) {
      const path = pathOf(link.getAttribute("href"));
      if (path && seen.has(path)) link.classList.add("iq-read");
    }

    const path = pathOf(location.href);
    const title = here.querySelector("h1");
    if (path && title) {
      write([{ path, title: title.textContent }, ...trail.filter((one) => one.path !== path)]);
    }

    const list = document.querySelector("#iq-trail");
    if (!list || !trail.length) return;
    for (const one of trail.slice(0, 5)) {
      const link = document.createElement("a");
      link.href = new URL(one.path, root).href;
      link.dir = "auto";
      link.textContent = String(one.title);
      const entry = document.createElement("li");
      entry.append(link);
      list.querySelector("ul").append(entry);
    }
    list.hidden = false;
    list.querySelector("button").addEventListener("click", () => {
      write([]);
      list.hidden = true;
      for (const link of document.querySelectorAll(".iq-read")) link.classList.remove("iq-read");
    });
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
