import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { commands } from "../../ipc/bindings";
import { queryKeys } from "../../shared/queries";

/** The key in full; while another one is on the way, the one before stays. */
export function useKey(id: string, enabled = true) {
  return useQuery({
    queryKey: queryKeys.key(id),
    queryFn: async () => (await commands.showKey({ key: id })).key,
    placeholderData: keepPreviousData,
    enabled,
  });
}
