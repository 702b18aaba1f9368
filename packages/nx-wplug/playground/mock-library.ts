import { fromJson, toBinary } from "@bufbuild/protobuf";
import type { HostLibrary } from "@wplug/runtime";

import type { CallLog } from "./call-log";
import { type Contract, jsonOf, messageOf } from "./contract";
import { describeError } from "./describe-error";
import type { Json } from "./json";
import type { Mock, MockedFunction, Mocks } from "./protocol";
import { RAW, RawMessage } from "./raw-plugin";

/** Whether the browser can suspend wasm: https://github.com/WebAssembly/js-promise-integration */
const CAN_WAIT = "Suspending" in WebAssembly;

type Answer = (request: unknown) => unknown;
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor;

/**
 * The functions of the host as the page plays them.
 *
 * @param current of the call that runs
 */
export function mockLibrary(
  functions: readonly MockedFunction[],
  contract: Contract,
  current: () => { readonly mocks: Mocks; readonly log: CallLog },
): HostLibrary {
  const { registry } = contract;
  const library = functions.map((mocked) => {
    const { module, name } = mocked;
    const fullName = `${module}.${name}`;
    const input = messageOf(contract, mocked.input);
    const output = messageOf(contract, mocked.output);
    const answerOf = compiledOnce();
    const call = (request: RawMessage): RawMessage | Promise<RawMessage> => {
      const { mocks, log } = current();
      const json = jsonOf(contract, input, request.encode());
      const told = log.hostCall(fullName, () => textOf(json));
      const succeed = (answer: unknown): RawMessage => {
        const message = fromJson(output, (answer ?? {}) as Json, { registry });
        told(() => textOf(answer));
        return RawMessage.of(toBinary(output, message));
      };
      const fail = (error: unknown): never => {
        told(() => describeError(error));
        throw error;
      };
      try {
        const answer = answerOf(mocks[fullName])(json);
        if (!isPromise(answer)) return succeed(answer);
        if (CAN_WAIT) return Promise.resolve(answer).then(succeed).catch(fail);
        answer.then(undefined, () => {});
        throw new Error(
          "the JavaScript returned a Promise, for which this browser can't let a plugin wait (JSPI, which Chrome and Edge have since 137): return a value at once",
        );
      } catch (error) {
        return fail(error);
      }
    };
    return { module, name, input: RAW, output: RAW, isAsync: CAN_WAIT, call };
  });
  return { functions: library };
}

/** Makes a function of a mock, again only if it is another one. */
function compiledOnce(): (mock: Mock | undefined) => Answer {
  let compiled: { readonly script: string; readonly answer: Answer } | undefined;
  return (mock) => {
    if (mock === undefined) return () => ({});
    if (mock.kind !== "script") return () => mock.answer;
    const { script } = mock;
    if (compiled?.script !== script) {
      // A plugin that starts can't wait: scripts that don't have to are no async functions.
      const type = /\bawait\b/.test(script) ? AsyncFunction : Function;
      compiled = { script, answer: new type("request", script) as Answer };
    }
    return compiled.answer;
  };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";
}

function textOf(json: unknown): string {
  return JSON.stringify(json, null, 2) ?? String(json);
}
