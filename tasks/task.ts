import type { JobHelpers, Task } from "graphile-worker";
import type { z } from "zod";
import type { Composer } from "../providers/composer/index.ts";
import type { Mailers } from "../providers/email/index.ts";
import type { ExerciseVideos } from "../providers/exercise_video/index.ts";
import type { InvoicingVendors } from "../providers/invoicing/index.ts";
import type { Kms } from "../providers/kms/index.ts";
import type { PaymentVendors } from "../providers/payment/index.ts";
import type { Pusher } from "../providers/push/port.ts";
import type { TextMessengers } from "../providers/sms/port.ts";
import type { ObjectStores } from "../providers/storage/port.ts";
import type { TaxOffice } from "../providers/tax_office/index.ts";
import type { VideoVendors } from "../providers/video/index.ts";
import type { WebhookSender } from "../providers/webhooks_out/index.ts";
import { describeFailure } from "../runtime/failure.ts";
import type { Secrets } from "../secrets/index.ts";
import type { LinkKeys } from "../secrets/links/link_key.ts";
import type { WebhookHandlers } from "../webhooks/index.ts";

/** What tasks reach the outside with. */
export type Outside = {
  mailers: Mailers;
  objects: ObjectStores;
  /** What vendors' deliveries do. */
  webhooks: WebhookHandlers;
  /** SMS and WhatsApp; without it both channels are refused, and others stand in. */
  texts?: TextMessengers | undefined;
  /** Web Push; likewise. */
  pusher?: Pusher | undefined;
  /** Rooms of video calls; without it none is made. */
  video?: VideoVendors | undefined;
  /** Whom clinics pay the platform through, and who issues what they are billed with; without them both wait. */
  payments?: PaymentVendors | undefined;
  invoicing?: InvoicingVendors | undefined;
  /** Who says what became of documents; without it nobody is asked. */
  taxOffice?: TaxOffice | undefined;
  /** What makes videos of exercises; without it they wait. */
  composer?: Composer | undefined;
  /** Where those are kept. */
  exerciseVideos?: ExerciseVideos | undefined;
  /** The way to clinics' own receivers; without it their deliveries wait. */
  webhooksOut?: WebhookSender | undefined;
  kms: Kms;
  /** Where people open our pages; without it no link to one can be sent. */
  publicUrl?: string | undefined;
  /** Seals and opens what the database keeps encrypted. */
  secrets: Secrets;
  /** What links to sign are made with. */
  linkKeys(): Promise<LinkKeys>;
};

/** When a task is due, as in a crontab and in UTC, and how often one tick is tried: three times, if it does not say. */
export type Clock = { at: string; attempts?: number };

/** A task with the shape of its payload; payloads carry ids, never personal data. */
export type TaskDefinition<Payload extends z.ZodType = z.ZodType> = {
  payload: Payload;
  /** When it is due by the clock; a task without one runs when it is queued. */
  clock?: Clock;
  /** Names that it had before, under which jobs may still wait. */
  formerly?: string[];
  run(payload: z.output<Payload>, helpers: JobHelpers, outside: Outside): Promise<void>;
};

/** Types `run` by the schema beside it. */
export function defineTask<Payload extends z.ZodType>(
  task: TaskDefinition<Payload>,
): TaskDefinition<Payload> {
  return task;
}

/** The task as the queue calls it: payload checked first, failures told without what they might quote. */
export function toTask(task: TaskDefinition, outside: Outside): Task {
  return async (raw, helpers) => {
    try {
      await task.run(task.payload.parse(raw), helpers, outside);
    } catch (error) {
      throw new TaskFailed(describeFailure(error));
    }
  };
}

/** What the queue keeps and logs of a failure. */
class TaskFailed extends Error {
  override name = "TaskFailed";
}
