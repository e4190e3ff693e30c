import type { WebhookOutcome, WebhookSender } from "../../providers/webhooks_out/index.ts";
import { EnvelopeRefused, type Secrets } from "../../secrets/index.ts";
import { webhookSecretPlace } from "../../secrets/webhook_secret.ts";

/** A delivery that this process may send, as app_private.claim_webhook_events() gives it. */
export type Claimed = {
  id: string;
  organization_id: string;
  subscription_id: string;
  claim: string;
  url: string;
  body: string;
  is_failing: boolean;
  secrets: { id: string; envelope: string }[] | null;
};

/** What came of it; `postponed`: it did not leave, for this reason of ours, and that is no attempt. */
export type Outcome =
  | { kind: "tried"; outcome: WebhookOutcome }
  | { kind: "postponed"; problem: "not_sent" | "no_secret"; error: unknown };

/**
 * One attempt (WHK-02). Everything that fails before the bytes leave is told apart from what the receiver does: keys that cannot be
 * read now, and what the sender calls not_sent. A secret that no key opens any more signs nothing; the others do.
 */
export async function attempt(
  { id, organization_id, url, body, secrets: sealed }: Claimed,
  { sender, secrets }: { sender: WebhookSender; secrets: Secrets },
): Promise<Outcome> {
  const opened = await Promise.allSettled(
    (sealed ?? []).map((secret) =>
      secrets.open(organization_id, webhookSecretPlace(secret.id), Buffer.from(secret.envelope, "base64")),
    ),
  );
  const failed = opened.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  const outage = failed.find((error) => !(error instanceof EnvelopeRefused));
  if (outage !== undefined) return { kind: "postponed", problem: "not_sent", error: outage };
  const good = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value.toString("utf8")] : []));
  if (good.length === 0) {
    return { kind: "postponed", problem: "no_secret", error: failed[0] ?? new Error("there is no secret") };
  }
  const outcome = await sender.send({ id, url, body, secrets: good });
  if (outcome.problem !== "not_sent") return { kind: "tried", outcome };
  return { kind: "postponed", problem: "not_sent", error: new Error("nothing can be reached from here") };
}
