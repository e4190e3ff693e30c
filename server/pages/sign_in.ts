import { readVariable } from "../../runtime/environment/variable.ts";
import { variables } from "../../runtime/environment/variables.ts";
import type { Config } from "../config.ts";
import { personasIn } from "../ide/people.ts";

/** How people sign in on a page, and what this machine has besides; read by web/components/settings.ts. */
export type PageSettings = {
  signIn:
    | { by: "clerk"; url: string }
    | { by: "personas"; people: { who: string; name: string; locale: string }[] };
  /** How the API is asked: in production by the ids of the documents that it trusts. */
  documents: "ids" | "texts";
  /** Where `npm start` shows what was sent; absent in production. */
  mailbox?: string;
};

/**
 * At Clerk, whose Frontend API answers at the address that stands in tokens as their issuer; on this machine, as one of the
 * personas of `npm start`. `connections`: where a page asks for that.
 */
export function signInSettings({
  mode,
  dataDir,
  identity,
  vendors,
}: Pick<Config, "mode" | "dataDir" | "identity" | "vendors">): {
  connections: string[];
  settings(): PageSettings;
} {
  const others: Omit<PageSettings, "signIn"> =
    mode === "production" ? { documents: "ids" } : { documents: "texts", mailbox: mailboxOf(vendors) };
  if (identity.source === "clerk") {
    const { origin } = new URL(identity.issuer);
    return {
      connections: [origin],
      settings: () => ({ signIn: { by: "clerk", url: origin }, ...others }),
    };
  }
  return {
    connections: [],
    settings() {
      const people = [...personasIn(dataDir)].map(([who, { name, locale }]) => ({ who, name, locale }));
      return { signIn: { by: "personas", people }, ...others };
    },
  };
}

/** The page of the mailbox of `npm start`. */
export function mailboxOf(vendors: NodeJS.ProcessEnv): string {
  return `http://localhost:${readVariable(vendors, "MAILBOX_PORT", variables.MAILBOX_PORT)}`;
}
