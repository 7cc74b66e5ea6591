/* Texts of a page's drawings that lie on each other or outside their drawing, line by line; letters count, not the air around them. */
async () => {
  for (const drawing of document.querySelectorAll(".chart-picture > div")) Object.assign(drawing.style, { display: "block", contentVisibility: "visible" });
  await document.fonts.ready;
  const said = [];
  let counted = 0;
  for (const svg of document.querySelectorAll(".chart-picture svg")) {
    const frame = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() && getComputedStyle(text).opacity > 0);
    const lines = texts.flatMap((text) => {
      const parts = text.querySelectorAll("tspan");
      return [...(parts.length ? parts : [text])].map((line) => {
        const { left, right, top, bottom } = line.getBoundingClientRect();
        const turned = bottom - top > right - left && line.textContent.length > 2; // its air lies at its sides then
        const [across, along] = turned ? [(right - left) / 5, 0] : [0, (bottom - top) / 5];
        return { text, words: line.textContent, left: left + across, right: right - across, top: top + along, bottom: bottom - along };
      });
    });
    counted += lines.length;
    lines.forEach((one, i) => {
      if (one.left < frame.left - 1 || one.right > frame.right + 1 || one.top < frame.top - 1 || one.bottom > frame.bottom + 1) said.push(`“${one.words}” leaves the drawing`);
      for (const other of lines.slice(i + 1)) {
        if (one.text === other.text || one.words === other.words) continue; // a text upon its own halo
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (wide > 1 && high > 1) said.push(`“${one.words}” lies on “${other.words}”`);
      }
    });
  }
  return { counted, said };
}
