import {
  type Algorithm,
  AlgorithmValues,
  type CatalogueResponse,
  type PolicyRequest,
  type PolicyTemplate,
  PolicyTemplateValues,
  type PolicyView,
  type Purpose,
} from "../../ipc/bindings";

const symmetric: readonly Purpose[] = ["encrypt"];
const signing: readonly Purpose[] = ["sign", "authenticate"];

interface Shape {
  purposes: readonly Purpose[];
  bits: number;
  quantumSafe: boolean;
}

export const shapes: Record<Algorithm, Shape> = {
  "aes-128-gcm": { purposes: [...symmetric, "derive"], bits: 128, quantumSafe: false },
  "aes-192-gcm": { purposes: [...symmetric, "derive"], bits: 192, quantumSafe: false },
  "aes-256-gcm": { purposes: [...symmetric, "derive"], bits: 256, quantumSafe: true },
  "chacha20-poly1305": { purposes: symmetric, bits: 256, quantumSafe: true },
  "aes-256-kwp": { purposes: ["wrap"], bits: 256, quantumSafe: true },
  "hmac-sha256": { purposes: ["mac", "derive"], bits: 256, quantumSafe: true },
  "hmac-sha384": { purposes: ["mac", "derive"], bits: 384, quantumSafe: true },
  "hmac-sha512": { purposes: ["mac", "derive"], bits: 512, quantumSafe: true },
  "rsa-2048": { purposes: [...signing, "encrypt", "wrap"], bits: 112, quantumSafe: false },
  "rsa-3072": { purposes: [...signing, "encrypt", "wrap"], bits: 128, quantumSafe: false },
  "rsa-4096": { purposes: [...signing, "encrypt", "wrap"], bits: 150, quantumSafe: false },
  "ec-p256": { purposes: [...signing, "agree"], bits: 128, quantumSafe: false },
  "ec-p384": { purposes: [...signing, "agree"], bits: 192, quantumSafe: false },
  "ec-p521": { purposes: [...signing, "agree"], bits: 256, quantumSafe: false },
  "ec-secp256k1": { purposes: ["sign"], bits: 128, quantumSafe: false },
  ed25519: { purposes: signing, bits: 128, quantumSafe: false },
  x25519: { purposes: ["agree"], bits: 128, quantumSafe: false },
  "ml-kem-512": { purposes: ["agree", "wrap"], bits: 128, quantumSafe: true },
  "ml-kem-768": { purposes: ["agree", "wrap"], bits: 192, quantumSafe: true },
  "ml-kem-1024": { purposes: ["agree", "wrap"], bits: 256, quantumSafe: true },
  "ml-dsa-44": { purposes: ["sign"], bits: 128, quantumSafe: true },
  "ml-dsa-65": { purposes: ["sign"], bits: 192, quantumSafe: true },
  "ml-dsa-87": { purposes: ["sign"], bits: 256, quantumSafe: true },
};

const cnsa: readonly Algorithm[] = [
  "aes-256-gcm",
  "aes-256-kwp",
  "hmac-sha384",
  "hmac-sha512",
  "ml-kem-1024",
  "ml-dsa-87",
];

const templateTitles: Record<PolicyTemplate, [title: string, description: string]> = {
  "nist-sp-800-57": ["NIST SP 800-57", "The cryptoperiods that NIST recommends for each kind of key."],
  "pci-dss": ["PCI DSS 4.0.1", "Yearly rotation, as card data asks for."],
  hipaa: ["HIPAA safeguard", "Two years, with warnings two months ahead."],
  "cnsa-2.0": ["CNSA 2.0", "Only algorithms that withstand a quantum computer."],
  personal: ["Personal", "Long periods, and warnings only."],
};

export const catalogue: CatalogueResponse = {
  algorithms: AlgorithmValues.map((name) => ({
    name,
    purposes: [...shapes[name].purposes],
    strengthBits: shapes[name].bits,
    quantumSafe: shapes[name].quantumSafe,
    templates: PolicyTemplateValues.filter((template) => template !== "cnsa-2.0" || cnsa.includes(name)),
  })),
  templates: PolicyTemplateValues.map((name) => {
    const [title, description] = templateTitles[name];
    return { name, title, description };
  }),
};

export function algorithmSuits(algorithm: Algorithm, purpose: Purpose): boolean {
  return shapes[algorithm].purposes.includes(purpose);
}

export function policyOf(request: PolicyRequest = {}): PolicyView {
  const template = request.template ?? "nist-sp-800-57";
  const originatorUsage = template === "pci-dss" ? "P1Y" : template === "personal" ? "P5Y" : "P2Y";
  const given = (period: string | undefined, fallback: string | null) =>
    period === undefined ? fallback : period === "" ? null : period;
  return {
    template,
    title: templateTitles[template][0],
    originatorUsage: given(request.originatorUsage, originatorUsage),
    recipientUsage: given(request.recipientUsage, "P5Y"),
    overlap: given(request.overlap, null),
    warnBefore: request.warnBefore ?? "P30D",
    endsUse: request.endsUse ?? false,
  };
}

export function isPublic(algorithm: Algorithm): boolean {
  return /^(rsa|ec|ed|x2|ml)/.test(algorithm);
}
