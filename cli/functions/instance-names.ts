import { AwsError } from "../aws/aws-error";
import type { Deployment } from "../deployment/deployment";
import type { FleetReader } from "../fleet/fleet";

/** The tags `Name` of the instances of targets, by instance id; none where these credentials may not read them. */
export async function instanceNames(
  fleet: Pick<FleetReader, "targets">,
  { config }: Pick<Deployment, "config">,
  targetNames: readonly string[],
): Promise<Map<string, string>> {
  try {
    const targets = await fleet.targets(config, targetNames);
    return new Map(
      targets.flatMap(({ instances }) =>
        instances.flatMap(({ instanceId, name }) => (name ? [[instanceId, name] as const] : [])),
      ),
    );
  } catch (error) {
    // A report is of use without names.
    if (error instanceof AwsError) return new Map();
    throw error;
  }
}
