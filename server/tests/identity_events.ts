import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { Answer, TestApi } from "./support.ts";

export type Delivery = { body: string | Buffer; headers: Record<string, string> };

/** An event of the identity provider as Clerk would sign and send it. */
export function identityEvent(
  api: TestApi,
  type: string,
  data: object,
  {
    id = `msg_${randomUUID()}`,
    at = new Date(),
    secret = api.issuer.webhookSecret,
  }: { id?: string; at?: Date; secret?: string } = {},
): Delivery {
  const body = JSON.stringify({
    object: "event",
    type,
    timestamp: at.getTime(),
    instance_id: "ins_test",
    data,
  });
  return {
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "Svix-Webhooks/1.0",
      "svix-id": id,
      "svix-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "svix-signature": new Webhook(secret).sign(id, at, body),
    },
  };
}

export function deliver(
  api: TestApi,
  { body, headers }: Delivery,
  path = "/v1/webhooks/clerk",
): Promise<Answer> {
  return api.fetch(path, { method: "POST", headers, body });
}

/** Clerk's user object, as far as it matters. */
export function clerkUser(
  subject: string,
  {
    email,
    verified = true,
    name,
    locale = "ro",
    updatedAt = new Date(),
    banned = false,
  }: {
    email: string;
    verified?: boolean;
    name: string;
    locale?: string;
    updatedAt?: Date;
    banned?: boolean;
  },
): object {
  const [first, ...rest] = name.split(" ");
  return {
    id: subject,
    object: "user",
    first_name: first,
    last_name: rest.join(" "),
    locale,
    banned,
    updated_at: updatedAt.getTime(),
    primary_email_address_id: "idn_2",
    email_addresses: [
      { id: "idn_1", email_address: "another@people.test", verification: { status: "verified" } },
      { id: "idn_2", email_address: email, verification: { status: verified ? "verified" : "unverified" } },
    ],
  };
}
