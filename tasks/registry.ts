import type { TaskList } from "graphile-worker";
import { actOnRetentions } from "./act_on_retentions.ts";
import { anchorAuditHeads } from "./anchor_audit_heads.ts";
import { deliverEvents } from "./deliver_events.ts";
import { deliverMessage } from "./deliver_message.ts";
import { goOnWithKeyRotation } from "./key_rotation.ts";
import { processWebhook } from "./process_webhook.ts";
import { sweepObjects, sweepUploads } from "./sweep_files.ts";
import { type Outside, type TaskDefinition, toTask } from "./task.ts";
import {
  advanceAppointments,
  endStuckMessages,
  enqueueObjectSweeps,
  enqueueOverdueDeliveries,
  expireBookingRequests,
  forgetSpentAllowances,
  openAuditMonths,
  releaseExpiredClaims,
} from "./timed.ts";

/** Every task by the name under which SQL queues it. */
export const tasks: Record<string, TaskDefinition> = {
  deliver_events: deliverEvents,
  process_webhook: processWebhook,
  deliver_message: deliverMessage,
  deliver_email: deliverMessage, // what was queued before messages had channels
  purge_webhooks: actOnRetentions, // what was queued before retentions had one task
  forget_remembered_mutations: actOnRetentions, // likewise
  act_on_retentions: actOnRetentions,
  advance_appointments: advanceAppointments,
  anchor_audit_heads: anchorAuditHeads,
  end_stuck_messages: endStuckMessages,
  enqueue_object_sweeps: enqueueObjectSweeps,
  enqueue_overdue_deliveries: enqueueOverdueDeliveries,
  expire_booking_requests: expireBookingRequests,
  forget_spent_allowances: forgetSpentAllowances,
  open_audit_months: openAuditMonths,
  release_expired_claims: releaseExpiredClaims,
  go_on_with_key_rotation: goOnWithKeyRotation,
  sweep_objects: sweepObjects,
  sweep_uploads: sweepUploads,
};

/** The tasks as the queue wants them, with their ways to the outside. */
export function taskList(outside: Outside): TaskList {
  return Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, toTask(task, outside)]));
}
