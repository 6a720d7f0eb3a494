import { Radio } from "@mantine/core";
import type { KeyServiceView, KeyView, Role } from "../../../ipc/bindings";
import { takeOutRefusal } from "../rules/acts";
import type { ExportPurpose } from "../rules/formats";
import "./ExportPurposeField.css";

const CHOICES: readonly { purpose: ExportPurpose; label: string; words: string }[] = [
  {
    purpose: "share",
    label: "Share the public half",
    words: "With a person or a service. No secret leaves the vault.",
  },
  {
    purpose: "send",
    label: "Hand over to someone",
    words: "Encrypted to their public key or certificate: only they open it. Keyreeve remembers who has it.",
  },
  {
    purpose: "service",
    label: "Bring to a cloud's key service",
    words: "Wrapped so that only AWS KMS, Google Cloud KMS, Azure Key Vault, Vault or OpenBao opens it.",
  },
  { purpose: "deploy", label: "Deploy to a server", words: "Where a program needs the key itself." },
  {
    purpose: "keep",
    label: "Keep a copy",
    words: "For an archive. A backup of the vault is the better copy.",
  },
];

interface ExportPurposeFieldProps {
  value: ExportPurpose | null;
  /** Why a purpose is not offered, by purpose. */
  refused: Record<ExportPurpose, string | null>;
  onChange: (purpose: ExportPurpose) => void;
}

/** Asks what an export is for, before anything else. */
export function ExportPurposeField({ value, refused, onChange }: ExportPurposeFieldProps) {
  return (
    <Radio.Group
      label="What is it for?"
      value={value}
      onChange={(purpose) => onChange(purpose as ExportPurpose)}
    >
      <div className="kr-export-purposes">
        {CHOICES.map(({ purpose, label, words }) => (
          <Radio.Card
            key={purpose}
            value={purpose}
            className="kr-purpose"
            disabled={refused[purpose] !== null}
            data-testid={`export-${purpose}`}
            {...(value === purpose ? { "data-autofocus": true } : {})}
          >
            <Radio.Indicator size="xs" />
            <span>
              <span className="kr-purpose-name">{label}</span>
              <span className="kr-purpose-example">{refused[purpose] ?? words}</span>
            </span>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}

/** Why each purpose is not offered for this version; `null` where it is. */
export function refusedPurposes(
  key: KeyView,
  version: number,
  role: Role,
  services: readonly KeyServiceView[] | undefined,
): Record<ExportPurpose, string | null> {
  const view = key.versions.find((candidate) => candidate.version === version);
  const material = view === undefined ? "There is no such version." : takeOutRefusal(key, view, role);
  return {
    share: key.publicFormats.length > 0 ? null : "A symmetric key has no public half.",
    send: material,
    service: material ?? (services?.length === 0 ? "No key service takes such keys." : null),
    deploy: material,
    keep: material,
  };
}
