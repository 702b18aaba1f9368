import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import type { AnyMessage, HostUnderTest, LoadRequest, Outcome } from "./host-under-test.js";

interface Answer {
  readonly error?: string;
  readonly reply?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly log?: readonly string[];
  readonly memory?: number;
  readonly time?: number;
  readonly resident?: number;
}

/** The host in Go, a process that is told by lines of JSON what to do. */
export class GoHost implements HostUnderTest {
  readonly kind = "go";
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(program: string) {
    this.child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    if (this.child.stdout === null) throw new Error("no stdout");
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  load(request: LoadRequest): Promise<Outcome> {
    return this.send({ do: "load", cached: true, ...request });
  }

  call(method: string, request: AnyMessage): Promise<Outcome> {
    return this.send({ do: "call", method, request: base64(request) });
  }

  repeat(method: string, request: AnyMessage, times: number): Promise<Outcome> {
    return this.send({ do: "repeat", method, request: base64(request), times });
  }

  time(method: string, request: AnyMessage, milliseconds: number): Promise<Outcome> {
    return this.send({ do: "repeat", method, request: base64(request), milliseconds });
  }

  /** Lets the plugin stay where it is when another one is loaded. */
  async keep(): Promise<void> {
    await this.send({ do: "keep" });
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    if (this.child.exitCode === null) await once(this.child, "exit");
  }

  private async send(command: object): Promise<Outcome> {
    this.child.stdin?.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error("the host in Go has ended");
    const { reply = "", ...rest } = JSON.parse(value) as Answer;
    return {
      stdout: "",
      stderr: "",
      log: [],
      memory: 0,
      time: 0,
      resident: 0,
      ...rest,
      reply: Buffer.from(reply, "base64"),
    };
  }
}

function base64(message: AnyMessage): string {
  return Buffer.from(message.encode()).toString("base64");
}
