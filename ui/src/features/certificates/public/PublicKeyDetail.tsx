import { Button, CloseButton } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { KnownKeyView } from "../../../ipc/bindings";
import { CopyButton } from "../../../shared/CopyButton";
import { fingerprintItems } from "../../../shared/Fingerprints";
import { formatDateTime } from "../../../shared/format";
import { useSession } from "../../../shared/gate";
import { DefinitionList } from "../../../shared/Page";
import { publicAlgorithmName, WeakMark } from "../../../shared/PublicAlgorithm";

interface PublicKeyDetailProps {
  publicKey: KnownKeyView;
  onAct: (kind: "edit" | "remove") => void;
  onClose: () => void;
}

/** A public key in full. */
export function PublicKeyDetail({ publicKey, onAct, onClose }: PublicKeyDetailProps) {
  const mayChange = useSession().slot.role !== "auditor";
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  const { description } = publicKey;
  const weakness = publicKey.foreign?.weakness ?? null;
  const onKeyDown = (event: KeyboardEvent) => {
    // A dialog's Escape is its own.
    const isOwn = event.target instanceof Node && event.currentTarget.contains(event.target);
    if (event.key !== "Escape" || event.defaultPrevented || !isOwn) return;
    event.preventDefault();
    onClose();
  };
  return (
    <aside
      className="kr-certificate-detail"
      aria-label="Public key"
      data-testid="public-key-detail"
      onKeyDown={onKeyDown}
    >
      <header>
        <div>
          <h2 ref={title} tabIndex={-1}>
            {publicKey.name}
          </h2>
          <p className="kr-dim">Its private half is not in this vault.</p>
        </div>
        <CloseButton aria-label="Close the details" onClick={onClose} />
      </header>
      <div className="kr-certificate-acts">
        <Button size="xs" variant="default" disabled={!mayChange} onClick={() => onAct("edit")}>
          Edit…
        </Button>
        <Button size="xs" variant="default" disabled={!mayChange} onClick={() => onAct("remove")}>
          Remove…
        </Button>
      </div>
      <section aria-label="What is known of it">
        <h3>What is known of it</h3>
        <DefinitionList
          items={[
            { term: "Algorithm", value: publicAlgorithmName(publicKey.algorithm, publicKey.foreign) },
            {
              term: "Strength",
              value: (
                <>
                  {publicKey.strengthBits} bits{publicKey.quantumSafe && ", also against a quantum computer"}{" "}
                  <WeakMark foreign={publicKey.foreign} />
                  {weakness !== null && <div className="kr-dim">{sentence(weakness)}</div>}
                </>
              ),
            },
            { term: "Owner", value: description.owner || null },
            { term: "Tags", value: description.tags.length === 0 ? null : description.tags.join(", ") },
            {
              term: "Note",
              value: description.note === "" ? null : <span className="kr-note">{description.note}</span>,
            },
            { term: "Kept since", value: formatDateTime(publicKey.createdAt) },
            ...fingerprintItems({ fingerprints: publicKey.fingerprints, kcv: null }),
          ]}
        />
        <CopyButton text={publicKey.pem} what="in PEM" wide />
      </section>
    </aside>
  );
}

/** Words of the core, which begin small, as a sentence. */
function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
