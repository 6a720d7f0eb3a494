import { Anchor } from "@mantine/core";
import { IconArrowLeft, IconCheck } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { DoorCard } from "../../shared/DoorCard";
import "./Wizard.css";

/** The card of a task in steps: where one is, a heading that takes the focus, and the way back. */
export function Wizard({
  testId,
  steps = [],
  step = 0,
  title,
  onBack,
  children,
}: {
  testId: string;
  steps?: readonly string[];
  step?: number;
  title: string;
  /** Absent when there is no way back any more. */
  onBack?: (() => void) | undefined;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the step and nothing else
  useEffect(() => {
    // The first step's field has the focus by itself; later ones are read from their heading on.
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [step]);
  return (
    <DoorCard wide testId={testId}>
      {steps.length > 0 && (
        <ol className="kr-steps" aria-label="Steps">
          {steps.map((name, index) => (
            <li key={name} aria-current={index === step ? "step" : undefined} data-done={index < step}>
              <span className="kr-steps-number" aria-hidden>
                {index < step ? <IconCheck size={13} stroke={2.4} /> : index + 1}
              </span>
              {name}
            </li>
          ))}
        </ol>
      )}
      <h1 className="kr-wizard-title" ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
      {onBack !== undefined && (
        <Anchor
          component="button"
          type="button"
          size="sm"
          c="dimmed"
          mt="md"
          onClick={onBack}
          className="kr-back"
        >
          <IconArrowLeft size={14} aria-hidden /> Back
        </Anchor>
      )}
    </DoorCard>
  );
}
