// Puts print packs together out of the book as one page, on which print.js has run.
const pick = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, name, text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });

// What begins a page inside a part: the back of a sheet, each card; and what of that begins a leaf, since it is
// cut out or given to others.
const FRESH = "body:not(.large) .handouts > section + section, .role-play:not(:has(.pack)) > section + section, .large .strips > p:nth-child(4n + 5)";
const LEAF = ".role-play > section:not(.twice ~ .twice), .strips > p";
// A page of which a smaller part is full is sparse.
const SPARSE = 0.4;
// The room for a drawing in large print, in CSS pixels, and how small a drawing may become in small print: its
// letters of ten points are then seven.
const [WIDE, HIGH] = [420, 397];
const LEAST = 0.75;

// Every page of the book by its name; what is printed takes their place.
const library = new Map(pick("main span[id^='document-']").map((marker) => [marker.id.slice(9), marker.closest("section")]));
// Its title: a page below another has a heading of a lower level.
const titled = (name) => library.get(name).querySelector("h1, h2, h3").textContent;
const homes = new Map([...library].map(([name, section]) => [section, name]));
const home = (part) => homes.get(part) ?? home(part.parentElement);
const lists = pick("main ul.pack").map(home);
const targets = new Map(pick("main [id]").map((part) => [part.id, part]));

// A figure that is shown again has its caption, with the number by which a plan calls it.
const drawn = (shown) => shown.querySelector(".chart-picture")?.ariaLabel;
const captions = new Map(pick("figure.chart").map((chart) => [drawn(chart), chart.querySelector("figcaption p")]));
for (const again of pick(".preview:has(.chart-source)")) {
  const caption = captions.get(drawn(again)).cloneNode(true);
  caption.className = "chart-caption";
  again.querySelector(".chart-picture").after(caption);
}

// What a caption tells a hand, a pencil cannot do.
for (const { lastChild: text } of pick(".caption-text")) {
  if (text.nodeType === Node.TEXT_NODE) text.data = text.data.replace(/\s(?:Hover|Click|Tap|Choose|Drag)\b[^.]*\.\s*$/, "");
}

// Of a figure's drawings, for a page and for a phone, large print has the one whose letters come out larger.
const letters = ({ width, height }) => Math.min(1, WIDE / width.baseVal.value, HIGH / height.baseVal.value);
const fitted = (picture, large) => {
  const [wide, narrow] = picture.children;
  const taken = large && letters(narrow) > letters(wide) ? narrow : wide;
  taken.removeAttribute("class");
  if (!large) taken.style.setProperty("--least", `${LEAST * taken.height.baseVal.value}px`);
  picture.replaceChildren(taken);
};

// What stands behind a link, in short: the first two of a number's sources, or the row of a source.
const cited = (link) => {
  const row = link.hash.startsWith("#source-") && targets.get(link.hash.slice(1));
  const [publisher, , day, , grade] = row ? [...row.cells].map((cell) => cell.textContent.trim()) : [];
  const given = row ? [`${publisher}, ${day || "undated"} (grade ${grade})`] : (/\sSource: (.*?)(?:\. Data to .*)?$/.exec(link.title)?.[1].split("; ") ?? []);
  const more = given.length > 2 ? [`${given.length - 2} more in the book`] : [];
  return given.length ? ` [${[...given.slice(0, 2), ...more].join("; ")}]` : "";
};

// Of a notebook's exercises those that are marked so: the question, what the notebook prints for it or else the
// figure with which it begins, and a line; of its solutions the answer, and what each shows.
const asked = /^([\w-]+): no answer yet/;
const onPaper = (page, name) => {
  const students = library.get(name.replace("/solutions/", "/exercises/"));
  const names = pick(".cell_output pre", students).map((said) => asked.exec(said.textContent)?.[1]).filter(Boolean);
  pick(":scope > :is(p, .cell)", page).forEach((part) => part.remove());
  for (const [i, task] of pick(":scope > section", page).entries()) {
    const marks = pick(":scope > p > em:only-child", task).filter((mark) => mark.textContent.startsWith("With "));
    if (!marks.some((mark) => mark.textContent === "With paper.")) task.remove();
    marks.forEach((mark) => mark.parentElement.remove());
    const cells = pick(":scope > .cell", task);
    if (page.matches(".solutions")) {
      [...cells, ...pick(":scope > p", task)].forEach((part) => part.remove());
      task.querySelector("h1, h2, h3, h4").append(make("span", "answer", `: ${window.answers[names[i]]}`));
      continue;
    }
    cells.pop()?.remove();
    // What pandas calls a column, how it keeps its numbers, and a row's line in its file are nothing to a pencil.
    for (const said of pick("pre", task)) {
      const text = said.textContent.replace(/^Name: .*, dtype: \w+\n?/gm, "");
      said.textContent = /^line *$/m.test(text) ? text.replace(/^line *\n/m, "").replace(/^[\d ]{4}/gm, "") : text;
    }
    for (const link of cells.length ? [] : pick("a[href*='#fig-']", task)) {
      const shown = targets.get(link.hash.slice(1)).cloneNode(true);
      pick(".chart-source", shown).forEach((part) => part.remove());
      task.append(shown);
    }
    // A table stands beside its question; a line of numbers, below it.
    for (const cell of cells.filter((cell) => cell.textContent.trim().includes("\n"))) {
      cell.classList.add("beside");
      task.firstElementChild.after(cell);
    }
    task.append(make("div", "line"));
  }
};

const copied = (name) => {
  const page = library.get(name).cloneNode(true);
  pick(".toctree-wrapper, sup", page).forEach((part) => part.remove());
  page.classList.add(...name.split("/").slice(0, -1));
  // On a card of paper a link is not enough.
  if (page.matches(".role-play")) for (const link of pick("a[href]", page)) link.after(make("span", "cited", cited(link)));
  if (page.matches(".exercises, .solutions")) onPaper(page, name);
  return page;
};

window.packs = () => lists.map((name) => [name, titled(name)]);

// Shows packs one after another: each list's page first, then what the list names. An item that links to a page
// stands for that page, unless an earlier pack has it; any other, for the next section of the list's own page
// that is to be printed. What such a section tells the teacher ends the first part.
window.show = (names, title, large) => {
  const parts = [], given = new Map();
  if (names.length > 1) {
    const front = make("section", "front");
    front.append(make("h1", "", title), make("ul", "pack"));
    parts.push(front);
  }
  const listed = (list, words, part) => {
    const item = list.appendChild(make("li", ""));
    item.append(...words, " ", Object.assign(make("a", "pages", "pages 000–000"), { leads: part }));
  };
  for (const name of names) {
    const plan = copied(name), sheets = pick("section[id^='to-print']", plan);
    for (const sheet of sheets) {
      plan.append(...pick(":scope > .teacher", sheet));
      sheet.remove();
      sheet.classList.add("sheet");
      const heading = sheet.querySelector("h2, h3");
      heading.textContent = heading.textContent.replace(/^To print: (.)/, (_, letter) => letter.toUpperCase());
    }
    parts.push(plan);
    if (names.length > 1) listed(parts[0].querySelector(".pack"), [titled(name)], plan);
    for (const item of pick("ul.pack > li", plan)) {
      const other = item.querySelector("a")?.getAttribute("href").split("#document-")[1];
      const part = given.get(other) ?? (other ? copied(other) : sheets.shift());
      if (part.matches(".solutions")) {
        plan.append(part);
        item.remove();
        continue;
      }
      if (!given.has(other)) parts.push(part);
      if (other) given.set(other, part);
      const words = [...(item.querySelector("p") ?? item).childNodes];
      listed(item.parentNode, words, part);
      item.remove();
    }
  }
  for (const cut of parts.flatMap((part) => [part, ...pick("section", part)]).filter((section) => section.matches(".twice"))) {
    const half = make("div", "half");
    half.append(...cut.childNodes);
    cut.append(half, ...(large ? [] : [half.cloneNode(true)]));
  }
  // A card that is cut out takes with it what it asks.
  for (const cell of parts.flatMap((part) => pick(".cards td.blank:last-child", part))) {
    cell.textContent = pick("th", cell.closest("table")).at(-1).textContent;
  }
  // What is named on a card lies in the pack, or it is not named: on paper nobody can look it up.
  const here = new Set(parts.flatMap((part) => pick(".preview", part)).map(drawn));
  for (const link of parts.filter((part) => part.matches(".role-play")).flatMap((part) => pick("a[href^='#fig-'], a[href^='#tab-']", part))) {
    if (here.has(drawn(targets.get(link.hash.slice(1))))) continue;
    const [open, close] = [link.previousSibling, link.nextSibling.nextSibling];
    open.data = open.data.replace(/ \($/, "");
    close.data = close.data.replace(/^\)/, "");
    link.nextSibling.remove();
    link.remove();
  }
  parts.flatMap((part) => pick(".chart-picture", part)).forEach((picture) => fitted(picture, large));
  document.title = title;
  document.body.classList.toggle("large", large);
  document.querySelector("main").replaceChildren(...parts);
  parts.forEach((part, i) => {
    part.classList.add("part", "fresh");
    part.id = `part-${i}`;
  });
  pick(FRESH).forEach((section) => section.classList.add("fresh"));
  for (const link of pick("main a")) {
    if (link.leads) link.href = `#${link.leads.id}`;
    else link.removeAttribute("href");
  }
  // What a link leads to has a place in what is printed: here, where each last page ends.
  pick(".fresh").forEach((section, i) => {
    const end = Object.assign(make("div", "end"), { id: `end-${i}` });
    section[section.matches(".part") ? "append" : "before"](end, Object.assign(make("a", ""), { href: `#${end.id}` }));
  });
};

// Each part and leaf begins on the front: where what is before ends on one, the back is for notes, and so is what
// is left of a sparse page. `places` has the page of each end as they lie now, and how far below its head it is;
// `room` is the height of a page's text. Both are in millimetres.
window.fill = (places, room) => {
  const pages = new Map();
  let [start, at, seen] = [1, 1, 0];
  for (const end of pick("div.end")) {
    const [page, below] = places[end.id], part = end.closest(".part");
    end.nextElementSibling.remove();
    const next = end.nextElementSibling;
    at += page - seen;
    seen = page;
    if (room - below > (1 - SPARSE) * room) {
      end.before(make("div", "notes rest", "Notes"));
      end.previousElementSibling.style.height = `${Math.floor(room - below) - 10}mm`;
    }
    if (!next) pages.set(part.id, at - start > 1 ? `pages ${start}–${at - 1}` : `page ${start}`);
    if (at % 2 === 0 && (!next || next.matches(LEAF))) {
      end.before(make("div", "notes", "Notes"));
      at += 1;
    }
    if (!next) start = at;
    end.remove();
  }
  for (const link of pick("a.pages")) link.textContent = pages.get(link.hash.slice(1));
};
