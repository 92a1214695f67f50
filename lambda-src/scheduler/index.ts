// Loaded lazily, only by a run that leaves something for later, or that is a follow-up.
export { connectScheduler } from "./scheduler-client";
export { type Deferral, FollowUpWriter, type WriterOptions } from "./writer";
