import { DateTimePicker, type DateTimePickerProps } from "@mantine/dates";

interface DateTimeFieldProps
  extends Omit<DateTimePickerProps, "value" | "onChange" | "type" | "minDate" | "maxDate" | "ref"> {
  /** RFC 3339, or `null` for no time. */
  value: string | null;
  /** Gets RFC 3339 in UTC. */
  onChange: (time: string | null) => void;
  min?: Date;
  max?: Date;
}

/** Takes a date and time in the computer's own time zone; gives it in UTC. */
export function DateTimeField({ value, onChange, min, max, ...rest }: DateTimeFieldProps) {
  return (
    <DateTimePicker
      valueFormat="D MMM YYYY, HH:mm"
      clearable
      {...rest}
      value={value === null ? null : asLocal(new Date(value))}
      onChange={(picked) =>
        onChange(picked === null ? null : new Date(picked.replace(" ", "T")).toISOString())
      }
      {...(min === undefined ? {} : { minDate: asLocal(min) })}
      {...(max === undefined ? {} : { maxDate: asLocal(max) })}
    />
  );
}

/** `2027-09-12 14:03:09`, in local time, as Mantine wants it. */
function asLocal(time: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}
