import { useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { SignedIn } from "../../components/signed_in.tsx";
import { Library } from "../../exercises/library.tsx";
import { exerciseTexts } from "../../texts/exercises/index.ts";

/** The platform's library of exercises (EXL-06): which there are, and each as superadmins write, publish and film it. */
function Page() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const say = exerciseTexts(language);
  return (
    <PageFrame name="RestartiX" title={say("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>{(client, signOut) => <Library client={client} onSignOut={signOut} />}</SignedIn>
    </PageFrame>
  );
}

show(<Page />);
