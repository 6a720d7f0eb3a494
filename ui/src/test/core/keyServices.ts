import type { ByokRequest, ByokResponse, KeyServiceView, KeyView } from "../../ipc/bindings";

/** The key services that take a key: two, as the core describes them; of ML-KEM none. */
export function keyServicesOf(key: KeyView): KeyServiceView[] {
  if (key.algorithm.startsWith("ml-kem")) return [];
  const method = (name: string, legacy: boolean) => ({
    ...{ name, legacy },
    wrappingKeyCommand: `aws kms get-parameters-for-import --wrapping-algorithm ${name} > parameters.json`,
  });
  const download = "az keyvault key download --vault-name VAULT --name KEK --file wrapping-key.pem";
  return [
    {
      target: "aws-kms",
      namesWrappingKey: false,
      methods: [method("RSAES_OAEP_SHA_256", false), method("RSAES_OAEP_SHA_1", true)],
    },
    {
      target: "azure-key-vault",
      namesWrappingKey: true,
      methods: [{ name: "CKM_RSA_AES_KEY_WRAP", legacy: false, wrappingKeyCommand: download }],
    },
  ];
}

/** What the core says of a package that it wrote. */
export function broughtTo({ target, method, out }: ByokRequest): ByokResponse {
  const aws = target === "aws-kms";
  return {
    ...{ file: out, bytes: 512, beside: aws ? `${out}.import-token` : null, target },
    ...{ method: method ?? "", legacy: method?.endsWith("SHA_1") === true, wrappingKey: "5e".repeat(32) },
    command: aws ? `aws kms import-key-material --encrypted-key-material fileb://${out}` : "az keyvault",
  };
}
