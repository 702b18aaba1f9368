import type { Settings } from "./protocol";

interface Props {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** What the plugin may have, and how much. */
export function SettingsForm({ settings, onChange }: Props) {
  const { time, memory, files, env } = settings;
  const change = (changed: Partial<Settings>) => onChange({ ...settings, ...changed });
  const setFile = (index: number, file: readonly [string, string] | undefined) =>
    change({
      files: files.flatMap((it, i) => (i === index ? (file === undefined ? [] : [file]) : [it])),
    });
  return (
    <details>
      <summary>Limits, environment and files</summary>
      <div class="row">
        <label for="time">Milliseconds of a call</label>
        <input
          id="time"
          type="number"
          min={1}
          max={600_000}
          value={time}
          onChange={(e) => change({ time: Math.max(1, e.currentTarget.valueAsNumber || 1) })}
        />
      </div>
      <div class="row">
        <label for="memory">MiB of memory</label>
        <input
          id="memory"
          type="number"
          min={1}
          max={4095}
          value={memory}
          onChange={(e) =>
            change({ memory: Math.min(4095, Math.max(1, e.currentTarget.valueAsNumber || 1)) })
          }
        />
      </div>
      <div class="row">
        <label for="env">Environment, NAME=VALUE a line</label>
        <textarea
          id="env"
          class="code"
          rows={2}
          value={env}
          onInput={(e) => change({ env: e.currentTarget.value })}
        />
      </div>
      <fieldset>
        <legend>Files in memory</legend>
        {files.map(([path, text], index) => (
          <div class="item" key={index}>
            <input
              aria-label={`Path of file ${index + 1}`}
              value={path}
              onChange={(e) => setFile(index, [e.currentTarget.value, text])}
            />
            <textarea
              aria-label={`Text of file ${index + 1}`}
              rows={2}
              value={text}
              onInput={(e) => setFile(index, [path, e.currentTarget.value])}
            />
            <button
              type="button"
              aria-label={`Remove file ${index + 1}`}
              onClick={() => setFile(index, undefined)}
            >
              Remove
            </button>
          </div>
        ))}
        <button
          type="button"
          onClick={() => change({ files: [...files, [`/file-${files.length + 1}.txt`, ""]] })}
        >
          Add file
        </button>
      </fieldset>
    </details>
  );
}
