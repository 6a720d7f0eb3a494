import { keepPreviousData, QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type AuditVerifyResponse,
  type CertificateListRequest,
  commands,
  type EventListRequest,
  type KeyListRequest,
  type KeyListResponse,
  type KeyView,
  type KnownKeyListRequest,
  type SshCertificateListRequest,
} from "../ipc/bindings";
import { CoreError } from "../ipc/call";
import { tellLocked } from "./locked";

/** The names under which answers are remembered while the vault is open. */
export const queryKeys = {
  session: ["session"],
  catalogue: ["catalogue"],
  counts: ["counts"],
  overview: ["overview"],
  keyLists: ["keys"],
  keyList: (request: KeyListRequest) => ["keys", request] as const,
  keys: ["key"],
  key: (id: string) => ["key", id] as const,
  events: ["events"],
  eventList: (request: EventListRequest) => ["events", request] as const,
  /** Below the events, because these are what it is made of. */
  distribution: (key: string) => ["events", "distribution", key] as const,
  /** Below the events too. */
  sshCertificates: (request: SshCertificateListRequest) => ["events", "ssh-certificates", request] as const,
  keyServices: (key: string) => ["key-services", key] as const,
  knownKeys: ["known-keys"],
  knownKeyList: (request: KnownKeyListRequest) => ["known-keys", request] as const,
  certificates: ["certificates"],
  certificateList: (request: CertificateListRequest) => ["certificates", request] as const,
  certificate: (id: string) => ["certificates", id] as const,
  backups: ["backups"],
  slots: ["slots"],
  slotCosts: ["slots", "costs"],
  verification: ["verification"],
} as const;

export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        // The command line may change the vault meanwhile: look again when the window comes back.
        staleTime: 2_000,
        refetchOnWindowFocus: true,
        // A busy vault is worth a second try; nothing else is.
        retry: (failures, error) => error instanceof CoreError && error.code === "busy" && failures < 3,
        retryDelay: 400,
        networkMode: "always",
      },
    },
  });
  client.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "error" && isLocked(event.action.error))
      tellLocked();
  });
  return client;
}

const closed = new WeakSet<QueryClient>();

/** Forgets everything that an open vault left behind, for good: what is still under way finds no place any more. */
export function closeQueryClient(client: QueryClient): void {
  closed.add(client);
  void client.cancelQueries();
  client.clear();
}

export function isClosed(client: QueryClient): boolean {
  return closed.has(client);
}

export function isLocked(error: unknown): boolean {
  return error instanceof CoreError && error.code === "locked";
}

/** After a change: everything that counts or lists is asked again, and what is shown stays until the answer is there. */
export function vaultChanged(client: QueryClient): void {
  for (const queryKey of [
    queryKeys.counts,
    queryKeys.overview,
    queryKeys.keyLists,
    queryKeys.events,
    queryKeys.certificates,
    queryKeys.knownKeys,
    queryKeys.backups,
    queryKeys.slots,
    queryKeys.session,
  ]) {
    void client.invalidateQueries({ queryKey });
  }
}

/** Puts a key's new view where every screen looks for it, without asking again for the key itself. */
export function rememberKey(client: QueryClient, key: KeyView): void {
  client.setQueryData(queryKeys.key(key.id), key);
  client.setQueriesData<KeyListResponse>({ queryKey: queryKeys.keyLists }, (page) =>
    page === undefined || !("keys" in page)
      ? page
      : { ...page, keys: page.keys.map((row) => (row.id === key.id ? { ...row, ...rowOf(key) } : row)) },
  );
  vaultChanged(client);
}

/** What the last look at the whole audit log found. */
export type Verification =
  | { outcome: "verified"; response: AuditVerifyResponse }
  | { outcome: "alarm"; error: CoreError };

/** Remembers it for the status bar and the overview until the vault is locked. */
export function rememberVerification(client: QueryClient, verification: Verification): void {
  client.setQueryDefaults(queryKeys.verification, {
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  client.setQueryData(queryKeys.verification, verification);
}

/** The last verification since the vault was unlocked; `null` when there was none. */
export function useVerification(): Verification | null {
  const client = useQueryClient();
  const { data } = useQuery<Verification | null>({
    queryKey: queryKeys.verification,
    queryFn: () => client.getQueryData<Verification>(queryKeys.verification) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return data ?? null;
}

export function useCounts() {
  return useQuery({ queryKey: queryKeys.counts, queryFn: () => commands.counts() });
}

export function useOverview() {
  return useQuery({ queryKey: queryKeys.overview, queryFn: () => commands.overview() });
}

/** Algorithms and policy templates; they do not change while the app runs. */
export function useCatalogue() {
  return useQuery({
    queryKey: queryKeys.catalogue,
    queryFn: () => commands.catalogue(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCertificates(request: CertificateListRequest) {
  return useQuery({
    queryKey: queryKeys.certificateList(request),
    queryFn: () => commands.listCertificates(request),
    placeholderData: keepPreviousData,
  });
}

export function useKnownKeys(request: KnownKeyListRequest) {
  return useQuery({
    queryKey: queryKeys.knownKeyList(request),
    queryFn: () => commands.listKnownKeys(request),
    placeholderData: keepPreviousData,
  });
}

export function useBackups() {
  return useQuery({ queryKey: queryKeys.backups, queryFn: () => commands.listBackups() });
}

/** Which passphrases cost much less to guess than a new one would; measured once, which takes a moment. */
export function useSlotCosts() {
  return useQuery({ queryKey: queryKeys.slotCosts, queryFn: () => commands.slotCosts() });
}

export function useSlots() {
  return useQuery({ queryKey: queryKeys.slots, queryFn: () => commands.listSlots() });
}

/** The session as the core sees it now, with the time left until the idle lock. */
export function useCurrentSession() {
  return useQuery({
    queryKey: queryKeys.session,
    queryFn: async () => {
      const answer = await commands.currentSession();
      // Asked only while a vault is shown: if the core has none, its message about that did not come through.
      if (answer.session === null) tellLocked();
      return { ...answer, askedAt: Date.now() };
    },
    refetchInterval: 15_000,
    refetchIntervalInBackground: true,
  });
}

function rowOf(key: KeyView) {
  const scheduled = key.versions
    .flatMap(({ destroyScheduledAt }) => (destroyScheduledAt === null ? [] : [destroyScheduledAt]))
    .sort();
  return {
    name: key.name,
    algorithm: key.algorithm,
    purpose: key.purpose,
    state: key.state,
    rotateBy: key.rotateBy,
    destroyScheduledAt: scheduled[0] ?? null,
    lastUsedAt: key.lastUsedAt,
    primaryVersion: key.primaryVersion,
    owner: key.owner,
    tags: key.tags,
    revision: key.revision,
  };
}
