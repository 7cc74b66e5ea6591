/* Lets the picture beside a text build up as a reader comes to its paragraphs; on a narrow screen a strip at the top edge does. */
"use strict";

/** Build a narrow screen's strip: a square for each box of the picture, and the words of the last one that came. */
function stripOf(board) {
  const strip = Object.assign(document.createElement("a"), { className: "unfolding-strip", href: `#${board.id}`, hidden: true });
  const says = document.createElement("span");
  const squares = [...board.querySelectorAll(".matter")].map((box) => {
    const square = document.createElement("i");
    square.dataset.step = box.dataset.step;
    square.dataset.says = box.dataset.says;
    square.style.color = box.querySelector("rect").getAttribute("fill");
    return square;
  });
  strip.setAttribute("aria-label", board.getAttribute("aria-label"));
  strip.append(...squares, says);
  return { strip, squares, says };
}

document.querySelectorAll(".unfolding").forEach((text) => {
  text.querySelectorAll("a[title]").forEach((link) => (link.title = link.title.replaceAll(" | ", "\n"))); // a line each
  const board = text.querySelector(".unfolding-board");
  const list = text.querySelector("ol");
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return; // all of it is there
  const { strip, squares, says } = stripOf(board);
  const parts = [...board.querySelectorAll("[data-step]"), ...squares];
  const first = list.start;
  const read = new Set();
  text.append(strip);
  text.classList.add("unfolds");

  function show() {
    const step = read.size ? first + read.size - 1 : 0;
    text.dataset.step = step;
    parts.forEach((part) => {
      part.classList.toggle("lit", Number(part.dataset.step) <= step);
      part.classList.toggle("now", Number(part.dataset.step) === step);
    });
    const come = squares.filter((square) => square.classList.contains("lit")).sort((a, b) => a.dataset.step - b.dataset.step);
    says.textContent = come.at(-1)?.dataset.says ?? "";
  }

  // The watched part of the window reaches far up, so that a paragraph stays in it once its top has come: no jump passes one by.
  const watch = new IntersectionObserver(
    (entries) => {
      entries.forEach(({ target, isIntersecting }) => read[isIntersecting ? "add" : "delete"](target));
      show();
    },
    { rootMargin: "1000000px 0px -45% 0px" },
  );
  [...list.children].forEach((paragraph) => watch.observe(paragraph));
  new IntersectionObserver(([{ isIntersecting }]) => (strip.hidden = !isIntersecting), { rootMargin: "-10% 0px -85% 0px" }).observe(list);
  show();
});
