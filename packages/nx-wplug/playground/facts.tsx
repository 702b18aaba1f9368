import { formatInspection } from "../src/inspection/format-inspection";
import type { OpenedPlugin } from "./plugin";

/** What the plugin is. */
export function Facts({ plugin }: { plugin: OpenedPlugin }) {
  const { name, inspection, contract } = plugin;
  return (
    <>
      <details open={contract === undefined}>
        <summary>{name}</summary>
        <pre>
          {formatInspection({
            inspection,
            described: contract?.services ?? [],
          }).join("\n")}
        </pre>
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
