import { DatabaseError, type Pool } from "pg";
import { z } from "zod";
import { NotPublic } from "../../providers/outbound/index.ts";
import { newWebhookSecret, type WebhookSender } from "../../providers/webhooks_out/index.ts";
import { Refusal } from "../../runtime/refusal.ts";
import type { Secrets } from "../../secrets/index.ts";
import { webhookSecretPlace } from "../../secrets/webhook_secret.ts";
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

type Operation = "save_webhook_subscription" | "rotate_webhook_secret";
type Form = {
  clinic_id: string;
  id: string;
  secret_id: string | null;
  /** Whether the same request was answered before; `envelope` is then the secret that was shown. */
  is_answered: boolean;
  envelope: Buffer | null;
};
type Asked = { organizationId: string | null; subscriptionId: string | null; request: string };
type Answer = { id: string; secret: string | null };

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
  async function formOf(settings: Settings, operation: Operation, asked: Asked): Promise<Form> {
    const { rows } = await asCaller(pool, settings, (client) =>
      client.query<Form>("select * from app_hidden.webhook_subscription_form($1, $2, $3, $4)", [
        asked.organizationId,
        asked.subscriptionId,
        operation,
        asked.request,
      ]),
    );
    return rows[0] as Form;
  }

  /**
   * The answer to a request that was answered before (FND-26): the secret is not kept for that, it is opened from where it
   * lies sealed.
   */
  async function again({ clinic_id, id, secret_id, envelope }: Form): Promise<Answer> {
    if (!secret_id || !envelope) return { id, secret: null };
    const opened = await secrets.open(clinic_id, webhookSecretPlace(secret_id), envelope);
    return { id, secret: opened.toString("utf8") };
  }

  /** Writes with a new secret, sealed for its row; once more where a rotation of keys came between. */
  async function withSecret(
    { clinic_id, id, secret_id }: Form,
    write: (secretId: string, sealed: Buffer) => Promise<{ secretId: string }>,
    repeat: () => Promise<Answer>,
  ): Promise<Answer> {
    const secret = newWebhookSecret();
    const row = secret_id as string;
    const seal = () => secrets.seal(clinic_id, webhookSecretPlace(row), Buffer.from(secret, "utf8"));
    const written = await seal()
      .then((sealed) => write(row, sealed))
      .catch(async (error) => {
        if (!(error instanceof DatabaseError && error.message === "data_key_not_in_use")) throw error;
        secrets.refresh(clinic_id);
        return write(row, await seal());
      });
    // Somebody was faster with the same request.
    return written.secretId === row ? { id, secret } : repeat();
  }

  return {
    /** Resolves with the id, and with the secret of a new one; throws a Refusal otherwise, and then nothing was written. */
    async save(settings: Settings, input: z.output<typeof webhookInput>): Promise<Answer> {
      const { organizationId, name, url, eventNames } = input;
      const subscriptionId = input.subscriptionId ?? null;
      const asked = { organizationId, subscriptionId, request: JSON.stringify(input) };
      const ask = () => formOf(settings, "save_webhook_subscription", asked);
      const form = await ask();
      if (form.is_answered) return again(form);
      await sender.check(url).catch((error: unknown) => {
        throw error instanceof NotPublic
          ? new Refusal("VALIDATION", "webhook_url_not_public", { field: "url" })
          : new Refusal("VALIDATION", "webhook_host_unknown", { field: "url" });
      });
      const write = async (secretId: string | null, sealed: Buffer | null) => {
        const { rows } = await asCaller(pool, settings, (client) =>
          client.query(
            "select app_hidden.save_webhook_subscription($1, $2, $3, $4, $5, $6, $7, $8) as answer",
            [form.id, form.clinic_id, name, url, eventNames, secretId, sealed, asked.request],
          ),
        );
        return rows[0].answer;
      };
      if (!subscriptionId) return withSecret(form, write, async () => again(await ask()));
      await write(null, null);
      return { id: form.id, secret: null };
    },

    /** A new secret; the one before signs, too, for a day. */
    async rotate(settings: Settings, subscriptionId: string): Promise<Answer> {
      const asked = { organizationId: null, subscriptionId, request: JSON.stringify({ subscriptionId }) };
      const ask = () => formOf(settings, "rotate_webhook_secret", asked);
      const form = await ask();
      if (form.is_answered) return again(form);
      return withSecret(
        form,
        async (secretId, sealed) => {
          const { rows } = await asCaller(pool, settings, (client) =>
            client.query("select app_hidden.rotate_webhook_secret($1, $2, $3, $4) as answer", [
              form.id,
              secretId,
              sealed,
              asked.request,
            ]),
          );
          return rows[0].answer;
        },
        async () => again(await ask()),
      );
    },
  };
}
