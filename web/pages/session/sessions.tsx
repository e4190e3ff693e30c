import { useCallback, useContext, useEffect, useMemo, useState } from "preact/hooks";
import type { Client } from "../../../client/index.ts";
import { type Failure, failureOf } from "../../components/failure.ts";
import { locales } from "../../components/language.ts";
import { lazily } from "../../components/lazily.tsx";
import { FailureNotice } from "../../components/notice.tsx";
import { StepHeading, Waiting } from "../../components/page.tsx";
import { LanguageContext, useTexts } from "../../components/texts.ts";
import { sessionTexts } from "../../texts/session/index.ts";
import { doorOf } from "./asked.ts";
import { AskedForms } from "./asked_forms.tsx";
import { type Door, formAt, type Listed } from "./door.ts";
import { useRecordings } from "./use_recordings.ts";

/** Loaded once one is chosen: the list itself stays light. */
const Session = lazily(async () => (await import("./session.tsx")).Session);
const FormStep = lazily(async () => (await import("./form_step.tsx")).FormStep);
const OnceMore = lazily(async () => (await import("./once_more.tsx")).OnceMore);

/** What is due today and comes next, and the session that was chosen. */
export function Sessions({ client }: { client: Client }) {
  const language = useContext(LanguageContext);
  const say = useTexts(sessionTexts);
  const door = useMemo(() => doorOf(client), [client]);
  const recordings = useRecordings(door);
  const [known, setKnown] = useState<Awaited<ReturnType<Door["list"]>> | null>(null);
  const [chosen, setChosen] = useState<Listed | null>(null);
  // Messages and other pages lead to a form here: /session#form=<its id>.
  const [form, setForm] = useState(() => formAt(location.hash));
  const [failure, setFailure] = useState<Failure | null>(null);
  const listed = known?.sessions;

  const load = useCallback(async () => {
    setFailure(null);
    try {
      setKnown(await door.list());
    } catch (error) {
      setFailure(failureOf(error, say("offline")));
    }
  }, [door, say]);
  // In another language texts come anew, but nobody is taken out of a session.
  useEffect(() => void load(), [door]);
  useEffect(() => {
    const go = () => setForm(formAt(location.hash));
    addEventListener("hashchange", go);
    return () => removeEventListener("hashchange", go);
  }, []);

  if (form)
    return (
      <FormStep
        key={form}
        id={form}
        door={door}
        onLeave={() => {
          history.replaceState(null, "", location.pathname);
          setForm(null);
          setChosen(null);
          void load();
        }}
      />
    );
  if (chosen)
    return (
      <Session
        key={chosen.id}
        session={listed?.find(({ id }) => id === chosen.id) ?? chosen}
        door={door}
        recordings={recordings}
        onLeave={() => {
          setChosen(null);
          void load();
        }}
      />
    );
  const due = listed?.filter(({ isDue }) => isDue) ?? [];
  const later = listed?.filter((one) => !due.includes(one)) ?? [];
  const day = new Intl.DateTimeFormat(locales[language], { weekday: "long", day: "numeric", month: "long" });
  return (
    <>
      <StepHeading>{say("title")}</StepHeading>
      <FailureNotice failure={failure}>
        <button type="button" onClick={() => void load()}>
          {say("again")}
        </button>
      </FailureNotice>
      {!known && !failure && <Waiting>{say("loading")}</Waiting>}
      {known && due.length === 0 && <p>{say("nothing_today")}</p>}
      <ul class="choices">
        {due.map((one) => (
          <li key={one.id}>
            <button type="button" onClick={() => setChosen(one)}>
              {one.title[language]} <span class="soft">{aboutOf(one)}</span>
            </button>
          </li>
        ))}
      </ul>
      {known && <AskedForms forms={known.forms} />}
      {known && known.allowed.length > 0 && (
        <OnceMore plans={known.allowed} door={door} onChoose={setChosen} />
      )}
      {later.length > 0 && (
        <>
          <h2>{say("later")}</h2>
          <ul class="plain">
            {later.map((one) => (
              <li key={one.id}>
                <time dateTime={one.dueOn}>{day.format(new Date(`${one.dueOn}T12:00`))}</time>:{" "}
                {one.title[language]} <span class="soft">{aboutOf(one)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );

  function aboutOf({ clinic, person, exercises, isStarted, isExtra }: Listed): string {
    const parts = [person, clinic, say("exercise_count", { count: exercises.length })];
    return [...parts, isExtra && say("is_extra"), isStarted && say("is_started")].filter(Boolean).join(" · ");
  }
}
