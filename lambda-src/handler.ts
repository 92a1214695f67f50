import { connectEc2, type Ec2Api } from "./ec2-client";
import { type InvocationContext, invoke } from "./invocation";
import type { EventsApi } from "./notifications/event-client";
import type { Report } from "./report";
import { systemClock } from "./runtime";
import type { SchedulerApi } from "./scheduler/scheduler-client";
import type { SsmApi } from "./services/ssm-client";
import type { WatchReport } from "./watch";

// The SDK is part of the bundle, so its advice to update Node.js for newer versions of it would only be logged as an error.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

// Connections outlive an invocation; nothing else does.
const ec2 = new Map<string, Ec2Api>();
const scheduler = new Map<string, SchedulerApi>();
const ssm = new Map<string, SsmApi>();
const events = new Map<string, EventsApi>();

/** Returns the connection to a region, which is made once. */
function connectOnce<Api>(
  connections: Map<string, Api>,
  region: string,
  connect: (region: string) => Api,
): Api {
  const connection = connections.get(region) ?? connect(region);
  connections.set(region, connection);
  return connection;
}

/** The Lambda entry, `index.handler` of the bundle. */
export async function handler(event: unknown, context: InvocationContext): Promise<Report | WatchReport> {
  return invoke(event, context, {
    environment: process.env,
    connect: (region) => connectOnce(ec2, region, connectEc2),
    connectSsm: async (region) => connectOnce(ssm, region, (await import("./services")).connectSsm),
    connectScheduler: async (region) =>
      connectOnce(scheduler, region, (await import("./scheduler")).connectScheduler),
    connectSns: async (region) => (await import("./notifications/messages")).connectSns(region),
    connectEvents: async (region) =>
      connectOnce(events, region, (await import("./notifications/events")).connectEvents),
    clock: systemClock,
    random: Math.random,
    // Lambda makes one log event of one write, and CloudWatch finds the metrics at the root of its JSON.
    writeLine: (line) => process.stdout.write(`${line}\n`),
  });
}
