/** The recipients of a text with one a line; empty lines and comments are passed over. */
export function recipientsOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}
