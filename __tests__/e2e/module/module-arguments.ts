import type { Ec2StartStopProps } from "../../../model/props";

/** Maps whose keys are names or tags of the user's own. */
const NAMED = new Set(["targets", "schedules", "holidays", "tags", "exclude"]);

/** The arguments of the module that mean the same as props of the construct: their keys in snake case. */
export function moduleArguments({
  region: _,
  code: __,
  ...props
}: Ec2StartStopProps): Record<string, unknown> {
  // The construct's own default. Rules are no default for Terraform, which cannot convert zones.
  return snakeCase({ trigger: "event-rule", ...props }) as Record<string, unknown>;
}

function snakeCase(value: unknown, keepsKeys = false): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => snakeCase(item));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      keepsKeys ? key : key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeCase(member, NAMED.has(key)),
    ]),
  );
}
