// Starts a deck. Letters: S speaker's notes, F full screen, O overview, ? all keys.
"use strict";
if (document.querySelector(".reveal")) {
  Reveal.initialize({ width: 1280, height: 720, margin: 0, center: false, hash: true, transition: "none", controls: false, slideNumber: "c/t", pdfMaxPagesPerSlide: 1, plugins: [RevealNotes] });
}

// A chart reads the pointer's place in its own pixels, and a slide is scaled: while a reader drags, give it the place that it means.
for (const kind of ["pointerdown", "pointermove", "mousedown", "mousemove"]) {
  addEventListener(kind, (event) => {
    const chart = document.querySelector(".slides .present .chart-live svg");
    if (!chart || !event.buttons) return;
    const box = chart.getBoundingClientRect();
    const scale = box.width / chart.width.baseVal.value;
    Object.defineProperty(event, "clientX", { value: box.left + (event.clientX - box.left) / scale });
    Object.defineProperty(event, "clientY", { value: box.top + (event.clientY - box.top) / scale });
  }, true);
}
