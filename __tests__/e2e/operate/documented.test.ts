import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { asksAws, cliArguments, documentNames, shownCommands, words } from "../../support/documents";
import { describeEndToEnd } from "../../support/moto/suite";
import type { Deployed } from "../../support/operating/deployed";
import { documentedDeployment } from "./documented-deployment";

const MINUTES = 60_000;
const shown = documentNames()
  .flatMap(shownCommands)
  .map((command) => cliArguments(command) ?? "")
  // Adopting has a test, and an account, of its own.
  .filter((text) => text !== "" && asksAws(text) && !text.startsWith("adopt"));
/** Each once, where it is shown last: in the order of docs/operating.md, whose steps go on from each other. */
const commands = [...new Set(shown.toReversed())].reverse();

/** What the deployment lacks for some: its functions write no follow-ups, not every instance is held, and it has no alarms. */
const REFUSED =
  /^Expected (?:a deployment with follow-ups|a hold with an end on|held instances in|a config with `alerts`)/;

describeEndToEnd("the operating commands that pages show", {}, (tools) => {
  let deployed: Deployed;
  beforeAll(async () => {
    deployed = await documentedDeployment(tools);
  }, 2 * MINUTES);
  afterAll(() => deployed?.close(), MINUTES);

  it("are all of them", () => {
    const names = new Set(commands.map((command) => command.split(" ")[0]));
    const holding = ["extend", "hold", "holds", "release", "skip", "start"];
    const others = ["doctor", "history", "invoke", "logs", "services", "status"];
    expect([...names].sort()).toEqual([...holding, ...others].sort());
  });

  it.each(commands)(
    "%s answers",
    async (command) => {
      const { code, stdout, stderr } = await deployed.cli(words(command));
      if (code === 2) {
        expect(stderr).toMatch(REFUSED);
        return;
      }
      // 1, since a service is down and some instances are not as they should be.
      expect([0, 1]).toContain(code);
      expect(stderr).toBe("");
      expect(stdout).toMatch(/\S/);
    },
    MINUTES,
  );
});
