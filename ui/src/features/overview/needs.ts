import type { KeyRowView, OverviewResponse, SessionView, SlotView } from "../../ipc/bindings";
import { daysUntil, formatDate, plural } from "../../shared/format";
import type { Place } from "../../shared/navigation";
import type { Verification } from "../../shared/queries";
import { doneWords } from "../../shared/words";

export type NeedKind =
  | "alarm"
  | "compromised"
  | "rotate"
  | "soon"
  | "destroy"
  | "certificate"
  | "backup"
  | "note";

/** One line of "What needs you", with the button that solves it. */
export interface Need {
  id: string;
  kind: NeedKind;
  /** What it is about, set off from the rest. */
  subject: string;
  words: string;
  button: string;
  /** Where the button leads. */
  place: Place;
}

/** What needs the person, the worst first. */
export function needsOf(
  overview: OverviewResponse,
  session: SessionView,
  verification: Verification | null,
  now: Date,
): Need[] {
  return [
    ...alarms(session, verification),
    ...overview.compromised.map(compromised),
    ...more(overview.counts.compromised, overview.compromised, "compromised", {
      kind: "compromised",
      words: "compromised too",
      place: { section: "keys", filter: "compromised" },
    }),
    ...overview.overdue.map((row) => overdue(row, now)),
    ...more(overview.counts.overdue, overview.overdue, "overdue", {
      kind: "rotate",
      words: "overdue for rotation",
      place: { section: "keys", filter: "overdue" },
    }),
    ...overview.expiring.map((row) => expiring(row, now)),
    ...more(overview.counts.expiringSoon, overview.expiring, "expiring", {
      kind: "soon",
      words: "due for rotation soon",
      place: { section: "keys", filter: "expiring_soon" },
    }),
    ...certificates(overview),
    ...backup(overview),
    ...overview.recoveryUntested.map(untested),
    ...overview.scheduled.map((row) => scheduled(row, now)),
    ...more(overview.counts.scheduledForDestruction, overview.scheduled, "scheduled", {
      kind: "destroy",
      words: "scheduled for destruction",
      place: { section: "keys", filter: "scheduled_for_destruction" },
    }),
    ...doneAtUnlock(session),
  ].map((need) => (session.slot.role === "auditor" ? onlyShown(need) : need));
}

/** The line for someone who changes nothing: it leads to the key, and not to a change of it. */
function onlyShown(need: Need): Need {
  const { place } = need;
  if (place.section !== "keys" || place.intent === undefined || place.key === undefined) return need;
  return { ...need, button: "Show", place: { section: "keys", key: place.key, intent: "review" } };
}

function alarms(session: SessionView, verification: Verification | null): Need[] {
  const needs: Need[] = [];
  if (verification?.outcome === "alarm") {
    needs.push({
      id: "alarm",
      kind: "alarm",
      subject: "The audit log",
      words: "does not verify",
      button: "Review",
      place: { section: "audit" },
    });
  }
  if (session.failedUnlocks > 0) {
    needs.push({
      id: "failed-unlocks",
      kind: "alarm",
      subject: plural(session.failedUnlocks, "failed unlock"),
      words: "before this one",
      button: "Review",
      place: { section: "audit" },
    });
  }
  return needs;
}

function compromised(row: KeyRowView): Need {
  return {
    id: `compromised-${row.id}`,
    kind: "compromised",
    subject: row.name,
    words: "is compromised and has no successor",
    button: "Review",
    place: { section: "keys", key: row.id, intent: "review" },
  };
}

function overdue(row: KeyRowView, now: Date): Need {
  const days = row.rotateBy === null ? 0 : -daysUntil(row.rotateBy, now);
  return {
    id: `overdue-${row.id}`,
    kind: "rotate",
    subject: row.name,
    words: days > 0 ? `rotation ${plural(days, "day")} overdue` : "rotation is due today",
    button: "Rotate…",
    place: { section: "keys", key: row.id, intent: "rotate" },
  };
}

function expiring(row: KeyRowView, now: Date): Need {
  const days = row.rotateBy === null ? 0 : daysUntil(row.rotateBy, now);
  return {
    id: `expiring-${row.id}`,
    kind: "soon",
    subject: row.name,
    words: `rotation due in ${plural(days, "day")}`,
    button: "Rotate…",
    place: { section: "keys", key: row.id, intent: "rotate" },
  };
}

function scheduled(row: KeyRowView, now: Date): Need {
  const days = row.destroyScheduledAt === null ? 0 : daysUntil(row.destroyScheduledAt, now);
  return {
    id: `scheduled-${row.id}`,
    kind: "destroy",
    subject: row.name,
    words: days > 0 ? `will be destroyed in ${plural(days, "day")}` : "is due to be destroyed",
    button: "Keep…",
    place: { section: "keys", key: row.id, intent: "cancel-destruction" },
  };
}

function certificates({ certificates: { expired, expiringSoon } }: OverviewResponse): Need[] {
  const need = (count: number, state: "expired" | "expiring_soon", words: string): Need[] =>
    count === 0
      ? []
      : [
          {
            id: `certificates-${state}`,
            kind: "certificate",
            subject: plural(count, "certificate"),
            words,
            button: "Show",
            place: { section: "certificates", state },
          },
        ];
  return [
    ...need(expired, "expired", "expired, with nothing in place"),
    ...need(expiringSoon, "expiring_soon", "will expire within 30 days"),
  ];
}

function backup(overview: OverviewResponse): Need[] {
  if (overview.lastBackupAt === null) {
    return [
      {
        id: "no-backup",
        kind: "backup",
        subject: "No backup yet",
        words: "of this vault",
        button: "Back up…",
        place: { section: "backups", intent: "create" },
      },
    ];
  }
  if (!overview.lastBackupVerified) {
    return [
      {
        id: "unverified-backup",
        kind: "backup",
        subject: "The newest backup",
        words: "was not tested by a restore",
        button: "Test…",
        place: { section: "backups", intent: "verify" },
      },
    ];
  }
  if (overview.eventsSinceBackup > 0) {
    return [
      {
        id: "stale-backup",
        kind: "backup",
        subject: plural(overview.eventsSinceBackup, "change"),
        words: `made since the backup of ${formatDate(overview.lastBackupAt)}`,
        button: "Back up…",
        place: { section: "backups", intent: "create" },
      },
    ];
  }
  return [];
}

function untested(slot: SlotView): Need {
  return {
    id: `untested-${slot.id}`,
    kind: "backup",
    subject: slot.name,
    words: `were last tried ${formatDate(slot.lastUsedAt ?? slot.createdAt)}: are the sheets still there?`,
    button: "Test…",
    place: { section: "access", intent: "test", slot: slot.id },
  };
}

function doneAtUnlock(session: SessionView): Need[] {
  return session.doneAtUnlock.slice(0, 5).map(({ action, key, name, version }) => ({
    id: `done-${action}-${key}-${version}`,
    kind: "note",
    subject: name,
    words: `${doneWords(action)}, as was due (version ${version})`,
    button: "Show",
    place: { section: "keys", key },
  }));
}

function more(
  total: number,
  shown: KeyRowView[],
  id: string,
  rest: Pick<Need, "kind" | "words" | "place">,
): Need[] {
  const left = total - shown.length;
  // The sidebar's number counts keys that need nothing any more, too: without a line there is no rest either.
  if (left <= 0 || shown.length < 5) return [];
  return [{ ...rest, id: `more-${id}`, subject: plural(left, "more key", "more keys"), button: "Show" }];
}
