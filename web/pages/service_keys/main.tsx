import { useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { SignedIn } from "../../components/signed_in.tsx";
import { ClinicKeys } from "../../service_keys/clinic_keys.tsx";
import { serviceKeyTexts } from "../../texts/service_keys/index.ts";

/** Keys of the programs of a clinic (FND-24, BIL-09): which there are, a new one, the end of one. */
function Page() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const [name, setName] = useState("");
  const say = serviceKeyTexts(language);
  return (
    <PageFrame name={name} title={say("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>
        {(client, signOut) => (
          <ClinicKeys
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
