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

import { emitAssemblyScript } from "./assemblyscript";
import { ContractError, formatDiagnostic, type Diagnostic } from "./contract-error";
import type { Contract } from "./contract";
import type { GeneratedFile } from "./generated-file";
import { buildContract } from "./model/build-contract";
import { emitTypeScript } from "./typescript";

type Target = "typescript" | "assemblyscript";

interface Emitter {
  readonly emit: (contract: Contract) => GeneratedFile[];
  /** Folder where both languages are generated into one place. */
  readonly folder: string;
}

const emitters: Readonly<Record<Target, Emitter>> = {
  typescript: { emit: emitTypeScript, folder: "ts" },
  assemblyscript: { emit: emitAssemblyScript, folder: "as" },
};

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
  const response = respond(request, (warning) => {
    // The compilers pass on what their plugins print.
    process.stderr.write(`warning: ${formatDiagnostic(warning)}\n`);
  });
  process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
}

/** What `protoc-gen-wplug` answers. */
export function respond(
  request: CodeGeneratorRequest,
  warn?: (warning: Diagnostic) => void,
): CodeGeneratorResponse {
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
    const contract = buildContract(set, request.fileToGenerate, warn);
    for (const { path, content } of emitAll(contract, targets)) {
      response.file.push(create(CodeGeneratorResponse_FileSchema, { name: path, content }));
    }
  } catch (error) {
    if (!(error instanceof ContractError) && !(error instanceof OptionError)) throw error;
    response.error = error.message;
  }
  return response;
}

function emitAll(contract: Contract, targets: readonly Target[]): GeneratedFile[] {
  return targets.flatMap((target) => {
    const { emit, folder } = emitters[target];
    const files = emit(contract);
    // Both languages have an index.ts and an X.pb.ts: together they need a folder each.
    if (targets.length === 1) return files;
    return files.map(({ path, content }) => ({ path: `${folder}/${path}`, content }));
  });
}

/** `target=typescript`, `target=assemblyscript`, or nothing for both. */
function parseTargets(parameter: string): Target[] {
  const all = Object.keys(emitters) as Target[];
  const targets = new Set<Target>();
  for (const option of parameter.split(",").filter(Boolean)) {
    const [key, value = ""] = option.split("=");
    const target = all.find((name) => name === value);
    if (key !== "target") {
      throw new OptionError(`unknown option "${option}": the only one is target`);
    }
    if (target === undefined) {
      throw new OptionError(
        `unknown target "${value}": use target=typescript or target=assemblyscript, or no option for both`,
      );
    }
    targets.add(target);
  }
  return targets.size === 0 ? all : all.filter((target) => targets.has(target));
}
