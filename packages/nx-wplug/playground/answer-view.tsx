import { useEffect, useMemo } from "preact/hooks";

import { toHex } from "./hex";
import { Pre } from "./pre";
import type { Measures, Outcome } from "./protocol";

/** A call that has ended. */
export interface Answer extends Outcome {
  readonly request: Uint8Array;
}

/** What a plugin answered, what that took, and what it did meanwhile. */
export function AnswerView({ answer, type }: { answer: Answer; type: string }) {
  const { shown, error, output, hostCalls, hostCallCount, memory, start } = answer;
  const untold = hostCallCount - hostCalls.length;
  return (
    <section class="answer" aria-label="Answer">
      <h3>Answer: {type}</h3>
      {error !== undefined && (
        <Pre class="error" role="alert">
          {error}
        </Pre>
      )}
      {shown !== undefined && "json" in shown && <Pre>{shown.json}</Pre>}
      {shown !== undefined && "problem" in shown && (
        <p class="error" role="alert">
          It answered, which can't be shown as JSON. {shown.problem}
        </p>
      )}
      <p class="hint">
        {measures(answer)}
        {memory !== undefined && memory > 0 && `, ${count(memory / 1024)} KiB of memory`}
        {start !== undefined && `; its start took ${measures(start)}`}
      </p>
      {output.map(({ stream, text }, i) => (
        <figure key={i}>
          <figcaption>{stream}</figcaption>
          <Pre>{text}</Pre>
        </figure>
      ))}
      {hostCalls.map((call, i) => (
        <figure key={i}>
          <figcaption>called {call.name}</figcaption>
          <Pre>
            {call.request}
            {"\n→ "}
            {call.answer ?? "no answer yet"}
          </Pre>
        </figure>
      ))}
      {untold > 0 && (
        <p class="hint">… and {count(untold)} calls of the host more, which are not shown</p>
      )}
      <details>
        <summary>Bytes</summary>
        <p>Request, {count(answer.request.length)} bytes</p>
        <Pre>{toHex(answer.request)}</Pre>
        {answer.answer !== undefined && <Bytes bytes={answer.answer} />}
      </details>
    </section>
  );
}

function Bytes({ bytes }: { bytes: Uint8Array }) {
  const url = useMemo(() => URL.createObjectURL(new Blob([Uint8Array.from(bytes)])), [bytes]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return (
    <>
      <p>
        Answer, {count(bytes.length)} bytes,{" "}
        <a href={url} download="answer.binpb">
          as a file
        </a>
      </p>
      <Pre>{toHex(bytes)}</Pre>
    </>
  );
}

function measures({ time, fuel }: Measures): string {
  return `${time.toFixed(1)} ms${fuel === undefined ? "" : `, ${count(fuel)} units of fuel`}`;
}

function count(number: number): string {
  return number.toLocaleString("en");
}
