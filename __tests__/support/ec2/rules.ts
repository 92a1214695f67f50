import type { Rejection, Shortage, SimulatedInstance } from "./fleet";
import { Ec2Error, type Query } from "./query-protocol";

/** Throws EC2's rejection of the whole call if one instance does not allow it. The order is EC2's, as far as known. */
export function rejectChange(
  query: Query,
  instances: readonly SimulatedInstance[],
  now: number,
  all: readonly SimulatedInstance[],
  shortages: readonly Shortage[],
): void {
  const verb = query.action === "StartInstances" ? "started" : "stopped";
  for (const { spec } of instances) {
    if (spec.denied) {
      const resource = `arn:aws:ec2:${spec.region ?? "ap-northeast-2"}:123456789012:instance/${spec.id}`;
      throw new Ec2Error(
        "UnauthorizedOperation",
        `You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/role/function is not authorized to perform: ec2:${query.action} on resource: ${resource} because no identity-based policy allows the ec2:${query.action} action`,
        403,
      );
    }
  }
  const requested = query.hibernate ? "hibernate" : query.action === "StartInstances" ? "start" : "stop";
  const rejection = instances.map(({ spec }) => spec.rejection).find((found) => isOf(found, requested));
  if (rejection) throw new Ec2Error(rejection.code, rejection.message, rejection.status);
  if (query.dryRun) {
    throw new Ec2Error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
  }
  if (verb === "stopped") for (const instance of instances) rejectStop(instance, query, now);
  else {
    rejectStart(instances, now);
    for (const shortage of shortages) rejectForShortage(shortage, instances, now, all);
  }
}

function isOf(rejection: Rejection | undefined, requested: Rejection["of"]): boolean {
  return (
    rejection !== undefined &&
    (rejection.of === requested || (rejection.of === "stop" && requested === "hibernate"))
  );
}

function rejectForShortage(
  { of, room = 0, code, message, status }: Shortage,
  instances: readonly SimulatedInstance[],
  now: number,
  all: readonly SimulatedInstance[],
): void {
  const wanted = instances.filter((one) => of(one.spec) && one.at(now).state === "stopped").length;
  const started = all.filter((one) => of(one.spec) && one.changes > 0).length;
  if (wanted > 0 && started + wanted > room) throw new Ec2Error(code, message, status);
}

function rejectStop(instance: SimulatedInstance, query: Query, now: number): void {
  const { spec } = instance;
  const { id } = spec;
  if (spec.stopProtected) {
    throw new Ec2Error(
      "OperationNotPermitted",
      `The instance '${id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    );
  }
  if (spec.rootDeviceType === "instance-store") {
    throw new Ec2Error(
      "UnsupportedOperation",
      `The instance '${id}' does not have an 'ebs' root device type and cannot be stopped`,
    );
  }
  if (spec.spot === "one-time") {
    throw new Ec2Error(
      "UnsupportedOperation",
      `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
    );
  }
  if (query.hibernate && spec.hibernation !== "configured") {
    throw new Ec2Error(
      "UnsupportedHibernationConfiguration",
      `The specified instance '${id}' is not configured for hibernation.`,
    );
  }
  if (spec.refusesStopWhilePending && instance.at(now).state === "pending") {
    throw new Ec2Error(
      "IncorrectInstanceState",
      `The instance '${id}' is not in a state from which it can be stopped.`,
    );
  }
}

function rejectStart(instances: readonly SimulatedInstance[], now: number): void {
  for (const instance of instances) {
    if (instance.at(now).state === "stopping") {
      throw new Ec2Error(
        "IncorrectInstanceState",
        `The instance '${instance.spec.id}' is not in a state from which it can be started.`,
      );
    }
  }
  const short = instances.find(({ spec }) => spec.noCapacity);
  if (short) {
    const { instanceType = "t3.micro", availabilityZone = "ap-northeast-2a" } = short.spec;
    throw new Ec2Error(
      "InsufficientInstanceCapacity",
      `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${availabilityZone}). Our system will be working on provisioning additional capacity.`,
      500,
    );
  }
}
