import type { DistributionItem, WhereUsedView } from "../../../ipc/bindings";
import { whereUsedNames } from "../../../shared/words";

/** How a holder is shown. */
export interface HolderWords {
  name: string;
  /** What tells a recipient from others, if its name does not already. */
  fingerprint: string | null;
  /** What it has. */
  version: string;
}

/** A holder in words. */
export function holderWords(holder: DistributionItem, primaryVersion: number): HolderWords {
  const version =
    holder.version === null
      ? `Not known to have version ${primaryVersion}`
      : holder.upToDate
        ? `Has version ${holder.version}`
        : `Has version ${holder.version}, and version ${primaryVersion} is the newest`;
  if (holder.kind === "place") {
    const [kind, value] = placeOf(holder.id);
    return { name: `${value} (${whereUsedNames[kind].toLowerCase()})`, fingerprint: null, version };
  }
  return holder.name === null
    ? { name: holder.id, fingerprint: null, version }
    : { name: holder.name, fingerprint: holder.id, version };
}

/** The kind and the place of `host=web-1`. */
function placeOf(id: string): [WhereUsedView["kind"], string] {
  const cut = id.indexOf("=");
  return [id.slice(0, cut) as WhereUsedView["kind"], id.slice(cut + 1)];
}
