/** The oldest Node that the packages are tested with. */
const OLDEST = [20, 19] as const;

/** @throws Error on a Node that is too old: anything else would fail later, with a message that says nothing. */
export function checkNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new Error(
    `wplug needs Node ${OLDEST.join(".")} or newer, but this is Node ${version}: install a newer Node`,
  );
}
