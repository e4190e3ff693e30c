import { useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { SignedIn } from "../../components/signed_in.tsx";
import { consentTexts } from "../../texts/consents/index.ts";

/** A person's own consents. */
function Page() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const say = consentTexts(language);
  return (
    <PageFrame name="" title={say("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>{(session) => <h1>{session.who}</h1>}</SignedIn>
    </PageFrame>
  );
}

show(<Page />);
