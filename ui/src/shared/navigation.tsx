import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { KeptCertificateView, SmartFilter } from "../ipc/bindings";

/** What a screen is asked to do once, as soon as it is shown. */
export type KeysIntent =
  | "create"
  | "import"
  | "examine"
  | "search"
  | "rotate"
  | "revoke"
  | "rename"
  | "export"
  | "cancel-destruction"
  | "review";
export type CertificatesIntent = "import" | "issue";
export type OverviewIntent = "inventory" | "reminders";
export type AuditIntent = "verify" | "export";
export type BackupsIntent = "create" | "verify";
export type AccessIntent = "add" | "card" | "keyring" | "recovery" | "rotate" | "recovered" | "test";

export interface KeysPlace {
  section: "keys";
  filter?: SmartFilter;
  tag?: string;
  search?: string;
  /** The identifier of the key that is shown in the detail pane. */
  key?: string;
  intent?: KeysIntent;
}

/** Where in the open vault one is. */
export type Place =
  | { section: "overview"; intent?: OverviewIntent }
  | KeysPlace
  | {
      section: "certificates";
      state?: KeptCertificateView["state"];
      /** The identifier of the certificate that is shown in the detail pane. */
      certificate?: string;
      intent?: CertificatesIntent;
    }
  | { section: "public-keys"; intent?: never }
  | { section: "audit"; key?: string; intent?: AuditIntent }
  | { section: "backups"; intent?: BackupsIntent }
  | { section: "access"; intent?: AccessIntent; slot?: string }
  | { section: "settings"; intent?: never };

export type Section = Place["section"];
export type PlaceIn<S extends Section> = Extract<Place, { section: S }>;

interface Visit {
  place: Place;
  /** Grows with every call of `go`, so that the same intent can come twice. */
  number: number;
}

interface Navigation {
  place: Place;
  visit: number;
  go: (place: Place) => void;
  /** Whether this visit's intent is still to be followed; asking takes it. */
  take: (visit: number) => boolean;
}

const NavigationContext = createContext<Navigation | null>(null);

export function NavigationProvider({
  start = { section: "overview" },
  children,
}: {
  start?: Place;
  children: ReactNode;
}) {
  const [visit, setVisit] = useState<Visit>({ place: start, number: 1 });
  const taken = useRef(0);
  const go = useCallback((place: Place) => setVisit(({ number }) => ({ place, number: number + 1 })), []);
  const take = useCallback((number: number) => {
    if (number <= taken.current) return false;
    taken.current = number;
    return true;
  }, []);
  const value = useMemo(() => ({ place: visit.place, visit: visit.number, go, take }), [visit, go, take]);
  return <NavigationContext value={value}>{children}</NavigationContext>;
}

/** Where one is, and the way elsewhere. */
export function useNavigation(): { place: Place; go: (place: Place) => void } {
  return useNavigationContext();
}

/** The parameters of the screen's own section; empty ones while another section is shown. */
export function usePlace<S extends Section>(section: S): PlaceIn<S> {
  const { place } = useNavigationContext();
  return (place.section === section ? place : { section }) as PlaceIn<S>;
}

/** Calls the handler once for each visit that brings an intent. */
export function useIntent<S extends Section>(
  section: S,
  follow: (intent: NonNullable<PlaceIn<S>["intent"]>, place: PlaceIn<S>) => void,
): void {
  const { place, visit, take } = useNavigationContext();
  const latest = useRef(follow);
  useEffect(() => {
    latest.current = follow;
  });
  useEffect(() => {
    if (place.section !== section || place.intent === undefined || !take(visit)) return;
    latest.current(place.intent as NonNullable<PlaceIn<S>["intent"]>, place as PlaceIn<S>);
  }, [place, visit, section, take]);
}

function useNavigationContext(): Navigation {
  const navigation = useContext(NavigationContext);
  if (navigation === null) throw new Error("useNavigation needs a NavigationProvider above it");
  return navigation;
}
