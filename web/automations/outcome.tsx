import { useContext } from "preact/hooks";
import { locales } from "../components/language.ts";
import { LanguageContext, useTexts } from "../components/texts.ts";
import type { ExecutionFragment } from "../documents/generated/operations.ts";
import { automationTexts } from "../texts/automations/index.ts";
import { actionNamed, type Contract, labelIn, reasonIn } from "./contract.ts";

/** What became of something, or would: of an action, or of the automation as a whole where it did not begin. */
export type Told = {
  id: string;
  at: string;
  /** Whom it was about; null where that is not known, or not the reader's to know. */
  who: string | null;
  action: string | null;
  outcome: "DONE" | "SKIPPED" | "FAILED" | "WAITING";
  reason: string | null;
  dueAt: string;
};

/** What an execution tells. */
export function toldOf({ patient, createdAt, ...one }: ExecutionFragment): Told {
  const person = patient?.patientProfile;
  return { ...one, at: createdAt, who: person ? `${person.givenName} ${person.familyName}` : null };
}

/** One after the other, the latest first: when, whom, what, what became of it, and why. */
export function Outcomes({ contract, told, label }: { contract: Contract; told: Told[]; label: string }) {
  const say = useTexts(automationTexts);
  const language = useContext(LanguageContext);
  const when = new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeStyle: "short" });
  return (
    <ul class="plain outcomes" aria-label={label}>
      {told.map(({ id, at, who, action, outcome, reason, dueAt }) => {
        const known = actionNamed(contract, action);
        return (
          <li key={id}>
            <span class="soft">{when.format(new Date(at))}</span> {who ?? say("somebody")}:{" "}
            {action === null ? say("the_automation") : known ? labelIn(language, known) : action}{" "}
            <span class={`state ${outcome === "DONE" ? "granted" : outcome === "FAILED" ? "refused" : ""}`}>
              {say(`outcome_${outcome}`)}
            </span>
            {reason && <> {reasonIn(contract, language, reason)}</>}
            {outcome === "WAITING" && (
              <span class="soft"> {say("until", { when: when.format(new Date(dueAt)) })}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
