import type { HostLibrary, LoadOptions } from "@wplug/runtime";

import { emitHostSdk } from "../host-sdk/emit-host-sdk";
import { PluginWorkspace } from "../languages/assemblyscript/testing/plugin-workspace";
import { contractOf, type Protos } from "../testing/compile-inline";
import { loadGenerated } from "../testing/load-generated";
import { typeErrors } from "../testing/type-errors";

jest.setTimeout(60_000);

const protos: Protos = {
  "shop.proto": `
    syntax = "proto3";
    package shop;
    message Url { string url = 1; }
    message Page { string text = 1; }
    message Nothing {}
    // What the shop does for plugins.
    // go:plugin type=host
    service ShopFunctions {
      // Gets a page.
      rpc HttpGet(Url) returns (Page);
      rpc Log(Page) returns (Nothing);
      rpc Ping(Nothing) returns (Nothing);
    }
    // go:plugin type=plugin version=1
    service Browser { rpc Browse(Url) returns (Page); rpc Ping(Nothing) returns (Nothing); }`,
  "library/json.proto": `
    syntax = "proto3";
    package json;
    message Text { string text = 1; }
    message Number { double value = 1; }
    // go:plugin type=host module=json-parser
    service JsonParser { rpc ParseNumber(Text) returns (Number); }`,
};

interface ShopFunctions {
  httpGet(request: { url: string }): object;
  log(request: { text: string }): object;
  ping(request: object): object;
}

interface Client {
  browse(request: { url: string }): Promise<{ text: string }>;
  ping(request: object): Promise<object>;
  readonly sync: { browse(request: { url: string }): { text: string } };
  readonly retired: boolean;
  stats(): { readonly memoryBytes: number };
  dispose(): Promise<void>;
}

/** The generated host SDK. */
interface Sdk {
  readonly BrowserPlugin: {
    load(
      wasm: Uint8Array,
      options?: LoadOptions & { host?: Partial<ShopFunctions> },
    ): Promise<Client>;
    readonly service: { readonly hostFunctions: readonly object[] };
  };
  provideJsonParser(implementation: {
    parseNumber(request: { text: string }): object;
  }): HostLibrary;
}

const json = { parseNumber: ({ text }: { text: string }) => ({ value: Number(text) }) };

describe("host functions", () => {
  let sdk: Sdk;
  let wasm: Uint8Array;
  const logged: string[] = [];
  const host: ShopFunctions = {
    httpGet: ({ url }) => ({ text: `page of ${url}` }),
    log: ({ text }) => {
      logged.push(text);
      return {};
    },
    ping: () => ({}),
  };
  const load = (functions: Partial<ShopFunctions> = {}) =>
    sdk.BrowserPlugin.load(wasm, {
      host: { ...host, ...functions },
      libraries: [sdk.provideJsonParser(json)],
    });

  beforeAll(async () => {
    sdk = await loadGenerated(emitHostSdk(contractOf(protos)), "host.ts");
    const workspace = new PluginWorkspace(contractOf(protos)).use("browser.ts");
    expect((await workspace.compile()).diagnostics).toEqual([]);
    wasm = workspace.module();
    workspace.dispose();
  });

  it("pass the type check", () => {
    expect(typeErrors(emitHostSdk(contractOf(protos)))).toEqual([]);
  });

  it("are called by the plugin, with requests and answers as the contract says", async () => {
    const plugin = await load();
    await expect(plugin.browse({ url: "a" })).resolves.toMatchObject({ text: "[[[page of a]]]" });
    expect(logged).toEqual(["gets a"]);
    await expect(plugin.ping({})).resolves.toBeDefined();
    expect(plugin.sync.browse({ url: "é".repeat(5000) }).text).toHaveLength(5014);
  });

  it("may be methods of a class", async () => {
    class Shop implements ShopFunctions {
      private readonly prefix = "class";
      httpGet({ url }: { url: string }) {
        return { text: `${this.prefix} ${url}` };
      }
      log() {
        return {};
      }
      ping() {
        return {};
      }
    }
    const plugin = await sdk.BrowserPlugin.load(wasm, {
      host: new Shop(),
      libraries: [sdk.provideJsonParser(json)],
    });
    await expect(plugin.browse({ url: "x" })).resolves.toMatchObject({ text: "[[[class x]]]" });
  });

  it("come from libraries too, in modules of their own", async () => {
    const plugin = await load();
    await expect(plugin.browse({ url: "json:21.5" })).resolves.toMatchObject({ text: "43.0" });
    expect(sdk.BrowserPlugin.service.hostFunctions).toContainEqual({
      module: "json-parser",
      name: "parse_number",
      rpc: "json.JsonParser.ParseNumber",
    });
  });

  it("may call the plugin again", async () => {
    const plugin: Client = await load({
      httpGet: ({ url }) => ({
        text: url.length < 30 ? plugin.sync.browse({ url: `${url}+` }).text : "end",
      }),
    });
    await expect(plugin.browse({ url: "u" })).resolves.toMatchObject({
      text: `${"[".repeat(90)}end${"]".repeat(90)}`,
    });
    await expect(plugin.browse({ url: "u" })).resolves.toBeDefined();
  });

  it("leave the failure of a method alone, whatever is called in between", async () => {
    const plugin: Client = await load({
      httpGet: ({ url }) => ({ text: url === "in" ? "" : plugin.sync.browse({ url: "in" }).text }),
    });
    await expect(plugin.browse({ url: "fail:out" })).rejects.toThrow("failed at fail:out");
    await expect(plugin.browse({ url: "fine" })).resolves.toBeDefined();
  });

  it("end the call when they throw, with the cause, and retire the plugin", async () => {
    const cause = new Error("no network");
    const plugin = await load({
      httpGet: () => {
        throw cause;
      },
    });
    const error: Error & { cause?: unknown } = await plugin.browse({ url: "a" }).then(
      () => new Error("not thrown"),
      (reason: Error) => reason,
    );
    expect(error.name).toBe("HostFunctionError");
    expect(error.message).toBe("host function env.http_get failed: no network");
    expect(error.cause).toBe(cause);
    expect(plugin.retired).toBe(true);
  });

  it("name the field of an answer that the contract does not allow", async () => {
    const plugin = await load({ httpGet: () => ({ text: 5 }) });
    await expect(plugin.browse({ url: "a" })).rejects.toThrow(
      "host function env.http_get failed: shop.Page.text: expected a string, got 5",
    );
  });

  it("leave no memory behind", async () => {
    const plugin = await load({ httpGet: () => ({ text: "x".repeat(10_000) }) });
    const pages = () => plugin.stats().memoryBytes;
    for (let i = 0; i < 500; i++) plugin.sync.browse({ url: "a" });
    const before = pages();
    for (let i = 0; i < 5000; i++) plugin.sync.browse({ url: "a" });
    expect(pages()).toBe(before);
  });

  it("are not taken from two libraries", async () => {
    const libraries = [sdk.provideJsonParser(json), sdk.provideJsonParser(json)];
    await expect(sdk.BrowserPlugin.load(wasm, { host, libraries })).rejects.toThrow(
      "the host provides json-parser.parse_number twice: leave out one of the libraries",
    );
  });

  it("need not be given to a plugin that calls none of them", async () => {
    const workspace = new PluginWorkspace(contractOf(protos));
    workspace.write(
      "plugins/greeter/assembly/index.ts",
      `import { Browser, Nothing, Page, registerBrowser, Url } from "@test/contract/assembly";
      class Plugin implements Browser {
        browse(url: Url): Page { const page = new Page(); page.text = url.url; return page; }
        ping(nothing: Nothing): Nothing { return nothing; }
      }
      registerBrowser(new Plugin());`,
    );
    expect((await workspace.compile()).diagnostics).toEqual([]);
    const alone = workspace.module();
    workspace.dispose();
    for (const options of [undefined, {}, { host: undefined }, { host }]) {
      const plugin = await sdk.BrowserPlugin.load(alone, options as { host?: ShopFunctions });
      await expect(plugin.browse({ url: "a" })).resolves.toMatchObject({ text: "a" });
    }
  });

  it("are asked for when a plugin is loaded, not when it calls", async () => {
    await expect(sdk.BrowserPlugin.load(wasm)).rejects.toThrow(
      /^plugin imports env\.ping \(shop\.ShopFunctions\.Ping\), env\.log \(shop\.ShopFunctions\.Log\), env\.http_get \(shop\.ShopFunctions\.HttpGet\), json-parser\.parse_number \(json\.JsonParser\.ParseNumber\): load it with the option host, an implementation of the host's functions, or with the library that has them \(the plugin, loaded as shop\.Browser\)$/,
    );
    await expect(sdk.BrowserPlugin.load(wasm, { host: { log: host.log } })).rejects.toThrow(
      "the implementation of shop.ShopFunctions lacks httpGet, ping: plugins may call all of its functions",
    );
    await expect(sdk.BrowserPlugin.load(wasm, { host })).rejects.toThrow(
      "plugin imports json-parser.parse_number (json.JsonParser.ParseNumber), which the host does not provide",
    );
  });
});
