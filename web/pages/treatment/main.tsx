import { useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { SignedIn } from "../../components/signed_in.tsx";
import { treatmentTexts } from "../../texts/treatment/index.ts";
import { Treatment } from "../../treatment/treatment.tsx";

/** Treatment plans of a clinic and of its patients (TPL-01, TPL-02, EXE-01 to EXE-03): written, approved, assigned, and how they go. */
function Page() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const [name, setName] = useState("");
  const say = treatmentTexts(language);
  return (
    <PageFrame name={name} title={say("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>
        {(client, signOut) => (
          <Treatment
            client={client}
            onClinic={setName}
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
