/* The dialog of the search: draws what the worker finds and moves in it by the keys. Loaded when it is first opened. */
(() => {
  "use strict";
  const own = document.currentScript.src;
  const root = new URL("../../", own);
  const FIRST = { line: 4, note: 6, source: 3, page: 3 };
  const MORE = 20;
  const NAMES = { line: "lines", note: "notes", source: "sources", page: "search_pages" };
  const dialog = document.querySelector(".iq-search-dialog");
  const field = dialog.querySelector("input");
  const { worker } = dialog;
  let words = null;
  let shown = { ...FIRST };
  let asked = 0;
  let active = -1;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  const count = make("output", { "aria-live": "polite" });
  const list = make("div", { id: "iq-found", role: "listbox", "aria-label": field.getAttribute("aria-label") });
  const close = make("button", { type: "button", class: "iq-search-close", "aria-label": "×" }, "×");
  const filters = make("details", { class: "iq-search-filters", hidden: "" });
  field.after(close);
  dialog.append(filters, count, list);
  list.hidden = true;
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    field.setAttribute(name, value);
  }

  const language = document.documentElement.lang || "en";
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const counted = (forms, number) => {
    const category = new Intl.PluralRules(language).select(number);
    return filled(forms[category] || forms.other, { n: number.toLocaleString(language) });
  };

  /* --- asking ------------------------------------------------------------------------------------------------------ */

  const selects = () => [...filters.querySelectorAll("select")];

  const ask = () => {
    const chosen = selects().filter((select) => select.value);
    asked += 1;
    if (!words) worker.postMessage({ ask: "words" });
    worker.postMessage({
      ask: "query",
      id: asked,
      query: field.value,
      filters: Object.fromEntries(chosen.map((select) => [select.name, select.value])),
      shown,
    });
  };

  const keepInAddress = (query) => {
    const address = new URL(location.href);
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };

  const changed = () => {
    shown = { ...FIRST };
    keepInAddress(field.value.trim());
    ask();
  };

  /* --- drawing ----------------------------------------------------------------------------------------------------- */

  const withMarks = (tag, attributes, pieces) =>
    make(tag, { dir: "auto", ...attributes }, ...pieces.map((piece, at) => (at % 2 ? make("mark", {}, piece) : piece)));

  const option = (row) => {
    const title = withMarks("span", { class: "iq-search-title" }, row.title);
    const link = make("a", { href: new URL(row.url, root), role: "option", tabindex: "-1" }, title);
    if (row.badge) {
      const [kind, ...rest] = row.badge.split("_");
      const badge = `iq-${kind} iq-${kind}--${rest.join("_")}`;
      link.append(" ", make("span", { class: badge }, words[row.badge]));
    }
    if (row.text.join("")) link.append(withMarks("span", { class: "iq-search-text" }, row.text));
    return link;
  };

  const moreOf = (kind, left) => {
    const button = make("button", { type: "button", role: "option", tabindex: "-1" }, counted(words.more, left));
    button.addEventListener("click", () => {
      shown[kind] += MORE;
      ask();
      field.focus();
    });
    return button;
  };

  const groupOf = ({ kind, count: total, rows }) => {
    const name = words[NAMES[kind]];
    const heading = make("span", { class: "iq-search-kind", role: "presentation" }, `${name} · ${total.toLocaleString(language)}`);
    const group = make("div", { role: "group", "aria-label": name }, heading, ...rows.map(option));
    if (rows.length < total) group.append(moreOf(kind, total - rows.length));
    return group;
  };

  const options = () => [...list.querySelectorAll("[role=option]")];

  const choose = (at) => {
    const all = options();
    active = at;
    for (const [place, one] of all.entries()) {
      one.id = `iq-found-${place}`;
      one.setAttribute("aria-selected", String(place === active));
    }
    if (all[active]) {
      field.setAttribute("aria-activedescendant", all[active].id);
      all[active].scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  };

  /* --- the sentence that matched ------------------------------------------------------------------------------------ */

  const PASSAGES = 8;
  const PAUSE = 200;
  const BLOCKS = "p, li, td, dd, blockquote";
  const pages = new Map();
  let pausing = 0;

  const textsOf = (page) =>
    [...page.querySelectorAll(`.md-content__inner :is(${BLOCKS})`)]
      .filter((block) => !block.querySelector(BLOCKS) && !block.closest("nav, form, section[data-search-exclude]"))
      .map((block) => block.textContent.replace(/\s+/g, " ").trim());

  const load = (url) => {
    if (!pages.has(url)) {
      const found = fetch(new URL(url, root))
        .then((answer) => (answer.ok ? answer.text() : ""))
        .then((text) => textsOf(new DOMParser().parseFromString(text, "text/html")))
        .catch(() => []);
      pages.set(url, found);
    }
    return pages.get(url);
  };

  /* Of pages whose title and claim lack a word, the text is read once the reader pauses, so that the list is there at once. */
  const askForPassages = (groups) => {
    clearTimeout(pausing);
    const id = asked;
    // The page of a source holds its data, and what others wrote about it.
    const read = groups.filter(({ kind }) => kind !== "source").flatMap(({ rows }) => rows);
    pausing = setTimeout(() => {
      for (const { url, text } of read.filter(({ lacks }) => lacks).slice(0, PASSAGES)) {
        load(url).then((texts) => {
          if (id === asked) worker.postMessage({ ask: "passage", id, url, text: text.join(""), texts });
        });
      }
    }, PAUSE);
  };

  const drawPassage = ({ url, passage }) => {
    const link = options().find((one) => one.href === new URL(url, root).href);
    if (!link) return;
    link.querySelector(".iq-search-text")?.remove();
    link.append(withMarks("span", { class: "iq-search-text" }, passage));
  };

  const draw = ({ groups, total, slips }) => {
    const grown = Object.keys(FIRST).some((kind) => shown[kind] > FIRST[kind]);
    const isAsked = field.value.trim() || selects().some((select) => select.value);
    const instead = slips.map(({ word, instead: found }) =>
      filled(words.search_instead, { missing: `“${word}”`, found: found.map((one) => `“${one}”`).join(", ") }),
    );
    list.replaceChildren(...groups.filter((group) => group.count).map(groupOf));
    list.hidden = !total;
    field.setAttribute("aria-expanded", String(total > 0));
    const said = total ? counted(words.search_found, total) : words.search_none;
    count.textContent = isAsked ? [said, ...instead].join(" · ") : "";
    // Where “more” stood is now the first of them.
    choose(grown ? active : -1);
    if (!grown) list.scrollTop = 0;
    askForPassages(groups);
  };

  const drawFilters = (found, kinds) => {
    const kind = Object.entries(kinds).map(([name, number]) => [name, words[NAMES[name]], number]);
    const row = filters.querySelector("div");
    for (const [name, values] of Object.entries({ kind: kind.filter(([, , number]) => number), ...found })) {
      if (values.length < 2) continue;
      const select = make("select", { name }, make("option", { value: "" }, words.filter_any));
      for (const [value, label, number] of values) select.add(new Option(`${label} (${number})`, value));
      row.append(make("label", {}, words[`filter_${name}`], " ", select));
    }
  };

  const say = (found) => {
    words = found;
    field.placeholder = words.search_words;
    close.setAttribute("aria-label", words.search_close);
    filters.append(make("summary", {}, words.search_filters), make("div"));
    filters.hidden = false;
  };

  worker.onmessage = ({ data }) => {
    if (data.words) words || say(data.words);
    else if (data.filters) drawFilters(data.filters, data.kinds);
    else if (data.failed) count.textContent = words ? words.search_failed : data.failed;
    else if (data.id !== asked) return;
    else if (data.passage) drawPassage(data);
    else draw(data);
  };
  worker.onerror = (event) => {
    count.textContent = event.message;
  };

  /* --- what a reader does ------------------------------------------------------------------------------------------ */

  field.addEventListener("input", changed);
  filters.addEventListener("change", changed);
  filters.addEventListener("toggle", () => {
    if (!selects().length) worker.postMessage({ ask: "filters" });
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => keepInAddress(""));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  // A theme that takes over links shows the page without loading it: then nothing else would close the dialog.
  addEventListener("click", (event) => {
    if (event.defaultPrevented && event.target.closest?.("a[role=option]")) dialog.close();
  });

  field.addEventListener("keydown", (event) => {
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || !all.length) return;
    if (step) {
      event.preventDefault();
      // From no result, upwards leads to the last one.
      const places = all.length + 1;
      choose(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const one = all[Math.max(active, 0)];
      if (one.href && (event.ctrlKey || event.metaKey)) window.open(one.href);
      else one.click();
    }
  });

  dialog.addEventListener("iq-open", () => {
    if (field.value) changed();
  });
  worker.postMessage({ ask: "words" });
  if (field.value) changed();
})();
