/* The search page: finds words in the book's index as they stand, then in other forms, and offers what is near where nothing is found. */
"use strict";
window.reportBook.load("lib/entries.js").then(() => {
  const { root, load, fold } = window.reportBook;
  const { pages, entries } = window.reportBook.index;
  const form = document.getElementById("book-search");
  const field = document.getElementById("book-search-field");
  const count = document.getElementById("book-search-count");
  const results = document.getElementById("search-results");
  const near = Object.assign(document.createElement("p"), { id: "search-near" });
  near.setAttribute("role", "status");
  results.before(near);
  let folded = null; // of each entry the title and all that it says, once somebody searches
  let spellings = null;

  /** Split a text into words of one language each, so that a screen reader says those of the second one right. */
  function inLanguage(text) {
    const { second, letters } = form.dataset;
    if (!second) return [text];
    const mark = (words) => Object.assign(document.createElement("span"), { lang: second, textContent: words });
    return text.split(new RegExp(`([${letters}]+)`)).map((words, i) => (i % 2 ? mark(words) : words));
  }

  /** Return what finds a word where it stands, and what finds other forms of it, by the stem that they share: "ride" of "riding". */
  function forms(word) {
    const stem = /^[a-z]{5,}$/.test(word) ? new window.Stemmer().stemWord(word) : "";
    return { word, stem: stem.length > 3 && new RegExp(`\\b${stem}`) };
  }

  const says = (text, { word, stem }) => text.includes(word) || (stem && stem.test(text));

  function excerpt(text, { word, stem }) {
    const whole = fold(text);
    const found = whole.indexOf(word);
    const at = Math.max(0, (found < 0 && stem ? whole.search(stem) : found) - 80);
    return `${at ? "…" : ""}${text.slice(at, at + 240)}${text.length > at + 240 ? "…" : ""}`;
  }

  function itemOf(i, word) {
    const [kind, title, page, anchor] = entries[i];
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: `${root}${pages[page]}#${anchor}` });
    link.append(...inLanguage(title));
    const label = Object.assign(document.createElement("span"), { className: "search-kind", textContent: `${kind} ` });
    const said = document.createElement("p");
    said.append(...inLanguage(excerpt(window.reportBook.texts[i], word)));
    item.append(label, link, said);
    return item;
  }

  /** Return in how many letters two words differ: more, fewer, others, or two that have changed places. */
  function distance(a, b) {
    let [before, last] = [[], [...b, ""].map((_, j) => j)];
    [...a].forEach((letter, i) => {
      const row = [i + 1];
      [...b].forEach((other, j) => {
        const swapped = i && j && letter === b[j - 1] && a[i - 1] === other ? before[j - 1] + 1 : Infinity;
        row.push(Math.min(row[j] + 1, last[j + 1] + 1, last[j] + (letter !== other), swapped));
      });
      [before, last] = [last, row];
    });
    return last[b.length];
  }

  /** Return the word of the book that is nearest to one that it has not, if any is near: misspelt, or in another form. */
  function nearest(word) {
    spellings ??= new Set(folded.flatMap(([, text]) => text.match(/[\p{L}\d]{4,}/gu) ?? []));
    const allowed = word.length > 5 ? 2 : 1;
    let [best, least] = ["", Infinity];
    for (const each of spellings) {
      const stem = word.length > 6 && each.startsWith(word.slice(0, Math.ceil(word.length * 0.6)));
      if (!stem && Math.abs(each.length - word.length) > allowed) continue;
      const far = distance(word, each);
      if (far < least && (far <= allowed || stem)) [best, least] = [each, far];
    }
    return best;
  }

  function offer(words) {
    const meant = words.map((word) => (folded.some(([, text]) => text.includes(word)) ? word : word.length > 3 && nearest(word)));
    if (!meant.every(Boolean) || meant.join(" ") === words.join(" ")) return;
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: meant.join(" ") });
    button.addEventListener("click", () => {
      field.value = button.textContent;
      look();
      field.focus();
    });
    near.append("Nothing is written so. Did you mean ", button, "?");
  }

  async function look() {
    const asked = field.value;
    const address = new URL(location.href);
    if (asked) address.searchParams.set("q", asked);
    else address.searchParams.delete("q");
    history.replaceState(history.state, "", address); // so that Back comes back to it
    const words = fold(asked).split(/\s+/).filter(Boolean);
    if (words.length) await Promise.all([load("lib/texts.js"), load("lib/stems.js")]);
    if (field.value !== asked) return; // somebody has typed on
    folded ??= window.reportBook.texts?.map((text, i) => [entries[i][1], `${entries[i][1]} ${text} ${entries[i][3]}`].map(fold));
    const terms = words.map(forms);
    const exact = ([, text]) => words.every((word) => text.includes(word)) * words.length;
    const score = (texts) => exact(texts) + words.filter((word) => texts[0].includes(word)).length;
    const found = words.length ? folded.map((texts, i) => [i, texts]).filter(([, texts]) => terms.every((term) => says(texts[1], term))) : [];
    found.sort((a, b) => score(b[1]) - score(a[1]) || a[0] - b[0]);
    count.textContent = words.length ? `${found.length} found` : "";
    near.replaceChildren();
    results.replaceChildren(...found.slice(0, 100).map(([i]) => itemOf(i, terms[0])));
    if (words.length && !found.length) offer(words);
  }

  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", look);
  form.addEventListener("submit", (event) => event.preventDefault());
  look();
});
