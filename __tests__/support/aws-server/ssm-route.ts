import { SimulatedInstance } from "../ec2/fleet";
import { Ec2Error } from "../ec2/query-protocol";
import { SsmSimulator, type SsmSpec } from "../ec2/ssm";
import { awsFault, type Route } from "./aws-server";

/**
 * SSM's Run Command, which moto accepts without running anything: what the checks find is told by instance id. It may
 * change between calls.
 */
export function ssmRoute(managed: Readonly<Record<string, SsmSpec>>): Route {
  const simulator = new SsmSimulator((id) => {
    const ssm = managed[id];
    return ssm && new SimulatedInstance({ id, state: "running", ssm }, Date.now());
  });
  return ({ service, operation = "", body }) => {
    if (service !== "ssm") return undefined;
    try {
      const answer = simulator.perform(operation, JSON.parse(body.toString("utf8")), Date.now());
      return {
        status: 200,
        headers: { "content-type": "application/x-amz-json-1.1" },
        body: JSON.stringify(answer),
      };
    } catch (error) {
      if (error instanceof Ec2Error) return awsFault(error.code, error.message, error.status);
      throw error;
    }
  };
}
