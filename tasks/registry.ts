import type { TaskList } from "graphile-worker";
import { deliverEmail } from "./deliver_email.ts";
import { deliverEvents } from "./deliver_events.ts";
import { sweepObjects, sweepUploads } from "./sweep_files.ts";
import { type Outside, type TaskDefinition, toTask } from "./task.ts";
import {
  advanceAppointments,
  enqueueObjectSweeps,
  enqueueOverdueDeliveries,
  expireBookingRequests,
  releaseExpiredClaims,
} from "./timed.ts";

/** Every task by the name under which SQL queues it. */
export const tasks: Record<string, TaskDefinition> = {
  deliver_email: deliverEmail,
  deliver_events: deliverEvents,
  advance_appointments: advanceAppointments,
  enqueue_object_sweeps: enqueueObjectSweeps,
  enqueue_overdue_deliveries: enqueueOverdueDeliveries,
  expire_booking_requests: expireBookingRequests,
  release_expired_claims: releaseExpiredClaims,
  sweep_objects: sweepObjects,
  sweep_uploads: sweepUploads,
};

/** The tasks as the queue wants them, with their ways to the outside. */
export function taskList(outside: Outside): TaskList {
  return Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, toTask(task, outside)]));
}
