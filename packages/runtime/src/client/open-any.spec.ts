import {
  ApiVersionMismatchError,
  PluginClient,
  PluginLoadError,
  PluginRetiredError,
  PluginTrapError,
  adapt,
  checkHandshake,
  type CallOptions,
  type LoadOptions,
  type MessageInit,
  type PluginSource,
  type PluginModule,
  type PluginVersions,
  type ServiceDescriptor,
} from "../index.js";
import { askLibrary } from "../testing/ask.js";
import { BEHAVIOURS } from "../testing/behaviours.js";
import { Inner } from "../testing/everything.js";
import { GreeterPlugin as GreeterV1, service } from "../testing/greeter-client.js";
import { concat, customSection, greeter, wat } from "../testing/wat.js";

const serviceV2 = {
  ...service,
  version: 2,
  methods: {
    greet: { name: "greet", wasmName: "greeter_greet", input: Inner, output: Inner },
    part: { name: "part", wasmName: "greeter_part", input: Inner, output: Inner },
  },
} satisfies ServiceDescriptor;

interface GreeterService {
  greet(request: MessageInit<Inner>, options?: CallOptions): Promise<Inner>;
  part(request: MessageInit<Inner>, options?: CallOptions): Promise<Inner>;
}

/** A loader as the code generator writes it. */
class GreeterV2 extends PluginClient implements GreeterService {
  static readonly service: ServiceDescriptor = serviceV2;

  static async load(source: PluginSource, options?: LoadOptions): Promise<GreeterV2> {
    return new GreeterV2(await PluginClient.open(source, serviceV2, options));
  }

  static async loadAny(
    source: PluginSource,
    versions: PluginVersions<GreeterService, GreeterV2>,
    options?: LoadOptions,
  ): Promise<GreeterV2> {
    return new GreeterV2(await PluginClient.openAny(source, serviceV2, versions, options));
  }

  readonly sync = {
    greet: (request: MessageInit<Inner>) => this.callSync(serviceV2.methods.greet, request),
  };

  greet(request: MessageInit<Inner>, options?: CallOptions): Promise<Inner> {
    return this.call(serviceV2.methods.greet, request, options);
  }

  part(request: MessageInit<Inner>, options?: CallOptions): Promise<Inner> {
    return this.call(serviceV2.methods.part, request, options);
  }
}

const versions: PluginVersions<GreeterService, GreeterV2> = {
  2: GreeterV2,
  1: adapt(GreeterV1, (old) => ({
    greet: (request, options) => old.sayHello(request, options),
    part: async ({ name = "" }) => ({ name: `bye, ${name}` }),
  })),
};

const version = (number: number): string =>
  `(func (export "greeter_api_version") (result i64) (i64.const ${number}))`;
const v1 = () => wat(greeter());
const METHODS = `
  (func (export "greeter_greet") (param i32 i32) (result i64) (i64.const 0))
  (func (export "greeter_part") (param i32 i32) (result i64) (i64.const 0))`;
const v2 = () => wat(greeter({ version: version(2), more: METHODS }));

describe("loadAny", () => {
  it("loads a plugin of the host's own version as load does", async () => {
    const plugin = await GreeterV2.loadAny(await v2(), versions);
    expect((await plugin.greet({ name: "ada" })).name).toBe("");
    expect(plugin.sync.greet({}).name).toBe("");
    await plugin.dispose();
    expect(plugin.retired).toBe(true);
  });

  it.each([
    ["a worker", { isolation: "worker" }],
    ["a pool", { isolation: "inline", pool: { size: 2 } }],
  ] as [string, LoadOptions][])(
    "has instances of an old plugin replaced in %s, and tells of it as of any",
    async (_where, where) => {
      const kinds: string[] = [];
      const plugin = await GreeterV2.loadAny(await wat(greeter(BEHAVIOURS)), versions, {
        ...where,
        ...askLibrary((it) => it, false),
        stderr: null,
        restart: { times: 1, most: 1 },
        hooks: { instance: ({ kind }) => void kinds.push(kind) },
      });
      const crash = () => expect(plugin.greet({ name: "t" })).rejects.toThrow(PluginTrapError);
      await crash();
      expect((await plugin.greet({ name: "e" })).name).toBe("e");
      expect(plugin.stats()).toMatchObject({ calls: 2, errors: 1, instances: 1, restarts: 1 });
      await crash();
      await crash();
      expect(plugin.retired).toBe(true);
      const refused = plugin.greet({ name: "e" });
      await expect(refused).rejects.toThrow(PluginRetiredError);
      await expect(refused).rejects.toThrow("it failed 2 times in a row");
      // What the adapter answers by itself needs no plugin.
      expect((await plugin.part({ name: "ada" })).name).toBe("bye, ada");
      expect(plugin.stats()).toMatchObject({ instances: 0, restarts: 2, waiting: 0 });
      expect(kinds).toEqual([
        ...["started", "retired", "restarting"],
        ...["started", "retired", "restarting"],
        ...["started", "retired", "gaveUp"],
      ]);
      await plugin.dispose();
    },
  );

  it("makes a plugin of an old version into one of the new", async () => {
    const plugin = await GreeterV2.loadAny(await v1(), versions);
    const answer = await plugin.greet({ name: "ada" });
    expect(answer).toBeInstanceOf(Inner);
    expect(answer.name).toBe("ada");
    // An answer may be any part of the fields.
    expect(await plugin.part({ name: "ada" })).toBeInstanceOf(Inner);
    expect((await plugin.part({ name: "ada" })).name).toBe("bye, ada");
    expect(plugin.stats()).toMatchObject({ calls: 3, errors: 0, memoryBytes: 65536 });
    expect(() => plugin.sync.greet({})).toThrow(/^sync\.greet: the plugin is of an old version/);
    await plugin.dispose();
    await expect(plugin.greet({})).rejects.toThrow("it was disposed");
  });

  it("gives the old plugin the host functions of its own version, and the options of calls", async () => {
    const source = await wat(
      greeter({
        imports: `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`,
        sayHello: `(call $ask (local.get $ptr) (local.get $size))`,
      }),
    );
    const options = askLibrary((_request, { context }) => ({ name: String(context) }), false);
    const plugin = await GreeterV2.loadAny(source, {
      2: GreeterV2,
      1: adapt(
        GreeterV1,
        (old) => ({
          greet: (request, options) => old.sayHello(request, options),
          part: (request) => old.sayHello(request, { context: "none" }),
        }),
        options,
      ),
    });
    expect((await plugin.greet({}, { context: "ada" })).name).toBe("ada");
    expect((await plugin.part({}, { context: "ada" })).name).toBe("none");
    await plugin.dispose();
  });

  it("takes the version from the file where that tells it, and so starts the plugin once", async () => {
    const started: string[] = [];
    const section = (number: number): Uint8Array =>
      customSection(
        "wplug",
        JSON.stringify({ services: [{ typeName: "test.v1.Greeter", version: number }] }),
      );
    const loader = {
      service: GreeterV1.service,
      load(source: PluginSource, options?: LoadOptions) {
        started.push((source as PluginModule).name);
        return GreeterV1.load(source, options);
      },
    };
    const served = {
      2: GreeterV2,
      1: adapt(loader, (old) => ({ greet: old.sayHello.bind(old), part: old.sayHello.bind(old) })),
    };
    const plugin = await GreeterV2.loadAny(concat(await v1(), section(1)), served);
    expect(started).toHaveLength(1);
    await plugin.dispose();
    // One that claims another version than it has.
    await expect(GreeterV2.loadAny(concat(await v1(), section(2)), served)).rejects.toThrow(
      ApiVersionMismatchError,
    );
  });

  it("says which versions the host serves, if there is nothing for the plugin's", async () => {
    const loading = GreeterV2.loadAny(await wat(greeter({ version: version(3) })), versions);
    await expect(loading).rejects.toThrow(ApiVersionMismatchError);
    await expect(loading).rejects.toThrow(
      "API version mismatch, host: 1, 2, plugin: 3 (the plugin, loaded as test.v1.Greeter): build the plugin from one of " +
        "these versions of the contract, or give loadAny an adapter for version 3",
    );
    await expect(loading).rejects.toMatchObject({ hostVersion: 2n, pluginVersion: 3n });
  });

  it("refuses what is no plugin of the service, in the words of load", async () => {
    const noVersion = GreeterV2.loadAny(await wat(greeter({ version: "" })), versions);
    await expect(noVersion).rejects.toThrow("greeter_api_version is not exported");
    await expect(GreeterV2.loadAny(new Uint8Array(3), versions)).rejects.toThrow(PluginLoadError);
    const endless = await wat(greeter({ more: `(start $s) (func $s (loop $a (br $a)))` }));
    await expect(GreeterV2.loadAny(endless, versions, { limits: { time: 200 } })).rejects.toThrow(
      "took longer than 200 ms",
    );
    await expect(GreeterV2.loadAny("plugin.wasm", versions, { watch() {} })).rejects.toThrow(
      "watch: loadAny can't watch a file",
    );
  });

  it("refuses versions that are not what they are listed as", async () => {
    const source = await v1();
    await expect(GreeterV2.loadAny(source, { ...versions, 3: GreeterV2 })).rejects.toThrow(
      "loadAny: version 3 of test.v1.Greeter is given a loader for version 2 of test.v1.Greeter",
    );
    await expect(GreeterV2.loadAny(source, { 1: GreeterV1 as never })).rejects.toThrow(
      "loadAny is given nothing for version 2 of test.v1.Greeter, and no adapter for another",
    );
  });

  it("lets go of a plugin whose adapter fails", async () => {
    let old: GreeterV1 | undefined;
    const loading = GreeterV2.loadAny(await v1(), {
      1: adapt(GreeterV1, (plugin): GreeterService => {
        old = plugin;
        throw new Error("no adapter");
      }),
    });
    await expect(loading).rejects.toThrow("no adapter");
    expect(old?.retired).toBe(true);
  });

  it("has types that tell which methods an adapter lacks", () => {
    const lacking: PluginVersions<GreeterService, GreeterV2> = {
      // @ts-expect-error -- part is missing
      1: adapt(GreeterV1, (old) => ({ greet: old.sayHello.bind(old) })),
    };
    expect(Object.keys(lacking)).toEqual(["1"]);
  });
});

describe("checkHandshake of a host that serves several versions", () => {
  const check = (source: PluginSource) =>
    checkHandshake(source, serviceV2, { versions, calls: true, hostFunctions: [] });

  it("checks a plugin against the version that it is built from", async () => {
    expect(await check(await v1())).toMatchObject({
      hostVersion: 1,
      pluginVersion: 1,
      calls: [{ name: "greeter_say_hello", outcome: "answered" }],
      problems: [],
    });
    expect(await check(await v2())).toMatchObject({
      hostVersion: 2,
      pluginVersion: 2,
      calls: [{ name: "greeter_greet" }, { name: "greeter_part" }],
      problems: [],
    });
  });

  it("tells what a plugin of an old version lacks of that version", async () => {
    const old = await wat(greeter().replace(`(export "greeter_say_hello")`, ""));
    expect((await check(old)).problems).toEqual(["greeter_say_hello is not exported"]);
    const broken = await wat(greeter({ sayHello: "unreachable" }));
    expect((await check(broken)).problems).toEqual([
      expect.stringMatching(/^greeter_say_hello fails with an empty request: /),
    ]);
  });

  it("names all versions to a plugin of another one", async () => {
    const report = await check(await wat(greeter({ version: version(3), more: METHODS })));
    expect(report).toMatchObject({ hostVersion: 2, pluginVersion: 3, calls: [] });
    expect(report.problems).toEqual(["API version mismatch, host: 1, 2, plugin: 3"]);
    const onlyOld = { 1: versions[1] as (typeof versions)[1] } as typeof versions;
    const { problems } = await checkHandshake(await v2(), serviceV2, { versions: onlyOld });
    expect(problems).toEqual(["API version mismatch, host: 1, plugin: 2"]);
  });

  it("knows the libraries that an adapter brings", async () => {
    const source = await wat(
      greeter({
        imports: `(import "env" "ask" (func $ask (param i32 i32) (result i64)))`,
        sayHello: `(call $ask (local.get $ptr) (local.get $size))`,
      }),
    );
    expect((await check(source)).problems).toEqual([
      "plugin imports env.ask, which the host does not provide",
    ]);
    const upgrade = () => ({}) as GreeterService;
    const library = askLibrary(() => ({}), false);
    const { problems } = await checkHandshake(source, serviceV2, {
      versions: { 1: adapt(GreeterV1, upgrade, library) },
    });
    expect(problems).toEqual([]);
  });

  it("reports a version that is not what it is listed as", async () => {
    const { problems } = await checkHandshake(await v2(), serviceV2, {
      versions: { 1: GreeterV2 },
    });
    expect(problems).toEqual([
      "loadAny: version 1 of test.v1.Greeter is given a loader for version 2 of test.v1.Greeter",
    ]);
  });
});
