import { act, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { expect, test, vi } from "vitest";
import { NavigationProvider, type Place, useIntent, useNavigation, usePlace } from "./navigation";

function Keys({ follow }: { follow: (intent: string, key: string | undefined) => void }) {
  useIntent("keys", (intent, { key }) => follow(intent, key));
  return <output>{usePlace("keys").key ?? "no key"}</output>;
}

let go: (place: Place) => void = () => {};
function Way() {
  go = useNavigation().go;
  return <span>{useNavigation().place.section}</span>;
}

test("an intent is followed once for each visit, also when the screen was there already", () => {
  const follow = vi.fn();
  render(
    <StrictMode>
      <NavigationProvider start={{ section: "keys", intent: "create" }}>
        <Way />
        <Keys follow={follow} />
      </NavigationProvider>
    </StrictMode>,
  );
  expect(follow.mock.calls).toEqual([["create", undefined]]);
  act(() => go({ section: "keys", key: "k1", intent: "rotate" }));
  expect(screen.getByRole("status")).toHaveTextContent("k1");
  act(() => go({ section: "keys", key: "k1", intent: "rotate" }));
  expect(follow.mock.calls.slice(1)).toEqual([
    ["rotate", "k1"],
    ["rotate", "k1"],
  ]);
  act(() => go({ section: "keys", filter: "overdue" }));
  expect(follow).toHaveBeenCalledTimes(3);
});

test("an intent for another section is left alone", () => {
  const follow = vi.fn();
  render(
    <NavigationProvider start={{ section: "audit", intent: "verify" }}>
      <Keys follow={follow} />
    </NavigationProvider>,
  );
  expect(follow).not.toHaveBeenCalled();
  expect(screen.getByRole("status")).toHaveTextContent("no key");
});
