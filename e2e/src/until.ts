/** Waits until `condition` holds, and fails with what `describe` says if it does not within 60 s. */
export async function until(condition: () => boolean, describe: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain:\n${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
