import { Worker } from "node:worker_threads";
import { Mailbox, readLetter, writeLetter } from "./mailbox.js";

describe("Mailbox", () => {
  it("takes a letter of several parts", () => {
    const mailbox = new Mailbox();
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i);
    mailbox.send(writeLetter({ kind: "answer" }, bytes));
    let asked = 0;
    const letter = readLetter<object>(mailbox.receive(() => (asked++, mailbox.sendPart())));
    expect(letter.head).toEqual({ kind: "answer" });
    expect(Buffer.compare(letter.bytes, bytes)).toBe(0);
    expect(asked).toBe(3);
  });

  it("does not take the notification of a former letter for a new one", async () => {
    const mailbox = new Mailbox();
    mailbox.send(writeLetter({ letter: 1 }, new Uint8Array(0)));
    expect(readLetter(mailbox.receive(() => {})).head).toEqual({ letter: 1 });
    // The sender was interrupted before its notify, which comes when this thread waits for the next letter.
    const late = new Worker(
      `const { workerData, parentPort } = require("node:worker_threads");
       const state = new Int32Array(workerData.buffer, 0, 1);
       while (Atomics.notify(state, 0) === 0);
       new Uint8Array(workerData.buffer).set(workerData.second);
       Atomics.store(state, 0, 1);
       Atomics.notify(state, 0);`,
      { eval: true, workerData: { buffer: mailbox.buffer, second: second() } },
    );
    expect(readLetter(mailbox.receive(() => {})).head).toEqual({ letter: 2 });
    await late.terminate();
  });
});

/** What lies in the shared memory with a second letter, before its state is set. */
function second(): Uint8Array {
  const mailbox = new Mailbox();
  mailbox.send(writeLetter({ letter: 2 }, new Uint8Array(0)));
  const bytes = new Uint8Array(mailbox.buffer).slice();
  new Int32Array(bytes.buffer)[0] = 0;
  return bytes;
}
