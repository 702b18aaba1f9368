import { formatInspection } from "../src/inspection/format-inspection";
import { clip } from "./clip";
import type { OpenedPlugin } from "./plugin";
import { Pre } from "./pre";

/** Characters that are shown: a module may have a million exports. */
const MOST = 50_000;

/** What the plugin is. */
export function Facts({ plugin }: { plugin: OpenedPlugin }) {
  const { name, inspection, contract } = plugin;
  const lines = formatInspection({ inspection, described: contract?.services ?? [] });
  return (
    <>
      <details open={contract === undefined}>
        <summary>{name}</summary>
        <Pre>{clip(lines.join("\n"), MOST)}</Pre>
      </details>
      {contract === undefined && (
        <p>
          This file does not tell its contract, so its functions can't be called from here: wplug
          did not build it, or its wplug.json has "describe": false.
        </p>
      )}
    </>
  );
}
