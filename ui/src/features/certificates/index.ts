export { CertificatesScreen } from "./CertificatesScreen";
