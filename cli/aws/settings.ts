/** Where a client of the AWS SDK asks, and as whom; the rest is the SDK's own chain. */
export interface AwsSettings {
  readonly region: string;
  /** Named profile of the shared AWS config files. */
  readonly profile?: string;
}
