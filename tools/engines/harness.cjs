/**
 * What a spec calls, where jest itself doesn't run: the globals, over jest's own `expect`, `fn` and `each`. Runs one bundled spec and
 * prints what failed, then a line of JSON with the counts.
 *
 *   ENGINE harness.cjs BUNDLE LACKING      LACKING: names of tests that can't run here, each with its reason, as JSON
 */
const { resolve } = require("node:path");
const { clearTimeout, setTimeout } = require("node:timers");
const { expect } = require("expect");
const { bind } = require("jest-each");
const { ModuleMocker } = require("jest-mock");

const [bundle, lackingJson] = process.argv.slice(2);
const lacking = Object.entries(JSON.parse(lackingJson));
/** As jest's: long for a machine that does nothing else. */
let timeout = 30_000;

const group = (name, parent) => ({
  name,
  parent,
  beforeAll: [],
  beforeEach: [],
  afterEach: [],
  afterAll: [],
  entries: [],
});
const root = group("", undefined);
let current = root;

function describe(name, define) {
  const parent = current;
  current = group(name, parent);
  parent.entries.push({ group: current });
  define();
  current = parent;
}

function it(name, run, ownTimeout) {
  current.entries.push({ name, run, timeout: ownTimeout });
}

describe.each = bind(describe, false);
it.each = bind(it);
const mocker = new ModuleMocker(globalThis);
Object.assign(globalThis, {
  describe,
  it,
  test: it,
  expect,
  jest: {
    fn: (...args) => mocker.fn(...args),
    spyOn: (...args) => mocker.spyOn(...args),
    restoreAllMocks: () => mocker.restoreAllMocks(),
    setTimeout: (milliseconds) => (timeout = Math.max(timeout, milliseconds)),
  },
});
for (const hook of ["beforeAll", "beforeEach", "afterEach", "afterAll"]) {
  globalThis[hook] = (run) => current[hook].push(run);
}

const counts = { passed: 0, failed: 0, skipped: 0, notRun: [] };

async function within(milliseconds, run) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${milliseconds} ms`)), milliseconds);
  });
  // A test may take a `done`: none of ours does.
  await Promise.race([Promise.resolve().then(() => run()), late]).finally(() =>
    clearTimeout(timer),
  );
}

function failed(name, error) {
  counts.failed++;
  console.log(`FAILED ${name}\n${error?.stack ?? String(error)}\n${error?.message ?? ""}`);
}

const lineage = (it) => (it === undefined ? [] : [...lineage(it.parent), it]);

async function runTest(owner, { name, run, timeout: ownTimeout }) {
  const fullName = [...lineage(owner).map((it) => it.name), name].filter(Boolean).join(" ");
  const reason = lacking.find(([start]) => fullName.startsWith(start))?.[1];
  if (reason !== undefined) return void counts.notRun.push(`${fullName}: ${reason}`);
  try {
    await within(Math.max(timeout, ownTimeout ?? 0), async () => {
      for (const it of lineage(owner)) for (const hook of it.beforeEach) await hook();
      try {
        await run();
      } finally {
        for (const it of lineage(owner).reverse()) for (const hook of it.afterEach) await hook();
      }
    });
    counts.passed++;
  } catch (error) {
    failed(fullName, error);
  }
}

async function runGroup(it) {
  try {
    for (const hook of it.beforeAll) await within(timeout, hook);
    for (const entry of it.entries) {
      if (entry.group) await runGroup(entry.group);
      else await runTest(it, entry);
    }
    for (const hook of it.afterAll) await within(timeout, hook);
  } catch (error) {
    failed(`${it.name} (before or after its tests)`, error);
  }
}

async function main() {
  require(resolve(bundle));
  await runGroup(root);
  console.log(JSON.stringify(counts));
  // What a test has left running must not keep the engine: jest ends its workers, too.
  process.exit(counts.failed > 0 ? 1 : 0);
}
void main();
