import type { TaskList } from "graphile-worker";
import { anchorAuditHeads } from "./anchor_audit_heads.ts";
import { deliverEmail } from "./deliver_email.ts";
import { deliverEvents } from "./deliver_events.ts";
import { type Outside, type TaskDefinition, toTask } from "./task.ts";
import {
  advanceAppointments,
  enqueueOverdueDeliveries,
  expireBookingRequests,
  openAuditMonths,
  releaseExpiredClaims,
} from "./timed.ts";

/** Every task by the name under which SQL queues it. */
export const tasks: Record<string, TaskDefinition> = {
  deliver_email: deliverEmail,
  deliver_events: deliverEvents,
  advance_appointments: advanceAppointments,
  anchor_audit_heads: anchorAuditHeads,
  enqueue_overdue_deliveries: enqueueOverdueDeliveries,
  expire_booking_requests: expireBookingRequests,
  open_audit_months: openAuditMonths,
  release_expired_claims: releaseExpiredClaims,
};

/** The tasks as the queue wants them, with their ways to the outside. */
export function taskList(outside: Outside): TaskList {
  return Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, toTask(task, outside)]));
}
