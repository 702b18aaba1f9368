import { clip } from "./clip";
import type { FromWorker, Output } from "./protocol";

/** Characters of output that are told of a call: a plugin that floods must not fill the page. */
const MOST_OUTPUT = 100_000;
/** Characters of requests and answers of the functions of the host, together and each. */
const MOST_HOST_CALLS = 200_000;
const MOST_HOST_CALL = 20_000;
/** Host calls that are told. */
const MOST_CALLS = 200;
/** Pieces of output that are told at once, in case that the thread is ended. Of more, many are told together. */
const MOST_PIECES = 1000;

/** Tells the page what a call does while it does it. */
export class CallLog {
  private outputRoom = MOST_OUTPUT;
  private hostCallRoom = MOST_HOST_CALLS;
  private pieces = 0;
  private calls = 0;
  private kept: Output | undefined;

  constructor(private readonly post: (message: FromWorker) => void) {}

  /** How often it called functions of the host. */
  get hostCallCount(): number {
    return this.calls;
  }

  write(stream: Output["stream"], text: string): void {
    if (this.outputRoom <= 0) return;
    let shown = text.slice(0, this.outputRoom);
    this.outputRoom -= text.length;
    if (this.outputRoom <= 0) shown += "\n… and more, which is not shown";
    if (this.kept !== undefined && this.kept.stream !== stream) this.flush();
    this.kept = { stream, text: (this.kept?.text ?? "") + shown };
    if (this.pieces < MOST_PIECES || this.outputRoom <= 0) this.flush();
  }

  /** Tells what is not told yet. */
  flush(): void {
    if (this.kept === undefined) return;
    this.pieces++;
    this.post({ output: this.kept });
    this.kept = undefined;
  }

  /**
   * A function of the host is called.
   *
   * @param request makes its JSON
   * @returns takes the answer, of which it makes the JSON, or what went wrong
   */
  hostCall(name: string, request: () => string): (answer: () => string) => void {
    const number = this.calls++;
    if (number >= MOST_CALLS) return () => {};
    const shown = { name, request: this.short(request()) };
    this.post({ number, hostCall: shown });
    return (answer) => this.post({ number, hostCall: { ...shown, answer: this.short(answer()) } });
  }

  private short(text: string): string {
    const clipped = clip(text, Math.max(0, Math.min(MOST_HOST_CALL, this.hostCallRoom)));
    this.hostCallRoom -= clipped.length;
    return clipped;
  }
}
