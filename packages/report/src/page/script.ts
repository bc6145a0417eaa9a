// The page's own script, as text: it is hashed and written into the page. It adds exact values on hover, on touch and
// by the arrow keys, and the choice of a theme; without it the page says the same in its captions and tables.

export const SCRIPT: string = String.raw`"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const showTheme = () => { button.textContent = isDark() ? "Light theme" : "Dark theme"; };
  button.hidden = false;
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; showTheme(); });
  dark.addEventListener("change", showTheme);
  showTheme();

  const tip = document.getElementById("tip");
  const live = document.getElementById("live");
  const SVG = "http://www.w3.org/2000/svg";

  function sampleText(i) {
    const lines = [(data.rows ? "row " + data.rows[i] + ", " : "") + "group " + data.labels[i]];
    data.columns.forEach((column) => lines.push(column.name + ": " + column.values[i] + (column.unit ? " " + column.unit : "")));
    lines.push("probability of its group: " + data.sure[i], "log density: " + data.density[i]);
    return lines.join("\n");
  }

  function traceText(i) {
    return "start " + (data.traces.start[i] + 1) + ", iteration " + data.traces.iteration[i] + "\nbound: " + data.traces.bound[i];
  }

  const valuesOf = (key) => key === "unsure" ? data.sure.map((p) => 1 - p) : data.columns.find((c) => c.feature === Number(key)).values;

  function seriesOf(plot) {
    if (plot.dataset.x === "trace") return { x: data.traces.iteration, y: data.traces.bound, text: traceText };
    return { x: valuesOf(plot.dataset.x), y: valuesOf(plot.dataset.y), text: sampleText };
  }

  for (const plot of document.querySelectorAll(".plot[data-frame]")) {
    const [x0, x1, y0, y1] = plot.dataset.frame.split(" ").map(Number);
    const [left, right, bottom, top] = plot.dataset.box.split(" ").map(Number);
    const svg = plot.querySelector("svg");
    const series = seriesOf(plot);
    const px = (i) => left + ((series.x[i] - x0) / (x1 - x0)) * (right - left);
    const py = (i) => bottom + ((series.y[i] - y0) / (y1 - y0)) * (top - bottom);
    const inside = (i) => series.x[i] >= x0 && series.x[i] <= x1 && series.y[i] >= y0 && series.y[i] <= y1;
    const order = series.x.map((_, i) => i).filter(inside).slice(0, Number(plot.dataset.most || 1e9)).sort((a, b) => series.x[a] - series.x[b] || a - b);
    if (order.length === 0) continue;
    const ring = document.createElementNS(SVG, "circle");
    ring.setAttribute("class", "ring");
    ring.setAttribute("r", "6");
    let at = -1;

    function show(i) {
      ring.setAttribute("cx", px(i));
      ring.setAttribute("cy", py(i));
      svg.append(ring);
      tip.textContent = series.text(i);
      tip.hidden = false;
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      const box = svg.getBoundingClientRect();
      const x = box.left + px(i) * scale;
      const y = box.top + py(i) * scale;
      const width = tip.offsetWidth;
      const height = tip.offsetHeight;
      const across = x + 14 + width > innerWidth - 8 ? Math.max(8, x - width - 14) : x + 14;
      const down = y + 14 + height > innerHeight - 8 ? Math.max(8, y - height - 14) : y + 14;
      tip.style.left = across + scrollX + "px";
      tip.style.top = down + scrollY + "px";
    }
    function hide() {
      ring.remove();
      tip.hidden = true;
    }
    function nearest(event) {
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      const x = (event.clientX - box.left) * scale;
      const y = (event.clientY - box.top) * scale;
      let best = -1;
      let least = 40 * 40;
      for (const i of order) {
        const distance = (px(i) - x) ** 2 + (py(i) - y) ** 2;
        if (distance < least) { least = distance; best = i; }
      }
      return best;
    }
    const point = (event) => { const i = nearest(event); if (i < 0) hide(); else show(i); };
    svg.addEventListener("pointermove", point);
    svg.addEventListener("pointerdown", point);
    svg.addEventListener("pointerleave", hide);

    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", svg.getAttribute("aria-label") + ". The arrow keys go from point to point.");
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
      if (event.key === "Escape") { hide(); return; }
      if (event.key === "Home") at = 0;
      else if (event.key === "End") at = order.length - 1;
      else if (step) at = Math.min(order.length - 1, Math.max(0, at + step));
      else return;
      event.preventDefault();
      show(order[at]);
      live.textContent = tip.textContent;
    });
  }
})();
`;
