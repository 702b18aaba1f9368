import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import { DEFAULT_DEPTH, tooDeep } from "../instance/depth.js";
import type { StartReport } from "../instance/start-report.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions } from "../options/call-options.js";
import { abortedError, checkSignal } from "./check-signal.js";
import type { InstanceRunner } from "./plugin-runner.js";
import { Turns, type Frame } from "./turns.js";

/** An instance whose calls take time: they wait for their turn, and for host functions. */
export abstract class TurnRunner implements InstanceRunner {
  readonly module: PluginModule;
  protected readonly turns = new Turns();
  private readonly depthLimit: number;

  constructor(module: PluginModule, depthLimit = DEFAULT_DEPTH) {
    this.module = module;
    this.depthLimit = depthLimit;
  }

  abstract readonly report: StartReport;
  abstract readonly retired: boolean;
  abstract readonly memoryBytes: number;
  abstract readonly hostCalls: number;

  /** Makes a call whose turn it is. */
  protected abstract run<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
  ): Promise<O>;

  /** Ends the plugin. All calls that run fail with the error, later ones with the reason. */
  protected abstract abandon(error: Error): void;

  abstract callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
  ): O;

  abstract dispose(): Promise<void>;

  get calledHost(): boolean {
    return this.turns.current() !== undefined;
  }

  call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): Promise<O> {
    const { turns } = this;
    const signal = options?.signal;
    // Most calls neither wait for others nor can be aborted.
    if (signal === undefined && turns.isIdle && this.depthLimit > 0) {
      return new Promise<O>((resolve, reject) => {
        const frame = turns.push(turns.origin(), reject);
        this.run(method, request).then(
          (answer) => {
            turns.pop(frame);
            resolve(answer);
          },
          (error: Error) => {
            turns.pop(frame);
            reject(error);
          },
        );
      });
    }
    return new Promise<O>((resolve, reject) => {
      checkSignal(method.name, options);
      let frame: Frame | undefined;
      const onAbort = (): void => {
        if (signal === undefined) return;
        const error = abortedError(method.name, signal);
        if (frame === undefined) takeBack();
        else this.abandon(error);
        reject(error);
      };
      const end = (): void => {
        signal?.removeEventListener("abort", onAbort);
        if (frame !== undefined) turns.pop(frame);
      };
      const origin = turns.origin();
      const takeBack = turns.enqueue(turns.current(), () => {
        if (turns.depth >= this.depthLimit) {
          signal?.removeEventListener("abort", onAbort);
          reject(tooDeep(method.name, this.depthLimit));
          return;
        }
        frame = turns.push(origin, reject);
        this.run(method, request).then(resolve, reject).finally(end);
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }
}
