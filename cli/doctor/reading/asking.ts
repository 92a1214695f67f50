import { calling, callingFor } from "../../aws/calling";
import type { DoctorPermission } from "./permissions";

/** As `calling`, with a permission that the help names. */
export function asking<T>(permission: DoctorPermission, work: () => Promise<T>): Promise<T> {
  return calling(permission, work);
}

/** The same of a thing that may not be there. */
export function askingFor<T>(
  permission: DoctorPermission,
  work: () => Promise<T>,
  absent: RegExp = /NotFound|NoSuchEntity|NonExistentQueue|QueueDoesNotExist/,
): Promise<T | undefined> {
  return callingFor(permission, work, absent);
}
