import { WebhookRefused } from "../port.ts";
import { sesWebhooks } from "../ses_sns.ts";
import { certificate, topic } from "./sns_topic.ts";

/** What the verifiers of a test asked SNS for, and how it answers them: with its certificate unless told otherwise. */
export const sns: { asked: string[]; answer(): Promise<string> } = {
  asked: [],
  answer: async () => certificate,
};

/** Before each test, for files share their process. */
export function forgetSns(): void {
  sns.asked = [];
  sns.answer = async () => certificate;
}

export const newVerifier = (changes: Partial<Parameters<typeof sesWebhooks>[0]> = {}) =>
  sesWebhooks({
    topicArns: [topic],
    ask: (url) => {
      sns.asked.push(url);
      return sns.answer();
    },
    ...changes,
  });

export const refused = (reason: WebhookRefused["reason"]) => new WebhookRefused(reason);
export const outcome = (verifying: Promise<unknown>) => verifying.catch((error: unknown) => error);
