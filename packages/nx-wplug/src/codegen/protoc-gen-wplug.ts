import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponse_FileSchema,
  CodeGeneratorResponseSchema,
  Edition,
  FileDescriptorSetSchema,
  type CodeGeneratorRequest,
  type CodeGeneratorResponse,
} from "@bufbuild/protobuf/wkt";

import type { Contract } from "../contract/contract";
import { buildContract } from "../contract/model/build-contract";
import { ContractError, formatDiagnostic, type Diagnostic } from "../errors/contract-error";
import type { GeneratedFile } from "../generated/generated-file";
import { emitHostSdk } from "../host-sdk";
import { languagesOfContracts } from "../languages/find-language";

interface Target {
  /** Value of the option. */
  readonly name: string;
  /** Folder where several SDKs are generated into one place. */
  readonly folder: string;
  readonly emit: (contract: Contract) => Promise<readonly GeneratedFile[]>;
}

/** The SDK of hosts, and those that plugins find in the contract. One that lies in a plugin needs more than protos. */
function allTargets(): Target[] {
  return [
    {
      name: "typescript",
      folder: "ts",
      emit: (contract) => Promise.resolve(emitHostSdk(contract)),
    },
    ...languagesOfContracts().map(({ sdk: { protoc, emit } }) => ({
      name: protoc.target,
      folder: protoc.folder,
      emit,
    })),
  ];
}

/** A mistake in the plugin's options, for the person who wrote them. */
class OptionError extends Error {}

/**
 * Runs as a plugin of protoc or buf: request on standard input, response on standard output. Mistakes in the contract
 * or the options are part of the response, and the compiler prints them.
 *
 * @see https://protobuf.dev/reference/other/#plugins
 */
export async function main(): Promise<void> {
  if (process.stdin.isTTY) {
    process.stderr.write(
      "protoc-gen-wplug is started by protoc or buf:\n" +
        "  protoc --plugin=protoc-gen-wplug --wplug_out=gen --wplug_opt=target=typescript -Iproto proto/greeter.proto\n",
    );
    process.exitCode = 1;
    return;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  const request = fromBinary(CodeGeneratorRequestSchema, Buffer.concat(chunks));
  const response = await respond(request, (warning) => {
    // The compilers pass on what their plugins print.
    process.stderr.write(`warning: ${formatDiagnostic(warning)}\n`);
  });
  process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
}

/** What `protoc-gen-wplug` answers. */
export async function respond(
  request: CodeGeneratorRequest,
  warn?: (warning: Diagnostic) => void,
): Promise<CodeGeneratorResponse> {
  const response = create(CodeGeneratorResponseSchema, {
    supportedFeatures: BigInt(
      CodeGeneratorResponse_Feature.PROTO3_OPTIONAL |
        CodeGeneratorResponse_Feature.SUPPORTS_EDITIONS,
    ),
    minimumEdition: Edition.EDITION_PROTO3,
    maximumEdition: Edition.EDITION_2024,
  });
  try {
    const targets = parseTargets(request.parameter);
    const set = create(FileDescriptorSetSchema, { file: request.protoFile });
    const contract = buildContract(set, request.fileToGenerate, warn && { warn });
    for (const { path, content } of await emitAll(contract, targets)) {
      response.file.push(create(CodeGeneratorResponse_FileSchema, { name: path, content }));
    }
  } catch (error) {
    if (!(error instanceof ContractError) && !(error instanceof OptionError)) throw error;
    response.error = error.message;
  }
  return response;
}

async function emitAll(
  contract: Contract,
  targets: readonly Target[],
): Promise<readonly GeneratedFile[]> {
  const outputs = await Promise.all(
    targets.map(async ({ emit, folder }) => ({ folder, files: await emit(contract) })),
  );
  // All have an index.ts and an X.pb.ts: together they need a folder each.
  const [only] = outputs;
  if (outputs.length === 1 && only !== undefined) return only.files;
  return outputs.flatMap(({ folder, files }) =>
    files.map(({ path, content }) => ({ path: `${folder}/${path}`, content })),
  );
}

/** `target=typescript`, `target=assemblyscript`, or nothing for all. */
function parseTargets(parameter: string): Target[] {
  const all = allTargets();
  const targets = new Set<Target>();
  for (const option of parameter.split(",").filter(Boolean)) {
    const [key, value = ""] = option.split("=");
    const target = all.find(({ name }) => name === value);
    if (key !== "target") {
      throw new OptionError(`unknown option "${option}": the only one is target`);
    }
    if (target === undefined) {
      const known = all.map(({ name }) => `target=${name}`).join(" or ");
      const every = all.length === 2 ? "both" : "all";
      throw new OptionError(`unknown target "${value}": use ${known}, or no option for ${every}`);
    }
    targets.add(target);
  }
  return targets.size === 0 ? all : all.filter((target) => targets.has(target));
}
