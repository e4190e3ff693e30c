import { CredentialsRefused } from "../../providers/failures.ts";
import { fgoAccount } from "../../providers/invoicing/account.ts";
import { tryFgo } from "../../providers/invoicing/fgo_client.ts";
import { stripeAccount } from "../../providers/stripe/account.ts";
import { tryStripe } from "../../providers/stripe/client.ts";
import { tryAnaf } from "../../providers/tax_office/anaf.ts";
import { anafAccess, goodUntil } from "../../providers/tax_office/index.ts";
import { broken, type Examination, type Finding, ok, warning } from "./finding.ts";

/** So many days before its end a token is told. */
const WARN_DAYS = 14;

/** Whether the vendors that take and bill what clinics pay let us in (BIL-04, FND-28); nothing is made there. */
export const billing: Examination = {
  name: "billing",
  async examine({ env }) {
    const stripe = stripeAccount(env);
    const fgo = fgoAccount(env);
    const anaf = anafAccess(env);
    const findings = await Promise.all([
      stripe && tried("Stripe", "STRIPE_SECRET_KEY", () => tryStripe(stripe)),
      fgo && tried("FGO", "FGO_PRIVATE_KEY and FGO_COMPANY_CODE", () => tryFgo(fgo)),
      anaf && tried("ANAF", "ANAF_ACCESS_TOKEN", () => tryAnaf(anaf)),
      anaf && lasting(anaf.token),
    ]);
    const found = findings.filter((finding) => finding !== null);
    return found.length > 0 ? found : [ok("clinics pay by bank transfer, no vendor is set up")];
  },
};

async function tried(name: string, settings: string, attempt: () => Promise<void>): Promise<Finding> {
  try {
    await attempt();
    return ok(`${name} lets us in`);
  } catch (error) {
    return error instanceof CredentialsRefused
      ? broken(`${name} does not accept the account`, `Enter ${settings} anew.`)
      : broken(
          `${name} could not be asked (${(error as Error).message})`,
          "Look at the way out of this machine.",
        );
  }
}

function lasting(token: string): Finding | null {
  const until = goodUntil(token);
  if (!until) return null;
  const day = until.toISOString().slice(0, 10);
  return until.getTime() - Date.now() > WARN_DAYS * 86_400_000
    ? ok(`the token of ANAF is good until ${day}`)
    : warning(
        `the token of ANAF ends on ${day}`,
        "Get another with the company's certificate and enter ANAF_ACCESS_TOKEN anew.",
      );
}
