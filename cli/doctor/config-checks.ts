import type { Around } from "./around";
import { type Examination, none, note, ok, wrong } from "./check";

/** Whether this is the account that is meant. */
export function examineAccount(arn: string, { deployment, account }: Around): Examination {
  const { allowedAccountIds } = deployment.config;
  return {
    subject: "Account",
    looks: [
      { name: "credentials", look: async () => ok(arn) },
      {
        name: "allowed",
        look: async () => {
          if (allowedAccountIds === undefined) return none("the config allows any account");
          if (allowedAccountIds.includes(account.id)) return ok(`${account.id}, as allowedAccountIds says`);
          const expected = allowedAccountIds.join(", ");
          return wrong(`the config is not for ${account.id}`, "set --profile to the account that is meant", [
            { what: "account", got: account.id, expected },
          ]);
        },
      },
    ],
  };
}

/** What `npm run synth` warns of. */
export function examineConfig({ expected }: Around): Examination {
  const warnings = expected.warnings.map(({ path, message }) => ({
    name: path || "schedules",
    look: async () => note(message),
  }));
  const nothing = { name: "warnings", look: async () => ok("none") };
  return { subject: "Config", looks: warnings.length > 0 ? warnings : [nothing] };
}
