/** `ran` or `cached`, by task, of what Nx prints with `--outputStyle=static`. */
export function tasksOf(output: string): Record<string, string> {
  const tasks: Record<string, string> = {};
  for (const [, task = "", rest = ""] of output.matchAll(/^> nx run (\S+)(.*)$/gm)) {
    tasks[task] = /\[(local cache|remote cache|existing outputs match)/.test(rest)
      ? "cached"
      : "ran";
  }
  return tasks;
}
