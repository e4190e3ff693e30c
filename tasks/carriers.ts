import type { PoolClient } from "pg";
import { renderMail } from "../messages/mail.ts";
import type { ClaimedMessage } from "../messages/message.ts";
import { renderInboxItem, renderNotice, renderText } from "../messages/short.ts";
import { type Pusher, PushGone, PushRefused } from "../providers/push/port.ts";
import { TextRefused } from "../providers/sms/port.ts";
import { onceOn } from "./effects/once.ts";
import type { Outside } from "./task.ts";

type Way = {
  client: PoolClient;
  /** By which the vendor recognises a repeat. */
  key: string;
  /** Who claims effects. */
  by: string;
  /** No other attempt follows this one. */
  isLast: boolean;
};

/** Whose account will carry a message, known before anything leaves: what its vendor answers counts there (FND-35). */
export type Carrier = {
  /** Who carries it, as its reports are filed. */
  vendor: string | null;
  /** The clinic's integration; null: the platform's account. */
  integrationId: string | null;
  /** Sends it, and answers the vendor's id, by which its callbacks name it. */
  send(way: Way): Promise<string>;
};

export type Carriers = Record<ClaimedMessage["channel"], (message: ClaimedMessage) => Promise<Carrier>>;

/** How a message leaves, by channel (FND-15). A channel that this installation has no vendor for refuses. */
export function carriersOf({ mailers, texts, pusher }: Outside): Carriers {
  const text: Carriers["sms"] = async (message) => {
    if (!texts) throw new TextRefused("no vendor is set up");
    const messenger = await texts.for(message.organization_id, message.channel as "sms" | "whatsapp");
    return {
      vendor: messenger.vendor ?? null,
      integrationId: messenger.integrationId ?? null,
      send: async ({ key }) => (await messenger.send(renderText(message), { key })).vendorId,
    };
  };

  return {
    async email(message) {
      const mailer = await mailers.for(message.organization_id);
      return {
        vendor: mailer.vendor ?? null,
        integrationId: mailer.integrationId ?? null,
        send: async ({ client, key }) => {
          const organizer = await organizerOf(client, message, mailer.from);
          return (await mailer.send(renderMail(message, organizer), { key })).vendorId;
        },
      };
    },
    sms: text,
    whatsapp: text,
    async push(message) {
      if (!pusher) throw new PushRefused("no vendor is set up");
      return {
        vendor: pusher.vendor ?? null,
        integrationId: null,
        send: (way) => push(pusher, message, way),
      };
    },
    async in_app(message) {
      return {
        vendor: "inbox",
        integrationId: null,
        async send({ client, key }) {
          const { title, body } = renderInboxItem(message);
          const { rows } = await client.query<{ id: string }>(
            "select app_private.put_in_inbox($1, $2, $3, $4, $5, $6) as id",
            [message.organization_id, message.account_id, key, title, body, message.created_at],
          );
          return rows[0]?.id as string;
        },
      };
    },
  };
}

/** Who stands as organizer in the calendar entry of a mail; the sender where the clinic has no address. */
async function organizerOf(client: PoolClient, message: ClaimedMessage, sender: string): Promise<string> {
  if (message.calendar_uid === null) return sender;
  const { rows } = await client.query<{ organizer: string }>(
    "select app_private.organizer_of($1, $2, $3) as organizer",
    [message.organization_id, message.calendar_uid, sender],
  );
  return rows[0]?.organizer as string;
}

type Subscription = { id: string; endpoint: string; p256dh: string; auth: string };

/**
 * Tells every browser of the account, each once however often this is tried again. Subscriptions that are over are
 * dropped. One browser that took it is enough for the message to be sent; none, and it was refused.
 */
async function push(
  pusher: Pusher,
  message: ClaimedMessage,
  { client, key, by, isLast }: Way,
): Promise<string> {
  const { rows: subscriptions } = await client.query<Subscription>(
    "select * from app_private.push_subscriptions_of($1)",
    [message.account_id],
  );
  const notice = renderNotice(message);
  const left = Math.floor((message.expires_at.getTime() - Date.now()) / 1000);
  const ttlSeconds = Math.min(Math.max(left, 60), 24 * 60 * 60);

  let isTaken = false;
  let delayed: unknown;
  for (const { id, ...subscription } of subscriptions) {
    try {
      // Recorded for itself: when another browser is tried again, this one is not.
      await onceOn(client, { key: `push:${key}:${id}`, by }, () =>
        pusher.send(subscription, notice, { key, ttlSeconds }),
      );
      isTaken = true;
    } catch (error) {
      if (error instanceof PushGone) {
        await client.query("select app_private.drop_push_subscription($1)", [id]);
      } else if (!(error instanceof PushRefused)) {
        delayed ??= error;
      }
    }
  }
  if (delayed && !(isTaken && isLast)) throw delayed;
  if (!isTaken) throw new PushRefused("no browser took it");
  return key;
}
