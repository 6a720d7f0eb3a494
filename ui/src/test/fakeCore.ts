import type {
  AddSlotRequest,
  AuditAction,
  AuditObjectKind,
  BackupView,
  BulkChangeRequest,
  ByokRequest,
  CardSightView,
  CertificateDetailResponse,
  CertificateListRequest,
  CertificateWish,
  ChangeKeyRequest,
  ChangePassphraseRequest,
  CountsView,
  CreateBackupRequest,
  CreateKeyRequest,
  CreateVaultRequest,
  Credentials,
  DestroyKeyRequest,
  DueDone,
  EditCertificateRequest,
  EditKeyRequest,
  EditKnownKeyRequest,
  ErrorCode,
  ErrorView,
  EventListRequest,
  EventView,
  ExamineResponse,
  ExportCertificateRequest,
  ExportKeyRequest,
  FoundView,
  ImportKeysRequest,
  InventoryRequest,
  IssueCertificateRequest,
  IssuedSshCertificateView,
  IssueSshCertificateRequest,
  KeptCertificateView,
  KeyListRequest,
  KeyRowView,
  KeyView,
  KnownKeyListRequest,
  KnownKeyView,
  MakeCardKeyRequest,
  MakeRecoveryRequest,
  NoteRollOutRequest,
  Opening,
  PadRequestView,
  PassphraseStrength,
  Preferences,
  RecalibrateSlotRequest,
  RemoveSlotRequest,
  RenameSlotRequest,
  RenewCertificateRequest,
  RestoreBackupRequest,
  ResumeKeyRequest,
  RevokeCertificateRequest,
  RevokedSshView,
  RevokeKeyRequest,
  Role,
  RotateMaterialKeyRequest,
  RotateMaterialKeyResponse,
  SelfSignKeyRequest,
  SessionView,
  SlotKind,
  SlotPartView,
  SlotView,
  SmartFilter,
  SshCertificateListRequest,
  TestSlotRequest,
  UnlockVaultRequest,
  VaultStatus,
  VersionView,
  WriteCrlRequest,
  WriteKrlRequest,
} from "../ipc/bindings";
import type { Platform } from "../ipc/platform";
import { distributionOf } from "./fakeDistribution";
import {
  afterPeriod,
  algorithmSuits,
  algorithms,
  makeKey,
  makeVersion,
  policyOf,
  rowOf,
  settle,
  templateTitles,
} from "./fakeKeys";
import { broughtTo, keyServicesOf } from "./fakeServices";

const day = 86_400_000;
const cursorMark = "at:";

interface FakeVault {
  status: VaultStatus;
  passphrases: Map<string, string>;
  keys: KeyView[];
  events: EventView[];
  backups: BackupView[];
  failedUnlocks: number;
  changesSinceBackup: number;
}

interface Request {
  [part: string]: unknown;
}

type Handler = (request: never) => unknown;

/**
 * A core of play: keeps a vault in memory, protects nothing and knows the commands well enough to develop and test the
 * interface. It answers asynchronously, as the real one does.
 */
export class FakeCore implements Platform {
  /** Every command that was asked for, in order. */
  readonly calls: { command: string; request: Request }[] = [];
  preferences: Preferences = {
    theme: "system",
    idleLockMinutes: 5,
    lockOnSleep: true,
    lockWithScreen: true,
    lockOnUserSwitch: true,
    lockOnCardRemoval: false,
    usePinPad: true,
    recentVaults: [],
    keyColumns: ["algorithm", "purpose", "state", "rotateBy"],
  };
  /** What the next file picker answers. */
  picked: string | null = null;
  /** What lies in the files that are chosen next, and in what is pasted. */
  found: ExamineResponse = { items: [], skipped: 0 };
  /** What a password makes of the encrypted items with the same numbers. */
  readonly opens = new Map<string, FoundView[]>();
  /** What the app was started to open. */
  opening: Opening | null = null;
  /** How long an answer takes, in milliseconds. */
  delay = 0;

  /** The certificates that are kept. */
  readonly certificates: KeptCertificateView[] = [];
  /** What was issued and revoked for OpenSSH; of one key, whichever is asked about. */
  readonly sshCertificates: IssuedSshCertificateView[] = [];
  readonly sshRevoked: RevokedSshView = { number: null, serials: [], keyIds: [], keys: [] };
  /** The public keys that are kept alone. */
  readonly knownKeys: KnownKeyView[] = [];
  /** The slots whose passphrase costs much less to guess than a new one would. */
  readonly weakSlots = new Set<string>();
  /** When the material key was last rotated. */
  materialKeyRotatedAt: string | null = null;
  /** What is seen of the cards while they are watched. */
  cards: CardSightView = { readers: [], reading: false, problem: null, slots: [] };
  /** Whether the window watches them. */
  watchesCards = false;

  private staged: ExamineResponse | null = null;
  private readonly vaults = new Map<string, FakeVault>();
  private readonly listeners = new Map<string, Set<(payload: unknown) => void>>();
  private readonly failures = new Map<string, ErrorView[]>();
  private readonly held = new Map<string, Promise<void>>();
  private readonly cancelled = new Set<string>();
  private open: { vault: FakeVault; slot: SlotView; unlockedAt: string; due: DueDone[] } | null = null;
  private lastInput = Date.now();
  private counter = 0;

  readonly clock: () => Date;

  constructor(clock: () => Date = () => new Date()) {
    this.clock = clock;
  }

  // ---- what tests do to it

  /** Makes the next call of a command fail. */
  /** Identity files that a passphrase protects. */
  readonly lockedIdentities = new Map<string, string>();

  failNext(
    command: string,
    code: ErrorCode,
    message = `Made to fail: ${code}.`,
    cure = "Try something else.",
  ): void {
    this.failures.set(command, [...(this.failures.get(command) ?? []), { code, message, cure }]);
  }

  /** Holds back every answer to a command until the function that is returned is called. */
  hold(command: string): () => void {
    let release = () => {};
    this.held.set(
      command,
      new Promise((resolve) => {
        release = () => {
          this.held.delete(command);
          resolve();
        };
      }),
    );
    return () => release();
  }

  /** The requests with which a command was called. */
  requests(command: string): Request[] {
    return this.calls.filter((call) => call.command === command).map(({ request }) => request);
  }

  emit(event: string, payload: unknown): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(payload);
  }

  /** Asks to have something opened, as a second start of the app does. */
  startAgainWith(opening: Opening): void {
    this.opening = opening;
    this.emit("opening", null);
  }

  /** Locks as the idle timer does. */
  lockByIdle(): void {
    this.record("vault.lock", "vault", this.opened().vault.status.id, null, "idle");
    this.open = null;
    this.emit("vault-locked", { why: "idle" });
  }

  /** Forgets the open vault without a word, as if the message had been lost. */
  closeSilently(): void {
    this.open = null;
  }

  get isOpen(): boolean {
    return this.open !== null;
  }

  /** The keys of the open vault, to change them behind the interface's back. */
  get keys(): KeyView[] {
    return this.opened().vault.keys;
  }

  get backups(): BackupView[] {
    return this.opened().vault.backups;
  }

  /** Puts a vault there, as if it had been made earlier. */
  addVault(path: string, passphrase: string, role: Role = "administrator"): void {
    const id = this.makeId("vault");
    const slot = this.makeSlot("passphrase", role);
    this.vaults.set(path, {
      status: {
        id,
        path,
        name: path.replace(/^.*\//, "").replace(/\.keyreeve$/, ""),
        format: 1,
        createdAt: this.now(),
        headerSequence: 1,
        slots: [slot],
      },
      passphrases: new Map([[slot.id, passphrase]]),
      keys: [],
      events: [],
      backups: [],
      failedUnlocks: 0,
      changesSinceBackup: 0,
    });
  }

  /** Shows other cards, as when one is put in or pulled. */
  seeCards(cards: Partial<CardSightView>): void {
    this.cards = { ...this.cards, ...cards };
    if (this.watchesCards) this.emit("cards-seen", structuredClone(this.cards));
  }

  /** A reader's PIN pad waits, or does so no more. */
  padWaits(request: PadRequestView | null): void {
    this.emit("pin-pad", request);
  }

  /** Gives a vault a card as a way in, as if that had been done earlier. */
  addCardSlot(path: string, name: string, pin: string, serial = "0000:0A0B0C0D"): SlotView {
    const { status, passphrases } = this.vaultAt(path);
    const slot = this.makeSlot(name, "operator");
    slot.kind = "openpgp_card";
    slot.parts = [{ ...passphrasePart, kind: "openpgp_card", serial, algorithm: "ecdh-x25519" }];
    status.slots.push(slot);
    passphrases.set(slot.id, pin);
    return slot;
  }

  /** Removes the ways in of a kind, as if that had been done earlier. */
  removeSlotsOfKind(path: string, kind: SlotKind): void {
    const { status } = this.vaultAt(path);
    status.slots = status.slots.filter((slot) => slot.kind !== kind);
  }

  /** Adds recovery shares, two of three, and opens the vault with them. */
  openWithRecovery(path: string, shares: [string, string]): SlotView {
    const { status, passphrases } = this.vaultAt(path);
    const slot = this.makeSlot("Recovery shares", "administrator");
    slot.kind = "recovery";
    slot.parts = [{ ...passphrasePart, kind: "recovery", shares: 3, threshold: 2 }];
    status.slots.push(slot);
    passphrases.set(slot.id, shares.join("\n"));
    this.openVault(path, slot.name);
    return slot;
  }

  /** Opens a vault without the interface. */
  openVault(path: string, slotName?: string): void {
    const vault = this.vaultAt(path);
    const slot = vault.status.slots.find(({ name }) => name === (slotName ?? name));
    if (slot === undefined) throw new Error("a vault has a slot");
    this.open = { vault, slot, unlockedAt: this.now(), due: [] };
    this.lastInput = Date.now();
    if (vault.events.length === 0) this.record("vault.create", "vault", vault.status.id, null);
    this.record("vault.unlock", "vault", vault.status.id, null);
  }

  /** Makes a key without the interface. */
  addKey(request: CreateKeyRequest, at = this.clock()): KeyView {
    const key = makeKey(this.makeId("key"), request, at);
    this.opened().vault.keys.push(key);
    this.record("key.create", "key", key.id, 1, undefined, at);
    return key;
  }

  // ---- Platform

  async invoke(command: string, args?: Record<string, unknown>): Promise<unknown> {
    const { request = {} } = (args ?? {}) as { request?: Request };
    this.calls.push({ command, request: structuredClone(request) });
    await (this.delay > 0 ? new Promise((resolve) => setTimeout(resolve, this.delay)) : Promise.resolve());
    await this.held.get(command);
    const [failure, ...later] = this.failures.get(command) ?? [];
    if (failure !== undefined) {
      this.failures.set(command, later);
      throw failure;
    }
    const handler = this.handlers[command];
    if (handler === undefined) throw refusal("internal", `The core has no command ${command}.`);
    return structuredClone(await handler(request as never));
  }

  async listen(event: string, handler: (payload: unknown) => void): Promise<() => void> {
    const listeners = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, listeners.add(handler));
    return () => listeners.delete(handler);
  }

  pickFile = async (): Promise<string | null> => this.picked;
  pickFiles = async (): Promise<string[] | null> => (this.picked === null ? null : [this.picked]);
  pickFolder = async (): Promise<string | null> => this.picked;
  pickNewFile = async (): Promise<string | null> => this.picked;

  // ---- the commands

  private readonly handlers: Record<string, Handler> = {
    app_info: () => ({
      version: "0.1.0",
      defaultVaultPath: "/home/me/Keyreeve.keyreeve",
      defaultBackupFolder: "/home/me/Backups",
      debug: true,
    }),
    get_preferences: () => this.preferences,
    put_preferences: (request: Preferences) => {
      if (request.idleLockMinutes < 1 || request.idleLockMinutes > 240) {
        throw refusal("invalid_request", "The idle lock must be between 1 and 240 minutes.");
      }
      this.preferences = structuredClone(request);
      return this.preferences;
    },
    cancel_job: ({ job }: { job: string }) => {
      this.cancelled.add(job);
      return null;
    },
    current_session: () => ({
      session: this.open === null ? null : this.sessionView(),
      locksInMs:
        this.open === null
          ? null
          : Math.max(0, this.preferences.idleLockMinutes * 60_000 - (Date.now() - this.lastInput)),
    }),
    lock_vault: () => {
      if (this.open === null) throw refusal("locked", "The vault is locked.");
      this.record("vault.lock", "vault", this.open.vault.status.id, null);
      this.open = null;
      this.emit("vault-locked", { why: "user" });
      return null;
    },
    take_opening: () => {
      const { opening } = this;
      this.opening = null;
      return { opening };
    },
    keep_awake: () => {
      this.lastInput = Date.now();
      return null;
    },
    check_passphrase: ({ passphrase }: { passphrase: string }) => strengthOf(passphrase),
    vault_status: ({ path }: { path: string }) => this.vaultAt(path).status,
    create_vault: (request: CreateVaultRequest) => this.createVault(request),
    unlock_vault: (request: UnlockVaultRequest) => this.unlock(request),
    run_due: () => ({ done: [] }),
    overview: () => this.overview(),
    catalogue: () => ({
      algorithms,
      templates: Object.entries(templateTitles).map(([name, [title, description]]) => ({
        name,
        title,
        description,
      })),
    }),
    counts: () => this.counts(),
    list_keys: (request: KeyListRequest) => this.listKeys(request),
    show_key: ({ key }: { key: string }) => ({ key: this.find(key), auditSeq: null }),
    distribution: ({ key }: { key: string }) => distributionOf(this.find(key), this.opened().vault.events),
    note_roll_out: (request: NoteRollOutRequest) => this.noteRollOut(request),
    create_key: (request: CreateKeyRequest) => this.answer(this.create(request)),
    stage_import: () => {
      this.mayChange();
      this.staged = structuredClone(this.found);
      return this.staged;
    },
    examine_files: () => {
      this.staged = structuredClone(this.found);
      return this.staged;
    },
    unlock_import: ({ password }: { password: string }) => {
      const staged = this.stagedItems();
      const opened = this.opens.get(password) ?? [];
      staged.items = staged.items.map((item) => opened.find(({ number }) => number === item.number) ?? item);
      return { opened: opened.length, found: staged };
    },
    import_keys: (request: ImportKeysRequest) => this.importKeys(request),
    discard_import: () => {
      this.staged = null;
      return null;
    },
    create_keys: (request: CreateKeyRequest) => this.createKeys(request),
    rotate_key: (request: ChangeKeyRequest) =>
      this.change(request, "key.rotate", (_version, key) => this.rotate(key)),
    activate_key: (request: ChangeKeyRequest) =>
      this.change(request, "key.activate", (version) => {
        need(version, ["pre_active"], "activated");
        version.state = "active";
        version.activateAt = null;
        version.activatedAt = this.now();
      }),
    suspend_key: (request: ChangeKeyRequest) =>
      this.change(request, "key.suspend", (version) => {
        need(version, ["active"], "suspended");
        version.state = "suspended";
        version.suspendedAt = this.now();
      }),
    resume_key: (request: ResumeKeyRequest) => {
      this.reauthenticate(request.proof);
      return this.change(request, "key.resume", (version) => {
        need(version, ["suspended"], "resumed");
        version.state = "active";
        version.suspendedAt = null;
      });
    },
    deactivate_key: (request: ChangeKeyRequest) => this.deactivate(request),
    revoke_key: (request: RevokeKeyRequest) =>
      this.change(request, "key.revoke", (version) => {
        need(version, ["pre_active", "active", "suspended", "deactivated"], "reported compromised");
        version.state = "compromised";
        version.compromisedAt = request.at ?? this.now();
        version.compromiseReason = request.reason;
      }),
    destroy_key: (request: DestroyKeyRequest) =>
      this.change(request, "key.schedule_destruction", (_version, key) => {
        const days = request.waitDays ?? 30;
        if (days < 7 || days > 90)
          throw refusal("invalid_request", "The waiting period must be 7 to 90 days.");
        const wanted = key.versions.filter(
          ({ version, state }) => state !== "destroyed" && (request.version ?? version) === version,
        );
        for (const version of wanted) need(version, ["deactivated", "compromised"], "destroyed");
        for (const version of wanted) {
          version.destroyScheduledAt = new Date(this.clock().getTime() + days * day).toISOString();
        }
      }),
    cancel_destroy_key: (request: ChangeKeyRequest) =>
      this.change(request, "key.cancel_destruction", (_version, key) => {
        const wanted = key.versions.filter(
          ({ version, destroyScheduledAt }) =>
            destroyScheduledAt !== null && (request.version ?? version) === version,
        );
        if (wanted.length === 0) throw refusal("refused_by_state", "No destruction is scheduled.");
        for (const version of wanted) version.destroyScheduledAt = null;
      }),
    rename_key: (request: { key: string; name: string; expectedRevision?: number }) =>
      this.change(request, "key.rename", (_version, key) => {
        this.checkName(request.name, key);
        key.name = request.name;
      }),
    edit_key: (request: EditKeyRequest) => this.edit(request),
    bulk_change: (request: BulkChangeRequest) => this.bulkChange(request),
    public_key: ({ key, version }: { key: string; version?: number }) => ({
      text: this.version(this.find(key), version).publicKey ?? "",
    }),
    export_key: (request: ExportKeyRequest) => this.exportKey(request),
    key_services: ({ key }: { key: string }) => ({ services: keyServicesOf(this.find(key)) }),
    bring_key: (request: ByokRequest) => {
      const key = this.find(request.key);
      this.reauthenticate(request.proof);
      const details = { recipient: request.target, how: "byok" };
      this.record("key.hand_over", "key", key.id, key.primaryVersion, request.reason, undefined, details);
      return broughtTo(request);
    },
    request_certificate: (wish: CertificateWish) => {
      this.record("key.request_certificate", "key", this.find(wish.key).id, null);
      return { file: wish.out, bytes: 500 };
    },
    self_sign: ({ wish, days = 365 }: SelfSignKeyRequest) => {
      this.record("key.self_sign", "key", this.find(wish.key).id, null);
      const begin = this.now();
      return {
        ...{ certificate: "00000000-0000-4000-8000-000000000001", file: wish.out },
        ...{ bytes: 900, subject: wish.subject, serial: "4f".repeat(16), notBefore: begin },
        notAfter: afterPeriod(begin, `P${days}D`),
      };
    },
    issue_ssh_certificate: (request: IssueSshCertificateRequest) => {
      const { key, out, keyId, principals, days = 30, host = false } = request;
      this.record("key.issue_ssh_certificate", "key", this.find(key).id, null);
      const issuedAt = this.now();
      const validUntil = afterPeriod(issuedAt, `P${days}D`);
      const serial = String(4711 + this.sshCertificates.length);
      const said = { serial, keyId, principals, validUntil };
      this.sshCertificates.unshift({ ...said, host, issuedAt, publicKey: "SHA256:abc", state: "valid" });
      return { file: out, bytes: 700, ...said };
    },
    list_ssh_certificates: ({ key, search = "", limit = 100 }: SshCertificateListRequest) => {
      const found = this.sshCertificates.filter(({ keyId, principals }) =>
        [keyId, ...principals].some((text) => text.toLowerCase().includes(search.toLowerCase())),
      );
      return {
        ...{ version: this.find(key).primaryVersion, certificates: found.slice(0, limit) },
        ...{ total: found.length, revoked: this.sshRevoked },
      };
    },
    write_krl: ({ key, out, serials = [], keyIds = [], publicKeys = [] }: WriteKrlRequest) => {
      const revoked = this.sshRevoked;
      this.record("key.write_krl", "key", this.find(key).id, null);
      revoked.serials.push(...serials);
      revoked.keyIds.push(...keyIds);
      revoked.keys.push(...publicKeys.map((file) => `SHA256:${file}`));
      revoked.number = String(Number(revoked.number ?? 0) + 1);
      for (const one of this.sshCertificates) {
        if (serials.includes(one.serial) || keyIds.includes(one.keyId)) one.state = "revoked";
      }
      return {
        ...{ file: out, bytes: 80, number: revoked.number, serials: revoked.serials.length },
        ...{ keyIds: revoked.keyIds.length, keys: revoked.keys.length },
      };
    },
    list_certificates: ({ search = "", state, key }: CertificateListRequest) => {
      const has = (text: string) => text.toLowerCase().includes(search.toLowerCase());
      const certificates = this.certificates.filter(
        (one) =>
          (has(one.subject) || has(one.issuer)) &&
          (state === undefined || one.state === state) &&
          (key === undefined || one.key?.id === key),
      );
      return { certificates, total: certificates.length };
    },
    show_certificate: ({ certificate }: { certificate: string }) => this.showCertificate(certificate),
    issue_certificate: ({ out }: IssueCertificateRequest) => this.madeCertificate(this.certificate(), out),
    import_certificates: () => ({ certificates: this.certificates, known: 0, revoked: [], lists: 0 }),
    export_certificate: ({ out }: ExportCertificateRequest) => ({ file: out, bytes: 900, certificates: 1 }),
    edit_certificate: ({ certificate, description }: EditCertificateRequest) => {
      const found = this.certificate(certificate);
      return Object.assign(found, { description: { ...found.description, ...description } });
    },
    remove_certificate: ({ certificate }: { certificate: string }) =>
      this.take(this.certificates, certificate),
    list_known_keys: ({ search = "" }: KnownKeyListRequest) => {
      const publicKeys = this.knownKeys.filter(({ name }) =>
        name.toLowerCase().includes(search.toLowerCase()),
      );
      return { publicKeys, total: publicKeys.length };
    },
    show_known_key: ({ publicKey }: { publicKey: string }) => this.knownKey(publicKey),
    edit_known_key: ({ publicKey, name, description }: EditKnownKeyRequest) => {
      const found = this.knownKey(publicKey);
      const said = { ...found.description, ...description };
      return Object.assign(found, { name: name ?? found.name, description: said });
    },
    remove_known_key: ({ publicKey }: { publicKey: string }) => this.take(this.knownKeys, publicKey),
    export_inventory: async ({ out, format, job }: InventoryRequest) => {
      await this.work(job);
      const counts = { keys: 3, certificates: this.certificates.length, publicKeys: this.knownKeys.length };
      const reminders = format === "ics" ? { reminders: 4 } : {};
      return { file: out, format, ...counts, ...reminders, bytes: 2048 };
    },
    renew_certificate: ({ certificate }: RenewCertificateRequest) => {
      const old = this.certificate(certificate);
      const newer = { ...old, id: old.id.replace(/.$/, "f"), state: "valid" as const };
      old.replacedBy = newer.id;
      this.certificates.push(newer);
      return this.madeCertificate(newer, null);
    },
    revoke_certificate: ({ certificate, code }: RevokeCertificateRequest) =>
      Object.assign(this.certificate(certificate), {
        state: "revoked",
        revokedAt: this.now(),
        revocationReason: code,
      }),
    write_crl: ({ out, days = 7 }: WriteCrlRequest) => ({
      ...{ file: out, bytes: 400, issuer: "CN=Root", number: "1", thisUpdate: this.now() },
      revoked: this.certificates.filter(({ state }) => state === "revoked").length,
      nextUpdate: afterPeriod(this.now(), `P${days}D`),
    }),
    list_events: (request: EventListRequest) => this.listEvents(request),
    verify_audit: async ({ job }: { job?: string }) => {
      const { vault } = this.opened();
      await this.work(job);
      this.record("audit.verify", "audit", vault.status.id, null);
      return {
        ok: true,
        size: vault.events.length,
        root: "5c".repeat(32),
        checkpoint: `keyreeve.local/${vault.status.id}\n${vault.events.length}\n${"ab".repeat(16)}\n\n— keyreeve sig\n`,
        checkpoints: 3,
        keys: vault.keys.length,
        verifiedAt: this.now(),
      };
    },
    export_audit: async ({ out, job }: { out: string; job?: string }) => {
      const { vault } = this.opened();
      await this.work(job);
      this.record("audit.export", "audit", vault.status.id, null);
      return { file: out, entries: vault.events.length, bytes: vault.events.length * 420 };
    },
    prove_audit: ({ entry, sinceSize }: { entry?: number; sinceSize?: number }) => ({
      kind: entry === undefined ? "consistency" : "inclusion",
      size: this.opened().vault.events.length,
      root: "5c".repeat(32),
      of: entry ?? sinceSize ?? 0,
      hash: "7d".repeat(32),
      entry: entry === undefined ? null : "{}",
      proof: ["1a".repeat(32), "2b".repeat(32)],
      checkpoint: "keyreeve.local\n1\nabab\n\n— keyreeve sig\n",
    }),
    list_backups: () => {
      const { vault } = this.opened();
      return { backups: [...vault.backups].reverse(), eventsSince: vault.changesSinceBackup };
    },
    create_backup: (request: CreateBackupRequest) => this.createBackup(request),
    verify_backup: async ({
      file,
      backupPassphrase,
      job,
    }: {
      file: string;
      backupPassphrase?: string;
      job?: string;
    }) => {
      const backup = this.backupAt(file, backupPassphrase);
      await this.work(job);
      backup.verifiedAt = this.now();
      return {
        file,
        vaultId: this.open?.vault.status.id ?? "vault-1",
        createdAt: backup.time,
        keys: backup.keys,
        auditSize: 12,
        verified: true,
      };
    },
    examine_identity: ({ file }: { file: string }) => ({
      passphraseNeeded: this.lockedIdentities.has(file),
    }),
    restore_backup: (request: RestoreBackupRequest) => this.restore(request),
    watch_cards: () => {
      this.watchesCards = true;
      return this.cards;
    },
    unwatch_cards: () => {
      this.watchesCards = false;
      return null;
    },
    cancel_waiting: () => null,
    make_card_key: (request: MakeCardKeyRequest) => {
      this.administrator();
      this.reauthenticate(request.proof);
      const found = this.cards.readers
        .flatMap(({ card }) => card?.applications ?? [])
        .find(({ application, serial }) => application === request.application && serial === request.serial);
      if (found === undefined) throw refusal("card_missing", "No card is in any reader.");
      const card = { ...found, key: request.kind, usable: true, makes: [] };
      const readers = this.cards.readers.map((reader) => ({
        ...reader,
        card: reader.card && {
          ...reader.card,
          applications: reader.card.applications.map((each) => (each === found ? card : each)),
        },
      }));
      this.seeCards({ readers });
      return { card, auditSeq: this.record("card.make_key", "vault", this.opened().vault.status.id, null) };
    },
    list_slots: () => ({
      slots: this.opened().vault.status.slots,
      materialKeyRotatedAt: this.materialKeyRotatedAt,
    }),
    add_slot: (request: AddSlotRequest) => {
      const { vault } = this.administrator();
      this.reauthenticate(request.proof);
      const slot = this.makeSlot(request.name, request.role);
      const [only] = request.parts;
      slot.kind = request.parts.length === 1 && only !== undefined ? only.kind : "all_of";
      slot.parts = request.parts.map((part) => ({
        ...passphrasePart,
        kind: part.kind,
        serial: "serial" in part ? part.serial : null,
      }));
      for (const part of request.parts) {
        if ("pin" in part) vault.passphrases.set(slot.id, part.pin);
        if (part.kind !== "passphrase") continue;
        checkStrength(part.passphrase, part.acceptWeak);
        vault.passphrases.set(slot.id, part.passphrase);
      }
      vault.status.slots.push(slot);
      return { slot, auditSeq: this.record("slot.add", "slot", slot.id, null) };
    },
    change_passphrase: (request: ChangePassphraseRequest) => {
      const { vault } = this.administrator();
      this.reauthenticate(request.proof);
      checkStrength(request.newPassphrase, request.acceptWeakPassphrase);
      const slot = this.slot(request.slot);
      vault.passphrases.set(slot.id, request.newPassphrase);
      return { slot, auditSeq: this.record("slot.change", "slot", slot.id, null) };
    },
    make_recovery: ({ shares, proof }: MakeRecoveryRequest) => {
      this.administrator();
      this.reauthenticate(proof);
      const words = (share: number) =>
        Array.from({ length: 33 }, (_, at) => (at < 4 ? "academic" : `word${share}x${at}`)).join(" ");
      if (shares === undefined) return { texts: ["KRV1-QQQQ-PPPP-ZZZZ"] };
      return { texts: Array.from({ length: shares }, (_, at) => words(at + 1)) };
    },
    rename_slot: ({ slot: id, name }: RenameSlotRequest) => {
      this.administrator();
      const slot = this.slot(id);
      slot.name = name;
      return { slot, auditSeq: this.record("slot.rename", "slot", slot.id, null) };
    },
    slot_costs: () => ({ today: { memoryKib: 262_144, passes: 4 }, weaker: [...this.weakSlots] }),
    recalibrate_slot: ({ slot: id, passphrase }: RecalibrateSlotRequest) => {
      const { vault } = this.opened();
      const slot = this.slot(id);
      if (vault.passphrases.get(id) !== passphrase) throw wrongPassphrase();
      this.weakSlots.delete(id);
      const cost = { memoryKib: 262_144, passes: 4 };
      const auditSeq = this.record("slot.recalibrate", "slot", id, null);
      return { slot, before: { memoryKib: 65_536, passes: 3 }, now: cost, auditSeq };
    },
    rotate_material_key: ({ reason, proof }: RotateMaterialKeyRequest) => {
      this.administrator();
      this.reauthenticate(proof);
      return this.rotateMaterialKey(reason);
    },
    remove_slot: ({ slot: id, proof, rotateMaterialKey }: RemoveSlotRequest) => {
      const { vault } = this.administrator();
      this.reauthenticate(proof);
      const slot = this.slot(id);
      const left = vault.status.slots.filter((other) => other.id !== id);
      if (!left.some(({ role }) => role === "administrator")) {
        throw refusal("last_slot", "This is the last administrator slot.");
      }
      vault.status.slots = left;
      vault.passphrases.delete(id);
      const auditSeq = this.record("slot.remove", "slot", slot.id, null);
      return { slot, auditSeq, materialKey: rotateMaterialKey === true ? this.rotateMaterialKey() : null };
    },
    test_slot: ({ slot: id, credentials }: TestSlotRequest) => {
      const { vault } = this.opened();
      const slot = this.slot(id);
      if (vault.passphrases.get(id) !== (credentials.pin ?? credentials.passphrase)) {
        throw credentials.pin === undefined ? wrongPassphrase() : wrongPin();
      }
      slot.lastUsedAt = this.now();
      return { slot, auditSeq: this.record("slot.test", "slot", slot.id, null) };
    },
  };

  private createVault(request: CreateVaultRequest): SessionView {
    if (this.open !== null) throw refusal("already_unlocked", "A vault is unlocked already.");
    const path = withEnding(request.path, ".keyreeve");
    if (!path.startsWith("/")) throw refusal("invalid_request", "The path must be absolute.");
    if (this.vaults.has(path)) throw refusal("exists", `There is something at ${path} already.`);
    checkStrength(request.passphrase, request.acceptWeakPassphrase);
    this.addVault(path, request.passphrase);
    const vault = this.vaultAt(path);
    for (const slot of vault.status.slots) slot.name = request.slotName ?? slot.name;
    this.openVault(path);
    return this.sessionView();
  }

  private unlock({ path, slot: wanted, credentials: { passphrase, pin } }: UnlockVaultRequest): SessionView {
    if (this.open !== null) throw refusal("already_unlocked", "A vault is unlocked already.");
    const vault = this.vaultAt(path);
    const slot = vault.status.slots.find(
      ({ id }) => (wanted ?? id) === id && vault.passphrases.get(id) === (passphrase ?? pin),
    );
    if (slot === undefined) {
      vault.failedUnlocks += 1;
      if (pin !== undefined) throw wrongPin();
      throw wrongPassphrase();
    }
    this.open = { vault, slot, unlockedAt: this.now(), due: [] };
    this.lastInput = Date.now();
    slot.lastUsedAt = this.now();
    this.record("vault.unlock", "vault", vault.status.id, null);
    const view = this.sessionView();
    vault.failedUnlocks = 0;
    return view;
  }

  private create(request: CreateKeyRequest): KeyView {
    this.mayChange();
    this.checkName(request.name);
    if (!algorithmSuits(request.algorithm, request.purpose)) {
      throw refusal("refused_by_policy", `${request.algorithm} cannot serve the purpose ${request.purpose}.`);
    }
    return this.addKey(request);
  }

  private stagedItems(): ExamineResponse {
    if (this.staged === null) throw refusal("invalid_request", "There is nothing to bring in.");
    return this.staged;
  }

  private importKeys({ choices, exportable }: ImportKeysRequest) {
    const { items } = this.stagedItems();
    const of = (kind: string) => choices.filter(({ number }) => items[number]?.kind === kind);
    const [certificates, publicKeys] = [of("certificate").length, of("public").length];
    const wanted = choices.filter(
      ({ number }) => !["certificate", "public"].includes(items[number]?.kind ?? ""),
    );
    const keys = wanted.map(({ number, name, algorithm, purpose }) => {
      const item = items[number];
      const known = algorithm ?? item?.algorithm;
      const use = purpose ?? item?.purpose;
      if (item === undefined || known == null || use == null) {
        throw refusal("invalid_request", "There is no such item.");
      }
      return rowOf(this.create({ name: name ?? item.name, algorithm: known, purpose: use, exportable }));
    });
    this.staged = null;
    return { keys: keys.slice(0, 100), imported: keys.length, certificates, publicKeys };
  }

  private async createKeys(request: CreateKeyRequest) {
    const count = request.count ?? 1;
    const keys: KeyRowView[] = [];
    await this.work(request.job, count);
    for (let number = 1; number <= count; number += 1) {
      const name = `${request.name}-${String(number).padStart(6, "0")}`;
      const row = rowOf(this.create({ ...request, name }));
      if (keys.length < 100) keys.push(row);
    }
    return { keys, created: count };
  }

  private rotate(key: KeyView): void {
    const primary = this.version(key, undefined);
    if (primary.state === "destroyed" || primary.state === "pre_active") {
      throw refusal("refused_by_state", `Version ${primary.version} is ${primary.state.replace("_", "-")}.`);
    }
    const next = makeVersion(key, key.versions.length + 1, this.clock());
    if (primary.state === "active" || primary.state === "suspended") {
      primary.state = "deactivated";
      primary.deactivatedAt = this.now();
    }
    primary.replacedBy = next.version;
    key.versions.unshift(next);
    key.primaryVersion = next.version;
  }

  private change(
    request: { key: string; version?: number; expectedRevision?: number; reason?: string; dryRun?: boolean },
    action: AuditAction,
    act: (version: VersionView, key: KeyView) => void,
  ) {
    this.mayChange();
    const stored = this.find(request.key);
    if (request.expectedRevision !== undefined && request.expectedRevision !== stored.revision) {
      throw refusal("stale", `${stored.name} was changed meanwhile.`);
    }
    const key = structuredClone(stored);
    act(this.version(key, request.version), key);
    settle(key);
    if (request.dryRun === true) return { key, auditSeq: null };
    key.revision += 1;
    const { vault } = this.opened();
    vault.keys = vault.keys.map((other) => (other.id === key.id ? key : other));
    vault.changesSinceBackup += 1;
    return {
      key,
      auditSeq: this.record(action, "key", key.id, request.version ?? key.primaryVersion, request.reason),
    };
  }

  private deactivate(request: ChangeKeyRequest) {
    return this.change(request, "key.deactivate", (version) => {
      need(version, ["active", "suspended"], "deactivated");
      version.state = "deactivated";
      version.deactivatedAt = this.now();
    });
  }

  private edit(request: EditKeyRequest) {
    if (request.policy !== undefined) {
      this.administrator();
      this.reauthenticate(request.proof);
    }
    return this.change(request, "key.edit", (_version, key) => {
      if (request.owner !== undefined) key.owner = request.owner;
      if (request.note !== undefined) key.note = request.note;
      if (request.tags !== undefined) key.tags = [...request.tags].sort();
      if (request.whereUsed !== undefined) key.whereUsed = request.whereUsed;
      if (request.fields !== undefined) key.fields = request.fields;
      if (request.policy !== undefined) key.policy = policyOf(request.policy);
    });
  }

  private async bulkChange({ selection, change, job }: BulkChangeRequest) {
    this.mayChange();
    const rows =
      selection.kind === "keys"
        ? selection.keys.map((key) => this.find(key))
        : this.matching(selection.query).map(({ id }) => this.find(id));
    await this.work(job, rows.length);
    const skipped: { name: string; why: string }[] = [];
    let changed = 0;
    for (const { id, name, tags } of rows) {
      try {
        if (change.kind === "rotate")
          this.change({ key: id }, "key.rotate", (_version, key) => this.rotate(key));
        else if (change.kind === "deactivate") this.deactivate({ key: id });
        else {
          const without = tags.filter((tag) => tag !== change.tag);
          const next = change.kind === "add_tag" ? [...without, change.tag] : without;
          if (next.length === tags.length) throw refusal("refused_by_state", "Nothing to change.");
          this.edit({ key: id, tags: next });
        }
        changed += 1;
      } catch (reason) {
        skipped.push({ name, why: (reason as ErrorView).message });
      }
    }
    return { changed, skipped: skipped.slice(0, 100), skippedTotal: skipped.length };
  }

  private exportKey(request: ExportKeyRequest) {
    const { slot } = this.opened();
    const key = this.find(request.key);
    if (request.public !== true) {
      if (slot.role === "auditor")
        throw refusal("refused_by_role", "An auditor's slot does not reach key material.");
      if (!key.exportable) throw refusal("refused_by_policy", `${key.name} was made not to leave the vault.`);
      this.reauthenticate(request.proof);
      const isProtected = request.encryptPassphrase !== undefined || request.to !== undefined;
      if (!isProtected && request.plaintext !== true) {
        throw refusal("plaintext_not_confirmed", "The material would be written in the clear.");
      }
    }
    const { to = [] } = request;
    if (to.length > 0) {
      for (const recipient of to) {
        const details = { recipient, how: "age", format: request.format };
        this.record("key.hand_over", "key", key.id, key.primaryVersion, request.reason, undefined, details);
      }
      const recipients = to.map((fingerprint) => ({ fingerprint, name: null }));
      const openedWith = "age --decrypt --identity IDENTITY --output KEY FILE";
      const handedOver = { envelope: "age", openedWith, recipients };
      return { file: request.out, format: request.format, bytes: 512, handedOver };
    }
    this.record(
      request.public === true ? "key.export_public" : "key.export",
      "key",
      key.id,
      key.primaryVersion,
    );
    const beside =
      request.format === "openpgp" && request.public !== true
        ? ["pub.asc", "rev.asc"].map((ending) => request.out.replace(/asc$/, ending))
        : [];
    return { file: request.out, format: request.format, bytes: 241, beside };
  }

  private noteRollOut({ key: id, holder, version, ended, reason }: NoteRollOutRequest) {
    this.mayChange();
    const key = this.find(id);
    const { events } = this.opened().vault;
    const found = distributionOf(key, events).holders.find((one) => one.id === holder || one.name === holder);
    if (found === undefined) throw refusal("not_found", `${key.name} has no holder ${holder}.`);
    const named = found.kind === "place" ? { place: found.id } : { recipient: found.id };
    const details = ended === true ? { ...named, ended: "yes" } : named;
    this.record("key.roll_out", "key", id, version ?? key.primaryVersion, reason, undefined, details);
    return distributionOf(key, events);
  }

  private async createBackup(request: CreateBackupRequest) {
    const { vault } = request.withStandardFiles === true ? this.administrator() : this.opened();
    const file = withEnding(request.out, ".keyreeve-backup.age");
    if (vault.backups.some((backup) => backup.file === file))
      throw refusal("exists", `${file} exists already.`);
    if (request.withStandardFiles === true) this.reauthenticate(request.proof);
    await this.work(request.job, vault.keys.length);
    const backup: BackupView = {
      id: vault.backups.length + 1,
      time: this.now(),
      file,
      present: true,
      bytes: 20_480 + vault.keys.length * 812,
      keys: vault.keys.length,
      recipients: request.recipients ?? ["passphrase"],
      verifiedAt: this.now(),
      standardFiles: request.withStandardFiles ?? false,
    };
    vault.backups.push(backup);
    vault.changesSinceBackup = 0;
    this.backupPassphrases.set(file, request.backupPassphrase);
    this.record("backup.create", "backup", String(backup.id), null);
    return { file, bytes: backup.bytes, keys: backup.keys, verified: true };
  }

  private readonly backupPassphrases = new Map<string, string | undefined>();

  private backupAt(file: string, passphrase: string | undefined): BackupView {
    const backup = [...this.vaults.values()]
      .flatMap(({ backups }) => backups)
      .find((each) => each.file === file);
    if (backup === undefined) {
      throw file.endsWith(".age")
        ? refusal("bad_input_file", `There is no file at ${file}.`)
        : refusal("not_a_backup", `${file} is not a backup.`);
    }
    const wanted = this.backupPassphrases.get(file);
    if (wanted !== undefined && wanted !== passphrase) throw wrongPassphrase();
    return backup;
  }

  private async restore(request: RestoreBackupRequest) {
    const { file, path, backupPassphrase, identityFile, identityPassphrase, job } = request;
    const backup = this.backupAt(file, backupPassphrase);
    if (identityFile !== undefined && this.lockedIdentities.get(identityFile) !== identityPassphrase) {
      throw refusal("wrong_identity_passphrase", "The passphrase does not open the identity file.");
    }
    const target = withEnding(path, ".keyreeve");
    if (this.vaults.has(target)) throw refusal("exists", `There is something at ${target} already.`);
    await this.work(job, backup.keys);
    const source = [...this.vaults.values()].find(({ backups }) => backups.includes(backup));
    if (source === undefined) throw refusal("internal", "A backup is of a vault.");
    this.vaults.set(target, {
      ...structuredClone(source),
      status: {
        ...structuredClone(source.status),
        path: target,
        name: target.replace(/^.*\//, "").replace(/\.keyreeve$/, ""),
      },
    });
    return { vault: { id: source.status.id, path: target }, keys: backup.keys };
  }

  private counts(): CountsView {
    const { vault } = this.opened();
    const rows = vault.keys.map(rowOf);
    const tags = new Map<string, number>();
    for (const tag of vault.keys.flatMap((key) => key.tags)) tags.set(tag, (tags.get(tag) ?? 0) + 1);
    const count = (filter: SmartFilter) => rows.filter((row) => this.passes(row, filter)).length;
    const states = ["pre_active", "active", "suspended", "deactivated", "compromised", "destroyed"] as const;
    return {
      total: rows.length,
      byState: states.map((state) => rows.filter((row) => row.state === state).length),
      expiringSoon: count("expiring_soon"),
      overdue: count("overdue"),
      expired: count("expired"),
      compromised: count("compromised"),
      scheduledForDestruction: count("scheduled_for_destruction"),
      tags: [...tags]
        .map(([tag, number]) => ({ tag, count: number }))
        .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag))
        .slice(0, 12),
    };
  }

  private knownKey(id: string) {
    const found = this.knownKeys.find((one) => one.id === id);
    if (found === undefined) throw refusal("not_found", "There is no such public key.");
    return found;
  }

  private take<T extends { id: string }>(from: T[], id: string): T {
    const at = from.findIndex((one) => one.id === id);
    const [taken] = at < 0 ? [] : from.splice(at, 1);
    if (taken === undefined) throw refusal("not_found", "There is nothing like that.");
    return taken;
  }

  private certificate(id?: string) {
    const found = this.certificates.find((one) => id === undefined || one.id === id);
    if (found === undefined) throw refusal("not_found", "There is no such certificate.");
    return found;
  }

  private madeCertificate(made: KeptCertificateView, file: string | null) {
    const { id, subject, serial, notBefore, notAfter } = made;
    return { certificate: id, file, bytes: 900, subject, serial, notBefore, notAfter };
  }

  private showCertificate(id: string): CertificateDetailResponse {
    const certificate = this.certificate(id);
    const chain = this.certificates.filter(
      ({ subject }) => subject === certificate.issuer && subject !== certificate.subject,
    );
    return {
      ...{ certificate, chain, chainComplete: true, pem: "-----BEGIN CERTIFICATE-----", fingerprints: {} },
      issued: this.certificates.filter(({ issuer, id: its }) => issuer === certificate.subject && its !== id),
      renewable: certificate.issuedBy !== null && certificate.replacedBy === null,
      revocable: certificate.issuedBy !== null && certificate.state !== "revoked" && chain.length > 0,
      signsLists: certificate.authority && certificate.key !== null,
      removable: certificate.issuedBy === null,
      says: {
        ...{ subject: certificate.subject, issuer: certificate.issuer, serial: certificate.serial },
        ...{ notBefore: certificate.notBefore, notAfter: certificate.notAfter, validity: "valid" },
        ...{ signatureAlgorithm: "ecdsa-with-SHA256", alternativeNames: [], keyUsage: [] },
        ...{ extendedKeyUsage: [], authority: certificate.authority, pathLength: null },
        ...{ subjectKeyId: null, authorityKeyId: null, otherExtensions: [], issuedBy: null },
      },
    };
  }

  private overview() {
    const { vault } = this.opened();
    const now = this.clock();
    const rows = vault.keys.map(rowOf);
    const pick = (filter: SmartFilter, by: (row: KeyRowView) => string | null) =>
      rows
        .filter((row) => this.passes(row, filter))
        .sort((a, b) => (by(a) ?? "").localeCompare(by(b) ?? ""))
        .slice(0, 5);
    const month = (time: Date) => time.getUTCFullYear() * 12 + time.getUTCMonth();
    const rotationsByMonth = Array.from({ length: 12 }, () => 0);
    for (const { rotateBy } of rows) {
      if (rotateBy === null) continue;
      const index = month(new Date(rotateBy)) - month(now);
      if (index >= 0 && index < 12) rotationsByMonth[index] = (rotationsByMonth[index] ?? 0) + 1;
    }
    const newest = vault.backups.at(-1);
    const weak = vault.keys.filter(({ strengthBits }) => strengthBits < 128).length;
    const quantumSafe = vault.keys.filter((key) => key.quantumSafe).length;
    return {
      counts: this.counts(),
      compromised: pick("compromised", ({ name }) => name),
      overdue: pick("overdue", ({ rotateBy }) => rotateBy),
      expiring: pick("expiring_soon", ({ rotateBy }) => rotateBy),
      scheduled: pick("scheduled_for_destruction", ({ destroyScheduledAt }) => destroyScheduledAt),
      rotationsByMonth,
      firstMonth: now.toISOString().slice(0, 7),
      strength: { quantumSafe, classical: rows.length - quantumSafe - weak, disallowedAfter2030: weak },
      auditSize: vault.events.length,
      certificates: {
        total: this.certificates.length,
        expiringSoon: this.certificates.filter(({ state }) => state === "expiring_soon").length,
        expired: this.certificates.filter(({ state }) => state === "expired").length,
      },
      lastBackupAt: newest?.time ?? null,
      lastBackupVerified: newest?.verifiedAt != null,
      eventsSinceBackup: vault.changesSinceBackup,
      recoveryUntested: this.untested(),
    };
  }

  private untested(): SlotView[] {
    const year = 365 * day;
    return this.opened().vault.status.slots.filter(
      (slot) =>
        slot.parts.some(({ kind }) => kind === "recovery") &&
        new Date(slot.lastUsedAt ?? slot.createdAt).getTime() + year <= this.clock().getTime(),
    );
  }

  private passes(row: KeyRowView, filter: SmartFilter): boolean {
    const now = this.clock().getTime();
    const left = row.rotateBy === null ? Number.POSITIVE_INFINITY : new Date(row.rotateBy).getTime() - now;
    switch (filter) {
      case "expiring_soon":
        return left > 0 && left < 30 * day;
      case "overdue":
        return left <= 0;
      case "expired":
        return row.state === "deactivated" && hasRunOut(this.find(row.id));
      case "compromised":
        return row.state === "compromised";
      case "scheduled_for_destruction":
        return row.destroyScheduledAt !== null;
    }
  }

  private matching(request: KeyListRequest): KeyRowView[] {
    const words = (request.search ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const { vault } = this.opened();
    const rows = vault.keys
      .filter((key) => {
        const text = [
          key.name,
          key.algorithm,
          key.owner,
          key.note,
          ...key.tags,
          ...key.whereUsed.map((use) => use.value),
        ]
          .join(" ")
          .toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .map(rowOf)
      .filter(
        (row) =>
          (request.state ?? row.state) === row.state &&
          (request.algorithm ?? row.algorithm) === row.algorithm &&
          (request.purpose ?? row.purpose) === row.purpose &&
          (request.tag === undefined || row.tags.includes(request.tag)) &&
          (request.filter === undefined || this.passes(row, request.filter)),
      );
    const by = (row: KeyRowView) => {
      switch (request.sortBy ?? "name") {
        case "rotate_by":
          return row.rotateBy ?? "9";
        case "created_at":
          return row.createdAt;
        case "algorithm":
          return row.algorithm;
        case "purpose":
          return row.purpose;
        case "state":
          return row.state;
        default:
          return row.name.toLowerCase();
      }
    };
    rows.sort((a, b) => by(a).localeCompare(by(b)) || a.name.localeCompare(b.name));
    return request.descending === true ? rows.reverse() : rows;
  }

  private listKeys(request: KeyListRequest) {
    const rows = this.matching(request);
    const begin = Number(request.after?.slice(cursorMark.length) ?? 0);
    const end = begin + (request.limit ?? 100);
    return {
      keys: rows.slice(begin, end),
      total: rows.length,
      next: end < rows.length ? `${cursorMark}${end}` : null,
    };
  }

  private listEvents(request: EventListRequest) {
    const { vault } = this.opened();
    const key = request.key === undefined ? undefined : this.find(request.key);
    const events = vault.events
      .filter(
        (event) =>
          (key === undefined || event.object === key.id) &&
          (request.action ?? event.action) === event.action &&
          (request.since === undefined || event.time >= request.since) &&
          (request.until === undefined || event.time < request.until) &&
          (request.beforeSeq === undefined || event.seq < request.beforeSeq),
      )
      .reverse()
      .slice(0, request.limit ?? 100);
    return { events, size: vault.events.length };
  }

  // ---- what they share

  private opened() {
    if (this.open === null) throw refusal("locked", "The vault is locked.");
    return this.open;
  }

  private mayChange(): void {
    if (this.opened().slot.role === "auditor") throw refusal("refused_by_role", "An auditor only reads.");
  }

  private administrator() {
    const open = this.opened();
    if (open.slot.role !== "administrator")
      throw refusal("refused_by_role", "Only an administrator does this.");
    return open;
  }

  private rotateMaterialKey(reason?: string): RotateMaterialKeyResponse {
    const { vault } = this.opened();
    const auditSeq = this.record("vault.rotate_material_key", "vault", vault.status.id, null, reason);
    this.materialKeyRotatedAt = this.now();
    const keys = vault.keys.length;
    return { number: 2, keys, versions: keys, rotatedAt: this.materialKeyRotatedAt, auditSeq };
  }

  private reauthenticate(proof: Credentials | undefined): void {
    const { vault, slot } = this.opened();
    if (proof === undefined) {
      throw refusal("reauthentication_needed", "The passphrase must be entered again.");
    }
    const { passphrase, pin, recovery } = proof;
    const own = vault.passphrases.get(slot.id) === (pin ?? passphrase ?? recovery?.join("\n"));
    const any = pin === undefined && [...vault.passphrases.values()].includes(passphrase ?? "");
    if (!own && !any) throw pin === undefined ? wrongPassphrase() : wrongPin();
  }

  private find(wanted: string): KeyView {
    const { keys } = this.opened().vault;
    const key = keys.find(({ id, name }) => id === wanted || name === wanted);
    if (key === undefined) throw refusal("not_found", `There is no key ${wanted}.`);
    return key;
  }

  private version(key: KeyView, wanted: number | undefined): VersionView {
    const version = key.versions.find(({ version }) => version === (wanted ?? key.primaryVersion));
    if (version === undefined) throw refusal("not_found", `${key.name} has no version ${wanted}.`);
    return version;
  }

  private slot(wanted: string): SlotView {
    const slot = this.opened().vault.status.slots.find(({ id }) => id === wanted);
    if (slot === undefined) throw refusal("no_such_slot", "There is no such slot.");
    return slot;
  }

  private vaultAt(path: string): FakeVault {
    const vault = this.vaults.get(path) ?? this.vaults.get(withEnding(path, ".keyreeve"));
    if (vault === undefined) throw refusal("not_a_vault", `There is no vault at ${path}.`);
    return vault;
  }

  private checkName(name: string, self?: KeyView): void {
    if (name.trim() === "") throw refusal("invalid_name", "The name is empty.");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that a name must not have.
    if (/[\u0000-\u001f\u202a-\u202e]/.test(name)) {
      throw refusal("invalid_name", "The name has a character which could hide or reorder text.");
    }
    if (this.opened().vault.keys.some((key) => key.name === name && key.id !== self?.id)) {
      throw refusal("name_taken", `There is a key ${name} already.`);
    }
  }

  private answer(key: KeyView) {
    this.opened().vault.changesSinceBackup += 1;
    return { key, auditSeq: this.opened().vault.events.length - 1 };
  }

  private sessionView(): SessionView {
    const { vault, slot, unlockedAt, due } = this.opened();
    return {
      vault: vault.status,
      slot,
      unlockedAt,
      auditPublicKey: `keyreeve.local/${vault.status.id}+c0ffee12+AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh`,
      auditSize: vault.events.length,
      failedUnlocks: vault.failedUnlocks,
      doneAtUnlock: due,
      lastBackupAt: vault.backups.at(-1)?.time ?? null,
      recoveryUntested: this.untested().map(({ name }) => name),
    };
  }

  private record(
    action: AuditAction,
    objectKind: AuditObjectKind,
    object: string,
    version: number | null,
    reason?: string,
    at = this.clock(),
    details: Record<string, string> = {},
  ): number {
    const { vault, slot } = this.opened();
    const seq = vault.events.length;
    vault.events.push({
      seq,
      time: at.toISOString(),
      actor: slot.name,
      source: "gui",
      action,
      objectKind,
      object,
      objectName: vault.keys.find(({ id }) => id === object)?.name ?? null,
      version,
      outcome: "done",
      reason: reason ?? null,
      details,
    });
    return seq;
  }

  /** Tells progress in a few steps, and stops when it was cancelled. */
  private async work(job: string | undefined, total = 100): Promise<void> {
    if (job === undefined) return;
    for (let step = 1; step <= 4; step += 1) {
      this.emit("job-progress", { job, done: Math.floor((total * step) / 4), total });
      await (this.delay > 0
        ? new Promise((resolve) => setTimeout(resolve, this.delay * 4))
        : Promise.resolve());
      await this.held.get("work");
      if (this.cancelled.has(job)) throw refusal("cancelled", "It was cancelled.");
    }
  }

  private makeSlot(name: string, role: Role): SlotView {
    return {
      id: this.makeId("slot"),
      kind: "passphrase",
      parts: [passphrasePart],
      name,
      role,
      createdAt: this.now(),
      lastUsedAt: null,
    };
  }

  private makeId(kind: string): string {
    this.counter += 1;
    return `${kind}-${String(this.counter).padStart(4, "0")}`;
  }

  private now(): string {
    return this.clock().toISOString();
  }
}

const cures: Partial<Record<ErrorCode, string>> = {
  wrong_passphrase: "Check the keyboard layout and Caps Lock and try again; nothing was changed.",
  not_a_vault: "Check the path; a vault is a folder whose name ends in .keyreeve.",
  exists: "Choose another place or name; what is there was not touched.",
  weak_passphrase:
    "Choose a longer passphrase (four or more unrelated words), or accept the weak one by name.",
  name_taken: "Choose another name.",
  locked: "Unlock the vault first.",
  cancelled: "Nothing was changed.",
  not_a_backup: "Choose a file that ends in .keyreeve-backup.age.",
  bad_input_file: "Choose another file.",
  refused_by_state: "See the key's versions for what its state allows.",
  stale: "Look at the key as it is now and decide again.",
};

export function refusal(code: ErrorCode, message: string): ErrorView {
  return { code, message, cure: cures[code] ?? "Try again." };
}

function wrongPin(): ErrorView {
  return refusal("pin_wrong", "The PIN is wrong; 2 tries are left.");
}

function wrongPassphrase(): ErrorView {
  return refusal("wrong_passphrase", "Nothing opens with this passphrase.");
}

function need(version: VersionView, states: readonly string[], done: string): void {
  if (!states.includes(version.state) || version.destroyScheduledAt !== null) {
    const state =
      version.destroyScheduledAt === null ? version.state.replace("_", "-") : "scheduled for destruction";
    throw refusal("refused_by_state", `Version ${version.version} is ${state} and cannot be ${done}.`);
  }
}

const passphrasePart: SlotPartView = {
  kind: "passphrase",
  shares: null,
  threshold: null,
  serial: null,
  algorithm: null,
};

/** Whether the primary version went out of use because its time was over, and not by hand before that. */
function hasRunOut({ versions, primaryVersion }: KeyView): boolean {
  const primary = versions.find(({ version }) => version === primaryVersion);
  return (
    primary?.deactivatedAt != null &&
    primary.originatorUsageEnd !== null &&
    primary.deactivatedAt >= primary.originatorUsageEnd
  );
}

function checkStrength(passphrase: string, acceptWeak = false): void {
  if (!acceptWeak && !strengthOf(passphrase).acceptable) {
    throw refusal("weak_passphrase", "The passphrase is too easy to guess.");
  }
}

function strengthOf(passphrase: string): PassphraseStrength {
  const score = Math.min(4, Math.floor(new Set(passphrase).size / 4));
  return {
    score,
    acceptable: score >= 3,
    warning: score < 2 ? "This is similar to a commonly used password." : null,
    suggestions: score < 3 ? ["Add another word or two. Uncommon words are better."] : [],
    guessTime: ["less than a second", "3 minutes", "2 days", "4 years", "centuries"][score] ?? "centuries",
  };
}

function withEnding(path: string, ending: string): string {
  return path.endsWith(ending) ? path : `${path}${ending}`;
}
