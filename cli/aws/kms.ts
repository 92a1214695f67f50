import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { regionOfArn } from "../../contract/patterns";
import { type AwsSettings, callAwsOrUndefined, createAwsClient } from "./call";

/** Reads KMS keys, in any region. */
export interface KeyReader {
  key(keyArn: string): Promise<DeployedKey | undefined>;
}

interface DeployedKey {
  /** Managed by the customer, not by AWS. */
  readonly byCustomer: boolean;
  /** `Enabled`, or why it cannot be used: `Disabled`, `PendingDeletion`. */
  readonly state: string;
}

export function createKeyReader(settings: AwsSettings): KeyReader {
  return {
    async key(KeyId) {
      const client = createAwsClient(KMSClient, {
        ...settings,
        region: regionOfArn(KeyId) ?? settings.region,
      });
      const found = await callAwsOrUndefined("kms:DescribeKey", () =>
        client.send(new DescribeKeyCommand({ KeyId })),
      );
      if (found?.KeyMetadata === undefined) return undefined;
      const { KeyManager, KeyState } = found.KeyMetadata;
      return { byCustomer: KeyManager !== "AWS", state: KeyState ?? "" };
    },
  };
}
