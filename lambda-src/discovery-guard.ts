import type { Clock } from "./runtime";

/** Keeps a tag that matches far more than anybody meant from doing harm. */
export interface DiscoveryGuard {
  /**
   * Tells how many instances a region found by tags, and waits for the other regions. Returns why nothing may be
   * changed, or undefined.
   */
  admit(region: string, foundByTags: number): Promise<string | undefined>;
}

/**
 * A guard over all regions in which a request looks for tags. A region that is late does not hold up the others for
 * longer than `timeoutMs`; its own instances are still counted when they come.
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
