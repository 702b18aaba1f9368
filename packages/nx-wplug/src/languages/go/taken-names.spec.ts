import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { generatePlugin } from "../../codegen/generate-plugin";
import type { Contract, TypeName } from "../../contract/contract";
import { goName, withoutPackage } from "../../contract/model/names";
import type { Diagnostic } from "../../errors/contract-error";
import { emitHostSdk } from "../../host-sdk";
import { compileInline, contractOf, type Protos } from "../../testing/compile-inline";
import { expectEchoes } from "../../testing/expect-echoes";
import { protosOfTakenNames } from "../../testing/protos-of-taken-names";
import { TemporaryFolder } from "../../testing/temporary-folder";
import { WebAssembly } from "../../wasm/web-assembly";
import { go } from ".";
import { findGaps } from "./gaps/find-gaps";
import { goPackage, goTypeName } from "./go-names";
import { GO_PLUGIN_VERSION } from "./go-module";

// A contract of thousands of names.
jest.setTimeout(600_000);

const hasGo = spawnSync("go", ["version"]).status === 0;

if (!hasGo) {
  it("names that mean something else, in Go: not run, no Go toolchain", () =>
    expect(hasGo).toBe(false));
}

const KEYWORDS =
  "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return " +
  "select struct switch type var";

/** What Go can't have, by kind. */
const REFUSED = {
  // And what the code of a service needs.
  "a service":
    `${KEYWORDS} append bool byte copy error false float32 float64 int int32 int64 len make new nil panic string uint uint32 ` +
    "uint64 uint8 init ptr Size",
  "an rpc": KEYWORDS,
  // Methods of messages.
  "a field": "ProtoReflect MarshalVT UnmarshalVT SizeVT",
  "a oneof": "ProtoReflect MarshalVT UnmarshalVT SizeVT",
};

function gapsOf(protos: Protos): Diagnostic[] {
  return findGaps({
    descriptors: compileInline(protos),
    paths: Object.keys(protos),
    contract: contractOf(protos),
    imported: [],
    onDisk: (path) => path,
  });
}

/** The contract without what Go can't take. Each declaration is a line, and messages are used in echo.proto. */
function takenByGo(): Protos {
  const refused = new Set(gapsOf(protosOfTakenNames).map(({ path, line }) => `${path}:${line}`));
  const isRefused = (path: string, index: number) => refused.has(`${path}:${index + 1}`);
  const messages = (protosOfTakenNames["messages.proto"] ?? "")
    .split("\n")
    .filter((_, index) => isRefused("messages.proto", index))
    .map((line) => `(messages.${/message (\w+)/.exec(line)?.[1] ?? ""})`);
  const isUseOfRefused = (path: string, line: string) =>
    path === "echo.proto" && messages.some((it) => line.includes(it));
  return Object.fromEntries(
    Object.entries(protosOfTakenNames).map(([path, text]) => {
      const lines = text
        .split("\n")
        .filter((line, index) => !isRefused(path, index) && !isUseOfRefused(path, line));
      return [path, lines.join("\n")];
    }),
  );
}

/** A plugin that answers each request with itself; AllRpcs asks the host's function of the same name. */
function echoPlugin({ files }: Contract): string {
  const packages = new Map(files.map((file) => [file.path, file.package]));
  const type = ({ file, typeName }: TypeName) => {
    const scope = packages.get(file) ?? "";
    return `*${scope}.${goTypeName(withoutPackage(typeName, scope))}`;
  };
  const lines: string[] = [];
  const used = new Set<string>();
  for (const { package: scope, pluginServices, hostService } of files) {
    for (const service of pluginServices) {
      const goService = goName(withoutPackage(service.typeName, scope));
      const plugin = `plugin${lines.length}`;
      lines.push(`type ${plugin} struct{}`);
      lines.push(`func init() { ${scope}.Register${goService}(${plugin}{}) }`);
      used.add(scope);
      for (const { protoName, input, output } of service.methods) {
        used.add(packages.get(input.file) ?? "");
        const name = goName(protoName);
        const answer =
          service.name === "AllRpcs" && hostService !== undefined
            ? `${scope}.NewAllFunctions().${name}(ctx, request)`
            : "request, nil";
        lines.push(
          `func (${plugin}) ${name}(ctx context.Context, request ${type(input)}) (${type(output)}, error) { return ${answer} }`,
        );
      }
    }
  }
  const imports = [...used].map((scope) => `import "x/${goPackage(scope).folder}"`);
  return [
    "//go:build wasip1\n",
    'package main\n\nimport "context"',
    ...imports,
    "func main() {}",
    ...lines,
    "",
  ].join("\n");
}

describe("names that mean something else, in Go", () => {
  it("are refused where Go can't have them, and only there", () => {
    const refused = new Map<string, Set<string>>();
    const others: string[] = [];
    for (const { message } of gapsOf(protosOfTakenNames)) {
      const [, kind, name] = /^(.*) can't be called (.*) there: rename it$/.exec(message) ?? [];
      if (kind === undefined || name === undefined) others.push(message);
      else refused.set(kind, (refused.get(kind) ?? new Set()).add(name));
    }
    const sorted = [...refused].map(([kind, names]) => [kind, [...names].sort().join(" ")]);
    expect(Object.fromEntries(sorted)).toEqual(
      Object.fromEntries(
        Object.entries(REFUSED).map(([kind, names]) => [kind, names.split(" ").sort().join(" ")]),
      ),
    );
    // Names that differ in upper and lower case alone.
    for (const message of others) {
      const [, one, other] =
        /^the (?:message|fields) (\w+) and (?:the message )?(\w+)(?: of \w+)? get one name: rename one$/.exec(
          message,
        ) ?? [];
      expect([message, one?.toLowerCase()]).toEqual([message, other?.toLowerCase()]);
    }
  });

  (hasGo ? it : () => {})("are compiled and called, but for those that are refused", async () => {
    const protos = takenByGo();
    const files = Object.fromEntries(
      Object.entries(protos).map(([path, text]) => [`proto/${path}`, text]),
    );
    const template = (name: string) =>
      readFileSync(join(__dirname, "files", `${name}__tmpl__`), "utf8");
    const contract = contractOf(protos);
    const folder = new TemporaryFolder({
      ...files,
      "go.mod": template("go.mod")
        .replaceAll("<%= name %>", "x")
        .replaceAll("<%= goPluginVersion %>", GO_PLUGIN_VERSION),
      "go.sum": template("go.sum"),
      "main.go": echoPlugin(contract),
    });
    try {
      await generatePlugin({
        plugin: "x",
        folder: folder.path,
        language: go,
        sources: { protoRoot: join(folder.path, "proto") },
      });
      const outFile = join(folder.path, "dist/x.wasm");
      const project = { name: "x", root: "x", folder: folder.path };
      const result = await go.compile({
        workspaceRoot: folder.path,
        plugin: project,
        contract: project,
        imports: [],
        main: undefined,
        start: "build",
        section: () => Promise.resolve({ wplug: {} }),
        outFile,
      });
      expect(result).toMatchObject({ ok: true, messages: [] });
      const wasm = new WebAssembly.Module(readFileSync(outFile));
      await expectEchoes(contract, emitHostSdk(contract), wasm);
    } finally {
      folder.remove();
    }
  });
});
