/** One fenced code block of a Markdown file. */
export interface CodeBlock {
  /** `sh`, `ts`, `proto`, `text`. */
  readonly language: string;
  readonly content: string;
}

/** The code blocks under the heading `## title`, in order, up to the next heading of that level. */
export function codeBlocksUnder(markdown: string, title: string): CodeBlock[] {
  const start = markdown.indexOf(`\n## ${title}\n`);
  if (start < 0) throw new Error(`there is no heading "## ${title}"`);
  const end = markdown.indexOf("\n## ", start + 1);
  const section = markdown.slice(start, end < 0 ? undefined : end);
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
    ([, language = "", content = ""]) => ({
      language,
      content,
    }),
  );
}
