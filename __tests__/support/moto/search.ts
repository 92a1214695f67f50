import type { Search } from "./tools";

const VARIABLE = "EC2_START_STOP_E2E_SEARCH";

/** Hands what was found on to jest's workers, which inherit only the environment. */
export function shareSearch(search: Search): void {
  process.env[VARIABLE] = JSON.stringify(search);
}

export function sharedSearch(): Search {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error("jest's globalSetup for __tests__/e2e did not run");
  return JSON.parse(text) as Search;
}
