import { Button } from "@mantine/core";
import { IconMapPin } from "@tabler/icons-react";
import type { KeyView } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { EmptyState } from "../../../shared/EmptyState";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import { plural } from "../../../shared/format";
import { useSession } from "../../../shared/gate";
import { roleRefusal } from "../rules/roles";
import { useDistribution } from "../useDistribution";
import "./DistributionTab.css";
import { HolderItem } from "./HolderItem";

interface DistributionTabProps {
  keyView: KeyView;
  onEdit: () => void;
  onHandOver: () => void;
}

/** Who and what has the key, and which version: the check-list after a rotation. */
export function DistributionTab({ keyView, onEdit, onHandOver }: DistributionTabProps) {
  const mayEdit = roleRefusal("editWhereUsed", useSession().slot.role) === null;
  const { data, error, refetch } = useDistribution(keyView.id);
  if (error !== null) {
    return <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return null;
  const edit = mayEdit && (
    <Button variant="default" onClick={onEdit} data-testid="where-used-edit">
      {keyView.whereUsed.length === 0 ? "Add a place…" : "Edit places…"}
    </Button>
  );
  if (data.holders.length === 0) {
    return (
      <EmptyState
        icon={IconMapPin}
        title={mayEdit ? "Where is it used?" : "No place is written down"}
        action={edit}
      >
        {mayEdit && "Write down hosts, programs, paths and addresses. "}Keyreeve keeps them together with whom
        you handed the key over to, and after a rotation shows who still has the old version.
      </EmptyState>
    );
  }
  return (
    <>
      <p className={data.behind === 0 ? "kr-dim" : "kr-warn"} data-testid="distribution-summary">
        {data.behind === 0
          ? `All have version ${data.primaryVersion}.`
          : `${plural(data.behind, "holder")} not known to have version ${data.primaryVersion}.`}
      </p>
      <ul className="kr-holders" data-testid="holders">
        {data.holders.map((holder) => (
          <HolderItem
            key={`${holder.kind} ${holder.id}`}
            keyView={keyView}
            holder={holder}
            mayEdit={mayEdit}
          />
        ))}
      </ul>
      <div className="kr-holders-acts">
        {edit}
        {keyView.exportable && (
          <Button variant="subtle" onClick={onHandOver} data-testid="distribution-hand-over">
            Hand over…
          </Button>
        )}
      </div>
    </>
  );
}
