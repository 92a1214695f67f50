import { calling } from "../../aws/calling";
import type { DoctorPermission } from "./permissions";

/** As `calling`, with a permission that the help names. */
export function asking<T>(permission: DoctorPermission, work: () => Promise<T>): Promise<T> {
  return calling(permission, work);
}

/** The same of a thing that may not be there. */
export async function askingFor<T>(
  permission: DoctorPermission,
  work: () => Promise<T>,
  absent: RegExp = /NotFound|NoSuchEntity|NonExistentQueue|QueueDoesNotExist/,
): Promise<T | undefined> {
  return await calling(permission, async () => {
    try {
      return await work();
    } catch (error) {
      // That is how AWS's services say that there is none.
      if (error instanceof Error && absent.test(error.name)) return undefined;
      throw error;
    }
  });
}
