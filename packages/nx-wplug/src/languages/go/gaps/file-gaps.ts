import { hasServices } from "../../../contract/has-services";
import { part } from "../../../contract/model/proto-source";
import type { Diagnostic } from "../../../errors/contract-error";
import { goPackage } from "../go-names";
import { type GoSource, importPosition } from "./go-source";

/**
 * What Go leaves out of a build for wasip1: files for other systems and processors, whose names it knows by their ends.
 *
 * @see https://pkg.go.dev/cmd/go#hdr-Build_constraints
 */
const OTHER_PLATFORM = new RegExp(
  `_(${[
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos",
    "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x",
  ]
    .join(" ")
    .replaceAll(" ", "|")})$`,
);

/** Files that Go would not compile for what they are called. */
export function findIgnoredFile({ source, file: { path } }: GoSource): Diagnostic[] {
  const stem = stemOf(path);
  // Go looks at the name as far as the first dot.
  if (!/^[_.]/.test(stem) && !OTHER_PLATFORM.test(stem.replace(/\..*$/, ""))) return [];
  const message = `a file called ${stem} is left out by Go: rename it`;
  return [{ ...source.position(source.file), message }];
}

/** Files that would be generated into one: where they are in Go follows from their package, not from their folder. */
export function findSameFiles(sources: readonly GoSource[]): Diagnostic[] {
  const seen = new Map<string, string>();
  return sources.flatMap((goSource) => {
    const { source, file } = goSource;
    const others = new Set(generatedFiles(goSource).flatMap((it) => seen.get(it) ?? []));
    for (const it of generatedFiles(goSource)) seen.set(it, file.path);
    const [other] = others;
    if (other === undefined) return [];
    const message = `${other} is generated into the same files, as its package is the same: rename one of the two`;
    return [{ ...source.position(source.file, part.filePackage), message }];
  });
}

/** Packages that need each other, which Go does not allow. */
export function findCycles(sources: readonly GoSource[]): Diagnostic[] {
  const folders = new Map(sources.map(({ file }) => [file.path, goPackage(file.package).folder]));
  const imports = new Map<string, Set<string>>();
  for (const { file, imports: paths } of sources) {
    const folder = goPackage(file.package).folder;
    const needed = imports.get(folder) ?? new Set();
    for (const path of paths) {
      const to = folders.get(path);
      if (to !== undefined && to !== folder) needed.add(to);
    }
    imports.set(folder, needed);
  }
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    [...(imports.get(from) ?? [])].some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  return sources.flatMap(({ source, file, imports: paths }) =>
    paths.flatMap((path) => {
      const from = goPackage(file.package).folder;
      const to = folders.get(path);
      if (to === undefined || to === from || !reaches(to, from)) return [];
      const message = `${path} needs the package ${file.package} too, which is a cycle in Go: put both into one package`;
      return [{ ...importPosition(source, path), message }];
    }),
  );
}

/** What go-plugin's generator writes for a file. */
function generatedFiles({ file }: GoSource): string[] {
  const kinds = ["", "_vtproto", ...(hasServices(file) ? ["_host", "_options", "_plugin"] : [])];
  const stem = `${goPackage(file.package).folder}/${stemOf(file.path)}`;
  return kinds.map((kind) => `${stem}${kind}.pb.go`);
}

function stemOf(path: string): string {
  return path.replace(/^.*\/|\.proto$/g, "");
}
