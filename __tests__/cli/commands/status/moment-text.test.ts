import { expect, it } from "@jest/globals";
import { momentText } from "../../../../cli/terminal/time";
import { NOW } from "./scene";

// Monday 2026-11-23 20:12 in Seoul.
it.each([
  ["2026-11-22T15:00:00Z", "00:00"],
  ["2026-11-23T14:59:00Z", "23:59"],
  ["2026-11-22T14:59:00Z", "Sun 23:59"],
  ["2026-11-16T15:00:00Z", "Tue 00:00"],
  ["2026-11-16T14:59:00Z", "2026-11-16"],
  ["2026-11-29T11:00:00Z", "Sun 20:00"],
  ["2026-11-30T11:00:00Z", "2026-11-30"],
])("%s is told as %s", (at, text) => {
  expect(momentText(new Date(at), NOW, "Asia/Seoul")).toBe(text);
});
