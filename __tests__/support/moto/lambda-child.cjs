/**
 * A Lambda execution environment as far as the function can tell: loads the deployed bundle once, then runs one event
 * after another. Arguments: the unpacked bundle's folder and the function's handler setting (`file.export`).
 */
const { join } = require("node:path");

// Firings lie in the future or the past of the machine's clock, and the function judges their age by the clock. So the
// clock is set for each event, here and not by a switch in the product. It keeps running, as time budgets need.
const realDate = Date;
let offset = 0;
const now = () => realDate.now() + offset;
globalThis.Date = new Proxy(realDate, {
  apply: () => new realDate(now()).toString(),
  construct: (target, args, newTarget) => Reflect.construct(target, args.length ? args : [now()], newTarget),
  get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
});

let lines = "";
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text) => {
    lines += text;
    return true;
  };
}

const [folder, handlerSetting] = process.argv.slice(2);
const dot = handlerSetting.lastIndexOf(".");
const handler = require(join(folder, handlerSetting.slice(0, dot)))[handlerSetting.slice(dot + 1)];

process.on("message", async ({ event, context, clock, timeoutSeconds, variables }) => {
  offset = clock - realDate.now();
  lines = "";
  Object.assign(process.env, variables);
  const deadline = performance.now() + timeoutSeconds * 1000;
  const getRemainingTimeInMillis = () => Math.max(0, deadline - performance.now());
  let outcome;
  try {
    outcome = { result: await handler(event, { ...context, getRemainingTimeInMillis }) };
  } catch (error) {
    outcome = { error: { name: error?.name ?? "Error", message: error?.message ?? String(error) } };
  }
  process.send({ ...outcome, lines: lines.split("\n").filter((line) => line !== "") });
});
process.send("ready");
