import type { ClientBase } from "pg";
import { z } from "zod";
import type { WebhookHandler, WebhookReceipt } from "./receipt.ts";

const id = z.string().min(1).max(255);
const instant = z.number().int().positive(); // milliseconds

const session = z.looseObject({ id });
const deleted = z.looseObject({ id });
const membership = z.looseObject({
  organization: z.looseObject({ id }),
  public_user_data: z.looseObject({ user_id: id }),
});
const user = z.looseObject({
  id,
  updated_at: instant,
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  locale: z.string().nullish(),
  banned: z.boolean().nullish(),
  primary_email_address_id: z.string().nullish(),
  email_addresses: z
    .array(
      z.looseObject({
        id: z.string(),
        email_address: z.string().max(254),
        verification: z.looseObject({ status: z.string() }).nullish(),
      }),
    )
    .default([]),
});

/**
 * What the identity provider tells after somebody signed in (FND-25, FND-03). Its words end here: each event becomes
 * one function of ours. user.created makes nobody; a human begins with a first sign-in.
 */
export function clerkEvents(issuer: string): WebhookHandler {
  return {
    provider: "clerk",
    appliedOnReceipt: true,
    async apply(client, receipt) {
      const { data } = z
        .looseObject({ data: z.unknown() })
        .parse(JSON.parse(receipt.rawBody.toString("utf8")));
      switch (receipt.type) {
        case "session.ended":
        case "session.removed":
        case "session.revoked":
          return call(client, "app_hidden.end_session($1)", [session.parse(data).id]);
        case "user.deleted":
          return call(client, "app_hidden.end_identity($1, $2)", [issuer, deleted.parse(data).id]);
        case "user.created":
        case "user.updated":
          return call(
            client,
            "app_hidden.update_identity($1, $2, $3, $4, $5, $6, $7, $8)",
            userArguments(issuer, user.parse(data)),
          );
        case "organizationMembership.deleted":
          return call(
            client,
            "app_hidden.end_provider_membership($1, $2, $3, $4)",
            membershipArguments(issuer, membership.parse(data), receipt),
          );
        default:
          return "ignored";
      }
    },
  };
}

async function call(client: ClientBase, sql: string, values: unknown[]): Promise<string> {
  const { rows } = await client.query<{ outcome: string }>(`select ${sql} as outcome`, values);
  return rows[0]?.outcome ?? "ignored";
}

function userArguments(issuer: string, person: z.output<typeof user>): unknown[] {
  const email = person.email_addresses.find((address) => address.id === person.primary_email_address_id);
  return [
    issuer,
    person.id,
    new Date(person.updated_at),
    email?.email_address ?? null,
    email?.verification?.status === "verified",
    [person.first_name, person.last_name].filter(Boolean).join(" ") || null,
    person.locale ?? null,
    person.banned === true,
  ];
}

function membershipArguments(
  issuer: string,
  left: z.output<typeof membership>,
  { occurredAt, receivedAt }: WebhookReceipt,
): unknown[] {
  return [issuer, left.organization.id, left.public_user_data.user_id, occurredAt ?? receivedAt];
}
