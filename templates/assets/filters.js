/* Filters over the lists of an index: by words and by what each entry says of itself. Without this file the lists are whole. */
(() => {
  "use strict";

  const begin = () => {
    const form = document.querySelector(".iq-filters");
    const entries = [...document.querySelectorAll("[data-iq-filtered] > li")];
    if (!form || form.dataset.ready || entries.length < 2) return;
    form.dataset.ready = "yes";
    const words = new Map(entries.map((entry) => [entry, entry.textContent.toLowerCase()]));
    const valuesOf = (entry, name) => (entry.dataset[name] || "").split("|").filter(Boolean);
    const selects = [...form.querySelectorAll("select")];

    for (const select of selects) {
      const counts = new Map();
      for (const entry of entries) {
        for (const value of valuesOf(entry, select.name)) counts.set(value, (counts.get(value) || 0) + 1);
      }
      const order = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
      const found = [...counts.keys()].sort(order);
      if (select.name === "year") found.reverse();
      for (const value of found) select.add(new Option(`${value} (${counts.get(value)})`, value));
      select.closest("label").hidden = found.length < 2;
    }

    const apply = () => {
      const wanted = new FormData(form);
      const terms = String(wanted.get("words")).toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const entry of entries) {
        const fits =
          terms.every((term) => words.get(entry).includes(term)) &&
          selects.every((select) => !select.value || valuesOf(entry, select.name).includes(select.value));
        entry.hidden = !fits;
        shown += fits;
      }
      for (const section of document.querySelectorAll(".iq-index section")) {
        const listed = section.querySelectorAll("[data-iq-filtered] > li");
        section.hidden = listed.length > 0 && [...listed].every((entry) => entry.hidden);
      }
      const isFiltered = [...wanted.values()].some(Boolean);
      const count = form.querySelector("output");
      const some = count.dataset.shown.replace("{shown}", shown).replace("{all}", entries.length);
      count.value = shown ? some : count.dataset.none;
      form.querySelector("[type=reset]").hidden = !isFiltered;
      const address = new URL(location.href);
      for (const [name, value] of wanted) {
        if (value) address.searchParams.set(name, value);
        else address.searchParams.delete(name);
      }
      history.replaceState(history.state, "", address);
    };

    for (const [name, value] of new URLSearchParams(location.search)) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
    const more = form.querySelector(".iq-filters-more");
    const unfold = (isOpen) => {
      more.setAttribute("aria-expanded", String(isOpen));
      form.classList.toggle("iq-filters--open", isOpen);
    };
    more.addEventListener("click", () => unfold(more.getAttribute("aria-expanded") !== "true"));
    if (selects.some((select) => select.value)) unfold(true);
    for (const list of document.querySelectorAll("[data-iq-filtered]")) list.classList.add("iq-cut");
    form.hidden = false;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(apply));
    apply();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
