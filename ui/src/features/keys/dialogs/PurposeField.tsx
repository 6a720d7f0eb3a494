import { Radio } from "@mantine/core";
import type { Purpose } from "../../../ipc/bindings";
import { PURPOSE_CHOICES } from "../rules/purposes";
import "./PurposeField.css";

/** Asks what a key is for; everything else follows from that. */
export function PurposeField({ value, onChange }: { value: Purpose; onChange: (purpose: Purpose) => void }) {
  return (
    <Radio.Group
      label="What is it for?"
      description="One purpose for life, so that a leak in one place does no harm in another."
      value={value}
      onChange={(purpose) => onChange(purpose as Purpose)}
    >
      <div className="kr-purposes">
        {PURPOSE_CHOICES.map(({ purpose, label, example }, index) => (
          <Radio.Card
            key={purpose}
            value={purpose}
            className="kr-purpose"
            {...(index === 0 ? { "data-autofocus": true } : {})}
          >
            <Radio.Indicator size="xs" />
            <span>
              <span className="kr-purpose-name">{label}</span>
              <span className="kr-purpose-example">{example}</span>
            </span>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
