import type { ReactNode } from "react";
import type { OverviewResponse } from "../../ipc/bindings";
import { formatNumber, formatSpan, plural } from "../../shared/format";
import type { Verification } from "../../shared/queries";
import { RelativeTime } from "../../shared/RelativeTime";
import { useNow } from "../../shared/useNow";

/** Four numbers that say how the vault is. */
export function Cards({
  overview,
  verification,
}: {
  overview: OverviewResponse;
  verification: Verification | null;
}) {
  const { counts } = overview;
  const active = counts.byState[1] ?? 0;
  return (
    <div className="kr-cards">
      <Card title="Active" value={formatNumber(active)} tone="text">
        of {plural(counts.total, "key")}
      </Card>
      <Card
        title="Rotate soon"
        value={formatNumber(counts.expiringSoon)}
        tone={counts.expiringSoon > 0 || counts.overdue > 0 ? "warn" : "text"}
      >
        {counts.overdue > 0 ? (
          <span className="kr-warn">{formatNumber(counts.overdue)} overdue</span>
        ) : (
          "none overdue"
        )}
      </Card>
      <LogCard overview={overview} verification={verification} />
      <BackupCard overview={overview} />
    </div>
  );
}

function LogCard({
  overview,
  verification,
}: {
  overview: OverviewResponse;
  verification: Verification | null;
}) {
  const events = plural(overview.auditSize, "event");
  if (verification === null) {
    return (
      <Card title="Audit log" value={formatNumber(overview.auditSize)} tone="text">
        events · not verified since the unlock
      </Card>
    );
  }
  if (verification.outcome === "alarm") {
    return (
      <Card title="Audit log" value="Alarm" tone="bad">
        {verification.error.message}
      </Card>
    );
  }
  return (
    <Card title="Audit log" value="Verified" tone="ok">
      {events} · <RelativeTime time={verification.response.verifiedAt} />
    </Card>
  );
}

function BackupCard({ overview }: { overview: OverviewResponse }) {
  const now = useNow();
  const { lastBackupAt, lastBackupVerified, eventsSinceBackup } = overview;
  if (lastBackupAt === null) {
    return (
      <Card title="Last backup" value="None" tone="warn">
        a lost computer would take the keys with it
      </Card>
    );
  }
  const age = formatSpan(now.getTime() - new Date(lastBackupAt).getTime());
  return (
    <Card title="Last backup" value={age ?? "Just now"} tone="text">
      <span className={lastBackupVerified ? undefined : "kr-warn"}>
        {lastBackupVerified ? "restore-tested" : "not restore-tested"}
      </span>
      {" · "}
      {eventsSinceBackup === 0 ? "everything in it" : `${plural(eventsSinceBackup, "change")} since`}
    </Card>
  );
}

function Card({
  title,
  value,
  tone,
  children,
}: {
  title: string;
  value: string;
  tone: "text" | "ok" | "warn" | "bad";
  children: ReactNode;
}) {
  return (
    <section className="kr-card" aria-label={title}>
      <h2>{title}</h2>
      <div className={`kr-card-value kr-numbers kr-${tone}`}>{value}</div>
      <p className="kr-dim">{children}</p>
    </section>
  );
}
