import type { PluginOptions } from "../config/plugin-options";
import type { Dependencies, Targets } from "./wplug-project";

/** Gives targets the names that nx.json asks for, also where others depend on them. All of wplug's depend on nothing else. */
export function withNames(targets: Targets, options: PluginOptions): Targets {
  const names = new Map([
    ["generate", options.generateTargetName],
    ["build", options.buildTargetName],
    ["test", options.testTargetName],
    ["typecheck", options.typecheckTargetName],
    ["handshake", options.handshakeTargetName],
    ["check-version", options.checkVersionTargetName],
    ["playground", options.playgroundTargetName],
    ["push", options.pushTargetName],
    ["serve", options.serveTargetName],
    ["preview", options.previewTargetName],
  ]);
  const renamed = (name: string) =>
    // handshake-ci and handshake-ci--PLUGIN
    names.get(name) ?? name.replace(/^handshake(?=-ci)/, options.handshakeTargetName);
  const dependency = (it: Dependencies[number]): Dependencies[number] => {
    if (typeof it !== "string") return { ...it, target: renamed(it.target) };
    return it.startsWith("^") ? `^${renamed(it.slice(1))}` : renamed(it);
  };
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      renamed(name),
      target.dependsOn === undefined
        ? target
        : { ...target, dependsOn: target.dependsOn.map(dependency) },
    ]),
  );
}
