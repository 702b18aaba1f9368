import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  type CodeGeneratorResponse,
} from "@bufbuild/protobuf/wkt";

import { emitHostSdk } from "../host-sdk";
import { emitSdk } from "../languages/assemblyscript/emit-sdk";
import { compileInline, contractOf, type Protos } from "../testing/compile-inline";
import { respond } from "./protoc-gen-wplug";

const protos = {
  "greeter.proto": `syntax = "proto3";
package greeter.v1;
// go:plugin type=plugin version=1
service Greeter { rpc SayHello(GreetRequest) returns (GreetReply); }
message GreetRequest { string name = 1; }
message GreetReply { string message = 1; }
`,
};

async function ask(parameter = "", files: Protos = protos): Promise<CodeGeneratorResponse> {
  const request = create(CodeGeneratorRequestSchema, {
    parameter,
    fileToGenerate: Object.keys(files),
    protoFile: compileInline(files).file,
  });
  // As a request goes through a pipe.
  const bytes = toBinary(CodeGeneratorRequestSchema, request);
  const response = await respond(fromBinary(CodeGeneratorRequestSchema, bytes));
  return fromBinary(CodeGeneratorResponseSchema, toBinary(CodeGeneratorResponseSchema, response));
}

const filesOf = ({ file }: CodeGeneratorResponse) =>
  file.map(({ name, content }) => ({ path: name, content }));

describe("protoc-gen-wplug", () => {
  it("answers with the files of the target", async () => {
    expect(filesOf(await ask("target=typescript"))).toEqual(emitHostSdk(contractOf(protos)));
    expect(filesOf(await ask("target=assemblyscript"))).toEqual(emitSdk(contractOf(protos)));
  });

  it("answers with all by default, those of one language in one folder", async () => {
    const both = filesOf(await ask()).map(({ path }) => path);
    expect(both).toContain("ts/greeter.host.ts");
    expect(both).toContain("ts/greeter.plugin.ts");
    expect(both).toContain("as/greeter.plugin.ts");
    expect(
      filesOf(await ask("target=assemblyscript,target=typescript,target=typescript-plugin")),
    ).toEqual(filesOf(await ask()));
  });

  it("says what it can do: optional fields and editions", async () => {
    const { supportedFeatures, minimumEdition, maximumEdition } = await ask();
    expect(supportedFeatures).toBe(3n);
    expect([minimumEdition, maximumEdition]).toEqual([999, 1001]);
  });

  it.each([
    ["target=rust", 'unknown target "rust": use target=typescript or target=assemblyscript'],
    ["paths=source_relative", 'unknown option "paths=source_relative": the only one is target'],
  ])("explains a wrong option: %s", async (parameter, message) => {
    const { error, file } = await ask(parameter);
    expect(file).toEqual([]);
    expect(error).toContain(message);
  });

  it("reports all mistakes of the contract with their places, and no files", async () => {
    const wrong = protos["greeter.proto"]
      .replace("type=plugin", "type=foo")
      .replace("returns (", "returns (stream ");
    const { error, file } = await ask("", { "greeter.proto": wrong });
    expect(file).toEqual([]);
    expect(error).toMatch(
      /^greeter\.proto:3:1: annotation of greeter\.v1\.Greeter: unknown type "foo"/,
    );
  });
});
