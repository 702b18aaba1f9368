import type { DescField, DescMessage } from "@bufbuild/protobuf";

import { type Contract, messageOf } from "./contract";
import { controlOf } from "./field-kind";
import { isObject, type Json } from "./json";
import type { Mocks } from "./protocol";

/** What is filled in for rpcs, by their exports, as far as it fits another contract. */
export function fittingRequests(
  contract: Contract,
  requests: Record<string, Json>,
): Record<string, Json> {
  return mapValues(requests, (json, name) => {
    const method = methodOf(contract, name);
    return method === undefined ? json : fittingJson(messageOf(contract, method.input), json);
  });
}

/** Likewise what functions of the host answer. */
export function fittingMocks(contract: Contract, mocks: Mocks): Mocks {
  return mapValues(mocks, (mock, name) => {
    const method = methodOf(contract, name);
    if (method === undefined) return mock;
    return { ...mock, answer: fittingJson(messageOf(contract, method.output), mock.answer) };
  });
}

function methodOf({ services }: Contract, wasmName: string) {
  return services.flatMap(({ methods }) => methods).find((it) => it.wasmName === wasmName);
}

function mapValues<T>(
  all: Readonly<Record<string, T>>,
  change: (value: T, name: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, change(value, name)]),
  );
}

/**
 * What is left of a message's JSON when its contract has changed: the fields that there still are, if a value of the kind can be
 * theirs.
 */
function fittingJson(message: DescMessage, json: Json): Json {
  if (!isObject(json)) return {};
  const kept = Object.entries(json).flatMap(([name, value]) => {
    const field = message.fields.find((it) => it.jsonName === name || it.name === name);
    const fitting = field && fittingValue(field, value);
    return fitting === undefined ? [] : [[name, fitting] as const];
  });
  return Object.fromEntries(kept);
}

/** undefined if it does not fit. */
function fittingValue(field: DescField, value: Json): Json | undefined {
  switch (field.fieldKind) {
    case "list":
      if (!Array.isArray(value)) return undefined;
      return value.flatMap((item) => fittingItem(field, item) ?? []);
    case "map":
      if (!isObject(value)) return undefined;
      return Object.fromEntries(
        Object.entries(value).flatMap(([key, item]) => {
          const fitting = fittingItem(field, item);
          return fitting === undefined ? [] : [[key, fitting]];
        }),
      );
    default:
      return fittingItem(field, value);
  }
}

function fittingItem(field: DescField, value: Json): Json | undefined {
  const control = controlOf(field);
  switch (control.kind) {
    case "message":
      return isObject(value) ? fittingJson(control.message, value) : undefined;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "enum":
      return typeof value === "string" && !control.names.includes(value) ? undefined : value;
    case "json":
      return value;
    case "text":
      return typeof value === "string" || typeof value === "number" ? value : undefined;
  }
}
