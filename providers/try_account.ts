import { AccountUnfit, ownMailer } from "./email/index.ts";
import { CredentialsRefused } from "./failures.ts";
import type { ResolvedProvider } from "./resolve.ts";
import { ownTwilio } from "./sms/index.ts";
import { tryTwilio } from "./sms/twilio.ts";
import { tryDaily } from "./video/daily.ts";
import { ownDaily } from "./video/index.ts";

/** What trying an account came to: null is well, else a word that says what is wrong. */
export type AccountProblem =
  | "credentials_refused"
  | "sender_not_verified"
  | "sending_not_allowed"
  | "address_not_allowed"
  | "settings_incomplete"
  | "unreachable"
  | "no_adapter";

/**
 * Asks a vendor whether it takes a clinic's account, without sending or making anything (FND-23): Twilio and Daily read
 * the account, SES its sending identity, SMTP logs in.
 */
export async function tryMessageAccount(
  env: NodeJS.ProcessEnv,
  account: Pick<ResolvedProvider, "provider" | "settings"> & { credentials: Record<string, string> },
): Promise<AccountProblem | null> {
  try {
    if (account.provider === "twilio") {
      await tryTwilio(ownTwilio(account.credentials, env));
      return null;
    }
    if (account.provider === "daily") {
      await tryDaily(ownDaily(account.credentials, env));
      return null;
    }
    if (account.provider === "ses" || account.provider === "smtp") {
      const mailer = ownMailer(env, account);
      const problem = await mailer.check();
      mailer.close();
      return problem?.reason ?? null;
    }
    return "no_adapter";
  } catch (error) {
    if (error instanceof AccountUnfit) return error.reason;
    return error instanceof CredentialsRefused ? "credentials_refused" : "unreachable";
  }
}
