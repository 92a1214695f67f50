import { regionOfArn } from "../../../contract/patterns";
import { mapConcurrently } from "../../aws/call";
import type { VolumeKey } from "../../aws/ec2";
import type { TargetInstance } from "../../instances/instance";
import { type CheckGroup, type CheckResult, none, ok, wrong } from "./check";
import type { CheckContext } from "./check-context";

/** Checks the keys of `kmsKeyArns`, which EC2 uses on behalf of the functions. */
export function createKeyChecks(context: CheckContext): CheckGroup {
  const { kmsKeyArns = [] } = context.deployment.config;
  const checks = kmsKeyArns.map((arn) => ({
    name: arn.slice(arn.lastIndexOf("/") + 1),
    run: () => checkKey(arn, context),
  }));
  const nothing = { name: "keys", run: async () => none("the config names none") };
  return { subject: "KMS keys", checks: checks.length > 0 ? checks : [nothing] };
}

async function checkKey(arn: string, { read, fixes }: CheckContext): Promise<CheckResult> {
  const found = await read.key(arn);
  const remove = fixes.changeConfig(`take ${arn} out of kmsKeyArns`);
  if (found === undefined) return wrong(`there is no key ${arn}`, remove);
  if (found.state === "Enabled") return ok("enabled");
  const region = regionOfArn(arn);
  const command = (verb: string) => fixes.aws(["kms", verb, "--key-id", arn], region);
  const fix =
    found.state === "PendingDeletion"
      ? `${command("cancel-key-deletion")} && ${command("enable-key")}`
      : command("enable-key");
  return wrong(`it is ${found.state}: starts of instances with its volumes fall back to stopped`, fix);
}

/**
 * Checks for volumes under customer keys that the config does not name: EC2 accepts such a start, and the instance
 * falls back to stopped within seconds.
 */
export async function checkVolumeKeys(
  target: string,
  instances: readonly TargetInstance[],
  { deployment, read, fixes }: CheckContext,
): Promise<CheckResult> {
  const { plan, config } = deployment;
  if (!plan.some(({ action, targetNames }) => action === "start" && targetNames.includes(target))) {
    return none("no schedule starts it");
  }
  const regions = [...new Set(instances.map(({ region }) => region))];
  const volumes = await mapConcurrently(regions, (region) =>
    read.volumeKeys(region, volumesInRegion(region, instances)),
  );
  const encrypted = volumes.flat();
  const unnamed = [...new Set(encrypted.map(({ keyArn }) => keyArn))].filter(
    (arn) => !config.kmsKeyArns?.includes(arn),
  );
  const keys = await mapConcurrently(unnamed, async (arn) => ({ arn, found: await read.key(arn) }));
  // A key that is not found is none of AWS's own, which are always there.
  const customers = keys.filter(({ found }) => found === undefined || found.byCustomer).map(({ arn }) => arn);
  if (customers.length === 0) return ok(formatCount(encrypted, volumesOf(instances).length));
  const differences = customers.map((arn) => {
    const volume = encrypted.find(({ keyArn }) => keyArn === arn);
    const owner = instances.find(
      ({ volumeIds }) => volume !== undefined && volumeIds.includes(volume.volumeId),
    );
    return {
      name: `${volume?.volumeId ?? ""} of ${owner?.instanceId ?? ""}`,
      got: arn,
      expected: "a key of kmsKeyArns",
    };
  });
  return wrong(
    "starts fall back to stopped: EC2 may not use the customer's key of a volume",
    fixes.changeConfig(`add ${customers.join(", ")} to kmsKeyArns`),
    differences,
  );
}

function volumesInRegion(region: string, instances: readonly TargetInstance[]): string[] {
  return volumesOf(instances.filter((instance) => instance.region === region));
}

function volumesOf(instances: readonly TargetInstance[]): string[] {
  return [...new Set(instances.flatMap(({ volumeIds }) => volumeIds))];
}

function formatCount(encrypted: readonly VolumeKey[], volumes: number): string {
  const count = `${encrypted.length} of ${volumes} volumes encrypted`;
  return encrypted.length === 0 ? count : `${count}, by keys that starts may use`;
}
