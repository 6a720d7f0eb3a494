import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFingerprint, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { KnownKeyView } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { EmptyState } from "../../../shared/EmptyState";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import { plural } from "../../../shared/format";
import { useSession } from "../../../shared/gate";
import { useNavigation } from "../../../shared/navigation";
import { PageHeader } from "../../../shared/Page";
import { useKnownKeys } from "../../../shared/queries";
import { useDialog } from "../../../shared/useDialog";
import "../CertificatesScreen.css";
import { EditPublicKeyDialog } from "./EditPublicKeyDialog";
import { PublicKeyDetail } from "./PublicKeyDetail";
import { PublicKeyTable } from "./PublicKeyTable";
import { RemovePublicKeyDialog } from "./RemovePublicKeyDialog";

export interface PublicKeyDialog {
  kind: "edit" | "remove";
  publicKey: KnownKeyView;
}

/** Public keys whose private halves are elsewhere: which there are, and whose. */
export function PublicKeysScreen() {
  const { go } = useNavigation();
  const { slot } = useSession();
  const [search, setSearch] = useState("");
  const [asked] = useDebouncedValue(search.trim(), 150);
  const [chosen, setChosen] = useState<string>();
  const { shown, open, close } = useDialog<PublicKeyDialog>();
  const { data, error, refetch } = useKnownKeys(asked === "" ? {} : { search: asked });
  const publicKeys = data?.publicKeys ?? [];
  const current = publicKeys.find(({ id }) => id === chosen);
  const importThem = (
    <Button onClick={() => go({ section: "keys", intent: "import" })} disabled={slot.role === "auditor"}>
      Import…
    </Button>
  );
  return (
    <div className="kr-certificates">
      <div className="kr-certificates-top">
        <PageHeader
          title="Public keys"
          summary={data === undefined ? undefined : plural(data.total, "public key")}
          actions={importThem}
        />
        <div className="kr-certificates-filters">
          <TextInput
            aria-label="Search public keys"
            placeholder="Name, algorithm, owner, tag, note or fingerprint"
            leftSection={<IconSearch size={16} aria-hidden />}
            type="search"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </div>
      </div>
      <div className="kr-certificates-body">
        <div className="kr-certificates-list">
          {error !== null && <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />}
          {data !== undefined && publicKeys.length === 0 && asked === "" && (
            <EmptyState icon={IconFingerprint} title="No public key yet" action={importThem}>
              Public keys of others are listed here: whose they are, and how strong. They hold no secret, and
              nothing can be done with them. Import them like keys: from a file of authorized_keys, say.
            </EmptyState>
          )}
          {data !== undefined && publicKeys.length === 0 && asked !== "" && (
            <p className="kr-dim" role="status">
              No public key is like that.
            </p>
          )}
          {publicKeys.length > 0 && (
            <PublicKeyTable publicKeys={publicKeys} current={current?.id} onChoose={setChosen} />
          )}
          {data !== undefined && data.total > publicKeys.length && (
            <p className="kr-dim">
              The first {publicKeys.length} of {plural(data.total, "public key")}: search for the others.
            </p>
          )}
        </div>
        {current !== undefined && (
          <PublicKeyDetail
            key={current.id}
            publicKey={current}
            onAct={(kind) => open({ kind, publicKey: current })}
            onClose={() => setChosen(undefined)}
          />
        )}
      </div>
      {shown?.kind === "edit" && <EditPublicKeyDialog publicKey={shown.publicKey} onClose={close} />}
      {shown?.kind === "remove" && <RemovePublicKeyDialog publicKey={shown.publicKey} onClose={close} />}
    </div>
  );
}
