import { existsSync } from "node:fs";
import { join } from "node:path";

/** What `spawn` is given. */
export interface HelperCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether the arguments are quoted already, as `cmd` wants it. */
  readonly isVerbatim: boolean;
}

/**
 * How a credential helper is asked for credentials. By its name alone, Windows would find only an .exe, also one that lies in the
 * current folder; installers of helpers make .cmd files, too, which only `cmd` can run.
 *
 * @param program without an extension; of the characters A-Z a-z 0-9 . _ - alone
 */
export function helperCommand(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
): HelperCommand {
  const plain = { command: program, args: ["get"], isVerbatim: false };
  if (platform !== "win32") return plain;
  const file = findOnWindows(program, env);
  // It is reported as missing, whatever lies in the current folder.
  if (file === undefined) return { ...plain, command: join(program, `${program}.exe`) };
  if (!/\.(?:cmd|bat)$/i.test(file)) return { ...plain, command: file };
  // Within quotes, cmd replaces nothing but variables.
  const args = ["/d", "/v:off", "/s", "/c", `""${file}" get"`];
  return { command: env["ComSpec"] ?? "cmd.exe", args, isVerbatim: true };
}

/** By the folders of PATH, and in each by the extensions of PATHEXT, as `docker` does. */
function findOnWindows(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const folders = (valueOf(env, "PATH") ?? "").split(";").map((it) => it.replace(/^"|"$/g, ""));
  const extensions = (valueOf(env, "PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").split(";");
  return folders
    .filter((folder) => folder !== "" && folder !== "." && !/["%]/.test(folder))
    .flatMap((folder) => extensions.map((it) => join(folder, program + it.toLowerCase())))
    .find((file) => existsSync(file));
}

/** Windows calls it Path, and does not care. */
function valueOf(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const key = Object.keys(env).find((it) => it.toUpperCase() === name);
  return key === undefined ? undefined : env[key];
}
