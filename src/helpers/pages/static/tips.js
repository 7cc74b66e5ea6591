/* The note of a mark: its row in words, wholly on the screen. Fetched with the first living chart. */
"use strict";
{
  const box = Object.assign(document.createElement("div"), { id: "vg-tooltip-element", className: "vg-tooltip" });
  document.body.append(box);
  const hide = () => box.classList.remove("visible");
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("scroll", hide, { passive: true });

  const EMPTY = new Set(["", "null", "undefined", "NaN", "Invalid Date"]);

  /** Return a date from the data: a moment of the chart, whose days begin at midnight here or in Greenwich, or the data's own text. */
  function dateOf(value) {
    const text = /^(\d{4})-(\d\d)(?:-(\d\d))?/.exec(value);
    if (text) return new Date(Date.UTC(text[1], text[2] - 1, text[3] ?? 1));
    const at = new Date(value);
    return at.getHours() || at.getMinutes() ? at : new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()));
  }

  function inWords(value, form) {
    if (form === "day" || form === "month") {
      const date = dateOf(value);
      if (Number.isNaN(date.getTime())) return String(value);
      return date.toLocaleDateString("en-GB", { timeZone: "UTC", year: "numeric", month: "long", ...(form === "day" && { day: "numeric" }) });
    }
    if (form === "year") return String(value instanceof Date ? dateOf(value).getUTCFullYear() : value);
    if (form === "word") return String(value).replaceAll("-", " ");
    if (typeof value !== "number") return String(value);
    const digits = typeof form === "number" ? { minimumFractionDigits: form, maximumFractionDigits: form } : { maximumFractionDigits: 3 };
    return value.toLocaleString("en-GB", digits);
  }

  function rowOf(title, words) {
    const row = document.createElement("tr");
    if (title.trim()) row.append(Object.assign(document.createElement("td"), { className: "key", textContent: title }));
    row.append(Object.assign(document.createElement("td"), { className: "value", textContent: words, colSpan: title.trim() ? 1 : 2 }));
    return row;
  }

  /** Return what Vega calls when a mark is pointed at, for a chart with these forms. */
  window.reportBook.tip = (forms) => (_, event, item, value) => {
    if (typeof value === "object" && value) {
      const told = Object.entries(value).filter(([, each]) => each !== null && !EMPTY.has(String(each).trim()));
      const table = document.createElement("table");
      table.append(...told.map(([title, each]) => rowOf(title, inWords(each, forms[title]))));
      box.replaceChildren(...(told.length ? [table] : []));
    } else box.textContent = EMPTY.has(String(value)) ? "" : String(value);
    if (!box.textContent) return hide();
    box.style.left = box.style.top = "0";
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const place = (at, size, room) => Math.max(8, at + 12 + size > room - 8 ? Math.min(at - 12 - size, room - 8 - size) : at + 12);
    const narrow = box.offsetWidth + event.clientX + 20 > width && event.clientX - box.offsetWidth < 20; // fits on neither side
    box.style.left = `${narrow ? (width - box.offsetWidth) / 2 : place(event.clientX, box.offsetWidth, width)}px`;
    box.style.top = `${place(event.clientY, box.offsetHeight, height)}px`;
    box.classList.add("visible");
  };
}
