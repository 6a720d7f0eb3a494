import { Button } from "@mantine/core";
import { type Job, JobProgress } from "./job";
import "./RunningJob.css";

/** The progress of a job inside the dialog that started it, with the button that stops it. */
export function RunningJob({ job, what }: { job: Job; what: string }) {
  return (
    <div className="kr-running">
      <JobProgress job={job} what={what} />
      <Button variant="default" size="xs" onClick={job.cancel} disabled={job.cancelling} data-autofocus>
        Stop
      </Button>
    </div>
  );
}
