import { useContext, useState } from "preact/hooks";
import { type Failure, failureOf } from "../../components/failure.ts";
import { FailureNotice } from "../../components/notice.tsx";
import { Waiting } from "../../components/page.tsx";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import type { AllowedPlan, Door, Listed } from "./door.ts";

/** A session of a plan once more today, beyond what is due: of those plans that allow it. */
export function OnceMore({
  plans,
  door,
  onChoose,
}: {
  plans: readonly AllowedPlan[];
  door: Door;
  onChoose(session: Listed): void;
}) {
  const language = useContext(LanguageContext);
  const say = useTexts(sessionTexts);
  const [offered, setOffered] = useState<{ plan: AllowedPlan; sessions: Listed[] } | null>(null);
  const [isWaiting, setWaiting] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const offer = async (plan: AllowedPlan) => {
    setFailure(null);
    setWaiting(true);
    try {
      setOffered({ plan, sessions: await door.onceMore(plan) });
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
    setWaiting(false);
  };
  return (
    <section aria-labelledby="once-more">
      <h2 id="once-more">{say("once_more")}</h2>
      <p>{say("once_more_words")}</p>
      <FailureNotice failure={failure} />
      <ul class="choices">
        {plans.map((plan) => (
          <li key={plan.id}>
            <button
              type="button"
              aria-expanded={offered?.plan.id === plan.id}
              onClick={() => void offer(plan)}
            >
              {say("once_more_of", { plan: plan.name })}{" "}
              {plan.person && <span class="soft">{plan.person}</span>}
            </button>
          </li>
        ))}
      </ul>
      {isWaiting && <Waiting>{say("loading")}</Waiting>}
      {offered && (
        <>
          <p role="status">{say("sessions_offered", { count: offered.sessions.length })}</p>
          <ul class="choices">
            {offered.sessions.map((one) => (
              <li key={one.id}>
                <button type="button" onClick={() => onChoose(one)}>
                  {one.title[language]}{" "}
                  <span class="soft">{say("exercise_count", { count: one.exercises.length })}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
