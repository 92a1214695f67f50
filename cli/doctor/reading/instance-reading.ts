import { paginateDescribeVolumes } from "@aws-sdk/client-ec2";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { allPages, eachOf } from "../../aws/calling";
import type { AwsSettings } from "../../aws/settings";
import { chunksOf } from "../../fleet/chunks";
import { Ec2Fleet, ec2Clients } from "../../fleet/ec2-fleet";
import { asking, askingFor } from "./asking";
import type { InstanceReading } from "./reading";

/** Values of one filter (DescribeVolumes). */
const VOLUMES_PER_CALL = 200;
const REGION_PART = 3;

export function instanceReading(settings: AwsSettings): InstanceReading {
  const clientOf = ec2Clients(settings);
  const fleet = new Ec2Fleet(clientOf);
  return {
    targets: (config) => fleet.targets(config),

    async volumeKeys(region, volumeIds) {
      const pages = await eachOf(chunksOf(volumeIds, VOLUMES_PER_CALL), (Values) =>
        asking("ec2:DescribeVolumes", () =>
          // By a filter: of ids, one volume that was just deleted would fail them all.
          allPages(
            paginateDescribeVolumes(
              { client: clientOf(region) },
              { Filters: [{ Name: "volume-id", Values }] },
            ),
          ),
        ),
      );
      return pages
        .flat()
        .flatMap(({ Volumes = [] }) => Volumes)
        .flatMap(({ VolumeId = "", Encrypted, KmsKeyId }) =>
          Encrypted && KmsKeyId ? [{ volumeId: VolumeId, keyArn: KmsKeyId }] : [],
        );
    },

    async key(KeyId) {
      const region = KeyId.split(":")[REGION_PART] || settings.region;
      const client = new KMSClient({ ...settings, region });
      const found = await askingFor("kms:DescribeKey", () => client.send(new DescribeKeyCommand({ KeyId })));
      if (found?.KeyMetadata === undefined) return undefined;
      const { KeyManager, KeyState } = found.KeyMetadata;
      return { byCustomer: KeyManager !== "AWS", state: KeyState ?? "" };
    },
  };
}
