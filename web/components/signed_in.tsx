import type { ComponentChild } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";
import { type Client, createClient } from "../../client/index.ts";
import { accountTexts } from "../texts/account/index.ts";
import { type Failure, failureOf } from "./failure.ts";
import { FailureNotice } from "./notice.tsx";
import { StepHeading, Waiting } from "./page.tsx";
import { clerkSignInPage, knownSession, persona, type Session } from "./session.ts";
import { readSettings, type Settings } from "./settings.ts";
import { LanguageContext, useTexts } from "./texts.ts";

/** Shows a page to whoever is signed in, and lets everybody else sign in: at Clerk, or as a persona of this machine. */
export function SignedIn({ children }: { children(client: Client, signOut: () => void): ComponentChild }) {
  const say = useTexts(accountTexts);
  const [settings, setSettings] = useState<Settings | null>(null);
  const [session, setSession] = useState<Session | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const fail = (error: unknown) => setFailure(failureOf(error, say("offline")));

  useEffect(() => {
    const begin = async () => {
      const read = await readSettings();
      setSession(await knownSession(read));
      setSettings(read);
    };
    begin().catch(fail);
  }, []);

  const language = useContext(LanguageContext);
  const client = useMemo(
    () =>
      settings && session
        ? createClient({
            url: location.origin,
            language,
            token: session.token,
            documents: settings.documents,
          })
        : null,
    [settings, session, language],
  );

  if (!settings) return failure ? <FailureNotice failure={failure} /> : <Waiting>{say("loading")}</Waiting>;
  if (session && client)
    return children(client, () => {
      session
        .signOut()
        .then(() => setSession(null))
        .catch(fail);
    });
  const { signIn } = settings;
  return (
    <>
      <StepHeading>{say("sign_in_title")}</StepHeading>
      <FailureNotice failure={failure} />
      {signIn.by === "clerk" ? (
        <button
          type="button"
          class="main"
          onClick={() => {
            clerkSignInPage(signIn.url)
              .then((page) => location.assign(page))
              .catch(fail);
          }}
        >
          {say("sign_in")}
        </button>
      ) : (
        <>
          <p>{say(signIn.people.length > 0 ? "choose_persona" : "no_personas")}</p>
          <ul class="choices">
            {signIn.people.map(({ who, name }) => (
              <li key={who}>
                <button type="button" onClick={() => setSession(persona.signIn(who))}>
                  {name} <span class="soft">{who}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
