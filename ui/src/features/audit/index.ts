export { AuditScreen } from "./AuditScreen";
