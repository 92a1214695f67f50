import type { Clock } from "./runtime";

/** Prevents a run whose tags match more instances than intended. */
export interface DiscoveryGuard {
  /**
   * Counts the instances that a region found by tags, and waits for the counts of the other regions. Returns why nothing
   * may be changed, or undefined.
   */
  admit(region: string, foundByTags: number): Promise<string | undefined>;
}

/**
 * Creates the guard for the regions in which a request searches by tags. It waits for a slow region for at most
 * `timeoutMs`; the instances of that region are added when it reports them.
 */
export function discoveryGuard(
  regionsWithTags: readonly string[],
  maxInstances: number,
  clock: Clock,
  timeoutMs: number,
): DiscoveryGuard {
  const pendingRegions = new Set(regionsWithTags);
  const allReported = new AbortController();
  let found = 0;
  return {
    async admit(region, foundByTags) {
      found += foundByTags;
      pendingRegions.delete(region);
      if (pendingRegions.size === 0) allReported.abort();
      else await clock.sleep(timeoutMs, allReported.signal);
      if (found <= maxInstances) return undefined;
      return `tags match ${found} instances, more than the limit of ${maxInstances}: nothing was changed (see maxInstances)`;
    },
  };
}
