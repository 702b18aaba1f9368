/** Thrown through the plugin's frames by `proc_exit`, which never returns. */
export class ExitSignal extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`proc_exit(${code})`);
    this.code = code;
  }
}
