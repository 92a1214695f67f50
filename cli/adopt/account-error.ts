/** AWS could not be read: no credentials, no permission, no connection. The message is for whoever asked. */
export class AccountError extends Error {
  override readonly name = "AccountError";
}

/**
 * What went wrong with a call, in one line.
 * @param permission the IAM action that the call needs
 */
export function accountError(permission: string, cause: unknown): AccountError {
  const { name, message } = cause instanceof Error ? cause : { name: "Error", message: String(cause) };
  const text = message.replace(/\s+/g, " ").trim();
  if (DENIED.test(name) || DENIED.test(text)) {
    return new AccountError(`AWS refused: these credentials need the permission ${permission} (${text})`, {
      cause,
    });
  }
  if (CREDENTIALS.test(name)) return new AccountError(`No AWS credentials: ${text}`, { cause });
  return new AccountError(`AWS could not be read (${permission}): ${name}: ${text}`, { cause });
}

const DENIED = /AccessDenied|UnauthorizedOperation|not authorized to perform/;
const CREDENTIALS = /CredentialsProviderError|UnrecognizedClient|InvalidClientTokenId|ExpiredToken/;
