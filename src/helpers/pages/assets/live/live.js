/* "Run this chapter here": makes a page's cells editable and runs them in a worker. Fetched when a reader opens the
   switch; a script, not a module, because a page opened from disk may load no modules. */
"use strict";

(() => {
  const box = document.querySelector(".live-box");
  const settings = box.dataset;
  const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
  const { widthOf } = window.reportBook;
  const [FIGURE, FACT, CLAIMS] = ["vnd.vegalite.v6", "vnd.report-book.fact", "vnd.report-book.claims"].map((name) => `application/${name}+json`);
  const cells = [];
  let worker = null; // the running Python
  let waiting = null; // who waits for its answer, and where outputs go

  function make(tag, properties, ...content) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...content);
    return element;
  }

  /* ---- what a cell shows ---- */

  function loadVega() {
    if (window.vegaEmbed) return null;
    return new Promise((resolve, reject) => {
      const script = make("script", { src: new URL("lib/vega.js", root), onload: resolve });
      script.onerror = () => reject(new Error("cannot load lib/vega.js"));
      document.head.append(script);
    });
  }

  const views = (spec) => spec.vconcat?.flatMap(views) ?? (spec.spec ? views(spec.spec) : [spec]);

  /** Draw a chart once, see what axes and legends add, and draw it again as wide as the book's own. */
  async function draw(place, { title, description, usermeta, ...spec }, first, variant) {
    const picture = make("div", { className: "chart-picture", role: "group", ariaLabel: description || "A chart without a description" });
    const figure = make("figure", { className: "chart" }, picture);
    if (usermeta) {
      figure.prepend(make("p", { className: "chart-title" }, title));
      figure.append(make("figcaption", {}, usermeta.caption));
    } else if (title) spec.title = title;
    place.append(figure);
    const options = { renderer: "svg", actions: false, ast: true, logLevel: 1 };
    await loadVega();
    const host = make("div", { className: "chart-live" });
    picture.append(host);
    await window.vegaEmbed(host, spec, options);
    const around = host.querySelector("svg").width.baseVal.value - first;
    for (const view of views(spec)) {
      const wider = (widthOf(variant) - around) / first;
      view.width = Math.max(60, Math.round(view.width * wider));
      if (JSON.stringify(view).includes("geoshape")) view.height *= wider; // maps keep their shape
    }
    await window.vegaEmbed(host, spec, options);
    host.querySelector("svg").setAttribute("aria-hidden", "true"); // the description says it
  }

  async function show(place, output, variant) {
    const text = output.print ?? output.error ?? output["text/plain"] ?? "";
    if (output[FIGURE]) {
      await draw(place, output[FIGURE], output.width, variant).catch((error) => place.append(make("pre", { className: "live-error", tabIndex: 0 }, error.message)));
    } else if (output[FACT]) {
      place.append(make("p", { className: "live-fact" }, make("strong", {}, output[FACT].text), ` ${output[FACT].definition}`));
    } else if (output[CLAIMS]) {
      const lines = output[CLAIMS].claims.map((claim) => make("li", {}, `${claim.claim} `, make("strong", {}, claim.verdict), claim.status_now && `; now ${claim.status_now}`));
      place.append(make("ul", {}, ...lines));
    } else if (output["text/html"]) place.append(make("div", { className: "scrolls", tabIndex: 0, innerHTML: output["text/html"] }));
    else if (output.print && place.lastChild?.className === "live-print") place.lastChild.append(text);
    else place.append(make("pre", { className: output.error ? "live-error" : output.print ? "live-print" : "live-value", tabIndex: 0 }, text));
  }

  /* ---- Python ---- */

  const progress = make("progress", { max: Number(settings.bytes), ariaLabel: "Fetching Python" });

  /** Ask the worker for one thing; true if it went well, false if not, nothing if it was stopped. */
  function ask(message, place = null) {
    return new Promise((resolve) => {
      waiting = { resolve, place };
      worker.postMessage(message);
    });
  }

  async function startPython(controls) {
    controls.say("Starting Python …");
    progress.value = 0;
    controls.bar.append(progress);
    worker = new Worker(new URL("live/worker.mjs", root), { type: "module" });
    worker.onerror = (event) => waiting.resolve(controls.fail(event.message || "the worker does not start"));
    let shown = Promise.resolve();
    worker.onmessage = ({ data }) => {
      const { resolve, place } = waiting;
      if (data.fetched) progress.value += data.fetched;
      else if (data.output) shown = shown.then(() => show(place, data.output, variant())); // one after another, in order
      else if (data.failed) resolve(controls.fail(data.failed));
      else shown.then(() => resolve(data.done));
    };
    const url = (path) => new URL(path, root).href;
    const packages = settings.packages.split(" ");
    const well = await ask({ base: url(settings.base), packages, archives: settings.archives.split(" ").map(url) });
    progress.remove();
    return well;
  }

  const variant = () => (box.parentElement.clientWidth >= widthOf("wide") ? "wide" : "narrow");

  function stop() {
    worker.terminate();
    worker = null;
    cells.forEach((cell) => (cell.ran = null));
    progress.remove();
    waiting.resolve();
  }

  /** Run some cells, after those above the last of them that have not run as they stand; controls show how it goes. */
  async function run(controls, last, again) {
    if (waiting) return stop();
    document.querySelectorAll(".live-run").forEach((button) => (button.textContent = "Stop"));
    let well = worker ? true : await startPython(controls);
    for (const [i, cell] of cells.slice(0, last + 1).entries()) {
      if (!well) break;
      if (cell.ran === cell.editor.value && !again && i < last) continue;
      controls.say(`Running cell ${i + 1} …`);
      cell.place.replaceChildren();
      cell.stored?.classList.add("live-stored");
      cell.ran = cell.editor.value;
      well = await ask({ code: cell.ran, label: `cell ${i + 1}`, variant: variant() }, cell.place);
      if (!well) cell.ran = null;
      if (well === false && worker) controls.say(`Cell ${i + 1} ended in an error, shown below it.`);
    }
    if (well) controls.say(last < 0 ? "Python is ready: change a cell and run it." : "Done.");
    if (well === undefined) controls.say("Stopped. Python starts afresh at the next run.");
    waiting = null;
    document.querySelectorAll(".live-run").forEach((button) => (button.textContent = button.dataset.label));
  }

  /** Return a bar with the buttons to run and reset, and a line that says how it goes. */
  function controlsFor(name, label, onRun, onReset) {
    const status = make("output", {});
    const button = make("button", { type: "button", className: "live-run", onclick: onRun }, label);
    button.dataset.label = label;
    const reset = make("button", { type: "button", onclick: onReset, ariaLabel: `Reset ${name}` }, "Reset");
    button.setAttribute("aria-describedby", name.replace(" ", "-"));
    const bar = make("div", { className: "live-bar" }, make("span", { id: name.replace(" ", "-") }, name), button, reset, status);
    const say = (text) => (status.textContent = text);
    const fail = (reason) => {
      worker?.terminate();
      worker = null;
      say(`Python could not start: ${reason}`);
      return false;
    };
    return { bar, say, fail };
  }

  /* ---- cells ---- */

  function makeEditable(element, source, i) {
    const rows = source.split("\n").length;
    const editor = make("textarea", { value: source, rows, spellcheck: false, ariaLabel: `Code of cell ${i + 1}`, wrap: "off" });
    editor.setSelectionRange(0, 0);
    const cell = { editor, ran: null, stored: element.querySelector(".cell_output"), place: make("div", { className: "live-output" }) };
    const go = () => run(controls, i, false);
    cell.reset = () => {
      editor.value = source;
      cell.place.replaceChildren();
      cell.stored?.classList.remove("live-stored");
      controls.say("");
    };
    const controls = controlsFor(`Cell ${i + 1}`, "Run", go, cell.reset);
    editor.onkeydown = (event) => {
      if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey)) return;
      event.preventDefault();
      go();
    };
    // What the page does not show at all stays folded; what it folds is opened.
    const fold = make("details", { className: "live-cell", open: !element.classList.contains("tag_remove-input") });
    fold.append(make("summary", {}, `Code of cell ${i + 1}`), editor, controls.bar);
    element.querySelector(".cell_input")?.classList.add("live-stored");
    element.querySelector("details.hide.above-input")?.classList.add("live-stored");
    element.prepend(fold);
    element.append(cell.place);
    cells.push(cell);
  }

  async function throwSwitch() {
    const answer = await fetch(new URL(settings.cells, root)).catch((error) => ({ statusText: error.message }));
    if (!answer.ok) return box.append(make("p", { role: "alert" }, `The code of this page cannot be fetched: ${answer.statusText}`));
    const sources = await answer.json();
    [...document.querySelectorAll("article div.cell")].forEach((element, i) => makeEditable(element, sources[i], i));
    const all = () => run(controls, cells.length - 1, true);
    const controls = controlsFor("All cells", "Run all", all, () => cells.forEach((cell) => cell.reset()));
    const help = "Change the code and press Run, or Shift and Enter in the cell. Cells above that have not run yet run first.";
    box.replaceChildren(controls.bar, make("p", {}, help));
    controls.bar.querySelector("button").focus();
    run(controls, -1, false);
  }

  const size = `${Math.round(settings.bytes / 1e6)} MB`;
  const from = new URL(settings.base, root).host;
  if (location.protocol === "file:") box.prepend(make("p", {}, "A page opened from disk may not start Python."));
  else {
    const button = make("button", { type: "button", onclick: throwSwitch }, "Start Python");
    box.prepend(button, make("p", {}, `This makes the code editable and fetches Python and the data (${size}) from ${from}; until then nothing is fetched.`));
  }
})();
