import type { KeyView, VersionView } from "../../../ipc/bindings";
import { formatDate } from "../../../shared/format";
import { StateIcon } from "../../../shared/StateBadge";
import { purposeVerbs } from "../rules/purposeVerbs";
import "./RotationPreview.css";

/** What a rotation makes of the new version and of the old one, in words. */
export function RotationPreview({ before, after }: { before: KeyView; after: KeyView }) {
  const verbs = purposeVerbs(before.purpose);
  const old = after.versions.find((version) => version.version === before.primaryVersion);
  return (
    <>
      <ul className="kr-rotation" data-testid="rotation-preview">
        <li>
          <StateIcon state="active" />
          <span>
            <strong>Version {after.primaryVersion}</strong> becomes primary and {verbs.protects}.
            {after.rotateBy !== null && ` To be rotated by ${formatDate(after.rotateBy)}.`}
          </span>
        </li>
        {old !== undefined && (
          <li>
            <StateIcon state={old.state} />
            <span>
              <strong>Version {old.version}</strong> {oldVersionWords(old, verbs.processes)}
            </span>
          </li>
        )}
      </ul>
      {verbs.rollOut !== null && <p>{verbs.rollOut}</p>}
    </>
  );
}

function oldVersionWords(old: VersionView, processes: string): string {
  if (old.state === "compromised") {
    return "stays compromised.";
  }
  if (old.deactivateAt !== null) {
    return `stays active until ${formatDate(old.deactivateAt)}; after that it only ${processes}.`;
  }
  const until = old.recipientUsageEnd === null ? "" : `, until ${formatDate(old.recipientUsageEnd)}`;
  return `is deactivated at once: it only ${processes}${until}.`;
}
