import * as z from "zod/mini";

// The parts of a CloudTrail record that are of use here. CloudTrail promises no shape: each part that is missing or of
// another kind is left out, and the rest still counts.

const maybe = <Part extends z.core.$ZodType>(part: Part) => z.catch(z.optional(part), undefined);
const text = maybe(z.string());
const flag = maybe(z.boolean());
const block = <Shape extends z.core.$ZodShape>(shape: Shape) => maybe(z.object(shape));

const state = block({ name: text });
const instances = block({
  items: maybe(z.array(block({ instanceId: text, previousState: state, currentState: state }))),
});

const identity = block({
  type: text,
  principalId: text,
  arn: text,
  accountId: text,
  userName: text,
  invokedBy: text,
  identityProvider: text,
  sessionContext: block({
    sessionIssuer: block({ arn: text, userName: text }),
    sourceIdentity: text,
  }),
  inScopeOf: block({ issuerType: text, credentialsIssuedTo: text }),
  onBehalfOf: block({ userId: text }),
});

const record = z.object({
  userIdentity: identity,
  recipientAccountId: text,
  sourceIPAddress: text,
  userAgent: text,
  sessionCredentialFromConsole: text,
  errorCode: text,
  errorMessage: text,
  requestID: text,
  requestParameters: block({ instancesSet: instances, force: flag, hibernate: flag }),
  responseElements: block({ instancesSet: instances }),
});

export type TrailRecord = z.infer<typeof record>;
export type UserIdentity = NonNullable<TrailRecord["userIdentity"]>;

/** Reads the record of an event: undefined where it is none. */
export function readTrailRecord(json: string | undefined): TrailRecord | undefined {
  if (json === undefined) return undefined;
  try {
    return record.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
