import { useContext } from "preact/hooks";
import type { Client, UUID } from "../../../client/index.ts";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { GiveConsentDocument, WithdrawConsentDocument } from "../../documents/generated/operations.ts";
import { consentTexts } from "../../texts/consents/index.ts";
import type { AskedPurpose, Given } from "./asked.ts";
import { Confirm } from "./confirm.tsx";
import { GivenAnswer } from "./given_answer.tsx";

/** One purpose: how it stands, what depends on it, its words, what can be done, and each answer that was given. */
export function Purpose({
  purpose,
  answers,
  patientId,
  client,
  attempt,
}: {
  purpose: AskedPurpose;
  answers: Given[];
  patientId: UUID | null;
  client: Client;
  attempt(act: () => Promise<unknown>): Promise<void>;
}) {
  const language = useContext(LanguageContext);
  const say = useTexts(consentTexts);
  const { purposeVersion: words, isMedical, isWithdrawable } = purpose;
  const name = language === "ro" ? purpose.nameRo : purpose.name;
  const neededFor = language === "ro" ? purpose.neededForRo : purpose.neededFor;
  const state = purpose.state.toLowerCase() as Lowercase<AskedPurpose["state"]>;
  const isGiven = state === "granted" || state === "older_version";
  const after = purpose.onWithdrawal.toLowerCase() as "nothing" | "removal" | "erasure";

  return (
    <article class="purpose" aria-label={name}>
      <h3>
        {name} <span class={`state ${state}`}>{say(`state_${state}`)}</span>
      </h3>
      {neededFor && <p>{say("needed_for", { what: neededFor })}</p>}
      {words && (
        <details>
          <summary>{say("words", { version: words.number })}</summary>
          <Words words={words} />
        </details>
      )}
      {answers.length > 0 && (
        <details>
          <summary>{say("answers", { count: answers.length })}</summary>
          <ol class="plain">
            {answers.map((answer) => (
              <GivenAnswer key={answer.id} answer={answer} client={client} />
            ))}
          </ol>
        </details>
      )}
      <p class="actions">
        {isMedical && state !== "granted" && <span class="soft">{say("by_form")}</span>}
        {!isMedical && words && state !== "granted" && (
          <Confirm
            open={say("give", { name })}
            kind={purpose.mustAccept ? "main" : ""}
            act={say("give_it")}
            onAct={() =>
              attempt(() => client.ask(GiveConsentDocument, { version: words.id, patient: patientId }))
            }
          >
            <Words words={words} />
          </Confirm>
        )}
        {isGiven && isWithdrawable && (
          <Confirm
            open={say("withdraw", { name })}
            kind="danger"
            act={say("withdraw_it")}
            onAct={() =>
              attempt(() =>
                client.ask(WithdrawConsentDocument, { purpose: purpose.purposeCode, patient: patientId }),
              )
            }
          >
            {neededFor && <p>{say("needed_for", { what: neededFor })}</p>}
            <p>{say(`after_${after}`)}</p>
          </Confirm>
        )}
        {isGiven && !isWithdrawable && <span class="soft">{say("not_withdrawable")}</span>}
      </p>
    </article>
  );
}

/** The words that are accepted, in the language of the page where they were written in it. */
function Words({ words }: { words: NonNullable<AskedPurpose["purposeVersion"]> }) {
  const language = useContext(LanguageContext);
  return (
    <>
      <p>
        <strong>{(language === "en" && words.titleEn) || words.titleRo}</strong>
      </p>
      <p class="lines">{(language === "en" && words.bodyEn) || words.bodyRo}</p>
    </>
  );
}
