// Prepares the book as one page for print: levels of headings, contents, numbered facts, feet of the pages.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Chapters hang below the front page, whose title is the book's: lift them to its level.
for (const heading of all(".toctree-wrapper :is(h2, h3, h4, h5)")) {
  const lifted = document.createElement(`h${heading.tagName[1] - 1}`);
  lifted.append(...heading.childNodes);
  heading.replaceWith(lifted);
}
all(".headerlink").forEach((link) => link.remove());
all("details").forEach((fold) => (fold.open = true));

// All pages are one now: what led to a page's target leads to the target.
for (const link of all("main a[href*='#']:not([href*='://'])")) link.href = "#" + link.getAttribute("href").split("#").pop();

// Markers of pages would stand alone on a sheet before each chapter.
for (const marker of all("main span[id^='document-']")) marker.nextElementSibling.querySelector("h1, h2, h3").append(marker);

// Fewer elements make a smaller file: every one is an entry in the PDF's structure.
for (const shell of all("main :is(td, th) > p:only-child, main :is(.std, .pre, span:not([class], [id]))")) shell.replaceWith(...shell.childNodes);

// A cell without a word would be none in the PDF's structure, and those after it in another column. By its class
// the styles find it.
all("main :is(td, th):empty").forEach((cell) => {
  cell.classList.add("blank");
  cell.append("\u00a0");
});

// The contents list the chapters; their sections follow, each with its own name, since some share a title. Pages are filled in later.
const listed = (heading, id) => {
  heading.id = `contents-${id}`;
  const [link, page] = ["a", "span"].map((name) => document.createElement(name));
  link.href = `#${heading.id}`;
  page.textContent = "000";
  link.append(heading.textContent, page);
  return link;
};
all(".contents .toctree-l1").forEach((entry, i) => {
  const chapter = document.getElementById(entry.firstChild.hash.slice(1)).closest("section");
  entry.replaceChildren(listed(chapter.querySelector("h1"), i));
  all(":scope > section > h2, :scope > .toctree-wrapper > section > h2", chapter).forEach((heading, j) => entry.append(listed(heading, `${i}-${j}`)));
});
window.outline = () => all("main [id^='contents-']").map((heading) => [Number(heading.tagName[1]), heading.textContent, heading.id]);
window.fillPages = (pages) => all(".contents a").forEach((link) => (link.lastChild.textContent = pages[link.hash.slice(1)]));

// A fact is numbered through the book: the same number in the text and in the evidence. A space keeps the two numbers apart
// where the text is copied.
all(".evidence tr[id]").forEach((row, i) => {
  row.querySelector("td").insertAdjacentHTML("afterbegin", `<span class="fact-number">${i + 1}</span> `);
  all(`main a[href="#${row.id}"]`).forEach((link) => link.insertAdjacentHTML("beforeend", `<sup>\u00a0${i + 1}</sup>`));
});

// The foot of a page names the chapter.
const feet = document.head.appendChild(document.createElement("style"));
all("main section:has(> h1)").forEach((chapter, i) => {
  chapter.style.page = `chapter-${i}`;
  feet.append(`@page chapter-${i} { @bottom-left { content: ${JSON.stringify(chapter.querySelector("h1").textContent)}; } }\n`);
});

// The cover has the picture of the front page, or else the book's first.
const shown = document.querySelector(".preview svg") ?? document.querySelector(".chart-picture svg");
if (shown) document.querySelector(".cover-picture").append(shown.cloneNode(true));
else document.querySelector(".cover-picture").remove();
