/** The values that are encoded: plain objects in the shape of protobuf-es, the same for all libraries. */

export const tiny = { name: "Sato" };

export function request(i = 7) {
  return {
    id: `req-${i}`,
    count: 12 + i,
    created: 1_700_000_000_000n + BigInt(i),
    flags: 0xff00 + i,
    size: 123_456_789_012n,
    delta: -15 - i,
    offset: -123_456_789n,
    crc: 0xdeadbeef,
    hash: 0x1234_5678_9abcn,
    x: -42,
    ratio: 0.5,
    price: 1234.25 + i,
    active: true,
    token: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]),
    status: 1,
    address: { street: "1 Main Street", city: "Zürich", zip: 8001 },
    // The last one takes more than one byte: as-proto loses one that doesn't.
    numbers: [1, 2, i, 300, 40_000],
    tags: ["a", "bc", `tag-${i}`],
    counters: { errors: 3, hits: 1000 + i },
  };
}

export function large() {
  return {
    items: Array.from({ length: 600 }, (_, i) => request(i)),
    labels: Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`label-${i}`, `value of the label number ${i}`]),
    ),
    blob: Uint8Array.from({ length: 40_000 }, (_, i) => (i * 31) & 0xff),
    samples: Array.from({ length: 1000 }, (_, i) => i / 7),
  };
}

export const workloads = {
  tiny: ["Tiny", tiny],
  request: ["Request", request()],
  large: ["Large", large()],
};
