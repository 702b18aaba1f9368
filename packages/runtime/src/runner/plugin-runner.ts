import type { MethodDescriptor } from "../descriptors/service-descriptor.js";
import type { StartReport } from "../instance/start-report.js";
import type { MessageInit } from "../messages/wire/message-type.js";
import type { Message } from "../messages/wire/message.js";
import type { PluginModule } from "../module/plugin-module.js";
import type { CallOptions, SyncCallOptions } from "../options/call-options.js";

/** What a runner whose instances are replaced does with them. */
export interface Supervised {
  /** Instances now. */
  readonly instances: number;
  /** Calls that wait for an instance. */
  readonly waiting: number;
  /** Instances that were started in the place of failed ones. */
  readonly restarts: number;
}

/** Something that runs a plugin: one instance in this thread or in a worker, or a pool of them. */
export interface PluginRunner {
  readonly module: PluginModule;
  /** Calls an rpc. Answers, or throws, at once if nothing has to be waited for: promises cost more than some calls. */
  call<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: CallOptions,
  ): O | Promise<O>;
  /** Calls an rpc without a Promise, which only plugins in this thread can answer. */
  callSync<I extends Message, O extends Message>(
    method: MethodDescriptor<I, O>,
    request: I | MessageInit<I>,
    options?: SyncCallOptions,
  ): O;
  /** Whether it answers no more calls. */
  readonly retired: boolean;
  /** Size of the memory of all instances in bytes. */
  readonly memoryBytes: number;
  /** Number of host functions that the plugin called. */
  readonly hostCalls: number;
  /** Units of fuel that the plugin used; 0 if it is not metered. */
  readonly fuel: number;
  /** Of one whose instances are replaced. */
  readonly supervised?: Supervised | undefined;
  dispose(): Promise<void>;
}

/** A runner of one instance. */
export interface InstanceRunner extends PluginRunner {
  readonly report: StartReport;
  /** Whether the code that runs now was called by the plugin. */
  readonly calledHost: boolean;
}

/** What is told of any runner: one that is not supervised is an instance itself. */
export function supervisedOf({ supervised, retired }: PluginRunner): Supervised {
  return supervised ?? { instances: retired ? 0 : 1, waiting: 0, restarts: 0 };
}
