import { useContext, useEffect, useState } from "preact/hooks";
import type { Client } from "../../client/index.ts";
import { type Failure, failureOf } from "../components/failure.ts";
import { FailureNotice } from "../components/notice.tsx";
import { LanguageContext, useTexts } from "../components/texts.ts";
import {
  ImportExerciseVideoDocument,
  RenderExerciseDocument,
  RendersOfExerciseDocument,
} from "../documents/generated/operations.ts";
import { SchemaForm } from "../schema_form/form.tsx";
import { asValues, type Schema, type Values } from "../schema_form/schema.ts";
import { exerciseTexts } from "../texts/exercises/index.ts";
import { type Exercise, textIn } from "./draft.ts";
import { prescribedIn } from "./prescribed.ts";
import { problemsOf } from "./problems.ts";
import { recipeSchema } from "./schema.ts";
import { VideoPlayer } from "./video_player.tsx";

/** How often it is asked how far the videos are that are being made. */
const LOOK_AGAIN_MS = 2_000;

const language: Schema = {
  type: "string",
  title: "Language of the video",
  "x-title-ro": "Limba videoclipului",
  enum: ["RO", "EN"],
  "x-labels": { RO: { ro: "Română", en: "Romanian" }, EN: { ro: "Engleză", en: "English" } },
  default: "RO",
};

/** Of an exercise that is counted: what its video shows; nothing is the one of the catalog. */
const asked: Schema = {
  type: "object",
  "x-order": ["language", "recipe"],
  required: ["language"],
  properties: { language, recipe: recipeSchema },
};

/** Of one that is held: where its video lies. */
const imported: Schema = {
  type: "object",
  "x-order": ["language", "sourceKey"],
  required: ["language", "sourceKey"],
  properties: {
    language,
    sourceKey: {
      type: "string",
      maxLength: 300,
      title: "Where it lies in the object store",
      "x-title-ro": "Unde se află în depozitul de obiecte",
      description: "exercises/<short name>/….mp4, mov or webm",
      "x-description-ro": "exercises/<nume scurt>/….mp4, mov sau webm",
    },
  },
};

/** The videos of an exercise: which there are and how far the others are, each to be looked at; and how another one is asked for. */
export function Videos({
  client,
  exercise,
  isLacking,
  onChanged,
}: {
  client: Client;
  exercise: Exercise;
  /** That there is none kept it from being published. */
  isLacking: boolean;
  onChanged(): Promise<unknown>;
}) {
  const say = useTexts(exerciseTexts);
  const words = useContext(LanguageContext);
  const isComposed = exercise.kind === "REPS_BASED";
  const [renders, setRenders] = useState(exercise.exerciseRenders.nodes);
  const [wanted, setWanted] = useState<Values>({ language: "RO", ...(isComposed ? {} : { sourceKey: "" }) });
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [failure, setFailure] = useState<Failure | null>(null);
  const isUnderway = renders.some(({ status }) => status === "QUEUED" || status === "RENDERING");
  useEffect(() => setRenders(exercise.exerciseRenders.nodes), [exercise]);

  useEffect(() => {
    if (!isUnderway) return;
    const timer = setInterval(async () => {
      try {
        const { exercise: found } = await client.ask(RendersOfExerciseDocument, { exercise: exercise.id });
        if (!found) return;
        setFailure(null);
        setRenders(found.exerciseRenders.nodes);
        // What was lacking may be there now.
        if (String(found.missing) !== String(exercise.missing)) await onChanged();
      } catch (error) {
        setFailure(failureOf(error, say("offline")));
      }
    }, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [client, exercise, isUnderway]);

  const ask = async () => {
    setProblems(new Map());
    setFailure(null);
    const given = { exercise: exercise.id, language: wanted.language as "RO" | "EN" };
    try {
      if (isComposed) await client.ask(RenderExerciseDocument, { ...given, recipe: wanted.recipe ?? null });
      else await client.ask(ImportExerciseVideoDocument, { ...given, source: String(wanted.sourceKey) });
      await onChanged();
    } catch (error) {
      setProblems(problemsOf(error));
      setFailure(failureOf(error, say("offline")));
    }
  };

  return (
    <section aria-labelledby="videos">
      <h2 id="videos">{say("videos")}</h2>
      {isLacking && <p class="problem">{say("lacks_catalog_render")}</p>}
      {renders.length === 0 && <p>{say("no_videos")}</p>}
      <ul class="plain">
        {[...renders]
          .sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1))
          .map((render) => (
            <li key={render.id}>
              <p>
                {textIn(language["x-labels"]?.[render.language], words)}
                {" · "}
                {render.recipe ? prescribedIn(render.recipe, words) : say("imported")}
                {render.id === exercise.catalogRenderId && ` · ${say("of_catalog")}`}{" "}
                <span class="state">{say(`render_${render.status}`)}</span>{" "}
                <span class="soft">{say("asset_version", { version: render.assetVersion })}</span>
              </p>
              {(render.status === "QUEUED" || render.status === "RENDERING") && (
                <progress
                  value={render.progress}
                  max={100}
                  aria-label={say("progress", { percent: render.progress })}
                />
              )}
              {render.problem && <p class="problem">{render.problem}</p>}
              {render.videoId && <VideoPlayer client={client} render={render.id} />}
            </li>
          ))}
      </ul>
      <h3>{say(isComposed ? "ask_video" : "import_video")}</h3>
      <p class="help">{say(isComposed ? "ask_video_help" : "import_video_help")}</p>
      <SchemaForm
        schema={isComposed ? asked : imported}
        value={wanted}
        problems={problems}
        language={words}
        choices={{}}
        isRequired
        onChange={(next) => {
          setProblems(new Map());
          setWanted(asValues(next));
        }}
      />
      <FailureNotice failure={failure} />
      <p class="actions">
        <button type="button" onClick={() => void ask()}>
          {say(isComposed ? "ask_video" : "import_video")}
        </button>
      </p>
    </section>
  );
}
