import type {
  AuditAction,
  AuditObjectKind,
  BackupView,
  CardSightView,
  Credentials,
  EventView,
  ExamineResponse,
  FoundView,
  IssuedSshCertificateView,
  KeptCertificateView,
  KeyView,
  KnownKeyView,
  Opening,
  Preferences,
  RevokedSshView,
  Role,
  SlotPartView,
  SlotView,
  VaultStatus,
  VersionView,
} from "../../ipc/bindings";
import { placeOf, vaultPath } from "./paths";
import { refusal } from "./refusal";
import { secretOf, wrongSecret } from "./secrets";

interface FakeVault {
  status: VaultStatus;
  /** What opens each slot: a passphrase, a PIN, or shares line by line. */
  secrets: Map<string, string>;
  keys: KeyView[];
  events: EventView[];
  backups: BackupView[];
  failedUnlocks: number;
  changesSinceBackup: number;
}

/** What an entry of the audit log says beside the action. */
interface Said {
  /** What it was done to, if not to the whole vault. */
  object?: string;
  version?: number;
  reason?: string | undefined;
  at?: Date;
  details?: Record<string, string>;
}

/** What the commands of a core of play share: its vaults, the one that is open, and what tests put there. */
export class CoreState {
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
  /** What the app was started to open. */
  opening: Opening | null = null;
  /** What lies in the files that are chosen next, and in what is pasted. */
  found: ExamineResponse = { items: [], skipped: 0 };
  /** What a password makes of the encrypted items with the same numbers. */
  readonly opens = new Map<string, FoundView[]>();
  /** The certificates that are kept. */
  readonly certificates: KeptCertificateView[] = [];
  /** What was issued and revoked for OpenSSH; of one key, whichever is asked about. */
  readonly sshCertificates: IssuedSshCertificateView[] = [];
  readonly sshRevoked: RevokedSshView = { number: null, serials: [], keyIds: [], keys: [] };
  /** The public keys that are kept alone. */
  readonly knownKeys: KnownKeyView[] = [];
  /** Identity files that a passphrase protects. */
  readonly lockedIdentities = new Map<string, string>();
  /** The slots whose passphrase costs much less to guess than a new one would. */
  readonly weakSlots = new Set<string>();
  /** What is seen of the cards while they are watched. */
  cards: CardSightView = { readers: [], reading: false, problem: null, slots: [] };
  /** Whether the window watches them. */
  watchesCards = false;
  /** How long an answer takes, in milliseconds. */
  delay = 0;

  readonly vaults = new Map<string, FakeVault>();
  open: { vault: FakeVault; slot: SlotView; unlockedAt: string } | null = null;
  lastInput = Date.now();
  readonly cancelled = new Set<string>();
  protected readonly held = new Map<string, Promise<void>>();
  protected readonly listeners = new Map<string, Set<(payload: unknown) => void>>();
  private counter = 0;

  readonly clock: () => Date;

  constructor(clock: () => Date = () => new Date()) {
    this.clock = clock;
  }

  now(): string {
    return this.clock().toISOString();
  }

  makeId(kind: string): string {
    this.counter += 1;
    return `${kind}-${String(this.counter).padStart(4, "0")}`;
  }

  emit(event: string, payload: unknown): void {
    for (const listener of [...(this.listeners.get(event) ?? [])]) listener(payload);
  }

  protected pause(times = 1): Promise<unknown> {
    return this.delay > 0
      ? new Promise((resolve) => setTimeout(resolve, this.delay * times))
      : Promise.resolve();
  }

  /** Tells progress in a few steps, and stops when it was cancelled. */
  async work(job: string | undefined, total = 100): Promise<void> {
    if (job === undefined) return;
    for (let step = 1; step <= 4; step += 1) {
      this.emit("job-progress", { job, done: Math.floor((total * step) / 4), total });
      await this.pause(4);
      await this.held.get("work");
      if (this.cancelled.has(job)) throw refusal("cancelled", "It was cancelled.");
    }
  }

  // ---- the vaults

  vaultAt(path: string): FakeVault {
    const vault = this.vaults.get(path) ?? this.vaults.get(vaultPath(path));
    if (vault === undefined) throw refusal("not_a_vault", `There is no vault at ${path}.`);
    return vault;
  }

  /** Puts a vault there, as if it had been made earlier. */
  addVault(path: string, passphrase: string, role: Role = "administrator"): void {
    const id = this.makeId("vault");
    const slot = this.makeSlot("passphrase", role);
    this.vaults.set(path, {
      status: { id, ...placeOf(path), format: 1, createdAt: this.now(), headerSequence: 1, slots: [slot] },
      secrets: new Map([[slot.id, passphrase]]),
      keys: [],
      events: [],
      backups: [],
      failedUnlocks: 0,
      changesSinceBackup: 0,
    });
  }

  /** A way in; what is not said of its parts is as that of a passphrase. */
  makeSlot(name: string, role: Role, parts: Partial<SlotPartView>[] = [{}]): SlotView {
    const whole = parts.map((part) => ({ ...passphrasePart, ...part }));
    const [only] = whole;
    return {
      id: this.makeId("slot"),
      kind: whole.length === 1 && only !== undefined ? only.kind : "all_of",
      parts: whole,
      name,
      role,
      createdAt: this.now(),
      lastUsedAt: null,
    };
  }

  enter(vault: FakeVault, slot: SlotView): void {
    this.open = { vault, slot, unlockedAt: this.now() };
    this.lastInput = Date.now();
  }

  /** Opens a vault without the interface. */
  openVault(path: string, slotName?: string): void {
    const vault = this.vaultAt(path);
    const slot = vault.status.slots.find(({ name }) => name === (slotName ?? name));
    if (slot === undefined) throw new Error("a vault has a slot");
    this.enter(vault, slot);
    if (vault.events.length === 0) this.record("vault.create", "vault");
    this.record("vault.unlock", "vault");
  }

  lock(why: "user" | "idle"): void {
    this.record("vault.lock", "vault", { reason: why === "idle" ? why : undefined });
    this.open = null;
    this.emit("vault-locked", { why });
  }

  // ---- the open vault

  opened() {
    if (this.open === null) throw refusal("locked", "The vault is locked.");
    return this.open;
  }

  mayChange(): void {
    if (this.opened().slot.role === "auditor") throw refusal("refused_by_role", "An auditor only reads.");
  }

  administrator() {
    const open = this.opened();
    if (open.slot.role !== "administrator")
      throw refusal("refused_by_role", "Only an administrator does this.");
    return open;
  }

  /** An administrator who has just proven to be one. */
  provenAdministrator(proof: Credentials | undefined) {
    const open = this.administrator();
    this.reauthenticate(proof);
    return open;
  }

  reauthenticate(proof: Credentials | undefined): void {
    const { vault, slot } = this.opened();
    if (proof === undefined) {
      throw refusal("reauthentication_needed", "The passphrase must be entered again.");
    }
    const own = vault.secrets.get(slot.id) === secretOf(proof);
    const any = proof.pin === undefined && [...vault.secrets.values()].includes(proof.passphrase ?? "");
    if (!own && !any) throw wrongSecret(proof);
  }

  /** A key by its id or name. */
  find(wanted: string): KeyView {
    const { keys } = this.opened().vault;
    const key = keys.find(({ id, name }) => id === wanted || name === wanted);
    if (key === undefined) throw refusal("not_found", `There is no key ${wanted}.`);
    return key;
  }

  version(key: KeyView, wanted = key.primaryVersion): VersionView {
    const version = key.versions.find(({ version }) => version === wanted);
    if (version === undefined) throw refusal("not_found", `${key.name} has no version ${wanted}.`);
    return version;
  }

  record(action: AuditAction, objectKind: AuditObjectKind, said: Said = {}): number {
    const { vault, slot } = this.opened();
    const { object = vault.status.id, version, reason, at = this.clock(), details = {} } = said;
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
      version: version ?? null,
      outcome: "done",
      reason: reason ?? null,
      details,
    });
    return seq;
  }
}

const passphrasePart: SlotPartView = {
  kind: "passphrase",
  shares: null,
  threshold: null,
  serial: null,
  algorithm: null,
};
