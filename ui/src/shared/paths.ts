/** A file in a folder, with the slashes that the folder has. */
export function joinPath(folder: string, name: string): string {
  if (folder === "") {
    return name;
  }
  const slash = folder.includes("\\") ? "\\" : "/";
  return folder.endsWith(slash) ? `${folder}${name}` : `${folder}${slash}${name}`;
}
