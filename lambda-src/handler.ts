import { connectEc2, type Ec2Api } from "./ec2-client";
import { type InvocationContext, invoke } from "./invocation";
import type { EventsApi } from "./notifications/event-client";
import type { Report } from "./report";
import { systemClock } from "./runtime";
import type { SchedulerApi } from "./scheduler/scheduler-client";
import type { SsmApi } from "./services/ssm-client";

// The SDK is part of the bundle, so its advice to update Node.js for newer versions of it would only be logged as an error.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

// Connections outlive an invocation; nothing else does.
const connections = new Map<string, Ec2Api>();
const schedulerConnections = new Map<string, SchedulerApi>();
const ssmConnections = new Map<string, SsmApi>();
let eventsConnection: EventsApi | undefined;

/** The Lambda entry, `index.handler` of the bundle. */
export async function handler(event: unknown, context: InvocationContext): Promise<Report> {
  return invoke(event, context, {
    environment: process.env,
    connect(region) {
      const connection = connections.get(region) ?? connectEc2(region);
      connections.set(region, connection);
      return connection;
    },
    async connectSsm(region) {
      const { connectSsm } = await import("./services");
      const connection = ssmConnections.get(region) ?? connectSsm(region);
      ssmConnections.set(region, connection);
      return connection;
    },
    async connectScheduler(region) {
      const { connectScheduler } = await import("./scheduler");
      const connection = schedulerConnections.get(region) ?? connectScheduler(region);
      schedulerConnections.set(region, connection);
      return connection;
    },
    connectSns: async (region) => (await import("./notifications/warning")).connectSns(region),
    async connectEvents(region) {
      const { connectEvents } = await import("./notifications/events");
      eventsConnection ??= connectEvents(region);
      return eventsConnection;
    },
    clock: systemClock,
    random: Math.random,
    // Lambda makes one log event of one write, and CloudWatch finds the metrics at the root of its JSON.
    writeLine: (line) => process.stdout.write(`${line}\n`),
  });
}
