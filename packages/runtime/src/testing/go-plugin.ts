import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether there is a Go toolchain: tests with plugins of Go run only where there is. */
export const hasGo = spawnSync("go", ["version"]).status === 0;

/** Builds the plugin in the folder go-plugin and returns the path of the wasm. */
export function buildGoPlugin(): string {
  const output = join(mkdtempSync(join(tmpdir(), "wplug-go-")), "plugin.wasm");
  execFileSync("go", ["build", "-buildmode=c-shared", "-o", output, "."], {
    cwd: join(__dirname, "go-plugin"),
    env: { ...process.env, GOOS: "wasip1", GOARCH: "wasm" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  return output;
}
