import { TerraformElement, type TerraformResource } from "cdktf";

/**
 * Terraform's import block: the resource is taken over at the next apply, and once it is in the state the block does
 * nothing. cdktf's own importFrom would run the terraform program at every synth, once for each import.
 */
export class ImportBlock extends TerraformElement {
  readonly #to: string;
  readonly #importId: string;

  /** @param importId what the provider documents under "Import" of this resource type */
  constructor(resource: TerraformResource, importId: string) {
    super(resource, "import");
    this.#to = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
    this.#importId = importId;
  }

  override toTerraform(): unknown {
    return { import: [{ to: this.#to, id: this.#importId }] };
  }
}
