import type { DescribedMethod } from "../src/inspection/described-services";
import type { Mock } from "./protocol";

/** An empty message. */
export const NO_ANSWER: Mock = { kind: "answer", json: "{}" };

const FIRST_SCRIPT = "// request is JSON, and so is what is returned.\nreturn {};";

interface Props {
  readonly functions: readonly DescribedMethod[];
  /** By import: `env.http_get`. */
  readonly mocks: Readonly<Record<string, Mock>>;
  readonly onChange: (mocks: Record<string, Mock>) => void;
}

/** What the functions of the host answer: always the same, or what a piece of JavaScript says. */
export function HostMocks({ functions, mocks, onChange }: Props) {
  if (functions.length === 0) return null;
  return (
    <section aria-labelledby="mocks">
      <h2 id="mocks">Functions of the host</h2>
      {functions.map((it) => {
        const mock = mocks[it.wasmName] ?? NO_ANSWER;
        const set = (changed: Mock) => onChange({ ...mocks, [it.wasmName]: changed });
        return (
          <fieldset key={it.wasmName}>
            <legend>{it.name}</legend>
            <p class="hint">{[...it.comment, `${it.input} → ${it.output}`].join("\n")}</p>
            <label>
              Answers with{" "}
              <select
                value={mock.kind}
                onChange={(e) =>
                  set(
                    e.currentTarget.value === "script"
                      ? { kind: "script", body: FIRST_SCRIPT }
                      : NO_ANSWER,
                  )
                }
              >
                <option value="answer">this JSON</option>
                <option value="script">what this JavaScript returns</option>
              </select>
            </label>
            <textarea
              class="code"
              rows={4}
              spellcheck={false}
              aria-label={`${mock.kind === "script" ? "JavaScript" : "Answer"} of ${it.name}`}
              value={mock.kind === "script" ? mock.body : mock.json}
              onInput={(e) => {
                const { value } = e.currentTarget;
                set(
                  mock.kind === "script"
                    ? { kind: "script", body: value }
                    : { kind: "answer", json: value },
                );
              }}
            />
          </fieldset>
        );
      })}
    </section>
  );
}
