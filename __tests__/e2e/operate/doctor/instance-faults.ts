import {
  AttachVolumeCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteTagsCommand,
  DetachVolumeCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { expect } from "@jest/globals";
import { OPERATOR, REGION } from "../../../support/moto/aws";
import type { Fault } from "./fault";

export const instanceFaults: readonly Fault[] = [
  {
    what: "instances that are all held",
    breakIt: async ({ aws, fleet }) => {
      const Tags = [{ Key: "ec2-start-stop:hold", Value: "" }];
      const Resources = [...fleet.byId];
      await aws.ec2[REGION]?.send(new CreateTagsCommand({ Resources, Tags }));
      return async () => aws.ec2[REGION]?.send(new DeleteTagsCommand({ Resources, Tags }));
    },
    told: {
      "Target by-id: holds": {
        result: "wrong",
        text: expect.stringMatching(
          /^all 5 are held by the tag ec2-start-stop:hold, so nothing is done to them; without an end within 14 days: i-/,
        ),
        fix: expect.stringMatching(
          /^aws ec2 delete-tags --resources i-.* --tags Key=ec2-start-stop:hold --region/,
        ),
      },
    },
  },
  {
    what: "a volume under a customer's key that the config does not name",
    breakIt: async ({ aws, fleet }) => {
      const kms = new KMSClient({ endpoint: aws.endpoint, credentials: OPERATOR, region: REGION });
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
      const ec2 = aws.ec2[REGION];
      const { VolumeId = "" } =
        (await ec2?.send(
          new CreateVolumeCommand({
            AvailabilityZone: `${REGION}a`,
            Size: 8,
            Encrypted: true,
            KmsKeyId: KeyMetadata?.Arn,
          }),
        )) ?? {};
      const [InstanceId = ""] = fleet.byId;
      await ec2?.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device: "/dev/sdh" }));
      return async () => ec2?.send(new DetachVolumeCommand({ VolumeId, InstanceId }));
    },
    told: {
      "Target by-id: volume keys": {
        result: "wrong",
        text: "starts fall back to stopped: EC2 may not use the customer's key of a volume",
        fix: expect.stringMatching(/ add arn:aws:kms:\S+ to kmsKeyArns, then ec2-start-stop synth .* apply$/),
      },
    },
  },
  {
    what: "a terminated instance",
    breakIt: async ({ aws, fleet }) => {
      await aws.ec2[REGION]?.send(new TerminateInstancesCommand({ InstanceIds: [fleet.byId[1] ?? ""] }));
      return undefined;
    },
    told: {
      "Target by-id: instances": {
        result: "wrong",
        text: expect.stringMatching(/^i-\w+: terminated$/),
        fix: expect.stringMatching(
          / take i-\w+ out of targets\.by-id\.instanceIds, or write the right one, then /,
        ),
      },
    },
  },
];
