import { useContext, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Client, UUID } from "../../client/index.ts";
import { todayIn } from "../components/calendar.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import { AssignTreatmentPlanDocument } from "../documents/generated/operations.ts";
import { problemsOf } from "../exercises/problems.ts";
import { SchemaForm } from "../schema_form/form.tsx";
import { asValues, type Choice, type Schema, type Values } from "../schema_form/schema.ts";
import { treatmentTexts } from "../texts/treatment/index.ts";
import { assignable, type Plan } from "./plan.ts";

const weekdays = {
  1: { ro: "luni", en: "Monday" },
  2: { ro: "marți", en: "Tuesday" },
  3: { ro: "miercuri", en: "Wednesday" },
  4: { ro: "joi", en: "Thursday" },
  5: { ro: "vineri", en: "Friday" },
  6: { ro: "sâmbătă", en: "Saturday" },
  7: { ro: "duminică", en: "Sunday" },
};

const schema: Schema = {
  type: "object",
  "x-order": ["version", "startsOn", "weekdays", "form", "allowsExtra"],
  required: ["version", "startsOn", "weekdays"],
  properties: {
    version: { type: "string", title: "Plan", "x-title-ro": "Plan", "x-choices": "plans" },
    startsOn: { type: "string", format: "date", title: "From which day", "x-title-ro": "Din ce zi" },
    weekdays: {
      type: "array",
      title: "On which days sessions can be due",
      "x-title-ro": "În ce zile pot fi ședințe",
      items: { type: "string", enum: Object.keys(weekdays), "x-labels": weekdays },
    },
    form: {
      type: "string",
      title: "A form after each session at home",
      "x-title-ro": "Un formular după fiecare ședință de acasă",
      "x-choices": "forms",
    },
    allowsExtra: {
      type: "boolean",
      title: "The patient may do sessions beyond what is due",
      "x-title-ro": "Pacientul poate face și ședințe în plus",
    },
  },
};

/** Where the clinic has no form to ask, none is asked for. */
const withoutForm: Schema = { ...schema, "x-order": schema["x-order"]?.filter((name) => name !== "form") };

/** A plan is assigned: an approved version of it, which stays the patient's as it is. */
export function Assign({
  client,
  patient,
  timeZone,
  plans,
  forms,
  onAssigned,
}: {
  client: Client;
  patient: UUID;
  /** The clinic's: a plan begins on a day there. */
  timeZone: string;
  plans: readonly Plan[];
  /** What can be asked after sessions. */
  forms: readonly { id: UUID; name: string }[];
  onAssigned(): Promise<unknown>;
}) {
  const say = useTexts(treatmentTexts);
  const language = useContext(LanguageContext);
  const form = useRef<HTMLFormElement>(null);
  const [wanted, setWanted] = useState<Values>(() => ({
    version: "",
    startsOn: todayIn(timeZone),
    weekdays: Object.keys(weekdays),
    allowsExtra: false,
  }));
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isAssigned, setAssigned] = useState(false);
  useLayoutEffect(
    () => form.current?.querySelector<HTMLElement>('[aria-invalid="true"], fieldset.wrong input')?.focus(),
    [problems],
  );

  const assign = async () => {
    setFailure(null);
    setAssigned(false);
    const { version, startsOn } = wanted as { version: string; startsOn: string };
    const missing = [
      ...(version ? [] : [["$.version", say("choose_plan")] as const]),
      ...(startsOn ? [] : [["$.startsOn", say("choose_day")] as const]),
    ];
    setProblems(new Map(missing));
    if (missing.length > 0) return;
    try {
      await client.ask(AssignTreatmentPlanDocument, {
        patient,
        version: version as UUID,
        startsOn: startsOn as never,
        weekdays: (wanted.weekdays as string[]).map(Number),
        form: wanted.form ? (wanted.form as UUID) : null,
        allowsExtra: wanted.allowsExtra === true,
      });
      await onAssigned();
      setAssigned(true);
    } catch (error) {
      setProblems(problemsOf(error));
      setFailure(failureOf(error, say("offline")));
    }
  };
  const offered = plans.flatMap((plan) => {
    const version = assignable(plan);
    const label = `${plan.name} (${say(`scope_${plan.scope}`)}, ${say("version", { number: version?.number ?? 0 })})`;
    return version ? [{ value: version.id, label }] : [];
  });
  const offeredForms: Choice[] = forms.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <form
      ref={form}
      noValidate
      aria-label={say("assign")}
      onSubmit={(submitted) => {
        submitted.preventDefault();
        void assign();
      }}
    >
      <h2>{say("assign")}</h2>
      <SchemaForm
        schema={forms.length > 0 ? schema : withoutForm}
        value={wanted}
        problems={problems}
        language={language}
        choices={{ plans: offered, forms: offeredForms }}
        onChange={(next) => {
          setProblems(new Map());
          setAssigned(false);
          setWanted(asValues(next));
        }}
      />
      <FailureNotice failure={failure} />
      <p role="status">{isAssigned && say("assigned")}</p>
      <p class="actions">
        <button type="submit" class="main">
          {say("assign_go")}
        </button>
      </p>
    </form>
  );
}
