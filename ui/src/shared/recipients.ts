/**
 * The recipients of a text with one a line; empty lines and comments are passed over. A block from its BEGIN to its END,
 * such as a certificate that was pasted, is one.
 */
export function recipientsOf(text: string): string[] {
  const found: string[] = [];
  let block: string[] | null = null;
  for (const line of text.split(/\r?\n/).map((line) => line.trim())) {
    if (block === null && line.startsWith("-----BEGIN ")) block = [];
    if (block !== null) {
      block.push(line);
      if (line.startsWith("-----END ")) {
        found.push(block.join("\n"));
        block = null;
      }
    } else if (line !== "" && !line.startsWith("#")) found.push(line);
  }
  if (block !== null) found.push(block.join("\n"));
  return found;
}
