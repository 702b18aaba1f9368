/** The beginning of a text, which says how much more there is: a page must not hang because it shows too much. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}\n… and ${text.length - most} characters more, which are not shown`;
}
