/** A figure as pictures show it: three digits or all before the point. */
export function format(value) {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value >= 10 ? value.toFixed(1).replace(/\.0$/, "") : value.toFixed(2);
}
