import { afterAll, describe, expect, it } from "@jest/globals";
import { runHold, runHolds } from "../../../../cli/commands/hold/run";
import { instance } from "../../../support/builders";
import { codeBlocks, readDocument } from "../../../support/documents";
import { HOLD_TAG, holdWorld, type World, type WorldOptions } from "./hold-world";

const PAGE = "docs/operating.md";
const [CONFIG = ""] = codeBlocks(PAGE, "yaml");

/** The instances of the page at its time, a Monday, 07:00 in Seoul; dev may be held by then. */
function worldOfPage(hold?: string): WorldOptions {
  const dev = (instanceId: string, name: string, state: string) =>
    instance({ instanceId, name, state, tags: hold === undefined ? {} : { [HOLD_TAG]: hold } });
  const qa = (instanceId: string, name: string, tags = {}) =>
    instance({ instanceId, name, region: "us-east-1", tags: { Environment: "qa", ...tags } });
  return {
    config: CONFIG,
    now: "2026-11-22T22:00:06Z",
    columns: 80,
    followUpAt: "2026-11-23T13:01:00.000Z",
    caller: "arn:aws:sts::123456789012:assumed-role/Developer/jane",
    found: [
      dev("i-f089013c1df8c4ba2", "web-1", "running"),
      dev("i-e4b9ffb67c2b59174", "web-2", "running"),
      dev("i-0574cece37d308ec6", "db-1", "stopped"),
      qa("i-f479724b04ca73f43", "qa-1"),
      qa("i-7e81fd09fdb19371c", "qa-2", { [HOLD_TAG]: "2199-12-01T00:00:00Z" }),
    ],
  };
}

const worlds: World[] = [];
afterAll(() => {
  for (const each of worlds) each.close();
});
function open(hold?: string): World {
  const world = holdWorld(worldOfPage(hold));
  worlds.push(world);
  return world;
}

describe(`what ${PAGE} shows of holds`, () => {
  it("is what `hold` prints", async () => {
    const at = open();
    await runHold(["dev"], { ...at.options, until: "22:00" }, at.context, at.open);
    expect(readDocument(PAGE)).toContain(`$ ec2-start-stop hold dev --until 22:00\n${at.text()}`);
    expect(at.steps).toContainEqual(expect.stringMatching(/: 2026-11-22T21:55Z\/2026-11-23T13:00Z by jane$/));
  });

  it("is what `holds` prints then", async () => {
    const at = open("2026-11-22T21:55Z/2026-11-23T13:00Z by jane");
    await runHolds(at.options, at.context, at.open);
    expect(readDocument(PAGE)).toContain(`$ ec2-start-stop holds\n${at.text()}`);
  });
});
