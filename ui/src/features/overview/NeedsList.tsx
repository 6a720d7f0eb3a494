import { Button } from "@mantine/core";
import {
  IconAlertCircleFilled,
  IconAlertTriangleFilled,
  IconArchive,
  IconCertificate,
  IconCircleCheck,
  IconClock,
  IconInfoCircle,
  IconRefreshAlert,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { ActionIconProps } from "../../shared/actions";
import { useNavigation } from "../../shared/navigation";
import type { Need, NeedKind } from "./needs";

const looks: Record<NeedKind, { icon: ComponentType<ActionIconProps>; tone: string }> = {
  alarm: { icon: IconAlertCircleFilled, tone: "bad" },
  compromised: { icon: IconAlertTriangleFilled, tone: "bad" },
  rotate: { icon: IconRefreshAlert, tone: "warn" },
  soon: { icon: IconClock, tone: "warn" },
  destroy: { icon: IconX, tone: "dim" },
  certificate: { icon: IconCertificate, tone: "warn" },
  backup: { icon: IconArchive, tone: "info" },
  note: { icon: IconInfoCircle, tone: "info" },
};

/** What needs the person, each line with its button. */
export function NeedsList({ needs }: { needs: Need[] }) {
  const { go } = useNavigation();
  if (needs.length === 0) {
    return (
      <p className="kr-needs-none" data-testid="nothing-needed">
        <IconCircleCheck size={18} stroke={1.6} className="kr-ok" aria-hidden /> Nothing needs you now.
      </p>
    );
  }
  return (
    <ul className="kr-needs" data-testid="needs">
      {needs.map(({ id, kind, subject, words, button, place }) => {
        const { icon: Icon, tone } = looks[kind];
        return (
          <li key={id} data-need={id}>
            <Icon size={16} stroke={1.8} aria-hidden className={`kr-${tone}`} />
            <span className="kr-needs-words">
              <strong>{subject}</strong> <span className="kr-dim">{words}</span>
            </span>
            <Button
              variant="default"
              size="xs"
              onClick={() => go(place)}
              aria-label={`${button.replace("…", "")}: ${subject} ${words}`}
            >
              {button}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
