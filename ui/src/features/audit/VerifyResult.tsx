import type { AuditVerifyResponse } from "../../ipc/bindings";
import { CopyButton } from "../../shared/CopyButton";
import { formatDateTime, formatNumber, plural } from "../../shared/format";
import { DefinitionList } from "../../shared/Page";
import { PublicText } from "../../shared/PublicText";
import { ResultPanel } from "../../shared/ResultPanel";

/** What a verification looked at, with what someone else can check it by. */
export function VerifyResult({ result }: { result: AuditVerifyResponse }) {
  return (
    <>
      <ResultPanel title="Everything is as it was written">
        <p>
          {plural(result.size, "entry", "entries")} and {plural(result.checkpoints, "checkpoint")} verified,{" "}
          {plural(result.keys ?? 0, "key")} compared with the log.
        </p>
      </ResultPanel>
      <DefinitionList
        items={[
          { term: "Size", value: formatNumber(result.size) },
          {
            term: "Root",
            value: <code className="kr-hash">{result.root}</code>,
          },
          { term: "When", value: formatDateTime(result.verifiedAt) },
        ]}
      />
      {result.checkpoint !== null && (
        <>
          <PublicText label="Newest checkpoint" text={result.checkpoint} />
          <div>
            <CopyButton wide text={result.checkpoint} what="checkpoint" />
          </div>
        </>
      )}
    </>
  );
}
