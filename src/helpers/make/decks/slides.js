// Turns the slides: the one in the address is shown. Arrows, space, page keys, Home, End; S notes, F full screen.
"use strict";
{
  const slides = [...document.querySelectorAll("main > section")];
  const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
  let notes = null;

  const current = () => document.querySelector("section:target") ?? slides[0];

  function onKey(event) {
    // A chart's own controls have keys of their own.
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("input, select, [role=button]")) return;
    const ends = { Home: 0, End: slides.length - 1 };
    const next = slides[ends[event.key] ?? slides.indexOf(current()) + steps[event.key]];
    if (next) location.hash = next.id;
    else if (event.key === "f") document.documentElement.requestFullscreen();
    else if (event.key === "s") openNotes();
    else return;
    event.preventDefault();
  }

  function openNotes() {
    notes = open("", "notes", "popup,width=900,height=700");
    notes.document.documentElement.className = "speaker";
    notes.document.documentElement.dataset.theme = "light";
    const styles = [...document.querySelectorAll("link[rel=stylesheet]")];
    notes.document.head.replaceChildren(...styles.map(({ href }) => Object.assign(notes.document.createElement("link"), { rel: "stylesheet", href })));
    notes.addEventListener("keydown", onKey);
    tell();
  }

  /** Put the notes of the slide that is shown into the second window, and what comes next. */
  function tell() {
    if (!notes || notes.closed) return;
    const slide = current();
    const titled = (each) => each?.querySelector("h1, h2, .said p").textContent ?? "–";
    const heads = [`${slides.indexOf(slide) + 1} / ${slides.length}: ${titled(slide)}`, `Next: ${titled(slide.nextElementSibling)}`];
    const [here, next] = heads.map((text) => Object.assign(notes.document.createElement("h1"), { textContent: text }));
    const said = Object.assign(notes.document.createElement("div"), { innerHTML: slide.querySelector("aside").innerHTML });
    notes.document.body.replaceChildren(here, said, next);
    notes.scrollTo(0, 0);
  }

  /** Enlarge a drawing to the room that it has, below its words or beside them, and let letters shrink until all fit. */
  function fit(view) {
    const [frame, picture] = [".frame", ".chart-picture"].map((part) => view.querySelector(part));
    if (picture) view.classList.add(picture.offsetHeight > 380 ? "beside" : "below");
    const tight = (part) => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1;
    for (let size = 30; size > 12 && (tight(view) || (frame && frame.clientHeight < 300)); size--) view.style.fontSize = `${size}px`;
    const scale = picture && Math.min(frame.clientWidth / 640, frame.clientHeight / picture.offsetHeight);
    picture?.style.setProperty("--scale", scale);
  }

  const fill = () => document.body.style.setProperty("--fit", Math.min(innerWidth / 1280, innerHeight / 720));
  if (new URLSearchParams(location.search).has("notes")) document.documentElement.classList.add("with-notes");
  Promise.allSettled([...document.fonts].map((face) => face.load())).then(() => {
    document.documentElement.classList.add("measured"); // all slides have a place while they are measured
    document.querySelectorAll(".view").forEach(fit);
    document.documentElement.classList.replace("measured", "ready");
  });
  fill();
  addEventListener("resize", fill);
  addEventListener("keydown", onKey);
  addEventListener("hashchange", tell);
}
