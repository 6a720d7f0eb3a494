import type { Purpose } from "../../../ipc/bindings";

interface PurposeVerbs {
  /** What the primary version does: "encrypts new data". */
  protects: string;
  /** What an older version still does: "decrypts what it encrypted". */
  processes: string;
  /** What has to follow a rotation, or `null`. */
  rollOut: string | null;
}

const VERBS: Record<Purpose, PurposeVerbs> = {
  encrypt: {
    protects: "encrypts new data",
    processes: "decrypts what it encrypted",
    rollOut: null,
  },
  wrap: {
    protects: "wraps new keys",
    processes: "unwraps what it wrapped",
    rollOut: null,
  },
  mac: {
    protects: "authenticates new messages",
    processes: "verifies what it authenticated",
    rollOut: "Give the new version to everyone who verifies.",
  },
  sign: {
    protects: "signs from now on",
    processes: "verifies what it signed",
    rollOut: "Publish the new public key to everyone who verifies.",
  },
  authenticate: {
    protects: "logs in from now on",
    processes: "is no longer used to log in",
    rollOut: "Put the new public key on every server before you remove the old one.",
  },
  agree: {
    protects: "is used for new exchanges",
    processes: "opens what was sent to it",
    rollOut: "Give the new public key to everyone who sends to you.",
  },
  derive: {
    protects: "derives new keys",
    processes: "derives the keys it derived before",
    rollOut: null,
  },
};

/** What versions of a key for this purpose do. */
export function purposeVerbs(purpose: Purpose): PurposeVerbs {
  return VERBS[purpose];
}
