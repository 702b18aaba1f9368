import type { DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence as Presence } from "@bufbuild/protobuf/wkt";
import { Component, type ComponentChildren } from "preact";

import type { Contract } from "./contract";
import { type Control, controlOf, firstValue } from "./field-kind";
import { isObject, type Json, type JsonObject, type Path } from "./json";
import { JsonBox } from "./json-box";

/** Changes the value at a place; undefined takes it away. It stays the same function. */
export type Edit = (path: Path, value: Json | undefined) => void;

interface FormProps {
  readonly contract: Contract;
  readonly message: DescMessage;
  readonly value: Json | undefined;
  readonly path: Path;
  readonly edit: Edit;
}

/** The fields of a message. What is filled in is its proto3 JSON. */
export function MessageForm({ contract, message, value, path, edit }: FormProps) {
  const members = isObject(value) ? value : {};
  return (
    <>
      {message.members.map((member) => {
        if (member.kind === "oneof") {
          const props = { contract, oneof: member, path, edit };
          return <OneofRows key={member.name} {...props} members={members} />;
        }
        const props = { contract, field: member, path: path, edit };
        return <FieldRow key={member.name} {...props} value={members[member.jsonName]} />;
      })}
      {message.members.length === 0 && <p class="hint">No fields.</p>}
    </>
  );
}

interface OneofProps {
  readonly contract: Contract;
  readonly oneof: DescOneof;
  readonly members: JsonObject;
  readonly path: Path;
  readonly edit: Edit;
}

function OneofRows({ contract, oneof, members, path, edit }: OneofProps) {
  const chosen = oneof.fields.find(({ jsonName }) => Object.hasOwn(members, jsonName));
  const id = idOf([...path, oneof.name]);
  const choose = (name: string) => {
    if (chosen !== undefined) edit([...path, chosen.jsonName], undefined);
    const next = oneof.fields.find((field) => field.name === name);
    if (next !== undefined) edit([...path, next.jsonName], firstValue(controlOf(next)));
  };
  return (
    <div class="row">
      <label for={id}>{oneof.name}</label>
      <select id={id} value={chosen?.name ?? ""} onChange={(e) => choose(e.currentTarget.value)}>
        <option value="">none of these</option>
        {oneof.fields.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {chosen !== undefined && (
        <FieldRow
          key={chosen.name}
          {...{ contract, field: chosen, path, edit }}
          value={members[chosen.jsonName]}
        />
      )}
    </div>
  );
}

interface FieldProps {
  readonly contract: Contract;
  readonly field: DescField;
  readonly value: Json | undefined;
  readonly path: Path;
  readonly edit: Edit;
}

/** One field. It is drawn again only if its own value changes: forms may have hundreds. */
class FieldRow extends Component<FieldProps> {
  override shouldComponentUpdate({ value, field, path }: FieldProps): boolean {
    const { props } = this;
    return value !== props.value || field !== props.field || path.join() !== props.path.join();
  }

  override render({ contract, field, value, path, edit }: FieldProps) {
    const place = [...path, field.jsonName];
    const comment = contract.comments.get(`${field.parent.typeName}.${field.name}`);
    const id = idOf(place);
    const hint = comment !== undefined && (
      <p class="hint" id={`${id}-hint`}>
        {comment}
      </p>
    );
    const control = controlOf(field);
    const props = { contract, control, value, path: place, edit };
    switch (field.fieldKind) {
      case "list":
        return (
          <Group name={field.name} hint={hint}>
            <Items {...props} />
          </Group>
        );
      case "map":
        return (
          <Group name={field.name} hint={hint}>
            <Entries {...props} />
          </Group>
        );
      default:
        return control.kind === "message" ? (
          <Group name={field.name} hint={hint}>
            <Nested {...props} message={control.message} />
          </Group>
        ) : (
          <div class="row">
            <label for={id}>{field.name}</label>
            <Value
              {...props}
              always={field.oneof !== undefined}
              optional={field.presence !== Presence.IMPLICIT && field.oneof === undefined}
              described={hint !== false}
            />
            {hint}
          </div>
        );
    }
  }
}

function Group(props: { name: string; hint: ComponentChildren; children: ComponentChildren }) {
  return (
    <fieldset>
      <legend>{props.name}</legend>
      {props.hint}
      {props.children}
    </fieldset>
  );
}

interface ValueProps {
  readonly contract: Contract;
  readonly control: Control;
  readonly value: Json | undefined;
  readonly path: Path;
  readonly edit: Edit;
}

function Nested({ contract, message, value, path, edit }: ValueProps & { message: DescMessage }) {
  const { name } = message;
  if (value === undefined || value === null) {
    return (
      <button type="button" onClick={() => edit(path, {})}>
        Fill in {name}
      </button>
    );
  }
  return (
    <>
      <MessageForm {...{ contract, message, value, path, edit }} />
      <button type="button" onClick={() => edit(path, undefined)}>
        Leave out {name}
      </button>
    </>
  );
}

function Items({ contract, control, value, path, edit }: ValueProps) {
  const items = Array.isArray(value) ? value : [];
  const name = String(path.at(-1));
  return (
    <>
      {items.map((item, index) => {
        const place = [...path, index];
        return (
          <div class="item" key={index}>
            <Element
              {...{ contract, control, path: place, edit }}
              label={`${name} ${index + 1}`}
              value={item}
            />
            <button
              type="button"
              aria-label={`Remove ${name} ${index + 1}`}
              onClick={() => edit(items.length === 1 ? path : place, undefined)}
            >
              Remove
            </button>
          </div>
        );
      })}
      <button type="button" onClick={() => edit([...path, items.length], firstValue(control))}>
        Add {name}
      </button>
    </>
  );
}

function Entries({ contract, control, value, path, edit }: ValueProps) {
  const entries = Object.entries(isObject(value) ? value : {});
  const name = String(path.at(-1));
  const rename = (from: string, to: string) => {
    if (to === from || entries.some(([key]) => key === to)) return;
    edit(path, Object.fromEntries(entries.map(([key, it]) => [key === from ? to : key, it])));
  };
  const newKey = () => {
    for (let i = entries.length + 1; ; i++) {
      if (!entries.some(([key]) => key === String(i))) return String(i);
    }
  };
  return (
    <>
      {entries.map(([key, item], index) => (
        <div class="item" key={index}>
          <input
            aria-label={`Key ${index + 1} of ${name}`}
            value={key}
            onChange={(e) => rename(key, e.currentTarget.value)}
          />
          <Element
            {...{ contract, control, path: [...path, key], edit }}
            label={`${name} ${key}`}
            value={item}
          />
          <button
            type="button"
            aria-label={`Remove ${name} ${key}`}
            onClick={() => edit([...path, key], undefined)}
          >
            Remove
          </button>
        </div>
      ))}
      <button type="button" onClick={() => edit([...path, newKey()], firstValue(control))}>
        Add {name}
      </button>
    </>
  );
}

/** An item of a list, or a value of a map. */
function Element({ label, ...props }: ValueProps & { label: string }) {
  const { control } = props;
  if (control.kind !== "message") return <Value {...props} label={label} />;
  return (
    <fieldset>
      <legend>{label}</legend>
      <MessageForm {...props} message={control.message} />
    </fieldset>
  );
}

interface SingleProps extends ValueProps {
  /** Where there is no label element. */
  readonly label?: string;
  /** Whether it is there, also while it is empty: an item, or the chosen field of a oneof. */
  readonly always?: boolean;
  /** Whether it is another thing to be empty than to be absent. */
  readonly optional?: boolean;
  readonly described?: boolean;
}

function Value(props: SingleProps) {
  const { control, value, path, edit, label } = props;
  const { always = label !== undefined, optional = false, described = false } = props;
  const id = idOf(path);
  const common = {
    id,
    ...(label !== undefined && { "aria-label": label }),
    ...(described && { "aria-describedby": `${id}-hint` }),
  };
  switch (control.kind) {
    case "bool":
      if (optional) {
        const options = ["true", "false"].map((name) => <option key={name}>{name}</option>);
        return (
          <select
            {...common}
            value={value === undefined || value === null ? "" : String(value)}
            onChange={(e) => {
              const { value: chosen } = e.currentTarget;
              edit(path, chosen === "" ? undefined : chosen === "true");
            }}
          >
            <option value="">not set</option>
            {options}
          </select>
        );
      }
      return (
        <input
          type="checkbox"
          {...common}
          checked={value === true}
          onChange={(e) => edit(path, e.currentTarget.checked)}
        />
      );
    case "enum":
      return (
        <select
          {...common}
          value={typeof value === "string" ? value : ""}
          onChange={(e) => {
            const { value: chosen } = e.currentTarget;
            edit(path, chosen === "" ? undefined : chosen);
          }}
        >
          {!always && <option value="">not set</option>}
          {control.names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      );
    case "json":
      return (
        <JsonBox {...common} value={value} hint={control.hint} onChange={(it) => edit(path, it)} />
      );
    case "message":
      return null;
    case "text": {
      const text = value === undefined || value === null ? "" : String(value);
      const input = {
        ...common,
        value: text,
        placeholder: control.hint,
        onInput: (e: { currentTarget: { value: string } }) => {
          const { value: typed } = e.currentTarget;
          const isAbsent = typed === "" && !always && !(optional && control.long);
          edit(path, isAbsent ? undefined : typed);
        },
      };
      const box = control.long ? <textarea rows={1} {...input} /> : <input {...input} />;
      if (!optional || !control.long) return box;
      return (
        <>
          {box}
          <label class="set">
            <input
              type="checkbox"
              checked={value !== undefined}
              onChange={(e) => edit(path, e.currentTarget.checked ? "" : undefined)}
            />{" "}
            set
          </label>
        </>
      );
    }
  }
}

function idOf(path: Path): string {
  return `field-${path.join("-")}`;
}
