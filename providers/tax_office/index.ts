import { z } from "zod";
import { together } from "../../runtime/config_error.ts";
import { readVariable } from "../../runtime/environment/variable.ts";
import { anotherUrl } from "../stripe/account.ts";
import { type AnafAccess, anafOffice } from "./anaf.ts";
import type { TaxOffice } from "./port.ts";

export type { TaxOffice } from "./port.ts";

/** The tax office that is asked what became of documents, by ANAF_ACCESS_TOKEN; null where none is. */
export function taxOfficeFrom(env: NodeJS.ProcessEnv): TaxOffice | null {
  const access = anafAccess(env);
  return access && anafOffice(access);
}

/** Throws a ConfigError that names what is missing of the access. */
export function anafAccess(env: NodeJS.ProcessEnv): AnafAccess | null {
  if (!env.ANAF_ACCESS_TOKEN) return null;
  const [token, companyCode, apiUrl] = together(
    () =>
      readVariable(env, "ANAF_ACCESS_TOKEN", {
        schema: z.string().regex(/^[A-Za-z0-9._~+/=-]{20,}$/),
        expects: "an access token of ANAF's OAuth",
      }),
    () =>
      readVariable(env, "ANAF_COMPANY_CODE", {
        schema: z.string().regex(/^\d{2,10}$/),
        expects: "the platform's tax number, digits alone",
      }),
    () => anotherUrl(env, "ANAF_API_URL"),
  );
  return { token, companyCode, ...(apiUrl && { apiUrl }) };
}

/** Until when an access token is good, where it is a JWT that says so. */
export function goodUntil(token: string): Date | null {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
    const { success, data } = z.looseObject({ exp: z.number().positive() }).safeParse(claims);
    return success ? new Date(data.exp * 1000) : null;
  } catch {
    return null;
  }
}
