import { expect, it } from "@jest/globals";
import { describeHold } from "../../lambda-src/guards";

const NOW = Date.parse("2026-11-23T11:00:00Z");

it.each([
  ["", "held by tag hold"],
  ["  ", "held by tag hold"],
  ["2026-11-23T11:00:01Z", "held by tag hold until 2026-11-23T11:00:01.000Z"],
  ["2026-11-23T20:30+09:00", "held by tag hold until 2026-11-23T11:30:00.000Z"],
  ["2026-11-23T11:30", "held by tag hold until 2026-11-23T11:30:00.000Z"],
  ["2026-12-01", "held by tag hold until 2026-12-02T00:00:00.000Z"],
  ["2026-11-23T10:55Z/2026-11-23T13:00Z by jane", "held by tag hold until 2026-11-23T13:00:00.000Z"],
  [
    "2026-02-30T10:00:00Z",
    'held by tag hold: its value "2026-02-30T10:00:00Z" is no ISO 8601 date-time, date or interval (begin/end), so it holds for ever',
  ],
  [
    "next week",
    'held by tag hold: its value "next week" is no ISO 8601 date-time, date or interval (begin/end), so it holds for ever',
  ],
  [
    "2026-13-01T00:00Z",
    'held by tag hold: its value "2026-13-01T00:00Z" is no ISO 8601 date-time, date or interval (begin/end), so it holds for ever',
  ],
])("the value %j holds", (value, reason) => {
  expect(describeHold("hold", value, NOW)).toBe(reason);
});

it.each(["2026-11-23T11:00:00Z", "2020-01-01T00:00:00Z", "2026-11-23T19:59+09:00", "2026-11-22"])(
  "the value %j is past",
  (value) => {
    expect(describeHold("hold", value, NOW)).toBeUndefined();
  },
);
