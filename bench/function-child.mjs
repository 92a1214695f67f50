import { createRequire } from "node:module";
import { peakMb } from "./peak-memory.mjs";

const require = createRequire(import.meta.url);

/** The hand-made function of the tutorials: one call, the SDK as installed. */
async function tutorial({ action, targets: [{ region, instanceIds }] }) {
  const { EC2Client, StartInstancesCommand, StopInstancesCommand } = require("@aws-sdk/client-ec2");
  const Command = action === "start" ? StartInstancesCommand : StopInstancesCommand;
  await new EC2Client({ region }).send(new Command({ InstanceIds: instanceIds }));
}

process.once("message", async ({ program, event }) => {
  // Set here, since an environment of a new process has no room for 5,000 ids.
  process.env.TARGETS = JSON.stringify(event.targets);
  const started = performance.now();
  const run = program === "ours" ? require("../dist/lambda/index.js").handler : tutorial;
  const outcome = await run(event, {
    getRemainingTimeInMillis: () => 60_000 - (performance.now() - started),
  }).then(
    () => "success",
    (error) => error.name,
  );
  const seconds = (performance.now() - started) / 1000;
  process.send({ outcome, seconds, peakMb: peakMb() });
  process.disconnect();
});
