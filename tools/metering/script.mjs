/**
 * Runs a script of the core test suite with modules as they are loaded, and tells what came of each command.
 *
 * https://github.com/WebAssembly/wabt/blob/main/docs/wast2json.md
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export class Script {
  constructor(directory, load) {
    this.directory = directory;
    this.load = load;
    this.instances = new Map();
    this.definitions = new Map();
    this.imports = { spectest: spectest() };
  }

  run(commands) {
    return commands.map(
      (command) => `line ${command.line}, ${command.type}: ${this.result(command)}`,
    );
  }

  result(command) {
    try {
      return this.execute(command);
    } catch (error) {
      return shownError(error);
    }
  }

  execute(command) {
    switch (command.type) {
      case "module":
        this.instances.delete(undefined);
        return this.instantiate(this.bytes(command), command.name);
      case "module_definition":
        this.definitions.set(command.name, this.bytes(command));
        this.definitions.set(undefined, this.bytes(command));
        return "defined";
      case "module_instance":
        return this.instantiate(this.definitions.get(command.module), command.instance);
      case "register":
        this.imports[command.as] = this.instances.get(command.name).exports;
        return "registered";
      case "action":
      case "assert_return":
      case "assert_trap":
      case "assert_exhaustion":
      case "assert_exception":
        if (command.filename !== undefined) return this.instantiate(this.bytes(command));
        return shown(this.act(command.action));
      case "assert_uninstantiable":
      case "assert_unlinkable":
        return this.instantiate(this.bytes(command));
      default:
        return "not run";
    }
  }

  bytes({ filename, binary_filename: binary = filename }) {
    return new Uint8Array(readFileSync(join(this.directory, binary)));
  }

  instantiate(bytes, name) {
    const made = this.load(bytes, this.imports);
    this.instances.set(undefined, made);
    if (name !== undefined) this.instances.set(name, made);
    return "instantiated";
  }

  act({ type, module, field, args }) {
    const { exports } = this.instances.get(module);
    return type === "get" ? exports[field].value : exports[field](...args.map(argument));
  }
}

function spectest() {
  const { Global, Memory, Table } = WebAssembly;
  const nothing = () => {};
  return {
    print: nothing,
    print_i32: nothing,
    print_i64: nothing,
    print_f32: nothing,
    print_f64: nothing,
    print_i32_f32: nothing,
    print_f64_f64: nothing,
    global_i32: new Global({ value: "i32" }, 666),
    global_i64: new Global({ value: "i64" }, 666n),
    global_f32: new Global({ value: "f32" }, 666.6),
    global_f64: new Global({ value: "f64" }, 666.6),
    table: new Table({ initial: 10, maximum: 20, element: "anyfunc" }),
    memory: new Memory({ initial: 1, maximum: 2 }),
    shared_memory: new Memory({ initial: 1, maximum: 2, shared: true }),
  };
}

function argument({ type, value }) {
  const view = new DataView(new ArrayBuffer(8));
  switch (type) {
    case "i32":
      return Number(value) | 0;
    case "i64":
      return BigInt.asIntN(64, BigInt(value));
    case "f32":
      if (String(value).startsWith("nan")) return NaN;
      view.setUint32(0, Number(value) >>> 0);
      return view.getFloat32(0);
    case "f64":
      if (String(value).startsWith("nan")) return NaN;
      view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)));
      return view.getFloat64(0);
    default:
      // v128 and the like: neither way takes it.
      return value === "null" ? null : Number(value);
  }
}

function shown(value) {
  if (Array.isArray(value)) return `[${value.map(shown).join()}]`;
  if (typeof value === "function" || (typeof value === "object" && value !== null))
    return typeof value;
  return Object.is(value, -0) ? "-0" : `${typeof value} ${String(value)}`;
}

/** Offsets and the numbers of functions are not compared: one is mapped, the other one is in names of the test's own. */
function shownError(error) {
  if (error instanceof WebAssembly.Exception) return "exception of wasm";
  const text = String(error?.message).replace(/@\+\d+/g, "");
  return `${error?.constructor?.name}: ${text.slice(0, 120)}`;
}
