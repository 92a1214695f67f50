import { KMS_KEY_ARN, POLICY_ARN } from "../contract/patterns";
import { block, byName, eachLike, either, flag, like, list, optional, required, text } from "./schema-parts";

const adoptedFunction = () =>
  block(
    {
      name: required(text("the name of a function"), "Its name."),
      logGroup: optional(flag(), "Whether its log group exists, and so is adopted too. Default: false."),
      logGroupKmsKeyArn: optional(
        text("the ARN of a KMS key"),
        "The KMS key that encrypts its log group, to leave it in place. Default: none.",
        like(KMS_KEY_ARN),
      ),
    },
    "a function: its name",
  );
const adoptedRole = block(
  {
    name: required(text("the name of a role"), "Its name, without the path."),
    path: optional(text("a path such as /service-role/"), "Its path as it is. Default: /."),
    description: optional(text("a description as text"), "Its description as it is."),
    keepPolicyArns: optional(
      list(text("the ARN of a policy"), "a list of ARNs of policies"),
      "Managed policies that stay attached. Default: none.",
      eachLike(POLICY_ARN),
    ),
  },
  "a role: its name",
);
const adoptedTrigger = either(
  block(
    {
      rule: required(text("the name of a rule"), "Name of the rule."),
      targetId: required(text("the id of the rule's target"), "Id of its target."),
    },
    "a rule with the id of its target",
  ),
  block(
    {
      group: required(text("the name of a schedule group"), "Name of the group."),
      name: required(text("the name of a schedule"), "Name of the schedule."),
    },
    "a schedule with its group",
  ),
  "rule with targetId, or group with name",
);
/** What exists already and is taken over. */
export const adopt = block(
  {
    role: optional(adoptedRole, "The role that the functions run with."),
    functions: optional(
      block(
        {
          stop: optional(adoptedFunction(), "The function that stops."),
          start: optional(adoptedFunction(), "The function that starts."),
        },
        "functions: stop, start or both",
      ),
      "Functions by what they do.",
    ),
    schedules: optional(
      byName(adoptedTrigger, "existing rules or schedules, by the name of the schedule that they fire"),
      "What fires each schedule, by its name (staging-hours-start for the start of a window).",
    ),
  },
  "what exists already: role, functions, schedules",
);
