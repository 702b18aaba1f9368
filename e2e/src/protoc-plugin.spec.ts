import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { repositoryRoot, tarballs } from "./repository.js";
import { run, runOk } from "./run.js";

describe("protoc-gen-wplug outside Nx", () => {
  let folder: string;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "wplug-protoc-")));
    runOk("npm init -y", folder);
    runOk(`npm install @bufbuild/buf@1.75.0 protoc@36.2.0 ${tarballs.join(" ")}`, folder);
    mkdirSync(join(folder, "proto"));
    cpSync(
      join(repositoryRoot, "examples/helloworld/contract/proto/greeter.proto"),
      join(folder, "proto/greeter.proto"),
    );
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("gives buf and protoc the same files", () => {
    writeFileSync(
      join(folder, "buf.gen.yaml"),
      [
        "version: v2",
        "inputs: [{ directory: proto }]",
        "plugins:",
        "  - { local: protoc-gen-wplug, out: buf/ts, opt: target=typescript }",
        "  - { local: protoc-gen-wplug, out: buf/as, opt: target=assemblyscript }",
        "",
      ].join("\n"),
    );
    runOk("npx buf generate", folder);

    mkdirSync(join(folder, "protoc/ts"), { recursive: true });
    mkdirSync(join(folder, "protoc/as"), { recursive: true });
    for (const [out, target] of [
      ["ts", "typescript"],
      ["as", "assemblyscript"],
    ]) {
      runOk(
        `npx protoc -Iproto --plugin=node_modules/.bin/protoc-gen-wplug --wplug_out=protoc/${out} --wplug_opt=target=${target} greeter.proto`,
        folder,
      );
    }
    expect(runOk("diff -r buf protoc", folder).output).toBe("");
    expect(readFileSync(join(folder, "buf/ts/greeter.host.ts"), "utf8")).toContain(
      "class GreeterPlugin",
    );
    expect(readFileSync(join(folder, "buf/as/greeter.plugin.ts"), "utf8")).toContain(
      "registerGreeter",
    );
  });

  it("reports a refused proto through protoc", () => {
    writeFileSync(
      join(folder, "proto/bad.proto"),
      'syntax = "proto3";\n// go:plugin type=foo\nservice Bad {}\n',
    );
    const { exitCode, output } = run(
      "npx protoc -Iproto --plugin=node_modules/.bin/protoc-gen-wplug --wplug_out=protoc/ts bad.proto",
      folder,
    );
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/bad\.proto:\d+:\d+: .*unknown type "foo"/);
    rmSync(join(folder, "proto/bad.proto"));
  });
});
