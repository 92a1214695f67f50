import { TerraformBackend, type TerraformRemoteState } from "cdktf";
import type { Construct } from "constructs";
import { escapeTemplates } from "../model/terraform-text";
import type { Backend, BackendType } from "./config";

/**
 * Returns a backend with its texts as Terraform reads them. The default is a local state file next to the output folder,
 * so that it survives the removal of that folder, under a relative path, which is the same on every machine (cdktf's
 * default is absolute). Terraform runs in <output folder>/stacks/<name>.
 */
export function backendOf(
  backend: Backend | undefined,
  stateName: string,
): Readonly<Partial<Record<BackendType, Readonly<Record<string, unknown>>>>> {
  const own = backend ?? { local: { path: `../../../terraform.${stateName}.tfstate` } };
  return escapeTemplates(own) as ReturnType<typeof backendOf>;
}

/** Backend of Terraform, with the arguments of the config unchanged. */
export class ConfigBackend extends TerraformBackend {
  readonly #arguments: unknown;

  /** @param backend exactly one backend type with its arguments, as Terraform reads them */
  constructor(scope: Construct, backend: ReturnType<typeof backendOf>) {
    const [type = "local", args = {}] = Object.entries(backend)[0] ?? [];
    super(scope, "backend", type);
    this.#arguments = args;
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
