import type { Clock } from "./clock";
import type { Ec2Api } from "./ec2-api";
import type { SsmApi } from "./services/ssm-api";

/** What the function takes from the world outside. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly connect: (region: string) => Ec2Api;
  /** Only a run with `checks` needs it, and only then its client is loaded. */
  readonly connectSsm: (region: string) => Promise<SsmApi>;
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives. */
  readonly random: () => number;
  readonly writeLine: (line: string) => void;
}
