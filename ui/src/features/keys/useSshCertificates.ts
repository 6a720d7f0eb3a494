import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { commands, type SshCertificateListRequest } from "../../ipc/bindings";
import { queryKeys } from "../../shared/queries";

/** What a key issued and revoked as a CA of OpenSSH. */
export function useSshCertificates(request: SshCertificateListRequest, enabled = true) {
  return useQuery({
    queryKey: queryKeys.sshCertificates(request),
    queryFn: () => commands.listSshCertificates(request),
    placeholderData: keepPreviousData,
    enabled,
  });
}
