/** Matching values by tag key. */
export type TagValues = Readonly<Record<string, readonly string[]>>;

/** Whether an instance is in a target: it has all of these keys, each with one of its literal values. */
export function matchesAllTags(tags: ReadonlyMap<string, string>, wanted: TagValues): boolean {
  return Object.entries(wanted).every(([key, values]) => {
    const value = tags.get(key);
    return value !== undefined && values.includes(value);
  });
}

/** Returns the first tag, as `key=value`, that excludes an instance from a target: any one is enough. */
export function excludingTag(tags: ReadonlyMap<string, string>, exclude: TagValues): string | undefined {
  for (const [key, values] of Object.entries(exclude)) {
    const value = tags.get(key);
    if (value !== undefined && values.includes(value)) return `${key}=${value}`;
  }
  return undefined;
}

/** The tag that Auto Scaling puts on the instances of a group, with the group's name as its value. */
export const AUTO_SCALING_TAG = "aws:autoscaling:groupName";

/** What else than these functions decides whether an instance runs. */
export interface Manager {
  /** Such as `Karpenter node pool default`, or a service: `eks.amazonaws.com`. */
  readonly name: string;
  /** Why the instance is left alone. */
  readonly reason: string;
}

/**
 * The tags of what replaces its instances when they stop: the tag's value is the name of one of these. Users may tag their
 * own instances so too, but then as nodes of a cluster that they are no part of.
 * https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
 * https://karpenter.sh/docs/concepts/nodeclasses/#spectags
 * https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-tags.html
 */
const MANAGER_TAGS: readonly (readonly [tag: string, role: string, kind: string])[] = [
  [AUTO_SCALING_TAG, "member", "Auto Scaling group"],
  ["karpenter.sh/nodepool", "node", "Karpenter node pool"],
  ["karpenter.sh/provisioner-name", "node", "Karpenter provisioner"],
  ["eks:nodegroup-name", "node", "EKS node group"],
  ["eks:eks-cluster-name", "node", "EKS cluster"],
  ["eks:cluster-name", "node", "EKS cluster"],
  ["aws:elasticmapreduce:job-flow-id", "node", "EMR cluster"],
  ["aws:batch:compute-environment", "member", "Batch compute environment"],
];

/**
 * Returns what manages an instance. EC2 names the service that operates a managed instance (of EKS Auto Mode, ECS or
 * Lambda), and refuses its stop: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/amazon-ec2-managed-instances.html
 */
export function managerOf(
  tags: ReadonlyMap<string, string>,
  operator?: { readonly Managed?: boolean | undefined; readonly Principal?: string | undefined },
): Manager | undefined {
  if (operator?.Managed) {
    const name = operator.Principal || "a service of AWS";
    return { name, reason: `managed by ${name}, which alone may stop and start it` };
  }
  for (const [tag, role, kind] of MANAGER_TAGS) {
    const value = tags.get(tag);
    if (value === undefined) continue;
    const name = `${kind} ${value}`.trim();
    return { name, reason: `${role} of the ${name}, which would replace it` };
  }
  return undefined;
}
