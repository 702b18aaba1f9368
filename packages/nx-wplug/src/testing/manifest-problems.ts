import { execFileSync } from "node:child_process";

import { parse } from "yaml";

import { typeErrors } from "./type-errors";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

/**
 * What is wrong with a manifest for Kubernetes by the API's own schema; empty if nothing is. The schema is that of `kubernetes-models`,
 * in two forms: its validators know formats and patterns but let fields pass that they don't know, its types refuse those.
 */
export function manifestProblems(yaml: string): string[] {
  const manifest = parse(yaml) as Manifest;
  return [...problemsByTypes(manifest), ...problemsByValidator(manifest)];
}

function modelOf({ apiVersion, kind }: Manifest): string {
  return `kubernetes-models/${apiVersion}/${kind}`;
}

function problemsByTypes(manifest: Manifest): string[] {
  const { kind } = manifest;
  const content = `import type { I${kind} } from "${modelOf(manifest)}";
export const manifest: I${kind} = ${JSON.stringify(manifest)};
`;
  // Other settings are for code that wplug generates.
  return typeErrors([{ path: "manifest.ts", content }], { exactOptionalPropertyTypes: false });
}

// The package has ES modules alone, which jest runs only with a flag of Node.
const VALIDATE = `try {
  const models = await import(process.argv[1]);
  new models[process.argv[2]](JSON.parse(process.argv[3])).validate();
} catch (error) {
  console.log(error.message);
}`;

function problemsByValidator(manifest: Manifest): string[] {
  const output = execFileSync(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      VALIDATE,
      "--",
      modelOf(manifest),
      manifest.kind,
      JSON.stringify(manifest),
    ],
    { cwd: __dirname, encoding: "utf8" },
  );
  return output.trim() === "" ? [] : output.trim().split("\n");
}
