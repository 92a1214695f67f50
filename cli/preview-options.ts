/** The options of `preview`, as commander reads them. */
export interface PreviewOptions {
  readonly config?: string;
  readonly expression?: string;
  readonly timezone?: string;
  readonly trigger?: "event-rule" | "scheduler";
  readonly from?: string;
  readonly days?: number;
  readonly count?: number;
  readonly json?: boolean;
  readonly svg?: string;
  readonly html?: string;
  readonly strict?: boolean;
}
