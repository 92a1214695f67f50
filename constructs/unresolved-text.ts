import { Fn, Token } from "cdktf";
import { quoteWithTokens, type TokenWriter } from "../model/terraform-text";

/**
 * Lets Terraform write the value of a user's token as JSON, with all quoting and escaping. ARNs, and references of our
 * own, bring nothing that needs it and stay readable.
 */
export function tokenWriter(isOwn: (token: string) => boolean): TokenWriter {
  return (token) =>
    typeof token === "string" && (token.startsWith("arn:") || isOwn(token))
      ? quoteWithTokens(token)
      : Token.asString(Fn.jsonencode(token));
}
