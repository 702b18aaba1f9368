import type { HandshakeService, MethodDescriptor } from "../descriptors/service-descriptor.js";
import { PluginInstance } from "../instance/plugin-instance.js";
import { type StartReport, startReport } from "../instance/start-report.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions, SyncCallOptions } from "../options/call-options.js";
import type { LoadOptions } from "../options/load-options.js";
import { checkSignal } from "./check-signal.js";
import type { InstanceRunner } from "./plugin-runner.js";

/** An instance in this thread, whose host functions answer at once. */
export class InlineRunner implements InstanceRunner {
  readonly instance: PluginInstance;
  readonly report: StartReport;

  private constructor(instance: PluginInstance, report: StartReport) {
    this.instance = instance;
    this.report = report;
  }

  static async start(
    module: PluginModule,
    service: HandshakeService,
    options: LoadOptions,
  ): Promise<InlineRunner> {
    const instance = await PluginInstance.create(module, options);
    return new InlineRunner(instance, startReport(instance, service));
  }

  get module(): PluginModule {
    return this.instance.module;
  }

  get retired(): boolean {
    return this.instance.retired;
  }

  get memoryBytes(): number {
    return this.instance.memoryBytes;
  }

  get hostCalls(): number {
    return this.instance.hostCalls;
  }

  get fuel(): number {
    return this.instance.fuel;
  }

  get calledHost(): boolean {
    return this.instance.busy;
  }

  call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): O | Promise<O> {
    checkSignal(method.name, options);
    return this.instance.busy
      ? this.callLater(method, request, options)
      : this.instance.call(method, request, options);
  }

  private async callLater<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options: CallOptions | undefined,
  ): Promise<O> {
    // Only a host function, which the plugin called, gets to see a busy plugin. All of the call that runs is on the
    // stack now: when a microtask runs, it has returned.
    while (this.instance.busy) {
      await undefined;
      checkSignal(method.name, options);
    }
    return this.instance.call(method, request, options);
  }

  callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: SyncCallOptions,
  ): O {
    return this.instance.call(method, request, options);
  }

  async dispose(): Promise<void> {
    this.instance.dispose();
  }
}
