import type { Comment } from "../../../contract/contract";
import { docComment, docLines } from "./doc-comment";
import { indent } from "./indent";
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
    ...docLines(docComment(comment)),
    `export enum ${name} {`,
    ...members.flatMap((member) =>
      indent([...docLines(docComment(member.comment)), `${member.name} = ${member.number},`]),
    ),
    "}",
    "",
  ]);
}
