// A reporter for Node's tests that tells of failures alone: what failed, where, and the first lines of why.

/** How much of an error is told, in characters. A page's whole text may be in it. */
const most = 2_000;

// biome-ignore lint/style/noDefaultExport: Node asks for it.
export default async function* failures(events) {
  for await (const { type, data } of events) {
    if (type !== "test:fail" || data.details.error.failureType === "subtestsFailed") continue;
    const { error } = data.details;
    const why = String(error.cause?.message ?? error.cause ?? error.message).slice(0, most);
    yield `✖ ${data.name} (${data.file?.split("/").at(-1)}:${data.line})\n${why}\n`;
  }
}
