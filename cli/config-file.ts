const DEFAULT_CONFIG = "ec2-start-stop.yaml";

/** Which config file is meant: the one that was asked for, else the environment's, else the one in the folder. */
export function configFile(asked: string | undefined, environment: NodeJS.ProcessEnv): string {
  return asked ?? (environment["EC2_START_STOP_CONFIG"] || DEFAULT_CONFIG);
}
