import { Checkbox, Select, Stack } from "@mantine/core";
import type { KeptCertificateView } from "../../../ipc/bindings";
import { certificateEnd, commonName } from "../../../shared/CertificateBadge";

interface Pkcs12FieldsProps {
  /** The certificates of the version that may go into the file. */
  certificates: readonly KeptCertificateView[];
  /** The chosen one's identifier; `null` for none. */
  certificate: string | null;
  onCertificate: (certificate: string | null) => void;
  legacy: boolean;
  onLegacy: (legacy: boolean) => void;
}

const NONE = "none";

/** What goes into a PKCS#12 file beside the key, and for how old a program it is. */
export function Pkcs12Fields(props: Pkcs12FieldsProps) {
  const { certificates, certificate, onCertificate, legacy, onLegacy } = props;
  const named = certificates.map((one) => ({
    value: one.id,
    label: `${commonName(one.subject)}, ${certificateEnd(one)}`,
  }));
  return (
    <Stack gap="xs">
      {certificates.length === 0 ? (
        <p className="kr-dim">
          The vault keeps no certificate of this version that is of use: the file holds the key alone.
        </p>
      ) : (
        <Select
          label="Certificate"
          description="It goes into the file with those above it that the vault keeps."
          data-testid="export-certificate"
          allowDeselect={false}
          data={[...named, { value: NONE, label: "None" }]}
          value={certificate ?? NONE}
          onChange={(chosen) => onCertificate(chosen === NONE ? null : chosen)}
        />
      )}
      <Checkbox
        label="Legacy: for programs too old for AES"
        description={
          <span className={legacy ? "kr-warn" : undefined}>
            Triple DES and SHA-1: weaker, and only for where nothing newer is taken.
          </span>
        }
        data-testid="export-legacy"
        checked={legacy}
        onChange={(event) => onLegacy(event.currentTarget.checked)}
      />
    </Stack>
  );
}

/** The certificates of a version that others would take now, the one that lasts longest first. */
export function usefulCertificates(
  certificates: readonly KeptCertificateView[],
  version: number,
): KeptCertificateView[] {
  return certificates
    .filter(({ key, state }) => key?.version === version && state !== "revoked" && state !== "expired")
    .sort((a, b) => b.notAfter.localeCompare(a.notAfter));
}
