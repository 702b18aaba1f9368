import type {
  Contract,
  Enum,
  Field,
  HostService,
  Message,
  Method,
  PluginService,
} from "../../../contract/contract";

/** Names that asc 0.28 takes for keywords even where TypeScript takes them for names. */
const KEYWORDS = [
  "await break case catch class const continue debugger default do else enum export extends false finally function",
  "if import in new return super switch this throw true try typeof var while with yield let static implements",
  "interface package private protected public async of override",
].flatMap((line) => line.split(" "));
const MODIFIERS = "abstract constructor declare override private protected public readonly static";

const fieldWords: ReadonlySet<string> = new Set([...KEYWORDS, ...MODIFIERS.split(" ")]);
const methodWords: ReadonlySet<string> = new Set(MODIFIERS.split(" "));
const enumValueWords: ReadonlySet<string> = new Set(KEYWORDS);

/** The same contract with a `$` after each name that AssemblyScript has another use for. */
export function adaptNames(contract: Contract): Contract {
  return {
    ...contract,
    files: contract.files.map((file) => ({
      ...file,
      messages: file.messages.map(adaptMessage),
      enums: file.enums.map(adaptEnum),
      pluginServices: file.pluginServices.map(adaptService),
      hostService: file.hostService && adaptService(file.hostService),
    })),
  };
}

function adaptMessage(message: Message): Message {
  return {
    ...message,
    fields: message.fields.map(adaptField),
    oneofs: message.oneofs.map((oneof) => ({ ...oneof, fields: oneof.fields.map(adaptField) })),
  };
}

function adaptField(field: Field): Field {
  return { ...field, name: adapt(field.name, fieldWords) };
}

function adaptEnum(declaration: Enum): Enum {
  return {
    ...declaration,
    values: declaration.values.map((value) => ({
      ...value,
      name: adapt(value.name, enumValueWords),
    })),
  };
}

function adaptService<S extends PluginService | HostService>(service: S): S {
  return {
    ...service,
    methods: service.methods.map((method): Method => {
      return { ...method, name: adapt(method.name, methodWords) };
    }),
  };
}

function adapt(name: string, words: ReadonlySet<string>): string {
  return words.has(name) ? `${name}$` : name;
}
