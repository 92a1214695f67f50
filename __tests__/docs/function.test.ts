import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { OUTCOMES, RUN_STATUSES, SERVICE_STATUSES } from "../../contract/report";
import { codeBlocks, readDocument } from "../support/documents";
import { FunctionBench, instanceId } from "../support/ec2/run-function";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const [request = "", report = ""] = codeBlocks("docs/function.md", "json");

it("docs/function.md shows the report that the function makes of the request shown", async () => {
  const fleet = [
    { id: instanceId(1) },
    { id: instanceId(2), state: "stopped" as const },
    { id: instanceId(3), stopProtected: true },
  ];
  const { report: made } = await bench.run(JSON.parse(request), fleet);
  const { _aws, ...shown } = made;
  expect(JSON.parse(report)).toEqual({ ...shown, durationSeconds: expect.any(Number) });
});

it("docs/function.md explains every outcome and status", () => {
  const explained = [...readDocument("docs/function.md").matchAll(/^\| `([a-z]+)` \|/gm)].map(
    ([, name]) => name,
  );
  expect(explained).toEqual(expect.arrayContaining([...OUTCOMES, ...RUN_STATUSES, ...SERVICE_STATUSES]));
});

it("the glossary of docs/architecture.md lists every outcome and status", () => {
  const [, glossary = ""] = readDocument("docs/architecture.md").split("## Glossary");
  const [, outcomes, statuses] =
    /\*\*Outcome\*\*: of an instance: ([^.]*)\. \*\*Status\*\*: of a run: ([^.]*)\./.exec(glossary) ?? [];
  const listed = (text = "") => text.split(/,\s+/).sort();
  expect(listed(outcomes)).toEqual([...OUTCOMES].sort());
  expect(listed(statuses)).toEqual([...RUN_STATUSES].sort());
});
