/**
 * IAM gives its documents as URL-encoded JSON.
 * @param text none: an empty document
 */
export function documentOf<Document extends object>(text: string | undefined): Partial<Document> {
  return text === undefined ? {} : JSON.parse(decodeURIComponent(text));
}
