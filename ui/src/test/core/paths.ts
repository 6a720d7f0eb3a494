export function withEnding(path: string, ending: string): string {
  return path.endsWith(ending) ? path : `${path}${ending}`;
}

export function vaultPath(path: string): string {
  return withEnding(path, ".keyreeve");
}

/** Where a vault lies, and what it is called after that. */
export function placeOf(path: string): { path: string; name: string } {
  return { path, name: path.replace(/^.*\//, "").replace(/\.keyreeve$/, "") };
}
