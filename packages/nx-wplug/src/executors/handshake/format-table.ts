import type { HandshakeRow } from "./handshake-row";

const HEADINGS = ["contract", "host", "plugin", "service", "versions", "calls", "result"];

/** The rows as a table of aligned columns. */
export function formatTable(rows: readonly HandshakeRow[]): string {
  const cells = [
    HEADINGS,
    ...rows.map((row) => [
      row.contract,
      row.host ?? "-",
      row.plugin,
      row.service,
      versionsOf(row),
      callsOf(row),
      row.problems.length === 0 ? "ok" : "FAILED",
    ]),
  ];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `v2 / v2`, or `v1 v2 / v1` of a host that serves both. */
export function versionsOf({ hostVersions, pluginVersion }: HandshakeRow): string {
  const host = hostVersions.map((version) => `v${version}`).join(" ") || "none";
  return `${host} / ${pluginVersion === null ? "?" : `v${pluginVersion}`}`;
}

/** `2 answered, 1 error` */
export function callsOf({ calls }: HandshakeRow): string {
  const counts = (["answered", "error", "failed"] as const).flatMap((outcome) => {
    const count = calls.filter((call) => call.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  return counts.join(", ") || "-";
}

/** The sentence for one problem of a row, which names both projects. */
export function formatProblem(
  { contract, host, plugin, service }: HandshakeRow,
  problem: string,
): string {
  return `${plugin} does not fit ${host ?? contract}: ${problem} (${service})`;
}
