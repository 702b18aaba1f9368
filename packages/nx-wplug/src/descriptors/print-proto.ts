import {
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
  isFieldSet,
  type Message,
} from "@bufbuild/protobuf";
import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import {
  type DescriptorProto,
  Edition,
  type EnumDescriptorProto,
  EnumOptionsSchema,
  EnumValueOptionsSchema,
  ExtensionRangeOptionsSchema,
  type FieldDescriptorProto,
  FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldOptionsSchema,
  type FileDescriptorProto,
  type FileDescriptorSet,
  FileOptionsSchema,
  MessageOptionsSchema,
  MethodOptionsSchema,
  OneofOptionsSchema,
  type ServiceDescriptorProto,
  ServiceOptionsSchema,
} from "@bufbuild/protobuf/wkt";

import { printOptions, quote } from "./print-options";
import { join, TypeScope } from "./type-scope";

/** One behind the largest number of a field. */
const FIELD_END = 536870912;
const LARGEST_ENUM_VALUE = 2147483647;

/** Numbers of fields in the messages of descriptors, of which the places of comments are made. */
const FILE = {
  package: 2,
  dependency: 3,
  message: 4,
  enum: 5,
  service: 6,
  extension: 7,
  syntax: 12,
};
const MESSAGE = { field: 2, message: 3, enum: 4, extension: 6, oneof: 8 };
const VALUE = 2;
const METHOD = 2;

/**
 * The text of a proto file, by its descriptor: what buf makes of it is that descriptor again, but for positions. What is in
 * it comes in a fixed order (messages, enums, services), as descriptors do not have that of the source.
 *
 * @param set the file and what it imports
 * @param path of the file, as protobuf knows it
 * @throws Error if it is not in the set
 */
export function printProto(set: FileDescriptorSet, path: string): string {
  const file = set.file.find(({ name }) => name === path);
  if (file === undefined) throw new Error(`there is no ${path} among the descriptors`);
  return new ProtoPrinter(file, new TypeScope(set.file), createFileRegistry(set)).print();
}

type Place = readonly number[];

class ProtoPrinter {
  private readonly lines: string[] = [];
  private readonly comments = new Map<string, { leading: string; trailing: string }>();
  private indentation = "";

  constructor(
    private readonly file: FileDescriptorProto,
    private readonly types: TypeScope,
    private readonly registry: FileRegistry,
  ) {
    for (const location of file.sourceCodeInfo?.location ?? []) {
      const { path, leadingComments: leading, trailingComments: trailing } = location;
      const key = path.join();
      if (!this.comments.has(key)) this.comments.set(key, { leading, trailing });
    }
  }

  print(): string {
    const { file } = this;
    this.statement(this.syntax(), [FILE.syntax]);
    if (file.package !== "") {
      this.gap();
      this.statement(`package ${file.package};`, [FILE.package]);
    }
    if (file.dependency.length > 0) this.gap();
    file.dependency.forEach((path, index) => {
      const kind = file.publicDependency.includes(index)
        ? "public "
        : file.weakDependency.includes(index)
          ? "weak "
          : "";
      this.statement(`import ${kind}${quote(path)};`, [FILE.dependency, index]);
    });
    const options = this.options(FileOptionsSchema, file.options);
    if (options.length > 0) this.gap();
    options.forEach((it) => this.line(`option ${it};`));
    file.messageType.forEach((it, i) =>
      this.apart(() => this.message(it, file.package, [FILE.message, i])),
    );
    file.enumType.forEach((it, i) => this.apart(() => this.enum(it, [FILE.enum, i])));
    this.extensions(file.extension, file.package, [FILE.extension], file.messageType);
    file.service.forEach((it, i) => this.apart(() => this.service(it, [FILE.service, i])));
    return `${this.lines.join("\n")}\n`;
  }

  private syntax(): string {
    const { syntax, edition } = this.file;
    if (syntax !== "editions") return `syntax = "${syntax === "" ? "proto2" : syntax}";`;
    return `edition = "${(Edition[edition] ?? "").replace(/^EDITION_/, "")}";`;
  }

  private message(message: DescriptorProto, outer: string, place: Place): void {
    this.block(`message ${message.name}`, place, () => this.messageBody(message, outer, place));
  }

  private messageBody(message: DescriptorProto, outer: string, place: Place): void {
    const typeName = join(outer, message.name);
    const groups = new Set(
      [...message.field, ...message.extension]
        .filter(({ type }) => type === Type.GROUP)
        .map((field) => field.typeName.slice(field.typeName.lastIndexOf(".") + 1)),
    );
    this.options(MessageOptionsSchema, message.options).forEach((it) => this.line(`option ${it};`));
    message.nestedType.forEach((nested, i) => {
      if (nested.options?.mapEntry === true || groups.has(nested.name)) return;
      this.message(nested, typeName, [...place, MESSAGE.message, i]);
    });
    message.enumType.forEach((it, i) => this.enum(it, [...place, MESSAGE.enum, i]));
    const ofOneof = (field: FieldDescriptorProto) =>
      isInOneof(field) ? field.oneofIndex : undefined;
    const printed = new Set<number>();
    const printField = (field: FieldDescriptorProto, i: number) =>
      this.field(field, typeName, [...place, MESSAGE.field, i], message.nestedType);
    message.field.forEach((field, i) => {
      const index = ofOneof(field);
      if (index === undefined) return printField(field, i);
      if (printed.has(index)) return;
      printed.add(index);
      const oneof = message.oneofDecl[index];
      this.block(`oneof ${oneof?.name}`, [...place, MESSAGE.oneof, index], () => {
        const options = this.options(OneofOptionsSchema, oneof?.options);
        options.forEach((it) => this.line(`option ${it};`));
        message.field.forEach((other, j) => {
          if (ofOneof(other) === index) printField(other, j);
        });
      });
    });
    for (const { start, end, options } of message.extensionRange) {
      const shown = this.brackets(this.options(ExtensionRangeOptionsSchema, options));
      this.line(`extensions ${range(start, end - 1, FIELD_END - 1)}${shown};`);
    }
    this.extensions(message.extension, typeName, [...place, MESSAGE.extension], message.nestedType);
    const reserved = message.reservedRange.map(({ start, end }) =>
      range(start, end - 1, FIELD_END - 1),
    );
    this.reserved(reserved, message.reservedName);
  }

  private field(
    field: FieldDescriptorProto,
    scope: string,
    place: Place,
    nested: readonly DescriptorProto[],
  ): void {
    const { name, number, type } = field;
    const options = this.brackets([
      ...(isFieldSet(field, FieldDescriptorProtoSchema.field.defaultValue)
        ? [`default = ${defaultOf(field)}`]
        : []),
      ...(field.jsonName === "" || field.jsonName === protoCamelCase(name)
        ? []
        : [`json_name = ${quote(field.jsonName)}`]),
      ...this.options(FieldOptionsSchema, field.options),
    ]);
    const own = nested.find((it) => field.typeName === `.${join(scope, it.name)}`);
    if (own?.options?.mapEntry === true) {
      const [key, value] = own.field.map((it) => this.typeOf(it, scope));
      return this.statement(`map<${key}, ${value}> ${name} = ${number}${options};`, place);
    }
    const label = this.labelOf(field);
    if (type === Type.GROUP) {
      const group = nested.find(
        (it) => it.name === field.typeName.slice(field.typeName.lastIndexOf(".") + 1),
      );
      if (group === undefined) throw new Error(`${name} is a group without its message`);
      const index = nested.indexOf(group);
      const body = [...place.slice(0, -2), place.length === 2 ? FILE.message : MESSAGE.message];
      return this.block(`${label}group ${group.name} = ${number}${options}`, place, () =>
        this.messageBody(group, scope, [...body, index]),
      );
    }
    this.statement(`${label}${this.typeOf(field, scope)} ${name} = ${number}${options};`, place);
  }

  private labelOf(field: FieldDescriptorProto): string {
    if (field.label === Label.REPEATED) return "repeated ";
    if (isInOneof(field)) return "";
    if (this.file.syntax === "proto3") return field.proto3Optional ? "optional " : "";
    if (this.file.syntax === "editions") return "";
    return field.label === Label.REQUIRED ? "required " : "optional ";
  }

  private typeOf({ type, typeName }: FieldDescriptorProto, scope: string): string {
    if (typeName !== "") return this.types.shortest(typeName, scope);
    return Type[type].toLowerCase();
  }

  private enum(declared: EnumDescriptorProto, place: Place): void {
    this.block(`enum ${declared.name}`, place, () => {
      this.options(EnumOptionsSchema, declared.options).forEach((it) => this.line(`option ${it};`));
      declared.value.forEach(({ name, number, options }, i) => {
        const shown = this.brackets(this.options(EnumValueOptionsSchema, options));
        this.statement(`${name} = ${number}${shown};`, [...place, VALUE, i]);
      });
      const reserved = declared.reservedRange.map(({ start, end }) =>
        range(start, end, LARGEST_ENUM_VALUE),
      );
      this.reserved(reserved, declared.reservedName);
    });
  }

  private service(service: ServiceDescriptorProto, place: Place): void {
    const scope = join(this.file.package, service.name);
    this.block(`service ${service.name}`, place, () => {
      this.options(ServiceOptionsSchema, service.options).forEach((it) =>
        this.line(`option ${it};`),
      );
      service.method.forEach((method, i) => {
        const input = streamed(
          method.clientStreaming,
          this.types.shortest(method.inputType, scope),
        );
        const output = streamed(
          method.serverStreaming,
          this.types.shortest(method.outputType, scope),
        );
        const head = `rpc ${method.name}(${input}) returns (${output})`;
        const options = this.options(MethodOptionsSchema, method.options);
        const methodPlace = [...place, METHOD, i];
        if (options.length === 0) return this.statement(`${head};`, methodPlace);
        this.block(head, methodPlace, () => options.forEach((it) => this.line(`option ${it};`)));
      });
    });
  }

  /** Each in a block of its own: which were together in the source, descriptors do not tell. */
  private extensions(
    extensions: readonly FieldDescriptorProto[],
    scope: string,
    place: Place,
    nested: readonly DescriptorProto[],
  ): void {
    extensions.forEach((extension, i) => {
      const extendee = this.types.shortest(extension.extendee, scope);
      this.block(`extend ${extendee}`, [], () =>
        this.field(extension, scope, [...place, i], nested),
      );
    });
  }

  private reserved(ranges: readonly string[], names: readonly string[]): void {
    if (ranges.length > 0) this.line(`reserved ${ranges.join(", ")};`);
    const shown = this.file.syntax === "editions" ? names : names.map(quote);
    if (shown.length > 0) this.line(`reserved ${shown.join(", ")};`);
  }

  private options(schema: DescMessage, options: Message | undefined): string[] {
    return printOptions(schema, options, this.registry);
  }

  private brackets(options: readonly string[]): string {
    return options.length === 0 ? "" : ` [${options.join(", ")}]`;
  }

  private statement(text: string, place: Place): void {
    const { leading, trailing } = this.commentsOf(place);
    leading.forEach((it) => this.line(it));
    const [only = ""] = trailing;
    this.line(trailing.length === 1 ? `${text} ${only}` : text);
    if (trailing.length < 2) return;
    trailing.forEach((it) => this.line(it));
    // Or they would belong to what comes next.
    this.gap();
  }

  private block(head: string, place: Place, body: () => void): void {
    const { leading, trailing } = this.commentsOf(place);
    leading.forEach((it) => this.line(it));
    this.line(`${head} {`);
    const outer = this.indentation;
    this.indentation = `${outer}  `;
    trailing.forEach((it) => this.line(it));
    if (trailing.length > 0) this.gap();
    body();
    this.indentation = outer;
    if (this.lines.at(-1) === "") this.lines.pop();
    this.line("}");
  }

  private commentsOf(place: Place): { leading: string[]; trailing: string[] } {
    const { leading, trailing } =
      place.length === 0
        ? { leading: "", trailing: "" }
        : (this.comments.get(place.join()) ?? { leading: "", trailing: "" });
    return { leading: commentLines(leading), trailing: commentLines(trailing) };
  }

  private apart(print: () => void): void {
    this.gap();
    print();
  }

  /** At most one empty line. */
  private gap(): void {
    if (this.lines.at(-1) !== "") this.lines.push("");
  }

  private line(text: string): void {
    this.lines.push(this.indentation + text);
  }
}

/** The oneof that an `optional` field of proto3 is in is nobody's. */
function isInOneof(field: FieldDescriptorProto): boolean {
  return !field.proto3Optional && isFieldSet(field, FieldDescriptorProtoSchema.field.oneofIndex);
}

/** As it is written: descriptors have it as a text, that of bytes escaped already. */
function defaultOf({ type, defaultValue }: FieldDescriptorProto): string {
  if (type === Type.STRING) return quote(defaultValue);
  return type === Type.BYTES ? `"${defaultValue}"` : defaultValue;
}

function commentLines(text: string): string[] {
  if (text === "") return [];
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `//${line}`.trimEnd());
}

function range(first: number, last: number, largest: number): string {
  if (first === last) return String(first);
  return `${first} to ${last === largest ? "max" : last}`;
}

function streamed(isStream: boolean, type: string): string {
  return isStream ? `stream ${type}` : type;
}
