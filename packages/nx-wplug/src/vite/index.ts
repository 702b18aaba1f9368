import { folderWith } from "../config/find-projects";
import { builtPlugins } from "../jest/built-plugins";
import { viteConditions } from "../workspace/source-conditions";
import { type Alias, aliasesOf } from "./alias";

/** As much of a plugin of Vite as this one is: https://vite.dev/guide/api-plugin */
export interface WplugVitePlugin {
  readonly name: string;
  config(config: { root?: string | undefined }): ViteConfig;
  configureServer(server: ViteServer): void;
  resolveId(id: string): string | undefined;
  load(id: string): string | undefined;
}

interface ViteConfig {
  readonly resolve: {
    readonly alias: Alias[];
    readonly conditions?: string[];
  };
  readonly server: {
    readonly headers: Record<string, string>;
    readonly fs: { readonly allow: string[] };
  };
  readonly preview: { readonly headers: Record<string, string> };
}

interface ViteServer {
  readonly watcher: {
    add(paths: readonly string[]): unknown;
    on(event: "change" | "add", listener: (path: string) => void): unknown;
  };
  readonly ws: { send(payload: { type: "full-reload" }): void };
}

const MODULE = "virtual:wplug/plugins";
// What other plugins of Vite leave alone: https://vite.dev/guide/api-plugin#virtual-modules-convention
const RESOLVED = `\0${MODULE}`;

/** For memory that a page shares with its workers: https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * Lets Vite bundle a host: `virtual:wplug/plugins` has the built plugins of its contracts, by their URLs, and contracts of the
 * workspace are found by their sources.
 *
 * In vite.config.mts: `export default defineConfig({ plugins: [wplug()] })`.
 */
export function wplug(): WplugVitePlugin {
  let root = process.cwd();
  return {
    name: "wplug",
    config(config) {
      root = config.root ?? root;
      const workspaceRoot = folderWith("nx.json", root);
      const conditions = viteConditions(root, "browser");
      return {
        resolve: {
          alias: aliasesOf(workspaceRoot),
          ...(conditions !== undefined && { conditions }),
        },
        // Plugins are built in projects of their own.
        server: { headers: HEADERS, fs: { allow: [workspaceRoot] } },
        preview: { headers: HEADERS },
      };
    },
    configureServer({ watcher, ws }) {
      const files = builtPlugins(root).map(({ wasm }) => wasm);
      watcher.add(files);
      const reload = (path: string): void => {
        if (files.includes(path)) ws.send({ type: "full-reload" });
      };
      watcher.on("change", reload);
      watcher.on("add", reload);
    },
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    load: (id) => (id === RESOLVED ? pluginsModule(root) : undefined),
  };
}

/** The module that a page imports. */
function pluginsModule(root: string): string {
  const plugins = builtPlugins(root).map(({ name, wasm }) => ({
    name: JSON.stringify(name),
    url: JSON.stringify(`${wasm.replaceAll("\\", "/")}?url&no-inline`),
  }));
  return [
    ...plugins.map(({ url }, index) => `import url${index} from ${url};`),
    "export const plugins = [",
    ...plugins.map(({ name }, index) => `  { name: ${name}, url: url${index} },`),
    "];",
    "",
  ].join("\n");
}
