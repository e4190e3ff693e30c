import { z } from "zod";
import { together } from "../../runtime/config_error.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import { publicUrl } from "../public_url.ts";
import { anotherUrl } from "../stripe/account.ts";

/** The platform's company at FGO. */
export type FgoAccount = {
  /** The company's tax number, digits alone. */
  companyCode: string;
  privateKey: string;
  /** The series of FGO that documents are numbered in. */
  series: string;
  /** The rate of tax that FGO puts on every line, in percent: the operator's choice, from FGO's own list of rates. */
  vatRate: string;
  /** Where this platform is, as FGO has it written down. */
  platformUrl: string;
  /** Another server that speaks FGO's protocol; absent: FGO's own. */
  apiUrl?: string;
};

/** The platform's account at FGO by FGO_PRIVATE_KEY; null where there is none. Throws a ConfigError that names what is missing. */
export function fgoAccount(env: NodeJS.ProcessEnv): FgoAccount | null {
  if (!env.FGO_PRIVATE_KEY) return null;
  const [privateKey, companyCode, series, vatRate, platformUrl, apiUrl] = together(
    () =>
      readVariable(env, "FGO_PRIVATE_KEY", { schema: z.string().min(8), expects: "a private key of FGO" }),
    () =>
      readVariable(env, "FGO_COMPANY_CODE", {
        schema: z.string().regex(/^\d{2,10}$/),
        expects: "the platform's tax number as FGO has it, digits alone",
      }),
    () =>
      readVariable(env, "FGO_SERIES", {
        schema: z.string().regex(/^[A-Za-z0-9-]{1,20}$/),
        expects: "a series of documents that is defined at FGO",
      }),
    () =>
      readVariable(env, "FGO_VAT_RATE", {
        schema: z.string().regex(/^\d{1,2}(\.\d{1,2})?$/),
        expects: "the rate of tax in percent that FGO puts on the lines, such as 21, or 0",
      }),
    () => publicUrl(env),
    () => anotherUrl(env, "FGO_API_URL"),
  );
  return { privateKey, companyCode, series, vatRate, platformUrl, ...(apiUrl && { apiUrl }) };
}
