/** Writes `value` in decimal digits to `into` and returns the address after the last one. At most 10 digits. */
export function writeDecimal(value: u32, into: usize): usize {
  let end = into + 1;
  for (let rest = value / 10; rest > 0; rest /= 10) end++;
  let at = end;
  do {
    store<u8>(--at, 0x30 + (value % 10));
    value /= 10;
  } while (at > into);
  return end;
}
