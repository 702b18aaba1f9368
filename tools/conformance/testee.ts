import { readSync, writeSync } from "node:fs";

import { ConformanceRequest, ConformanceResponse } from "./gen/conformance/conformance.pb.js";
import { type Result, resultOf, type Test } from "./result-of.js";

/** Answers the tests of the runner, which come through standard input, until there are no more. */
export function serve(answer: (test: Test) => Result): void {
  serveRequests((request) => new ConformanceResponse({ result: resultOf(request, answer) }));
}

/** Likewise its requests as they are. */
export function serveRequests(answer: (request: ConformanceRequest) => ConformanceResponse): void {
  for (let head = read(4); head !== undefined; head = read(4)) {
    const request = ConformanceRequest.decode(read(head.readUInt32LE()) ?? Buffer.alloc(0));
    const response = answer(request).encode();
    const size = Buffer.alloc(4);
    size.writeUInt32LE(response.length);
    write(Buffer.concat([size, response]));
  }
}

function read(size: number): Buffer | undefined {
  const buffer = Buffer.alloc(size);
  let position = 0;
  while (position < size) {
    const count = readSync(0, buffer, position, size - position, null);
    if (count === 0) return undefined;
    position += count;
  }
  return buffer;
}

function write(buffer: Buffer): void {
  for (let position = 0; position < buffer.length; ) {
    position += writeSync(1, buffer, position, buffer.length - position);
  }
}
