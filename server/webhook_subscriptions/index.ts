import { DatabaseError, type Pool } from "pg";
import { z } from "zod";
import { NotPublic } from "../../providers/outbound/index.ts";
import { newWebhookSecret, type WebhookSender } from "../../providers/webhooks_out/index.ts";
import { Refusal } from "../../runtime/refusal.ts";
import type { Secrets } from "../../secrets/index.ts";
import { asCaller } from "../http/transaction.ts";
import type { Settings } from "../identity/session.ts";

export const webhookInput = z.object({
  organizationId: z.string(),
  /** Absent: a new one. */
  subscriptionId: z.string().nullish(),
  name: z.string(),
  url: z.string(),
  eventNames: z.array(z.string()),
});

type Form = { clinic_id: string; id: string; secret_id: string };

/** What the schema does with webhooks beyond SQL (WHK-01, WHK-03): it makes and seals secrets, and looks at hosts. */
export type WebhookSubscriptions = ReturnType<typeof createWebhookSubscriptions>;

export function createWebhookSubscriptions({
  pool,
  secrets,
  sender,
}: {
  pool: Pool;
  secrets: Secrets;
  sender: WebhookSender;
}) {
  /** Asks first, so that nobody makes us look up hosts and seal who may not save. */
  async function formOf(settings: Settings, organizationId: string | null, subscriptionId: string | null) {
    return asCaller(pool, settings, async (client) => {
      const { rows } = await client.query<Form>(
        "select * from app_hidden.webhook_subscription_form($1, $2)",
        [organizationId, subscriptionId],
      );
      return rows[0] as Form;
    });
  }

  /** Writes with a new secret, sealed for its row; once more where a rotation of keys came between. */
  async function withSecret(
    { clinic_id, secret_id }: Form,
    write: (sealed: Buffer) => Promise<unknown>,
  ): Promise<string> {
    const secret = newWebhookSecret();
    const place = { table: "app_private.webhook_secrets", column: "secret", row: secret_id };
    const seal = () => secrets.seal(clinic_id, place, Buffer.from(secret, "utf8"));
    try {
      await write(await seal());
    } catch (error) {
      if (!(error instanceof DatabaseError && error.message === "data_key_not_in_use")) throw error;
      secrets.refresh(clinic_id);
      await write(await seal());
    }
    return secret;
  }

  return {
    /** Resolves with the id, and with the secret of a new one; throws a Refusal otherwise, and then nothing was written. */
    async save(
      settings: Settings,
      { organizationId, subscriptionId, name, url, eventNames }: z.output<typeof webhookInput>,
    ): Promise<{ id: string; secret: string | null }> {
      const form = await formOf(settings, organizationId, subscriptionId ?? null);
      await sender.check(url).catch((error: unknown) => {
        throw error instanceof NotPublic
          ? new Refusal("VALIDATION", "webhook_url_not_public", { field: "url" })
          : new Refusal("VALIDATION", "webhook_host_unknown", { field: "url" });
      });
      const write = (sealed: Buffer | null) =>
        asCaller(pool, settings, (client) =>
          client.query("select app_hidden.save_webhook_subscription($1, $2, $3, $4, $5, $6, $7)", [
            form.id,
            form.clinic_id,
            name,
            url,
            eventNames,
            sealed && form.secret_id,
            sealed,
          ]),
        );
      if (!subscriptionId) return { id: form.id, secret: await withSecret(form, write) };
      await write(null);
      return { id: form.id, secret: null };
    },

    /** A new secret; the one before signs, too, for a day. */
    async rotate(settings: Settings, subscriptionId: string): Promise<{ id: string; secret: string }> {
      const form = await formOf(settings, null, subscriptionId);
      const secret = await withSecret(form, (sealed) =>
        asCaller(pool, settings, (client) =>
          client.query("select app_hidden.rotate_webhook_secret($1, $2, $3)", [
            form.id,
            form.secret_id,
            sealed,
          ]),
        ),
      );
      return { id: form.id, secret };
    },
  };
}
