import { join } from "node:path";
import { type Aws, awsAt } from "./aws";
import { type Deployment, type RunningFunction, readDeployment, unpack } from "./deployment";
import { firingsIn, type Period } from "./firings";
import { type Fleet, makeFleet } from "./fleet";
import type { Invocation } from "./lambda-runtime";
import { type Simulator, startSimulator } from "./simulator";
import { makeStack, type Stack } from "./stack";
import type { Tools } from "./tools";

/** The shipped product at work in a simulator of its own: a fleet, the deployed stack, its functions running. */
export interface Chain {
  readonly aws: Aws;
  readonly fleet: Fleet;
  readonly stack: Stack;
  readonly deployment: Deployment;
  /** One firing of each of the function's triggers, at the first time that is due in the period, or so much later. */
  fire(target: RunningFunction, period: Period, minutesLate?: number): Promise<readonly Invocation[]>;
  /** Runs `work` while AWS refuses whatever the caller's policies do not allow. */
  underEnforcedIam<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

async function fire(
  { triggers, invoke }: RunningFunction,
  period: Period,
  minutesLate = 0,
): Promise<readonly Invocation[]> {
  const invocations: Invocation[] = [];
  for (const trigger of triggers) {
    const [firing] = firingsIn([trigger], period);
    if (firing === undefined) throw new Error(`${trigger.name} does not fire in the period`);
    const arrival = new Date(firing.at.getTime() + minutesLate * 60_000);
    invocations.push(await invoke(trigger.eventAt(firing.at), arrival));
  }
  return invocations;
}

type ConfigFor = (fleet: Fleet) => unknown;

/** Makes what a config names and the stack does not make. */
type Prepare = (aws: Aws, stack: Stack) => Promise<void>;

async function deploy(
  tools: Tools,
  simulator: Simulator,
  configFor: ConfigFor,
  prepare?: Prepare,
): Promise<Chain> {
  const aws = awsAt(simulator.endpoint);
  const fleet = await makeFleet(aws);
  const stack = await makeStack(tools, simulator.endpoint, configFor(fleet));
  await prepare?.(aws, stack);
  await stack.deploy();
  const bundle = join(stack.folder, "bundle");
  await unpack(await stack.archive(), bundle);
  const deployment = await readDeployment(aws, bundle);
  return {
    aws,
    fleet,
    stack,
    deployment,
    fire,
    underEnforcedIam: async (work) => {
      await simulator.enforceIam();
      try {
        return await work();
      } finally {
        await simulator.relaxIam();
      }
    },
    close: async () => {
      await deployment.close();
      await simulator.stop();
    },
  };
}

export async function deployChain(tools: Tools, configFor: ConfigFor, prepare?: Prepare): Promise<Chain> {
  const simulator = await startSimulator(tools.python);
  try {
    return await deploy(tools, simulator, configFor, prepare);
  } catch (error) {
    await simulator.stop();
    throw error;
  }
}
