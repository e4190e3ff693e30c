import { useContext, useId, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { locales } from "../components/language.ts";
import { FailureNotice } from "../components/notice.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import {
  AppointmentsAheadDocument,
  type AppointmentsAheadQuery,
  CompleteClinicSessionDocument,
  LinkSessionDocument,
} from "../documents/generated/operations.ts";
import { problemsOf } from "../exercises/problems.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { type May, type Place, type SessionOfPlan, statusesToComplete } from "./plan.ts";
import { Reason } from "./reason.tsx";

type Appointment = AppointmentsAheadQuery["appointments"]["nodes"][number];
type Step =
  | { at: "link"; offered: Appointment[]; chosen: string }
  | { at: "complete"; reason: string }
  | null;

/** A session in the clinic: in which appointment it takes place, and, where none says so, that it did. */
export function ClinicSession({
  client,
  may,
  place,
  session,
  onChanged,
}: {
  client: Client;
  may: May;
  place: Place;
  session: SessionOfPlan;
  onChanged(): Promise<unknown>;
}) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  const id = useId();
  const [step, setStep] = useState<Step>(null);
  const [problem, setProblem] = useState<string>();
  const [failure, setFailure] = useState<Failure | null>(null);
  const { appointment, status, completionReason } = session;
  const at = new Intl.DateTimeFormat(locales[language], {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: place.timeZone,
  });

  const attempt = async (done: () => Promise<unknown>) => {
    setFailure(null);
    setProblem(undefined);
    try {
      await done();
    } catch (error) {
      setProblem(problemsOf(error).get("$.reason"));
      setFailure(failureOf(error, say("offline")));
    }
  };
  const offer = () =>
    attempt(async () => {
      const { appointments } = await client.ask(AppointmentsAheadDocument, {
        clinic: place.clinic,
        person: place.person,
      });
      const offered = appointments.nodes.filter((one) => !place.linked.has(one.id));
      setStep({ at: "link", offered, chosen: "" });
    });
  const link = (chosen: string | null) =>
    attempt(async () => {
      if (chosen === "") return setProblem(say("choose_appointment"));
      await client.ask(LinkSessionDocument, { session: session.id, appointment: chosen as UUID | null });
      await onChanged();
      setStep(null);
    });
  const complete = (reason: string) =>
    attempt(async () => {
      await client.ask(CompleteClinicSessionDocument, { session: session.id, reason });
      await onChanged();
      setStep(null);
    });
  const mayLink = may.assign && may.seeAppointments && status === "DUE";
  const mayComplete = may.assign && statusesToComplete.includes(status);

  return (
    <>
      <p>
        {appointment
          ? say("in_appointment", {
              at: at.format(new Date(appointment.startsAt)),
              service: appointment.service?.name ?? "",
            })
          : say("in_no_appointment")}
      </p>
      {completionReason && <p class="soft">{say("because", { reason: completionReason })}</p>}
      <FailureNotice failure={failure} />
      {!step && (mayLink || mayComplete) && (
        <p class="actions">
          {mayLink && (
            <button type="button" onClick={() => void offer()}>
              {say(appointment ? "link_another" : "link")}
            </button>
          )}
          {mayLink && appointment && (
            <button type="button" onClick={() => void link(null)}>
              {say("unlink")}
            </button>
          )}
          {mayComplete && (
            <button type="button" onClick={() => setStep({ at: "complete", reason: "" })}>
              {say("took_place")}
            </button>
          )}
        </p>
      )}
      {step?.at === "link" && step.offered.length === 0 && <p role="status">{say("no_appointment_fits")}</p>}
      {step?.at === "link" && (
        <form
          noValidate
          onSubmit={(submitted) => {
            submitted.preventDefault();
            void link(step.chosen);
          }}
        >
          {step.offered.length > 0 && (
            <div class={problem ? "field wrong" : "field"}>
              <label for={id}>{say("which_appointment")}</label>
              <select
                id={id}
                value={step.chosen}
                aria-invalid={problem !== undefined}
                aria-describedby={problem ? `${id}-problem` : undefined}
                onChange={({ currentTarget }) => {
                  setProblem(undefined);
                  setStep({ ...step, chosen: currentTarget.value });
                }}
              >
                <option value="">{say("choose")}</option>
                {step.offered.map((one) => (
                  <option key={one.id} value={one.id}>
                    {[
                      at.format(new Date(one.startsAt)),
                      one.service?.name,
                      `${one.specialist?.givenName ?? ""} ${one.specialist?.familyName ?? ""}`.trim(),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </option>
                ))}
              </select>
              {problem && (
                <p class="problem" id={`${id}-problem`}>
                  {problem}
                </p>
              )}
            </div>
          )}
          <p class="actions">
            {step.offered.length > 0 && (
              <button type="submit" class="main">
                {say("link_go")}
              </button>
            )}
            <button type="button" onClick={() => setStep(null)}>
              {say("do_not")}
            </button>
          </p>
        </form>
      )}
      {step?.at === "complete" && (
        <Reason
          reason={step.reason}
          problem={problem}
          onChange={(reason) => {
            setProblem(undefined);
            setStep({ at: "complete", reason });
          }}
          onGo={() => void complete(step.reason)}
          onCancel={() => setStep(null)}
        />
      )}
    </>
  );
}
