import type { Settings } from "./protocol";

interface Props {
  readonly settings: Settings;
  readonly onChange: (settings: Settings) => void;
}

/** What the plugin may have, and how much. */
export function SettingsForm({ settings, onChange }: Props) {
  const { files, env } = settings;
  const change = (changed: Partial<Settings>) => onChange({ ...settings, ...changed });
  const setFile = (index: number, file: readonly [string, string] | undefined) =>
    change({
      files: files.flatMap((it, i) => (i === index ? (file === undefined ? [] : [file]) : [it])),
    });
  return (
    <details>
      <summary>Limits, environment and files</summary>
      <Limit
        id="time"
        label="Milliseconds of a call"
        most={600_000}
        value={settings.time}
        onChange={(time) => change({ time })}
      />
      <Limit
        id="memory"
        label="MiB of memory"
        most={4096}
        value={settings.memory}
        onChange={(memory) => change({ memory })}
      />
      <Limit
        id="output"
        label="KiB of output of a call"
        most={1 << 20}
        value={settings.output}
        onChange={(output) => change({ output })}
      />
      <Limit
        id="message"
        label="MiB of a message"
        most={256}
        value={settings.message}
        onChange={(message) => change({ message })}
      />
      <div class="row">
        <label for="metered">Count fuel</label>
        <input
          id="metered"
          type="checkbox"
          aria-describedby="metered-hint"
          checked={settings.isMetered}
          onChange={(e) => change({ isMetered: e.currentTarget.checked })}
        />
        <p class="hint" id="metered-hint">
          A plugin whose fuel is counted computes for up to 1.5 times as long.
        </p>
      </div>
      {settings.isMetered && (
        <div class="row">
          <label for="fuel">Units of fuel of a call</label>
          <input
            id="fuel"
            type="number"
            min={1}
            placeholder="no limit"
            value={settings.fuel ?? ""}
            onChange={(e) => {
              const { valueAsNumber } = e.currentTarget;
              change({ fuel: valueAsNumber >= 1 ? Math.floor(valueAsNumber) : undefined });
            }}
          />
        </div>
      )}
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

interface LimitProps {
  readonly id: string;
  readonly label: string;
  readonly most: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Limit({ id, label, most, value, onChange }: LimitProps) {
  return (
    <div class="row">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        min={1}
        max={most}
        value={value}
        onChange={(e) => {
          const wanted = Math.floor(e.currentTarget.valueAsNumber) || 1;
          onChange(Math.min(most, Math.max(1, wanted)));
        }}
      />
    </div>
  );
}
