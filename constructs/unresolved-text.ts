import { Fn, Token } from "cdktf";
import { quoteWithTokens, type TokenWriter } from "../model/terraform-text";

/**
 * Lets Terraform write the value of a user's token as JSON, with all quoting and escaping. ARNs bring nothing that
 * needs it and stay readable.
 */
export const writeToken: TokenWriter = (token) =>
  typeof token === "string" && token.startsWith("arn:")
    ? quoteWithTokens(token)
    : Token.asString(Fn.jsonencode(token));

/** For documents whose tokens are all our own, ARNs and account ids: none needs quoting. */
export const writeOwnToken: TokenWriter = (token) =>
  typeof token === "string" ? quoteWithTokens(token) : writeToken(token);
