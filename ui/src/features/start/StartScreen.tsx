import { useState } from "react";
import { type StartTask, useHome } from "../../shared/gate";
import { Choose } from "./Choose";
import { CreateVault } from "./CreateVault";
import { RestoreVault } from "./RestoreVault";

/** The first screen: create, open or restore a vault. */
export function StartScreen({ task, backup }: { task: StartTask; backup?: string | undefined }) {
  const [now, setNow] = useState<StartTask>(task);
  const { preferences } = useHome();
  switch (now) {
    case "create":
      return <CreateVault onBack={() => setNow("choose")} />;
    case "restore":
      return <RestoreVault backup={backup} onBack={() => setNow("choose")} />;
    default:
      return <Choose recent={preferences.recentVaults} onChoose={setNow} />;
  }
}
