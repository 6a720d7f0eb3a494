import { NumberInput } from "@mantine/core";

interface DaysFieldProps {
  label: string;
  /** At most so many days; without it the core says what is too much. */
  max?: number;
  value: number | string;
  onChange: (days: number | string) => void;
}

/** A number of days, of which there is one at least. */
export function DaysField({ max, ...props }: DaysFieldProps) {
  return (
    <NumberInput
      w={220}
      min={1}
      {...(max === undefined ? {} : { max, clampBehavior: "strict" })}
      allowDecimal={false}
      {...props}
    />
  );
}
