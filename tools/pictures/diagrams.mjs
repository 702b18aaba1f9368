/** Pictures of how things are, which are drawn by hand, so to speak. */
import { arrow, box, picture, rect, text } from "./svg.mjs";

const column = (x, y, width, height, title, note, kind) => [
  rect(x, y, width, height, kind),
  text(x + width / 2, y + 24, title, "title", "middle"),
  text(x + width / 2, y + 42, note, "small", "middle"),
];

/** A line from one lane to another, with what is said on it. */
function step(y, from, to, label, note, options) {
  const middle = (from + to) / 2;
  return [
    arrow(
      [
        [from, y],
        [to, y],
      ],
      options,
    ),
    text(middle, y - 7, label, "code on-line", "middle"),
    note === undefined ? [] : text(middle, y + 16, note, "small on-line", "middle"),
  ];
}

/** How a call goes, with a host function in the middle of it. */
function call() {
  const lanes = [95, 290, 540, 722];
  const names = [
    ["your code", "TypeScript", "box"],
    ["the host's SDK", "generated, and runtime", "ours"],
    ["the plugin's SDK", "generated, in the .wasm", "ours"],
    ["the author's class", "in the .wasm", "theirs"],
  ];
  const [code, host, plugin, author] = lanes;
  return picture(
    {
      width: 820,
      height: 560,
      title: "How a call goes",
      description:
        "Your code calls sayHello of the client. The SDK of the host encodes the request, asks the plugin for memory by malloc, copies it there once, and calls greeter_say_hello with pointer and size. The SDK of the plugin decodes it and calls the author's class. If that calls a host function, the way is the same, the other way round. The reply is encoded, its pointer and size are returned, the host checks them, decodes, and frees.",
    },
    [
      lanes.map((x, index) => [
        box(x - 85, 16, 170, 52, names[index].slice(0, 2), names[index][2]),
        `<path class="line dashed" d="M${x} 68V540"/>`,
      ]),
      step(104, code, host, "sayHello({ name })"),
      text(host, 128, "encodes the request", "small on-line", "middle"),
      step(160, host, plugin, "malloc(size)"),
      step(
        196,
        host,
        plugin,
        "greeter_say_hello(pointer, size)",
        "one copy, into the plugin's memory",
      ),
      step(236, plugin, author, "sayHello(request)", "decoded"),
      step(288, author, plugin, "findTitle(request)", "if it calls the host"),
      step(330, plugin, host, "env.find_title(pointer, size)", "checked, decoded"),
      step(370, host, code, "findTitle(request)", "may be async, it waits"),
      step(408, code, author, "the answer, the same way back", undefined, { dashed: true }),
      step(450, author, plugin, "GreetReply"),
      step(478, plugin, host, "pointer << 32 | size", "checked, decoded in place"),
      step(526, host, code, "Promise<GreetReply>", undefined),
      text((host + plugin) / 2, 530, "free(pointer)", "code", "middle"),
      arrow([
        [host, 538],
        [plugin, 538],
      ]),
    ],
  );
}

/** What a plugin can reach, and where it runs. */
function isolation() {
  const kinds = [
    [
      "inline",
      "the host's thread",
      [
        "a call takes a microsecond",
        "sync calls",
        "time, fuel: the plugin is",
        "rewritten so that it asks",
      ],
    ],
    [
      "worker",
      "a thread of its own",
      ["the host's thread stays free", "is killed at limits.time", "and replaced"],
    ],
    [
      "pool",
      "several of either",
      ["calls at the same time", "share nothing", "replaced when they fail"],
    ],
  ];
  return picture(
    {
      width: 820,
      height: 500,
      title: "Isolation",
      description:
        "A plugin is a box with a memory of its own. It reaches nothing but what the options of load name: host functions, files below a directory, environment, output, clock and random numbers. Every pointer and message that comes out is checked, and limits hold for time, fuel, memory, messages and output. It runs inline, in the host's thread; in a worker, which can be killed; or in a pool of several.",
    },
    [
      column(20, 20, 300, 250, "your application", "its memory, files, network, secrets", "box"),
      column(520, 20, 280, 250, "the plugin", "one .wasm file", "theirs"),
      box(545, 80, 230, 126, ["its code", "calls what it imports,", "and nothing else"]),
      box(545, 214, 230, 46, ["its memory", "all that it reads and writes"]),
      box(45, 85, 250, 40, [["host: { … }", "code"]], "ours"),
      box(45, 133, 250, 40, [['files: { "/data": … }', "code"]], "ours"),
      box(45, 181, 250, 40, [["env, args, stdout, clock", "code"]], "ours"),
      text(170, 248, "what load is told, and no more", "small", "middle"),
      arrow([
        [545, 105],
        [297, 105],
      ]),
      arrow([
        [545, 153],
        [297, 153],
      ]),
      arrow([
        [545, 201],
        [297, 201],
      ]),
      text(420, 60, "all is checked:", "title", "middle"),
      text(420, 80, "pointers, sizes, messages", "small", "middle"),
      text(420, 232, "limits: time, fuel, memory,", "small", "middle"),
      text(420, 250, "message, output, depth", "small", "middle"),
      text(20, 310, "Where it runs", "title"),
      kinds.map(([name, where, notes], index) => [
        rect(20 + index * 265, 325, 250, 155, index === 0 ? "box" : "ours"),
        text(
          145 + index * 265,
          352,
          `isolation: ${name}`.replace("isolation: pool", "pool: { size }"),
          "code",
          "middle",
        ),
        text(145 + index * 265, 374, where, "title", "middle"),
        notes.map((note, line) =>
          text(145 + index * 265, 400 + line * 19, note, "small", "middle"),
        ),
      ]),
    ],
  );
}

/** The graph of projects, and that of their tasks. */
function graph() {
  return picture(
    {
      width: 820,
      height: 436,
      title: "The graph",
      description:
        "Plugins and hosts depend on a contract, and a contract on contracts whose protos it imports. A host has no edge to plugins. An edit of the contract affects all of them, an edit of a plugin only that plugin and the handshakes with it. Tasks: generate of the contract comes before build of plugins and hosts; handshake, serve and tests build the plugins first.",
    },
    [
      text(20, 36, "Projects", "title"),
      box(330, 50, 180, 60, ["greeter-contract", "proto/greeter.proto"], "ours"),
      box(620, 50, 180, 60, ["money-contract", "protos that it imports"], "ours"),
      box(40, 165, 170, 60, ["greeter-plugin", "AssemblyScript"], "theirs"),
      box(235, 165, 170, 60, ["gopher-plugin", "Go"], "theirs"),
      box(430, 165, 170, 60, ["shop", "a host in Node"]),
      box(625, 165, 170, 60, ["page", "a host in browsers"]),
      arrow([
        [510, 80],
        [618, 80],
      ]),
      arrow([
        [125, 165],
        [345, 112],
      ]),
      arrow([
        [320, 165],
        [395, 112],
      ]),
      arrow([
        [515, 165],
        [445, 112],
      ]),
      arrow([
        [710, 165],
        [495, 112],
      ]),
      text(410, 247, "an arrow is “depends on”; hosts don't depend on plugins", "small", "middle"),
      text(20, 284, "Tasks", "title"),
      box(20, 330, 170, 56, ["generate", "contract: protos → SDKs"], "ours"),
      box(245, 300, 150, 50, ["build", "plugin: → .wasm"], "theirs"),
      box(245, 366, 150, 50, ["build", "host: → bundle"]),
      box(450, 300, 160, 50, ["test", "the built .wasm"]),
      box(450, 366, 160, 50, ["serve", "and watch"]),
      box(660, 333, 140, 50, ["handshake", "every pair"], "ours"),
      arrow([
        [190, 350],
        [243, 326],
      ]),
      arrow([
        [190, 366],
        [243, 390],
      ]),
      arrow([
        [395, 325],
        [448, 325],
      ]),
      arrow([
        [395, 391],
        [448, 391],
      ]),
      arrow([
        [395, 335],
        [448, 380],
      ]),
      arrow([
        [320, 300],
        [320, 280],
        [730, 280],
        [730, 331],
      ]),
    ],
  );
}

export const DIAGRAMS = { "call.svg": call, "isolation.svg": isolation, "graph.svg": graph };
