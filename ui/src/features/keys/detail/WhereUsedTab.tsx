import { Button } from "@mantine/core";
import { IconMapPin } from "@tabler/icons-react";
import type { KeyView } from "../../../ipc/bindings";
import { EmptyState } from "../../../shared/EmptyState";
import { useSession } from "../../../shared/gate";
import { DefinitionList } from "../../../shared/Page";
import { whereUsedNames } from "../../../shared/words";
import { roleRefusal } from "../rules/roles";

/** Where a key is used, as the person wrote it down. */
export function WhereUsedTab({ keyView, onEdit }: { keyView: KeyView; onEdit: () => void }) {
  const mayEdit = roleRefusal("editWhereUsed", useSession().slot.role) === null;
  if (keyView.whereUsed.length === 0) {
    return (
      <EmptyState
        icon={IconMapPin}
        title={mayEdit ? "Where is it used?" : "No place is written down"}
        action={
          mayEdit && (
            <Button variant="default" onClick={onEdit} data-testid="where-used-edit">
              Add a place…
            </Button>
          )
        }
      >
        {mayEdit && "Write down hosts, programs, paths and addresses. "}Keyreeve shows them when you rotate,
        revoke or destroy the key, so that nothing breaks by surprise.
      </EmptyState>
    );
  }
  return (
    <>
      <DefinitionList
        items={keyView.whereUsed.map(({ kind, value }) => ({ term: whereUsedNames[kind], value }))}
      />
      {mayEdit && (
        <Button variant="default" mt="md" onClick={onEdit} data-testid="where-used-edit">
          Edit…
        </Button>
      )}
    </>
  );
}
