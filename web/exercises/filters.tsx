import { useId } from "preact/hooks";
import { useTexts } from "../components/texts.ts";
import type { Choice } from "../schema_form/schema.ts";
import { exerciseTexts } from "../texts/exercises/index.ts";
import type { Listed, Term } from "./draft.ts";

/** What somebody looks for; an empty word is anything. */
export type Wanted = { status: "" | Listed["status"]; kind: "" | Listed["kind"]; region: string };

export const wantsAll: Wanted = { status: "", kind: "", region: "" };

/** Whether an exercise is what somebody looks for. */
export function fits(exercise: Listed, { status, kind, region }: Wanted, terms: readonly Term[]): boolean {
  const wanted = terms.find(({ slug }) => slug === region);
  return (
    (status === "" || exercise.status === status) &&
    (kind === "" || exercise.kind === kind) &&
    (!wanted || exercise.exerciseTags.nodes.some(({ termId }) => termId === wanted.id))
  );
}

export function Filters({
  wanted,
  regions,
  onChange,
}: {
  wanted: Wanted;
  regions: readonly Choice[];
  onChange(wanted: Wanted): void;
}) {
  const say = useTexts(exerciseTexts);
  const any = { value: "", label: say("any") };
  const of = <Word extends string>(values: readonly Word[], name: (word: Word) => string): Choice[] => [
    any,
    ...values.map((value) => ({ value, label: name(value) })),
  ];
  return (
    <search class="line">
      <Filter
        label={say("status")}
        value={wanted.status}
        offered={of(["DRAFT", "PUBLISHED", "ARCHIVED"] as const, (one) => say(`status_${one}`))}
        onChange={(status) => onChange({ ...wanted, status: status as Wanted["status"] })}
      />
      <Filter
        label={say("region")}
        value={wanted.region}
        offered={[any, ...regions]}
        onChange={(region) => onChange({ ...wanted, region })}
      />
      <Filter
        label={say("kind")}
        value={wanted.kind}
        offered={of(["REPS_BASED", "DURATION_BASED"] as const, (one) => say(`kind_${one}`))}
        onChange={(kind) => onChange({ ...wanted, kind: kind as Wanted["kind"] })}
      />
    </search>
  );
}

function Filter({
  label,
  value,
  offered,
  onChange,
}: {
  label: string;
  value: string;
  offered: readonly Choice[];
  onChange(value: string): void;
}) {
  const id = useId();
  return (
    <div class="filter">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {offered.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </div>
  );
}
