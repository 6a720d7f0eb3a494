import { CopyButton } from "./CopyButton";
import "./FilePath.css";

/** Where a file was written, to read and to copy. */
export function FilePath({ path }: { path: string }) {
  return (
    <span className="kr-file">
      <code>{path}</code>
      <CopyButton text={path} what="path" />
    </span>
  );
}
