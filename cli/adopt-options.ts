/** The options of `adopt`, as commander reads them. */
export interface AdoptOptions {
  readonly config?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly timezone?: string;
  readonly write?: boolean;
  readonly json?: boolean;
  readonly moduleAddress?: string;
}
