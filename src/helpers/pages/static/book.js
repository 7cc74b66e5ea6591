/* Brings charts alive when a reader comes near them, and shows what stands behind a number on hover, focus or tap. */
"use strict";
window.reportBook = {
  charts: {},
  parts: {},
  /** The width in pixels of a chart's drawing for a page or a phone, as the style sheet has it. */
  widthOf: (variant) => parseFloat(getComputedStyle(document.documentElement).getPropertyValue(`--rb-${variant}`)),
};

document.addEventListener("DOMContentLoaded", () => {
  const root = document.documentElement.dataset.content_root || "./";
  if (document.body.classList.contains("alone")) {
    document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
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

  /** Put what belongs to a figure into its place: its drawing for a phone, its data. */
  async function fill(place) {
    const { part } = place.dataset;
    delete place.dataset.part;
    await load(`_figures/${part}.js`);
    place.innerHTML = window.reportBook.parts[part];
    // What lies in a part leads from the site's top.
    place.querySelectorAll("a").forEach((link) => link.setAttribute("href", root + link.getAttribute("href")));
  }

  /** Fold what nobody types when looking for a word: case, width, accents, kinds of dashes and quotation marks, 1,168's comma, the space in per cent. */
  const fold = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/[\u2010-\u2015\u2212]/g, "-")
      .replace(/[\u2018\u2019\u02bc]/g, "'")
      .replace(/[\u201c\u201d]/g, '"')
      .replace(/(\d),(?=\d{3})/g, "$1")
      .toLowerCase()
      .replace(/\bper cent\b/g, "percent");

  /** Whether what comes next comes from a finger: clicks do not say so in every browser. */
  let finger = false;
  document.addEventListener("pointerdown", (event) => (finger = event.pointerType !== "mouse"), { capture: true });

  /* ---- charts ---- */

  const variantOf = (picture) => (picture.clientWidth >= window.reportBook.widthOf("wide") ? "wide" : "narrow"); // as the style sheet decides

  /** Let marks of a living chart lead where they lead in the drawing, a finger's second tap as with links in the text; fetch nothing. */
  function leading(picture) {
    const addresses = [...picture.querySelectorAll(".wide a")].map((link) => link.getAttribute("href"));
    const places = Object.fromEntries(addresses.map((address) => [address.slice(address.indexOf("#")), address]));
    let tapped;
    return {
      load: (uri) => Promise.reject(new Error(`${uri} is not fetched`)),
      sanitize: async (uri) => {
        if (!uri.startsWith("#")) return { href: uri };
        const first = finger && tapped !== uri;
        tapped = uri;
        if (first || !places[uri]) throw new Error(`${uri} is not followed`);
        return { href: places[uri] };
      },
    };
  }

  /** Draw the living chart at the size of the static one, then show it in its place. */
  async function enliven(picture) {
    const name = picture.dataset.chart;
    await Promise.all([load("lib/vega.js"), load("_static/tips.js"), load(`_figures/${name}.js`)]);
    const variant = variantOf(picture);
    const { datasets, forms, [variant]: spec } = window.reportBook.charts[name];
    const host = document.createElement("div");
    host.className = "chart-live";
    // ast: expressions are interpreted, so that a page may forbid code made from strings.
    const options = { renderer: "svg", actions: false, ast: true, logLevel: 1, tooltip: window.reportBook.tip(forms), loader: leading(picture) };
    const { view } = await window.vegaEmbed(host, { ...spec, datasets, description: picture.getAttribute("aria-label") }, options);
    followAddress(view, name, (spec.params ?? []).filter((param) => param.bind?.input));
    // Vega shows a mark's note when a pointer moves and takes it away when a mouse leaves the mark before, which Firefox says after the move.
    const again = (event) => event.target.dispatchEvent(new PointerEvent("pointermove", event));
    host.addEventListener("mouseover", again);
    // A finger does not hover: a tap shows what the pointer would. At the click, which comes last: before it the browser leaves the mark tapped before.
    host.addEventListener("click", (event) => finger && again(event));
    // A label without a note of its own is in nobody's way to the mark below it.
    host.querySelectorAll(".mark-text.role-mark").forEach((labels) => {
      if (![...labels.querySelectorAll("text")].some((text) => text.__data__?.tooltip)) labels.style.pointerEvents = "none";
    });
    stopAtLegend(host.querySelector("svg"));
    picture.querySelector(".chart-live")?.remove();
    picture.append(host);
    picture.setAttribute("role", "group"); // it now holds marks and controls of its own
    picture.dataset.live = variant;
  }

  /**
   * Let the keyboard choose in a legend that highlights, as a click does, and Escape take it back. Hide the rest from screen readers:
   * the figure has its description and its data as a table, single marks without names would only be noise.
   */
  function stopAtLegend(drawing) {
    const entries = [...drawing.querySelectorAll('[class*="_legend_entries"] > g')]; // Vega-Lite names them so where they can be chosen
    if (!entries.length) drawing.setAttribute("aria-hidden", "true");
    drawing.querySelectorAll('g[class*="role-"]').forEach((group) => {
      if (group.matches(".role-legend, .role-legend *") || group.querySelector(".role-legend")) group.removeAttribute("aria-hidden");
      else group.setAttribute("aria-hidden", "true");
    });
    const ground = drawing.querySelector("path.background"); // a click beside the legend shows everything again
    entries.forEach((entry) => {
      const said = { tabindex: 0, role: "button", "aria-label": `Highlight ${entry.textContent}`, "aria-pressed": false };
      Object.entries(said).forEach(([key, value]) => entry.setAttribute(key, value));
      const symbol = entry.querySelector(".role-legend-symbol path");
      entry.addEventListener("keydown", (event) => {
        const meant = { Enter: symbol, " ": symbol, Escape: ground }[event.key];
        if (!meant) return;
        event.preventDefault();
        meant.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey: event.shiftKey }));
      });
    });
    drawing.addEventListener("click", ({ target, shiftKey }) =>
      entries.forEach((each) => each.setAttribute("aria-pressed", each.contains(target) || (shiftKey && each.ariaPressed === "true"))),
    );
  }

  /** Return what an address asks of a control as a value that the control can have; undefined if there is none. */
  function settingFrom(text, { input, min, max, step, options }, present) {
    if (options) return options.find((option) => String(option) === text);
    if (input === "checkbox") return { true: true, false: false }[text];
    if (typeof present !== "number") return text;
    if (!text.trim() || !Number.isFinite(Number(text))) return undefined;
    // A slider of its own brings the number into the range and onto a step, as the reader's slider would.
    return Object.assign(document.createElement("input"), { type: input, min, max, step: step ?? "any", value: text }).valueAsNumber;
  }

  /** Take a figure's settings from the page's address, `?fig-horizon.radar_m=30`, and keep them there: a link shares the view. */
  function followAddress(view, figure, params) {
    const given = new URLSearchParams(location.search);
    params.forEach(({ name: param, bind }) => {
      const asked = given.get(`${figure}.${param}`);
      const setting = asked === null ? undefined : settingFrom(asked, bind, view.signal(param));
      if (setting !== undefined) view.signal(param, setting);
      view.addSignalListener(param, (_, value) => {
        const address = new URL(location.href);
        address.searchParams.set(`${figure}.${param}`, value);
        address.hash = figure;
        history.replaceState(history.state, "", address);
        document.querySelector(`#${figure} .chart-link`)?.setAttribute("href", address.href);
      });
    });
    return view.runAsync();
  }

  // Paper has no folds: there a figure's sources are all named.
  window.addEventListener("beforeprint", () => document.querySelectorAll("details.chart-source").forEach((fold) => (fold.open = true)));

  document.querySelectorAll(".chart-tools details").forEach((details) =>
    details.addEventListener("toggle", () => details.querySelectorAll("[data-part]").forEach(fill), { once: true }),
  );

  document.querySelectorAll(".chart-embed, .chart-load").forEach((code) => {
    code.textContent = code.textContent.replace(/(src=|csv\()"([^"]*)"/, (_, before, path) => `${before}"${new URL(path, location.href)}"`);
  });

  /** Do something with each element once, when a reader comes near it; return the watch, to which one may be given again. */
  function whenNear(elements, distance, act) {
    const watch = new IntersectionObserver(
      (entries) =>
        entries
          .filter((entry) => entry.isIntersecting)
          .forEach(({ target }) => {
            watch.unobserve(target);
            act(target);
          }),
      { rootMargin: distance },
    );
    elements.forEach((element) => watch.observe(element));
    return watch;
  }

  /* A drawing says all that its title says: what brings it alive waits until a reader stirs, and holds up no phone whose page comes. */
  const signs = ["scroll", "pointermove", "pointerdown", "keydown", "focusin"];
  const stirred = new Promise((here) => {
    if (location.search) here(); // which may set a figure
    signs.forEach((sign) => window.addEventListener(sign, here, { once: true, passive: true }));
  });

  const pictures = [...document.querySelectorAll(".chart-picture")];
  const near = whenNear(pictures, "200px", (picture) => {
    const place = variantOf(picture) === "narrow" && picture.querySelector(".narrow[data-part]");
    if (place) fill(place);
    if (picture.dataset.live === variantOf(picture)) return;
    stirred.then(() => enliven(picture)).catch((error) => console.warn(error.message)); // the static picture stays
  });
  whenNear(document.querySelectorAll(".thumb"), "300px", fill);

  new ResizeObserver(() =>
    pictures
      .filter((picture) => picture.dataset.live && picture.dataset.live !== variantOf(picture))
      .forEach((picture) => near.observe(picture)),
  ).observe(document.body);

  /* What scrolls is a stop for the keyboard; nothing is measured before it is laid out. */
  const stops = new ResizeObserver((entries) =>
    entries.forEach(({ target }) => {
      target.tabIndex = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight ? 0 : -1;
    }),
  );
  document.querySelectorAll("pre, .pst-scrollable-table-container").forEach((element) => stops.observe(element));

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

  // A finger may tap the note itself, as the link's second tap; the link keeps the focus meanwhile, else the note would go.
  note.addEventListener("mousedown", (event) => event.preventDefault());
  note.addEventListener("click", () => shown?.click());

  function show(link) {
    shown = link;
    note.textContent = link.dataset.note;
    note.classList.toggle("of-claim", link.matches(".badge-verdict"));
    note.style.setProperty("--badge", getComputedStyle(link).getPropertyValue("--badge"));
    note.hidden = false;
    link.setAttribute("aria-describedby", note.id);
    const at = link.getClientRects()[0];
    const width = document.documentElement.clientWidth;
    const margin = link.closest(".unfolding li, article").getBoundingClientRect().right + 16;
    const beside = width - margin > 240; // a wide screen has it in the margin, where it covers no text
    note.style.maxWidth = beside ? `min(24rem, ${width - margin - 16}px)` : "";
    const left = beside ? margin : Math.min(Math.max(8, at.left), width - note.offsetWidth - 8);
    const top = beside ? at.top - 8 : at.top > note.offsetHeight + 12 ? at.top - note.offsetHeight - 6 : at.bottom + 6;
    note.style.left = `${left + window.scrollX}px`;
    note.style.top = `${top + window.scrollY}px`;
  }

  /** What the page's own evidence says of a number: its row stands at the end of the page. */
  function proofOf(link) {
    const row = link.pathname === location.pathname && document.getElementById(link.hash.slice(1));
    if (!row?.cells) return "";
    const [text, meaning, data, source] = [...row.cells].map((cell) => cell.textContent.trim());
    return `${text}: ${meaning}${/[.?!…]$/.test(meaning) ? "" : "."}\nSource: ${source}. Data: ${data}`;
  }

  document.querySelectorAll('article a[href*="#fact-"], article a[href*="#term-"], article a:is([href*="#source-"], [href*="#claim-"])[title]').forEach((link) => {
    const said = link.title || proofOf(link);
    if (!said) return;
    link.dataset.note = said;
    const source = /\sSource: (.*)/.exec(said);
    if (source) link.dataset.source = source[1]; // what paper says of it
    link.removeAttribute("title"); // else the browser shows it a second time
    link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(link));
    link.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && hide());
    link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("click", (event) => {
      // The first tap shows the note, the second follows the link.
      if (finger && event.detail && shown !== link) {
        event.preventDefault();
        show(link);
      }
    });
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", (event) => shown && ![shown, note].some((part) => part.contains(event.target)) && hide());

  document.querySelector(".live")?.addEventListener("toggle", () => load("live/live.js"), { once: true });

  /* ---- solutions, folded ---- */

  document.querySelectorAll(".admonition.dropdown:not(:has(> details))").forEach((box) => {
    const [title, ...rest] = box.children;
    const fold = document.createElement("details");
    const summary = Object.assign(document.createElement("summary"), { className: title.className, textContent: title.textContent });
    title.remove();
    fold.append(summary, ...rest);
    box.append(fold);
  });
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll(".dropdown > details").forEach((fold) => (fold.open = true));
  });

  /* ---- questions with choices ---- */

  document.querySelectorAll(".quiz").forEach((quiz) =>
    quiz.addEventListener("change", (event) => {
      const right = "right" in event.target.dataset;
      quiz.querySelector(".quiz-said").textContent = right ? "Right." : "Not this one.";
      quiz.querySelector("details").open ||= right;
    }),
  );

  /* ---- the search page ---- */

  Object.assign(window.reportBook, { root, load, fold });
  if (document.getElementById("book-search-field")) load("_static/search.js");

  /* ---- long tables: search and filter, without a server ---- */

  const wordOf = (cell) => (cell.querySelector("[class*='badge-']") ?? cell).textContent.trim();

  const { compare } = new Intl.Collator("en", { numeric: true });

  /** Order cells: by the numbers that they begin with, then words; what is empty comes last, up and down. */
  function inOrder(a, b, up) {
    const [blankA, blankB] = [a, b].map((text) => /^[-\u2010-\u2015]?$/.test(text));
    const [x, y] = [a, b].map((text) => Number.parseFloat(fold(text)));
    return blankA - blankB || (up ? 1 : -1) * (Number.isNaN(x) - Number.isNaN(y) || x - y || compare(a, b));
  }

  document.querySelectorAll("table.filterable").forEach((table, place) => {
    const rows = [...table.tBodies[0].rows];
    let folded = null; // each row's text, once somebody searches
    const bar = Object.assign(document.createElement("form"), { className: "table-filter" });
    bar.addEventListener("submit", (event) => event.preventDefault());
    const found = document.createElement("output");
    const choices = document.createElement("div");
    const controls = [];

    function add(place, label, control, passes) {
      const wrap = document.createElement("label");
      wrap.append(label, control);
      place.append(wrap);
      control.autocomplete = "off"; // what comes back with Back, the page's own history brings
      controls.push({ control, passes: (row) => passes(row, control.value) });
    }

    const search = Object.assign(document.createElement("input"), { type: "search" });
    add(bar, "Search ", search, (row, value) => {
      folded ??= new Map(rows.map((each) => [each, fold(each.textContent)]));
      return folded.get(row).includes(fold(value));
    });
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const words = [...new Set(rows.map((row) => wordOf(row.cells[column])))].sort();
      if (words.length < 2 || words.length > 12) return;
      const select = document.createElement("select");
      select.append(new Option("all", ""), ...words.map((word) => new Option(word, word)));
      add(choices, `${head.textContent.trim()} `, select, (row, value) => !value || wordOf(row.cells[column]) === value);
    });
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "table-sort" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.ariaSort !== "ascending";
        [...table.tHead.rows[0].cells].forEach((other) => (other.ariaSort = null));
        head.ariaSort = up ? "ascending" : "descending";
        rows.sort((a, b) => inOrder(wordOf(a.cells[column]), wordOf(b.cells[column]), up));
        table.tBodies[0].append(...rows);
      });
    });
    function filter() {
      rows.forEach((row) => (row.hidden = !controls.every(({ passes }) => passes(row))));
      found.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
    }
    bar.addEventListener("input", () => {
      filter();
      const asked = { ...history.state?.asked, [place]: controls.map(({ control }) => control.value) };
      history.replaceState({ ...history.state, asked }, "");
    });
    const before = history.state?.asked?.[place];
    before?.forEach((value, i) => (controls[i].control.value = value));
    if (before) filter();
    bar.append(found, choices);
    (table.closest(".scrolls, .pst-scrollable-table-container") ?? table).before(bar);
  });
});
