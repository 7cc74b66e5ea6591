/* Brings charts alive when a reader comes near them, and shows what stands behind a number on hover, focus or tap. */
"use strict";
window.reportBook = { charts: {} };

document.addEventListener("DOMContentLoaded", () => {
  const root = document.documentElement.dataset.content_root || "./";
  const loading = {};

  /** Load a script of this site once. A script, not a fetch: pages opened from disk may not fetch. */
  function load(path) {
    loading[path] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = root + path;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`cannot load ${path}`));
      document.head.append(script);
    });
    return loading[path];
  }

  /* ---- charts ---- */

  const variantOf = (picture) => (picture.clientWidth >= 640 ? "wide" : "narrow"); // as the style sheet decides

  /** Draw the living chart at the size of the static one, then show it in its place. */
  async function enliven(picture) {
    const name = picture.dataset.chart;
    await Promise.all([load("lib/vega.js"), load(`_figures/${name}.js`)]);
    const variant = variantOf(picture);
    const { datasets, [variant]: spec } = window.reportBook.charts[name];
    const host = document.createElement("div");
    host.className = "chart-live";
    // ast: expressions are interpreted, so that a page may forbid code made from strings.
    const options = { renderer: "svg", actions: false, ast: true, logLevel: 1 };
    await window.vegaEmbed(host, { ...spec, datasets, description: picture.getAttribute("aria-label") }, options);
    // The figure has its description and its data as a table; single marks without names would only be noise.
    host.querySelector("svg").setAttribute("aria-hidden", "true");
    picture.querySelector(".chart-live")?.remove();
    picture.append(host);
    picture.setAttribute("role", "group"); // it now holds marks and controls of its own
    picture.dataset.live = variant;
  }

  const pictures = [...document.querySelectorAll(".chart-picture")];
  const near = new IntersectionObserver(
    (entries) =>
      entries
        .filter((entry) => entry.isIntersecting)
        .forEach((entry) => {
          near.unobserve(entry.target);
          if (entry.target.dataset.live === variantOf(entry.target)) return;
          enliven(entry.target).catch((error) => console.warn(error.message)); // the static picture stays
        }),
    { rootMargin: "200px" },
  );
  pictures.forEach((picture) => near.observe(picture));
  new ResizeObserver(() =>
    pictures
      .filter((picture) => picture.dataset.live && picture.dataset.live !== variantOf(picture))
      .forEach((picture) => near.observe(picture)),
  ).observe(document.body);

  /* ---- what stands behind a number or a term ---- */

  const note = Object.assign(document.createElement("div"), { id: "book-note", className: "book-note", hidden: true });
  note.setAttribute("role", "tooltip");
  document.body.append(note);
  let shown = null;

  function hide() {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    note.hidden = true;
  }

  function show(link) {
    shown = link;
    note.textContent = link.dataset.note;
    note.hidden = false;
    link.setAttribute("aria-describedby", note.id);
    const at = link.getClientRects()[0];
    const left = Math.min(Math.max(8, at.left), document.documentElement.clientWidth - note.offsetWidth - 8);
    const above = at.top > note.offsetHeight + 12;
    note.style.left = `${left + window.scrollX}px`;
    note.style.top = `${window.scrollY + (above ? at.top - note.offsetHeight - 6 : at.bottom + 6)}px`;
  }

  document.querySelectorAll('article a[href*="#fact-"], article a[href*="#term-"]').forEach((link) => {
    if (!link.title) return;
    link.dataset.note = link.title;
    link.removeAttribute("title"); // else the browser shows it a second time
    link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(link));
    link.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
    link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("click", (event) => {
      // The first tap shows the note, the second follows the link.
      if (event.pointerType !== "mouse" && event.pointerType && shown !== link) {
        event.preventDefault();
        show(link);
      }
    });
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", (event) => shown && !shown.contains(event.target) && hide());

  /* ---- long tables: search and filter, without a server ---- */

  const wordOf = (cell) => (cell.querySelector("[class*='badge-']") ?? cell).textContent.trim();

  document.querySelectorAll("table.filterable").forEach((table) => {
    const rows = [...table.tBodies[0].rows];
    const bar = Object.assign(document.createElement("form"), { className: "table-filter" });
    bar.addEventListener("submit", (event) => event.preventDefault());
    const found = Object.assign(document.createElement("output"), {});
    const controls = [];

    function add(label, control, passes) {
      const wrap = document.createElement("label");
      wrap.append(label, control);
      bar.append(wrap);
      controls.push((row) => passes(row, control.value));
    }

    const search = Object.assign(document.createElement("input"), { type: "search" });
    add("Search ", search, (row, value) => row.textContent.toLowerCase().includes(value.toLowerCase()));
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const words = [...new Set(rows.map((row) => wordOf(row.cells[column])))].sort();
      if (words.length < 2 || words.length > 12) return;
      const select = document.createElement("select");
      select.append(new Option("all", ""), ...words.map((word) => new Option(word, word)));
      add(`${head.textContent.trim()} `, select, (row, value) => !value || wordOf(row.cells[column]) === value);
    });
    bar.addEventListener("input", () => {
      rows.forEach((row) => (row.hidden = !controls.every((passes) => passes(row))));
      found.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
    });
    bar.append(found);
    (table.closest(".scrolls") ?? table).before(bar);
  });
});
