import type { Instance, InstanceStateName } from "@aws-sdk/client-ec2";
import type { SimulatedInstance } from "./fleet";

/** An error response of EC2. */
export class Ec2Error extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** A call, parsed from EC2's form-encoded query protocol. */
export interface Query {
  readonly action: string;
  readonly instanceIds: readonly string[];
  readonly filters: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly maxResults: number | undefined;
  readonly nextToken: string | undefined;
  readonly dryRun: boolean;
  readonly hibernate: boolean;
}

export function readQuery(body: string): Query {
  const form = new URLSearchParams(body);
  const list = (prefix: string) => {
    const values: string[] = [];
    for (let index = 1; form.has(`${prefix}.${index}`); index++)
      values.push(form.get(`${prefix}.${index}`) ?? "");
    return values;
  };
  const filters = [];
  for (let index = 1; form.has(`Filter.${index}.Name`); index++) {
    filters.push({ name: form.get(`Filter.${index}.Name`) ?? "", values: list(`Filter.${index}.Value`) });
  }
  return {
    action: form.get("Action") ?? "",
    instanceIds: list("InstanceId"),
    filters,
    maxResults: form.has("MaxResults") ? Number(form.get("MaxResults")) : undefined,
    nextToken: form.get("NextToken") ?? undefined,
    dryRun: form.get("DryRun") === "true",
    hibernate: form.get("Hibernate") === "true",
  };
}

const STATE_CODES: Readonly<Record<string, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function stateXml(element: string, state: string): string {
  return `<${element}><code>${STATE_CODES[state] ?? 0}</code><name>${state}</name></${element}>`;
}

/** Renders an instance as DescribeInstances does, with some of the fields that the function ignores. */
export function instanceXml(instance: SimulatedInstance, time: number): string {
  const { spec } = instance;
  const at = instance.at(time);
  const tags = Object.entries(instance.tags)
    .map(([key, value]) => `<item><key>${escapeXml(key)}</key><value>${escapeXml(value)}</value></item>`)
    .join("");
  const reason = at.reason
    ? `<stateReason><code>${escapeXml(at.reason.code)}</code><message>${escapeXml(at.reason.message)}</message></stateReason>`
    : "";
  const hibernation =
    spec.hibernation === "configured" || spec.hibernation === "off"
      ? `<hibernationOptions><configured>${spec.hibernation === "configured"}</configured></hibernationOptions>`
      : "";
  const placement =
    `<groupName>${spec.placementGroup ?? ""}</groupName><tenancy>${spec.hostId ? "host" : "default"}</tenancy>` +
    (spec.hostId ? `<hostId>${spec.hostId}</hostId>` : "");
  const productCodes = spec.productCode
    ? `<productCodes><item><productCode>${spec.productCode}</productCode><type>marketplace</type></item></productCodes>`
    : "<productCodes/>";
  const reservation = spec.reservationId
    ? `<capacityReservationSpecification><capacityReservationTarget><capacityReservationId>${spec.reservationId}</capacityReservationId></capacityReservationTarget></capacityReservationSpecification>`
    : "";
  const licenses = spec.licenseConfigurationArn
    ? `<licenseSet><item><licenseConfigurationArn>${spec.licenseConfigurationArn}</licenseConfigurationArn></item></licenseSet>`
    : "";
  return (
    `<item><instanceId>${spec.id}</instanceId><imageId>${spec.imageId ?? "ami-0abcdef1234567890"}</imageId>` +
    stateXml("instanceState", at.state) +
    `<privateDnsName>ip-10-0-0-1.internal</privateDnsName><dnsName/><reason>${instance.transitionReason(time)}</reason><amiLaunchIndex>0</amiLaunchIndex>${productCodes}` +
    `<instanceType>${spec.instanceType ?? "t3.micro"}</instanceType><launchTime>${new Date(instance.launchedAt(time)).toISOString()}</launchTime>` +
    `<placement><availabilityZone>${spec.availabilityZone ?? "ap-northeast-2a"}</availabilityZone>${placement}</placement>` +
    `<monitoring><state>disabled</state></monitoring><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><privateIpAddress>10.0.0.1</privateIpAddress>` +
    `<groupSet><item><groupId>sg-1</groupId><groupName>default</groupName></item></groupSet>${reason}<architecture>x86_64</architecture>` +
    `<rootDeviceType>${spec.rootDeviceType ?? "ebs"}</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>` +
    `<blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-1</volumeId><status>attached</status><attachTime>2026-01-01T00:00:00.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>` +
    `${spec.spot ? "<instanceLifecycle>spot</instanceLifecycle>" : ""}${spec.operator === undefined ? "<operator><managed>false</managed></operator>" : `<operator><managed>true</managed><principal>${spec.operator}</principal></operator>`}<virtualizationType>hvm</virtualizationType><clientToken/><tagSet>${tags}</tagSet>` +
    `<hypervisor>xen</hypervisor><networkInterfaceSet/><ebsOptimized>false</ebsOptimized><enaSupport>true</enaSupport>${hibernation}${reservation}${licenses}</item>`
  );
}

/** A plain instance as the SDK parses it. */
export function instanceFields(instance: SimulatedInstance, time: number): Instance {
  const { spec, tags } = instance;
  const { state, reason } = instance.at(time);
  return {
    InstanceId: spec.id,
    InstanceType: "t3.micro",
    State: { Name: state as InstanceStateName },
    LaunchTime: new Date(instance.launchedAt(time)),
    StateTransitionReason: instance.transitionReason(time),
    Placement: { AvailabilityZone: spec.availabilityZone ?? "ap-northeast-2a", Tenancy: "default" },
    RootDeviceType: "ebs",
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    ...(reason ? { StateReason: { Code: reason.code, Message: reason.message } } : {}),
  };
}

export function describeXml(instances: readonly string[], nextToken: string | undefined): string {
  const reservations = instances.map(
    (instance) =>
      `<item><reservationId>r-1</reservationId><ownerId>123456789012</ownerId><groupSet/><instancesSet>${instance}</instancesSet></item>`,
  );
  const token = nextToken ? `<nextToken>${nextToken}</nextToken>` : "";
  return response("DescribeInstances", `<reservationSet>${reservations.join("")}</reservationSet>${token}`);
}

export function changeXml(
  action: string,
  changes: readonly { readonly id: string; readonly previous: string; readonly current: string }[],
): string {
  const items = changes.map(
    ({ id, previous, current }) =>
      `<item><instanceId>${id}</instanceId>${stateXml("currentState", current)}${stateXml("previousState", previous)}</item>`,
  );
  return response(action, `<instancesSet>${items.join("")}</instancesSet>`);
}

function response(action: string, content: string): string {
  const namespace = "http://ec2.amazonaws.com/doc/2016-11-15/";
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${action}Response xmlns="${namespace}"><requestId>simulated</requestId>${content}</${action}Response>`;
}

export function errorXml({ code, message }: { readonly code: string; readonly message: string }): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error></Errors><RequestID>simulated</RequestID></Response>`;
}
