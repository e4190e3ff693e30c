import { z } from "zod";
import { readVariable } from "../../runtime/environment/variable.ts";
import { publicUrl } from "../public_url.ts";
import { platformTexts } from "../sms/index.ts";
import { dailyWebhooks } from "./daily.ts";
import type { WebhookVerifier } from "./port.ts";
import { sesWebhooks, topicArn } from "./ses_sns.ts";
import { twilioWebhooks } from "./twilio.ts";

/** The credentials of a clinic's integration; null when there is no such integration of that vendor. */
export type CredentialsOf = (
  integrationId: string,
  provider: string,
) => Promise<Record<string, string> | null>;

const topicArns = {
  schema: z
    .string()
    .transform((text) => text.split(",").map((arn) => arn.trim()))
    .pipe(z.array(topicArn).min(1)),
  expects: "ARNs of SNS topics (arn:aws:sns:…), separated by commas",
};

const dailySecret = { schema: z.base64().min(16), expects: "the hmac of the webhook at Daily.co, in base64" };

/**
 * Who may tell us what became of messages and calls (FND-15, FND-25, APT-07): Twilio and Daily, for the platform's
 * account and those of clinics, and SES through the topics in SES_SNS_TOPIC_ARNS. A vendor that is not used cannot call.
 */
export function messageVerifiers(env: NodeJS.ProcessEnv, credentialsOf?: CredentialsOf): WebhookVerifier[] {
  const verifiers: WebhookVerifier[] = [];
  const platform = platformTexts(env);
  if (platform || credentialsOf) {
    verifiers.push(
      twilioWebhooks({
        publicUrl: publicUrl(env),
        async authTokenOf(integrationId) {
          if (integrationId === null) return platform?.account.authToken ?? null;
          return (await credentialsOf?.(integrationId, "twilio"))?.authToken ?? null;
        },
      }),
    );
  }
  if (env.SES_SNS_TOPIC_ARNS) {
    const arns = readVariable(env, "SES_SNS_TOPIC_ARNS", topicArns);
    verifiers.push(sesWebhooks({ topicArns: arns }));
  }
  if (env.DAILY_WEBHOOK_SECRET || credentialsOf) {
    const secret = env.DAILY_WEBHOOK_SECRET && readVariable(env, "DAILY_WEBHOOK_SECRET", dailySecret);
    verifiers.push(
      dailyWebhooks({
        async secretOf(integrationId) {
          if (integrationId === null) return secret || null;
          return (await credentialsOf?.(integrationId, "daily"))?.webhookSecret ?? null;
        },
      }),
    );
  }
  return verifiers;
}
