export { AccessScreen } from "./AccessScreen";
