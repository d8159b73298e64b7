/** The form in which names are compared: case and ways to write the same letter do not matter. */
export function normal(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}
