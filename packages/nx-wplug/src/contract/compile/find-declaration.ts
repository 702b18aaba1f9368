import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { DescFile } from "@bufbuild/protobuf";
import * as wellKnown from "@bufbuild/protobuf/wkt";

import { WELL_KNOWN_PROTOS } from "../well-known-protos";

/** Where a type is declared. */
export interface Declaration {
  /** Path to import. */
  readonly file: string;
  /** Full name of the type. */
  readonly typeName: string;
  /** Counted from 1; undefined for what comes with protobuf. */
  readonly line: number | undefined;
}

/**
 * The type that `name` may mean, in a file that was not imported: by its full name, or the end of it. A look at the text, as there
 * are no descriptors of what does not compile; for hints only.
 *
 * @param paths of the proto files in `root`
 */
export function findDeclaration(
  name: string,
  root: string,
  paths: readonly string[],
): Declaration | undefined {
  const wanted = name.replace(/^\./, "");
  const isMeant = ({ typeName }: Declaration) =>
    typeName === wanted || typeName.endsWith(`.${wanted}`);
  return (
    paths.flatMap((path) => declarations(root, path)).find(isMeant) ??
    provided().find(({ typeName }) => typeName === wanted)
  );
}

function declarations(root: string, file: string): Declaration[] {
  const text = readFileSync(join(root, file), "utf8");
  const packageName = /^\s*package\s+([\w.]+)\s*;/m.exec(text)?.[1];
  return [...text.matchAll(/^[^/\n]*\b(?:message|enum)\s+(\w+)\s*\{/gm)].map((match) => ({
    file,
    typeName: packageName === undefined ? (match[1] ?? "") : `${packageName}.${match[1]}`,
    line: text.slice(0, match.index).split("\n").length,
  }));
}

function provided(): Declaration[] {
  return Object.values(wellKnown)
    .filter((it): it is DescFile => typeof it === "object" && "kind" in it && it.kind === "file")
    .filter(({ proto }) => WELL_KNOWN_PROTOS.includes(proto.name))
    .flatMap((file) =>
      [...file.messages, ...file.enums].map(({ typeName }) => ({
        file: file.proto.name,
        typeName,
        line: undefined,
      })),
    );
}
