import { fillRandom } from "#platform";
import { propertyOf } from "../errors/property-of.js";
import { reasonOf } from "../errors/reason-of.js";
import type { Clock } from "../options/clock.js";
import type { LoadOptions } from "../options/load-options.js";
import { systemClock } from "../wasi/system-clock.js";
import type { HostQuestion, Letter, Question } from "./protocol.js";
import { SharedFiles } from "./remote-files.js";

/** A letter and the bytes that go along. */
export interface LetterWithBytes {
  readonly head: Letter;
  readonly bytes?: Uint8Array | undefined;
}

/** In the host's thread: answers what WASI in a worker needs of the load options. */
export class HostAnswers {
  private readonly files: SharedFiles;
  private readonly clock: Clock;
  private readonly fillRandom: (bytes: Uint8Array<ArrayBuffer>) => void;

  constructor(options: Pick<LoadOptions, "files" | "clock" | "random">) {
    this.files = new SharedFiles(options.files ?? {});
    this.clock = options.clock ?? systemClock;
    this.fillRandom = options.random ?? fillRandom;
  }

  answer(question: Exclude<Question, HostQuestion>, bytes: Uint8Array): LetterWithBytes {
    try {
      switch (question.of) {
        case "files": {
          const answer = this.files.answer(question, bytes);
          return { head: { kind: "answer", value: answer.value }, bytes: answer.bytes };
        }
        case "clock":
          return { head: { kind: "answer", value: String(this.clock[question.clock]()) } };
        case "random": {
          const random = new Uint8Array(question.length);
          this.fillRandom(random);
          return { head: { kind: "answer" }, bytes: random };
        }
      }
    } catch (error) {
      return { head: failureOf(error) };
    }
  }

  /** Closes the files that the plugin left open. */
  close(): void {
    this.files.closeAll();
  }
}

/** The letter that makes the question fail. */
export function failureOf(error: unknown): Letter {
  const code = propertyOf(error, "code");
  const known = typeof code === "string" ? code : undefined;
  return { kind: "failure", reason: reasonOf(error), code: known };
}
