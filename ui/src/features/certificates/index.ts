export { CertificatesScreen } from "./CertificatesScreen";
export { PublicKeysScreen } from "./public/PublicKeysScreen";
