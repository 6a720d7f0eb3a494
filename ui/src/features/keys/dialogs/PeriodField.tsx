import { Group, Input, NumberInput, Select } from "@mantine/core";
import { useId } from "react";
import { formatPeriod } from "../../../shared/format";
import { PERIOD_UNITS, type PeriodUnit } from "../rules/period";
import type { PeriodChoice } from "../rules/policyForm";

interface PeriodFieldProps {
  label: string;
  description: string;
  value: PeriodChoice;
  onChange: (value: PeriodChoice) => void;
  /** Whether there must be a period. */
  required?: boolean;
}

/** Takes a period as a number and a unit; an empty number is no period, "as the policy" the template's own. */
export function PeriodField({ label, description, value, onChange, required = false }: PeriodFieldProps) {
  const id = useId();
  const parts = value === null || typeof value === "string" ? null : value;
  const unit = parts?.unit ?? "template";
  const chooseUnit = (chosen: string | null) =>
    onChange(
      chosen === null || chosen === "template"
        ? null
        : chosen === "none"
          ? { amount: "", unit: "Y" }
          : { amount: parts === null || parts.amount === "" ? 1 : parts.amount, unit: chosen as PeriodUnit },
    );
  const units = [
    { value: "template", label: typeof value === "string" ? formatPeriod(value) : "As the policy says" },
    ...(required ? [] : [{ value: "none", label: "No period" }]),
    ...PERIOD_UNITS,
  ];
  const isNone = parts !== null && parts.amount === "";
  const hasAmount = parts !== null && !isNone;
  return (
    <Input.Wrapper label={label} description={description} labelProps={{ htmlFor: id }}>
      <Group gap={6} wrap="nowrap" mt={4}>
        {hasAmount && (
          <NumberInput
            aria-label={`${label}: number`}
            min={1}
            max={36500}
            allowDecimal={false}
            allowNegative={false}
            w={90}
            value={parts.amount}
            onChange={(amount) => typeof amount === "number" && onChange({ ...parts, amount })}
          />
        )}
        <Select
          id={id}
          aria-label={label}
          w={hasAmount ? 120 : 216}
          data={units}
          value={isNone ? "none" : unit}
          onChange={chooseUnit}
        />
      </Group>
    </Input.Wrapper>
  );
}
