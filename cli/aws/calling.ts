import { awsError } from "./aws-error";

/** Reading is not urgent; AWS throttles whoever asks for everything at once. */
const AT_ONCE = 5;

/**
 * Work that asks AWS, with whatever goes wrong told in one line.
 * @param permission the IAM action that it needs
 * @throws {AwsError}
 */
export async function calling<T>(permission: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw awsError(permission, error);
  }
}

/** How most of AWS's services say that there is no such thing. */
const NO_SUCH_RESOURCE = /^ResourceNotFoundException$/;

/**
 * As {@link calling}, for a thing that may not be there: undefined then.
 * @param absent the name of the error that says so
 * @throws {AwsError}
 */
export async function callingFor<T>(
  permission: string,
  work: () => Promise<T>,
  absent: RegExp = NO_SUCH_RESOURCE,
): Promise<T | undefined> {
  return await calling(permission, async () => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && absent.test(error.name)) return undefined;
      throw error;
    }
  });
}

/** All pages of a paginator of the AWS SDK. */
export async function allPages<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
}

/** The result for each item, in their order, a few at a time. */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(read))));
  }
  return results;
}
