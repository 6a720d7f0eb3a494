import { useEffect, useState } from "react";
import type { CardApplicationView, PadRequestView } from "../../ipc/bindings";
import { onPinPad } from "../../ipc/events";
import { useHome } from "../gate";

/** The reader on whose PIN pad a card's PINs are typed; `null` where they are typed here. */
export function usePadReader(card: CardApplicationView | null | undefined): string | null {
  const { preferences } = useHome();
  return preferences.usePinPad ? (card?.pinPad ?? null) : null;
}

/** What a reader's PIN pad waits for now; `null` while none does. */
export function usePadRequest(): PadRequestView | null {
  const [request, setRequest] = useState<PadRequestView | null>(null);
  useEffect(() => onPinPad(setRequest), []);
  return request;
}
