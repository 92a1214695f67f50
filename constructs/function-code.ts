import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { findBundle } from "../model/bundle";
import type { Ec2StartStopProps } from "../model/props";

export interface FunctionCodeProps {
  readonly packaging: NonNullable<Ec2StartStopProps["code"]>;
}

/**
 * Code of both functions, copied next to the synthesized stack. Its paths contain neither a hash nor a local path, and
 * Terraform computes the hash, so every machine synthesizes the same stack.
 */
export class FunctionCode extends Construct {
  /** Path of the zip in Terraform. */
  readonly filename: string;
  /** Base64-encoded SHA-256 of the zip, computed by Terraform. */
  readonly sourceCodeHash: string;

  constructor(scope: Construct, id: string, { packaging }: FunctionCodeProps) {
    super(scope, id);
    const bundle = findBundle();
    if (packaging === "zip") {
      const zip = new TerraformAsset(this, "zip", {
        path: bundle.zipFile,
        type: AssetType.FILE,
        assetHash: "prebuilt",
      });
      this.filename = inStack(zip.path);
      this.sourceCodeHash = `\${filebase64sha256("${this.filename}")}`;
      return;
    }
    const folder = new TerraformAsset(this, "bundle", {
      path: bundle.folder,
      type: AssetType.DIRECTORY,
      assetHash: "lambda",
    });
    const sourceDir = inStack(folder.path).replace(/\/$/, "");
    const archive = new DataArchiveFile(this, "archive", {
      type: "zip",
      sourceDir,
      outputPath: `${sourceDir}.zip`,
      // Without a fixed mode, the zip would depend on the umask of the Terraform process.
      outputFileMode: "0644",
    });
    this.filename = archive.outputPath;
    this.sourceCodeHash = archive.outputBase64Sha256;
  }
}

function inStack(path: string): string {
  return `\${path.module}/${path}`;
}
