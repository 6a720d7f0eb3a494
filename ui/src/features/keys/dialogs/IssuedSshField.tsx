import { Checkbox, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { IssuedSshCertificateView } from "../../../ipc/bindings";
import { asCoreError } from "../../../ipc/call";
import { CertificateBadge } from "../../../shared/CertificateBadge";
import { ErrorPanel } from "../../../shared/ErrorPanel";
import { formatDate, formatNumber } from "../../../shared/format";
import { useSshCertificates } from "../useSshCertificates";
import "./IssuedSshField.css";

/** So few are looked through without a search. */
const FEW = 5;

interface IssuedSshFieldProps {
  keyId: string;
  version: number;
  /** The numbers of those that are to be revoked. */
  chosen: ReadonlySet<string>;
  onChosen: (chosen: ReadonlySet<string>) => void;
}

/** What a CA of OpenSSH issued, to be ticked. */
export function IssuedSshField({ keyId, version, chosen, onChosen }: IssuedSshFieldProps) {
  const [search, setSearch] = useState("");
  const labelId = useId();
  const { data, error, refetch } = useSshCertificates({
    ...{ key: keyId, version },
    ...(search.trim() === "" ? {} : { search: search.trim() }),
  });
  if (error !== null) return <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />;
  if (data === undefined) return null;
  const { certificates, total } = data;
  if (total === 0 && search === "") {
    return <p className="kr-dim">The log tells of no certificate that version {version} issued.</p>;
  }
  const tick = (serial: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(serial);
    else next.delete(serial);
    onChosen(next);
  };
  const more = total - certificates.length;
  return (
    <div>
      <div className="kr-issued-head">
        <span id={labelId} className="kr-issued-label">
          Certificates to revoke
          {chosen.size > 0 && <span className="kr-dim"> · {formatNumber(chosen.size)} ticked</span>}
        </span>
        {(total > FEW || search !== "") && (
          <TextInput
            size="xs"
            aria-label="Search certificates"
            placeholder="Search"
            leftSection={<IconSearch size={14} aria-hidden />}
            autoComplete="off"
            spellCheck={false}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            // Enter would press the dialog's button.
            onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
          />
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard too */}
      <section className="kr-issued-scroll" aria-labelledby={labelId} tabIndex={0} data-testid="ssh-issued">
        {certificates.length === 0 && <p className="kr-dim">None is called so.</p>}
        <ul className="kr-issued">
          {certificates.map((one) => (
            <IssuedItem
              key={one.serial}
              certificate={one}
              isChosen={chosen.has(one.serial)}
              onTick={(isChosen) => tick(one.serial, isChosen)}
            />
          ))}
        </ul>
      </section>
      {more > 0 && (
        <p className="kr-dim">and {formatNumber(more)} more, older ones: search for what is meant</p>
      )}
    </div>
  );
}

interface IssuedItemProps {
  certificate: IssuedSshCertificateView;
  isChosen: boolean;
  onTick: (isChosen: boolean) => void;
}

function IssuedItem({ certificate, isChosen, onTick }: IssuedItemProps) {
  const { keyId, principals, host, serial, issuedAt, validUntil, state, publicKey } = certificate;
  return (
    <li title={publicKey ?? undefined}>
      <Checkbox
        size="xs"
        label={<strong>{keyId}</strong>}
        description={`${host ? "Host" : "User"} ${principals.join(", ")} · ${formatDate(issuedAt)} to ${formatDate(validUntil)} · number ${serial}`}
        disabled={state === "revoked"}
        checked={isChosen}
        onChange={(event) => onTick(event.currentTarget.checked)}
      />
      <CertificateBadge state={state} />
    </li>
  );
}
