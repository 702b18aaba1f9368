import type { HandshakeService, MethodDescriptor } from "../descriptors/service-descriptor.js";
import { PluginRetiredError } from "../errors/plugin-errors.js";
import { WplugError } from "../errors/wplug-error.js";
import type { Suspender } from "../instance/host-import.js";
import { PluginInstance } from "../instance/plugin-instance.js";
import { type StartReport, startReport } from "../instance/start-report.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions, SyncCallOptions } from "../options/call-options.js";
import type { LoadOptions } from "../options/load-options.js";
import { Clocks } from "./clocks.js";
import { TurnRunner } from "./turn-runner.js";
import { Turns } from "./turns.js";

/** An instance in this thread, on an engine that can suspend it while a host function's Promise is pending. */
export class SuspendingRunner extends TurnRunner {
  private constructor(
    turns: Turns,
    /** Of the calls that wait for host functions. */
    private readonly clocks: Clocks,
    depthLimit: number | undefined,
    readonly instance: PluginInstance,
    readonly report: StartReport,
  ) {
    super(instance.module, depthLimit, turns);
  }

  static async start(
    module: PluginModule,
    service: HandshakeService,
    options: LoadOptions,
  ): Promise<SuspendingRunner> {
    const turns = new Turns();
    const clocks = new Clocks();
    const expire = (): void => runner.abandon(instance.expire());
    const instance = await PluginInstance.create(
      module,
      options,
      suspender(turns, (timeLeft) => clocks.start(timeLeft, expire)),
    );
    const report = startReport(instance, service);
    const runner: SuspendingRunner = new SuspendingRunner(
      turns,
      clocks,
      options.limits?.depth,
      instance,
      report,
    );
    return runner;
  }

  get retired(): boolean {
    return this.instance.retired;
  }

  get memoryBytes(): number {
    return this.instance.memoryBytes;
  }

  get fuel(): number {
    return this.instance.fuel;
  }

  get hostCalls(): number {
    return this.instance.hostCalls;
  }

  protected run<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options: CallOptions | undefined,
  ): Promise<O> {
    return this.instance.callSuspending(method, request, options);
  }

  callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: SyncCallOptions,
  ): O {
    const { top } = this.turns;
    // Inside of a host function the call on top waits, if not for a Promise then for the function to return.
    if (top !== undefined && this.turns.current() !== top) {
      throw new WplugError(
        `sync.${method.name}: the plugin is in the middle of another call, which waits for a host function: use the method that returns a Promise`,
      );
    }
    return this.instance.call(method, request, options);
  }

  protected abandon(error: WplugError): void {
    this.clocks.stopAll();
    this.instance.abandon(error);
    this.turns.endAll(error);
  }

  async dispose(): Promise<void> {
    if (this.retired) return;
    this.clocks.stopAll();
    this.instance.dispose();
    this.turns.endAll(new PluginRetiredError("the plugin was disposed during the call"));
  }
}

/** @param startClock of a call that may take so many milliseconds; returns what stops it */
function suspender(
  turns: Turns,
  startClock: (timeLeft: number | undefined) => () => void,
): Suspender {
  return {
    run: (code) => turns.runHostFunction(code),
    async wait(answer, timeLeft) {
      const frame = turns.top;
      if (frame === undefined) throw new WplugError("no call is running");
      const stopClock = startClock(timeLeft);
      turns.suspend(frame);
      try {
        return await answer;
      } finally {
        // The time counts until the calls inside have ended, too.
        await turns.resume(frame);
        stopClock();
      }
    },
  };
}
