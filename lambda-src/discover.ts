import { READ_PERMISSIONS } from "../contract/actions";
import { type ServiceChecks, searchedTags } from "../contract/request";
import { describeTags, excludingTag, matchesAllTags, type TagValues } from "../contract/tags";
import type { RunTarget } from "./deployed-targets";
import { describeByIds, describeByTags, type InstanceSnapshot } from "./describe";
import type { Ec2Calls } from "./ec2-calls";
import { type AwsFault, describeFault, readFault } from "./faults";

/** The instances of a region's targets. */
export interface Discovery {
  readonly instances: ReadonlyMap<string, TargetInstance>;
  /** Why an id has no instance: EC2 does not know it, or it could not be read. */
  readonly missing: ReadonlyMap<string, string>;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

interface TargetInstance {
  readonly snapshot: InstanceSnapshot;
  /** The excluding tag, if every target that found it excludes it. */
  readonly excludedBy: string | undefined;
  /** The checks of all targets that found it and do not exclude it. */
  readonly checks: readonly ServiceChecks[];
}

/**
 * Finds the instances of all targets of one region, each once. `mayReadOn` gets the number found by tags alone after each
 * page; once it returns false, no more is read.
 */
export async function discover(
  calls: Ec2Calls,
  targets: readonly RunTarget[],
  mayReadOn: (foundByTags: number) => boolean,
): Promise<Discovery> {
  const discovery = new DiscoveryBuilder(calls, mayReadOn);
  await discovery.addByIds(targets);
  for (const target of targets) {
    const tags = searchedTags(target);
    if (tags && !target.only) await discovery.addByTags(tags, target);
  }
  return discovery;
}

class DiscoveryBuilder implements Discovery {
  readonly instances = new Map<string, TargetInstance>();
  readonly missing = new Map<string, string>();
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  #foundByTags = 0;
  #isStopped = false;
  /** The first denial: the remaining describe calls are skipped, since EC2 would deny them too. */
  #denied: AwsFault | undefined;

  constructor(
    readonly calls: Ec2Calls,
    readonly mayReadOn: (foundByTags: number) => boolean,
  ) {}

  async addByIds(targets: readonly RunTarget[]): Promise<void> {
    const listed = new Set(targets.flatMap((target) => target.instanceIds ?? []));
    const ids = [...new Set([...listed, ...targets.flatMap((target) => target.only ?? [])])];
    if (ids.length === 0) return;
    const result = await this.#attempt(() => describeByIds(this.calls, ids));
    if ("fault" in result) {
      for (const id of ids) this.missing.set(id, describeFault(READ_PERMISSIONS.instances, result.fault));
      return;
    }
    for (const [id, reason] of result.value.missing) if (listed.has(id)) this.missing.set(id, reason);
    const snapshots = new Map(result.value.found.map((instance) => [instance.instanceId, instance]));
    for (const target of targets) {
      for (const id of new Set(target.instanceIds)) {
        const instance = snapshots.get(id);
        if (instance) this.#add(instance, target);
      }
    }
    for (const target of targets) this.#addNarrowed(snapshots, target);
  }

  /** Adds those of the ids that narrow a target's tags which have these tags and still exist, as a search would. */
  #addNarrowed(snapshots: ReadonlyMap<string, InstanceSnapshot>, target: RunTarget): void {
    const { only } = target;
    const tags = searchedTags(target);
    if (only === undefined || tags === undefined) return;
    for (const id of new Set(only)) {
      const instance = snapshots.get(id);
      if (!instance || !matchesAllTags(instance.tags, tags)) continue;
      if (instance.state === "terminated" || instance.state === "shutting-down") continue;
      if (!this.instances.has(id)) this.#foundByTags++;
      this.#add(instance, target);
    }
    this.#isStopped = !this.mayReadOn(this.#foundByTags);
  }

  async addByTags(tags: TagValues, target: RunTarget): Promise<void> {
    if (this.#isStopped) return;
    const result = await this.#attempt(() => this.#search(tags));
    const described = target.all ? "" : describeTags(tags);
    if ("fault" in result) {
      this.errors.push(
        `search for ${described || "all instances"}: ${describeFault(READ_PERMISSIONS.instances, result.fault)}`,
      );
      return;
    }
    if (result.value.length === 0)
      this.warnings.push(described === "" ? "there is no instance" : `no instance carries ${described}`);
    for (const instance of result.value) this.#add(instance, target);
  }

  async #search(tags: TagValues): Promise<InstanceSnapshot[]> {
    const matching = new Map<string, InstanceSnapshot>();
    for await (const page of describeByTags(this.calls, tags)) {
      for (const instance of page) {
        const { instanceId } = instance;
        // Compared again here, so that no interpretation of a filter by EC2 can widen a target.
        if (matching.has(instanceId) || !matchesAllTags(instance.tags, tags)) continue;
        matching.set(instanceId, instance);
        if (!this.instances.has(instanceId)) this.#foundByTags++;
      }
      this.#isStopped = !this.mayReadOn(this.#foundByTags);
      if (this.#isStopped) break;
    }
    return [...matching.values()];
  }

  #add(snapshot: InstanceSnapshot, { exclude, checks }: RunTarget): void {
    const excludedBy = exclude && excludingTag(snapshot.tags, exclude);
    // EC2 may show a new instance by its tags before it shows it by its id.
    this.missing.delete(snapshot.instanceId);
    const earlier = this.instances.get(snapshot.instanceId);
    this.instances.set(snapshot.instanceId, {
      snapshot: earlier?.snapshot ?? snapshot,
      excludedBy: earlier && excludedBy !== undefined ? earlier.excludedBy : excludedBy,
      checks: [...(earlier?.checks ?? []), ...(excludedBy === undefined ? checks : [])],
    });
  }

  async #attempt<T>(call: () => Promise<T>): Promise<{ readonly value: T } | { readonly fault: AwsFault }> {
    if (this.#denied) return { fault: this.#denied };
    try {
      return { value: await call() };
    } catch (error) {
      const fault = readFault(error);
      if (fault.kind === "denied") this.#denied = fault;
      return { fault };
    }
  }
}
