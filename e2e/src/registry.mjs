/**
 * A registry on this machine that has the packed packages, as they would be published, and sends for everything else to
 * the registry that npm is configured with. Prints its address when it is ready, and ends with its parent.
 *
 *   node registry.mjs UPSTREAM TARBALL...
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename } from "node:path";

const [upstream, ...tarballs] = process.argv.slice(2);

const packages = new Map(
  tarballs.map((path) => {
    const manifest = execFileSync("tar", ["-xzOf", path, "package/package.json"], {
      encoding: "utf8",
    });
    const { name, ...rest } = JSON.parse(manifest);
    return [name, { file: basename(path), bytes: readFileSync(path), manifest: { name, ...rest } }];
  }),
);

const server = createServer(({ url = "/" }, response) => {
  const path = decodeURIComponent(new URL(url, "http://localhost").pathname).slice(1);
  const tarball = [...packages.values()].find(({ file }) => path === `-/${file}`);
  if (tarball !== undefined) {
    response.setHeader("content-type", "application/octet-stream").end(tarball.bytes);
    return;
  }
  const known = packages.get(path);
  if (known === undefined) {
    response.writeHead(307, { location: new URL(url.slice(1), upstream).href }).end();
    return;
  }
  response.setHeader("content-type", "application/json").end(JSON.stringify(packument(known)));
});

/** https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function packument({ file, bytes, manifest }) {
  const { name, version } = manifest;
  const dist = {
    tarball: `${address()}-/${file}`,
    shasum: createHash("sha1").update(bytes).digest("hex"),
    integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
  };
  return {
    _id: name,
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, _id: `${name}@${version}`, dist } },
    time: { [version]: "2026-01-01T00:00:00.000Z" },
  };
}

function address() {
  return `http://127.0.0.1:${server.address().port}/`;
}

server.listen(0, "127.0.0.1", () => console.log(address()));
process.on("disconnect", () => process.exit());
