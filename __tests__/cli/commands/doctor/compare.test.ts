import { describe, expect, it } from "@jest/globals";
import type { IamStatement } from "../../../../cli/aws/policy";
import {
  compareJson,
  comparePolicies,
  compareTexts,
  compareValues,
} from "../../../../cli/commands/doctor/compare";

describe("a difference", () => {
  it("is none of equal values", () => {
    expect(compareValues("timeout", 60, 60)).toEqual([]);
    expect(compareValues("queue", undefined, undefined)).toEqual([]);
  });

  it("calls what is absent nothing", () => {
    expect(compareValues("queue", undefined, "arn")).toEqual([
      { name: "queue", got: "nothing", expected: "arn" },
    ]);
  });

  it("cuts what is too long to be read", () => {
    const [{ got = "" } = {}] = compareValues("input", "x".repeat(500), "y");
    expect(got).toHaveLength(160);
    expect(got.endsWith("...")).toBe(true);
  });
});

describe("differences of JSON", () => {
  it("are told by their places, in whatever order the members are", () => {
    const got = { a: 1, targets: [{ region: "x", tags: { Team: ["a"] } }], extra: true };
    const expected = { targets: [{ tags: { Team: ["a"] }, region: "y" }], a: 1 };
    expect(compareJson(got, expected)).toEqual([
      { name: "targets[0].region", got: "x", expected: "y" },
      { name: "extra", got: "true", expected: "nothing" },
    ]);
  });

  it("name the members that only one list has", () => {
    expect(compareJson({ ids: ["a", "b", "d"] }, { ids: ["b", "c"] })).toEqual([
      { name: "ids", got: "a, d", expected: "c" },
    ]);
  });

  it("tell of another order", () => {
    expect(compareJson(["a", "b"], ["b", "a"])).toHaveLength(2);
  });

  it("are not all told where they are many", () => {
    const found = compareJson({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }, {});
    expect(found).toHaveLength(6);
    expect(found.at(-1)?.name).toBe("2 more");
  });

  it("know no members but a value's own", () => {
    expect(compareJson({}, { constructor: "x" })).toEqual([
      { name: "constructor", got: "nothing", expected: "x" },
    ]);
  });
});

describe("differences of texts", () => {
  it("are those of their JSON, placeholders of an input transformer among it", () => {
    const text = (latest: number, time = "<time>") =>
      `{"schedule":"s","scheduledTime":${time},"latestMinutes":${latest}}`;
    expect(compareTexts("input", text(5), text(60))).toEqual([
      { name: "input.latestMinutes", got: "5", expected: "60" },
    ]);
    expect(compareTexts("input", text(60, '"<aws.scheduler.scheduled-time>"'), text(60))).toEqual([
      { name: "input.scheduledTime", got: "<aws.scheduler.scheduled-time>", expected: "<time>" },
    ]);
  });

  it("are the texts themselves where they are no JSON, or the same as JSON", () => {
    expect(compareTexts("input", undefined, '{"a":1}')).toEqual([
      { name: "input", got: "nothing", expected: '{"a":1}' },
    ]);
    expect(compareTexts("input", '{"a": 1}', '{"a":1}')).toEqual([
      { name: "input", got: '{"a": 1}', expected: '{"a":1}' },
    ]);
  });
});

const STOP: IamStatement = {
  Sid: "Stop",
  Effect: "Allow",
  Action: ["ec2:StopInstances"],
  Resource: ["a", "b"],
};

const READ: IamStatement = { Sid: "Read", Effect: "Allow", Action: "ec2:DescribeInstances", Resource: "*" };

describe("two policies", () => {
  it("say the same whatever the order, the names of statements, and lists of one", () => {
    const got = {
      Statement: [
        { Effect: "Allow", Action: ["ec2:DescribeInstances"], Resource: ["*"] },
        { Resource: ["b", "a"], Action: "ec2:StopInstances", Effect: "Allow" },
      ],
    };
    expect(comparePolicies(got, { Statement: [STOP, READ] })).toEqual([]);
    expect(comparePolicies({ Statement: READ }, { Statement: [READ] })).toEqual([]);
  });

  it("differ by what a statement of the same name has", () => {
    const got = { Statement: [READ, { ...STOP, Resource: ["a"], Condition: { Bool: { k: "true" } } }] };
    expect(comparePolicies(got, { Statement: [STOP, READ] })).toEqual([
      { name: "Stop.Resource", got: "nothing", expected: "b" },
      { name: "Stop.Condition", got: '{"Bool":{"k":["true"]}}', expected: "nothing" },
    ]);
  });

  it("differ by what is in the only statement that differs, named or not", () => {
    const trust = (Service: string) => ({
      Statement: [READ, { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } }],
    });
    expect(comparePolicies(trust("ec2"), trust("lambda"))).toEqual([
      { name: "statement.Principal.Service", got: "ec2", expected: "lambda" },
    ]);
  });

  it("differ by statements that only one has", () => {
    const all = { Effect: "Allow", Action: "*", Resource: "*" };
    expect(comparePolicies({ Statement: [READ, all] }, { Statement: [READ, STOP] })).toEqual([
      { name: "statement Stop", got: "nothing", expected: "Allow ec2:StopInstances on a, b" },
      { name: "a statement", got: "Allow * on *", expected: "nothing" },
    ]);
  });
});
