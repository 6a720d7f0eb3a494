import type { StartTask } from "../../shared/gate";

/** The first screen: create, open or restore a vault. */
export function StartScreen({ task }: { task: StartTask }) {
  return <main data-testid="start" data-task={task} />;
}
