import * as z from "zod/mini";
import { YEARS } from "../contract/limits";
import { ROLE_ARN } from "../contract/patterns";
import {
  datesList,
  type Fields,
  propsShape,
  type Same,
  type WithEitherSchedule,
  within,
} from "../model/schema";
import {
  anyValue,
  block,
  either,
  listOf,
  mapOf,
  optional,
  pattern,
  required,
  text,
  wholeNumber,
} from "../model/schema-parts";
import { BACKEND_TYPES, type BackendType, type ConfigFile } from "./config";

// Schema of the config file: the props of the construct, calendars with sources, and the backend and provider of Terraform.

const calendarParts = block(
  {
    dates: optional(datesList(), "Dates as yyyy-mm-dd."),
    ics: optional(
      text("the path of an iCalendar file"),
      "Path of an iCalendar file (.ics), relative to this file. Its all-day events are holidays.",
    ),
    country: optional(
      text("a country code, such as KR"),
      "Country code, such as KR, whose public holidays come from the package date-holidays. Needs `years`.",
      pattern(/^[A-Z]{2}$/),
    ),
    region: optional(
      text("the code of a part of the country, in quotes where it is a number"),
      "Code of a part of the country, such as BY, or BY-A for a part of that. Default: the whole country.",
    ),
    years: optional(
      listOf(wholeNumber("a year as a whole number"), "a list of years, such as [2026, 2027]"),
      "Years whose dates are taken from `country` and `ics`.",
      { minItems: 1, items: { type: "integer", ...within(YEARS) } },
    ),
    workdays: optional(datesList(), "Dates that are not holidays, even if another source lists them."),
  },
  "a calendar: dates, ics, country or several of them",
);
z.globalRegistry.add(calendarParts, {
  anyOf: [{ required: ["dates"] }, { required: ["ics"] }, { required: ["country"] }],
  dependentRequired: { country: ["years"], region: ["country"] },
});
const calendar = either(
  [datesList(), calendarParts],
  "a list of dates as yyyy-mm-dd, or a mapping with dates, ics or country",
);

const backendArguments = () =>
  optional(
    mapOf(anyValue(), "the backend's arguments by name"),
    "Arguments of the backend, as Terraform names them.",
  );
const backend = block(
  Object.fromEntries(BACKEND_TYPES.map((type) => [type, backendArguments()])) as Record<
    BackendType,
    ReturnType<typeof backendArguments>
  >,
  `a backend: one of ${BACKEND_TYPES.join(", ")}, with its arguments`,
).check(z.refine((backends) => Object.keys(backends).length === 1, { error: "one backend" }));

const provider = block(
  {
    profile: optional(
      text("the name of a profile"),
      "Named profile of the shared AWS config files, also for the commands. Default: the environment's.",
      { minLength: 1 },
    ),
    assumeRole: optional(
      block(
        {
          roleArn: required(text("the ARN of a role"), "ARN of the role.", pattern(ROLE_ARN)),
          externalId: optional(text("an external id as text"), "External id that the role's trust asks for."),
          sessionName: optional(
            text("the name of a session"),
            "Name of the session, as CloudTrail shows it. Default: one that Terraform makes.",
          ),
        },
        "a role to assume: roleArn",
      ),
      "Role that Terraform assumes.",
    ),
    defaultTags: optional(
      mapOf(text("a tag's value as text"), "tag keys, each with a value"),
      "Tags of every resource of the stack that supports tags. `tags` wins.",
    ),
  },
  "settings of the AWS provider: profile, assumeRole or defaultTags",
);

/** Schema of the config file. */
export const configSchema = block(
  {
    ...propsShape,
    holidays: optional(
      mapOf(calendar, "calendars by name"),
      "Calendars by a name that schedules refer to: a list of dates (yyyy-mm-dd), or the sources of the dates.",
    ),
    backend: optional(
      backend,
      "Backend of Terraform, with its arguments unchanged. Default: a local state file.",
      { minProperties: 1, maxProperties: 1 },
    ),
    provider: optional(provider, "Settings of Terraform's AWS provider, whose region is `region`."),
  },
  "a config: region, targets, schedules and more, by key",
);

// The compiler compares the schema with the type of the config, as it does for the props.
true satisfies Same<Fields<z.infer<typeof configSchema>>, Fields<WithEitherSchedule<ConfigFile>>>;
