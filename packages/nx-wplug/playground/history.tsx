import type { Json } from "./json";
import type { Rpc } from "./plugin";

/** A call that was made. */
export interface Call {
  readonly rpc: Rpc;
  readonly request: Json;
  /** The answer in JSON, or what went wrong. */
  readonly result: string;
  /** Milliseconds. */
  readonly time: number;
}

interface Props {
  readonly calls: readonly Call[];
  readonly onReplay: (call: Call) => void;
}

export function History({ calls, onReplay }: Props) {
  if (calls.length === 0) return null;
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <ol class="history">
        {calls.map((call, index) => (
          <li key={calls.length - index}>
            <button type="button" onClick={() => onReplay(call)}>
              Call again
            </button>
            <code>
              {call.rpc.method.name} {short(JSON.stringify(call.request))} → {short(call.result)}
            </code>
          </li>
        ))}
      </ol>
    </section>
  );
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
