import type { Ec2StartStopProps } from "../model/props";
import { findWarnings as findPropsWarnings } from "../model/validate";
import type { Warning } from "../model/warnings";

/** A config as its file says it, calendars not looked up yet. */
export interface ConfigFile extends Omit<Config, "holidays"> {
  /**
   * Calendars by a name that schedules use: dates (`yyyy-mm-dd`), or what they are made of.
   * @default none
   */
  readonly holidays?: Readonly<Record<string, readonly string[] | Calendar>>;
}

/** Where the dates of a calendar come from: at least one of `dates`, `ics` and `country`, or all of them together. */
export interface Calendar {
  /**
   * Dates as `yyyy-mm-dd`.
   * @default none
   */
  readonly dates?: readonly string[];
  /**
   * An iCalendar file, whose all-day events are taken; a path relative to the config file.
   * @default none
   */
  readonly ics?: string;
  /**
   * ISO 3166-1 code of a country, such as `KR`, whose public holidays the package `date-holidays` knows.
   * @default none
   */
  readonly country?: string;
  /**
   * A part of the country as `date-holidays` calls it, such as `BY`, or `BY-A` for a part of that.
   * @default the whole country
   */
  readonly region?: string;
  /**
   * Years to take from `country`, which needs them, and from `ics`, which needs them for events that recur for ever.
   * @default all that `ics` has
   */
  readonly years?: readonly number[];
  /**
   * Dates that are no holidays whatever the others say.
   * @default none
   */
  readonly workdays?: readonly string[];
}

/** A config as read: what the construct takes, calendars as plain dates, and where Terraform keeps its state. */
export interface Config extends Ec2StartStopProps {
  /**
   * Terraform's own backend block: its type, and that type's arguments as Terraform spells them.
   * @default local: `terraform.<name>.tfstate` beside the output folder
   */
  readonly backend?: Backend;
}

const PROPS = new WeakMap<Config, Ec2StartStopProps>();

/** What the construct takes of a config: for the same frozen config the same object, so that it is checked once. */
export function propsOf(config: Config): Ec2StartStopProps {
  const known = PROPS.get(config);
  if (known) return known;
  const { backend, ...props } = config;
  if (Object.isFrozen(config)) PROPS.set(config, Object.freeze(props));
  return props;
}

/**
 * What is odd about a config that holds: schedules that get in each other's way, and calendars that end.
 * @param now seen from here; default the present
 */
export function findWarnings(config: Config, now?: Date): Warning[] {
  return findPropsWarnings(propsOf(config), now);
}

/** Exactly one of these; the arguments are passed on as they are. */
export type Backend = { readonly [Type in BackendType]?: BackendArguments };

/** The backends a config may name; `cloud` becomes Terraform's cloud block. */
export const BACKEND_TYPES = ["azurerm", "cloud", "gcs", "http", "local", "remote", "s3"] as const;
export type BackendType = (typeof BACKEND_TYPES)[number];
export type BackendArguments = Readonly<Record<string, unknown>>;
