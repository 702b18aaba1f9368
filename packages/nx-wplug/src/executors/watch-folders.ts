import { type FSWatcher, watch } from "node:fs";

/** What tasks write, and what is nobody's source. */
const OUTPUT = /(^|[\\/])(dist|gen|node_modules|target|tmp|\.[^\\/]+)([\\/]|$)/;

/** Editors write a file in several steps, and a branch is checked out in many: that long after the last, in ms. */
const SETTLED = 150;

/**
 * Watches the sources in folders.
 *
 * @param folders absolute
 * @param onChange is given the folders with changes, once they have settled
 * @returns a function that ends it
 */
export function watchFolders(
  folders: readonly string[],
  onChange: (changed: ReadonlySet<string>) => void,
): () => void {
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const watchers = folders.map(
    (folder): FSWatcher =>
      watch(folder, { recursive: true, persistent: false }, (_event, file) => {
        if (file !== null && OUTPUT.test(file)) return;
        changed.add(folder);
        clearTimeout(timer);
        timer = setTimeout(() => {
          const settled = changed;
          changed = new Set();
          onChange(settled);
        }, SETTLED);
      }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
