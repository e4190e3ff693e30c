import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Client, refusalOf, type UUID } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { keptInTab } from "../components/kept.ts";
import { FailureNotice } from "../components/notice.tsx";
import { StepHeading, Waiting } from "../components/page.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { DraftTreatmentPlanDocument, EditTreatmentPlanDocument } from "../documents/generated/operations.ts";
import { problemsOf } from "../exercises/problems.ts";
import { SchemaForm } from "../schema_form/form.tsx";
import { asValues, type Choice, type Values } from "../schema_form/schema.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { draftOf, newDraft, placeOf, toPrescribe, variablesOf } from "./drafted.ts";
import type { Plan } from "./plan.ts";
import { planSchema, platformPlanSchema } from "./plan_schema.ts";

/** A plan as it is written: sessions in order, each with its exercises and what is prescribed of them. */
export function PlanEditor({
  client,
  clinic,
  plan,
  patient,
  onBack,
}: {
  client: Client;
  /** Null: it is the platform's, for every clinic. */
  clinic: UUID | null;
  /** Null: a new one. */
  plan: Plan | null;
  /** For whom alone it is; null: for any patient of the clinic. */
  patient: { id: UUID; name: string } | null;
  onBack(): void;
}) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  const form = useRef<HTMLFormElement>(null);
  const kept = keptInTab<{ draft: Values }>(`plan-${plan?.id ?? patient?.id ?? clinic ?? "platform"}`);
  const [draft, setDraft] = useState<Values | null>(null);
  const [exercises, setExercises] = useState<readonly Choice[]>([]);
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSaving, setSaving] = useState(false);

  useEffect(() => {
    const begin = async () => {
      setExercises(await toPrescribe(client, language));
      const written = kept.read().draft;
      setDraft((before) => before ?? written ?? null);
      if (!written && !draft) setDraft(plan ? await draftOf(client, plan) : newDraft);
    };
    begin().catch((error: unknown) => setFailure(failureOf(error, say("offline"))));
  }, [client]);
  useLayoutEffect(
    () =>
      form.current
        ?.querySelector<HTMLElement>('[aria-invalid="true"], fieldset.wrong :is(input, select, button)')
        ?.focus(),
    [problems],
  );

  const save = async () => {
    if (!draft || isSaving) return;
    setSaving(true);
    setFailure(null);
    setProblems(new Map());
    const { slug, ...written } = variablesOf(draft);
    try {
      if (plan) await client.ask(EditTreatmentPlanDocument, { plan: plan.id, ...written });
      else
        await client.ask(DraftTreatmentPlanDocument, {
          clinic,
          patient: patient?.id ?? null,
          slug,
          ...written,
        });
      kept.forget();
      onBack();
      return;
    } catch (error) {
      const unpublished = refusalOf(error, "VALIDATION", "exercise_not_published");
      const place = unpublished && placeOf(draft, unpublished.details.exerciseId);
      setProblems(place ? new Map([[place, (error as Error).message]]) : problemsOf(error));
      setFailure(failureOf(error, say("offline")));
    }
    setSaving(false);
  };

  return (
    <>
      <StepHeading>{plan?.name ?? say(patient ? "new_for_patient" : "new_plan")}</StepHeading>
      {patient && <p>{say("for_patient", { name: patient.name })}</p>}
      {!draft && <FailureNotice failure={failure} />}
      {!draft && !failure && <Waiting>{say("loading")}</Waiting>}
      {draft && (
        <form
          ref={form}
          noValidate
          onSubmit={(submitted) => {
            submitted.preventDefault();
            void save();
          }}
        >
          <SchemaForm
            schema={clinic === null && !plan ? platformPlanSchema : planSchema}
            value={draft}
            problems={problems}
            language={language}
            choices={{ exercises }}
            onChange={(next) => {
              setProblems(new Map());
              setDraft(asValues(next));
              kept.write({ draft: asValues(next) });
            }}
          />
          <FailureNotice failure={failure} />
          <p class="actions">
            <button type="submit" class="main" aria-disabled={isSaving}>
              {say("save_draft")}
            </button>
            <button type="button" onClick={onBack}>
              {say("back")}
            </button>
          </p>
        </form>
      )}
    </>
  );
}
