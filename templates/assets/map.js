/* The map can be moved, brought closer and searched, and names its dots. Without this file it is a picture whose rings
   are links. */
(() => {
  "use strict";

  const begin = () => {
    const map = document.querySelector("[data-iq-map]");
    if (!map || map.dataset.ready) return;
    map.dataset.ready = "yes";
    const svg = map.querySelector("svg");
    const form = map.querySelector("form");
    const named = map.querySelector(".iq-map-named");
    const links = [...svg.querySelectorAll("a")];
    const whole = svg.getAttribute("viewBox").split(" ").map(Number);
    const marked = map.querySelector(".iq-map-marked");
    const results = map.querySelector(".iq-map-results");
    const address = new URL(map.dataset.iqMap, location.href);
    const LISTED = 12;
    const REACH = 1.6;
    let view = [...whole];
    let held = null;
    let notes = null;

    /* The dots with their names, asked for when somebody points at the map or searches it. */
    const load = () => {
      notes ??= fetch(address)
        .then((answer) => (answer.ok ? answer.json() : []))
        .catch(() => [])
        .then((named) => {
          const places = map.querySelector(".iq-map-notes").getAttribute("d").split("M").slice(1);
          return named.map(([title, href], place) => {
            const [x, y] = places[place].split(/[ h]/).map(Number);
            return { title, href, x, y, words: title.toLowerCase() };
          });
        });
      return notes;
    };
    let dots = [];
    const known = () => load().then((found) => (dots = found));

    const SVG = "http://www.w3.org/2000/svg";
    const drawn = (tag, attributes) => {
      const element = document.createElementNS(SVG, tag);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      return element;
    };

    /* From the second step on, rings are named as far as the names leave each other room; the largest rings come first. */
    const NAMED = 1.6;
    const LETTERS = 40;
    const titles = drawn("g", { class: "iq-map-titles", "aria-hidden": "true" });
    svg.append(titles);
    const rings = links
      .map((link) => {
        const { cx, cy, r } = link.querySelector("circle");
        const title = link.getAttribute("aria-label");
        const short = title.length > LETTERS ? `${title.slice(0, LETTERS).trimEnd()}…` : title;
        return { short, x: cx.baseVal.value, y: cy.baseVal.value, r: r.baseVal.value };
      })
      .sort((one, other) => other.r - one.r);
    const nameRings = () => {
      const size = (3.2 * view[2]) / whole[2];
      const placed = [];
      titles.replaceChildren();
      if (whole[2] / view[2] < NAMED) return;
      for (const { short, x, y, r } of rings) {
        const box = { x, y: y + r + size, half: (short.length * size) / 3.4 };
        if (placed.some((one) => Math.abs(one.x - x) < one.half + box.half && Math.abs(one.y - box.y) < 1.3 * size)) continue;
        placed.push(box);
        const text = drawn("text", { x, y: box.y });
        text.textContent = short;
        titles.append(text);
      }
    };

    const show = () => {
      svg.setAttribute("viewBox", view.map((number) => number.toFixed(2)).join(" "));
      svg.style.setProperty("--iq-map-scale", view[2] / whole[2]);
      nameRings();
    };

    /* Closer by a factor, about a point of the drawing that stays where it is. */
    const zoom = (factor, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) => {
      const width = factor ? Math.min(Math.max(view[2] / factor, whole[2] / 24), whole[2]) : whole[2];
      const scale = width / view[2];
      view = [x - (x - view[0]) * scale, y - (y - view[1]) * scale, width, view[3] * scale];
      if (width === whole[2]) view = [...whole];
      show();
    };

    const move = (dx, dy) => {
      view[0] += dx * view[2];
      view[1] += dy * view[3];
      show();
    };

    const at = (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      return [point.x, point.y];
    };

    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 300), ...at(event));
    }, { passive: false });

    svg.addEventListener("pointerdown", (event) => {
      if (event.button || (event.pointerType === "touch" && view[2] === whole[2])) return;
      held = { x: event.clientX, y: event.clientY, view: [...view], moved: false, id: event.pointerId };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!held) return;
      const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
      if (!held.moved && Math.hypot(dx, dy) < 5) return;
      if (!held.moved) svg.setPointerCapture(held.id);
      held.moved = true;
      const scale = view[2] / svg.clientWidth;
      view = [held.view[0] - dx * scale, held.view[1] - dy * scale, held.view[2], held.view[3]];
      show();
    });
    svg.addEventListener("click", (event) => {
      if (held && held.moved) event.preventDefault();
      held = null;
    }, true);
    svg.addEventListener("pointercancel", () => (held = null));
    svg.addEventListener("dragstart", (event) => event.preventDefault());

    svg.tabIndex = 0;
    svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
      if (step) move(...step);
      else if (event.key === "+" || event.key === "=") zoom(1.3);
      else if (event.key === "-") zoom(1 / 1.3);
      else if (event.key === "0" || event.key === "Escape") zoom(0);
      else return;
      event.preventDefault();
    });

    const nearest = (event) => {
      const [x, y] = at(event);
      let best = null;
      let least = REACH;
      for (const dot of dots) {
        const distance = Math.hypot(dot.x - x, dot.y - y);
        if (distance < least) [best, least] = [dot, distance];
      }
      return best;
    };

    /* The dot under the pointer becomes a link, which is previewed and opened like any other. */
    let pointed = null;
    const point = (dot) => {
      if (pointed?.dot === dot || (!pointed && !dot)) return;
      pointed?.link.remove();
      pointed = null;
      if (!dot) return;
      const link = drawn("a", { href: dot.href, class: "iq-map-dot", tabindex: "-1", "aria-label": dot.title });
      link.append(drawn("circle", { cx: dot.x, cy: dot.y, r: REACH }));
      svg.append(link);
      pointed = { dot, link };
    };

    const name = (event) => {
      const link = event.target.closest("a");
      // A finger means the ring: it is too broad for a dot.
      const dot = event.type === "pointermove" ? nearest(event) : null;
      named.textContent = dot ? dot.title : link ? link.getAttribute("aria-label") : "";
      if (event.type === "pointermove") mark(dot ? [dot] : found);
      if (event.type === "pointermove" && event.pointerType === "mouse" && !held?.moved) point(dot);
    };
    svg.addEventListener("pointerenter", known);
    svg.addEventListener("pointermove", name);
    svg.addEventListener("focusin", name);

    let found = [];
    const mark = (these) => marked.setAttribute("d", these.map((dot) => `M${dot.x} ${dot.y}h0`).join(""));

    /* A ring that the keyboard reaches is brought into view. */
    svg.addEventListener("focusin", (event) => {
      const circle = event.target.closest("a")?.querySelector("circle");
      if (!circle || view[2] === whole[2]) return;
      view = [circle.cx.baseVal.value - view[2] / 2, circle.cy.baseVal.value - view[3] / 2, view[2], view[3]];
      show();
    });

    const entry = (title, href) => {
      const link = document.createElement("a");
      link.href = href;
      link.dir = "auto";
      link.textContent = title;
      const item = document.createElement("li");
      item.append(link);
      return item;
    };

    const find = async () => {
      const terms = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
      if (terms.length) await known();
      const fits = (words) => terms.length > 0 && terms.every((term) => words.includes(term));
      const lines = links.filter((link) => {
        const fit = fits(link.getAttribute("aria-label").toLowerCase());
        link.classList.toggle("iq-found", fit);
        return fit;
      });
      found = dots.filter((dot) => fits(dot.words));
      mark(found);
      const shown = [
        ...lines.map((link) => [link.getAttribute("aria-label"), link.getAttribute("href")]),
        ...found.map((dot) => [dot.title, dot.href]),
      ].slice(0, LISTED);
      results.replaceChildren(...shown.map(([title, href]) => entry(title, href)));
      results.hidden = !shown.length;
      svg.classList.toggle("iq-searched", terms.length > 0);
      const count = lines.length + found.length;
      const output = form.querySelector("output");
      const some = output.dataset.shown.replace("{shown}", count).replace("{all}", links.length + dots.length);
      output.value = terms.length ? some : "";
    };
    form.addEventListener("input", find);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await find();
      results.querySelector("a")?.focus();
    });
    form.addEventListener("reset", () => {
      zoom(0);
      setTimeout(find);
    });
    form.elements.closer.addEventListener("click", () => zoom(1.4));
    form.elements.farther.addEventListener("click", () => zoom(1 / 1.4));
    form.hidden = false;
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
