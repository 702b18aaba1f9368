import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openCat } from "./open-cat.js";

const plugin = join(__dirname, "../../plugin/dist/wasi-plugin.wasm");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cat-"));
  await writeFile(join(folder, "poem.txt"), "Violets are blue");
});
afterEach(() => rm(folder, { recursive: true }));

it("reads the folder that the host permits", async () => {
  await using cat = await openCat(plugin, folder);
  await expect(cat.show({ path: "/data/poem.txt" })).resolves.toMatchObject({
    text: "Violets are blue",
  });
});

it.each([["/etc/passwd"], ["/data/../passwd"], ["/data/link"], ["passwd"]])(
  "does not read %s",
  async (path) => {
    await symlink("/etc/passwd", join(folder, "link"));
    await using cat = await openCat(plugin, folder);
    await expect(cat.show({ path })).rejects.toThrow(
      `can't read ${path}: the host gave this plugin no files there`,
    );
  },
);
