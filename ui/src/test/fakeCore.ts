import type {
  BackupView,
  CardSightView,
  CreateKeyRequest,
  ErrorCode,
  ErrorView,
  KeyView,
  Opening,
  PadRequestView,
  SlotKind,
  SlotPartView,
  SlotView,
} from "../ipc/bindings";
import type { Platform } from "../ipc/platform";
import { appCommands } from "./core/app";
import { auditCommands } from "./core/audit";
import { backupCommands } from "./core/backups";
import { cardCommands, seeCards } from "./core/cards";
import { certificateCommands } from "./core/certificates";
import type { Handlers } from "./core/handlers";
import { handOverCommands } from "./core/handOver";
import { importCommands } from "./core/import";
import { keyListCommands } from "./core/keyList";
import { addKey, keyCommands } from "./core/keys";
import { knownKeyCommands } from "./core/knownKeys";
import { lifecycleCommands } from "./core/lifecycle";
import { overviewCommands } from "./core/overview";
import { refusal } from "./core/refusal";
import { slotCommands } from "./core/slots";
import { sshCertificateCommands } from "./core/sshCertificates";
import { CoreState } from "./core/state";
import { vaultCommands } from "./core/vault";

interface Request {
  [part: string]: unknown;
}

/**
 * A core of play: keeps a vault in memory, protects nothing and knows the commands well enough to develop and test the
 * interface. It answers asynchronously, as the real one does. How it answers lies in `core`, by area.
 */
export class FakeCore extends CoreState implements Platform {
  /** Every command that was asked for, in order. */
  readonly calls: { command: string; request: Request }[] = [];
  /** What the next file picker answers. */
  picked: string | null = null;

  private readonly failures = new Map<string, ErrorView[]>();
  private readonly handlers: Handlers = {
    ...appCommands(this),
    ...vaultCommands(this),
    ...slotCommands(this),
    ...cardCommands(this),
    ...overviewCommands(this),
    ...keyListCommands(this),
    ...keyCommands(this),
    ...lifecycleCommands(this),
    ...importCommands(this),
    ...handOverCommands(this),
    ...certificateCommands(this),
    ...sshCertificateCommands(this),
    ...knownKeyCommands(this),
    ...auditCommands(this),
    ...backupCommands(this),
  };

  // ---- what tests do to it

  /** Makes the next call of a command fail. */
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

  /** Asks to have something opened, as a second start of the app does. */
  startAgainWith(opening: Opening): void {
    this.opening = opening;
    this.emit("opening", null);
  }

  /** Locks as the idle timer does. */
  lockByIdle(): void {
    this.lock("idle");
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

  /** Shows other cards, as when one is put in or pulled. */
  seeCards(cards: Partial<CardSightView>): void {
    seeCards(this, cards);
  }

  /** A reader's PIN pad waits, or does so no more. */
  padWaits(request: PadRequestView | null): void {
    this.emit("pin-pad", request);
  }

  /** Gives a vault a card as a way in, as if that had been done earlier. */
  addCardSlot(path: string, name: string, pin: string, serial = "0000:0A0B0C0D"): SlotView {
    const part: Partial<SlotPartView> = { kind: "openpgp_card", serial, algorithm: "ecdh-x25519" };
    return this.addSlot(path, this.makeSlot(name, "operator", [part]), pin);
  }

  /** Removes the ways in of a kind, as if that had been done earlier. */
  removeSlotsOfKind(path: string, kind: SlotKind): void {
    const { status } = this.vaultAt(path);
    status.slots = status.slots.filter((slot) => slot.kind !== kind);
  }

  /** Adds recovery shares, two of three, and opens the vault with them. */
  openWithRecovery(path: string, shares: [string, string]): SlotView {
    const part: Partial<SlotPartView> = { kind: "recovery", shares: 3, threshold: 2 };
    const slot = this.makeSlot("Recovery shares", "administrator", [part]);
    this.addSlot(path, slot, shares.join("\n"));
    this.openVault(path, slot.name);
    return slot;
  }

  /** Makes a key without the interface. */
  addKey(request: CreateKeyRequest, at?: Date): KeyView {
    return addKey(this, request, at);
  }

  private addSlot(path: string, slot: SlotView, secret: string): SlotView {
    const { status, secrets } = this.vaultAt(path);
    status.slots.push(slot);
    secrets.set(slot.id, secret);
    return slot;
  }

  // ---- Platform

  async invoke(command: string, args?: Record<string, unknown>): Promise<unknown> {
    const { request = {} } = (args ?? {}) as { request?: Request };
    this.calls.push({ command, request: structuredClone(request) });
    await this.pause();
    await this.held.get(command);
    const [failure, ...later] = this.failures.get(command) ?? [];
    if (failure !== undefined) {
      this.failures.set(command, later);
      throw failure;
    }
    const handlers: Record<string, (request: never) => unknown> = this.handlers;
    const handler = handlers[command.replace(/_./g, (joint) => joint.slice(1).toUpperCase())];
    if (handler === undefined) throw refusal("internal", `The core has no command ${command}.`);
    return structuredClone((await handler(request as never)) ?? null);
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
}
