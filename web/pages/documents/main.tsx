import { useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { SignedIn } from "../../components/signed_in.tsx";
import { templateTexts } from "../../texts/templates/index.ts";
import { Documents } from "./documents.tsx";

/** A clinic's templates of documents (DOC-01): which there are, and the editor of each. */
function Page() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const [name, setName] = useState("");
  const say = templateTexts(language);
  return (
    <PageFrame name={name} title={say("title")} language={language} onLanguage={setLanguage}>
      <SignedIn>
        {(client, signOut) => (
          <Documents
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
