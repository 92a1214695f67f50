import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { homepage } from "../../package.json";
import { anchors, documentNames, linkedPath, linkTargets, ROOT } from "../support/documents";

const repository = homepage.replace(/#.*$/, "");
/** Pages of the repository's own site that are no files of it. */
const SITE = /^\/(?:issues|releases|security|discussions|actions)\b|^$/;

/** Why a link leads nowhere; undefined where it leads somewhere, or out of the project. */
function brokenBecause(name: string, target: string): string | undefined {
  const own = target.startsWith(repository) ? target.slice(repository.length) : undefined;
  if (own === undefined && /^(?:https?|mailto):/.test(target)) return undefined;
  if (own !== undefined && SITE.test(own.replace(/#.*$/, ""))) return undefined;
  const [written = "", anchor] = (own?.replace(/^\/(?:blob|tree|raw)\/[^/]+\//, "") ?? target).split("#");
  const path = own === undefined ? linkedPath(name, written) : written;
  const file = written === "" && own === undefined ? name : path;
  if (file.startsWith("..")) return "outside the project";
  if (!existsSync(join(ROOT, file))) return `no file ${file}`;
  if (anchor !== undefined && !anchors(file).has(anchor)) return `no heading #${anchor} in ${file}`;
  return undefined;
}

describe.each(documentNames())("%s", (name) => {
  it("links to files and headings that exist", () => {
    const broken = linkTargets(name).flatMap((target) => {
      const because = brokenBecause(name, target);
      return because === undefined ? [] : [{ target, because }];
    });
    expect(broken).toEqual([]);
  });
});

it("every page of docs/ is linked from another page", () => {
  const linked = new Set(
    documentNames().flatMap((name) =>
      linkTargets(name)
        .map((target) => linkedPath(name, target.split("#")[0] ?? ""))
        .filter((path) => path !== name),
    ),
  );
  const pages = documentNames().filter((name) => name.startsWith("docs/"));
  expect(pages.filter((page) => !linked.has(page))).toEqual([]);
});
