/**
 * Uses the playground in headless Chromium as a person does: `node tools/playground/run.mjs`. With `--screenshots` it draws the
 * pictures of docs/.
 */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

import { chromiumPath, startChromium } from "../browser/chromium.mjs";
import { LARGE_TEXT, MOST, openFile, typeInLargeForm } from "./measure.mjs";
import { built, buildPlugin, pagePath } from "./play-plugin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const work = join(root, "tmp/playground");
const axePath = join(root, "tools/browser/node_modules/axe-core/axe.min.js");

/** The same, which does not tell its contract: without the last of its sections. */
function withoutContract() {
  const wasm = readFileSync(join(work, "play.wasm"));
  // The name of the section is in it once; before it are its id and two lengths.
  const start = wasm.indexOf("\x11wplug.descriptors");
  return wasm.subarray(0, wasm.lastIndexOf(0, start - 2));
}

const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A module of about so many bytes, all of which are in a custom section. */
function custom(size) {
  const length = size - 14;
  const leb = [0, 7, 14, 21].map((bits) => ((length >> bits) & 127) | (bits < 21 ? 128 : 0));
  return Buffer.concat([Buffer.from([...magic, 0, ...leb, 1, 0x70]), Buffer.alloc(length - 2)]);
}

/** A plugin that says what the other one does, but has nothing of it and traps when it is started. */
function trappingAtStart() {
  const wasm = readFileSync(join(work, "play.wasm"));
  const name = wasm.indexOf("\x05wplug");
  const section = (id, items) => [id, items.flat().length + 1, items.length, ...items.flat()];
  const [i32, i64] = [0x7f, 0x7e];
  const types = [
    [0, 0],
    [0, 1, i64],
    [1, i32, 1, i32],
    [1, i32, 0],
    [2, i32, i32, 1, i64],
  ];
  const names = ["", "play_api_version", "malloc", "free", "play_obey"];
  const exported = (text, kind, index) => [text.length, ...Buffer.from(text), kind, index];
  const functions = names.map((text, i) => exported(text, 0, i)).slice(1);
  const parts = [
    ...magic,
    ...section(
      1,
      types.map((it) => [0x60, ...it]),
    ),
    ...section(3, [[0], [1], [2], [3], [4]]),
    ...section(5, [[0, 1]]),
    ...section(7, [...functions, exported("memory", 2, 0)]),
    ...[8, 1, 0],
    // Each is `unreachable`.
    ...section(
      10,
      types.map(() => [3, 0, 0, 0x0b]),
    ),
  ];
  return Buffer.concat([Buffer.from(parts), wasm.subarray(wasm.lastIndexOf(0, name - 2))]);
}

/** Rules of accessibility that the page breaks: https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md */
async function axe(page) {
  await page.evaluate(readFileSync(axePath, "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** What is filled in by hand for Echo, and what has to come back. */
async function fillEverything(page) {
  const form = page.locator("form.request");
  const field = (name) => form.getByLabel(name, { exact: true });
  const inGroup = (name) => form.getByRole("group", { name, exact: true }).first();
  await field("text").fill('héllo "you" </script>');
  await field("small").fill("-7");
  await field("large").fill("9007199254740993");
  await field("real").fill("NaN");
  await field("flag").check();
  await field("data").fill("AQID");
  await field("color").selectOption("COLOR_RED");
  await page.getByLabel("set", { exact: true }).check();
  await field("sure").selectOption("false");
  await page.getByRole("button", { name: "Add numbers" }).click();
  await field("numbers 1").fill("5");
  await page.getByRole("button", { name: "Add numbers" }).click();
  await page.getByRole("button", { name: "Add numbers" }).click();
  await field("numbers 3").fill("6");
  await page.getByRole("button", { name: "Remove numbers 2" }).click();
  await page.getByRole("button", { name: "Add texts" }).click();
  await inGroup("texts 1").getByLabel("text").fill("in a list");
  await page.getByRole("button", { name: "Add counts" }).click();
  await field("Key 1 of counts").fill("apples");
  await field("Key 1 of counts").blur();
  await field("counts apples").fill("3");
  await page.getByRole("button", { name: "Add byNumber" }).click();
  await inGroup("byNumber 1").getByLabel("text").fill("one");
  await field("way").selectOption("name");
  await field("name").fill("Ada");
  await page.getByRole("button", { name: "Fill in Everything" }).click();
  await inGroup("nested").getByLabel("small", { exact: true }).fill("1");
  await page.getByLabel("at", { exact: true }).first().fill("2026-01-31T12:00:00Z");
  await page.locator("[id$='-at']").last().fill("2026-01-31T12:00:00Z");
  await page.locator("[id$='-time']").last().fill("1.5s");
  await page.locator("[id$='-mask']").last().fill("text,nested");
  await page.locator("[id$='-details']").last().fill('{ "a": [1, null] }');
  await page.locator("[id$='-anyValue']").last().fill('"any"');
  await page.locator("[id$='-wrapped']").last().fill("12");
  await page.locator("[id$='-wrappedFlag']").last().selectOption("true");
  await page
    .locator("[id$='-anything']")
    .last()
    .fill('{ "@type": "type.googleapis.com/play.v1.Text", "text": "packed" }');
}

const EVERYTHING = {
  text: 'héllo "you" </script>',
  small: -7,
  large: "9007199254740993",
  real: "NaN",
  flag: true,
  data: "AQID",
  color: "COLOR_RED",
  maybe: "",
  sure: false,
  numbers: [5, 6],
  texts: [{ text: "in a list" }],
  counts: { apples: 3 },
  byNumber: { 1: { text: "one" } },
  name: "Ada",
  nested: { small: 1 },
  at: "2026-01-31T12:00:00Z",
  time: "1.500s",
  mask: "text,nested",
  details: { a: [1, null] },
  anyValue: "any",
  wrapped: "12",
  wrappedFlag: true,
  anything: { "@type": "type.googleapis.com/play.v1.Text", text: "packed" },
};

/** What has to be in it is; what else there is are zeros. */
function contains(actual, wanted) {
  if (typeof wanted !== "object" || wanted === null) return Object.is(actual, wanted);
  return Object.entries(wanted).every(([key, value]) => contains(actual?.[key], value));
}

const FILE_PAGE = pathToFileURL(pagePath).href;

/** What a person does, and what has to be seen: each opens the page anew. */
const tests = {
  "is small": async () => {
    const size = gzipSync(readFileSync(pagePath), { level: 9 }).length;
    console.log(`  ${size} bytes, compressed`);
    return size <= MOST.gzip;
  },
  "shows services with comments, and what the plugin may ask for": async ({ page, open }) => {
    await open();
    await page.getByText("play.wasm", { exact: true }).click();
    const facts = await page.locator("details pre").first().textContent();
    await page.getByText("Answers with what it was given.", { exact: false }).last().waitFor();
    return /Play 3/.test(facts) && /needs +env.find: Find/.test(facts) && /files/.test(facts);
  },
  "sends every kind of field, and gets it back": async ({ page, open, answer }) => {
    await open();
    await fillEverything(page);
    await page.getByRole("button", { name: "Call Echo" }).click();
    const json = JSON.parse(await answer());
    if (!contains(json, EVERYTHING)) console.log(JSON.stringify(json, null, 2));
    return contains(json, EVERYTHING);
  },
  "takes the request as JSON": async ({ page, open, answer }) => {
    await open();
    await page.getByLabel("as JSON").check();
    await page.getByLabel("Request in JSON").fill('{ "small": ');
    await page.getByRole("alert").getByText("JSON").waitFor();
    await page.getByLabel("Request in JSON").fill('{ "small": 12 }');
    await page.getByRole("button", { name: "Call Echo" }).click();
    return JSON.parse(await answer()).small === 12;
  },
  "says which field is wrong": async ({ page, open }) => {
    await open();
    await page.getByLabel("small", { exact: true }).fill("many");
    await page.getByRole("button", { name: "Call Echo" }).click();
    return (await page.getByRole("alert").textContent()).includes("small");
  },
  "shows output, time, memory and bytes": async ({ page, open, obey }) => {
    await open();
    await obey("me");
    const shown = await page.getByRole("region", { name: "Answer" }).textContent();
    await page.getByText("Bytes", { exact: true }).click();
    const bytes = await page.getByRole("region", { name: "Answer" }).textContent();
    return (
      /"text": "me!"/.test(shown) &&
      /stdoutobeys me/.test(shown) &&
      /stderrto the error output/.test(shown) &&
      /ms, [\d,]+ units of fuel, [\d,]+ KiB of memory; its start took/.test(shown) &&
      bytes.includes("0a 02 6d 65")
    );
  },
  "keeps the plugin between calls, until its settings change": async ({ page, open, obey }) => {
    await open();
    await obey("count");
    const second = await obey("count");
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("MiB of memory").fill("32");
    const anew = await obey("count");
    return second.includes('"2"') && anew.includes('"1"');
  },
  "ends a plugin that loops, and goes on": async ({ page, open, obey }) => {
    await open();
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("Milliseconds of a call").fill("300");
    const looped = await obey("loop");
    const after = await obey("again");
    return (
      looped.includes("Obey took longer than 300 ms (limits.time)") && after.includes("again!")
    );
  },
  "shows what a plugin wrote before it was ended, also with its thread": async (it) => {
    const { page, open, obey } = it;
    await open();
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("Milliseconds of a call").fill("300");
    const metered = await obey("say and loop");
    await page.getByLabel("Count fuel").uncheck();
    const unmetered = await obey("say and loop");
    return (
      metered.includes("said before") &&
      unmetered.includes("said before") &&
      unmetered.includes("It took longer than 300 ms, and was ended") &&
      !unmetered.includes("units of fuel")
    );
  },
  "holds the limits of fuel and memory that it is given": async ({ page, open, obey }) => {
    await open();
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("MiB of memory").fill("4095");
    const wide = await obey("wide");
    await page.getByLabel("Units of fuel of a call").fill("1000000");
    const looped = await obey("loop");
    await page.getByLabel("MiB of memory").fill("4");
    await page.getByLabel("Units of fuel of a call").fill("");
    const grown = await obey("grow");
    return (
      wide.includes("wide!") &&
      looped.includes("used more than 1000000 units of fuel (limits.fuel)") &&
      /PluginLimitError.*limits.memory/.test(grown)
    );
  },
  "stops a call, also by another setting": async ({ page, open, begin, ended }) => {
    await open();
    await begin("loop");
    await page.getByRole("button", { name: "Stop" }).click();
    const stopped = await ended();
    await begin("loop");
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("MiB of memory").fill("32");
    await page.getByLabel("MiB of memory").blur();
    const changed = await ended();
    return stopped.includes("It was stopped.") && changed.includes("as a setting changed");
  },
  "survives a plugin that takes all memory": async ({ open, obey }) => {
    await open();
    const grown = await obey("grow");
    const after = await obey("again");
    return /PluginLimitError.*limits.memory/.test(grown) && after.includes("again!");
  },
  "survives a flood without an end, of output and of calls of the host": async (it) => {
    const { page, open, obey } = it;
    await open();
    const flooded = await obey("flood for ever");
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("Milliseconds of a call").fill("500");
    const asked = await obey("find for ever");
    return (
      /PluginLimitError.*limits.output|took longer than 5000 ms/.test(flooded) &&
      flooded.includes("… and more, which is not shown") &&
      /Obey took longer than 500 ms/.test(asked) &&
      /… and [\d,]+ calls of the host more/.test(asked)
    );
  },
  "shows the beginning of an answer of 54 MB, and goes on": async ({ page, open, obey }) => {
    await open();
    const answer = await obey("large");
    const start = Date.now();
    await page.getByText("Bytes", { exact: true }).click();
    const file = page.getByRole("link", { name: "as a file" });
    await file.waitFor();
    const after = await obey("again");
    console.log(`  ${Date.now() - start} ms until the next answer`);
    return (
      /… and 539\d{5} characters more, which are not shown/.test(answer) && after.includes("again!")
    );
  },
  "says that a plugin can't be started": async ({ page, put }) => {
    await put("trap.wasm", trappingAtStart());
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("Count fuel").uncheck();
    await page.getByRole("button", { name: "Play.Obey" }).click();
    await page.getByRole("button", { name: "Call Obey" }).click();
    const answer = page.getByRole("region", { name: "Answer" });
    const text = await answer.textContent();
    return /PluginLoadError: .*unreachable/s.test(text);
  },
  "refuses a file that is too large, and opens one of 200 MB": async ({ page, open }) => {
    const problems = [];
    for (const megabytes of [300, 200]) {
      const path = join(work, `${megabytes}.wasm`);
      writeFileSync(path, "");
      truncateSync(path, megabytes * 1e6);
      await page.setInputFiles("#file", path);
      problems.push(await page.getByRole("alert").getByText(`${megabytes}.wasm`).textContent());
      rmSync(path);
    }
    const path = join(work, "module.wasm");
    writeFileSync(path, custom(200_000_000));
    await page.setInputFiles("#file", path);
    await page.getByText("module.wasm is open.").waitFor();
    rmSync(path);
    await open();
    return (
      problems[0] === "300.wasm is larger than 256 MiB, which is the most that this page opens." &&
      problems[1].startsWith("200.wasm is not a WebAssembly module")
    );
  },
  "survives a flood of output": async ({ page, open, obey }) => {
    await open();
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("Milliseconds of a call").fill("20000");
    const flooded = await obey("flood");
    return flooded.length < 200_000 && flooded.includes("water");
  },
  "shows errors as they are": async ({ open, obey }) => {
    await open();
    const thrown = await obey("throw");
    const failed = await obey("fail");
    return (
      /PluginTrapError: .*thrown on purpose \(assembly\/index.ts:\d+:\d+\)/.test(thrown) &&
      /PluginError: as it was told/.test(failed)
    );
  },
  "answers for the host with JSON": async ({ page, open, obey }) => {
    await open();
    await page.getByLabel("Answers with").selectOption("json");
    await page.getByLabel("Answer of Find").fill('{ "text": "it" }');
    const found = await obey("find gold");
    return (
      found.includes("found it") && found.includes("called env.find") && found.includes("gold")
    );
  },
  "answers for the host by a form": async ({ page, open, obey }) => {
    await open();
    await page.getByRole("group", { name: "Find" }).getByLabel("text").fill("by hand");
    return (await obey("find gold")).includes("found by hand");
  },
  "keeps a plugin while what its host answers is changed": async ({ page, open, obey }) => {
    await open();
    await obey("count");
    await page.getByRole("group", { name: "Find" }).getByLabel("text").fill("by hand");
    return (await obey("count")).includes('"2"');
  },
  "answers for the host with JavaScript that waits, and shows what it throws": async (it) => {
    const { page, open, obey } = it;
    await open();
    await page.getByLabel("Answers with").selectOption("script");
    const script = page.getByLabel("JavaScript of Find");
    await script.fill(
      'await new Promise((done) => setTimeout(done, 50)); return { text: "late" };',
    );
    const waited = await obey("find gold");
    await script.fill("return Promise.resolve({ text: 'promised' });");
    const promised = await obey("find gold");
    await script.fill('await null; throw new RangeError("no gold");');
    const thrown = await obey("find gold");
    await script.fill("await new Promise(() => {});");
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("Milliseconds of a call").fill("300");
    const never = await obey("find gold");
    return (
      waited.includes("found late") &&
      promised.includes("found promised") &&
      thrown.includes("HostFunctionError: host function env.find failed: no gold") &&
      thrown.includes("→ RangeError: no gold") &&
      never.includes("took longer than 300 ms (limits.time)") &&
      never.includes("→ no answer yet")
    );
  },
  "says that a browser can't wait for JavaScript": async ({ page, open, obey }) => {
    const path = join(work, "without-jspi.html");
    const program = '<script id="program">';
    writeFileSync(
      path,
      readFileSync(pagePath, "utf8").replace(program, `${program}delete WebAssembly.Suspending;`),
    );
    await page.goto(pathToFileURL(path).href);
    await open();
    await page.getByLabel("Answers with").selectOption("script");
    await page.getByLabel("JavaScript of Find").fill('return { text: "at once" };');
    const atOnce = await obey("find gold");
    await page.getByLabel("JavaScript of Find").fill('await null; return { text: "late" };');
    const late = await obey("find gold");
    return (
      atOnce.includes("found at once") && late.includes("this browser can't let a plugin wait")
    );
  },
  "answers for the host with JavaScript, and says what is wrong in it": async (it) => {
    const { page, open, obey } = it;
    await open();
    await page.getByLabel("Answers with").selectOption("script");
    await page
      .getByLabel("JavaScript of Find")
      .fill("return { text: request.text.toUpperCase() };");
    const found = await obey("find gold");
    await page.getByLabel("JavaScript of Find").fill("return { text: 1 + };");
    const syntax = await obey("find gold");
    await page.getByLabel("JavaScript of Find").fill("while (true) {}");
    await page.getByText("Limits, environment and files").click();
    await page.getByLabel("Milliseconds of a call").fill("300");
    const looped = await obey("find gold");
    return (
      found.includes("found GOLD") && /SyntaxError/.test(syntax) && looped.includes("took longer")
    );
  },
  "gives files": async ({ page, open, obey }) => {
    await open();
    const without = await obey("read /data/a.txt");
    await page.getByText("Limits, environment and files").click();
    await page.getByRole("button", { name: "Add file" }).click();
    await page.getByLabel("Path of file 1").fill("/data/a.txt");
    await page.getByLabel("Path of file 1").blur();
    await page.getByLabel("Text of file 1").fill("what is in it");
    const read = await obey("read /data/a.txt");
    return without.includes("PluginError") && read.includes('"what is in it"');
  },
  "calls again from its history, and by a link without the plugin": async (it) => {
    const { page, open, obey, browser, file } = it;
    await open();
    await obey("first");
    await obey("second");
    await page.getByRole("button", { name: "Call again" }).nth(1).click();
    await page.getByText('"first!"').first().waitFor();
    await page.getByRole("button", { name: "Share a link" }).click();
    await page.waitForFunction(() => globalThis.location.hash.length > 1);
    const url = page.url();
    const other = await browser.newPage();
    await other.goto(url);
    const isCallable = await other.getByRole("button", { name: "Call Obey" }).isEnabled();
    const text = await other.locator("form.request").getByLabel("text").inputValue();
    await other.setInputFiles("#file", file);
    await other.getByRole("button", { name: "Call Obey" }).click();
    await other.getByText('"first!"').first().waitFor();
    await other.close();
    return text === "first" && !isCallable && url.length < 8000;
  },
  "says what is wrong with a file and a link": async ({ page, put }) => {
    const problems = [];
    for (const [name, bytes] of [
      ["text.wasm", Buffer.from("hello")],
      ["empty.wasm", Buffer.alloc(0)],
      ["cut.wasm", readFileSync(join(work, "play.wasm")).subarray(0, 3000)],
    ]) {
      await put(name, bytes);
      problems.push(await page.getByRole("alert").textContent());
    }
    await page.goto(`${FILE_PAGE}?#nonsense`);
    problems.push(await page.getByRole("alert").textContent());
    return (
      /^text.wasm is not a WebAssembly module/.test(problems[0]) &&
      /^empty.wasm is empty/.test(problems[1]) &&
      /^cut.wasm is not a valid/.test(problems[2]) &&
      problems[3].length > 0
    );
  },
  "shows what there is of a module without its contract": async ({ page, put }) => {
    await put("plugin.wasm", withoutContract());
    await page.getByText("This file does not tell its contract").waitFor();
    return /play.v1.Play 3: echo, obey, fill/.test(
      await page.locator("details pre").first().textContent(),
    );
  },
  "has a form of 500 fields without lag": async ({ page, open, answer }) => {
    await open();
    await page.getByRole("button", { name: "Play.Fill" }).click();
    const each = await typeInLargeForm(page);
    console.log(`  ${each.toFixed(1)} ms a character`);
    await page.getByRole("button", { name: "Call Fill" }).click();
    return each < MOST.key && (await answer()).includes(LARGE_TEXT);
  },
  "opens a plugin of 3 MB within a second": async ({ page }) => {
    // Data, as most of a plugin in TypeScript is.
    const wasm = readFileSync(join(work, "play.wasm"));
    const { appendCustomSection } = built("wasm/custom-section.js");
    const path = join(work, "large.wasm");
    writeFileSync(path, appendCustomSection(wasm, "padding", new Uint8Array(3 << 20)));
    const time = await openFile(page, path);
    console.log(`  ${Math.round(time)} ms`);
    return time < MOST.open;
  },
  "opens a file that is dropped on it": async ({ page, file }) => {
    const base64 = readFileSync(file).toString("base64");
    await page.evaluate(async (text) => {
      const { DataTransfer, DragEvent, document, fetch, File } = globalThis;
      const content = await (await fetch(`data:application/wasm;base64,${text}`)).blob();
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], "dropped.wasm"));
      document.body.dispatchEvent(
        new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
      );
    }, base64);
    await page.getByText("dropped.wasm is open.").waitFor();
    return true;
  },
  "opens every build of a plugin that is served, and keeps what is filled in": async (it) => {
    const { page, obey, file } = it;
    const { servePage } = built("executors/playground/serve-page.js");
    const served = join(work, "served.wasm");
    copyFileSync(file, served);
    const server = await servePage("served.wasm", served, 0);
    try {
      await page.goto(server.url);
      const first = await obey("first build");
      await page.getByRole("group", { name: "Find" }).getByLabel("text").fill("kept");
      const { appendCustomSection } = built("wasm/custom-section.js");
      writeFileSync(served, appendCustomSection(readFileSync(file), "again", Buffer.from("x")));
      server.reload();
      await page.getByText("served.wasm was built again, and is open.").waitFor();
      const kept = await page.locator("form.request").getByLabel("text").inputValue();
      const mock = await page.getByRole("group", { name: "Find" }).getByLabel("text").inputValue();
      await page.getByRole("button", { name: "Call Obey" }).click();
      await page.getByText("first build!").first().waitFor();
      return first.includes("first build!") && kept === "first build" && mock === "kept";
    } finally {
      server.close();
    }
  },
  "breaks no rule of axe, in the light and the dark": async ({ page, open, obey }) => {
    await open();
    await fillEverything(page);
    await page.getByText("Limits, environment and files").click();
    await page.getByRole("button", { name: "Add file" }).click();
    const broken = [];
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      broken.push(...(await axe(page)));
      for (const text of ["find gold", "fail"]) {
        await obey(text);
        await page.getByText("Bytes", { exact: true }).click();
        broken.push(...(await axe(page)));
      }
      await page.getByRole("button", { name: "Play.Echo" }).click();
    }
    for (const line of broken) console.log(`  ${line}`);
    return broken.length === 0;
  },
  "works with the keyboard alone, and names every control": async ({ page, open, answer }) => {
    await open();
    await page.getByRole("button", { name: "Play.Obey" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("form.request").getByLabel("text", { exact: true }).focus();
    await page.keyboard.type("keys");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const nameless = await page.evaluate(() =>
      [...globalThis.document.querySelectorAll("input, textarea, select, button")]
        .filter((it) => {
          const { labels, textContent } = it;
          const label = it.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? textContent;
          return label.trim() === "";
        })
        .map((it) => it.outerHTML),
    );
    if (nameless.length > 0) console.log(nameless);
    return (await answer()).includes("keys!") && nameless.length === 0;
  },
  "fits a narrow screen, in the light and the dark": async ({ page, open }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await open();
    const width = await page.evaluate(() => globalThis.document.documentElement.scrollWidth);
    const color = () =>
      page.evaluate(() => globalThis.getComputedStyle(globalThis.document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await color();
    await page.emulateMedia({ colorScheme: "light" });
    return width <= 320 && dark !== (await color());
  },
  "asks nobody for anything": async ({ page, open, requests }) => {
    await open();
    await page.getByLabel("or its URL").fill("http://127.0.0.1:9/none.wasm");
    const before = requests.filter((url) => !/^(file|blob|data):/.test(url));
    return before.length === 0;
  },
  "is written as one file by wplug inspect --html": async ({ page, obey, file }) => {
    const html = join(work, "play.html");
    execFileSync(process.execPath, [
      join(root, "packages/nx-wplug/bin/wplug.cjs"),
      ...["inspect", file, `--html=${html}`],
    ]);
    await page.goto(pathToFileURL(html).href);
    return (await obey("from a file")).includes("from a file!");
  },
  "opens a URL": async ({ page, file }) => {
    const server = createServer((request, response) => {
      const isPage = request.url === "/";
      response.writeHead(isPage || request.url === "/play.wasm" ? 200 : 404, {
        "content-type": isPage ? "text/html" : "application/wasm",
      });
      response.end(isPage ? readFileSync(pagePath) : readFileSync(file));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const origin = `http://127.0.0.1:${server.address().port}`;
    try {
      await page.goto(origin);
      await page.getByLabel("or its URL").fill(`${origin}/none.wasm`);
      await page.getByRole("button", { name: "Open" }).click();
      const missing = await page.getByRole("alert").textContent();
      await page.getByLabel("or its URL").fill(`${origin}/play.wasm`);
      await page.getByRole("button", { name: "Open" }).click();
      await page.getByText("play.wasm is open.", { exact: false }).waitFor();
      return missing.includes("HTTP status 404");
    } finally {
      server.close();
    }
  },
};

async function main() {
  if (chromiumPath === undefined) {
    console.log("not run: there is no Chromium on the PATH");
    return { passed: 0, failed: 0 };
  }
  const file = await buildPlugin(work);
  const browser = await startChromium();
  const counts = { passed: 0, failed: 0 };
  const wanted = process.argv.slice(2).filter((it) => !it.startsWith("--"));
  try {
    for (const [name, run] of Object.entries(tests)) {
      if (wanted.length > 0 && !wanted.some((it) => name.includes(it))) continue;
      const page = await browser.newPage();
      page.setDefaultTimeout(20_000);
      const requests = [];
      const problems = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("pageerror", (error) => problems.push(String(error)));
      await page.goto(FILE_PAGE);
      const put = (name, buffer) =>
        page.setInputFiles("#file", { name, mimeType: "application/wasm", buffer });
      const answer = async () => {
        await page.getByRole("region", { name: "Answer" }).waitFor();
        return page.getByRole("region", { name: "Answer" }).locator("pre").first().textContent();
      };
      const open = async () => {
        await page.setInputFiles("#file", file);
        await page.getByText("play.wasm is open.").waitFor();
      };
      const begin = async (text) => {
        await page.getByRole("button", { name: "Play.Obey" }).click();
        await page.locator("form.request").getByLabel("text", { exact: true }).fill(text);
        await page.getByRole("button", { name: "Call Obey" }).click();
      };
      const ended = async () => {
        await page
          .getByRole("status")
          .getByText(/Answered|failed/)
          .waitFor();
        return page.getByRole("region", { name: "Answer" }).textContent();
      };
      const obey = async (text) => {
        await begin(text);
        return ended();
      };
      let ok = false;
      try {
        ok = await run({ page, browser, file, open, put, answer, begin, ended, obey, requests });
      } catch (error) {
        problems.push(String(error));
      }
      ok &&= problems.length === 0;
      counts[ok ? "passed" : "failed"]++;
      console.log(`${ok ? "✓" : "✕"} ${name}${ok ? "" : `: ${problems.join("; ")}`}`);
      await page.close();
    }
    if (process.argv.includes("--screenshots")) await screenshots(browser, file);
  } finally {
    await browser.close();
  }
  return counts;
}

/** The pictures of docs/. */
async function screenshots(browser, file) {
  const folder = join(root, "docs/pictures");
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 800, height: 1000 } });
    await page.goto(FILE_PAGE);
    await page.setInputFiles("#file", file);
    await page.getByRole("button", { name: "Play.Obey" }).click();
    await page.locator("form.request").getByLabel("text", { exact: true }).fill("find gold");
    await page.getByRole("group", { name: "Find" }).getByLabel("text").fill("a mine");
    await page.getByRole("button", { name: "Call Obey" }).click();
    await page.getByText("found a mine").first().waitFor();
    await page.evaluate(() => globalThis.scrollTo(0, 0));
    const picture = await page.screenshot();
    writeFileSync(join(folder, `playground-${colorScheme}.png`), picture);
    await page.close();
  }
}

const counts = await main();
const { WPLUG_TEST_COUNTS: countsFile } = process.env;
if (countsFile !== undefined) {
  appendFileSync(countsFile, JSON.stringify({ ...counts, skipped: 0 }) + "\n");
}
console.log(`playground: ${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed > 0 ? 1 : 0);
