/* The form for proposals: it writes the text of a file, and opens the code host's editor with it. It sends nothing. */
(() => {
  "use strict";

  /* --- the file: pure functions, which the tests call --------------------------------------------------------------- */

  const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
  /* JSON is YAML, except for characters that YAML reads as line breaks or refuses. */
  const UNSAFE = /[\u007F-\u009F\u2028\u2029\uFEFF\uFDD0-\uFDEF\uFFFE\uFFFF]/g;
  const escaped = (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const quoted = (text) => JSON.stringify(text.trim().replace(LONE, "\uFFFD")).replace(UNSAFE, escaped);
  const listed = (texts) => `[${texts.map(quoted).join(", ")}]`;
  const rowsOf = (text) => text.split("\n").map((row) => row.trim()).filter(Boolean);
  const bodyOf = (text) => (text.trim() ? `\n${text.replace(LONE, "\uFFFD").trim()}\n` : "");

  const FORMS = [
    ["doi", /^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:)?(10\.\d{4,}\/\S+)$/i],
    ["arxiv", /^(?:https?:\/\/arxiv\.org\/(?:abs|pdf)\/|arxiv:)?(\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[a-z]{2})?\/\d{7}(?:v\d+)?)(?:\.pdf)?$/i],
    ["isbn", /^(?:isbn:?)?((?:97[89]-?)?(?:\d-?){9}[\dX])$/i],
    ["url", /^(https?:\/\/[^\s/]+\.\S+)$/i],
  ];
  /* What identifies a source, by the keys of the format; null if something is none of them. */
  const identityOf = (text) => {
    const found = {};
    for (const part of text.trim().split(/[\s,;]+/)) {
      if (/^(?:doi|arxiv|isbn):?$/i.test(part)) continue;
      const form = FORMS.find(([, pattern]) => pattern.test(part));
      if (!form) return null;
      found[form[0]] ??= part.match(form[1])[1];
    }
    return Object.keys(found).length ? found : null;
  };

  const sourceOf = (source, day) => [
    `  - title: ${quoted(source.title)}`,
    `    authors: ${listed(rowsOf(source.authors))}`,
    `    year: ${Number(source.year)}`,
    ...Object.entries(identityOf(source.identity) || {}).map(([key, value]) => `    ${key}: ${quoted(value)}`),
    ...(source.extent ? [`    checked: {on: ${day}, as: ${source.extent}}`] : []),
    ...(source.quotes?.length ? ["    quotes:"] : []),
    ...(source.quotes || []).flatMap(({ text, locator }) => [
      `      - text: ${quoted(text)}`,
      ...(locator.trim() ? [`        locator: ${quoted(locator)}`] : []),
    ]),
  ];

  const noteOf = (fields, day) => {
    const scope = [["holds", rowsOf(fields.holds)], ["not_shown", rowsOf(fields.not_shown)]].filter(([, rows]) => rows.length);
    const tags = fields.tags.map(({ tag }) => tag);
    return [
      "---",
      `title: ${quoted(fields.title)}`,
      `description: ${quoted(fields.description)}`,
      `date: ${day}`,
      ...(tags.length ? [`tags: ${listed(tags)}`] : []),
      "sources:",
      ...fields.sources.flatMap((source) => sourceOf(source, day)),
      ...(scope.length ? ["scope:", ...scope.map(([key, rows]) => `  ${key}: ${listed(rows)}`)] : []),
      ...(fields.relations.length ? ["relations:"] : []),
      ...fields.relations.flatMap(({ type, to, because }) => [
        `  - type: ${quoted(type)}`,
        `    to: ${quoted(to)}`,
        `    because: ${quoted(because)}`,
      ]),
      "---",
      bodyOf(fields.body),
    ].join("\n");
  };

  /* The whole file of a line, whose other keys the page knows. */
  const answerOf = (fields, record, day) => {
    const keys = { ...record, answer: fields.answer, verdict: fields.verdict };
    const written = Object.entries(keys).map(([key, value]) => {
      if (key === "date" || value === true) return `${key}: ${value}`;
      return `${key}: ${Array.isArray(value) ? listed(value) : quoted(value)}`;
    });
    return ["---", ...written, `reviewed: ${day}`, "---", bodyOf(fields.body)].join("\n");
  };

  const RESERVED = ["index", "readme"];
  const isId = (id) => /^[\p{L}\p{M}\p{N}-]+$/u.test(id) && id === id.toLowerCase() && !RESERVED.includes(id);
  const LONGEST_ID = 60;
  const idOf = (question, taken) => {
    const words = question.normalize("NFKC").toLowerCase().normalize("NFC").match(/[\p{L}\p{M}\p{N}]+/gu) || [];
    let id = "";
    for (const word of words) {
      const longer = id ? `${id}-${word}` : [...word].slice(0, LONGEST_ID).join("");
      if ([...longer].length > LONGEST_ID) break;
      id = longer;
    }
    const base = isId(id) ? id : "note";
    let unique = base;
    for (let number = 2; taken(unique); number++) unique = `${base}-${number}`;
    return unique;
  };

  const filled = (form, values) =>
    form.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const pathIn = (path) => path.split("/").map(encodeURIComponent).join("/");
  const RUNS = /[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF]|[^\s\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF]+/g;
  /* In scripts without spaces, each character counts as a word. */
  const wordsOf = (text) => (text.match(RUNS) || []).filter((run) => /[\p{L}\p{N}]/u.test(run));
  const same = (text) => text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join(" ") || "";

  globalThis.inquiryProposal = Object.freeze({ noteOf, answerOf, idOf, isId, identityOf });

  /* --- the form ----------------------------------------------------------------------------------------------------- */

  const own = document.currentScript.src;
  const root = new URL("../../", own);

  const begin = () => {
    const form = document.querySelector("[data-iq-propose]");
    if (!form || form.dataset.ready) return;
    form.dataset.ready = "yes";
    const says = form.dataset;
    const told = form.querySelector(".iq-told");
    const preview = form.querySelector(".iq-proposal");
    const asked = form.querySelector(".iq-asked");
    const submit = form.querySelector("[type=submit]");
    const today = () => new Date().toLocaleDateString("sv");
    const address = new URLSearchParams(location.search);
    const kinds = [...form.querySelectorAll("[name=kind]")];
    const kind = () => form.querySelector("[name=kind]:checked").value;
    const part = () => form.querySelector(`[data-iq-kind=${kind()}]`);
    const make = (name, text, values = {}) => Object.assign(document.createElement(name), { textContent: text, ...values });

    /* Fields and rows, as values and back. */
    const within = (container, selector) =>
      [...container.querySelectorAll(selector)].filter(
        (one) => one.parentElement.closest("[data-iq-row], [data-iq-kind]") === container,
      );
    const entries = (rows) => [...rows.children].filter((child) => child.matches("[data-iq-row]"));
    const read = (container) => {
      const values = {};
      for (const field of within(container, "[name]")) if (field.type !== "button") values[field.name] = field.value;
      for (const rows of within(container, "[data-iq-rows]")) values[rows.dataset.iqRows] = entries(rows).map(read);
      return values;
    };
    const addRow = (rows) => {
      const row = rows.querySelector(":scope > template").content.cloneNode(true).firstElementChild;
      rows.querySelector(":scope > [data-iq-add]").before(row);
      return row;
    };
    const write = (container, values) => {
      for (const field of within(container, "[name]")) {
        if (typeof values[field.name] === "string") field.value = values[field.name];
      }
      for (const rows of within(container, "[data-iq-rows]")) {
        const given = Array.isArray(values[rows.dataset.iqRows]) ? values[rows.dataset.iqRows] : [];
        for (const row of entries(rows)) row.remove();
        for (const value of given) write(addRow(rows), Object(value));
        for (let count = given.length; count < Number(rows.dataset.least || 0); count++) addRow(rows);
      }
    };

    /* Drafts: one for each kind, kept in this browser. */
    const key = () => `iq-draft:${root.pathname}:${kind()}`;
    const store = (name, value) => {
      try {
        localStorage.setItem(name, JSON.stringify(value));
      } catch {
        /* A browser that keeps nothing has no drafts. */
      }
    };
    const stored = (name) => {
      try {
        return JSON.parse(localStorage.getItem(name) || "null");
      } catch {
        return null;
      }
    };
    const keep = () => store(key(), read(part()));
    const kept = () => stored(key());

    /* The account with the contributor's fork, on hosts whose editor opens only there. */
    const account = form.elements.account;
    const accountKey = `iq-account:${root.pathname}`;
    if (account) account.value = stored(accountKey) || "";

    /* What exists: the notes, from the file of the map, the open questions, and the lines that the search finds. */
    const known = new Map();
    const learn = (title, href, file) => {
      const [, folder, id] = new URL(href, root).pathname.match(/\/(notes|lines)\/([^/]+?)(?:\.html)?\/?$/) || [];
      if (id) known.set(decodeURIComponent(id), { title, href: new URL(href, root).href, file: file || `${folder}/${decodeURIComponent(id)}.md` });
    };
    let loading = null;
    const load = () => {
      const from = new URL(says.questions, location.href);
      loading ??= fetch(from)
        .then((answer) => (answer.ok ? answer.json() : []))
        .catch(() => [])
        .then((notes) => {
          for (const [title, href] of notes) learn(title, new URL(href, from).href);
        });
      return loading;
    };
    let worker = null;
    let number = 0;
    let waiting = null;
    const search = (query) => {
      try {
        worker ??= new Worker(new URL("search-worker.js", own));
      } catch {
        return Promise.resolve([]);
      }
      number += 1;
      return new Promise((resolve) => {
        waiting?.([]);
        waiting = resolve;
        setTimeout(resolve, 2000, []);
        worker.onerror = () => resolve([]);
        worker.onmessage = ({ data }) => {
          if (data.failed) resolve([]);
          else if (data.id === number) resolve(data.groups.flatMap(({ rows }) => rows));
        };
        worker.postMessage({ ask: "query", id: number, query, filters: {}, shown: { line: 3, note: 3, source: 0, page: 0 } });
      });
    };
    const textOf = (title) => (Array.isArray(title) ? title.flat(Infinity).filter((one) => typeof one === "string").join("") : String(title));

    /* The questions that share the rarest words with what is typed. */
    const alike = (text, most) => {
      const words = new Set(same(text).split(" ").filter(Boolean));
      const shared = new Map();
      for (const [id, { title }] of known) {
        for (const word of new Set(same(title).split(" "))) {
          if (words.has(word)) shared.set(word, [...(shared.get(word) || []), id]);
        }
      }
      const scores = new Map();
      for (const ids of shared.values()) for (const id of ids) scores.set(id, (scores.get(id) || 0) + 1 / ids.length);
      return [...scores].filter(([, score]) => score > 0.2).sort((a, b) => b[1] - a[1]).slice(0, most).map(([id]) => id);
    };
    let asking = 0;
    const ask = async (text) => {
      const turn = ++asking;
      await load();
      const found = text.trim().length > 3 ? await search(text) : [];
      if (turn !== asking) return;
      for (const { title, url } of found) learn(textOf(title), url);
      const ids = new Map(found.map(({ url }) => [new URL(url, root).href, 1]));
      const near = [...known].filter(([, page]) => ids.has(page.href)).map(([id]) => id);
      const shown = text.trim() ? [...new Set([...near, ...alike(text, 5)])].slice(0, 5) : [];
      asked.querySelector("ul").replaceChildren(
        ...shown.map((id) => {
          const item = make("li", "");
          item.append(make("a", known.get(id).title, { href: known.get(id).href, target: "_blank", rel: "noopener", dir: "auto" }));
          return item;
        }),
      );
      asked.hidden = !shown.length;
      check();
    };
    const suggest = async (text) => {
      await load();
      const wanted = same(text);
      const options = [];
      for (const [id, page] of known) {
        if (options.length < 20 && (id.includes(text.trim()) || same(page.title).includes(wanted))) {
          options.push(make("option", page.title, { value: id }));
        }
      }
      form.querySelector("#iq-known").replaceChildren(...options);
    };

    /* Validity beyond what HTML can express. */
    const problem = (field) => {
      const value = field.value.trim();
      if (field.required && field.value && !value) return says.blank;
      const most = Number(field.dataset.most);
      if (most && [...value].length > most) return filled(says.tooMany, { n: [...value].length - most });
      const count = wordsOf(value).length;
      if (value && count < Number(field.dataset.words)) return filled(says.tooFew, { n: field.dataset.words });
      if (count > Number(field.dataset.mostWords)) return filled(says.tooWordy, { n: field.dataset.mostWords });
      if ("listed" in field.dataset && value && ![...field.list.options].some((option) => option.value === value)) return says.unlisted;
      const identity = identityOf(value);
      if (field.name === "identity" && value && !identity) return says.badSource;
      const wanted = field.dataset.kinds?.split(" ");
      if (wanted && identity && !wanted.some((name) => name in identity)) return filled(says.unidentified, { kinds: wanted.join(", ") });
      if (kind() !== "note") return "";
      if (field.name === "id" && value) return !isId(value) ? says.badId : known.has(value) ? says.taken : "";
      const isQuestion = field.name === "title" && field.pattern;
      return isQuestion && [...known.values()].some(({ title }) => same(title) && same(title) === same(value)) ? says.taken : "";
    };
    const check = () => {
      for (const field of part().querySelectorAll("input, textarea")) field.setCustomValidity(problem(field));
    };

    /* The proposal as it stands: its text, and the file that it belongs to. */
    const proposal = () => {
      const fields = read(part());
      if (kind() === "note") return { text: noteOf(fields, today()), path: `notes/${fields.id.trim()}.md`, title: fields.title };
      if (kind() === "answer") {
        const option = part().querySelector("[name=id]").selectedOptions[0];
        const text = answerOf(fields, JSON.parse(option.dataset.record), today());
        return { text, path: option.dataset.file, title: option.textContent };
      }
      const given = /^(?:notes|lines)\/(?!.*\.\.)[^?#%\\]+\.md$/.test(fields.file) && address.get("id") === fields.id.trim();
      const path = given ? fields.file : known.get(fields.id.trim())?.file || "";
      const where = fields.where?.trim() ? `\n\n> ${rowsOf(fields.where).join("\n> ")}` : "";
      return { text: `${fields.body.trim()}${where}\n\n${path || fields.id.trim()}\n`, path, title: fields.id.trim() };
    };
    const urlOf = (template, { path, title, text }) =>
      filled(template, {
        path: template === says.editFile ? pathIn(says.folder + path) : encodeURIComponent(says.folder + path),
        title: encodeURIComponent(title.trim().slice(0, 200).replace(LONE, "\uFFFD")),
        text: encodeURIComponent(text.replace(LONE, "\uFFFD")),
      });
    /* The same page of the contributor's fork, where the host's editor opens. */
    const forked = (template) => filled(template, { account: encodeURIComponent(account.value.trim()) });
    const inFork = (url) => (account?.value.trim() ? forked(says.fork) + url.slice(says.repository.length) : url);
    const fits = (url) => url.length <= Number(says.longest);

    const show = () => {
      if (!preview.open) return;
      const { text, path } = proposal();
      const fields = read(part());
      const shown = [];
      const title = fields.title || (kind() === "answer" ? proposal().title : "");
      if (title) shown.push(make("h2", title, { dir: "auto" }));
      const claim = fields.description || fields.answer;
      if (claim) shown.push(make("p", claim, { className: "iq-answer", dir: "auto" }));
      for (const source of fields.sources || []) {
        shown.push(make("p", [source.title, rowsOf(source.authors).join(", "), source.year, source.identity].filter(Boolean).join(" · "), { className: "iq-text", dir: "auto" }));
        for (const quote of source.quotes) {
          const words = make("blockquote", quote.text, { dir: "auto" });
          if (quote.locator) words.append(make("small", ` (${quote.locator})`));
          shown.push(words);
        }
      }
      for (const paragraph of fields.body.split(/\n\s*\n/).filter((one) => one.trim())) shown.push(make("p", paragraph, { dir: "auto" }));
      form.querySelector("[data-iq-shown]").replaceChildren(...shown);
      form.querySelector("[data-iq-path]").textContent = says.folder + path;
      preview.querySelector("code").textContent = text;
    };

    /* Where a proposal goes. */
    const linkTo = (href, label) => make("a", label, { href, target: "_blank", rel: "noopener" });
    const openTab = (url) => {
      const link = linkTo(url, "");
      document.body.append(link);
      link.click();
      link.remove();
    };
    const say = (text, url, label) => {
      told.replaceChildren(text);
      if (url) told.append(" ", linkTo(url, label));
    };
    const copy = async (text) => {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        const area = make("textarea", text);
        form.append(area);
        area.select();
        const done = document.execCommand("copy");
        area.remove();
        return done;
      }
    };
    const handOver = async (message, url, label, text) => {
      const isCopied = await copy(text);
      if (!isCopied) preview.open = true;
      say(`${isCopied ? says.copied : says.notCopied} ${message}`, url, label);
      if (url && account?.value.trim()) told.append(" ", linkTo(forked(says.newPullRequest), says.toPullRequest));
      told.querySelector("a")?.focus();
    };
    const openIssue = (proposed) => {
      const url = urlOf(says.newIssue, proposed);
      if (fits(url)) {
        openTab(url);
        say(says.opened, url, says.toIssue);
      } else handOver(says.long, urlOf(says.newIssue, { ...proposed, text: "" }), says.toIssue, proposed.text);
    };
    const announce = (url) => {
      if (account?.value.trim()) say(says.committed, forked(says.newPullRequest), says.toPullRequest);
      else say(says.opened, url, says.toEditor);
    };
    const openEditor = (proposed) => {
      if (!says.newFile) return handOver(says.hand, "", "", proposed.text);
      if (kind() === "note") {
        const url = inFork(urlOf(says.newFile, proposed));
        const isFilled = says.newFile.includes("{text}");
        if (isFilled && fits(url)) {
          openTab(url);
          return announce(url);
        }
        const empty = inFork(urlOf(says.newFile.replace("&value={text}", ""), proposed));
        return handOver(isFilled ? says.long : says.paste, empty, says.toEditor, proposed.text);
      }
      const url = inFork(urlOf(says.editFile, proposed));
      if (kind() === "answer") return handOver(says.replace, url, says.toEditor, proposed.text);
      if (!proposed.path) return openIssue(proposed);
      const reason = read(part()).body.trim();
      if (reason) copy(reason).then((isCopied) => isCopied && told.prepend(`${says.copied} `));
      openTab(url);
      announce(url);
    };

    const isValid = () => {
      check();
      return form.reportValidity();
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await load();
      if (!isValid()) return;
      if (kind() === "problem") openIssue(proposal());
      else openEditor(proposal());
    });
    form.elements.copy.addEventListener("click", async () => {
      if (isValid()) say((await copy(proposal().text)) ? says.copied : says.notCopied);
    });
    form.elements.download.addEventListener("click", () => {
      if (!isValid()) return;
      const { text, path } = proposal();
      const url = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
      make("a", "", { href: url, download: path.split("/").pop() || "proposal.md" }).click();
      setTimeout(URL.revokeObjectURL, 1000, url);
    });
    form.elements.issue?.addEventListener("click", () => {
      if (isValid()) openIssue(proposal());
    });

    let isOwnId = false;
    let timer = 0;
    form.addEventListener("input", ({ target }) => {
      if (target.name === "kind") return begun();
      if (target === account) return store(accountKey, account.value.trim());
      if (target.name === "id" && kind() === "note") isOwnId = target.value !== "";
      if (target.name === "title" && target.pattern) {
        const id = part().querySelector(":scope > label > [name=id]");
        if (!isOwnId) id.value = idOf(target.value, (one) => known.has(one));
        clearTimeout(timer);
        timer = setTimeout(ask, 250, target.value);
      }
      if (target.getAttribute("list") === "iq-known") suggest(target.value);
      check();
      keep();
      show();
    });
    form.addEventListener("click", ({ target }) => {
      if (target.matches?.("[data-iq-add]")) addRow(target.parentElement).querySelector("[name]").focus();
      else if (target.matches?.("[data-iq-remove]")) {
        const row = target.closest("[data-iq-row]");
        const rows = row.parentElement;
        if (entries(rows).length > Number(rows.dataset.least || 0)) row.remove();
        rows.querySelector(":scope > [data-iq-add]").focus();
      } else return;
      keep();
      show();
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      try {
        localStorage.removeItem(key());
      } catch {
        /* Nothing was kept. */
      }
      for (const field of part().querySelectorAll("input, textarea")) field.value = "";
      write(part(), {});
      isOwnId = false;
      asked.hidden = true;
      say("");
      show();
      part().querySelector("[name]").focus();
    });
    preview.addEventListener("toggle", show);

    /* The fields of the kind that is chosen, with its draft, or about the page that the address names. */
    const begun = () => {
      for (const one of form.querySelectorAll("[data-iq-kind]")) one.hidden = one.disabled = one.dataset.iqKind !== kind();
      const draft = kept();
      const given = address.get("kind") === kind() && address.get("id");
      const isOurs = draft && (!given || draft.id === given);
      write(part(), isOurs ? draft : {});
      if (given && !isOurs) for (const name of ["id", "file"]) write(part(), { ...read(part()), [name]: address.get(name) || "" });
      const tag = kind() === "note" && !draft && address.get("tag");
      if (tag) write(part(), { ...read(part()), tags: [{ tag }] });
      isOwnId = kind() === "note" && Boolean(draft?.id);
      submit.textContent = kind() === "problem" ? says.toIssue : says.newFile ? says.toEditor : says.toClipboard;
      form.elements.copy.hidden = kind() === "edit" || (!says.newFile && kind() !== "problem");
      form.elements.download.hidden = kind() === "edit" || kind() === "problem";
      if (form.elements.issue) form.elements.issue.hidden = kind() === "problem";
      say(isOurs ? says.restored : "");
      preview.hidden = kind() === "edit" || kind() === "problem";
      const fork = form.querySelector("[data-iq-fork]");
      if (fork) fork.hidden = fork.disabled = kind() === "problem";
      show();
    };
    for (const option of form.querySelectorAll("[data-record]")) learn(option.textContent, `lines/${encodeURIComponent(option.value)}/`, option.dataset.file);
    (kinds.find(({ value }) => value === address.get("kind")) || kinds[0]).checked = true;
    form.addEventListener("focusin", load, { once: true });
    form.hidden = false;
    begun();
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
