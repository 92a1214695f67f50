import type { Clock } from "./runtime";

/** Prevents a run whose search finds more instances than intended. */
export interface DiscoveryGuard {
  /**
   * Takes the number of instances that a region has found by tags so far. Returns whether it may read on: the regions
   * together are within the limit.
   */
  count(region: string, foundByTags: number): boolean;
  /**
   * Waits for the counts of the other regions once a region has read its own. Returns why nothing may be changed in it, or
   * undefined.
   */
  admit(region: string): Promise<string | undefined>;
}

/**
 * Creates the guard for the regions in which a request searches by tags. It waits for a slow region for at most
 * `timeoutMs`; what that region finds later can only hold back itself.
 */
export function discoveryGuard(
  regionsWithTags: readonly string[],
  maxInstances: number,
  clock: Clock,
  timeoutMs: number,
): DiscoveryGuard {
  const pendingRegions = new Set(regionsWithTags);
  const decided = new AbortController();
  const found = new Map<string, number>();
  const admitted: string[] = [];
  let isCut = false;
  const total = () => [...found.values()].reduce((sum, count) => sum + count, 0);
  return {
    count(region, foundByTags) {
      found.set(region, foundByTags);
      if (total() <= maxInstances) return true;
      isCut = true;
      decided.abort();
      return false;
    },
    async admit(region) {
      pendingRegions.delete(region);
      if (pendingRegions.size === 0) decided.abort();
      else await clock.sleep(timeoutMs, decided.signal);
      if (total() <= maxInstances) {
        admitted.push(`${region} (${found.get(region) ?? 0} by tags)`);
        return undefined;
      }
      const count = `${isCut ? "at least " : ""}${total()} instances`;
      const unchanged =
        admitted.length === 0
          ? "nothing was changed"
          : `nothing was changed in ${region}, which was read after these regions went ahead: ${admitted.join(", ")}`;
      return `the search found ${count}, more than the limit of ${maxInstances}: ${unchanged} (see maxInstances)`;
    },
  };
}
