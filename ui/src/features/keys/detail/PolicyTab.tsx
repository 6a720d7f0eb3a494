import { Button } from "@mantine/core";
import type { KeyView } from "../../../ipc/bindings";
import { formatPeriod } from "../../../shared/format";
import { useSession } from "../../../shared/gate";
import { DefinitionList } from "../../../shared/Page";
import { roleRefusal } from "../rules/roles";

/** The rules that a key lives by. */
export function PolicyTab({ keyView, onEdit }: { keyView: KeyView; onEdit: () => void }) {
  const { policy } = keyView;
  const refused = roleRefusal("editPolicy", useSession().slot.role);
  const period = (iso: string | null, none: string) =>
    iso === null || iso === "" ? none : formatPeriod(iso);
  return (
    <>
      <DefinitionList
        items={[
          { term: "Template", value: policy.title },
          { term: "Protects for", value: period(policy.originatorUsage, "No end") },
          { term: "Processes for", value: period(policy.recipientUsage, "No end") },
          { term: "Overlap", value: period(policy.overlap, "None: replaced at once") },
          { term: "Warns", value: `${formatPeriod(policy.warnBefore)} before` },
          {
            term: "At the end",
            value: policy.endsUse ? "Deactivates the version by itself" : "Only warns",
          },
          {
            term: "Exportable",
            value: keyView.exportable ? "Yes, while the state allows it" : "No, for life",
          },
        ]}
      />
      {refused === null ? (
        <Button variant="default" mt="md" onClick={onEdit} data-testid="policy-edit">
          Change policy…
        </Button>
      ) : (
        <p className="kr-dim">{refused}</p>
      )}
    </>
  );
}
