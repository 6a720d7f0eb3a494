import { Tabs } from "@mantine/core";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import type { KeyView } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import type { KeyAct } from "../rules/acts";
import { useKey } from "../useKey";
import { ActivityTab } from "./ActivityTab";
import { CertificatesTab } from "./CertificatesTab";
import { DetailHeader } from "./DetailHeader";
import "./DetailPane.css";
import { DistributionTab } from "./DistributionTab";
import { OverviewTab } from "./OverviewTab";
import { PolicyTab } from "./PolicyTab";
import { VersionsTab } from "./VersionsTab";

interface DetailPaneProps {
  keyId: string;
  /** Grows when the focus is to move into the pane. */
  focusTurn: number;
  onAct: (act: KeyAct | "editWhereUsed", key: KeyView, version?: number) => void;
  onClose: () => void;
}

const TABS = [
  ["overview", "Overview"],
  ["versions", "Versions"],
  ["policy", "Policy"],
  ["distribution", "Distribution"],
  ["certificates", "Certificates"],
  ["activity", "Activity"],
] as const;

/** A key that has a public half can be in certificates. */
function isCertifiable({ versions }: KeyView): boolean {
  return versions.some(({ fingerprints }) => "spki-sha256" in fingerprints);
}

/** A key in full, beside the list or over it. */
export const DetailPane = memo(function DetailPane({ keyId, focusTurn, onAct, onClose }: DetailPaneProps) {
  const { data: keyView, error, refetch } = useKey(keyId);
  const title = useRef<HTMLHeadingElement>(null);
  const [tab, setTab] = useState<string | null>("overview");
  const isThere = keyView !== undefined;

  const lastTurn = useRef(0);
  useEffect(() => {
    if (isThere && focusTurn > lastTurn.current) {
      lastTurn.current = focusTurn;
      title.current?.focus({ preventScroll: true });
    }
  }, [isThere, focusTurn]);

  const onKeyDown = (event: KeyboardEvent) => {
    // Menus and dialogs are drawn elsewhere, and their Escape is their own.
    const isOwn = event.target instanceof Node && event.currentTarget.contains(event.target);
    if (
      event.key === "Escape" &&
      !event.defaultPrevented &&
      isOwn &&
      document.querySelector('[role="menu"]') === null
    ) {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
  };
  const act = (keyAct: KeyAct | "editWhereUsed", version?: number) => {
    if (keyView !== undefined) {
      onAct(keyAct, keyView, version);
    }
  };
  return (
    <aside
      className="kr-detail"
      aria-labelledby={isThere ? "key-detail-title" : undefined}
      aria-label={isThere ? undefined : "Key details"}
      data-testid="key-detail"
      onKeyDown={onKeyDown}
    >
      {error !== null && (
        <div className="kr-detail-error">
          <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />
        </div>
      )}
      {keyView !== undefined && error === null && (
        <>
          <DetailHeader keyView={keyView} titleRef={title} onAct={act} onClose={onClose} />
          <Tabs value={tab} onChange={setTab} keepMounted={false} className="kr-detail-tabs">
            <Tabs.List aria-label="About the key">
              {TABS.filter(([value]) => value !== "certificates" || isCertifiable(keyView)).map(
                ([value, label]) => (
                  <Tabs.Tab key={value} value={value}>
                    {label}
                  </Tabs.Tab>
                ),
              )}
            </Tabs.List>
            <Tabs.Panel value="overview">
              <OverviewTab keyView={keyView} onVersions={() => setTab("versions")} />
            </Tabs.Panel>
            <Tabs.Panel value="versions">
              <VersionsTab keyView={keyView} onAct={act} />
            </Tabs.Panel>
            <Tabs.Panel value="policy">
              <PolicyTab keyView={keyView} onEdit={() => act("editPolicy")} />
            </Tabs.Panel>
            <Tabs.Panel value="distribution">
              <DistributionTab
                keyView={keyView}
                onEdit={() => act("editWhereUsed")}
                onHandOver={() => act("export")}
              />
            </Tabs.Panel>
            <Tabs.Panel value="certificates">
              <CertificatesTab
                keyView={keyView}
                onCertify={() => act("certificate")}
                onRevoke={() => act("sshRevocation")}
              />
            </Tabs.Panel>
            <Tabs.Panel value="activity">
              <ActivityTab keyView={keyView} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </aside>
  );
});
