import { TerraformElement, type TerraformResource } from "cdktf";

/**
 * Import block of Terraform: the next apply imports the resource, and later ones ignore the block. cdktf's `importFrom` is
 * not used, because it runs the terraform program once per import at every synth.
 * @see https://developer.hashicorp.com/terraform/language/import
 */
export class ImportBlock extends TerraformElement {
  readonly #to: string;
  readonly #importId: string;

  /** @param importId import id, as in the section "Import" of the provider's page about the resource type */
  constructor(resource: TerraformResource, importId: string) {
    super(resource, "import");
    this.#to = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
    this.#importId = importId;
  }

  override toTerraform(): unknown {
    return { import: [{ to: this.#to, id: this.#importId }] };
  }
}
