import { Button, CloseButton, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { type CertificateDetailResponse, commands, type KeptCertificateView } from "../../ipc/bindings";
import { asCoreError } from "../../ipc/call";
import { CertificateBadge, certificateEnd, commonName } from "../../shared/CertificateBadge";
import { CopyButton } from "../../shared/CopyButton";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { formatDateTime } from "../../shared/format";
import { useSession } from "../../shared/gate";
import { useNavigation } from "../../shared/navigation";
import { DefinitionList } from "../../shared/Page";
import { queryKeys } from "../../shared/queries";
import type { CertificateDialog } from "./dialogs/CertificateDialogs";
import { reasonNames } from "./reasons";

interface CertificateDetailProps {
  id: string;
  onChoose: (id: string) => void;
  onAct: (dialog: CertificateDialog) => void;
  onClose: () => void;
}

/** A certificate in full, with those above and below it as a tree. */
export function CertificateDetail({ id, onChoose, onAct, onClose }: CertificateDetailProps) {
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.certificate(id),
    queryFn: () => commands.showCertificate({ certificate: id }),
  });
  const title = useRef<HTMLHeadingElement>(null);
  const isThere = data !== undefined;
  useEffect(() => {
    if (isThere) title.current?.focus({ preventScroll: true });
  }, [isThere]);
  const onKeyDown = (event: KeyboardEvent) => {
    // Menus and dialogs are drawn elsewhere, and their Escape is their own.
    const isOwn = event.target instanceof Node && event.currentTarget.contains(event.target);
    if (event.key !== "Escape" || event.defaultPrevented || !isOwn) return;
    if (document.querySelector('[role="menu"]') !== null) return;
    event.preventDefault();
    onClose();
  };
  return (
    <aside
      className="kr-certificate-detail"
      aria-label="Certificate"
      data-testid="certificate-detail"
      onKeyDown={onKeyDown}
    >
      {error !== null && <ErrorPanel error={asCoreError(error)} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <>
          <header>
            <div>
              <h2 ref={title} tabIndex={-1}>
                {commonName(data.certificate.subject)}
              </h2>
              <p>
                <CertificateBadge state={data.certificate.state} />{" "}
                <span className="kr-dim">{certificateEnd(data.certificate)}</span>
              </p>
            </div>
            <CloseButton aria-label="Close the details" onClick={onClose} />
          </header>
          <Acts detail={data} onAct={onAct} />
          <Remarks detail={data} onChoose={onChoose} />
          <Tree detail={data} onChoose={onChoose} />
          <Facts detail={data} />
        </>
      )}
    </aside>
  );
}

function Acts({
  detail,
  onAct,
}: {
  detail: CertificateDetailResponse;
  onAct: CertificateDetailProps["onAct"];
}) {
  const mayChange = useSession().slot.role !== "auditor";
  const { certificate, renewable, revocable, signsLists, removable } = detail;
  return (
    <div className="kr-certificate-acts">
      {renewable && (
        <Button size="xs" disabled={!mayChange} onClick={() => onAct({ kind: "renew", certificate })}>
          Renew…
        </Button>
      )}
      <Button size="xs" variant="default" onClick={() => onAct({ kind: "export", certificate })}>
        Export…
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            rightSection={<IconChevronDown size={14} aria-hidden />}
            data-testid="certificate-more"
          >
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={!mayChange} onClick={() => onAct({ kind: "edit", certificate })}>
            Edit owner, tags and note…
          </Menu.Item>
          {signsLists && (
            <Menu.Item disabled={!mayChange} onClick={() => onAct({ kind: "crl", certificate })}>
              Write the revocation list…
            </Menu.Item>
          )}
          {revocable && (
            <Menu.Item
              color="bad"
              disabled={!mayChange}
              onClick={() => onAct({ kind: "revoke", certificate })}
            >
              Revoke…
            </Menu.Item>
          )}
          {removable && (
            <Menu.Item
              color="bad"
              disabled={!mayChange}
              onClick={() => onAct({ kind: "remove", certificate })}
            >
              Remove…
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function Remarks({
  detail,
  onChoose,
}: {
  detail: CertificateDetailResponse;
  onChoose: (id: string) => void;
}) {
  const { certificate, chainComplete } = detail;
  const { replacedBy, revokedAt, revocationReason } = certificate;
  return (
    <>
      {revokedAt !== null && (
        <p className="kr-bad">
          Revoked on {formatDateTime(revokedAt)}: {reasonNames[revocationReason ?? ""] ?? revocationReason}.
        </p>
      )}
      {replacedBy !== null && (
        <p>
          Another one is in its place.{" "}
          <Button variant="subtle" size="compact-xs" onClick={() => onChoose(replacedBy)}>
            Show it
          </Button>
        </p>
      )}
      {!chainComplete && (
        <p className="kr-dim">
          The vault does not have the certificate of “{commonName(topIssuer(detail))}”: import it to check the
          chain to its end.
        </p>
      )}
    </>
  );
}

function topIssuer({ certificate, chain }: CertificateDetailResponse): string {
  return (chain.at(-1) ?? certificate).issuer;
}

/** Those above it, itself, and what it issued, each a step further in. */
function Tree({ detail, onChoose }: { detail: CertificateDetailResponse; onChoose: (id: string) => void }) {
  const { certificate, chain, issued } = detail;
  const down = [...chain].reverse();
  const own = (
    <li>
      <span className="kr-certificate-node" aria-current="true">
        <strong>{commonName(certificate.subject)}</strong>
      </span>
      {issued.length > 0 && (
        <ul>
          {issued.map((one) => (
            <li key={one.id}>
              <Branch one={one} onChoose={onChoose} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
  const tree = down.reduceRight(
    (below, one) => (
      <li key={one.id}>
        <Branch one={one} onChoose={onChoose} />
        <ul>{below}</ul>
      </li>
    ),
    own,
  );
  return (
    <section aria-label="Chain">
      <h3>Chain</h3>
      <ul className="kr-certificate-tree" data-testid="certificate-chain">
        {tree}
      </ul>
    </section>
  );
}

function Branch({ one, onChoose }: { one: KeptCertificateView; onChoose: (id: string) => void }) {
  return (
    <button type="button" className="kr-certificate-node" onClick={() => onChoose(one.id)}>
      {commonName(one.subject)} <CertificateBadge state={one.state} />
    </button>
  );
}

function Facts({ detail }: { detail: CertificateDetailResponse }) {
  const { go } = useNavigation();
  const { certificate, says } = detail;
  const { key } = certificate;
  const list = (words: string[]) => (words.length === 0 ? null : words.join(", "));
  return (
    <section aria-label="What it says">
      <h3>What it says</h3>
      <DefinitionList
        items={[
          { term: "Subject", value: certificate.subject },
          { term: "Issuer", value: certificate.issuer },
          { term: "Names", value: list(says.alternativeNames) },
          {
            term: "Key",
            value:
              key === null ? (
                "not in this vault"
              ) : (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  onClick={() => go({ section: "keys", key: key.id })}
                >
                  {key.name}, version {key.version}
                </Button>
              ),
          },
          { term: "Valid from", value: formatDateTime(certificate.notBefore) },
          { term: "Valid until", value: formatDateTime(certificate.notAfter) },
          { term: "Key usage", value: list(says.keyUsage) },
          { term: "For", value: list(says.extendedKeyUsage) },
          {
            term: "CA",
            value:
              says.authority !== true
                ? null
                : says.pathLength === null
                  ? "yes"
                  : `yes, with at most ${says.pathLength} below it`,
          },
          { term: "Signed with", value: says.signatureAlgorithm },
          { term: "Owner", value: certificate.description.owner || null },
          { term: "Tags", value: list(certificate.description.tags) },
          {
            term: "Note",
            value:
              certificate.description.note === "" ? null : (
                <span className="kr-note">{certificate.description.note}</span>
              ),
          },
          { term: "Serial number", value: <Exact text={certificate.serial} what="serial number" /> },
          {
            term: "SHA-256",
            value: <Exact text={certificate.sha256} what="SHA-256 fingerprint" />,
          },
        ]}
      />
      <CopyButton text={detail.pem} what="in PEM" wide />
    </section>
  );
}

function Exact({ text, what }: { text: string; what: string }) {
  return (
    <span className="kr-mono">
      {text} <CopyButton text={text} what={what} />
    </span>
  );
}
