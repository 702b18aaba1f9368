// What the tests of the garbage collector run. All checks trap when something that is in use was freed or overwritten.

class Node {
  text: string;
  bytes: Uint8Array;
  children: Array<Node | null> = [];
  named: Map<string, Node> | null = null;

  constructor(public id: u32) {
    this.text = textOf(id);
    this.bytes = bytesOf(id);
  }

  check(): void {
    assert(this.text == textOf(this.id), "text");
    const bytes = this.bytes;
    assert(bytes.length == sizeOf(this.id), "size");
    for (let i = 0; i < bytes.length; i++) assert(bytes[i] == <u8>(this.id + i), "bytes");
  }
}

function textOf(id: u32): string {
  const text = id.toString();
  return id % 7 == 0 ? text.repeat(40) : text;
}

/** Objects of all classes of size: a line and less, several lines, a block of the allocator. */
function sizeOf(id: u32): i32 {
  if (id % 101 == 0) return 5000;
  if (id % 13 == 0) return 900;
  return <i32>(id % 50);
}

function bytesOf(id: u32): Uint8Array {
  const bytes = new Uint8Array(sizeOf(id));
  for (let i = 0; i < bytes.length; i++) {
    // That it was zero is what the collector promises.
    assert(bytes[i] == 0, "new memory is not zero");
    bytes[i] = <u8>(id + i);
  }
  return bytes;
}

let seed: u32 = 1;

function random(below: u32): u32 {
  seed = seed * 1664525 + 1013904223;
  return (seed >> 8) % below;
}

const roots = new Array<Node | null>(64);
let made: u32 = 0;

/** Changes a graph at random and checks what is left of it. Returns a sum that depends on all of it. */
export function churn(start: u32, steps: i32): u32 {
  seed = start;
  made = 0;
  roots.fill(null);
  for (let i = 0; i < steps; i++) {
    change();
    if (random(500) == 0) __collect();
    if (random(200) == 0) check(roots[random(64)], 0);
  }
  let sum: u32 = 0;
  for (let i = 0; i < 64; i++) sum = sum * 31 + check(roots[i], 0);
  return sum;
}

function change(): void {
  const at = <i32>random(64);
  const node = roots[at];
  const action = random(8);
  if (node === null || action == 0) {
    roots[at] = new Node(made++);
  } else if (action == 1) {
    roots[at] = null;
  } else if (action == 2) {
    // Shared, and often a cycle.
    node.children.push(roots[random(64)]);
  } else if (action == 3) {
    const named = node.named;
    const target: Map<string, Node> = named === null ? new Map() : named;
    node.named = target;
    target.set(textOf(random(30)), new Node(made++));
  } else if (action == 4) {
    const named = node.named;
    if (named !== null) named.delete(textOf(random(30)));
  } else if (action == 5) {
    if (node.children.length > 0) node.children.pop();
  } else if (action == 6) {
    node.children = node.children.slice(node.children.length > 8 ? 4 : 0);
  } else {
    node.children.push(new Node(made++));
  }
}

function check(node: Node | null, depth: i32): u32 {
  if (node === null || depth > 3) return 0;
  node.check();
  let sum = node.id;
  for (let i = 0; i < node.children.length; i++) sum = sum * 7 + check(node.children[i], depth + 1);
  const named = node.named;
  if (named !== null) {
    const keys = named.keys();
    for (let i = 0; i < keys.length; i++) sum = sum * 3 + check(named.get(keys[i]), depth + 1);
  }
  return sum;
}

class Link {
  constructor(
    public next: Link | null,
    public value: i32,
  ) {}
}

/** A list of as many objects, each inside of the one before. */
export function list(length: i32): i32 {
  let first: Link | null = null;
  for (let i = 0; i < length; i++) first = new Link(first, i);
  __collect();
  let count = 0;
  while (first !== null) {
    assert(first.value == length - 1 - count);
    first = first.next;
    count++;
  }
  return count;
}

/** Makes so many objects of a size, each garbage at once, and returns the last one's bytes. */
export function garbage(count: i32, size: i32): i32 {
  let last = new Uint8Array(0);
  for (let i = 0; i < count; i++) last = new Uint8Array(size);
  return last.length;
}

let kept: Array<Uint8Array> = [];

/** Keeps one of a hundred small objects: every few lines of a block one that lives. */
export function fragment(count: i32): i32 {
  kept = [];
  for (let i = 0; i < count; i++) {
    const bytes = new Uint8Array(24);
    bytes[0] = <u8>i;
    if (i % 100 == 0) kept.push(bytes);
  }
  for (let i = 0; i < kept.length; i++) assert(kept[i][0] == <u8>(i * 100));
  return kept.length;
}

export function release(): void {
  kept = [];
  __collect();
}

const literals: string[] = ["a", "b"];

/** An array that the compiler has laid out, which is no object of the heap, gets members that are. */
export function literal(): i32 {
  for (let i = 0; i < 20; i++) literals.push(i.toString());
  garbage(1000, 30);
  __collect();
  garbage(1000, 30);
  assert(literals.join(" ") == "a b 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19");
  literals.length = 2;
  return literals.length;
}

/** What is pinned is kept, and only that long. */
export function pins(): i32 {
  const pinned: usize[] = [];
  for (let i: u32 = 0; i < 40; i++) pinned.push(__pin(changetype<usize>(new Node(i))));
  garbage(1000, 30);
  __collect();
  garbage(1000, 30);
  for (let i = 0; i < 40; i++) {
    changetype<Node>(pinned[i]).check();
    __unpin(pinned[i]);
  }
  return pinned.length;
}

/** What an object gains when it grows is zero, also where it had something before it shrank. */
export function grow(): i32 {
  let count = 0;
  for (let size: usize = 1; size < 10_000; size = (size * 3) / 2 + 1) {
    for (let factor: usize = 1; factor < 4; factor++) {
      const buffer = new ArrayBuffer(<i32>size);
      memory.fill(changetype<usize>(buffer), 0xff, size);
      const shrunk = __renew(changetype<usize>(buffer), size / 2);
      const grown = __renew(shrunk, size * factor);
      for (let i: usize = 0; i < size * factor; i++) {
        assert(load<u8>(grown + i) == (i < size / 2 ? 0xff : 0), "what was gained is not zero");
      }
      count++;
    }
  }
  return count;
}

export function twice(): void {
  const node = changetype<usize>(new Node(1));
  __pin(node);
  __pin(node);
}

export function tooLarge(): void {
  __new(1 << 30, 0);
}
