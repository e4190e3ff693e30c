import { useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { SignedIn } from "../../components/signed_in.tsx";
import { sessionTexts } from "../../texts/session/index.ts";
import { Sessions } from "./sessions.tsx";

/** A patient's sessions at home (EXE-05, TEL-08): what is due, and how it is done with or without a camera. */
function Page() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const say = sessionTexts(language);
  return (
    <PageFrame name="RestartiX" title={say("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>{(client) => <Sessions client={client} />}</SignedIn>
    </PageFrame>
  );
}

show(<Page />);
