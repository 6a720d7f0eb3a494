import { Button, Group, Modal, Progress, Text } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { commands } from "../ipc/bindings";
import { onJobProgress } from "../ipc/events";
import { formatNumber } from "./format";

export interface Job {
  running: boolean;
  done: number;
  /** 0 while unknown. */
  total: number;
  cancelling: boolean;
  cancel: () => void;
  /** Runs something long; it gets the name under which the core tells its progress. */
  start: <R>(work: (job: string) => Promise<R>) => Promise<R>;
}

const idle = { running: false, done: 0, total: 0, cancelling: false };

/** Follows one long piece of work of the core. */
export function useJob(): Job {
  const [state, setState] = useState(idle);
  const current = useRef<string | null>(null);
  const start = useCallback(async <R,>(work: (job: string) => Promise<R>): Promise<R> => {
    const job = crypto.randomUUID();
    current.current = job;
    setState({ ...idle, running: true });
    const stop = onJobProgress((progress) => {
      if (progress.job !== job) return;
      setState((before) => ({ ...before, done: progress.done, total: progress.total }));
    });
    try {
      return await work(job);
    } finally {
      stop();
      if (current.current === job) {
        current.current = null;
        setState(idle);
      }
    }
  }, []);
  const cancel = useCallback(() => {
    const job = current.current;
    if (job === null) return;
    setState((before) => ({ ...before, cancelling: true }));
    // The work itself answers with "cancelled", or with its result when it was faster.
    commands.cancelJob({ job }).catch(() => {});
  }, []);
  // Nobody waits any more for work that was begun on a screen that is gone by now, but it is not undone either.
  useEffect(
    () => () => {
      current.current = null;
    },
    [],
  );
  return { ...state, start, cancel };
}

/** Progress as a bar and in words, for use inside a dialog or panel. */
export function JobProgress({ job, what }: { job: Job; what: string }) {
  const share = job.total > 0 ? Math.min(100, (job.done / job.total) * 100) : 0;
  return (
    <div data-testid="job-progress">
      <Progress.Root size="sm" aria-hidden>
        <Progress.Section
          value={job.total > 0 ? share : 100}
          animated={job.total === 0}
          striped={job.total === 0}
        />
      </Progress.Root>
      <Text
        size="sm"
        c="dimmed"
        mt={6}
        role="progressbar"
        aria-label={what}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(job.total > 0 ? { "aria-valuenow": Math.round(share) } : {})}
      >
        {job.cancelling
          ? "Cancelling…"
          : job.total > 0
            ? `${formatNumber(job.done)} of ${formatNumber(job.total)}`
            : "Working…"}
      </Text>
    </div>
  );
}

/** Shows a job that takes longer than a moment, with the button that stops it. */
export function JobDialog({ job, title }: { job: Job; title: string }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!job.running) {
      setShown(false);
      return;
    }
    const timer = window.setTimeout(() => setShown(true), 300);
    return () => window.clearTimeout(timer);
  }, [job.running]);
  return (
    <Modal
      opened={shown && job.running}
      onClose={job.cancel}
      title={title}
      withCloseButton={false}
      closeOnClickOutside={false}
    >
      <JobProgress job={job} what={title} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={job.cancel} disabled={job.cancelling}>
          Cancel
        </Button>
      </Group>
    </Modal>
  );
}
