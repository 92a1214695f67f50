/** A CloudTrail record, as CloudTrail writes it into an event: the keys that CloudTrail itself finds it by, and others. */
export interface TrailRecordJson {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly readOnly: boolean;
  readonly userIdentity: RecordedIdentity;
  readonly requestParameters: RecordedInstances | null;
  readonly responseElements: RecordedInstances | null;
  readonly [other: string]: unknown;
}

export interface RecordedIdentity {
  readonly type: string;
  readonly userName?: string;
  readonly principalId?: string;
  readonly accessKeyId?: string;
  readonly [other: string]: unknown;
}

interface RecordedInstances {
  readonly instancesSet: { readonly items: readonly { readonly instanceId: string }[] };
  readonly [other: string]: unknown;
}

export const ACCOUNT = "123456789012";

// Identities as CloudTrail records them: those of the user guide (the userIdentity element, examples of log files), and
// of records that people have published, with invented names and numbers.

export const ALICE = {
  type: "IAMUser",
  principalId: "AIDA6ON6E4XEGITEXAMPLE",
  arn: `arn:aws:iam::${ACCOUNT}:user/teams/alice`,
  accountId: ACCOUNT,
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  userName: "alice",
};

export const ROOT = {
  type: "Root",
  principalId: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:root`,
  accountId: ACCOUNT,
  accessKeyId: "",
  sessionContext: { attributes: { creationDate: "2026-11-23T10:00:00Z", mfaAuthenticated: "true" } },
};

/** A session of a role: `assumed-role/ROLE/SESSION`. */
export function session(role: string, name: string, { path = "/", account = ACCOUNT } = {}) {
  return {
    type: "AssumedRole",
    principalId: `AROAIDPPEZS35WEXAMPLE:${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    accountId: account,
    accessKeyId: "ASIAIOSFODNN7EXAMPLE",
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: "AROAIDPPEZS35WEXAMPLE",
        arn: `arn:aws:iam::${account}:role${path}${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: "2026-11-23T10:00:00Z", mfaAuthenticated: "false" },
    },
  };
}

/** A user of IAM Identity Center. */
export function ssoUser(name: string, permissionSet: string) {
  return session(`AWSReservedSSO_${permissionSet}_aad2ada13f3171bf`, name, {
    path: "/aws-reserved/sso.amazonaws.com/ap-northeast-2/",
  });
}

/** A Lambda function, as records tell it since 2025; before, without `inScopeOf`. */
export function lambdaFunction(name: string, role: string, region = "ap-northeast-2") {
  const arn = `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`;
  return {
    ...session(role, name),
    inScopeOf: {
      issuerType: "AWS::Lambda::Function",
      credentialsIssuedTo: arn,
      credentialsIssuedToVersion: `${arn}:$LATEST`,
    },
  };
}

export const AUTO_SCALING = {
  ...session("AWSServiceRoleForAutoScaling", "AutoScaling", {
    path: "/aws-service-role/autoscaling.amazonaws.com/",
  }),
  invokedBy: "autoscaling.amazonaws.com",
};

const LAMBDA_AGENT =
  "aws-sdk-js/3.1169.0 ua/2.1 os/linux#5.10.255 lang/js md/nodejs#22.11.0 api/ec2#3.1169.0 exec-env/AWS_Lambda_nodejs22.x m/E";
export const AGENTS = {
  lambda: LAMBDA_AGENT,
  cli: "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.79 exe/x86_64.amzn.2023 prompt/off command/ec2.stop-instances",
  console: "console.ec2.amazonaws.com",
  terraform: "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 aws-sdk-go-v2/1.36.3",
  autoScaling: "autoscaling.amazonaws.com",
} as const;

const STATES = {
  StopInstances: ["running", "stopping"],
  StartInstances: ["stopped", "pending"],
  TerminateInstances: ["running", "shutting-down"],
  RebootInstances: [],
  RunInstances: [undefined, "pending"],
} as const;
const CODES: Readonly<Record<string, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  stopping: 64,
  stopped: 80,
};

export interface RecordedCall {
  readonly at: string;
  readonly call: keyof typeof STATES;
  readonly by: RecordedIdentity;
  readonly instanceIds: readonly string[];
  readonly region?: string;
  readonly sourceIp?: string;
  readonly userAgent?: string;
  /** Of a call that EC2 refused. */
  readonly error?: { readonly code: string; readonly message: string };
  /** Other keys of the record, or other values of them. */
  readonly more?: Partial<TrailRecordJson>;
}

let number = 0;

/** What CloudTrail records of a call to EC2. */
export function recordOf(recorded: RecordedCall): TrailRecordJson {
  const { at, call, by, instanceIds, region = "ap-northeast-2", error, more } = recorded;
  number += 1;
  const id = number.toString(16).padStart(12, "0");
  const [before, after] = STATES[call];
  const state = (name: string) => ({ code: CODES[name], name });
  const items = instanceIds.map((instanceId) => ({
    instanceId,
    ...(after === undefined ? {} : { currentState: state(after) }),
    ...(before === undefined ? {} : { previousState: state(before) }),
  }));
  return {
    eventVersion: "1.11",
    userIdentity: by,
    eventTime: at,
    eventSource: "ec2.amazonaws.com",
    eventName: call,
    awsRegion: region,
    sourceIPAddress: recorded.sourceIp ?? "203.0.113.7",
    userAgent: recorded.userAgent ?? AGENTS.cli,
    ...(error === undefined ? {} : { errorCode: error.code, errorMessage: error.message }),
    requestParameters: {
      instancesSet: { items: instanceIds.map((instanceId) => ({ instanceId })) },
      ...(call === "StopInstances" ? { force: false } : {}),
    },
    responseElements:
      error === undefined ? { requestId: `e4336db0-149f-4a6b-844d-${id}`, instancesSet: { items } } : null,
    requestID: `e4336db0-149f-4a6b-844d-${id}`,
    eventID: `e755e09c-42f9-4c5c-9064-${id}`,
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    tlsDetails: {
      tlsVersion: "TLSv1.3",
      cipherSuite: "TLS_AES_128_GCM_SHA256",
      clientProvidedHostHeader: `ec2.${region}.amazonaws.com`,
    },
    ...more,
  };
}

export const DRY_RUN = {
  code: "Client.DryRunOperation",
  message: "Request would have succeeded, but DryRun flag is set.",
};
