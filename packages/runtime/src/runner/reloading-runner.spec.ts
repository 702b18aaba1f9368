import { mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import {
  PluginLoadError,
  PluginRetiredError,
  PluginTrapError,
  type LoadOptions,
} from "../index.js";
import { askLibrary } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { GreeterPlugin } from "../testing/greeter-client.js";
import { greeter, wat } from "../testing/wat.js";

describe("a plugin that is watched", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wplug-watch-")));
    file = join(folder, "plugin.wasm");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A plugin that answers with the text of an error, one character. */
  const answering = (character: string) =>
    wat(
      greeter({
        sayHello: `(i32.store8 (i32.const 200) (i32.const ${character.charCodeAt(0)})) (i64.const ${(200n << 32n) | (1n << 31n) | 1n})`,
      }),
    );

  function write(bytes: Uint8Array): void {
    writeFileSync(`${file}.new`, bytes);
    renameSync(`${file}.new`, file);
  }

  async function load(source: string | URL = file, options: LoadOptions = {}) {
    const events: unknown[] = [];
    const waiting: (() => void)[] = [];
    const plugin = await GreeterPlugin.load(source, {
      ...options,
      watch: (error) => {
        events.push(error);
        waiting.shift()?.();
      },
    });
    const next = () => new Promise<void>((resolve) => waiting.push(resolve));
    const answer = () => plugin.sayHello({}).catch((error: unknown) => (error as Error).message);
    return { plugin, events, next, answer };
  }

  it.each(["a path", "a URL"])("is loaded again when its file changes: %s", async (kind) => {
    write(await answering("a"));
    const { plugin, events, next, answer } = await load(
      kind === "a path" ? file : pathToFileURL(file),
    );
    expect(await answer()).toBe("a");
    for (const character of ["b", "c"]) {
      const reloaded = next();
      write(await answering(character));
      await reloaded;
      expect(await answer()).toBe(character);
    }
    expect(events).toEqual([undefined, undefined]);
    expect(plugin.stats().calls).toBe(3);
    await plugin.dispose();
    await expect(plugin.sayHello({})).rejects.toBeInstanceOf(PluginRetiredError);
  });

  it("goes on as it is if the new file is none, and says why", async () => {
    write(await answering("a"));
    const { plugin, events, next, answer } = await load();
    const reloaded = next();
    write(new Uint8Array([1, 2, 3]));
    await reloaded;
    expect(events).toEqual([expect.any(PluginLoadError)]);
    expect(await answer()).toBe("a");
    const mended = next();
    write(await answering("b"));
    await mended;
    expect(await answer()).toBe("b");
    await plugin.dispose();
  });

  it.each([
    ["a worker", { isolation: "worker" }],
    ["a pool", { isolation: "inline", pool: { size: 2 } }],
  ] as [string, LoadOptions][])(
    "has its instances replaced in %s, is given up, and usable again with a new file",
    async (_where, where) => {
      write(await wat(greeter(BEHAVIOURS)));
      const kinds: string[] = [];
      const { plugin, next } = await load(file, {
        ...where,
        ...askLibrary((it) => it, false),
        stderr: null,
        restart: { times: 1, most: 1 },
        hooks: { instance: ({ kind }) => void kinds.push(kind) },
      });
      const reload = async (): Promise<void> => {
        const reloaded = next();
        write(await wat(greeter(BEHAVIOURS)));
        await reloaded;
      };
      const crash = () => expect(plugin.sayHello({ name: "t" })).rejects.toThrow(PluginTrapError);
      await crash();
      expect((await plugin.sayHello({ name: "e" })).name).toBe("e");
      expect(plugin.stats()).toMatchObject({ instances: 1, restarts: 1 });
      // A new version begins with a clean sheet; what was before stays counted.
      await crash();
      await reload();
      expect(plugin.stats()).toMatchObject({ instances: 1, restarts: 1 });
      await crash();
      await crash();
      expect(plugin.retired).toBe(true);
      await expect(plugin.sayHello({ name: "e" })).rejects.toThrow("it failed 2 times in a row");
      expect(plugin.stats()).toMatchObject({ instances: 0, restarts: 2, waiting: 0 });
      expect(kinds.filter((it) => it === "gaveUp")).toHaveLength(1);
      await reload();
      expect(plugin.retired).toBe(false);
      expect((await plugin.sayHello({ name: "e" })).name).toBe("e");
      expect(plugin.stats()).toMatchObject({ instances: 1, restarts: 2 });
      await plugin.dispose();
      const count = (kind: string): number => kinds.filter((it) => it === kind).length;
      expect(count("retired")).toBe(count("started"));
    },
  );

  it("loses no call of many", async () => {
    const versions = [await answering("a"), await answering("b")];
    write(versions[0] as Uint8Array);
    const { plugin, events, answer } = await load();
    const seen = new Set<unknown>();
    for (let i = 0; events.length < 4; i++) {
      if (i % 40 === 0) write(versions[(i / 40) % 2] as Uint8Array);
      seen.add(await answer());
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    expect([...seen].sort()).toEqual(["a", "b"]);
    expect(new Set(events)).toEqual(new Set([undefined]));
    await plugin.dispose();
  });

  it("must come from a file", async () => {
    const watch = (): void => {};
    await expect(GreeterPlugin.load(await answering("a"), { watch })).rejects.toThrow(
      "watch: only a plugin that is loaded from a path can be watched",
    );
  });
});
