import { useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { SignedIn } from "../../components/signed_in.tsx";
import { segmentTexts } from "../../texts/segments/index.ts";
import { Segments } from "./segments.tsx";

/** A clinic's segments (SEG-01, SEG-05): which there are, and the builder of their rules. */
function Page() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const [name, setName] = useState("");
  const say = segmentTexts(language);
  return (
    <PageFrame name={name} title={say("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>
        {(client, signOut) => (
          <Segments
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
