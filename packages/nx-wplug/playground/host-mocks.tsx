import type { DescribedMethod } from "../src/inspection/described-services";
import { type Contract, messageOf } from "./contract";
import type { Json, Path } from "./json";
import { JsonBox } from "./json-box";
import { MessageForm } from "./message-form";
import type { Mock, Mocks } from "./protocol";

/** An empty message. */
export const NO_ANSWER: Mock = {
  kind: "form",
  answer: {},
  script: "// request is JSON, and so is what is returned. There may be await in it.\nreturn {};",
};

interface Props {
  readonly contract: Contract;
  readonly functions: readonly DescribedMethod[];
  readonly mocks: Mocks;
  readonly onChange: (name: string, mock: Mock) => void;
  /** Changes a value of an answer: the first of the path is the function. */
  readonly edit: (path: Path, value: Json | undefined) => void;
}

/** What the functions of the host answer: always the same, or what a piece of JavaScript says. */
export function HostMocks({ contract, functions, mocks, onChange, edit }: Props) {
  if (functions.length === 0) return null;
  return (
    <section aria-labelledby="mocks">
      <h2 id="mocks">Functions of the host</h2>
      {functions.map((it) => {
        const mock = mocks[it.wasmName] ?? NO_ANSWER;
        const set = (changed: Partial<Mock>) => onChange(it.wasmName, { ...mock, ...changed });
        return (
          <fieldset key={it.wasmName}>
            <legend>{it.name}</legend>
            <p class="hint">{[...it.comment, `${it.input} → ${it.output}`].join("\n")}</p>
            <label>
              Answers with{" "}
              <select
                value={mock.kind}
                onChange={(e) => set({ kind: e.currentTarget.value as Mock["kind"] })}
              >
                <option value="form">these fields</option>
                <option value="json">this JSON</option>
                <option value="script">what this JavaScript returns</option>
              </select>
            </label>
            {mock.kind === "form" && (
              <MessageForm
                contract={contract}
                message={messageOf(contract, it.output)}
                value={mock.answer}
                path={[it.wasmName]}
                edit={edit}
              />
            )}
            {mock.kind === "json" && (
              <JsonBox
                aria-label={`Answer of ${it.name}`}
                rows={4}
                value={mock.answer}
                onChange={(answer) => set({ answer: answer ?? {} })}
              />
            )}
            {mock.kind === "script" && (
              <textarea
                class="code"
                rows={4}
                spellcheck={false}
                aria-label={`JavaScript of ${it.name}`}
                value={mock.script}
                onInput={(e) => set({ script: e.currentTarget.value })}
              />
            )}
          </fieldset>
        );
      })}
    </section>
  );
}
