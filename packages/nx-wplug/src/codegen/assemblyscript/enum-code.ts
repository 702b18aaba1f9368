import type { Comment } from "../contract";
import { docComment } from "./doc-comment";
import { joinLines } from "./print-source";

interface EnumMember {
  readonly name: string;
  readonly number: number;
  readonly comment: Comment;
}

/**
 * Declaration of an enum. Written here, as ts-morph puts names such as `delete` in quotes, which AssemblyScript does not
 * accept and does not need.
 */
export function enumCode(name: string, comment: Comment, members: readonly EnumMember[]): string {
  return joinLines([
    // Between statements that are text, ts-morph leaves no empty line.
    "",
    ...docLines(comment),
    `export enum ${name} {`,
    ...members.flatMap((member) =>
      [...docLines(member.comment), `${member.name} = ${member.number},`].map((it) => `  ${it}`),
    ),
    "}",
  ]);
}

function docLines(comment: Comment): string[] {
  return docComment(comment).flatMap(({ description }) => {
    const lines = String(description).split("\n");
    return lines.length === 1
      ? [`/** ${lines[0] ?? ""} */`]
      : ["/**", ...lines.slice(1).map((line) => ` * ${line}`.trimEnd()), " */"];
  });
}
