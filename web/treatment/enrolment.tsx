import { useContext, useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { locales } from "../components/language.ts";
import { FailureNotice } from "../components/notice.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { SetTreatmentStatusDocument } from "../documents/generated/operations.ts";
import { problemsOf } from "../exercises/problems.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { Chart } from "./chart.tsx";
import { Migrate } from "./migrate.tsx";
import {
  counted,
  type Enrolment,
  exercisesOf,
  type May,
  type Patient,
  type Place,
  type Plan,
  versionsToMoveTo,
} from "./plan.ts";
import { Reason } from "./reason.tsx";
import { SessionRow } from "./session_row.tsx";
import { Trend } from "./trend.tsx";

type Move = "PAUSED" | "ACTIVE" | "CANCELLED";

/** A plan that a patient has: how much of it was done, pain before and after, and each session with what was prescribed and done. */
export function EnrolmentSection({
  client,
  may,
  patient,
  place,
  enrolment,
  plans,
  onChanged,
}: {
  client: Client;
  may: May;
  patient: Patient;
  place: Place;
  enrolment: Enrolment;
  /** Those that the patient can be assigned: what it is of is one of them. */
  plans: readonly Plan[];
  onChanged(): Promise<unknown>;
}) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  const [moved, setMoved] = useState<{ to: Move; reason: string; problem?: string } | null>(null);
  const [isMigrating, setMigrating] = useState(false);
  const [goneTo, setGoneTo] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const day = new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeZone: "UTC" });
  const on = (date: string) => day.format(new Date(`${date}T00:00:00Z`));
  const { status, version, sessions, adherencePercentage } = enrolment;
  const count = counted(sessions.nodes);
  const rated = sessions.nodes.filter((one) => one.painBefore !== null || one.painAfter !== null);
  const moves: Move[] =
    status === "ACTIVE" ? ["PAUSED", "CANCELLED"] : status === "PAUSED" ? ["ACTIVE", "CANCELLED"] : [];
  const others = status === "ACTIVE" ? versionsToMoveTo(enrolment, plans) : [];

  const move = async () => {
    if (!moved) return;
    setFailure(null);
    const { to, reason } = moved;
    try {
      await client.ask(SetTreatmentStatusDocument, { enrolment: enrolment.id, status: to, reason });
      setMoved(null);
      await onChanged();
    } catch (error) {
      const problem = problemsOf(error).get("$.reason");
      if (problem) setMoved({ to, reason, problem });
      setFailure(failureOf(error, say("offline")));
    }
  };
  const name = version?.treatmentPlan?.name ?? "";
  return (
    <section aria-label={name} class="entry">
      <h2>
        {name} <span class="state">{say(`enrolment_${status}`)}</span>
      </h2>
      <p class="soft">
        {say("version", { number: version?.number ?? 0 })} ·{" "}
        {say("from_to", { from: on(enrolment.startsOn), to: on(enrolment.endsOn) })}
        {enrolment.statusReason && ` · ${say("because", { reason: enrolment.statusReason })}`}
      </p>
      <p class="soft">
        {say(enrolment.allowsExtraSessions ? "allows_extra" : "allows_no_extra")}
        {enrolment.formTemplate && ` · ${say("asks_form", { form: enrolment.formTemplate.name })}`}
      </p>
      <Moves enrolment={enrolment} timeZone={place.timeZone} />
      <dl class="facts">
        <dt>{say("adherence")}</dt>
        <dd>
          {adherencePercentage === null ? say("nothing_due") : `${adherencePercentage} %`}
          {enrolment.lowAdherenceSince && ` · ${say("falls_behind")}`}
        </dd>
        <dt>{say("sessions_done")}</dt>
        <dd>{count.done}</dd>
        <dt>{say("sessions_due")}</dt>
        <dd>{count.due}</dd>
        <dt>{say("sessions_missed")}</dt>
        <dd>{count.missed}</dd>
        {enrolment.clinicSessionsGranted > 0 && (
          <>
            <dt>{say("in_clinic_left")}</dt>
            <dd>
              {say("left_of", {
                left: enrolment.clinicSessionsRemaining,
                of: enrolment.clinicSessionsGranted,
              })}
            </dd>
          </>
        )}
      </dl>
      {rated.length > 0 && (
        <Chart
          title={say("pain")}
          places={rated.map(({ dueOn }) => on(dueOn))}
          placesTitle={say("session")}
          least={0}
          most={10}
          lines={[
            { name: say("pain_before"), values: rated.map((one) => one.painBefore) },
            { name: say("pain_after"), values: rated.map((one) => one.painAfter) },
          ]}
        />
      )}
      {may.seeSessions && (
        <>
          <h3>{say("trends")}</h3>
          <ul class="plain">
            {exercisesOf(sessions.nodes).map((exercise) => (
              <li key={exercise.exerciseId}>
                <Trend client={client} patient={patient.id} exercise={exercise} />
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{say("sessions")}</h3>
      <ul class="plain">
        {sessions.nodes.map((session) => (
          <SessionRow
            key={session.id}
            client={client}
            may={may}
            place={place}
            session={session}
            dueOn={on(session.dueOn)}
            onChanged={onChanged}
          />
        ))}
      </ul>
      <FailureNotice failure={failure} />
      <p role="status">{goneTo !== null && say("gone_to", { number: goneTo, left: count.due })}</p>
      {isMigrating && others.length > 0 && (
        <Migrate
          client={client}
          enrolment={enrolment}
          versions={others}
          onMoved={async (version) => {
            await onChanged();
            setMigrating(false);
            setGoneTo(version);
          }}
          onCancel={() => setMigrating(false)}
        />
      )}
      {may.assign && !moved && !isMigrating && (
        <p class="actions">
          {others.length > 0 && (
            <button
              type="button"
              onClick={() => {
                setGoneTo(null);
                setMigrating(true);
              }}
            >
              {say("to_version")}
            </button>
          )}
          {moves.map((to) => (
            <button
              key={to}
              type="button"
              class={to === "CANCELLED" ? "danger" : ""}
              onClick={() => setMoved({ to, reason: "" })}
            >
              {say(`move_${to}`)}
            </button>
          ))}
        </p>
      )}
      {moved && (
        <Reason
          reason={moved.reason}
          problem={moved.problem}
          onChange={(reason) => setMoved({ to: moved.to, reason })}
          onGo={() => void move()}
          onCancel={() => setMoved(null)}
        />
      )}
    </section>
  );
}

/** Which version it left for which, when and why. */
function Moves({ enrolment, timeZone }: { enrolment: Enrolment; timeZone: string }) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  const day = new Intl.DateTimeFormat(locales[language], { dateStyle: "medium", timeZone });
  if (enrolment.moves.nodes.length === 0) return null;
  return (
    <ul class="soft">
      {enrolment.moves.nodes.map(({ id, movedAt, reason, fromVersion, toVersion }) => (
        <li key={id}>
          {say("moved_on", {
            on: day.format(new Date(movedAt)),
            from: fromVersion?.number ?? 0,
            to: toVersion?.number ?? 0,
          })}{" "}
          {say("because", { reason })}
        </li>
      ))}
    </ul>
  );
}
