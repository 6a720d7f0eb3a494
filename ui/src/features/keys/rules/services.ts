import type { KeyServiceView } from "../../../ipc/bindings";

/** A key service as the export dialog shows it. */
interface ServiceWords {
  label: string;
  /** What to do with what it gives out; none where there is nothing to add. */
  hint?: string;
  /** The usual ending of a package for it. */
  ending: string;
}

const SERVICES: Record<string, ServiceWords> = {
  "aws-kms": {
    label: "AWS KMS",
    hint: "Choose parameters.json as it is: the import token in it is written beside the package.",
    ending: ".aws.bin",
  },
  "google-kms": { label: "Google Cloud KMS", ending: ".google.bin" },
  "azure-key-vault": { label: "Azure Key Vault", ending: ".byok" },
  transit: { label: "HashiCorp Vault or OpenBao (transit)", ending: ".transit.b64" },
};

/** What to call a service and what goes there. */
export function serviceWords({ target }: Pick<KeyServiceView, "target">): ServiceWords {
  return SERVICES[target] ?? { label: target, ending: ".bin" };
}
