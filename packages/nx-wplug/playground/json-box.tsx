import { useState } from "preact/hooks";

import type { Json } from "./json";

interface Props {
  readonly id?: string;
  readonly "aria-label"?: string;
  readonly "aria-describedby"?: string;
  readonly value: Json | undefined;
  readonly hint?: string;
  readonly rows?: number;
  readonly onChange: (value: Json | undefined) => void;
}

/** A value as JSON. While what is typed is none, the value stays as it was, and it says so. */
export function JsonBox({ value, hint, rows = 3, onChange, ...common }: Props) {
  const shown = value === undefined ? "" : JSON.stringify(value, null, 2);
  const [typed, setTyped] = useState({ text: shown, from: shown, error: "" });
  // Changed elsewhere: what was typed is of the past.
  const text = typed.from === shown ? typed.text : shown;
  const error = typed.from === shown ? typed.error : "";
  const type = (next: string) => {
    try {
      const parsed = next.trim() === "" ? undefined : (JSON.parse(next) as Json);
      const from = parsed === undefined ? "" : JSON.stringify(parsed, null, 2);
      setTyped({ text: next, from, error: "" });
      onChange(parsed);
    } catch (problem) {
      setTyped({ text: next, from: shown, error: String(problem) });
    }
  };
  return (
    <>
      <textarea
        {...common}
        class="code"
        rows={rows}
        spellcheck={false}
        placeholder={hint ?? ""}
        value={text}
        aria-invalid={error !== ""}
        onInput={(e) => type(e.currentTarget.value)}
      />
      {error !== "" && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </>
  );
}
