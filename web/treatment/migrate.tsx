import { useContext, useEffect, useId, useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { Waiting } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { MigrateTreatmentPlanDocument, WhatVersionsAskDocument } from "../documents/generated/operations.ts";
import { textIn } from "../exercises/draft.ts";
import { prescribedIn } from "../exercises/prescribed.ts";
import { problemsOf } from "../exercises/problems.ts";
import { severities } from "../exercises/schema.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { type Asked, type Change, changesOf, type Difference } from "./changes.ts";
import { type Enrolment, nextPosition, type Version } from "./plan.ts";
import { Reason } from "./reason.tsx";

/** A patient's plan goes to another approved version: what changes of the sessions that are left is seen before it is said why. */
export function Migrate({
  client,
  enrolment,
  versions,
  onMoved,
  onCancel,
}: {
  client: Client;
  enrolment: Enrolment;
  /** Those that it can go to, the newest first. */
  versions: readonly Version[];
  onMoved(version: number): Promise<unknown>;
  onCancel(): void;
}) {
  const say = useTexts(treatmentTexts);
  const id = useId();
  const [chosen, setChosen] = useState(versions[0]);
  const [changes, setChanges] = useState<Change[] | null>(null);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string>();
  const [failure, setFailure] = useState<Failure | null>(null);
  const from = nextPosition(enrolment.sessions.nodes);

  useEffect(() => {
    if (!chosen || !enrolment.version) return;
    let isLate = false;
    setChanges(null);
    setFailure(null);
    client
      .ask(WhatVersionsAskDocument, { from: enrolment.version.id, to: chosen.id })
      .then((asked) => {
        const [before, after] = [asked.from?.sessionsSnapshot, asked.to?.sessionsSnapshot] as Asked[][];
        if (!isLate) setChanges(changesOf(before ?? [], after ?? [], from));
      })
      .catch((error: unknown) => {
        if (!isLate) setFailure(failureOf(error, say("offline")));
      });
    return () => {
      isLate = true;
    };
  }, [client, chosen?.id, enrolment.version?.id, from]);

  const move = async () => {
    if (!chosen) return;
    setFailure(null);
    setProblem(undefined);
    try {
      await client.ask(MigrateTreatmentPlanDocument, { enrolment: enrolment.id, version: chosen.id, reason });
      await onMoved(chosen.number);
    } catch (error) {
      setProblem(problemsOf(error).get("$.reason"));
      setFailure(failureOf(error, say("offline")));
    }
  };
  return (
    <section aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{say("to_version")}</h3>
      <p>{say("to_version_words")}</p>
      <div class="field">
        <label for={id}>{say("which_version")}</label>
        <select
          id={id}
          value={chosen?.id}
          onChange={({ currentTarget }) => setChosen(versions.find((one) => one.id === currentTarget.value))}
        >
          {versions.map((version) => (
            <option key={version.id} value={version.id}>
              {say("version", { number: version.number })}
            </option>
          ))}
        </select>
      </div>
      {!changes && !failure && <Waiting>{say("loading")}</Waiting>}
      {changes && <Changes changes={changes} />}
      <FailureNotice failure={failure} />
      <Reason
        reason={reason}
        problem={problem}
        onChange={(written) => {
          setProblem(undefined);
          setReason(written);
        }}
        onGo={() => void move()}
        onCancel={onCancel}
      />
    </section>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  if (changes.length === 0) return <p role="status">{say("nothing_changes")}</p>;
  return (
    <>
      <p role="status">{say("sessions_change", { count: changes.length })}</p>
      <ul>
        {changes.map(({ session, what, differences }) => (
          <li key={session.position}>
            {textIn(session.title, language)} <span class="soft">{say(`change_${what}`)}</span>
            {differences.length > 0 && (
              <ul>
                {differences.map((difference, i) => (
                  <li key={`${i}`}>{inWords(difference)}</li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </>
  );

  function inWords(difference: Difference): string {
    if (difference.what === "place") return say(`differs_place_${difference.to}`);
    if (difference.what === "days") return say("differs_days", { from: difference.from, to: difference.to });
    if (difference.what === "order") return say("differs_order");
    const exercise = textIn(difference.exercise.names, language);
    const to = prescribedIn(difference.exercise.prescription, language);
    switch (difference.what) {
      case "added":
        return say("differs_added", { exercise, to });
      case "removed":
        return say("differs_removed", { exercise });
      case "prescription":
        return say("differs_prescription", { exercise, to, from: prescribedIn(difference.before, language) });
      case "warning": {
        const { severity, text } = difference.warning;
        return say("differs_warning", {
          exercise,
          warning: `${severities[severity][language]}: ${textIn(text, language)}`,
        });
      }
    }
  }
}
