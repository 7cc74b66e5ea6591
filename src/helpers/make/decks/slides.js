// Starts a deck. Letters: S speaker's notes, F full screen, O overview, ? all keys.
"use strict";
if (document.querySelector(".reveal")) {
  Reveal.initialize({ width: 1280, height: 720, margin: 0, center: false, hash: true, transition: "none", controls: false, slideNumber: "c/t", pdfMaxPagesPerSlide: 1, plugins: [RevealNotes] });
}
