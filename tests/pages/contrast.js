/* How each text of a drawing stands out from what is drawn below its middle, by WCAG 2: those under 4.5. */
() => {
  const parsed = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) =>
    colour.slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const svg = [...document.querySelectorAll(".chart-picture svg")].find((each) => each.getBoundingClientRect().height > 20);
  /** Return a shape's colour with how much of it is seen; nothing if it is not filled. */
  function ink(shape) {
    const [red, green, blue, alpha = 1] = parsed(getComputedStyle(shape).fill);
    if (blue === undefined) return null;
    let seen = alpha * getComputedStyle(shape).fillOpacity;
    for (let each = shape; each !== svg; each = each.parentElement) seen *= getComputedStyle(each).opacity;
    return [red, green, blue, seen];
  }
  const over = (above, below) => [0, 1, 2].map((i) => above[i] * above[3] + below[i] * (1 - above[3]));
  const page = parsed(getComputedStyle(document.body).backgroundColor);
  svg.querySelectorAll("*").forEach((each) => (each.style.pointerEvents = "all"));
  const pairs = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() && ink(text)?.[3]).map((text) => {
    text.scrollIntoView({ block: "center", behavior: "instant" });
    const box = text.getBoundingClientRect();
    const below = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2).reverse();
    const shapes = below.filter((each) => svg.contains(each) && each !== svg && !each.closest("text"));
    const ground = shapes.map(ink).filter(Boolean).reduce((sum, each) => over(each, sum), page);
    const [high, low] = [over(ink(text), ground), ground].map(luminance).sort((a, b) => b - a);
    return [text.textContent, (high + 0.05) / (low + 0.05)];
  });
  return { counted: pairs.length, low: pairs.filter(([, ratio]) => ratio < 4.5) };
}
