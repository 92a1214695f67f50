import type { Ec2StartStopProps } from "../model/props";
import { findWarnings as findPropsWarnings } from "../model/validate";
import type { Warning } from "../model/warnings";

/** A config as written in its file, in which calendars are not looked up yet. */
export interface ConfigFile extends Omit<Config, "holidays"> {
  /**
   * Calendars by a name that schedules refer to: a list of dates (`yyyy-mm-dd`), or the sources of the dates.
   * @default none
   */
  readonly holidays?: Readonly<Record<string, readonly string[] | Calendar>>;
}

/** Sources of the dates of a calendar: at least one of `dates`, `ics` and `country`. Their dates are combined. */
export interface Calendar {
  /**
   * Dates as `yyyy-mm-dd`.
   * @default none
   */
  readonly dates?: readonly string[];
  /**
   * Path of an iCalendar file (RFC 5545), relative to the config file. Its all-day events are holidays.
   * @default none
   */
  readonly ics?: string;
  /**
   * ISO 3166-1 code of a country, such as `KR`, whose public holidays come from the package `date-holidays`. Needs
   * `years`.
   * @default none
   * @see https://www.npmjs.com/package/date-holidays
   */
  readonly country?: string;
  /**
   * Code of a part of the country in `date-holidays`, such as `BY`, or `BY-A` for a part of that.
   * @default the whole country
   */
  readonly region?: string;
  /**
   * Years whose dates are taken. Required with `country`, and with `ics` if an event recurs without end.
   * @default all years in `ics`
   */
  readonly years?: readonly number[];
  /**
   * Dates that are not holidays, even if one of the sources lists them.
   * @default none
   */
  readonly workdays?: readonly string[];
}

/** A config that was read: the props of the construct, with calendars as lists of dates, and settings of Terraform. */
export interface Config extends Ec2StartStopProps {
  /**
   * Backend of Terraform: exactly one type, with its arguments as Terraform names them.
   * @default a local state file `terraform.<config file>.tfstate` next to the output folder
   * @see https://developer.hashicorp.com/terraform/language/backend
   */
  readonly backend?: Backend;
  /**
   * Settings of Terraform's AWS provider, whose region is that of the config.
   * @default the credentials of the environment
   * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration
   */
  readonly provider?: ProviderSettings;
}

/** Settings of Terraform's AWS provider. */
export interface ProviderSettings {
  /**
   * Named profile of the shared AWS config files. The commands use it too, unless `--profile` names another.
   * @default `AWS_PROFILE`, or the default profile
   */
  readonly profile?: string;
  /**
   * Role that Terraform assumes. The commands do not: give them a profile that does.
   * @default Terraform uses the credentials as they are
   */
  readonly assumeRole?: AssumeRoleSettings;
  /**
   * Tags of every resource of the stack that supports tags. Of a key that is in `tags` too, the value in `tags` holds.
   * @default none
   */
  readonly defaultTags?: Readonly<Record<string, string>>;
}

/** Role that Terraform assumes. */
export interface AssumeRoleSettings {
  /** ARN of the role. */
  readonly roleArn: string;
  /**
   * External id that the role's trust asks for.
   * @default none
   */
  readonly externalId?: string;
  /**
   * Name of the session, as CloudTrail shows it.
   * @default a name that Terraform makes
   */
  readonly sessionName?: string;
}

const PROPS = new WeakMap<Config, Ec2StartStopProps>();

/** Returns the props of a config. Returns the same object for the same frozen config, so that it is validated once. */
export function propsOf(config: Config): Ec2StartStopProps {
  const known = PROPS.get(config);
  if (known) return known;
  const { backend, provider, ...props } = config;
  if (Object.isFrozen(config)) PROPS.set(config, Object.freeze(props));
  return props;
}

/**
 * Finds probable mistakes in a valid config: conflicting schedules, calendars that end, and checks that never run.
 * @param now start of the period in which they are looked for; default the present
 * @example
 * import { findWarnings, readConfig } from "ec2-start-stop/config";
 *
 * const warnings = findWarnings(await readConfig("ec2-start-stop.yaml"));
 * for (const { severity, message } of warnings) console.warn(`${severity}: ${message}`);
 */
export function findWarnings(config: Config, now?: Date): Warning[] {
  return findPropsWarnings(propsOf(config), now);
}

/** Backend of Terraform: exactly one type, whose arguments are passed on unchanged. */
export type Backend = { readonly [Type in BackendType]?: BackendArguments };

/** Backend types of a config. `cloud` becomes a `cloud` block of Terraform. */
export const BACKEND_TYPES = ["azurerm", "cloud", "gcs", "http", "local", "remote", "s3"] as const;
/** A backend type of Terraform, or `cloud` for HCP Terraform. */
export type BackendType = (typeof BACKEND_TYPES)[number];
/** Arguments of a backend, as Terraform names them. */
export type BackendArguments = Readonly<Record<string, unknown>>;
