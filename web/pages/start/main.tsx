import { useEffect, useState } from "preact/hooks";
import { type Failure, failureOf } from "../../components/failure.ts";
import { type Language, languageOfBrowser } from "../../components/language.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { PageFrame, Waiting } from "../../components/page.tsx";
import { persona } from "../../components/session.ts";
import { readSettings, type Settings } from "../../components/settings.ts";
import { show } from "../../components/show.tsx";
import { startTexts } from "../../texts/start/index.ts";

/** The first page of `npm start`: who one can be here, and where everything is. */
function Start() {
  const [language, setLanguage] = useState<Language>(languageOfBrowser);
  const [settings, setSettings] = useState<Settings | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const say = startTexts(language);
  useEffect(() => {
    readSettings()
      .then(setSettings)
      .catch((error: unknown) => setFailure(failureOf(error, say("offline"))));
  }, []);

  return (
    <PageFrame name="RestartiX" title={say("title")} language={language} onLanguage={setLanguage}>
      <h1>{say("title")}</h1>
      <p>{say("intro")}</p>
      <FailureNotice failure={failure} />
      {!settings && !failure && <Waiting>{say("loading")}</Waiting>}
      {settings && (
        <>
          <h2>{say("pages")}</h2>
          <ul class="places">
            <Place href="/book/atlas-recuperare" name={say("book")} words={say("book_words")} />
            <Place href="/consents" name={say("consents")} words={say("consents_words")} />
            <Place href="/session" name={say("session")} words={say("session_words")} />
            <Place href="/automations" name={say("automations")} words={say("automations_words")} />
            <Place href="/segments" name={say("segments")} words={say("segments_words")} />
            <Place href="/documents" name={say("documents")} words={say("documents_words")} />
            <Place href="/exercises" name={say("exercises")} words={say("exercises_words")} />
            <Place href="/treatment" name={say("treatment")} words={say("treatment_words")} />
            <Place href="/billing" name={say("billing")} words={say("billing_words")} />
            <Place href="/billing-admin" name={say("billing_admin")} words={say("billing_admin_words")} />
            <Place href="/service-keys" name={say("service_keys")} words={say("service_keys_words")} />
            <Place href="/kiosk" name={say("kiosk")} words={say("kiosk_words")} />
            <Place href="/sign" name={say("sign")} words={say("sign_words")} />
            <Place href="/preview" name={say("preview")} words={say("preview_words")} />
          </ul>
          {settings.signIn.by === "personas" && settings.signIn.people.length > 0 && (
            <>
              <h2>{say("people")}</h2>
              <p>{say("people_words")}</p>
              <ul class="places">
                {settings.signIn.people.map(({ who, name }) => (
                  <li key={who}>
                    <a href="/consents" onClick={() => persona.signIn(who)}>
                      {name}
                    </a>{" "}
                    <span class="soft">{who}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
          <h2>{say("tools")}</h2>
          <ul class="places">
            <Place href="/ide" name={say("ide")} words={say("ide_words")} />
            {settings.mailbox && (
              <Place href={settings.mailbox} name={say("mailbox")} words={say("mailbox_words")} />
            )}
            <Place href="/openapi.json" name={say("openapi")} words={say("openapi_words")} />
          </ul>
        </>
      )}
    </PageFrame>
  );
}

function Place({ href, name, words }: { href: string; name: string; words: string }) {
  return (
    <li>
      <a href={href}>{name}</a>
      <span class="soft">{words}</span>
    </li>
  );
}

show(<Start />);
