import { jsonOf, type Settings } from "./settings.ts";

/** Somebody who is signed in on a page. */
export type Session = {
  /** Who it is, as a persona; at Clerk the API knows. */
  who?: string;
  /** A token for the API: a fresh one where the last was stale. */
  token(isStale: boolean): Promise<string | null>;
  signOut(): Promise<void>;
};

/** A persona of `npm start`: the picker's choice, kept while the tab is open. */
export const persona = {
  kept: (): string | null => sessionStorage.getItem("persona"),
  signIn(who: string): Session {
    sessionStorage.setItem("persona", who);
    let token: string | undefined;
    return {
      who,
      async token(isStale) {
        if (!token || isStale)
          ({ token } = await jsonOf<{ token: string }>(`/ide/token/${encodeURIComponent(who)}`));
        return token;
      },
      async signOut() {
        sessionStorage.removeItem("persona");
      },
    };
  },
};

/** Who is signed in already; null where somebody has to be asked. */
export async function knownSession({ signIn }: Settings): Promise<Session | null> {
  if (signIn.by === "clerk") return clerkSession(signIn.url);
  const kept = persona.kept();
  return signIn.people.some(({ who }) => who === kept) && kept ? persona.signIn(kept) : null;
}

type ClerkClient = {
  response: { last_active_session_id: string | null; sessions: { id: string; status: string }[] };
};

/**
 * Clerk, asked by its Frontend API, in whose own pages people sign in. Its browser SDK would bring 30 packages and load scripts
 * from elsewhere; what this page needs of it is a token.
 */
async function clerkSession(url: string): Promise<Session | null> {
  const asked: RequestInit = { credentials: "include", referrerPolicy: "no-referrer" };
  const { response: client } = await jsonOf<ClerkClient>(`${url}/v1/client`, asked);
  const active = client?.sessions.filter(({ status }) => status === "active") ?? [];
  const session = active.find(({ id }) => id === client.last_active_session_id) ?? active[0];
  if (!session) return null;
  const place = `${url}/v1/client/sessions/${encodeURIComponent(session.id)}`;
  // A token lives for a minute: one that is about to end is not sent.
  let kept: { jwt: string; until: number } | undefined;
  return {
    async token(isStale) {
      if (!kept || isStale || Date.now() > kept.until) {
        const { jwt } = await jsonOf<{ jwt: string }>(`${place}/tokens`, { ...asked, method: "POST" });
        kept = { jwt, until: Date.now() + 45_000 };
      }
      return kept.jwt;
    },
    async signOut() {
      await jsonOf(`${place}/remove`, { ...asked, method: "POST" });
    },
  };
}

/** Clerk's page for signing in, which leads back here. */
export async function clerkSignInPage(url: string): Promise<string> {
  const { display_config: pages } = await jsonOf<{ display_config: { sign_in_url: string } }>(
    `${url}/v1/environment`,
    {
      credentials: "include",
    },
  );
  return `${pages.sign_in_url}?redirect_url=${encodeURIComponent(location.href)}`;
}
