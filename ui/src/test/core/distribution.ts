import type { DistributionItem, DistributionResponse, EventView, KeyView } from "../../ipc/bindings";

/** Who has a key, from its places and from the events about it, as the core says it. */
export function distributionOf(key: KeyView, events: readonly EventView[]): DistributionResponse {
  const holders = new Map<string, DistributionItem>();
  const holder = (kind: DistributionItem["kind"], id: string): DistributionItem => ({
    kind,
    id,
    name: null,
    how: null,
    version: null,
    time: null,
    reason: null,
    upToDate: false,
  });
  for (const { kind, value } of key.whereUsed) {
    const id = `${kind}=${value}`;
    holders.set(id, holder("place", id));
  }
  for (const event of events) {
    if (event.object !== key.id || (event.action !== "key.hand_over" && event.action !== "key.roll_out"))
      continue;
    const { place, recipient, name, how, ended } = event.details;
    const id = place ?? recipient;
    if (id === undefined || (place !== undefined && !holders.has(id))) continue;
    if (ended !== undefined) {
      holders.delete(id);
      continue;
    }
    const before = holders.get(id) ?? holder("recipient", id);
    holders.set(id, {
      ...before,
      name: name ?? before.name,
      how: how ?? before.how,
      version: event.version,
      time: event.time,
      reason: event.reason,
      upToDate: event.version === key.primaryVersion,
    });
  }
  const list = [...holders.values()].sort((a, b) => Number(a.upToDate) - Number(b.upToDate));
  return {
    primaryVersion: key.primaryVersion,
    behind: list.filter(({ upToDate }) => !upToDate).length,
    holders: list,
    auditSeq: null,
  };
}
