/** What pictures are made of: SVG with its own background, so that they can be read on a page of either colour scheme. */

const STYLE = `
  .back { fill: #ffffff; stroke: #d0d7de; }
  text { fill: #1f2328; font: 14px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
  .on-line { paint-order: stroke; stroke: #ffffff; stroke-width: 5; }
  .title { font-weight: 600; }
  .small { font-size: 12px; fill: #59636e; }
  .code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 12.5px; }
  .box { fill: #f6f8fa; stroke: #818b98; }
  .ours { fill: #ddf4ff; stroke: #0969da; }
  .theirs { fill: #fff8c5; stroke: #9a6700; }
  .stop { fill: #ffebe9; stroke: #cf222e; }
  .line { stroke: #59636e; stroke-width: 1.5; fill: none; }
  .dashed { stroke-dasharray: 5 4; }
  .head { fill: #59636e; }
  .bar { fill: #0969da; }
  .other { fill: #818b98; }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117; stroke: #3d444d; }
    text { fill: #f0f6fc; }
    .on-line { stroke: #0d1117; }
    .small { fill: #b7bfc8; }
    .box { fill: #151b23; stroke: #9198a1; }
    .ours { fill: #0c2d6b; stroke: #4493f8; }
    .theirs { fill: #3b2300; stroke: #d29922; }
    .stop { fill: #490202; stroke: #f85149; }
    .line { stroke: #b7bfc8; }
    .head { fill: #b7bfc8; }
    .bar { fill: #4493f8; }
    .other { fill: #9198a1; }
  }
`;

/**
 * A picture.
 *
 * @param {{ width: number, height: number, title: string, description: string }} about what is read out in place of it
 * @param {readonly string[]} parts elements
 */
export function picture({ width, height, title, description }, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escape(title)}</title>
<desc id="description">${escape(description)}</desc>
<style>${STYLE}</style>
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>
<rect class="back" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
${parts.flat(Infinity).join("\n")}
</svg>
`;
}

export function rect(x, y, width, height, kind = "box") {
  return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`;
}

/** @param {"start" | "middle" | "end"} [anchor] */
export function text(x, y, content, kind = "", anchor = "start") {
  const attributes = [kind && ` class="${kind}"`, anchor !== "start" && ` text-anchor="${anchor}"`];
  return `<text x="${x}" y="${y}"${attributes.filter(Boolean).join("")}>${escape(content)}</text>`;
}

/** A box with lines of text in it, the first of them its title. */
export function box(x, y, width, height, lines, kind = "box") {
  const first = y + (height - (lines.length - 1) * 18) / 2 + 5;
  return [
    rect(x, y, width, height, kind),
    lines.map((line, index) => {
      const [content, style] = Array.isArray(line) ? line : [line, index === 0 ? "title" : "small"];
      return text(x + width / 2, first + index * 18, content, style, "middle");
    }),
  ];
}

/** An arrow along points, with a label at one of them. */
export function arrow(points, { dashed = false, both = false } = {}) {
  const path = points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join(" ");
  return `<path class="line${dashed ? " dashed" : ""}" d="${path}" marker-end="url(#arrow)"${both ? ' marker-start="url(#arrow)"' : ""}/>`;
}

function escape(content) {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
