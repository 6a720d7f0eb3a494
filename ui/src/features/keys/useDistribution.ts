import { useQuery } from "@tanstack/react-query";
import { commands } from "../../ipc/bindings";
import { queryKeys } from "../../shared/queries";

/** Who and what has a key, and which version. */
export function useDistribution(key: string) {
  return useQuery({
    queryKey: queryKeys.distribution(key),
    queryFn: () => commands.distribution({ key }),
  });
}
