import {
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  type JsonValue,
  toJson,
} from "@bufbuild/protobuf";

import { readComment } from "../src/contract/model/comments";
import { ProtoSource } from "../src/contract/model/proto-source";
import { MOST_DESCRIPTORS, parseDescriptors } from "../src/descriptors/parse-descriptors";
import { type DescribedService, describedServices } from "../src/inspection/described-services";
import { inflate } from "./compress";

/** The contract of a plugin, as it tells it. */
export interface Contract {
  /** As in the plugin. */
  readonly compressed: Uint8Array;
  readonly services: readonly DescribedService[];
  readonly registry: FileRegistry;
  /** Of fields, by `message.field`. */
  readonly comments: ReadonlyMap<string, string>;
}

/** @throws Error if it can't be read */
export async function readContract(compressed: Uint8Array): Promise<Contract> {
  const set = parseDescriptors(await inflate(compressed, MOST_DESCRIPTORS));
  const registry = createFileRegistry(set);
  const comments = new Map<string, string>();
  for (const file of registry.files) {
    const source = new ProtoSource(file);
    const add = (message: DescMessage): void => {
      for (const field of message.fields) {
        const { lines } = readComment(source, field);
        if (lines.length > 0) comments.set(`${message.typeName}.${field.name}`, lines.join("\n"));
      }
      message.nestedMessages.forEach(add);
    };
    file.messages.forEach(add);
  }
  return { compressed, services: describedServices(set), registry, comments };
}

/** @throws Error if there is none, which only damaged descriptors have */
export function messageOf({ registry }: Pick<Contract, "registry">, typeName: string): DescMessage {
  const message = registry.getMessage(typeName);
  if (message === undefined) throw new Error(`the contract does not have the message ${typeName}`);
  return message;
}

/** A message of the contract in JSON, with all fields that have a value. */
export function jsonOf(
  { registry }: Pick<Contract, "registry">,
  message: DescMessage,
  bytes: Uint8Array,
): JsonValue {
  return toJson(message, fromBinary(message, bytes), { registry, alwaysEmitImplicit: true });
}
