import type { TargetConfiguration } from "@nx/devkit";

import { packageManagerOf } from "../system/package-manager";
import type { Targets, TargetSetting } from "./wplug-project";

type Help = NonNullable<NonNullable<TargetConfiguration["metadata"]>["help"]>;

/** What may be added to a command line, by what a target runs. */
const EXAMPLES: Readonly<Record<string, Help["example"]>> = {
  "wplug:generate": { args: ["--skip-nx-cache"] },
  "wplug:build": { options: { outputFile: "dist/other.wasm" } },
  "wplug:bundle": { options: { main: "src/other.ts" } },
  "wplug:tsc": { args: ["--pretty"] },
  "wplug:handshake": { options: { junit: "dist/report.xml" } },
  "wplug:check-version": { options: { base: "origin/main" } },
  "wplug:playground": { options: { port: 8080 } },
  "wplug:serve": { options: { watch: false } },
  "wplug:push": { options: { tag: "1.2.0", dryRun: true } },
  "wplug:vite": { args: ["--mode=staging"] },
  "wplug:test": { args: ["--coverage"] },
};

const EXEC = { npm: "npx", pnpm: "pnpm exec", yarn: "yarn", bun: "bunx" } as const;

/** Adds to each target what Nx shows as the way to learn about its options. */
export function withHelp(targets: Targets, { project, workspaceRoot }: TargetSetting): Targets {
  const nx = `${EXEC[packageManagerOf(workspaceRoot)]} nx`;
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => {
      const help = {
        command: `${nx} run ${project.name}:${name} --help`,
        example: EXAMPLES[target.executor ?? ""] ?? {},
      };
      return [name, { ...target, metadata: { help, ...target.metadata } }];
    }),
  );
}

/** The targets as Nx shows them together: those of a project, and those that CI runs each on its own. */
export function groupsOf(targets: Targets): Record<string, string[]> {
  const names = Object.keys(targets);
  const isOfCi = (name: string) => name.includes("-ci--") || name.endsWith("-ci");
  const ofCi = names.filter(isOfCi);
  return {
    wplug: names.filter((name) => !isOfCi(name)),
    ...(ofCi.length > 0 && { "wplug (CI)": ofCi }),
  };
}
