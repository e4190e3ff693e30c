import { useEffect, useMemo, useState } from "preact/hooks";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { PageFrame } from "../../components/page.tsx";
import { show } from "../../components/show.tsx";
import { openDoor } from "../../signing/door.ts";
import { draftsOfKiosk } from "../../signing/draft.ts";
import { Signing } from "../../signing/signing.tsx";
import { signingTexts } from "../../texts/signing/index.ts";
import { StillThere } from "./still_there.tsx";

/** The token behind the #, which is taken out of the address at once: nobody finds it in the history. */
function takeToken(): string {
  const token = location.hash.slice(1);
  if (token !== "") history.replaceState(null, "", location.pathname);
  return token;
}

/** Loads the page anew: nothing of the last person is left in it, and Back leads to this same start. */
function forget(): void {
  location.replace(location.pathname);
}

function Kiosk() {
  const [token, setToken] = useState(takeToken);
  useEffect(() => {
    const next = () => {
      const given = takeToken();
      if (given !== "") setToken(given);
    };
    addEventListener("hashchange", next);
    return () => removeEventListener("hashchange", next);
  }, []);
  const parts = useMemo(() => ({ door: openDoor("Kiosk", token), drafts: draftsOfKiosk() }), [token]);
  if (token === "") return <Start />;
  return (
    <>
      <Signing key={token} {...parts} onEnd={forget} />
      <StillThere onNobody={forget} />
    </>
  );
}

/** What stands on the device between two people. */
function Start() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const say = signingTexts(language);
  return (
    <PageFrame name="" title={say("kiosk_title")} language={language} onLanguage={setLanguage}>
      <h1>{say("kiosk_waiting")}</h1>
      <p>{say("kiosk_words")}</p>
    </PageFrame>
  );
}

show(<Kiosk />);
