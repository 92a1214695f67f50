import { environmentCredentials } from "./credentials";

/** What the clients of all services have in common, but for their region's name. */
export function clientSettings(region: string) {
  return {
    region,
    credentials: environmentCredentials,
    // Retries are the function's own: it knows how much time is left and which 500 is no fault.
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "standard",
    requestHandler: { connectionTimeout: 5_000 },
  } as const;
}
