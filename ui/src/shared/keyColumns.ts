/** The columns that the list of keys shows beside the name until someone chooses others. */
export const defaultKeyColumns: readonly string[] = ["algorithm", "purpose", "state", "rotateBy"];
