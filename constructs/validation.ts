import type { Problem } from "./problem";
import type { Ec2StartStopProps } from "./props";

/**
 * Everything that is wrong with the props, found in one go; empty when they hold. Never throws: what is missing or
 * of the wrong type is reported or left to the check of shapes before it.
 */
export function findProblems(_props: Ec2StartStopProps): Problem[] {
  return [];
}
