/** One thing that was found, and what becomes of it. */
export interface Finding {
  readonly kind: "function" | "log group" | "role" | "policy" | "rule" | "schedule" | "permission";
  readonly name: string;
  /**
   * `adopt`: taken over in place. `beside`: stays, while a new one does its work. `leave`: not touched, nothing takes
   * its place. `replaced`: nothing needs it any more, since its work is done already by what took its place.
   */
  readonly fate: "adopt" | "beside" | "leave" | "replaced";
  /** What it becomes in the config, or why it cannot be taken over. */
  readonly why: string;
  /** Shell commands that remove it once the new ones work. */
  readonly removal?: readonly string[];
}
