import type { Client } from "../../client/index.ts";
import type { Language } from "../components/language.ts";
import { DraftOfPlanDocument, ExercisesToPrescribeDocument } from "../documents/generated/operations.ts";
import { nameOf } from "../exercises/draft.ts";
import { asValues, type Choice, type Values } from "../schema_form/schema.ts";
import { type Plan, versionsOf } from "./plan.ts";

export const newDraft: Values = {
  name: "",
  sessions: [{ title: { ro: "", en: "" }, place: "home", afterDays: 0, exercises: [] }],
};

/** A plan as its newest version has it: what is edited, or what the next version begins with. */
export async function draftOf(client: Client, plan: Plan): Promise<Values> {
  const [version] = versionsOf(plan);
  if (!version) return newDraft;
  const { treatmentPlanVersion } = await client.ask(DraftOfPlanDocument, { version: version.id });
  const inOrder = <T extends { position: number }>(rows: readonly T[]) =>
    [...rows].sort((a, b) => a.position - b.position);
  return {
    name: plan.name,
    ...(plan.description ? { description: plan.description } : {}),
    sessions: inOrder(treatmentPlanVersion?.sessions.nodes ?? []).map((session) => ({
      title: session.titles,
      place: session.place.toLowerCase(),
      afterDays: session.afterDays,
      exercises: inOrder(session.exercises.nodes).map(({ exerciseId, prescription }) => ({
        exerciseId,
        prescription: said(prescription),
      })),
    })),
  };
}

/** A draft as the verbs take it: a title that is empty in a language is not there in it. */
export function variablesOf(draft: Values) {
  return {
    slug: draft.slug ? String(draft.slug) : null,
    name: String(draft.name),
    description: draft.description ? String(draft.description) : null,
    sessions: (draft.sessions as Values[]).map((session) => ({ ...session, title: said(session.title) })),
  };
}

/** Where in the form an exercise is prescribed. */
export function placeOf(draft: Values, exerciseId: string): string | null {
  for (const [s, session] of (draft.sessions as Values[]).entries())
    for (const [e, exercise] of (session.exercises as Values[]).entries())
      if (exercise.exerciseId === exerciseId) return `$.sessions[${s}].exercises[${e}].exerciseId`;
  return null;
}

/** The exercises that can be prescribed, by name. */
export async function toPrescribe(client: Client, language: Language): Promise<Choice[]> {
  const choices: Choice[] = [];
  for (let after: { after?: never } = {}; ; ) {
    const { exercises } = await client.ask(ExercisesToPrescribeDocument, after);
    choices.push(
      ...exercises.nodes.map((one) => ({
        value: one.id as string,
        label: nameOf({ ...one, slug: one.id }, language),
      })),
    );
    if (!exercises.pageInfo.hasNextPage) break;
    after = { after: exercises.pageInfo.endCursor as never };
  }
  return choices.sort((a, b) => a.label.localeCompare(b.label, language));
}

/** What is said of a value's parts: neither null nor empty. */
function said(value: unknown): Values {
  return Object.fromEntries(Object.entries(asValues(value)).filter(([, one]) => one !== null && one !== ""));
}
