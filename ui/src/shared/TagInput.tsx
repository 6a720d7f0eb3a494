import { TagsInput, type TagsInputProps } from "@mantine/core";
import { useCounts } from "./queries";

/** Takes tags; proposes those that the vault has already. */
export function TagInput(props: Omit<TagsInputProps, "data">) {
  const counts = useCounts();
  return (
    <TagsInput
      label="Tags"
      placeholder={props.value?.length ? "" : "Add a tag"}
      clearable
      splitChars={[","]}
      acceptValueOnBlur
      {...props}
      data={counts.data?.tags.map(({ tag }) => tag) ?? []}
    />
  );
}
