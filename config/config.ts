import type { Ec2StartStopProps } from "../constructs/props";

/** A config file as read: what the construct takes, and where Terraform keeps its state. */
export interface Config extends Ec2StartStopProps {
  /**
   * Terraform's own backend block: its type, and that type's arguments as Terraform spells them.
   * @default local: `terraform.<name>.tfstate` beside the output folder
   */
  readonly backend?: Backend;
}

/** Exactly one of these; the arguments are passed on as they are. */
export type Backend = { readonly [Type in BackendType]?: BackendArguments };

/** The backends a config may name; `cloud` becomes Terraform's cloud block. */
export const BACKEND_TYPES = ["azurerm", "cloud", "gcs", "http", "local", "remote", "s3"] as const;
export type BackendType = (typeof BACKEND_TYPES)[number];
export type BackendArguments = Readonly<Record<string, unknown>>;
