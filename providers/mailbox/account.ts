import { randomBytes } from "node:crypto";
import path from "node:path";
import { dataDir } from "../../runtime/environment/data_dir.ts";
import { keptSecret } from "../kept_secret.ts";
import type { TwilioAccount } from "../sms/twilio_client.ts";
import type { DailyAccount } from "../video/daily.ts";

/** The account that the embedded mailbox plays Twilio for; its token is made on this machine and stays there. */
export function mailboxAccount(env: NodeJS.ProcessEnv): TwilioAccount & { apiUrl: string } {
  // Called after the name that the mailbox once had, so that a data folder of then keeps its token.
  const file = path.join(dataDir(env), "keys", "outbox_auth_token");
  return {
    accountSid: "AC00000000000000000000000000000000",
    authToken: keptSecret(file, () => randomBytes(16).toString("hex")),
    apiUrl: `http://127.0.0.1:${env.MAILBOX_PORT || 4080}`,
  };
}

/** Who texts of the embedded mailbox come from. */
export const mailboxSender = "+40312345678";

/** The account that the embedded mailbox plays Daily.co for; its key is made on this machine and stays there. */
export function mailboxVideo(env: NodeJS.ProcessEnv): DailyAccount & { apiUrl: string } {
  const file = path.join(dataDir(env), "keys", "mailbox_video_key");
  return {
    apiKey: keptSecret(file, () => randomBytes(32).toString("hex")),
    apiUrl: `http://127.0.0.1:${env.MAILBOX_PORT || 4080}`,
  };
}
