/**
 * One word for any POSIX shell that means exactly this text: single quotes, within which nothing has a meaning but
 * their end. Two opening braces are never left side by side, since SSM fills in `{{ssm:name}}` before any shell sees it.
 */
export function shellQuote(text: string): string {
  return `'${text.replace(/'/g, "'\\''").replace(/\{(?=\{)/g, "{''")}'`;
}
