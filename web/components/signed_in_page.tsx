import type { ComponentChild } from "preact";
import { useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { type Language, languageOfBrowser } from "./language.ts";
import { PageFrame } from "./page.tsx";
import { SignedIn } from "./signed_in.tsx";
import type { Say } from "./texts.ts";

export type SignedInPageProps = {
  client: Client;
  /** Says whose page it is, once that is known: a clinic's, or a person's. */
  onName(name: string): void;
  onSignOut(): void;
};

/** A page for people who are signed in, with its title and whose it is: `name` until the page says it, and after signing out. */
export function SignedInPage({
  texts,
  name = "",
  children,
}: {
  texts(language: Language): Say<"title">;
  name?: string;
  children(page: SignedInPageProps): ComponentChild;
}) {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const [shown, setShown] = useState(name);
  return (
    <PageFrame name={shown} title={texts(language)("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>
        {(client, signOut) =>
          children({
            client,
            onName: setShown,
            onSignOut() {
              setShown(name);
              signOut();
            },
          })
        }
      </SignedIn>
    </PageFrame>
  );
}
