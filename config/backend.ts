import { TerraformBackend, type TerraformRemoteState } from "cdktf";
import type { Construct } from "constructs";
import { escapeTemplate } from "../model/terraform-text";
import type { Backend } from "./config";

/** Backend of Terraform, with the arguments of the config unchanged. */
export class ConfigBackend extends TerraformBackend {
  readonly #arguments: unknown;

  /** @param backend exactly one backend type with its arguments */
  constructor(scope: Construct, backend: Backend) {
    const [type = "local", args] = Object.entries(backend)[0] ?? [];
    super(scope, "backend", type);
    this.#arguments = escapeTemplates(args ?? {});
  }

  override toTerraform(): unknown {
    // HCP Terraform is configured by a `cloud` block instead of a backend block.
    const block =
      this.name === "cloud" ? { cloud: this.#arguments } : { backend: { [this.name]: this.#arguments } };
    return { terraform: block };
  }

  override getRemoteStateDataSource(): TerraformRemoteState {
    throw new Error("A config has one stack, which refers to no other");
  }
}

function escapeTemplates(value: unknown): unknown {
  if (typeof value === "string") return escapeTemplate(value);
  if (Array.isArray(value)) return value.map(escapeTemplates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [escapeTemplate(key), escapeTemplates(inner)]),
  );
}
