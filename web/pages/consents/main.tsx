import { useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { SignedIn } from "../../components/signed_in.tsx";
import { consentTexts } from "../../texts/consents/index.ts";
import { Consents } from "./consents.tsx";

/** A person's own consents (CNS-09): what they agreed to, how, what depends on it, and who read their chart. */
function Page() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const [name, setName] = useState("");
  const say = consentTexts(language);
  return (
    <PageFrame name={name} title={say("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>
        {(client, signOut) => (
          <Consents
            client={client}
            onWho={setName}
            onSignOut={() => {
              setName("");
              signOut();
            }}
          />
        )}
      </SignedIn>
    </PageFrame>
  );
}

show(<Page />);
