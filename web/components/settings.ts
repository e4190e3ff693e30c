import { Unreachable } from "../../client/refused.ts";

/** What `/settings.json` says (server/pages/sign_in.ts): how people sign in here, and what this machine has besides. */
export type Settings = {
  signIn:
    | { by: "clerk"; url: string }
    | { by: "personas"; people: { who: string; name: string; locale: string }[] };
  /** How the API is asked: in production by the ids of the documents that it trusts. */
  documents: "ids" | "texts";
  mailbox?: string;
};

export async function readSettings(): Promise<Settings> {
  return await jsonOf("/settings.json");
}

/** An answer that is no refusal's business: of our own small files, or of Clerk. */
export async function jsonOf<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new Unreachable(`${url} could not be reached.`, { cause });
  });
  if (!response.ok) throw new Unreachable(`${url} answered with status ${response.status}.`);
  return await response.json();
}
