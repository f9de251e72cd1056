/* Answers queries from the files of search/, beside the page, so that typing is never held up. What these hold is said in
   src/inquiry_site/rendering/exports/search/. */
"use strict";

const ROOT = new URL("../../search/", self.location);
const NAME = 10;
const RESULTS = 16;
const BROAD = 4;
const SHORTEST = 4;
const LONG = 4;
const LIKELY = 3;
const BEST = 6;

/* --- words, cut as segmentation.py cuts them ---------------------------------------------------------------------- */

const UNSPACED = "\\u0E00-\\u0EFF\\u1000-\\u109F\\u1780-\\u17FF\\u3040-\\u30FF\\u3400-\\u4DBF\\u4E00-\\u9FFF";
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`);
const ACCENTS = /[\u0300-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u064B-\u065F\u0670]+/g;
const RUN = new RegExp(
  `[${UNSPACED}]+|(?![${UNSPACED}])[\\p{L}\\p{N}](?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}])*`,
  "gu",
);
const LONGEST = 64;

function folded(text) {
  const plain = text.normalize("NFKD").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ");
  return plain.replace(ACCENTS, "").normalize("NFC");
}

function cut(text) {
  const found = [];
  for (const [run] of folded(text).matchAll(RUN)) {
    if (IS_UNSPACED.test(run)) for (let at = 0; at < run.length; at++) found.push(run.slice(at, at + 2));
    else if ([...run].length <= LONGEST) found.push(run);
  }
  return found;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

const loaded = new Map();

function load(name, read) {
  if (!loaded.has(name)) {
    /* The list of files is asked for anew each time; every other file bears the name of its content. */
    const answer = fetch(new URL(name, ROOT), name === "index.json" ? { cache: "no-cache" } : {});
    const found = answer.then((one) => (one.ok ? read(one) : Promise.reject(new Error(`${name}: ${one.status}`))));
    found.catch(() => loaded.delete(name));
    loaded.set(name, found);
  }
  return loaded.get(name);
}

const asJson = (answer) => answer.json();
const manifest = () => load("index.json", asJson);
const nameAt = (names, at) => names.slice(at * NAME, at * NAME + NAME);

/* A file of terms: a line for each with the size of its postings, a zero byte, the postings. */
async function asTerms(answer) {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const end = bytes.indexOf(0);
  const terms = new Map();
  let at = end + 1;
  for (const line of new TextDecoder().decode(bytes.subarray(0, end)).split("\n")) {
    const space = line.lastIndexOf(" ");
    const size = Number(line.slice(space + 1));
    terms.set(line.slice(0, space), bytes.subarray(at, at + size));
    at += size;
  }
  return terms;
}

function eachPosting(bytes, take) {
  let number = 0;
  for (let at = 0; at < bytes.length; ) {
    let value = 0;
    let scale = 1;
    let byte;
    do {
      byte = bytes[at++];
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte & 128);
    number += Math.floor(value / 8);
    take(number, (value % 8) + 1);
  }
}

const countOf = (bytes) => bytes.reduce((count, byte) => count + (byte < 128), 0);

/* Which files of terms hold the words that begin so. */
function filesOf({ first }, beginning) {
  const place = (text) => {
    let low = 0;
    for (let high = first.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (first[middle] <= text) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [Math.max(0, place(beginning) - 1), place(`${beginning}\uFFFF`)];
}

const isBroad = (list, beginning) => {
  const [start, end] = filesOf(list, beginning);
  return end - start > BROAD;
};

async function termsOf(list, start, end) {
  const names = [];
  for (let at = start; at < end; at++) names.push(`${nameAt(list.terms, at)}.bin`);
  return Promise.all(names.map((name) => load(name, asTerms)));
}

async function postingsOf(list, term) {
  const [start] = filesOf(list, term);
  const [terms] = await termsOf(list, start, Math.min(start + 1, list.first.length));
  return terms?.get(term);
}

/* --- which terms a word of the query stands for -------------------------------------------------------------------- */

/* How far a word is from a term, or from the nearest beginning of it: letters left out, added, changed or swapped. */
function distance(word, term, isBeginning, most) {
  if (Math.abs(word.length - term.length) > most && !(isBeginning && term.length > word.length)) return most + 1;
  let older = [];
  let old = Array.from({ length: word.length + 1 }, (_, at) => at);
  let least = old[word.length];
  for (let row = 1; row <= term.length; row++) {
    const now = [row];
    for (let at = 1; at <= word.length; at++) {
      const same = word[at - 1] === term[row - 1];
      now[at] = Math.min(old[at] + 1, now[at - 1] + 1, old[at - 1] + !same);
      if (at > 1 && row > 1 && word[at - 1] === term[row - 2] && word[at - 2] === term[row - 1]) {
        now[at] = Math.min(now[at], older[at - 2] + 1);
      }
    }
    least = Math.min(least, now[word.length]);
    if (Math.min(...now) > most) break;
    [older, old] = [old, now];
    if (row === term.length && !isBeginning) return now[word.length];
  }
  return isBeginning ? least : most + 1;
}

const slipsIn = (word) => (word.length >= 8 ? 2 : word.length >= SHORTEST ? 1 : 0);

/* The terms nearest to a word that stands nowhere, the likeliest first. */
function nearest(word, terms, isBeginning) {
  const most = slipsIn(word);
  let best = most;
  let found = [];
  for (const term of terms) {
    const far = distance(word, term, isBeginning, best);
    if (far < best) found = [];
    if (far <= best) {
      best = far;
      found.push(term);
    }
  }
  return { found: found.slice(0, LIKELY), far: best };
}

async function misspelt(list, word, isBeginning, near) {
  if (!slipsIn(word)) return [];
  const long = near.map(([term]) => term).filter((term) => term.length >= SHORTEST && !term.startsWith(":"));
  const beside = nearest(word, long, isBeginning);
  const common = await load(`${list.vocabulary}.txt`, (answer) => answer.text());
  const anywhere = nearest(word, common.split("\n"), isBeginning);
  const takeCommon = anywhere.found.length && (!beside.found.length || anywhere.far <= beside.far);
  const { found, far } = takeCommon ? anywhere : beside;
  const postings = await Promise.all(found.map((term) => postingsOf(list, term)));
  return found.map((term, at) => ({ term, postings: postings[at], near: 0.6 ** far })).filter((one) => one.postings);
}

/* What a word stands for: itself, what it begins (as the last word anything, else a few letters more), what it is but for
   its last letters (plurals and the like), or what it may be a slip for; each with how near it is to the word. A last word
   that begins too much is not insisted on, unless it stands alone: it is still being written. */
async function meaning(list, word, place) {
  const isUnspaced = IS_UNSPACED.test(word);
  const longest = place || isUnspaced ? Infinity : word.length + 3;
  const begins = place || (isUnspaced ? word.length === 1 : word.length >= SHORTEST);
  const isWide = begins && (place === "alone" || !isBroad(list, word));
  const stem = isWide && !isUnspaced && word.length >= SHORTEST + 2 ? word.slice(0, -2) : word;
  const [own, end] = filesOf(list, word);
  const files = await termsOf(list, filesOf(list, stem)[0], isWide ? end : Math.min(own + 1, end));
  const near = files.flatMap((terms) => [...terms]);
  const isWhole = !place || near.some(([term]) => term === word);
  const isStem = (term) => term.startsWith(stem) && word.startsWith(term);
  const fits = (term) =>
    term === word || (isWide && term.startsWith(word) && term.length <= longest) || (isWhole && isStem(term));
  const fitting = near.filter(([term]) => fits(term));
  /* A word without pages of its own is rather a form of a shorter one than a slip: “smarter” where pages have “smart”. */
  const found = (fitting.length ? fitting : near.filter(([term]) => isStem(term))).map(
    ([term, postings]) => ({
      term,
      postings,
      near: Math.min(word.length, term.length) / Math.max(word.length, term.length),
    }),
  );
  const isOptional = place && !isWide;
  if (found.length || isOptional) return { word, found, isOptional };
  return { word, found: await misspelt(list, word, place, near), isSlip: true };
}

/* --- ranking ------------------------------------------------------------------------------------------------------ */

function score(meanings, total) {
  const scores = new Float32Array(total);
  const held = new Uint8Array(total);
  const best = new Float32Array(total);
  for (const { word, found, isOptional } of meanings) {
    best.fill(0);
    const exact = found.find(({ term }) => term === word);
    const pages = exact ? countOf(exact.postings) : found.reduce((sum, one) => sum + countOf(one.postings), 0);
    const rare = Math.log(1 + total / Math.max(1, pages));
    for (const { postings, near } of found) {
      eachPosting(postings, (number, level) => {
        best[number] = Math.max(best[number], near * level * rare);
      });
    }
    for (let number = 0; number < total; number++) {
      if (!best[number]) continue;
      scores[number] += best[number];
      held[number] += !isOptional;
    }
  }
  return { scores, held };
}

/* Pages that hold all words; where the query is long, those that lack one come after them. */
function chosen({ scores, held }, required, allowed) {
  const numbers = [...held.keys()].filter(allowed);
  const most = numbers.reduce((found, number) => Math.max(found, held[number]), 0);
  const least = required ? Math.max(1, required > 2 ? most - 1 : most) : 0;
  return numbers
    .filter((number) => held[number] >= least)
    .sort((one, other) => held[other] - held[one] || scores[other] - scores[one] || one - other);
}

async function allowedBy(list, filters, kinds) {
  const total = kinds.at(-1).end;
  const fits = new Uint8Array(total);
  let wanted = 0;
  for (const [name, value] of Object.entries(filters)) {
    if (name === "kind") {
      const { start, end } = kinds.find(({ kind }) => kind === value);
      for (let number = start; number < end; number++) fits[number] += 1;
    } else {
      eachPosting((await postingsOf(list, value)) || new Uint8Array(), (number) => {
        fits[number] += 1;
      });
    }
    wanted += 1;
  }
  return (number) => fits[number] === wanted;
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

function kindsOf(list) {
  let end = 0;
  return Object.entries(list.kinds).map(([kind, count]) => ({ kind, start: end, end: (end += count) }));
}

/* A text in pieces, every second of which is a word that was looked for. */
function marked(text, terms, last) {
  const pieces = [""];
  const add = (piece, isFound) => {
    if ((pieces.length % 2 === 0) === isFound) pieces[pieces.length - 1] += piece;
    else pieces.push(piece);
  };
  let position = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    add(text.slice(position, index), false);
    position = index + run.length;
    if (IS_UNSPACED.test(run)) {
      const isFound = (at) => at >= 0 && (terms.has(run.slice(at, at + 2)) || terms.has(run[at]));
      for (let at = 0; at < run.length; at++) add(run[at], isFound(at) || terms.has(run.slice(at - 1, at + 1)));
    } else {
      const word = folded(run);
      add(run, terms.has(word) || (last !== "" && word.startsWith(last)));
    }
  }
  add(text.slice(position), false);
  return pieces;
}

async function rowsOf(list, numbers) {
  const files = numbers.map((number) => `${nameAt(list.results, Math.floor(number / RESULTS))}.json`);
  const parts = await Promise.all(files.map((name) => load(name, asJson)));
  return numbers.map((number, at) => parts[at][number % RESULTS]);
}

/* Function words of English and German: marked, they would draw the eye away from what was looked for. */
const FUNCTION_WORDS = new Set(
  (
    "a an and are as at be been but by can did do does for from had has have how if in into is it its may not of on or " +
    "so than that the their there these they this those to was we were what when where which who why will with would " +
    "als am auch auf aus bei bis das dass dem den der des die ein eine einem einen einer eines er es fur hat im ist " +
    "kann mit nach nicht noch nur ob oder sich sie sind und uber um von vom war warum was wenn wer wie wird wo zu zum zur"
  ).split(" "),
);

const marking = (words) => {
  const rest = words.filter((word) => !FUNCTION_WORDS.has(word));
  return rest.length ? rest : words;
};

/* What is marked: for each word of the query that tells something the terms it stands for, and the word being typed. */
function lookedFor(words, meanings) {
  const kept = new Set(marking(words));
  const groups = meanings.filter(({ word }) => kept.has(word)).map(({ found }) => found.map(({ term }) => term));
  const last = kept.has(words.at(-1)) ? words.at(-1) : "";
  return { groups: groups.filter((terms) => terms.length), terms: new Set(groups.flat()), last };
}

const SENTENCE = 240;
const BEFORE = 60;

/* How many of the words looked for a text holds. */
function coverage(text, { groups }) {
  const held = new Set(cut(text));
  return groups.filter((group) => group.some((term) => held.has(term))).length;
}

/* The sentence that holds most of the words looked for, the first of equals. */
function sentenceIn(texts, looked) {
  const segmenter = self.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: "sentence" });
  let best = "";
  let most = 0;
  for (const text of texts) {
    const sentences = segmenter ? [...segmenter.segment(text)].map(({ segment }) => segment.trim()) : [text];
    for (const sentence of sentences) {
      const count = coverage(sentence, looked);
      if (count > most) [best, most] = [sentence, count];
    }
  }
  return { sentence: best, most };
}

/* A long sentence is cut so that the first word looked for is in view. */
function around(sentence, { terms, last }) {
  if (sentence.length <= SENTENCE) return sentence;
  const [before] = marked(sentence, terms, last);
  if (before.length <= 2 * BEFORE) return sentence;
  const start = sentence.lastIndexOf(" ", before.length - BEFORE) + 1 || before.length - BEFORE;
  return `…${sentence.slice(start)}`;
}

/* Of a long query, the words that not most of the pages hold: the others tell little and weigh most. */
function telling({ common }, words) {
  const rest = words.filter((word) => !common.includes(word));
  return words.length > LONG && rest.length > 1 ? rest : words;
}

/* What one word alone has for answers before anything is ranked, where too many words begin so. */
async function prepared(list, words, filters, shown) {
  const isFirstLook = words.length === 1 && !Object.keys(filters).length && Math.max(...Object.values(shown)) <= BEST;
  if (!isFirstLook || !Object.hasOwn(list.broad, words[0])) return null;
  const found = await load(`${list.broad[words[0]]}.json`, asJson);
  const groups = kindsOf(list).map(({ kind }, at) => {
    const [count, rows] = found[at];
    return { kind, count, rows: rows.slice(0, shown[kind]) };
  });
  return { meanings: [], groups };
}

async function ranked(list, words, filters, shown) {
  const place = (at) => (at < words.length - 1 ? "" : words.length > 1 ? "last" : "alone");
  const meanings = await Promise.all(words.map((word, at) => meaning(list, word, place(at))));
  const required = meanings.filter(({ isOptional }) => !isOptional).length;
  const kinds = kindsOf(list);
  const allowed = await allowedBy(list, filters, kinds);
  const numbers = chosen(score(meanings, kinds.at(-1).end), required, allowed);
  const groups = await Promise.all(
    kinds.map(async ({ kind, start, end }) => {
      const own = numbers.filter((number) => number >= start && number < end);
      return { kind, count: own.length, rows: await rowsOf(list, own.slice(0, shown[kind])) };
    }),
  );
  return { meanings, groups };
}

const noPassage = () => null;

async function answer({ query, filters, shown }) {
  const list = await manifest();
  const words = telling(list, [...new Set(cut(query).reverse())].reverse());
  if (!words.length && !Object.keys(filters).length) return { groups: [], total: 0, slips: [], passageIn: noPassage };
  const { meanings, groups } =
    (await prepared(list, words, filters, shown)) || (await ranked(list, words, filters, shown));
  const looked = lookedFor(words, meanings);
  for (const group of groups) {
    group.rows = group.rows.map(([title, url, text, badge]) => {
      const [titled, told] = [title, text].map((one) => marked(one, looked.terms, looked.last));
      const lacks = looked.groups.length - coverage(`${title} ${text}`, looked);
      return { title: titled, url, text: told, badge, lacks };
    });
  }
  const passageIn = (text, texts) => {
    const { sentence, most } = sentenceIn(texts, looked);
    return most > coverage(text, looked) ? marked(around(sentence, looked), looked.terms, looked.last) : null;
  };
  const slips = meanings
    .filter(({ isSlip, found }) => isSlip && found.length)
    .map(({ word, found }) => ({ word, instead: found.map(({ term }) => term) }));
  return { groups, total: groups.reduce((sum, { count }) => sum + count, 0), slips, passageIn };
}

/* Finds the passage of a page for the query that was answered last. */
let passageIn = noPassage;

/* Only the newest query is answered: what was typed since is what the reader waits for. */
let newest = 0;

self.onmessage = async ({ data }) => {
  try {
    if (data.ask === "query") {
      newest = data.id;
      const { passageIn: finder, ...found } = await answer(data);
      if (data.id !== newest) return;
      passageIn = finder;
      self.postMessage({ id: data.id, ...found });
    } else if (data.ask === "passage") {
      const passage = data.id === newest && passageIn(data.text, data.texts);
      if (passage) self.postMessage({ id: data.id, url: data.url, passage });
    } else if (data.ask === "filters") {
      const list = await manifest();
      self.postMessage({ filters: await load(`${list.filters}.json`, asJson), kinds: list.kinds });
    } else if (data.ask === "words") {
      self.postMessage({ words: (await manifest()).words });
    }
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
};

/* The list is on its way before the first word is there; what fails is told with the answer. */
manifest().catch(() => {});
