import type {
  AnyDesc,
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";
import type { SourceCodeInfo_Location } from "@bufbuild/protobuf/wkt";

/** A place in a proto file, counted from 1. */
export interface Position {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** What can be looked up in a source. */
export type Located =
  | DescFile
  | DescMessage
  | DescEnum
  | DescEnumValue
  | DescField
  | DescOneof
  | DescService
  | DescMethod;

const emptyComments = { leading: "", trailing: "" };

/**
 * Positions and comments of one proto file, by the path numbering of
 * https://protobuf.com/docs/descriptors#source-code-info
 */
export class ProtoSource {
  private readonly locations = new Map<string, SourceCodeInfo_Location>();

  constructor(readonly file: DescFile) {
    for (const location of file.proto.sourceCodeInfo?.location ?? []) {
      const key = location.path.join();
      // The first one is the declaration, others are extend blocks and the like.
      if (!this.locations.has(key)) this.locations.set(key, location);
    }
  }

  /** Where an element begins, or a part of it that `detail` names by its path numbers. */
  position(desc: Located, ...detail: readonly number[]): Position {
    const [line = 0, column = 0] = this.locate(desc, detail)?.span ?? [];
    return { path: this.file.proto.name, line: line + 1, column: column + 1 };
  }

  /** Comments of an element as written, without comment signs. */
  comments(desc: Located, ...detail: readonly number[]): { leading: string; trailing: string } {
    const location = this.locate(desc, detail);
    if (location === undefined) return emptyComments;
    return {
      leading: location.leadingComments,
      trailing: location.trailingComments,
    };
  }

  /**
   * Comments between an element and what is before it that do not belong to the element. The first of them, if it
   * follows directly, counts as the trailing comment of what is before it.
   */
  commentsAbove(desc: Located): string[] {
    const location = this.locate(desc, []);
    if (location === undefined) return [];
    const start = startOf(location);
    const before = [...this.locations.values()].filter((other) => endOf(other) <= start);
    const last = Math.max(...before.map(endOf));
    const trailing = before.filter((other) => endOf(other) === last);
    return [
      ...trailing.map(({ trailingComments }) => trailingComments),
      ...location.leadingDetachedComments,
    ];
  }

  private locate(desc: Located, detail: readonly number[]): SourceCodeInfo_Location | undefined {
    return this.locations.get([...pathOf(desc), ...detail].join());
  }
}

// Places in a file as numbers that can be compared. A span is [line, column, end line if another, end column].
function startOf({ span: [line = 0, column = 0] }: SourceCodeInfo_Location): number {
  return place(line, column);
}

function endOf({ span }: SourceCodeInfo_Location): number {
  const [line = 0, , third = 0, fourth] = span;
  return fourth === undefined ? place(line, third) : place(third, fourth);
}

function place(line: number, column: number): number {
  return line * 2 ** 20 + column;
}

/** Path numbers of parts of elements, for `ProtoSource.position`. */
export const part = {
  fileDependency: 3,
  filePackage: 2,
  fileSyntax: 12,
  fileEdition: 14,
  fileExtension: 7,
  messageExtension: 6,
  messageExtensionRange: 5,
  methodInput: 2,
  methodOutput: 3,
} as const;

function pathOf(desc: Exclude<AnyDesc, { kind: "extension" }>): number[] {
  switch (desc.kind) {
    case "file":
      return [];
    case "message":
      return desc.parent === undefined
        ? [4, desc.file.proto.messageType.indexOf(desc.proto)]
        : [...pathOf(desc.parent), 3, desc.parent.proto.nestedType.indexOf(desc.proto)];
    case "enum":
      return desc.parent === undefined
        ? [5, desc.file.proto.enumType.indexOf(desc.proto)]
        : [...pathOf(desc.parent), 4, desc.parent.proto.enumType.indexOf(desc.proto)];
    case "enum_value":
      return [...pathOf(desc.parent), 2, desc.parent.proto.value.indexOf(desc.proto)];
    case "field":
      return [...pathOf(desc.parent), 2, desc.parent.proto.field.indexOf(desc.proto)];
    case "oneof":
      return [...pathOf(desc.parent), 8, desc.parent.proto.oneofDecl.indexOf(desc.proto)];
    case "service":
      return [6, desc.file.proto.service.indexOf(desc.proto)];
    case "rpc":
      return [...pathOf(desc.parent), 2, desc.parent.proto.method.indexOf(desc.proto)];
  }
}
